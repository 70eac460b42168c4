"""The static site, served by a plain web server from below a folder, in a real browser."""

import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.services import Services
from app.settings import Settings
from app.site import export_site
from tests.app.conftest import DEMO, HEARD
from transcripts.library import Library


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address of a site with one masterclass, and its recording."""
    shutil.copytree(DEMO / "library" / HEARD, tmp_path / "home" / "library" / HEARD)
    shutil.copytree(DEMO / "media", tmp_path / "home" / "media")
    services = Services(Settings(home=tmp_path / "home"))
    export_site(services, tmp_path / "www" / "masterclass", "", lambda *_: None)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=tmp_path / "www"))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/masterclass/"
    server.shutdown()
    server.server_close()
    thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *said: object) -> None:
        pass


@pytest.mark.browser
def test_words_are_found_and_lead_to_their_moment(browser: Browser, site: str) -> None:
    page = browser.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.goto(f"{site}recherche/?q=comptoir")
    first = page.locator("#resultats li").first
    expect(first).to_contain_text("Les monnaies locales complémentaires")
    assert "comptoir" in first.locator("mark").first.inner_text().lower()
    first.locator("p a").first.click()
    page.wait_for_url(re.compile(rf"/m/{HEARD}/#t=\d"))
    second = float(page.url.partition("#t=")[2])
    expect(page.locator(".rd-here")).to_contain_text("comptoir")
    cues = Library(DEMO).read(HEARD).cues
    assert any("comptoir" in cue.text.lower() and cue.end > second for cue in cues)
    assert page.evaluate("document.querySelector('audio').currentTime") == pytest.approx(second, abs=2)
    assert trouble == []
    page.close()
