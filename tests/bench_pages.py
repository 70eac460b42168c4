"""How fast and how heavy the page of a masterclass is, in a real browser: ``python -m tests.bench_pages``.

First content is the title; the transcript is there when its first line is. Weight is what comes over the network beyond
Streamlit's own files: the hub's head, style, typeface and component, and the words themselves, but no sound.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from app.settings import ROOT
from tests.browser.conftest import chromium, serve
from tests.talks import lines, silence, talk
from transcripts.library import Library
from transcripts.model import Chapter

RUNS = 5
PAINTED = """selector => new Promise(done => {
  const look = () => document.querySelector(selector) ? done(performance.now()) : requestAnimationFrame(look);
  look();
})"""


def main() -> None:
    """Print the medians of a talk of eight minutes and of one of two hours."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        home.mkdir()
        (home / "models").symlink_to(ROOT / "var" / "models")
        library = Library(home)
        slugs = {
            name: talk(
                library,
                name,
                lines(count),
                chapters=tuple(Chapter(n * length / 10, (n + 1) * length / 10, f"Partie {n + 1}") for n in range(10)),
                summary="- Un point ([0:04](#t=4))",
                recording=silence(Path(scratch) / f"{count}.flac", length),
            )
            for name, count, length in (("Huit minutes", 165, 475), ("Deux heures", 2500, 7200))
        }
        process, url = serve(home)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
                for name, slug in slugs.items():
                    address = f"{url}/masterclass?m={slug}"
                    visit(browser, address)  # the hub is warm from here on
                    taken = [visit(browser, address) for _ in range(RUNS)]
                    title, line, weight = (statistics.median(values) for values in zip(*taken, strict=True))
                    print(f"{name}: title {title:.2f} s, first line {line:.2f} s, {weight / 1000:.0f} kB")  # noqa: T201
                browser.close()
        finally:
            process.terminate()
            process.wait(20)


def visit(browser: Browser, address: str) -> tuple[float, float, float]:
    """Open an address with an empty cache; return the seconds to its title and its first line, and bytes of our own."""
    page = browser.new_page(viewport={"width": 1280, "height": 850})
    sizes: list[int] = []

    def sized(length: int, path: str) -> None:
        if not path.startswith(("/static/", "/_stcore/", "/media/")):
            sizes.append(length)

    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    paths: dict[str, str] = {}
    client.on(
        "Network.responseReceived",
        lambda event: paths.update({event["requestId"]: event["response"]["url"].split("/", 3)[-1]}),
    )
    client.on(
        "Network.loadingFinished",
        lambda event: sized(int(event["encodedDataLength"]), "/" + paths.get(event["requestId"], "_stcore/")),
    )
    client.on("Network.webSocketFrameReceived", lambda event: sizes.append(len(event["response"]["payloadData"])))
    page.goto(address, wait_until="commit")
    title = page.evaluate(PAINTED, ".mc-head h1") / 1000
    line = page.evaluate(PAINTED, ".cue") / 1000
    page.wait_for_load_state("networkidle")
    page.close()
    return title, line, sum(sizes)


if __name__ == "__main__":
    main()
