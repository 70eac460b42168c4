"""The pictures of the staff's guide, taken of the workshop as it is: ``python -m tests.guide_pictures``.

They go to ``pages/static/aide/``, small enough to lie in the repository; what each shows is told beside it in ``pages/aide/``. The words
on them are kept in ``tests/guide_pictures.json``: `tests/browser/test_guide_pictures.py` takes them again, and fails when one has changed.
"""

import json
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.access import COOKIE
from app.people import Role
from app.places import STATIC
from app.queue import Job
from app.services import Services
from app.settings import Settings
from ingest.pipeline import Outcome, Wishes
from tests.browser.conftest import chromium, serve
from tests.browser.views import settle
from tests.conftest import kept_demonstration
from transcripts.library import Library

FOLDER = STATIC / "aide"
WORDS = Path(__file__).with_suffix(".json")
WIDTH = 900  # pixels, of the widest picture
_DRAFT = "2026-10-15-d-ou-vient-la-monnaie"


def _add(page: Page, url: str, media: Path) -> None:
    page.goto(f"{url}/atelier-ajouter")
    page.get_by_label("Choisir des fichiers", exact=True).set_input_files(
        {
            "name": "20261118_monnaies-locales.ogg",
            "mimeType": "audio/ogg",
            "buffer": media.read_bytes() + b"\0",  # not one that is there already
        }
    )
    expect(page.get_by_text("est arrivé")).to_be_visible(timeout=60_000)


def _work(page: Page, url: str, media: Path) -> None:
    page.goto(f"{url}/atelier-travaux")
    expect(page.get_by_text("Relire et publier")).to_be_visible(timeout=60_000)


def _correct(page: Page, url: str, media: Path) -> None:
    page.goto(f"{url}/atelier-relire?m={_DRAFT}")
    expect(page.locator(".re[data-ready]")).to_be_visible(timeout=60_000)
    page.keyboard.press("F2")
    page.wait_for_timeout(500)
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0); scrollTo(0, 0)")


def _publish(page: Page, url: str, media: Path) -> None:
    page.goto(f"{url}/atelier-publier?m={_DRAFT}")
    expect(page.get_by_role("button", name="Publier maintenant")).to_be_visible(timeout=60_000)


# Name, how one gets there, how wide the window is, and how much of it is shown: from pixel to pixel, top down.
SCENES: dict[str, tuple[Callable[[Page, str, Path], None], int, tuple[int, int]]] = {
    "ajouter": (_add, 900, (330, 1215)),
    "travaux": (_work, 900, (240, 840)),
    "relire": (_correct, 1280, (130, 1000)),
    "publier": (_publish, 900, (225, 1132)),
}


# The words between two heights of the window, as they are drawn: those that are hidden, or lie in a fold, have no box. What was
# heard, when, and how many words are doubtful, is another thing on another processor: no page says it.
_HEARD = ".re-said, .re-row > .mc-stamp, .re-chapter"
_SEEN = """([top, bottom, heard]) => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = new Range(), found = [];
  while (walk.nextNode()) {
    range.selectNodeContents(walk.currentNode);
    const box = range.getBoundingClientRect(), middle = (box.top + box.bottom) / 2, text = walk.currentNode.data.trim();
    if (walk.currentNode.parentElement.closest(heard)) continue;
    if (text && box.height && middle > top && middle < bottom && walk.currentNode.parentElement.checkVisibility({ visibilityProperty: true })) found.push(text);
  }
  return found;
}"""


def main() -> None:
    """Take every picture, and keep the words on it."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        words = take(browser, FOLDER, kept_demonstration())
        browser.close()
    WORDS.write_text(f"{json.dumps(words, ensure_ascii=False, indent=1)}\n", "utf-8")


def take(browser: Browser, folder: Path, demonstration: Path) -> dict[str, list[str]]:
    """Take every picture into a folder; return the words that are seen on each."""
    words = {}
    with _workshop(demonstration) as (url, session, media):
        context = browser.new_context(locale="fr-FR", color_scheme="light")
        context.add_cookies([{"name": COOKIE, "value": session, "url": url}])
        page = context.new_page()
        for name, (arrive, width, (top, bottom)) in SCENES.items():
            page.set_viewport_size({"width": width, "height": 1300})
            arrive(page, url, media)
            settle(page)
            page.wait_for_timeout(1_000)
            shot = page.screenshot(
                clip={"x": 0, "y": top, "width": width, "height": bottom - top}, animations="disabled"
            )
            words[name] = [
                re.sub(r"\d+(?:[:,]\d+)*", "…", text) for text in page.evaluate(_SEEN, [top, bottom, _HEARD])
            ]
            picture = Image.open(BytesIO(shot)).convert("RGB")
            picture.thumbnail((WIDTH, bottom))
            picture.save(folder / f"{name}.webp", quality=72, method=6)
        context.close()
    return words


@contextmanager
def _workshop(demonstration: Path) -> Iterator[tuple[str, str, Path]]:
    """Lend a hub with the demonstration library, a draft in it and jobs that ran: its address, a session, a recording."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(shutil.copytree(demonstration, Path(name) / "home", symlinks=True))
        hub = Services(Settings(home=home))
        library = Library(home)
        library.set_status(_DRAFT, "draft")
        for number, job in enumerate(_jobs()):
            hub.queue.save(replace(job, id=str(number), added=time.time() - 60 * number, since=time.time() - 120))
        session = hub.people.enter(hub.people.invite("camille@example.org", Role.STAFF))
        media = next((home / "media").glob("*.ogg"), None) or next((home / "media").iterdir())
        process, url = serve(home)
        try:
            yield url, session, media
        finally:
            process.terminate()
            process.wait(60)


def _jobs() -> Iterator[Job]:
    wish = Wishes(title="Les fonds de garantie, questions et réponses")
    yield Job(
        "",
        "https://video.example.org/w/garanties",
        wish,
        0,
        "failed",
        error="« https://video.example.org/w/garanties » ne répond pas : rien n’a été gardé ; réessayez plus tard, ou donnez le fichier lui-même.",
    )
    done = Outcome("monnaie.ogg", _DRAFT, "draft", 600.0, 120, "fr", 80.0)
    yield Job("", "monnaie.ogg", Wishes(title="D’où vient la monnaie ?"), 0, "done", outcomes=(done,))


if __name__ == "__main__":
    main()
