"""What shows in a browser whether a long transcript stays smooth, by the clock of the page itself."""

# Jumps to forty moments; returns the milliseconds of the slowest, layout included.
MARKING = """() => new Promise(done => {
  const audio = document.querySelector("audio");
  let longest = 0, n = 0;
  const step = () => {
    const began = performance.now();
    audio.currentTime = 7100 * Math.random();
    audio.dispatchEvent(new Event("timeupdate"));
    document.body.offsetHeight;
    longest = Math.max(longest, performance.now() - began);
    ++n < 40 ? requestAnimationFrame(step) : done(longest);
  };
  step();
})"""

# Scrolls through the page in two hundred steps; returns how many frames took over 50 milliseconds, and of how many.
SCROLLING = """() => new Promise(done => {
  const main = document.querySelector(".stMain"), far = main.scrollHeight - main.clientHeight;
  const times = [];
  const step = (now) => {
    times.push(now);
    main.scrollTo({ top: far * times.length / 200, behavior: "instant" });
    times.length < 200 ? requestAnimationFrame(step)
      : done([times.filter((time, i) => i && time - times[i - 1] > 50).length, times.length]);
  };
  requestAnimationFrame(step);
})"""

# Types a word into the search of the transcript, letter by letter; returns the milliseconds of the slowest, layout included.
TYPING = """word => new Promise(done => {
  const box = document.querySelector(".mc-search input");
  let longest = 0, n = 0;
  const step = () => {
    const began = performance.now();
    box.value = word.slice(0, ++n);
    box.dispatchEvent(new Event("input"));
    document.body.offsetHeight;
    longest = Math.max(longest, performance.now() - began);
    n < word.length ? requestAnimationFrame(step) : done(longest);
  };
  step();
})"""
