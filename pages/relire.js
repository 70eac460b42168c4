// The editor of a masterclass: its transcript beside its sound. Text arrives as data and is shown as text: nothing here writes HTML.

const KEYS = [
  ["Échap, Alt+K", "lire ou mettre en pause, même en écrivant"], ["Alt+J, Alt+L", "reculer ou avancer de 2 secondes"], ["Alt+I", "réécouter la ligne où l’on écrit"], ["Alt+, Alt+;", "ralentir ou accélérer"],
  ["↑ ↓", "ligne précédente ou suivante"], ["Entrée", "couper la ligne au curseur"], ["Retour arrière au début, Suppr à la fin", "joindre à la ligne voisine"],
  ["F2", "doute suivant (Maj+F2\u00a0: précédent)"], ["Alt+A", "laisser tel quel le mot en doute"], ["Alt+R", "remettre ce qui avait été entendu, ou suivre le glossaire"],
  ["Alt+C", "ajouter un chapitre au moment que l’on entend"], ["Ctrl+H", "chercher et remplacer le texte choisi"], ["Ctrl+Z, Ctrl+Maj+Z", "annuler, rétablir"], ["Alt+H", "historique"], ["Ctrl+S", "enregistrer sans attendre"], ["?", "cette aide, hors du texte"],
];
const STATES = { saved: "Enregistré", typing: "Modifié…", saving: "Enregistrement…", offline: "Le hub ne répond pas\u00a0: vos corrections sont gardées sur cet appareil et seront envoyées." };
const WHY = { unsure: "La machine doute", corrected: "Corrigé par le glossaire", listed: "Mal entendu, d’après votre glossaire", removed: "Retiré par la machine" };
const hour = () => new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".re");
  if (root.dataset.slug === data.slug) return root.stop;
  root.stop?.();
  root.dataset.slug = data.slug;
  const over = new AbortController();
  const on = (target, names, handler) => names.split(" ").forEach((name) => target.addEventListener(name, handler, { signal: over.signal }));
  const store = new Store(data.address, data.slug), sound = new Sound(data, over.signal);
  const rows = new Map(); // line -> its row
  let current = null, doubt = null, now = null;

  // The parts, top down
  const state = make("output", { className: "re-state", textContent: "Ouverture…" });
  const undo = button("Annuler", "undo", { disabled: true, title: "Ctrl+Z" }), redo = button("Rétablir", "redo", { disabled: true, title: "Ctrl+Maj+Z" });
  const next = button("Doute suivant", "next-doubt", { title: "F2" });
  const bar = make("div", { className: "mc-bar re-bar", aria: { role: "region", label: "Lecteur" } }, ...(data.media ? [sound.stage, make("div", { className: "mc-line" }, sound.slider)] : []),
    make("div", { className: "mc-controls" }, ...(data.media ? [sound.play, button("−2 s", "back", { aria: { label: "Reculer de 2 secondes" } }), button("+2 s", "forth", { aria: { label: "Avancer de 2 secondes" } }), sound.time, sound.speed] : []),
      undo, redo, next, button("?", "help", { aria: { label: "Raccourcis du clavier" } })), state);
  const notice = make("div", { className: "mc-notice re-notice", hidden: true, aria: { role: "status" } });
  const clashes = make("section", { className: "re-clashes", hidden: true, aria: { label: "Corrections en conflit" } });
  const text = make("div", { className: "re-text", aria: { role: "group", label: "Transcription" } });
  const chapters = chapterPanel(store, sound), people = peoplePanel(store), replacing = replacePanel(store), history = historyPanel(store);
  const panels = [chapters, people, summaryPanel(store), replacing, history, textPanel(store), shiftPanel(store)];
  const side = make("aside", { className: "re-side", aria: { label: "Chapitres, personnes, résumé, historique" } }, ...panels.map((p) => p.box));
  const help = make("dialog", { className: "mc-help", aria: { label: "Raccourcis du clavier" } }, make("h2", { textContent: "Raccourcis du clavier", tabIndex: -1, autofocus: true }),
    make("dl", {}, ...KEYS.flatMap(([key, what]) => [make("dt", { textContent: key }), make("dd", { textContent: what })])), button("Fermer", "close-help", { className: "mc-main" }));
  root.replaceChildren(bar, notice, clashes, make("div", { className: "re-work" }, side, text), help);

  // One line: when, who, what
  const editable = (() => { const probe = make("p"); try { probe.contentEditable = "plaintext-only"; } catch { probe.contentEditable = "true"; } return probe.contentEditable; })();
  const draw = (line) => {
    const words = make("p", { className: "re-said", contentEditable: editable, tabIndex: -1, spellcheck: true, lang: data.language, textContent: line.text, aria: { role: "textbox" } });
    const row = make("div", { className: "re-row" }, button("", "listen", { className: "mc-stamp", tabIndex: -1 }), make("span", { className: "speaker" }), words);
    row.line = line;
    rows.set(line, row);
    dress(line);
    return row;
  };
  const dress = (line) => {
    const row = rows.get(line), [stamp, who, words] = row.children;
    stamp.textContent = clock(line.start);
    stamp.dataset.start = line.start;
    stamp.setAttribute("aria-label", `Écouter à ${clock(line.start)}`);
    words.setAttribute("aria-label", `Ligne à ${clock(line.start)}${line.speaker ? `, ${line.speaker}` : ""}`);
    const before = store.lines[store.place(line) - 1];
    who.textContent = line.speaker && line.speaker !== before?.speaker ? line.speaker : "";
    if (said(words.textContent) !== said(line.text)) words.textContent = line.text;
  };
  const wordsOf = (line) => rows.get(line)?.querySelector(".re-said");

  // Chapters stand between the lines; doubts are painted, no node changes while one types
  const paintChapters = () => {
    for (const old of text.querySelectorAll(".re-chapter")) old.remove();
    let at = 0;
    for (const [start, title] of store.chapters) {
      while (at < store.lines.length && store.lines[at].start < start - 0.05) at++;
      const row = rows.get(store.lines[at]);
      const head = make("h3", { className: "re-chapter", textContent: title });
      row ? row.before(head) : text.append(head);
    }
  };
  const range = (line, first, last) => {
    const node = wordsOf(line)?.firstChild;
    if (!node || node.nodeType !== Node.TEXT_NODE || last > node.data.length) return null;
    const found = new Range();
    found.setStart(node, first);
    found.setEnd(node, last);
    return found;
  };
  const paintDoubts = () => {
    const marks = { unsure: [], corrected: [], listed: [] };
    for (const old of text.querySelectorAll(".re-gone")) old.classList.remove("re-gone");
    for (const one of store.doubts) {
      const line = store.lines[one.at];
      if (one.kind === "removed") rows.get(line)?.classList.add("re-gone");
      else if (line && !store.dirty(line)) { const found = range(line, one.first, one.last); if (found) marks[one.kind].push(found); }
    }
    for (const [kind, ranges] of Object.entries(marks)) globalThis.CSS?.highlights?.set(`hub-${kind}`, new Highlight(...ranges));
    next.textContent = store.doubts.length ? `Doute suivant (${store.doubts.length})` : "Aucun doute";
    next.disabled = !store.doubts.length;
  };

  // The line one is on, and its tools
  const start = make("input", { type: "number", step: 0.1, min: 0, aria: { label: "Début de la ligne (secondes)" } }), end = make("input", { type: "number", step: 0.1, min: 0, aria: { label: "Fin de la ligne (secondes)" } });
  const names = make("datalist", { id: "re-names" }), who = make("input", { aria: { label: "Qui dit cette ligne" }, placeholder: "personne" });
  who.setAttribute("list", "re-names");
  const about = make("div", { className: "re-about", hidden: true });
  const tools = make("div", { className: "re-tools" }, about, make("div", { className: "re-small" }, make("span", { textContent: "De" }), start, button("ici", "start-here", { title: "La ligne commence au moment que l’on entend" }), make("span", { textContent: "à" }), end, button("ici", "end-here", { title: "La ligne finit au moment que l’on entend" }), who, names,
    button("Couper", "split", { title: "Entrée" }), button("Joindre à la suivante", "join"), button("Supprimer", "remove")));
  const short = (words, most) => (words.length > most ? `${words.slice(0, most).trimEnd()}…` : words);
  const heard = (words) => {
    const begins = `entendu\u00a0: «\u00a0${short(words, 200)}\u00a0» `;
    return words.length > 200 ? make("details", {}, make("summary", { textContent: begins }), make("p", { textContent: words })) : begins;
  };
  const paintTools = () => {
    if (!current) return;
    for (const [input, value] of [[start, current.start.toFixed(2)], [end, current.end.toFixed(2)], [who, current.speaker ?? ""]]) if (document.activeElement !== input) input.value = value;
    const found = doubt && store.doubts.find((one) => one.name === doubt.name);
    about.hidden = !found || store.lines[found.at] !== current;
    if (!about.hidden) about.replaceChildren(make("strong", { textContent: `${WHY[found.kind]}${found.why ? ` (${found.why})` : ""} ` }), ...(found.kind === "unsure" || found.kind === "listed" ? [] : [heard(found.heard)]),
      button("C’est juste", "settle", { title: "Alt+A" }), ...(found.kind === "listed" ? [button(`Remplacer par «\u00a0${found.term}\u00a0»`, "put-back", { title: "Alt+R" }), button("Retirer du glossaire", "unlist", { title: "Ce n’est pas une forme mal entendue\u00a0: ne plus la proposer" })] : found.kind === "unsure" ? [] : [button(`Remettre «\u00a0${short(found.heard, 30)}\u00a0»`, "put-back", { title: "Alt+R" })]));
  };
  const enter = (line) => {
    if (line === current) return;
    if (current) { const old = wordsOf(current); if (old) old.tabIndex = -1; leave(current); }
    current = line;
    const row = rows.get(line);
    if (!row) return;
    row.querySelector(".re-said").tabIndex = 0;
    row.append(tools);
    if (!sound.playing) sound.seek(line.start);
    paintTools();
  };
  // A line that was emptied goes when one leaves it.
  const leave = (line) => {
    if (!rows.has(line) || said(line.text) !== "" || store.lines.length < 2) return;
    if (line.was !== line.saved) { store.write(line, line.saved); dress(line); } // somebody else's words, not seen yet
    else store.ask(() => (store.place(line) < 0 ? [] : [{ kind: "remove", at: store.place(line) }]));
  };
  const caret = (node, at) => {
    const select = getSelection(), target = node.firstChild ?? node;
    node.focus({ preventScroll: true });
    select.collapse(target, Math.min(at, target.length ?? 0));
  };
  const go = (line, at = 0) => { const words = line && wordsOf(line); if (!words) return; caret(words, at); show(rows.get(line)); };
  const show = (row) => {
    const { top, bottom } = row.getBoundingClientRect(), first = bar.getBoundingClientRect().bottom + 8;
    if (top < first || bottom > innerHeight - 40) row.scrollIntoView({ block: "center", behavior: "instant" });
  };
  const at = () => { const select = getSelection(); if (!select.rangeCount || !current) return 0; const before = select.getRangeAt(0).cloneRange(); before.setStart(wordsOf(current), 0); return before.toString().length; };
  const neighbour = (step) => store.lines[store.place(current) + step];

  const cut = async () => {
    const line = current, offset = at();
    if (!said(line.text.slice(0, offset)) || !said(line.text.slice(offset))) return;
    const place = store.place(line), begins = line.text.slice(0, offset);
    line.text = said(line.text); // places are reckoned in the text as it is saved
    const answer = await store.ask(() => [{ kind: "split", at: store.place(line), offset: [...said(begins)].length }]);
    if (answer) go(store.lines[place + 1], 0);
  };
  const join = async (line) => {
    const place = store.place(line), length = said(line.text).length;
    if (!store.lines[place + 1]) return;
    const answer = await store.ask(() => [{ kind: "join", at: store.place(line) }]);
    if (answer) go(store.lines[place], length + 1);
  };
  const retime = (line, from, to) => store.ask(() => [{ kind: "retime", at: store.place(line), start: from, end: to }]);

  const toDoubt = (step) => {
    const all = store.doubts;
    if (!all.length) return;
    const here = current ? store.place(current) : -1, offset = current ? at() : 0;
    const known = doubt ? all.findIndex((one) => one.name === doubt.name) : -1;
    let i = known >= 0 && store.lines[all[known].at] === current ? known + step : step > 0 ? all.findIndex((one) => one.at > here || (one.at === here && one.first > offset)) : all.findLastIndex((one) => one.at < here);
    if (i < 0 || i >= all.length) i = step > 0 ? 0 : all.length - 1;
    toThis(all[i]);
  };
  const toThis = (one) => {
    doubt = one;
    const line = store.lines[doubt.at];
    go(line);
    const found = range(line, doubt.first, doubt.last);
    if (found) { const select = getSelection(); select.removeAllRanges(); select.addRange(found); }
    if (!sound.playing) sound.seek(Math.max(0, line.start - 0.5));
    paintTools();
  };
  const settle = async () => {
    const found = doubt && store.doubts.find((one) => one.name === doubt.name);
    if (!found) return;
    if (!(await store.ask(() => [{ kind: "settle", doubt: found.name }]))) return;
    doubt = null;
    const following = store.doubts.find((one) => one.at > found.at || (one.at === found.at && one.first > found.first)) ?? store.doubts[0];
    following ? toThis(following) : paintTools();
  };
  const putBack = () => {
    const found = doubt && store.doubts.find((one) => one.name === doubt.name);
    if (!found || found.kind === "unsure") return null;
    const line = store.lines[found.at], done = { kind: "settle", doubt: found.name };
    if (found.kind === "removed") return store.ask(() => [{ kind: "add", start: found.start, end: found.end, text: found.heard }, done]);
    const written = line.text.slice(0, found.first) + (found.term || found.heard) + line.text.slice(found.last);
    const was = line.saved;
    return store.ask(() => [{ kind: "text", at: store.place(line), text: said(written), was }, done]);
  };

  const unlist = async () => {
    const { heard, term } = store.doubts.find((one) => one.name === doubt.name), line = current;
    const text = await store.dropTerm(heard, term);
    go(line);
    state.textContent = text;
  };

  const actions = {
    play: () => sound.toggle(), back: () => sound.seek(sound.at - 2), forth: () => sound.seek(sound.at + 2), listen: (from) => sound.seek(Number(from.dataset.start), true),
    undo: () => store.undo(), redo: () => store.redo(), "next-doubt": () => toDoubt(1), settle, unlist, "put-back": putBack, split: cut, join: () => join(current),
    remove: () => { const line = current; return store.ask(() => [{ kind: "remove", at: store.place(line) }]); },
    "start-here": () => retime(current, sound.at, current.end), "end-here": () => retime(current, current.start, sound.at),
    help: () => help.showModal(), "close-help": () => help.close(), accept: async () => { await store.post("/enregistrement", {}); notice.hidden = true; },
    mine: async (from) => {
      const conflict = store.conflicts[from.dataset.at];
      if (!store.mine(conflict)) state.textContent = "Ce que vous aviez changé n’est plus là\u00a0: vos mots restent affichés, recopiez-les où ils vont.";
      else if (await store.ask(() => store.mine(conflict) ?? [])) store.chosen(conflict); // else they stay
    },
    theirs: (from) => store.chosen(store.conflicts[from.dataset.at]),
    ...Object.assign({}, ...panels.map((p) => p.actions)),
  };
  on(root, "click", (event) => { const from = event.target.closest("[data-do]"); if (from) Promise.resolve(actions[from.dataset.do]?.(from)).catch((error) => { state.textContent = error.message; }); });
  on(root, "mousedown", (event) => { if (event.target.closest(".re-tools button, .re-bar button")) event.preventDefault(); }); // the caret stays in the text
  on(text, "focusin", (event) => { const row = event.target.closest(".re-row"); if (row && event.target.matches(".re-said")) enter(row.line); });
  on(text, "focusout", () => store.save());
  on(text, "beforeinput", (event) => { if (store.busy && /^(insertParagraph|insertLineBreak)$/.test(event.inputType)) event.preventDefault(); });
  on(text, "input", (event) => { const row = event.target.closest(".re-row"); if (row && event.target.matches(".re-said")) store.write(row.line, event.target.textContent); });
  on(text, "paste", (event) => { if (!event.target.closest(".re-said")) return; event.preventDefault(); document.execCommand("insertText", false, said(event.clipboardData.getData("text/plain"))); });
  const holding = (input, edit) => {
    const hold = () => { const line = current, one = edit(); store.hold(() => (store.place(line) < 0 ? [] : [{ at: store.place(line), ...one }])); };
    on(input, "input", hold);
    on(input, "change", () => { hold(); store.leave(); });
  };
  for (const input of [start, end]) holding(input, () => ({ kind: "retime", start: Number(start.value), end: Number(end.value) }));
  holding(who, () => ({ kind: "speaker", speaker: said(who.value) }));

  const chords = { KeyK: () => sound.toggle(), KeyJ: () => sound.seek(sound.at - 2), KeyL: () => sound.seek(sound.at + 2), KeyI: () => current && sound.seek(current.start, true), Comma: () => sound.faster(-1), Semicolon: () => sound.faster(1), KeyM: () => sound.faster(-1), Period: () => sound.faster(1),
    KeyA: settle, KeyQ: settle, KeyR: putBack, KeyC: actions["add-chapter"], KeyH: () => { history.box.open = true; history.box.querySelector("summary").focus(); } };
  const layout = { a: "KeyA", c: "KeyC", h: "KeyH", i: "KeyI", j: "KeyJ", k: "KeyK", l: "KeyL", r: "KeyR", ",": "Comma", ";": "Period" };
  on(document, "keydown", (event) => {
    if (!root.isConnected || document.querySelector("dialog[open]")) return;
    const { key, target } = event, control = event.ctrlKey || event.metaKey, inText = target.matches?.(".re-said");
    const act = (does) => { event.preventDefault(); event.stopPropagation(); does(); };
    if (key === "Escape") return act(() => sound.toggle());
    if (key === "F2") return act(() => toDoubt(event.shiftKey ? -1 : 1));
    if (event.altKey && !control) { const does = chords[layout[key.toLowerCase()] ?? event.code]; if (does) return act(does); return; }
    if (control && !event.altKey) {
      const does = { z: () => (event.shiftKey ? store.redo() : store.undo()), y: () => store.redo(), s: () => store.leave(), h: () => replacing.focus() }[key.toLowerCase()];
      if (does && (key.toLowerCase() === "s" || key.toLowerCase() === "h" || inText || !target.matches?.("input, textarea"))) act(does);
      return;
    }
    if (!inText) {
      if (target.matches?.("input, textarea, select, [contenteditable]")) return;
      if (key === "?") return act(() => help.showModal());
      if (key === " " && !target.matches?.("button, summary, a")) return act(() => sound.toggle());
      return;
    }
    const select = getSelection(), words = target, collapsed = select.isCollapsed;
    if (key === "Enter") return act(cut);
    if (store.busy && (key === "Backspace" || key === "Delete") && collapsed && (at() === 0 || at() === words.textContent.length)) return event.preventDefault();
    if (key === "Backspace" && collapsed && at() === 0 && neighbour(-1)) return act(() => join(neighbour(-1)));
    if (key === "Delete" && collapsed && at() === words.textContent.length && neighbour(1)) return act(() => join(current));
    if ((key === "ArrowUp" || key === "ArrowDown") && !event.shiftKey) {
      const here = select.rangeCount && select.getRangeAt(0).getBoundingClientRect(), box = words.getBoundingClientRect(), size = parseFloat(getComputedStyle(words).lineHeight);
      const edge = !here?.height || (key === "ArrowUp" ? here.top - box.top < size * 0.8 : box.bottom - here.bottom < size * 0.8);
      if (edge) return act(() => go(neighbour(key === "ArrowUp" ? -1 : 1), at()));
    }
  });

  // What the store says
  on(store, "state", ({ detail }) => {
    state.textContent = detail.text && detail.state === "refused" ? detail.text : detail.state === "saved" ? `${STATES.saved} à ${hour()}` : STATES[detail.state];
    state.dataset.state = detail.state;
  });
  on(store, "changed", ({ detail }) => detail.lines.forEach(dress));
  on(store, "replaced", ({ detail }) => {
    const after = rows.get(store.lines[detail.at + detail.lines.length]), held = detail.old.includes(current);
    if (held) { tools.remove(); current = null; }
    for (const line of detail.old) { rows.get(line)?.remove(); rows.delete(line); }
    const fresh = detail.lines.map(draw);
    after ? after.before(...fresh) : text.append(...fresh);
    const following = store.lines[detail.at + detail.lines.length];
    if (following) dress(following);
  });
  on(store, "beside", () => { paintChapters(); paintDoubts(); panels.forEach((p) => p.paint()); names.replaceChildren(...people.voices().map((value) => make("option", { value }))); paintTools(); });
  on(store, "steps", () => { undo.disabled = !store.canUndo; redo.disabled = !store.canRedo; });
  on(store, "conflicts", ({ detail }) => {
    clashes.hidden = !store.conflicts.length;
    clashes.replaceChildren(make("h2", { textContent: "Quelqu’un d’autre a changé la même chose" }), make("ul", {}, ...store.conflicts.map((one) => make("li", {},
      make("p", {}, make("strong", { textContent: "La vôtre\u00a0: " }), one.mine.join(" | ")), make("p", {}, make("strong", { textContent: "Celle qui est gardée\u00a0: " }), one.theirs.join(" | ")),
      make("p", { className: "re-small" }, ...(store.mine(one) ? [button("Prendre la mienne", "mine")] : []), button("Garder l’autre", "theirs"))))));
    clashes.querySelectorAll("li").forEach((row, at) => row.querySelectorAll("button").forEach((b) => { b.dataset.at = at; }));
    if (!detail.more) return clashes.querySelector("button")?.focus();
    clashes.scrollIntoView({ block: "center" });
  });

  on(sound, "moved", () => {
    let low = 0, high = store.lines.length;
    while (low < high) { const middle = (low + high) >> 1; if (store.lines[middle].start <= sound.at + 0.05) low = middle + 1; else high = middle; }
    const row = rows.get(store.lines[low - 1]) ?? null;
    if (row === now) return;
    now?.classList.remove("now");
    now = row;
    now?.classList.add("now");
    if (now && sound.playing && !text.contains(document.activeElement)) show(now);
  });
  on(sound, "broken", () => { state.textContent = "L’enregistrement ne peut pas être lu ici\u202f; le texte se corrige quand même."; });
  on(window, "beforeunload", (event) => { if (store.unsaved || store.conflicts.length) event.preventDefault(); });
  // Also when somebody comes back, maybe after entering anew in another tab.
  on(document, "visibilitychange", () => store.leave());
  on(window, "focus", () => store.save());

  store.open().then(() => {
    text.replaceChildren(...store.lines.map(draw));
    paintChapters(); paintDoubts(); panels.forEach((p) => p.paint());
    names.replaceChildren(...people.voices().map((value) => make("option", { value })));
    if (store.lines[0]) wordsOf(store.lines[0]).tabIndex = 0;
    state.textContent = store.recalled ? `${STATES.saved} à ${hour()}, avec les corrections gardées sur cet appareil.` : "Tout est enregistré.";
    if (store.notice) { notice.hidden = false; notice.append(make("p", { textContent: store.notice }), button("Les temps sont justes", "accept", { className: "mc-main" })); panels.at(-1).box.open = true; }
    if (data.search) replacing.ask(data.search, data.by);
    root.dataset.ready = "yes";
  }).catch((error) => { state.textContent = error.message; });

  root.stop = () => { store.leave(); store.close(); over.abort(); sound.stop(); for (const name of ["hub-unsure", "hub-corrected", "hub-listed"]) globalThis.CSS?.highlights?.delete(name); delete root.dataset.slug; delete root.dataset.ready; };
  return root.stop;
}
