// The steps of a learning path, the cards of all paths, and the questionnaire. Text arrives as data and is shown as text.
// What is done stays on this device; only the answers to the questionnaire reach the script.

const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

const name = (slug) => `hub-parcours-${slug}`;
const read = (slug) => {
  try {
    const kept = JSON.parse(localStorage.getItem(name(slug)));
    return new Set(Array.isArray(kept) ? kept : []);
  } catch {
    return new Set(); // a browser may keep nothing, or something else
  }
};
const keep = (slug, done) => {
  try {
    done.size ? localStorage.setItem(name(slug), JSON.stringify([...done])) : localStorage.removeItem(name(slug));
    return true;
  } catch {
    return false; // the boxes work all the same, until the page is left
  }
};
const stages = (count) => `${count} étape${count > 1 ? "s" : ""}`;
const progress = (done, total) => (done ? `${stages(done)} sur ${total}` : stages(total));

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".parcours");
  const shown = JSON.stringify(data);
  if (root.dataset.shown === shown) return;
  root.dataset.shown = shown;
  root.replaceChildren(...(data.steps ? steps(data) : data.cards ? [cards(data.cards)] : questions(data, setStateValue)));
}

function steps({ slug, steps }) {
  let done = read(slug);
  let kept = true;
  const bar = make("progress", { max: steps.length, ariaLabel: "Avancement" });
  const words = make("p", { className: "progress", role: "status" });
  const again = make("button", { type: "button", textContent: "Tout décocher" });
  const boxes = [];
  const show = () => {
    steps.forEach((step, i) => (boxes[i].checked = done.has(step.id)));
    const count = steps.filter((step) => done.has(step.id)).length;
    bar.value = count;
    words.textContent = count === steps.length ? `${progress(count, steps.length)}\u00a0: parcours terminé` : progress(count, steps.length);
    again.hidden = !count;
  };
  // Another tab may have written since.
  const change = (alter) => {
    if (kept) done = read(slug);
    alter(done);
    kept = keep(slug, done);
    show();
  };
  const list = make("ol", { className: "steps" });
  for (const step of steps) {
    const box = make("input", { type: "checkbox", ariaLabel: `Fait\u00a0: ${step.title}` });
    box.addEventListener("change", () => change((done) => (box.checked ? done.add(step.id) : done.delete(step.id))));
    boxes.push(box);
    const go = step.href ? make("a", { href: step.href, textContent: step.go }) : make("em", { textContent: step.go });
    list.append(make("li", {}, make("div", {}, make("h2", { textContent: step.title }), step.text ? make("p", { textContent: step.text }) : "", go), make("label", {}, box, " Fait")));
  }
  again.addEventListener("click", () => {
    change((done) => done.clear());
    boxes[0].focus();
  });
  show();
  return [make("div", { className: "head" }, words, bar, again), list, make("p", { className: "note", textContent: "Les étapes que vous cochez restent notées sur cet appareil\u202f; personne d’autre ne les voit." })];
}

function cards(all) {
  const card = ({ slug, title, audience, demonstration, ids }) => {
    const done = read(slug);
    const count = ids.filter((id) => done.has(id)).length;
    return make(
      "li",
      {},
      make(
        "a",
        { href: `/parcours?p=${encodeURIComponent(slug)}` },
        make("strong", { textContent: title }),
        make("span", { textContent: audience }),
        make("small", { textContent: progress(count, ids.length) + (demonstration ? " · démonstration" : "") }),
      ),
    );
  };
  return make("ul", { className: "cards" }, ...all.map(card));
}

function questions({ heading, questions }, setStateValue) {
  const answers = {};
  const fields = questions.map(({ id, text, choices }) => {
    const field = make("fieldset", {}, make("legend", { textContent: text }));
    for (const choice of choices) {
      const radio = make("input", { type: "radio", name: `question-${id}`, value: choice.id });
      radio.addEventListener("change", () => {
        answers[id] = choice.id;
        setStateValue("answers", { ...answers });
      });
      field.append(make("label", {}, radio, ` ${choice.text}`));
    }
    return field;
  });
  return [make("h2", { textContent: heading }), ...fields];
}
