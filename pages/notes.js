// Notes at a second, kept on this device, and moments to share. It meets the player by three events of the document:
// "hub-note" and "hub-share" say what a person wants, "hub-seek" asks the player for a second.

const escaped = (text) => text.replace(/[\\`*_{}[\]()#+\-.!|<>~$:&]/g, "\\$&");
const attribute = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".mc-notes");
  if (root.dataset.slug === data.slug) return root.stop;
  root.stop?.();
  root.dataset.slug = data.slug;
  const over = new AbortController();
  const on = (target, name, handler) => target.addEventListener(name, handler, { signal: over.signal });
  const key = `hub-notes-${data.slug}`;
  const link = (second) => `${location.origin}/masterclass?m=${data.slug}&t=${Math.floor(second * 10) / 10}`;
  const read = () => {
    let kept;
    try { kept = JSON.parse(localStorage.getItem(key)); } catch { /* unreadable or refused: begin anew */ }
    return Array.isArray(kept) ? kept : [];
  };
  let notes = read(), refused = false;

  const said = make("p", { className: "mc-notice", aria: { role: "status" } });
  const say = (words) => { said.textContent = words; };
  // One note is put, or taken away, among those that are kept by now: another tab may have written since.
  const change = ({ id }, note, done = "") => {
    notes = [...(refused ? notes : read()).filter((other) => other.id !== id), ...(note ? [note] : [])].sort((a, b) => a.at - b.at);
    try { localStorage.setItem(key, JSON.stringify(notes)); refused = false; say(done); }
    catch { refused = true; say("Ce navigateur refuse de garder des notes\u00a0: exportez-les avant de fermer la page."); }
    draw();
  };

  const list = make("ul");
  const exported = make("button", { type: "button", textContent: "Exporter en Markdown" });
  const empty = make("p", { className: "mc-review", textContent: "Aucune note encore. «\u00a0Noter\u00a0», ou la touche n, en écrit une à la seconde que vous écoutez. Elles restent sur cet appareil." });
  const section = make("section", { className: "mc-mine", id: "notes", aria: { label: "Mes notes" } }, make("h2", { textContent: "Mes notes" }), empty, list, exported, said);

  // Writing a note
  const box = make("textarea", { rows: 4, maxLength: 5000, id: "mc-note" });
  const label = make("label", { htmlFor: "mc-note" });
  const writing = make("dialog", { className: "mc-help", aria: { label: "Note" } }, make("form", { method: "dialog" }, label, box,
    make("div", { className: "mc-tools" }, make("button", { value: "keep", textContent: "Garder la note", className: "mc-main" }), make("button", { value: "", textContent: "Annuler", formNoValidate: true }))));
  let current = null;
  const write = (note) => { current = note; label.textContent = `Note à ${clock(note.at)}`; box.value = note.text; writing.returnValue = ""; writing.showModal(); box.focus(); };
  on(box, "keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) writing.close("keep"); });
  on(writing, "close", () => {
    const text = box.value.trim();
    if (writing.returnValue !== "keep" || !text) return;
    change(current, { ...current, text }, `Note à ${clock(current.at)} gardée.`);
  });

  const draw = () => {
    list.replaceChildren(...notes.map((note) => {
      const at = make("a", { href: link(note.at), textContent: clock(note.at), aria: { label: `${data.heard ? "Écouter" : "Aller"} à ${clock(note.at)}` } });
      at.addEventListener("click", (event) => { event.preventDefault(); document.dispatchEvent(new CustomEvent("hub-seek", { detail: { at: note.at } })); });
      const edit = make("button", { type: "button", className: "mc-quiet", textContent: "Modifier", onclick: () => write(note), aria: { label: `Modifier la note à ${clock(note.at)}` } });
      const remove = make("button", { type: "button", className: "mc-quiet", textContent: "Supprimer", aria: { label: `Supprimer la note à ${clock(note.at)}` }, onclick: () => {
        change(note, null);
        said.replaceChildren("Note supprimée. ", make("button", { type: "button", textContent: "Annuler la suppression", onclick: () => change(note, note) }));
      } });
      return make("li", {}, at, make("p", { textContent: note.text }), edit, remove);
    }));
    section.hidden = !data.heard && !notes.length; // a note is written while one listens
    empty.hidden = notes.length > 0;
    exported.hidden = !notes.length;
  };
  exported.onclick = () => {
    const lines = notes.map((note) => `- [${clock(note.at)}](${link(note.at)}) ${escaped(note.text).replace(/\n/g, "\n  ")}`);
    const file = new Blob([`# ${escaped(`Mes notes\u00a0: ${data.title}`)}\n\n${lines.join("\n")}\n`], { type: "text/markdown" });
    const address = URL.createObjectURL(file);
    make("a", { href: address, download: `notes-${data.slug}.md` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };

  // Sharing a moment
  const field = (name, id, rows) => {
    const input = make("textarea", { id, readOnly: true, rows });
    const copy = make("button", { type: "button", textContent: "Copier", data: { copy: "" }, aria: { label: `Copier\u00a0: ${name}` } }); // hub.js does it
    const told = make("span", { aria: { role: "status" } });
    return { input, told, row: make("div", { className: "mc-field" }, make("label", { htmlFor: id, textContent: name }), input, copy, told) };
  };
  const address = field("Lien", "mc-share-link", 3), quote = field("Citation et sa source", "mc-share-quote", 4), code = field("Code d’intégration", "mc-share-code", 4);
  const sharing = make("dialog", { className: "mc-help", aria: { label: "Partager un moment" } }, make("h2", { textContent: "Partager un moment" }), address.row, quote.row, code.row,
    make("p", { className: "mc-review", textContent: "Le code montre le lecteur seul, sans traceur ni script." }), make("button", { type: "button", textContent: "Fermer", className: "mc-main", onclick: () => sharing.close() }));
  const share = ({ start, end, text, chapter }) => {
    const range = `start=${Math.floor(start)}${end ? `&end=${Math.ceil(end)}` : ""}`;
    const source = [data.speakers, `«\u00a0${data.title}\u00a0»`, "Opération Milliard", data.date].filter(Boolean).join(", ");
    address.input.value = link(start);
    const words = text.replace(/\s+/g, " ").trim(); // none where nothing is being said yet
    quote.input.value = `${words && (chapter ? `${words}\n` : `«\u00a0${words}\u00a0»\n`)}${source}, à ${clock(start)}\u00a0: ${link(start)}`;
    code.input.value = `<iframe src="${location.origin}/embed/${data.slug}?${attribute(range)}" title="${attribute(data.title)}" width="560" height="${data.video ? 400 : 190}" style="border:0;max-width:100%" loading="lazy" allow="autoplay; fullscreen; picture-in-picture"></iframe>`;
    code.row.hidden = !data.kept;
    for (const { told } of [address, quote, code]) told.textContent = "";
    sharing.showModal();
  };
  const float = make("button", { type: "button", className: "mc-float", textContent: "Partager ce passage", hidden: true });
  const selected = () => {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    const cues = [...document.querySelectorAll(".mc-text .cue")].filter((cue) => range.intersectsNode(cue));
    if (!cues.length) return null;
    const last = cues.at(-1), after = document.querySelector(`.mc-text .cue[data-i="${Number(last.dataset.i) + 1}"]`);
    return { start: Number(cues[0].dataset.start), end: Number(after?.dataset.start ?? Number(last.dataset.start) + 5), text: cues.map((cue) => cue.textContent).join(" "), words: selection.toString(), range };
  };
  let chosen = null;
  on(document, "selectionchange", () => {
    const selection = getSelection();
    const inside = !selection.isCollapsed && selection.anchorNode?.parentElement?.closest(".mc-text .said");
    float.hidden = !inside;
    if (!inside) return;
    const { left, bottom } = selection.getRangeAt(0).getBoundingClientRect();
    float.style.left = `${Math.max(8, Math.min(left, innerWidth - 190))}px`;
    float.style.top = `${Math.min(bottom + 6, innerHeight - 50)}px`;
  });
  on(float, "pointerdown", (event) => { event.preventDefault(); chosen = selected(); });
  on(float, "click", () => {
    chosen ??= selected();
    if (chosen) share({ ...chosen, text: chosen.words });
    chosen = null;
    float.hidden = true;
  });

  on(window, "storage", (event) => { if (event.key === key && !refused) { notes = read(); draw(); } });
  on(document, "hub-note", ({ detail }) => write({ id: crypto.randomUUID?.() ?? String(Math.random()), at: detail.at, text: "" }));
  on(document, "hub-share", ({ detail }) => share(detail));
  root.replaceChildren(section, writing, sharing, float);
  draw();

  root.stop = () => { over.abort(); delete root.dataset.slug; };
  return root.stop;
}
