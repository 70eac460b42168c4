// An address that ends in #t=<seconds> shows the paragraph said then, and plays the recording from there.
const media = document.querySelector("audio, video");
const paragraphs = [...document.querySelectorAll("p[id^='t=']")];
const startOf = (paragraph) => Number(paragraph.id.slice(2));

const go = (play) => {
  const second = Number(/^#t=(\d+(?:\.\d+)?)$/.exec(decodeURIComponent(location.hash))?.[1] ?? NaN);
  if (Number.isNaN(second)) return;
  document.querySelector(".rd-here")?.classList.remove("rd-here");
  const there = paragraphs.filter((paragraph) => startOf(paragraph) <= second).at(-1);
  there?.classList.add("rd-here");
  there?.scrollIntoView({ block: "center" });
  if (!media) return;
  media.currentTime = second;
  if (play) media.play().catch(() => {}); // A browser may refuse to play; the moment is shown all the same.
};

addEventListener("hashchange", () => go(true));
// The same moment again changes no address.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='#t=']");
  if (link && link.hash === location.hash) go(true);
});
go(false);
