// The text being corrected: kept in the page, saved a moment after each change, and safe when the hub does not answer.
// Lines are objects that stay the same as long as the line does; their places are reckoned when something is sent. Each, and the
// summary, has its `text` as the page shows it, `saved` as the hub has it, and `was`, as it stood for whoever began to write.

// Milliseconds before a change is saved, before it is tried again, and before an answer is no longer waited for.
const SOON = 1200, AGAIN = 5000, PATIENCE = 30_000;
// Edits that do not depend on where the caret is: when they did not arrive they are sent again, as words are.
const LATER = new Set(["chapter", "rename", "speaker", "retime"]);
const said = (text) => text.replace(/\s+/g, " ").trim();
const tidy = (text) => text.replace(/[^\S\n]+$/gm, "").trim(); // of several lines
const written = (text) => ({ text, saved: text, was: text });

class Store extends EventTarget {
  version = 0; conflicts = []; lines = []; chapters = []; speakers = []; doubts = []; voices = { names: {}, told: "" }; summary = written(""); review = ""; busy = false;
  #address; #memory; #turn = Promise.resolve(); #timer = null; #done = []; #undone = []; #owed = []; #sent = []; #held = null; #began = ""; #away = false; #closed = false;

  constructor(address, slug) { super(); this.#address = address; this.#memory = `hub-draft-${slug}`; }

  async open() {
    const left = this.#left();
    let whole = await this.#call("");
    const told = [], refused = [];
    for (const edits of [left?.edits, left?.held]) if (edits?.length) { // a field that nobody had left may hold half a number
      const { version, began } = left; // after a passage was taken back, versions count anew
      const answer = began === whole.began && await this.#call("", { version, began, edits }).catch((error) => { if (error.status !== 400) throw error; });
      answer ? told.push(...answer.conflicts) : refused.push(...edits);
      whole = await this.#call("");
    }
    this.version = whole.version;
    this.#began = whole.began;
    this.lines = whole.cues.map(([start, end, text, speaker]) => ({ start, end, speaker, ...written(text) }));
    this.summary = written(whole.summary);
    this.#beside(whole);
    this.notice = whole.notice;
    this.voices = whole.voices;
    this.#done = whole.done;
    this.#undone = whole.undone;
    this.#tell("steps");
    if (!left) return;
    // What cannot be joined any more with the text as it is now is shown beside it.
    const lost = refused.map((one) => { const text = one.kind === "text", at = text ? this.#nearest(one) : one.at;
      return { kind: text ? "lines" : one.kind, at, mine: [one.text ?? one.title ?? one.name ?? one.speaker ?? `${one.start} – ${one.end}`], theirs: [text ? this.lines[at]?.text ?? "" : one.kind === "summary" ? this.summary.saved : this.chapters[at]?.[1] ?? ""] }; });
    const before = (left.conflicts ?? []).map((one) => (one.kind === "lines" ? { ...one, at: this.#nearest({ at: one.at, text: one.theirs.join(" ") }) } : one));
    this.#clash([...before, ...told, ...lost]);
    this.recalled = left.edits.length + (left.held?.length ?? 0) > 0 && !told.length && !lost.length;
    this.#keep();
  }
  // The line most like one that was written on a text of other lines; they may have moved.
  #nearest({ at, text }) {
    const words = new Set(text.split(" ")), alike = (line) => line?.text.split(" ").filter((word) => words.has(word)).length ?? -1;
    return this.lines.reduce((best, line, i) => (alike(line) > alike(this.lines[best]) ? i : best), at);
  }
  // Words that others' took the place of are kept, also on this device, until one of the two is chosen. They belong to a line,
  // wherever that line goes.
  #clash(found) {
    if (!found.length) return;
    this.conflicts.push(...found.map((one) => ({ line: one.kind === "lines" ? this.lines[one.at] : null, ...one })));
    this.#tell("conflicts", { more: true });
  }
  chosen(conflict) { this.conflicts = this.conflicts.filter((one) => one !== conflict); this.#keep(); this.#tell("conflicts", { more: false }); }
  // The edits that put one's own words back, in place of those that are shown; null but for the summary, and for a line or chapters
  // that are still there.
  mine({ kind, line, mine, theirs, chapters }) {
    if (kind === "summary") return [{ kind, text: mine[0], was: theirs[0] }];
    if (chapters) {
      const [own, others] = chapters, places = others.map((one) => this.chapters.findIndex(([start, title]) => start === one.start && title === one.title));
      return places.includes(-1) ? null : [...places.sort((a, b) => b - a).map((at) => ({ kind: "remove-chapter", at })), ...own.map(({ start, title }) => ({ kind: "add-chapter", start, title }))];
    }
    const at = this.place(line);
    return kind === "lines" && mine.length === 1 && theirs.length === 1 && at >= 0 ? [{ kind: "text", at, text: mine[0], was: theirs[0] }] : null;
  }
  close() { this.#closed = true; clearTimeout(this.#timer); this.#keep(); }
  place(line) { return this.lines.indexOf(line); }
  #plain(one, text = one.text) { return one === this.summary ? tidy(text) : said(text); }
  dirty(one) { return one.text !== one.saved && this.#plain(one) !== this.#plain(one, one.saved) && (one === this.summary || this.#plain(one) !== ""); }
  get #dirty() { return [...this.lines, this.summary].filter((one) => this.dirty(one)); }
  get #waits() { return this.#owed.length > 0 || this.#dirty.length > 0; }
  get #half() { return this.#held?.make() ?? []; }
  get unsaved() { return this.#waits || this.#sent.length > 0 || this.#half.length > 0; }

  write(one, text) {
    one.text = text;
    if (this.#plain(one) === this.#plain(one, one.saved)) one.was = one.saved;
    this.#keep();
    this.#tell("state", { state: "typing" });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), SOON);
  }
  save() { return this.#waits ? this.#send(() => []) : this.#turn; }
  // What stands in a field is kept as it is typed and sent when one leaves it, or does something else: half a name is somebody
  // else's. `taken` hears of it then, with the answer to come.
  hold(make, taken = () => {}) {
    this.#held = { make, taken };
    this.#keep();
    if (this.#half.length) this.#tell("state", { state: "typing" });
  }
  leave() { return this.ask(() => []); }
  // Sends what was typed, then edits that `make` names by the places that lines have by then. Resolves to the answer, or null.
  ask(make) {
    const held = this.#held;
    this.#held = null;
    if (held) this.#owed.push(held.make);
    const answer = this.#send(make);
    held?.taken(answer);
    return answer;
  }
  #edit(one) { return { ...(one === this.summary ? { kind: "summary" } : { kind: "text", at: this.place(one) }), text: this.#plain(one), was: one.was }; }
  #send(make) {
    clearTimeout(this.#timer);
    return (this.#turn = this.#turn.then(async () => {
      const texts = new Map(this.#dirty.map((one) => [one, this.#plain(one)]));
      const later = [...this.#owed.splice(0), make], made = later.map((one) => one());
      const edits = [...[...texts.keys()].map((one) => this.#edit(one)), ...made.flat()];
      if (!edits.length) return null;
      this.#sent = later.filter((_, i) => made[i].length && made[i].every(({ kind }) => LATER.has(kind)));
      this.#keep();
      const answer = await this.#try("", { edits }, texts);
      if (answer?.made) { this.#done.push(answer.version); this.#undone = []; this.#tell("steps"); }
      return answer;
    }));
  }
  // Takes in what others saved meanwhile; resolves to whether better times are still on their way.
  look() {
    return (this.#turn = this.#turn.then(async () => {
      const was = this.version, answer = await this.#call("", { version: was, began: this.#began, edits: [] }).catch(() => null);
      if (answer && answer.version !== was) { this.#take(answer, new Map()); this.#keep(); }
      return answer ? answer.later : true;
    }));
  }
  get closed() { return this.#closed; }
  get canUndo() { return this.#done.length > 0; }
  get canRedo() { return this.#undone.length > 0; }
  undo() { return this.#back(this.#done, this.#undone); }
  redo() { return this.#back(this.#undone, this.#done); }
  #back(from, to) {
    return this.leave().then(() => (this.#turn = this.#turn.then(async () => {
      if (!from.length) return null;
      const answer = await this.#try("/annuler", { of: from.at(-1) }, new Map());
      if (answer || !this.#away) from.pop(); // a hub that does not answer has not undone it
      if (answer?.made) to.push(answer.version);
      this.#tell("steps");
      return answer;
    })));
  }
  restore(of) {
    return this.leave().then(() => (this.#turn = this.#turn.then(async () => {
      const answer = await this.#try("/restaurer", { of }, new Map());
      if (answer?.made) { this.#done.push(answer.version); this.#undone = []; this.#tell("steps"); }
      return answer;
    })));
  }
  get(path) { return this.#call(path); }
  post(path, body) { return this.#call(path, body); }
  // Takes a form off the staff's glossary, and with it what it called in doubt.
  async dropTerm(heard, term) {
    const { text } = await this.post("/glossaire/retirer", { heard, term }), plain = (form) => form.toLowerCase().replaceAll("’", "'");
    this.doubts = this.doubts.filter((one) => one.kind !== "listed" || one.term !== term || plain(one.heard) !== plain(heard));
    this.#tell("beside");
    return text;
  }
  async read(file) { return (await this.#call(`/atelier/texte?nom=${encodeURIComponent(file.name)}`, file)).text; }

  async #try(path, body, texts) {
    this.busy = true;
    this.#tell("state", { state: "saving" });
    try {
      const was = this.version, answer = await this.#call(path, { version: was, began: this.#began, ...body });
      this.#take(answer, texts);
      this.#sent = [];
      this.#keep();
      this.#tell("state", { state: this.unsaved ? "typing" : "saved" });
      if (this.#waits) this.#timer = setTimeout(() => this.save(), SOON);
      return { ...answer, was };
    } catch (error) {
      // What was refused stays in the page; what did not arrive is sent again.
      this.#away = !error.status;
      if (error.status !== 400) this.#owed.unshift(...this.#sent);
      this.#sent = [];
      this.#keep();
      const more = this.unsaved ? " Ce qui n’est pas enregistré reste sur cet appareil." : this.#away ? " Rien n’a changé\u202f; réessayez dans un instant." : "";
      this.#tell("state", { state: this.#away && this.unsaved ? "offline" : "refused", text: error.message + more });
      // An edit that made no sense must not keep the words from being saved.
      if (error.status === 400 && texts.size && body.edits.length > texts.size) this.#timer = setTimeout(() => this.save(), SOON);
      if (this.#away && !this.#closed) this.#timer = setTimeout(() => this.save(), AGAIN);
      return null;
    } finally { this.busy = false; }
  }
  async #call(path, body) {
    const address = path.startsWith("/atelier/") ? path : this.#address + path, sent = body instanceof Blob ? { body } : body && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE), ...(sent && { method: "POST", ...sent }) })
      .catch(() => { throw new Error("Le hub ne répond pas."); }); // the browser says it in English
    if (answer.ok) return answer.json();
    const told = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(told.detail ?? "Le hub ne répond pas."), { status: answer.status < 500 && answer.status });
  }
  // Puts an answer's lines in place of those that were sent; what was typed meanwhile stays, and is sent next with what it was
  // written on, so that the hub joins it with others' words or tells of both.
  #take(answer, texts) {
    const lost = [], fresh = new Map([...texts.keys()].map((one) => [one, one.saved]));
    this.version = answer.version;
    for (const [at, gone, came] of [...answer.lines].reverse()) {
      const old = this.lines.slice(at, at + gone);
      if (gone === came.length) {
        came.forEach(([start, end, text, speaker], i) => { Object.assign(old[i], { start, end, speaker }); fresh.set(old[i], text); });
        continue;
      }
      const lines = came.map(([start, end, text, speaker]) => ({ start, end, speaker, ...written(text) }));
      for (const line of old) if (said(line.text) && said(line.text) !== (texts.get(line) ?? line.saved)) lost.push({ kind: "lines", at, line: lines[0], mine: [said(line.text)], theirs: came.map((c) => c[2]) });
      this.lines.splice(at, gone, ...lines);
      this.#tell("replaced", { at, old, lines });
    }
    fresh.set(this.summary, answer.summary);
    const about = ({ kind, mine, at }) => (kind === "summary" ? this.summary : kind === "lines" && mine.length === 1 ? this.lines[at] : null);
    const clashing = new Set(answer.conflicts.map(about));
    for (const [one, saved] of fresh) this.#settle(one, saved, texts.get(one), clashing.has(one));
    this.#tell("changed", { lines: [...fresh.keys()].filter((one) => this.place(one) >= 0) });
    this.#beside(answer);
    // Whoever still writes there is told when the whole is sent.
    this.#clash([...answer.conflicts.filter((one) => !(texts.has(about(one)) && this.dirty(about(one)))), ...lost]);
    this.#tell("beside");
  }
  #settle(one, saved, sent, clash) {
    const plain = this.#plain(one), known = this.#plain(one, sent ?? one.saved), now = this.#plain(one, saved);
    const typed = plain !== known && (plain !== "" || one === this.summary || now === known); // an emptied line shows others' words first
    one.saved = saved;
    if (!typed) Object.assign(one, { was: saved, text: plain === now ? one.text : saved });
    else if (sent !== undefined && !clash) one.was = sent;
  }
  #beside({ chapters, review, speakers, doubts }) { Object.assign(this, { chapters, review, speakers, doubts }); }
  #tell(name, detail) { if (!this.#closed) this.dispatchEvent(new CustomEvent(name, { detail })); }

  // What is not saved yet is kept on this device too, as it would be sent: a closed lid, a dead hub or a session that ended loses
  // nothing, and whoever changed the same lines meanwhile is told apart by the version it was written on.
  #keep() {
    if (!this.version) return; // never opened: what was left stays
    const held = this.#half, edits = [...this.#dirty.map((one) => this.#edit(one)), ...[...this.#sent, ...this.#owed].flatMap((make) => make())];
    const conflicts = this.conflicts.map(({ line, ...one }) => ({ ...one, at: line && this.place(line) >= 0 ? this.place(line) : one.at }));
    kept.set(this.#memory, edits.length || held.length || conflicts.length ? JSON.stringify({ version: this.version, began: this.#began, edits, held, conflicts }) : null);
  }
  #left() {
    try { const left = JSON.parse(kept.get(this.#memory)); return left?.edits ? left : null; } catch { return null; } // nothing that can be read
  }
}
