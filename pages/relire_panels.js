// What stands beside the transcript: chapters, people, summary, replacing, a corrected text, shifted times, history.

const panel = (name, label, ...children) => make("details", { className: "re-panel", data: { panel: name } }, make("summary", {}, make("h2", { textContent: label })), ...children);
const field = (label, input) => make("label", { className: "re-field" }, make("span", { textContent: label }), input);
const report = () => make("p", { className: "re-report", aria: { role: "status" } });

const chapterPanel = (store, sound) => {
  const list = make("ol", { className: "re-list" });
  const box = panel("chapters", "Chapitres", list, button("Ajouter un chapitre ici", "add-chapter"));
  const paint = () => {
    const held = list.contains(document.activeElement) ? document.activeElement : null;
    list.replaceChildren(...store.chapters.map(([start, title], at) => make("li", {},
      make("button", { type: "button", className: "mc-stamp", textContent: clock(start), data: { do: "listen", start }, aria: { label: `Écouter à ${clock(start)}` } }),
      make("input", { value: title, maxLength: 300, data: { at, chapter: "title" }, aria: { label: `Titre du chapitre à ${clock(start)}` } }),
      make("span", { className: "re-small" }, button("Ici", "move-chapter", { title: "Le faire commencer au moment que l’on entend", aria: { label: `Faire commencer «\u00a0${title}\u00a0» ici` } }),
        button("✕", "remove-chapter", { title: "Supprimer ce chapitre", aria: { label: `Supprimer le chapitre «\u00a0${title}\u00a0»` } })))));
    list.querySelectorAll("li").forEach((row, at) => row.querySelectorAll("button").forEach((b) => { b.dataset.at = at; }));
    if (!held) return;
    const same = list.querySelector(held.matches("input") ? `input[data-at="${held.dataset.at}"]` : `[data-do="${held.dataset.do}"][data-at="${held.dataset.at}"]`);
    if (same && held.matches("input")) same.value = held.value;
    same?.focus();
  };
  list.addEventListener("change", (event) => {
    const at = Number(event.target.dataset.at), [start, title] = store.chapters[at];
    const text = said(event.target.value);
    if (!text) event.target.value = title;
    else if (text !== title) store.ask(() => [{ kind: "chapter", at, start, title: text }]);
  });
  const actions = {
    "add-chapter": async () => {
      box.open = true;
      const start = Math.round(sound.at * 1000) / 1000;
      await store.ask(() => [{ kind: "add-chapter", start, title: "Nouveau chapitre" }]);
      const at = store.chapters.findIndex(([second]) => second === start);
      const input = list.querySelector(`input[data-at="${at}"]`);
      input?.focus(); input?.select();
    },
    "move-chapter": (from) => { const at = Number(from.dataset.at), title = store.chapters[at][1], start = Math.round(sound.at * 1000) / 1000; return store.ask(() => [{ kind: "chapter", at, start, title }]); },
    "remove-chapter": (from) => store.ask(() => [{ kind: "remove-chapter", at: Number(from.dataset.at) }]),
  };
  return { box, paint, actions };
};

const peoplePanel = (store) => {
  const list = make("ul", { className: "re-list" }), told = make("p", { className: "re-hint" });
  const box = panel("people", "Personnes", make("p", { className: "re-hint", textContent: "Un nom changé ici change dans toute la masterclass." }), list, told);
  const voices = () => [...new Set(store.lines.map((line) => line.speaker).filter(Boolean))];
  // A voice is listened to in its longest line.
  const longest = (voice) => store.lines.filter((line) => line.speaker === voice).reduce((one, other) => (other.end - other.start > one.end - one.start ? other : one));
  const draw = (voice) => {
    const { start } = longest(voice), name = store.voices.names[voice];
    return make("li", { data: { voice } }, make("button", { type: "button", className: "mc-stamp", textContent: clock(start), data: { do: "listen", start }, aria: { label: `Écouter ${voice} à ${clock(start)}` } }),
      make("input", { value: voice, maxLength: 100, aria: { label: `Nom de ${voice}` } }),
      ...(name ? [make("p", { className: "re-small" }, `Peut-être ${name}`, button("Prendre ce nom", "take-name", { aria: { label: `Prendre ce nom pour ${voice}\u00a0: ${name}` } }))] : []));
  };
  let waiting = 0; // names that are on their way
  // The row that has the focus stays, so that what is being typed there still counts as changed.
  const paint = () => {
    told.textContent = store.voices.told;
    const row = list.contains(document.activeElement) ? document.activeElement.closest("li") : null, all = voices(), at = row ? all.indexOf(row.dataset.voice) : -1;
    if (row && at < 0 && waiting) return;
    const rows = all.map((voice, i) => (i === at ? row : draw(voice)));
    if (at < 0) return list.replaceChildren(...rows);
    if (!store.voices.names[all[at]]) row.querySelector("p")?.remove();
    for (const old of [...list.children]) if (old !== row) old.remove();
    row.before(...rows.slice(0, at));
    row.after(...rows.slice(at + 1));
  };
  list.addEventListener("change", async ({ target }) => {
    const name = said(target.value), row = target.closest("li"), { voice } = row.dataset;
    if (!name || name === voice) { target.value = voice; return; }
    row.dataset.voice = name; // a second change, even before the answer, is one of this name
    target.setAttribute("aria-label", `Nom de ${name}`);
    waiting++;
    if (!(await store.ask(() => [{ kind: "rename", voice, name }])) && !store.unsaved) row.dataset.voice = voice; // refused
    waiting--;
  });
  const take = (from) => {
    const row = from.closest("li"), input = row.querySelector("input");
    input.value = store.voices.names[row.dataset.voice];
    input.focus();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  return { box, paint, voices, actions: { "take-name": take } };
};

const summaryPanel = (store) => {
  const text = make("textarea", { rows: 12, aria: { label: "Texte du résumé" } });
  const name = make("input", { maxLength: 100, autocomplete: "name", value: kept.get("hub-review-name") ?? "" });
  const review = make("p", { className: "mc-review" }), links = report();
  const box = panel("summary", "Résumé", review, text,
    make("p", { className: "re-hint", textContent: "Un lien vers un moment s’écrit [1:23](#t=83)\u202f; une liste, avec un tiret au début de chaque ligne." }), links,
    field("Votre nom, qui sera public", name), button("J’ai lu ce résumé et je le confirme", "confirm", { className: "mc-main" }));
  let before = 0, timer = null;
  const moments = (written) => (written.match(/\]\(#t=\d/g) ?? []).length;
  const send = () => { clearTimeout(timer); timer = null; const written = text.value; return written.trim() !== store.summary.trim() ? store.ask(() => [{ kind: "summary", text: written }]) : Promise.resolve(); };
  const paint = () => {
    review.textContent = store.review;
    if (!timer && document.activeElement !== text) { text.value = store.summary; before = moments(store.summary); links.textContent = ""; }
  };
  text.addEventListener("input", () => {
    const lost = before - moments(text.value);
    links.textContent = lost > 0 ? `${lost === 1 ? "Un lien vers le son a" : `${lost} liens vers le son ont`} disparu de ce texte\u00a0: Annuler ${lost === 1 ? "le" : "les"} remet.` : "";
    clearTimeout(timer);
    timer = setTimeout(send, SOON);
  });
  text.addEventListener("change", send);
  const confirm = async () => { await send(); kept.set("hub-review-name", name.value); if (!said(name.value)) return name.focus(); return store.ask(() => [{ kind: "confirm", name: said(name.value) }]); };
  return { box, paint, actions: { confirm } };
};

const replacePanel = (store) => {
  const wanted = make("input", { type: "search" }), by = make("input"), whole = make("input", { type: "checkbox", checked: true }), exact = make("input", { type: "checkbox" });
  const found = make("ul", { className: "re-found" }), told = report();
  const go = button("Remplacer les lignes cochées", "replace-all", { className: "mc-main", hidden: true });
  const term = button("Ajouter au glossaire", "add-term", { hidden: true, title: "Le mot juste et la forme mal entendue\u00a0: la même correction sera proposée dans toutes les masterclass" });
  const drop = button("Retirer du glossaire", "drop-term", { hidden: true });
  const box = panel("replace", "Chercher et remplacer", field("Chercher", wanted), field("Remplacer par", by),
    make("label", { className: "re-check" }, whole, "mots entiers"), make("label", { className: "re-check" }, exact, "mêmes majuscules"), told, found, make("p", { className: "re-small" }, go, term, drop));
  const pattern = () => {
    const words = said(wanted.value).split(" ").filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/['’]/g, "['’]"));
    if (!words.length) return null;
    const edge = whole.checked ? ["(?<![\\p{L}\\p{N}_])", "(?![\\p{L}\\p{N}_])"] : ["", ""];
    return new RegExp(edge[0] + words.join("\\s+") + edge[1], `gu${exact.checked ? "" : "i"}`);
  };
  const SHOWN = 200;
  const paint = () => {
    if (!box.open) return;
    const search = pattern(), hits = [];
    if (search) for (const [at, line] of store.lines.entries()) { search.lastIndex = 0; const match = search.exec(line.text); if (match) hits.push({ at, line, match }); }
    found.replaceChildren(...hits.slice(0, SHOWN).map(({ at, line, match }) => make("li", {}, make("label", {}, make("input", { type: "checkbox", checked: true, data: { at } }),
      make("span", {}, make("time", { textContent: clock(line.start) }), " … ", line.text.slice(Math.max(0, match.index - 25), match.index), make("del", { textContent: match[0] }),
        ...(by.value ? [make("ins", { textContent: by.value })] : []), line.text.slice(match.index + match[0].length, match.index + match[0].length + 25), " …")))));
    told.textContent = search ? (hits.length ? `${hits.length} ligne${hits.length > 1 ? "s" : ""}${hits.length > SHOWN ? `\u202f; les ${SHOWN} premières sont montrées` : ""}` : "Rien de tel n’a été dit") : "";
    go.hidden = !hits.length || !by.value;
    term.hidden = !search || !by.value;
    drop.hidden = true;
  };
  for (const input of [wanted, by, whole, exact]) input.addEventListener("input", paint);
  box.addEventListener("toggle", paint);
  const actions = {
    "replace-all": async () => {
      const lines = [...found.querySelectorAll("input:checked")].map((box) => Number(box.dataset.at));
      const answer = lines.length && await store.ask(() => [{ kind: "replace", wanted: { text: said(wanted.value), whole: whole.checked, case: exact.checked }, by: by.value, lines }]);
      if (answer) { paint(); told.textContent = `${lines.length} ligne${lines.length > 1 ? "s" : ""} changée${lines.length > 1 ? "s" : ""}\u202f; Annuler ${lines.length > 1 ? "les" : "la"} remet.`; }
    },
    "add-term": async () => {
      try { const { elsewhere, text } = await store.post("/glossaire", { heard: said(wanted.value), term: said(by.value) });
        told.textContent = text;
        found.replaceChildren(...elsewhere.map(({ slug, title, lines }) => make("li", {}, make("a", { href: `/atelier-relire?m=${slug}&chercher=${encodeURIComponent(said(wanted.value))}&par=${encodeURIComponent(said(by.value))}`, target: "_blank", textContent: title }), `\u00a0: ${lines} ligne${lines > 1 ? "s" : ""}`)));
        go.hidden = term.hidden = true;
        drop.hidden = false;
        drop.focus();
      } catch (error) { told.textContent = error.message; }
    },
    "drop-term": async () => {
      try { const text = await store.dropTerm(said(wanted.value), said(by.value)); paint(); told.textContent = text; term.focus(); } catch (error) { told.textContent = error.message; }
    },
  };
  const ask = (text, put) => { box.open = true; wanted.value = text; by.value = put; paint(); };
  return { box, paint, actions, ask, focus: () => { box.open = true; const chosen = said(String(getSelection())); if (chosen && chosen.length < 80) wanted.value = chosen; paint(); wanted.focus(); wanted.select(); } };
};

const textPanel = (store) => {
  const text = make("textarea", { rows: 8, aria: { label: "Texte corrigé de toute la masterclass" } }), file = make("input", { type: "file", accept: ".txt,.md,.vtt,.srt,.docx,.odt" }), told = report();
  const box = panel("text", "Texte corrigé ailleurs", make("p", { className: "re-hint", textContent: "Collez le texte entier, ou donnez son fichier (texte, sous-titres, Word ou LibreOffice)\u00a0: il prend la place des mots, et le son reste aligné." }), make("label", { className: "re-file" }, "Choisir le fichier du texte corrigé", file), text, told, button("Aligner sur le son", "align", { className: "mc-main" }));
  file.addEventListener("change", async () => {
    if (!file.files[0]) return;
    told.textContent = "Lecture du fichier…";
    try { text.value = await store.read(file.files[0]); told.textContent = "Relisez ce texte, puis «\u00a0Aligner sur le son\u00a0»."; } catch (error) { told.textContent = error.message; }
    file.value = ""; // the same one, mended, can be chosen again
  });
  const align = async () => {
    if (!text.value.trim()) return text.focus();
    told.textContent = "Alignement…";
    const answer = await store.ask(() => [{ kind: "align", text: text.value }]);
    told.textContent = !answer ? "" : answer.version === answer.was ? "Ce texte est déjà celui de la masterclass." : `Le texte est en place\u202f; Annuler remet l’ancien. ${answer.notice}`;
    if (answer) text.value = "";
    if (!answer?.later) return;
    do await new Promise((resolve) => setTimeout(resolve, AGAIN)); while (!store.closed && await store.look());
    told.textContent = "Les temps des mots nouveaux ont été cherchés dans le son\u202f; Annuler remet l’ancien texte.";
  };
  return { box, paint: () => {}, actions: { align } };
};

const shiftPanel = (store) => {
  const seconds = make("input", { type: "number", step: 0.1, value: "" }), told = report();
  const box = panel("shift", "Décaler tous les temps", make("p", { className: "re-hint", textContent: "Une introduction de 12 secondes a été coupée\u00a0: −12. Ce qui tombe avant le début disparaît\u202f; Annuler le remet." }), field("Secondes", seconds), told, button("Décaler", "shift", { className: "mc-main" }));
  const shift = async () => { const by = Number(seconds.value); if (!by) return seconds.focus(); const answer = await store.ask(() => [{ kind: "shift", seconds: by }]); if (answer) { told.textContent = `Tout est décalé de ${seconds.value.replace(".", ",").replace("-", "−")} s. ${answer.notice}`; seconds.value = ""; } };
  return { box, paint: () => {}, actions: { shift } };
};

const historyPanel = (store) => {
  const list = make("ol", { className: "re-history" }), told = report();
  const box = panel("history", "Historique", told, list);
  const day = new Intl.DateTimeFormat("fr-FR", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
  const load = async () => {
    if (!box.open) return;
    try {
      await store.save();
      const sittings = await store.get("/historique");
      // Drawn anew after each save: what was open stays open, and the keyboard stays where it was.
      const held = list.getRootNode().activeElement, place = list.contains(held) ? { ...held.dataset } : {};
      const open = new Set([...list.querySelectorAll("[aria-expanded=true]")].map((one) => one.dataset.first));
      list.replaceChildren(...sittings.map((one, i) => make("li", {}, make("p", {}, make("strong", { textContent: one.what }), make("br"), [one.who, day.format(new Date(one.end))].filter(Boolean).join(", ")),
        make("p", { className: "re-small" }, ...(one.first > 1 ? [button("Voir", "difference", { data: {}, aria: { expanded: "false", label: `Voir ce qui a changé\u00a0: ${one.what}` } })] : []), ...(i ? [button("Revenir à cet état", "restore", { aria: { label: `Revenir à l’état après\u00a0: ${one.what}` } })] : [])))));
      list.querySelectorAll("li").forEach((row, i) => row.querySelectorAll("button").forEach((b) => Object.assign(b.dataset, { first: sittings[i].first, last: sittings[i].last })));
      for (const one of list.querySelectorAll("button")) {
        if (one.ariaExpanded && open.has(one.dataset.first)) actions.difference(one);
        if (one.dataset.do === place.do && one.dataset.first === place.first) one.focus();
      }
      told.textContent = "";
    } catch (error) { told.textContent = error.message; }
  };
  const actions = {
    difference: async (from) => {
      const row = from.closest("li"), shown = row.querySelector("dl");
      from.setAttribute("aria-expanded", String(!shown));
      if (shown) return shown.remove();
      const { readings, more } = await store.get(`/historique/${from.dataset.first}-${from.dataset.last}`);
      row.append(make("dl", { className: "re-diff" }, ...readings.flatMap(([where, words]) => [make("dt", { textContent: where }),
        make("dd", {}, ...words.flatMap(([kind, text]) => [make({ same: "span", gone: "del", new: "ins" }[kind], { textContent: text }), " "]))]), ...(more ? [make("dd", { textContent: "… et d’autres lignes." })] : [])));
    },
    restore: async (from) => { const answer = await store.restore(Number(from.dataset.last)); if (answer) { await load(); told.textContent = `Cet état est de retour\u202f; ceux d’après restent dans l’historique. ${answer.notice}`; told.scrollIntoView({ block: "center" }); } },
  };
  box.addEventListener("toggle", load);
  return { box, paint: load, actions };
};

