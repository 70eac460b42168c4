// The recording beside the text: play, go back two seconds, speed.

const PACES = [0.5, 0.75, 1, 1.25, 1.5, 2];
const tenths = (s) => `${clock(s)},${Math.floor(s * 10 + 1e-6) % 10}`;

class Sound extends EventTarget {
  constructor(data, signal) {
    super();
    this.length = data.duration;
    this.media = data.media && make(data.video ? "video" : "audio", { preload: "metadata", src: data.media, playsInline: true });
    this.slider = make("input", { type: "range", min: 0, max: data.duration, step: 0.1, value: 0, className: "mc-slider", aria: { label: "Position dans l’enregistrement" } });
    this.time = make("span", { className: "mc-time" });
    this.play = button("", "play", { className: "mc-play", aria: { label: "Lire" } });
    this.speed = make("select", { aria: { label: "Vitesse" } }, ...PACES.map((s) => make("option", { value: s, textContent: `× ${String(s).replace(".", ",")}` })));
    this.speed.value = 1;
    this.stage = make("div", { className: "mc-stage" }, ...(this.media ? [this.media] : []));
    const on = (target, names, handler) => names.split(" ").forEach((name) => target.addEventListener(name, handler, { signal }));
    on(this.slider, "input", () => this.seek(Number(this.slider.value)));
    on(this.speed, "change", () => this.pace(Number(this.speed.value)));
    this.wanted = 0;
    if (this.media) {
      on(this.media, "timeupdate seeked", () => { this.wanted = this.media.currentTime; this.#paint(); });
      on(this.media, "play pause ended", () => { this.play.setAttribute("aria-label", this.playing ? "Mettre en pause" : "Lire"); this.play.classList.toggle("on", this.playing); });
      on(this.media, "loadedmetadata", () => { this.length = this.media.duration; this.slider.max = this.length; this.media.currentTime = this.wanted; this.#paint(); });
      on(this.media, "error", () => this.dispatchEvent(new Event("broken")));
      this.pace(Number(kept.get("hub-review-speed")) || 1);
    }
    this.#paint();
  }
  get playing() { return !!this.media && !this.media.paused; }
  get at() { return this.wanted; }
  pace(rate) { if (!this.media) return; this.media.playbackRate = rate; this.speed.value = rate; kept.set("hub-review-speed", rate); }
  faster(step) { const at = PACES.indexOf(Number(this.speed.value)) + step; if (PACES[at]) this.pace(PACES[at]); }
  seek(second, play = false) {
    this.wanted = Math.max(0, Math.min(second, this.length));
    if (this.media?.readyState) this.media.currentTime = this.wanted;
    if (play) this.media?.play().catch(() => {});
    this.#paint();
  }
  toggle() { if (this.media) this.media.paused ? this.media.play().catch(() => {}) : this.media.pause(); }
  stop() { this.media?.pause(); }
  #paint() {
    this.slider.value = this.wanted;
    this.slider.style.setProperty("--done", `${(100 * this.wanted) / this.length}%`);
    this.slider.setAttribute("aria-valuetext", `${clock(this.wanted)} sur ${clock(this.length)}`);
    this.time.textContent = `${tenths(this.wanted)} / ${clock(this.length)}`;
    this.dispatchEvent(new Event("moved"));
  }
}

