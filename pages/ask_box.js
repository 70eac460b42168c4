// A box that offers what fits while one types: the combobox pattern of the ARIA practices, with a list below the box.
// Text arrives as data and is shown as text. The Streamlit script runs only when something is sent.

const MOST = 8;
const KINDS = { question: "question déjà posée", term: "glossaire", masterclass: "masterclass", study: "étude", speaker: "intervenant·e", author: "auteur·e" };

const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

// Without accents, case, apostrophes and hyphens; a space before each word.
const fold = (text) =>
  " " + text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/[^\p{L}\p{N}]+/gu, " ").trim();

// Every word typed must begin a word of the text; the whole at its beginning is best, the whole inside it next.
export const rank = (typed, texts) => {
  const wanted = fold(typed);
  const words = wanted.trim().split(" ").map((word) => " " + word);
  let best = Infinity;
  texts.forEach((text, other) => {
    const found = text.startsWith(wanted) ? 0 : text.includes(wanted) ? 1 : words.every((word) => text.includes(word)) ? 2 : Infinity;
    best = Math.min(best, found + (other ? 0.5 : 0));
  });
  return best;
};

export const matching = (typed, offered) =>
  typed.trim().length < 2
    ? []
    : offered
        .map((one) => ({ one, rank: rank(typed, one.folded) }))
        .filter(({ rank }) => rank < Infinity)
        .sort((a, b) => a.rank - b.rank || a.one.text.length - b.one.text.length)
        .slice(0, MOST)
        .map(({ one }) => one);

const boxes = new WeakMap(); // form -> what changes from run to run

export default function ({ data, parentElement, setTriggerValue }) {
  const form = parentElement.querySelector(".ask");
  const box = boxes.get(form) ?? build(form);
  boxes.set(form, box);
  box.send = (text) => setTriggerValue("sent", text);
  box.offered = data.suggestions.map((one) => ({ ...one, folded: [one.text, ...one.also].map(fold) }));
  box.label.textContent = data.label;
  box.button.textContent = data.button;
  box.input.placeholder = data.placeholder;
  // A re-run must not take away what is being typed: only a value from elsewhere is written into the box.
  if (data.value !== box.given) {
    if (data.value !== box.sent) box.input.value = data.value;
    box.sent = null;
  }
  box.given = data.value;
}

function build(form) {
  const input = make("input", { id: "asked", type: "search", autocomplete: "off", maxLength: 1000, enterKeyHint: "search" });
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "offered" })) input.setAttribute(name, value);
  const label = make("label", { htmlFor: "asked" });
  const button = make("button", { type: "submit" });
  const list = make("ul", { id: "offered", role: "listbox", ariaLabel: "Suggestions", hidden: true });
  const said = make("p", { className: "said", role: "status" });
  const box = { input, label, button, offered: [], given: "", sent: null, send: () => {} };
  let shown = [];
  let active = -1;

  const mark = (index) => {
    active = index;
    [...list.children].forEach((node, i) => node.setAttribute("aria-selected", String(i === index)));
    list.children[index]?.scrollIntoView({ block: "nearest" });
    index < 0 ? input.removeAttribute("aria-activedescendant") : input.setAttribute("aria-activedescendant", list.children[index].id);
  };
  const show = (found) => {
    shown = found;
    list.replaceChildren(
      ...found.map((one, i) => {
        const node = make("li", { id: `offer-${i}`, role: "option" }, make("span", { textContent: one.text }), make("small", { textContent: KINDS[one.kind] }));
        node.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
        node.addEventListener("click", () => choose(one));
        return node;
      }),
    );
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(-1);
  };
  const send = (text) => {
    show([]);
    said.textContent = "";
    input.value = text;
    if (text.trim()) box.send((box.sent = text));
    else input.focus();
  };
  const choose = (one) => {
    if (!one.slug) return send(one.text);
    // As a link that is clicked: static/hub.js then opens it without loading everything anew.
    const link = make("a", { href: `/${one.kind === "study" ? "etude?e" : "masterclass?m"}=${encodeURIComponent(one.slug)}`, hidden: true });
    form.append(link);
    link.click();
    link.remove();
  };

  input.addEventListener("input", () => {
    show(matching(input.value, box.offered));
    said.textContent = shown.length ? `${shown.length} suggestion${shown.length > 1 ? "s" : ""}` : "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (list.hidden) show(matching(input.value, box.offered));
      // One place more than there are suggestions: from the last one comes back to what was typed.
      if (shown.length) mark(((active + 1 + step + shown.length + 1) % (shown.length + 1)) - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show([]);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(shown[active]);
    }
  });
  input.addEventListener("blur", () => show([]));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(input.value);
  });
  form.replaceChildren(label, make("div", { className: "row" }, make("div", { className: "field" }, input, list), button), said);
  return box;
}
