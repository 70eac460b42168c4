// The player with its transcript. Text arrives as data and is shown as text: nothing here writes HTML.
// Playing, clicking and following never reach the Streamlit script.

const clock = (s) => {
  const [h, m, r] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, Math.floor(s % 60)];
  return (h ? `${h}:${String(m).padStart(2, "0")}` : m) + ":" + String(r).padStart(2, "0");
};

const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".player");
  const shown = JSON.stringify([data.media, data.at, data.paragraphs.length]);
  if (root.dataset.shown === shown) return; // a re-run of the script must not stop the sound
  root.dataset.shown = shown;

  const media = data.media && make(data.video ? "video" : "audio", { controls: true, preload: "metadata", src: data.media });
  const cues = []; // {start, end, node}, in order

  const seek = (second, play) => {
    if (!media) return mark(second, true);
    const go = () => {
      media.currentTime = second;
      if (play) media.play().catch(() => {}); // a browser may want a gesture first: the player then stands ready
    };
    media.readyState ? go() : media.addEventListener("loadedmetadata", go, { once: true });
    mark(second, !play);
  };

  let now = null;
  const mark = (second, scroll) => {
    let low = 0, high = cues.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cues[middle].start <= second + 0.05) low = middle + 1; else high = middle;
    }
    const cue = cues[low - 1];
    if (cue === now) return;
    now?.node.classList.remove("now");
    now?.node.removeAttribute("aria-current");
    now = cue;
    cue?.node.classList.add("now");
    cue?.node.setAttribute("aria-current", "true");
    if (scroll) cue?.node.scrollIntoView({ block: "center" });
  };

  const heading = make("h2", { textContent: "Transcription" });
  const text = make("section", { ariaLabel: "Transcription" }, heading);
  const chapters = [...data.chapters];
  let speaker = null;
  for (const paragraph of data.paragraphs) {
    while (chapters.length && chapters[0].start <= paragraph.start + 0.05) {
      const chapter = chapters.shift();
      text.append(make("h2", { textContent: chapter.title }));
    }
    const said = make("p", { className: "said" });
    if (paragraph.speaker && paragraph.speaker !== speaker) said.append(make("span", { className: "speaker", textContent: paragraph.speaker }));
    speaker = paragraph.speaker;
    for (const cue of paragraph.cues) {
      // Not a <button>: those do not break across lines as running text does.
      const node = make("span", { className: "cue", role: "button", tabIndex: 0, title: `Écouter à ${clock(cue.start)}`, textContent: cue.text });
      node.dataset.start = cue.start;
      node.addEventListener("click", () => seek(cue.start, true));
      node.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        seek(cue.start, true);
      });
      cues.push({ ...cue, node });
      said.append(node, " ");
    }
    text.append(said);
  }

  const list = make("ol");
  for (const chapter of data.chapters) {
    const node = make("button", { type: "button" }, make("time", { textContent: clock(chapter.start) }), make("span", { textContent: chapter.title }));
    node.addEventListener("click", () => seek(chapter.start, true));
    list.append(make("li", {}, node));
  }

  const bar = make("div", { className: "bar" }, media || make("p", { className: "note", textContent: "Cette masterclass n’a pas d’enregistrement : sa transcription se lit ci-dessous." }));
  if (data.video && media) media.append(make("track", { kind: "subtitles", srclang: "fr", label: "Français", src: data.subtitles }));
  const contents = data.chapters.length ? [make("details", { open: data.at === null }, make("summary", { textContent: `Chapitres (${data.chapters.length})` }), list)] : [];
  root.replaceChildren(bar, ...contents, text);

  if (media) {
    media.setAttribute("aria-label", "Enregistrement");
    media.addEventListener("timeupdate", () => mark(media.currentTime, false));
    media.addEventListener("error", () => bar.append(make("p", { className: "note", textContent: "L’enregistrement ne peut pas être lu ici ; la transcription reste disponible." })));
  }
  if (data.at !== null) seek(data.at, true), now?.node.scrollIntoView({ block: "center" });

  return () => media?.pause();
}
