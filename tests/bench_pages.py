"""How fast and how heavy pages are, in a real browser: ``python -m tests.bench_pages``.

First words are the title that comes before Streamlit; what Streamlit draws counts from its own title or first quote,
and a transcript is there when its first line is. Each page is opened by its address with an empty cache, by its address
again, and from inside the hub, as a reader goes from page to page. Weight is what comes over the network beyond
Streamlit's own files: the hub's head, style, typeface and components, and the words themselves, but no sound.
"""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import chromium, serve, warm
from tests.browser.smooth import MARKING, SCROLLING
from tests.conftest import kept_demonstration, run_hub
from tests.talks import lines, silence, talk
from transcripts.library import Library
from transcripts.model import Chapter

RUNS = 3
SPOKEN = "2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres"
QUESTIONS = ("fonds de garantie", "monnaie locale", "part sociale", "mécénat", "énergie citoyenne")
SEARCHED = "/recherche?q=pr%C3%AAt+participatif"
ASKED = "/question?q=Comment+marche+un+pr%C3%AAt+participatif+%3F"
FIRST, TITLE, LINE, QUOTE = ".hub-first", ".stMain .mc-head h1", ".cue", ".hub-quote"
# Streamlit's own, and sound: everything else that a page loads is the hub's.
NOT_OURS = ("/static/", "/_stcore/", "/media/")
# What never comes ends the run with its name, where a promise would wait for ever.
PAINTED = """selector => new Promise((done, fail) => {
  setTimeout(() => fail(new Error(`${selector} did not come`)), 60000);
  const look = () => document.querySelector(selector) ? done(performance.now()) : requestAnimationFrame(look);
  look();
})"""
# Marked before the click: what is waited for must be drawn after it.
CLICKED = """([link, selector]) => new Promise((done, fail) => {
  setTimeout(() => fail(new Error(`${selector} did not come`)), 60000);
  const began = performance.now(), old = document.querySelector(selector);
  const look = () => {
    const node = document.querySelector(selector);
    node && node !== old ? done(performance.now() - began) : requestAnimationFrame(look);
  };
  document.querySelector(link).click();
  look();
})"""


def main() -> None:
    """Print the medians, each beside what it must stay below."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        shutil.copytree(kept_demonstration(), home, symlinks=True)
        long = two_hours(home, Path(scratch))
        run_hub(home, "search", "prêt")  # the index is level with the library before anything is measured
        say("getting ready", time.monotonic() - began, 120)
        process, url = serve(home)
        try:
            warm(url)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
                measure(browser, url, long)
                browser.close()
        finally:
            process.terminate()
            process.wait(20)
    say("this run", time.monotonic() - began, 300)


def two_hours(home: Path, scratch: Path) -> str:
    """Add a talk of two hours, 2,500 lines and 22,500 words; return its slug."""
    cues = tuple(
        replace(cue, text=f"Voici la ligne {n}, où le prêt se rembourse.") for n, cue in enumerate(lines(2500))
    )
    chapters = tuple(Chapter(n * 720, (n + 1) * 720, f"Partie {n + 1}") for n in range(10))
    recording = silence(scratch / "long.flac", 7200)
    summary = "- Un point ([0:04](#t=4))"
    return talk(Library(home), "Deux heures", cues, chapters=chapters, summary=summary, recording=recording)


def measure(browser: Browser, url: str, long: str) -> None:
    """Measure a talk of eight minutes, one of two hours, a search and a question."""
    for name, slug in (("8 minutes", SPOKEN), ("two hours", long)):
        address = f"{url}/masterclass?m={slug}"
        opened(browser, address, LINE)  # the hub is warm from here on
        cold = [opened(browser, address, FIRST, TITLE, LINE) for _ in range(RUNS)]
        say(f"{name}: first words, empty cache", statistics.median(times[0] for times, _ in cold), 1.5)
        say(f"{name}: title of the page itself, empty cache", statistics.median(times[1] for times, _ in cold), 1.5)
        say(f"{name}: first line, empty cache", statistics.median(times[2] for times, _ in cold), 2)
        say(f"{name}: weight", statistics.median(weight for _, weight in cold) / 1e6, 1.5, "MB")
    for name, address in (("search", SEARCHED), ("question", ASKED)):
        opened(browser, url + address, QUOTE)
        cold = [opened(browser, url + address, QUOTE) for _ in range(RUNS)]
        say(f"{name}: first quote, empty cache", statistics.median(times[0] for times, _ in cold), 1)
    page = browser.new_page(viewport={"width": 1280, "height": 850})
    for name, address, selector, limit in (
        ("8 minutes: title", f"/masterclass?m={SPOKEN}", TITLE, 1.5),
        ("two hours: first line", f"/masterclass?m={long}", LINE, 2),
        ("search: first quote", SEARCHED, QUOTE, 1),
        ("question: first quote", ASKED, QUOTE, 1),
    ):
        say(f"{name}, seen before", again(page, url + address, selector), limit)
        say(f"{name}, by a link", median(lambda at=address, s=selector: followed(page, url, at, s)), limit)
    page.goto(f"{url}/recherche")
    page.get_by_role("combobox").wait_for()
    say("search: first quote, typed", statistics.median(typed(page, words) for words in QUESTIONS), 1)
    page.goto(f"{url}/masterclass?m={long}")
    page.locator(LINE).first.wait_for()
    say("two hours: marking another line, worst of 40", page.evaluate(MARKING) / 1000, 0.1)
    late, frames = page.evaluate(SCROLLING)
    say(f"two hours: scrolling, frames over 50 ms of {frames}", late, frames / 20, "")
    page.close()


def say(what: str, value: float, limit: float, unit: str = "s") -> None:
    """Print one measure."""
    verdict = "" if value <= limit else "  OVER"
    print(f"{what:<48}{value:7.2f} {unit:<2} (below {limit:g}){verdict}", flush=True)  # noqa: T201


def median(once: Callable[[], float]) -> float:
    """Return the median of several runs."""
    return statistics.median(once() for _ in range(RUNS))


def opened(browser: Browser, address: str, *selectors: str) -> tuple[list[float], int]:
    """Open an address with an empty cache; return the seconds to each selector, and bytes of our own."""
    page = browser.new_page(viewport={"width": 1280, "height": 850})
    sizes: list[int] = []
    paths: dict[str, str] = {}
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.on(
        "Network.responseReceived",
        lambda event: paths.update({event["requestId"]: "/" + event["response"]["url"].split("/", 3)[-1]}),
    )
    client.on(
        "Network.loadingFinished",
        lambda event: (
            paths.get(event["requestId"], NOT_OURS[0]).startswith(NOT_OURS)
            or sizes.append(int(event["encodedDataLength"]))
        ),
    )
    client.on("Network.webSocketFrameReceived", lambda event: sizes.append(len(event["response"]["payloadData"])))
    page.goto(address, wait_until="commit")
    times = [page.evaluate(PAINTED, selector) / 1000 for selector in selectors]
    page.wait_for_timeout(500)  # what comes late weighs too
    page.close()
    return times, sum(sizes)


def again(page: Page, address: str, selector: str) -> float:
    """Return the seconds to a selector when the browser has the hub's files already."""
    page.goto(address)
    page.locator(selector).first.wait_for()

    def once() -> float:
        page.goto(address, wait_until="commit")
        return float(page.evaluate(PAINTED, selector)) / 1000

    return median(once)


def followed(page: Page, url: str, address: str, selector: str) -> float:
    """Return the seconds from a click on a link inside the hub to a selector."""
    page.goto(f"{url}/agenda")
    page.locator(".hub-event").first.wait_for()
    page.evaluate(
        "address => document.querySelector('.hub-event').insertAdjacentHTML('beforeend', `<a id=there href='${address}'>x</a>`)",
        address,
    )
    return float(page.evaluate(CLICKED, ["#there", selector])) / 1000


def typed(page: Page, words: str) -> float:
    """Return the seconds from Enter in the box to the first quote for other words."""
    page.get_by_role("combobox").fill(words)
    before = page.locator(QUOTE).first.inner_text() if page.locator(QUOTE).count() else ""
    began = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "([selector, before]) => { const q = document.querySelector(selector); return q && q.innerText !== before; }",
        arg=[QUOTE, before],
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
