// What stands beside the transcript: chapters, people, summary, replacing, a corrected text, shifted times, history.

const panel = (name, label, ...children) => make("details", { className: "re-panel", data: { panel: name } }, make("summary", {}, make("h2", { textContent: label })), ...children);
const field = (label, input) => make("label", { className: "re-field" }, make("span", { textContent: label }), input);
const report = () => make("p", { className: "re-report", aria: { role: "status" } });
// Puts rows into a list around one that has the focus, and so stays in its place.
const around = (list, row, rows) => {
  const at = rows.indexOf(row);
  if (at < 0) return list.replaceChildren(...rows);
  for (const old of [...list.children]) if (old !== row) old.remove();
  row.before(...rows.slice(0, at));
  row.after(...rows.slice(at + 1));
};

const chapterPanel = (store, sound) => {
  const list = make("ol", { className: "re-list" });
  const box = panel("chapters", "Chapitres", list, button("Ajouter un chapitre ici", "add-chapter"));
  const draw = ([start, title]) => make("li", { data: { start, title } },
    make("button", { type: "button", className: "mc-stamp", textContent: clock(start), data: { do: "listen", start }, aria: { label: `Écouter à ${clock(start)}` } }),
    make("input", { value: title, maxLength: 300, aria: { label: `Titre du chapitre à ${clock(start)}` } }),
    make("span", { className: "re-small" }, button("Ici", "move-chapter", { title: "Le faire commencer au moment que l’on entend", aria: { label: `Faire commencer «\u00a0${title}\u00a0» ici` } }),
      button("✕", "remove-chapter", { title: "Supprimer ce chapitre", aria: { label: `Supprimer le chapitre «\u00a0${title}\u00a0»` } })));
  // A row says which chapter it was drawn, or last sent, for: another may stand in its place by the time something is asked.
  const meant = (row) => [Number(row.dataset.start), row.dataset.title];
  const place = ([start, title]) => store.chapters.findIndex((one) => one[0] === start && one[1] === title);
  const paint = () => {
    const held = list.contains(document.activeElement) ? document.activeElement : null, row = held?.closest("li"), was = [...list.children].indexOf(row);
    const rows = store.chapters.map(draw);
    if (!held?.matches("input")) {
      list.replaceChildren(...rows);
      return list.children[was]?.querySelector(`[data-do="${held.dataset.do}"]`)?.focus();
    }
    // The title that has the focus stays, with what is being typed there; others' title is shown where nothing is.
    const [start, title] = meant(row), at = store.chapters.findIndex((one) => one[0] === start), typed = said(held.value) !== title;
    if (at >= 0 && !typed && store.chapters[at][1] !== title) held.value = row.dataset.title = store.chapters[at][1];
    if (at >= 0) rows[at] = row;
    else if (typed) rows.splice(was, 0, row);
    around(list, row, rows);
  };
  let timer = null;
  const hold = (row) => {
    const was = meant(row), title = said(row.querySelector("input").value), start = was[0], at = [...list.children].indexOf(row);
    store.hold(() => (title && title !== was[1] ? [{ kind: "chapter", at, start, title, was }] : []), () => { if (title) row.dataset.title = title; });
  };
  list.addEventListener("input", ({ target }) => {
    const row = target.closest("li");
    hold(row);
    clearTimeout(timer);
    timer = setTimeout(() => { if (row.contains(document.activeElement)) { hold(row); store.leave(); } }, SOON);
  });
  list.addEventListener("change", ({ target }) => {
    const row = target.closest("li");
    if (!said(target.value)) target.value = row.dataset.title;
    hold(row);
    store.leave();
  });
  const actions = {
    "add-chapter": async () => {
      box.open = true;
      const start = Math.round(sound.at * 1000) / 1000;
      await store.ask(() => [{ kind: "add-chapter", start, title: "Nouveau chapitre" }]);
      const input = list.querySelector(`li[data-start="${start}"] input`);
      input?.focus(); input?.select();
    },
    "move-chapter": (from) => { const row = from.closest("li"), start = Math.round(sound.at * 1000) / 1000; return store.ask(() => { const was = meant(row); return [{ kind: "chapter", at: place(was), start, title: was[1], was }]; }); },
    "remove-chapter": (from) => { const row = from.closest("li"); return store.ask(() => { const at = place(meant(row)); return at < 0 ? [] : [{ kind: "remove-chapter", at }]; }); },
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
    if (at >= 0 && !store.voices.names[all[at]]) row.querySelector("p")?.remove();
    around(list, row, rows);
  };
  const hold = (target) => {
    const name = said(target.value), row = target.closest("li"), { voice } = row.dataset, other = name && name !== voice;
    store.hold(() => (other ? [{ kind: "rename", voice, name }] : []), async (answer) => {
      if (!other) return;
      row.dataset.voice = name; // a second change, even before the answer, is one of this name
      target.setAttribute("aria-label", `Nom de ${name}`);
      waiting++;
      if (!(await answer) && !store.unsaved) row.dataset.voice = voice; // refused
      waiting--;
    });
  };
  list.addEventListener("input", ({ target }) => hold(target));
  list.addEventListener("change", ({ target }) => {
    if (!said(target.value)) target.value = target.closest("li").dataset.voice;
    hold(target);
    store.leave();
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
  const sign = button("J’ai lu ce résumé et je le confirme", "confirm", { className: "mc-main" });
  const box = panel("summary", "Résumé", review, text,
    make("p", { className: "re-hint", textContent: "Un lien vers un moment s’écrit [1:23](#t=83)\u202f; une liste, avec un tiret au début de chaque ligne." }), links,
    field("Votre nom, qui sera public", name), sign);
  const moments = (written) => (written.match(/\]\(#t=\d/g) ?? []).length;
  const paint = () => {
    review.textContent = store.review;
    if (text.value !== store.summary.text) { text.value = store.summary.text; links.textContent = ""; }
  };
  text.addEventListener("input", () => {
    const lost = moments(store.summary.saved) - moments(text.value);
    links.textContent = lost > 0 ? `${lost === 1 ? "Un lien vers le son a" : `${lost} liens vers le son ont`} disparu de ce texte\u00a0: Annuler ${lost === 1 ? "le" : "les"} remet.` : "";
    store.write(store.summary, text.value);
  });
  text.addEventListener("change", () => store.save());
  let read = null; // what stood there when the button was pressed: an answer may come before it is let go
  sign.addEventListener("pointerdown", () => { read = text.value; });
  const confirm = async () => {
    const seen = read ?? text.value;
    read = null;
    await store.save();
    kept.set("hub-review-name", name.value);
    if (!said(name.value)) return name.focus();
    if (store.dirty(store.summary)) return; // the state says why
    if (text.value !== seen) { links.textContent = "Quelqu’un d’autre a changé ce résumé\u00a0: relisez-le, puis confirmez-le."; return; }
    return store.ask(() => [{ kind: "confirm", name: said(name.value) }]);
  };
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
  // What takes a match's place, as the hub does it: the match lends its capital where case is free.
  const put = (match) => {
    const word = said(by.value), [first = ""] = match, [letter = ""] = word;
    return !exact.checked && first !== first.toLowerCase() && letter !== letter.toUpperCase() ? letter.toUpperCase() + word.slice(letter.length) : word;
  };
  const preview = (line, matches) => {
    const parts = [];
    let at = Math.max(0, matches[0].index - 25);
    for (const { 0: match, index } of matches) {
      parts.push(line.text.slice(at, index), make("del", { textContent: match }), ...(by.value ? [make("ins", { textContent: put(match) })] : []));
      at = index + match.length;
    }
    return make("span", {}, make("time", { textContent: clock(line.start) }), " … ", ...parts, line.text.slice(at, at + 25), " …");
  };
  const row = (line, matches, checked) => Object.assign(make("li", {}, make("label", {}, make("input", { type: "checkbox", checked }), preview(line, matches))), { line });
  const paint = () => {
    if (!box.open) return;
    const search = pattern(), left = new Set([...found.children].filter((one) => one.querySelector("input:not(:checked)")).map((one) => one.line)); // stays so when a save comes back
    const hits = search ? store.lines.map((line) => [line, [...line.text.matchAll(search)]]).filter(([line, matches]) => matches.length && said(line.text.replace(search, put))) : []; // no line is emptied
    const times = hits.reduce((sum, [, matches]) => sum + matches.length, 0);
    found.replaceChildren(...hits.slice(0, SHOWN).map(([line, matches]) => row(line, matches, !left.has(line))));
    told.textContent = search ? (hits.length ? `${times > hits.length ? `${times} fois, dans ` : ""}${hits.length} ligne${hits.length > 1 ? "s" : ""}${hits.length > SHOWN ? `\u202f; les ${SHOWN} premières sont montrées` : ""}` : "Rien de tel n’a été dit") : "";
    go.hidden = !hits.length;
    go.textContent = said(by.value) ? "Remplacer les lignes cochées" : "Enlever ces mots des lignes cochées";
    term.hidden = !search || !by.value;
    drop.hidden = true;
  };
  for (const input of [wanted, by, whole, exact]) input.addEventListener("input", () => { found.replaceChildren(); paint(); });
  box.addEventListener("toggle", paint);
  const actions = {
    "replace-all": async () => {
      const lines = [...found.children].filter((one) => one.querySelector("input:checked")).map((one) => one.line), edit = { kind: "replace", wanted: { text: said(wanted.value), whole: whole.checked, case: exact.checked }, by: by.value };
      const answer = lines.length && await store.ask(() => [{ ...edit, lines: lines.map((line) => store.place(line)).filter((at) => at >= 0) }]);
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

