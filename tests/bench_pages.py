"""How fast and how heavy pages are, in a real browser: ``python -m tests.bench_pages``; it fails where a goal is missed.

First words are the title that comes before Streamlit, in the page's HTML; what Streamlit draws counts from its own title,
and a transcript is there when its first line is. The first quote of a search or an answer counts where it comes first, which is
said, and then where Streamlit has drawn it; each is of words that were not asked before. Nothing counts before the browser has
painted. Each page is opened by its address with an empty cache, by its address
again, and from inside the hub, as a reader goes from page to page. Weight is what comes over the network beyond
Streamlit's own files: the hub's head, style, typeface and components, and the words themselves, but no sound.
"""

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import chromium, serve, warm
from tests.browser.smooth import MARKING, SCROLLING, TYPING
from tests.browser.views import PEOPLE, VIEWS
from tests.conftest import kept_demonstration, run_hub
from tests.talks import lines, silence, talk
from tests.yardstick import note
from transcripts.library import Library
from transcripts.model import Chapter

RUNS = 3
SPOKEN = "2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres"
SEARCHES = ("fonds de garantie", "monnaie locale", "part sociale", "mécénat", "énergie citoyenne")
SEARCHED = "/recherche?q=pr%C3%AAt+participatif"
ASKED = "/question?q=Comment+marche+un+pr%C3%AAt+participatif+%3F"
# Opened from a link, each once: what was asked before is remembered.
LINKS = {
    "search": (
        "/recherche?q=",
        ("fonds propres", "apport avec droit de reprise", "caution personnelle", "fonds de dotation"),
    ),
    "question": (
        "/question?q=",
        (
            "Qui crée la monnaie ?",
            "Ma banque dit non, que faire ?",
            "À quoi sert une part sociale ?",
            "Qui peut délivrer un reçu fiscal ?",
        ),
    ),
}
FIRST, TITLE, LINE, QUOTE = ".hub-first", ".stMain .mc-head h1", ".cue", ".stMain .hub-quote"
EARLY = ".hub-first .hub-quote"
# A page of Streamlit's that is complete, or one of the hub's own.
WHOLE = "[data-testid=stMain][aria-busy=false], html:not(:has(#root)) main"
# Streamlit's own, and sound: everything else that a page loads is the hub's.
NOT_OURS = ("/static/", "/_stcore/", "/media/")
# What never comes ends the run with its name, where a promise would wait for ever.
PAINTED = """selector => new Promise((done, fail) => {
  setTimeout(() => fail(new Error(`${selector} did not come`)), 60000);
  let found = 0, early = false;
  const look = () => {
    const node = document.querySelector(selector), [painted] = performance.getEntriesByName("first-contentful-paint");
    if (node && !found) { found = performance.now(); early = !!node.closest(".hub-first"); }
    found && painted ? done([Math.max(found, painted.startTime) / 1000, early]) : requestAnimationFrame(look);
  };
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


class Seen(NamedTuple):
    """When something was painted, in seconds from the address's opening, and whether it stood in the page's own HTML."""

    seconds: float
    early: bool


_over: list[str] = []


def main() -> None:
    """Print the medians, each beside what it must stay below, and note them."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        shutil.copytree(kept_demonstration(), home, symlinks=True)
        long = two_hours(home, Path(scratch))
        run_hub(home, "search", "prêt")  # the index is level with the library before anything is measured
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
    sys.exit("; ".join(_over) or 0)


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
    """Measure a talk of eight minutes, one of two hours, a search and a question, and weigh all pages."""
    for name, slug in (("8 minutes", SPOKEN), ("two hours", long)):
        address = f"{url}/masterclass?m={slug}"
        opened(browser, address, LINE)  # the hub is warm from here on
        cold = [opened(browser, address, FIRST, TITLE, LINE) for _ in range(RUNS)]
        say(f"{name}: first words, empty cache", seconds(cold, 0), 1.5)
        say(f"{name}: title of the page itself, empty cache", seconds(cold, 1), 1.5)
        say(f"{name}: first line, empty cache", seconds(cold, 2), 2)
        say(f"{name}: weight", statistics.median(weight for _, weight in cold) / 1e6, 1.5, "MB")
    for name, (path, (before, *queries)) in LINKS.items():
        opened(browser, url + path + quote(before), QUOTE)
        cold = [opened(browser, url + path + quote(query), f"{EARLY}, {QUOTE}", QUOTE) for query in queries]
        early = sum(seen[0].early for seen, _ in cold)
        where = f"in the HTML {early} of {len(cold)} times"
        say(f"{name}: first quote, empty cache", seconds(cold, 0), 1, remark=where)
        say(f"{name}: first quote of the page itself, empty cache", seconds(cold, 1), 1.5)
    page = browser.new_page(viewport={"width": 1280, "height": 850}, user_agent=PEOPLE)
    for name, address, selector, limit in (
        ("8 minutes: title", f"/masterclass?m={SPOKEN}", TITLE, 1.5),
        ("two hours: first line", f"/masterclass?m={long}", LINE, 2),
        ("search: first quote", SEARCHED, f"{EARLY}, {QUOTE}", 1),
        ("question: first quote", ASKED, f"{EARLY}, {QUOTE}", 1),
    ):
        say(f"{name}, seen before", again(page, url + address, selector), limit)
        say(f"{name}, by a link", median(lambda at=address, s=selector: followed(page, url, at, s)), limit)
    page.goto(f"{url}/recherche")
    page.get_by_role("combobox").wait_for()
    say("search: first quote, typed", statistics.median(typed(page, words) for words in SEARCHES), 1)
    page.goto(f"{url}/masterclass?m={long}")
    page.locator(LINE).first.wait_for()
    say("two hours: marking another line, worst of 40", page.evaluate(MARKING) / 1000, 0.1)
    late, frames = page.evaluate(SCROLLING)
    say(f"two hours: scrolling, frames over 50 ms of {frames}", late, frames / 20, "")
    say("two hours: typing in its search, worst letter", page.evaluate(TYPING, "ligne") / 1000, 0.25)
    page.close()
    weights = {view: opened(browser, url + address, WHOLE)[1] for view, address in VIEWS.items()}
    heaviest = max(weights, key=weights.__getitem__)
    say(f"weight of the heaviest of {len(weights)} pages", weights[heaviest] / 1e6, 1.5, "MB", heaviest)


def seconds(runs: list[tuple[list[Seen], int]], nth: int) -> float:
    """Return the median of when the nth selector was seen."""
    return statistics.median(seen[nth].seconds for seen, _ in runs)


def say(what: str, value: float, limit: float, unit: str = "s", remark: str = "") -> None:
    """Print and note one measure."""
    note(f"pages: {what}", value, unit, most=limit)
    if value > limit:
        _over.append(f"{what}: {value:.2f} {unit}, over {limit:g}")
    print(f"{what:<64}{value:7.2f} {unit:<2} (below {limit:g}) {remark}", flush=True)  # noqa: T201


def median(once: Callable[[], float]) -> float:
    """Return the median of several runs."""
    return statistics.median(once() for _ in range(RUNS))


def opened(browser: Browser, address: str, *selectors: str) -> tuple[list[Seen], int]:
    """Open an address with an empty cache; return when each selector was seen, and bytes of our own."""
    page = browser.new_page(viewport={"width": 1280, "height": 850}, user_agent=PEOPLE)
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
    seen = [Seen(*page.evaluate(PAINTED, selector)) for selector in selectors]
    page.wait_for_timeout(500)  # what comes late weighs too
    page.close()
    return seen, sum(sizes)


def again(page: Page, address: str, selector: str) -> float:
    """Return the seconds to a selector when the browser has the hub's files already."""
    page.goto(address)
    page.locator(selector).first.wait_for()

    def once() -> float:
        page.goto(address, wait_until="commit")
        return Seen(*page.evaluate(PAINTED, selector)).seconds

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
