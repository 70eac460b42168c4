// The player with its transcript. Text arrives as data and is shown as text: nothing here writes HTML.
// Playing, searching and following never reach the Streamlit script; a re-run of the script never reaches the sound.

const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];
const KEYS = [
  ["Espace, k", "lire ou mettre en pause"], ["← →", "reculer ou avancer de 5 secondes"], ["j l", "reculer ou avancer de 10 secondes"],
  ["0 à 9", "aller à 0\u202f%, 10\u202f%… 90\u202f%"], ["< >", "ralentir ou accélérer"], ["m", "couper ou remettre le son"],
  ["↑ ↓", "dans la transcription\u00a0: ligne précédente ou suivante"], ["Entrée", "lire la ligne choisie"],
  ["/", "chercher dans la transcription"], ["n", "écrire une note"], ["p", "partager la ligne choisie, ou celle que vous écoutez"], ["s", "sous-titres"], ["f", "plein écran"], ["?", "cette aide"],
];

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`hub-${name}`, { detail }));

// A player in another site's frame, with the part of HTMLMediaElement's surface that is used here.
class Framed extends EventTarget {
  paused = true; duration = NaN; #time = 0; #rate = 1; #muted = false; #site;
  constructor(site, at, signal) {
    super();
    this.#site = site;
    this.#time = at;
    const address = new URL(site.url);
    const youtube = { enablejsapi: 1, origin: location.origin, autoplay: 1, rel: 0, start: Math.floor(at) };
    const peertube = { api: 1, p2p: 0, warningTitle: 0, autoplay: 1, start: `${Math.floor(at)}s` };
    for (const [name, value] of Object.entries(site.kind === "youtube" ? youtube : peertube)) address.searchParams.set(name, value);
    this.node = make("iframe", { src: address.href, title: `Vidéo sur ${site.name}`, allow: "autoplay; fullscreen; picture-in-picture", referrerPolicy: "strict-origin-when-cross-origin" });
    this.node.addEventListener("load", () => site.kind === "youtube" && this.#post({ event: "listening", id: 1, channel: "widget" }));
    addEventListener("message", (event) => event.source === this.node.contentWindow && event.origin === address.origin && this.#hear(event.data), { signal });
  }
  #post(message) { this.node.contentWindow?.postMessage(JSON.stringify(message), new URL(this.#site.url).origin); }
  #order(youtube, peertube, ...args) {
    if (this.#site.kind === "youtube") this.#post({ event: "command", func: youtube, args, id: 1, channel: "widget" });
    else this.#post({ id: Date.now(), method: `peertube::${peertube}`, params: args[0] });
  }
  #hear(raw) {
    let message;
    try { message = JSON.parse(raw); } catch { return; }
    if (message?.method === "peertube::__ready" && message.params?.type === "publish-request")
      return this.#post({ method: "peertube::__ready", params: { type: "publish-reply", publish: [] } });
    const { currentTime, position, duration, playerState, playbackState } = message?.info ?? message?.params ?? {};
    const time = currentTime ?? position;
    if (duration) this.duration = duration;
    const playing = playerState !== undefined ? playerState === 1 : playbackState !== undefined ? playbackState === "playing" : !this.paused;
    if (playing === this.paused) { this.paused = !playing; this.dispatchEvent(new Event(playing ? "play" : "pause")); }
    if (typeof time === "number") { this.#time = time; this.dispatchEvent(new Event("timeupdate")); }
  }
  get currentTime() { return this.#time; }
  set currentTime(second) { this.#time = second; this.#order("seekTo", "seek", second, true); this.dispatchEvent(new Event("timeupdate")); }
  get playbackRate() { return this.#rate; }
  set playbackRate(rate) { this.#rate = rate; this.#order("setPlaybackRate", "setPlaybackRate", rate); }
  get muted() { return this.#muted; }
  set muted(off) { this.#muted = off; this.#order(off ? "mute" : "unMute", "setVolume", off ? 0 : 1); }
  async play() { this.#order("playVideo", "play"); }
  pause() { this.#order("pauseVideo", "pause"); }
}

const spans = (parts) => parts.map(({ text, strong, emphasis, link }) => {
  let node = document.createTextNode(text);
  if (emphasis) node = make("em", {}, node);
  if (strong) node = make("strong", {}, node);
  if (!link) return node;
  return link.startsWith("#t=") ? make("a", { className: "at", href: link, data: { at: link.slice(3) } }, node) : make("a", { href: link, rel: "noopener", target: "_blank" }, node);
});

const written = ({ review, blocks }) => {
  const box = make("section", { className: "mc-summary", aria: { label: "Résumé" } }, make("h2", { textContent: "Résumé" }), make("p", { className: "mc-review", textContent: review }));
  let list = null;
  for (const { kind, spans: parts } of blocks) {
    if (kind !== "item") list = null;
    else if (!list) box.append((list = make("ul")));
    (list ?? box).append(make({ heading: "h3", paragraph: "p", item: "li" }[kind], {}, ...spans(parts)));
  }
  return box;
};

// Cues are plain text that a click plays; paragraphs begin with a button, so that keyboards and screen readers meet one
// stop a paragraph and not one a line.
const article = (data, cues) => {
  const go = data.media || data.site ? "Écouter" : "Aller";
  const text = make("article", { className: "mc-text", aria: { label: "Transcription" } });
  let speaker = null;
  for (const section of data.sections) {
    const chapter = data.chapters[section.chapter];
    if (chapter) text.append(make("div", { className: "mc-heading" }, make("h3", { id: chapter.id, textContent: chapter.title }),
      make("a", { className: "mc-anchor", href: `?m=${data.slug}#${chapter.id}`, textContent: "¶", aria: { label: `Lien vers le chapitre ${chapter.title}` } }),
      button("Partager", "share-chapter", { className: "mc-quiet", aria: { label: `Partager le chapitre ${chapter.title}` } })));
    for (const { speaker: who, cues: lines } of section.paragraphs) {
      const start = lines[0][0];
      const said = make("p", { className: "said", lang: data.language });
      for (const [from, to, words, marks] of lines) {
        const node = make("span", { className: "cue", tabIndex: -1, data: { i: cues.length, start: from } });
        let at = 0;
        for (const [first, last, term] of marks) {
          node.append(words.slice(at, first), make("span", { className: "term", tabIndex: 0, textContent: words.slice(first, last), data: { term }, aria: { role: "button", describedby: "mc-definition" } }));
          at = last;
        }
        node.append(words.slice(at));
        cues.push({ start: from, end: to, node });
        said.append(node, " ");
      }
      const stamp = button(clock(start), "line", { className: "mc-stamp", aria: { label: `${go} à ${clock(start)}` } });
      stamp.dataset.start = start;
      const row = make("div", { className: "mc-row" }, stamp);
      if (who && who !== speaker) row.append(make("span", { className: "speaker", textContent: who }));
      speaker = who;
      row.append(said);
      text.append(row);
    }
  }
  return text;
};

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".mc");
  if (root.dataset.slug === data.slug) {
    if (data.at !== null && root.dataset.from !== String(data.at)) tell("seek", { at: data.at }); // a link to another second of this talk
    root.dataset.from = data.at;
    return root.stop;
  }
  root.stop?.();
  root.dataset.from = data.at;
  root.dataset.slug = data.slug;
  const over = new AbortController();
  const on = (target, names, handler) => names.split(" ").forEach((name) => target.addEventListener(name, handler, { signal: over.signal }));
  const cues = [];
  const memory = `hub-position-${data.slug}`, back = Number(kept.get(memory));
  let media = data.media && make(data.video ? "video" : "audio", { preload: "metadata", src: data.media, playsInline: true });
  let now, following = true, wanted = data.at ?? 0, slow;

  // The parts, top down
  const slider = make("input", { type: "range", min: 0, max: data.duration, step: 1, value: 0, className: "mc-slider", aria: { label: "Position dans l’enregistrement" } });
  const ticks = make("div", { className: "mc-ticks", aria: { hidden: "true" } }, ...data.chapters.slice(1).map((c) =>
    make("span", { title: `${clock(c.start)} ${c.title}`, style: `left: ${(100 * c.start) / data.duration}%` })));
  const time = make("span", { className: "mc-time" }), title = make("span", { className: "mc-now" }), wait = make("span", { className: "mc-wait", aria: { role: "status" } });
  const speed = make("select", { className: "mc-speed", aria: { label: "Vitesse" } }, ...SPEEDS.map((s) => make("option", { value: s, textContent: `× ${String(s).replace(".", ",")}` })));
  const playButton = button("", "play", { className: "mc-play", aria: { label: "Lire" } });
  const query = make("input", { type: "search", placeholder: "Chercher dans la transcription", aria: { label: "Chercher dans la transcription", controls: "mc-count" } });
  const count = make("output", { id: "mc-count" });
  const live = button("Revenir à la ligne en cours", "live", { className: "mc-live", hidden: true });
  const resume = button("", "resume", { className: "mc-resume", hidden: !back || data.at !== null || !(media || data.site) });
  const notice = make("p", { className: "mc-notice", textContent: data.notice ?? "", aria: { role: "status" } });
  const stage = make("div", { className: "mc-stage" }, ...(media ? [media] : []));
  const controls = make("div", { className: "mc-controls" }, playButton, button("−10 s", "back", { aria: { label: "Reculer de 10 secondes" } }), button("+10 s", "forth", { aria: { label: "Avancer de 10 secondes" } }),
    time, speed, button("Sous-titres", "captions", { hidden: !(data.media && data.video), aria: { pressed: "false" } }),
    button("Incrustation", "pip", { hidden: !(data.media && data.video && document.pictureInPictureEnabled) }), button("Plein écran", "full", { hidden: !(data.media && data.video) }));
  const noting = button("Noter", "note");
  const tools = make("div", { className: "mc-tools" }, wait, title, noting, button("Partager", "share"), button("?", "help", { aria: { label: "Raccourcis du clavier" } }));
  const site = data.site && make("div", { className: "mc-site" },
    make("p", { textContent: `La vidéo est sur ${data.site.name} (${data.site.host}). En la chargeant, votre navigateur contacte ce site, qui voit votre adresse IP. Rien n’est demandé avant.` }),
    button(`Charger la vidéo de ${data.site.name}`, "load", { className: "mc-main" }));
  const bar = make("div", { className: "mc-bar", aria: { role: "region", label: "Lecteur" } }, stage, make("div", { className: "mc-line" }, slider, ticks), controls);
  const none = make("div", { className: "mc-none" }, make("p", { textContent: "Cette masterclass n’a pas d’enregistrement\u00a0: sa transcription se lit ci-dessous." }));
  const text = article(data, cues);
  const list = make("ol", {}, ...data.chapters.map((c) => make("li", {}, make("button", { type: "button", data: { do: "line", start: c.start } },
    make("time", { textContent: clock(c.start) }), make("span", { textContent: c.title })))));
  const found = make("div", { className: "mc-search", aria: { role: "search" } }, query, count, button("↑", "previous", { aria: { label: "Occurrence précédente" } }), button("↓", "next", { aria: { label: "Occurrence suivante" } }));
  const help = make("dialog", { className: "mc-help", aria: { label: "Raccourcis du clavier" } }, make("h2", { textContent: "Raccourcis du clavier", tabIndex: -1, autofocus: true }),
    make("dl", {}, ...KEYS.flatMap(([key, what]) => [make("dt", { textContent: key }), make("dd", { textContent: what })])), button("Fermer", "close-help", { className: "mc-main" }));
  const definition = make("div", { id: "mc-definition", className: "mc-definition", popover: "manual", aria: { role: "tooltip" } });
  const files = make("p", { className: "mc-files" }, "Télécharger\u00a0: ", ...data.files.flatMap(([name, href], i) => [i ? " · " : "", make("a", { href, textContent: name, download: "" })]));
  root.replaceChildren(...(site ? [site] : []), ...(media || site ? [bar] : [none]), make("div", { className: "mc-reading" }, ...(data.summary.blocks.length ? [written(data.summary)] : []),
    ...(data.chapters.length ? [make("nav", { className: "mc-chapters", aria: { label: "Chapitres" } }, make("h2", { textContent: "Chapitres" }), list)] : []),
    make("h2", { textContent: "Transcription" }), found, text, files), live, help, definition);
  bar.hidden = !media;
  const offer = () => {
    resume.textContent = `${media ? "Reprendre" : "Charger et reprendre"} à ${clock(back)}`;
    noting.hidden = !media;
    (media ? bar : site ?? none).append(tools, resume, notice);
  };
  offer();
  const tall = new ResizeObserver(() => root.style.setProperty("--mc-bar", `${bar.offsetHeight}px`));
  tall.observe(bar);
  if (media && data.video) media.append(make("track", { kind: "subtitles", srclang: data.language, label: "Sous-titres", src: data.subtitles }));

  // The line being said
  const show = (node) => {
    const { top, bottom } = node.getBoundingClientRect();
    const first = Math.max(80, bar.getBoundingClientRect().bottom) + (query.value ? found.offsetHeight : 0);
    if (top >= first && bottom <= innerHeight - 60) return;
    const near = top > -innerHeight && bottom < 2 * innerHeight;
    node.scrollIntoView({ block: "center", behavior: near && !matchMedia("(prefers-reduced-motion: reduce)").matches ? "smooth" : "instant" });
  };
  const mark = (second) => {
    const begun = ({ start }) => start <= second + 0.05;
    const cue = cues.findLast(begun), chapter = data.chapters.findLast(begun);
    if (title.textContent !== (chapter?.title ?? "")) {
      title.textContent = chapter?.title ?? "";
      for (const row of list.querySelectorAll("button")) row.setAttribute("aria-current", String(Number(row.dataset.start) === chapter?.start));
    }
    if (cue === now) return;
    now?.node.classList.remove("now");
    now?.node.removeAttribute("aria-current");
    now = cue;
    now?.node.classList.add("now");
    now?.node.setAttribute("aria-current", "true");
    if (now && following && media && !media.paused) show(now.node);
  };
  const follow = (yes) => { following = yes; live.hidden = yes || !media || media.paused; if (yes && now) show(now.node); };
  const position = () => (!media || media.readyState === 0 ? wanted : media.currentTime);
  const paint = () => {
    const second = position(), length = media?.duration || data.duration;
    slider.value = second;
    slider.style.setProperty("--done", `${(100 * second) / length}%`);
    slider.setAttribute("aria-valuetext", `${clock(second)} sur ${clock(length)}${title.textContent ? `, ${title.textContent}` : ""}`);
    time.textContent = `${clock(second)} / ${clock(length)}`;
  };
  const seek = (second, play) => {
    wanted = Math.max(0, Math.min(second, data.duration));
    mark(wanted);
    if (!media) { if (now) show(now.node); return paint(); }
    if (media.error) media.load(); // what failed is fetched anew
    const go = () => { media.currentTime = wanted; paint(); };
    if (media.readyState === 0) media.onloadedmetadata = go; // set sooner, it would count as played from the beginning
    else go();
    if (play) start(); // within the gesture: it loads what a browser that saves data has not
  };
  const start = () => {
    if (media.error) return seek(position(), true);
    // A browser may want a gesture first: the player then stands ready.
    media.play().catch(({ name }) => { if (name === "NotAllowedError") notice.textContent = `Prêt à ${clock(position())}\u00a0: appuyez sur Lire.`; });
  };
  const toggle = () => { if (!media.paused) return media.pause(); follow(true); start(); };
  // Only what was really heard replaces what is remembered, and not its first words: « Lire » may have been pressed for « Reprendre ».
  let heard = 0, last = 0;
  const remember = () => {
    if (heard <= 10 || heard === last) return;
    last = heard;
    kept.set(memory, heard < data.duration - 15 ? String(Math.floor(heard)) : null);
    resume.hidden = true;
  };
  const session = navigator.mediaSession;
  const attach = () => {
    on(media, "timeupdate seeked", () => { mark(position()); paint(); if (!media.paused) heard = media.currentTime; if (Math.abs(heard - last) >= 5) remember(); });
    on(media, "play", () => { notice.textContent = ""; media.playbackRate = Number(speed.value); }); // another site's player hears no order before
    on(media, "play pause ended", () => {
      playButton.setAttribute("aria-label", media.paused ? "Lire" : "Mettre en pause");
      playButton.classList.toggle("on", !media.paused);
      live.hidden = following || media.paused;
      remember();
      if (session) session.playbackState = media.paused ? "paused" : "playing";
    });
    on(media, "waiting", () => { clearTimeout(slow); slow = setTimeout(() => { wait.textContent = "Chargement…"; }, 400); });
    on(media, "playing pause error", () => { clearTimeout(slow); wait.textContent = ""; });
    on(media, "loadedmetadata", () => { slider.max = media.duration; paint(); });
    on(media, "error", () => {
      media.pause(); // « Lire » tries again
      notice.textContent = media.error.code === MediaError.MEDIA_ERR_NETWORK || !navigator.onLine
        ? "Connexion perdue\u00a0: «\u00a0Lire\u00a0» reprendra là où vous en étiez."
        : "L’enregistrement ne peut pas être lu pour l’instant\u202f; la transcription reste disponible, et «\u00a0Lire\u00a0» essaie de nouveau.";
    });
    if (!session) return;
    session.metadata = new MediaMetadata({ title: data.title, artist: data.speakers, album: "Opération Milliard" });
    const chapterStep = (step) => () => { const i = data.chapters.findLastIndex((c) => c.start <= media.currentTime + 0.05) + step; if (data.chapters[i]) seek(data.chapters[i].start, true); };
    const keys = { play: () => media.paused && toggle(), pause: () => media.pause(), seekbackward: () => seek(media.currentTime - 10), seekforward: () => seek(media.currentTime + 10), seekto: (d) => seek(d.seekTime), previoustrack: chapterStep(-1), nexttrack: chapterStep(1) };
    for (const [name, handler] of Object.entries(keys)) session.setActionHandler(name, handler);
  };
  const setSpeed = (rate) => { if (!rate) return; if (media) media.playbackRate = rate; speed.value = rate; kept.set("hub-speed", rate); };
  const faster = (by) => () => setSpeed(SPEEDS[SPEEDS.indexOf(Number(speed.value)) + by]);

  // Search: the words of each paragraph without accents, and the place of every letter; marks without touching the text
  let hits = [], here = -1, letters = null;
  const index = () => [...text.querySelectorAll(".said")].map((said) => {
    const places = [];
    let folded = "";
    const walker = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) fold(walker.currentNode.data, (letter, i) => { folded += letter; places.push([walker.currentNode, i]); });
    return { folded, places };
  });
  const find = () => {
    let wantedText = "";
    fold(query.value.trim(), (letter) => { wantedText += letter; });
    letters ??= index();
    hits = [];
    if (wantedText.length > 1) for (const { folded, places } of letters)
      for (let at = folded.indexOf(wantedText); at >= 0; at = folded.indexOf(wantedText, at + wantedText.length)) {
        const range = new Range();
        range.setStart(...places[at]);
        const [node, i] = places[at + wantedText.length - 1];
        range.setEnd(node, i + 1);
        hits.push(range);
      }
    here = -1;
    globalThis.CSS?.highlights?.set("hub-found", new Highlight(...hits));
    CSS?.highlights?.delete("hub-here");
    count.textContent = wantedText.length > 1 ? (hits.length ? `${hits.length} trouvé${hits.length > 1 ? "s" : ""}` : "Aucun résultat") : "";
  };
  const step = (by) => {
    if (!hits.length) return;
    here = (here + by + hits.length) % hits.length;
    count.textContent = `${here + 1} sur ${hits.length}`;
    follow(false);
    globalThis.CSS?.highlights?.set("hub-here", new Highlight(hits[here]));
    show(hits[here].startContainer.parentElement);
  };

  // Definitions, on hover, focus and tap
  const define = (term) => {
    const [name, meaning] = data.terms[term.dataset.term];
    definition.replaceChildren(make("strong", { textContent: name }), " ", meaning);
    if (!definition.matches(":popover-open")) definition.showPopover();
    const { left, bottom, top } = term.getBoundingClientRect();
    definition.style.left = `${Math.max(8, Math.min(left, innerWidth - definition.offsetWidth - 8))}px`;
    const below = bottom + definition.offsetHeight + 8 < innerHeight;
    definition.style.top = `${below ? bottom + 2 : top - definition.offsetHeight - 2}px`;
  };
  const undefine = () => definition.matches(":popover-open") && definition.hidePopover();

  const actions = {
    play: toggle, back: () => seek(position() - 10), forth: () => seek(position() + 10),
    live: () => follow(true), next: () => step(1), previous: () => step(-1), help: () => help.showModal(), "close-help": () => help.close(),
    resume: () => { resume.hidden = true; if (media) return seek(back, true); wanted = back; actions.load(); },
    line: (node) => { following = true; live.hidden = true; seek(Number(node.dataset.start), true); },
    note: () => tell("note", { at: position() }),
    share: () => tell("share", { start: position(), end: null, text: now?.node.textContent ?? "" }),
    "share-chapter": (node) => { const c = data.chapters.find((one) => one.id === node.parentElement.firstChild.id); tell("share", { start: c.start, end: c.end, text: c.title, chapter: true }); },
    full: () => (document.fullscreenElement ? document.exitFullscreen() : bar.requestFullscreen ? bar.requestFullscreen() : media?.webkitEnterFullscreen?.()),
    pip: () => (document.pictureInPictureElement ? document.exitPictureInPicture() : media?.requestPictureInPicture?.())?.catch(() => {}),
    captions: () => { const [track] = media?.textTracks ?? []; if (!track) return; track.mode = track.mode === "showing" ? "hidden" : "showing"; root.querySelector("[data-do=captions]").setAttribute("aria-pressed", track.mode === "showing"); },
    load: () => {
      media?.pause();
      media = new Framed(data.site, media?.currentTime || wanted, over.signal);
      stage.replaceChildren(media.node);
      offer();
      site.remove();
      bar.hidden = false;
      attach();
    },
  };
  const keys = {
    p: (line) => (line ? tell("share", { ...line, text: line.node.textContent }) : actions.share()), "?": actions.help, "/": () => query.focus(),
  };
  const playing = { // where nothing plays the browser keeps these keys
    n: actions.note, " ": toggle, k: toggle, j: actions.back, l: actions.forth, m: () => { media.muted = !media.muted; }, f: () => data.video && actions.full(), s: actions.captions,
    ArrowLeft: () => seek(position() - 5), ArrowRight: () => seek(position() + 5), "<": faster(-1), ">": faster(1),
  };
  for (let tenth = 0; tenth < 10; tenth++) playing[tenth] = () => seek((data.duration * tenth) / 10);

  on(root, "click", (event) => {
    const term = event.target.closest(".term"), cue = event.target.closest(".cue"), link = event.target.closest("[data-at]"), action = event.target.closest("[data-do]");
    if (term) return define(term);
    undefine();
    if (link) { event.preventDefault(); return seek(Number(link.dataset.at), true); }
    if (action) return actions[action.dataset.do]?.(action);
    if (cue && getSelection().isCollapsed) actions.line(cue); // words that were just selected are not a click
  });
  on(document, "pointerover focusin", ({ target }) => target.matches?.(".mc-text .term") ? define(target) : target.closest?.(".mc-definition") || undefine());
  on(document, "keydown", (event) => {
    const from = event.target, typing = from.matches?.("input:not([type=range]), textarea, select, [contenteditable]");
    if (event.key === "Escape") undefine();
    if (from === query && event.key === "Enter") { event.preventDefault(); return step(event.shiftKey ? -1 : 1); }
    if (from === query && event.key === "Escape") { query.value = ""; find(); }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (from.matches?.(".term") && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); return define(from); }
    if (from.matches?.("button, a, summary, [role=button]") && (event.key === " " || event.key === "Enter")) return;
    const cue = cues[from.closest?.(".cue")?.dataset.i], line = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (cue && event.key === "Enter") return actions.line(cue.node);
    if (cue && line) { event.preventDefault(); return cues[cues.indexOf(cue) + line]?.node.focus(); }
    if (event.key === "ArrowDown" && from.matches?.(".mc-stamp")) { event.preventDefault(); return from.parentElement.querySelector(".cue").focus(); }
    const act = keys[event.key] ?? (media && playing[event.key]);
    if (act) { event.preventDefault(); act(cue); }
    else if (from !== slider && ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"].includes(event.key)) scrolled();
  });
  // Only a person's own scrolling stops the following: wheel, finger, keys or the scroll bar; the keyboard's place is not left either.
  const scrolled = () => { if (media && !media.paused && following) follow(false); };
  on(document, "wheel touchmove", (event) => event.target.closest?.(".mc-definition, dialog") || scrolled());
  on(document, "pointerdown", (event) => event.target.matches?.(".stMain") && scrolled());
  on(document, "focusin", (event) => event.target.matches?.(".stMain :focus-visible:not(.mc-bar *, .mc-live, dialog *)") && scrolled());
  on(slider, "input", () => seek(Number(slider.value), false));
  on(speed, "change", () => setSpeed(Number(speed.value)));
  on(query, "input", find);
  on(window, "pagehide", remember);
  on(document, "hub-seek", (event) => seek(event.detail.at, true));
  if (media) attach();
  setSpeed(SPEEDS.find((rate) => rate === Number(kept.get("hub-speed"))) ?? 1);
  if (media) mark(wanted); // where nothing plays, only the line is marked to which somebody goes
  paint();
  if (data.at !== null) { seek(data.at, true); if (now) show(now.node); }
  else if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();

  root.stop = () => {
    remember();
    over.abort();
    tall.disconnect();
    media?.pause();
    for (const name of ["play", "pause", "seekbackward", "seekforward", "seekto", "previoustrack", "nexttrack"]) session?.setActionHandler(name, null);
    delete root.dataset.slug;
  };
  return root.stop;
}
