"""Every page works under its Content-Security-Policy: nothing that it needs is refused, and the player plays."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.people import People, Role
from pages.plan import PAGES
from tests.app.conftest import HEARD

pytestmark = pytest.mark.browser


def test_no_page_needs_what_its_policy_refuses(browser: Browser, url: str, demo_home: Path) -> None:
    people = People(demo_home)
    session = people.enter(people.invite("alix@example.org", Role.ADMINISTRATOR))
    context = browser.new_context(locale="fr-FR")
    context.add_cookies([{"name": "hub_session", "value": session, "url": url}])
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status == 404 else None)
    for entry in PAGES:
        answer = page.goto(f"{url}/{entry.path}")
        assert answer
        assert "script-src 'self' blob: 'wasm-unsafe-eval' 'sha256-" in answer.headers["content-security-policy"]
        expect(page.get_by_test_id("stMain").locator("h1, h2").first).to_be_visible()
        assert (refused, missing) == ([], []), entry.path
    for path in (f"m/{HEARD}", f"embed/{HEARD}", "api", "entrer", "nowhere"):
        page.goto(f"{url}/{path}")
        assert [text for text in refused if "Failed to load resource" not in text] == [], path

    plays(page, f"{url}/masterclass?m={HEARD}&t=5")
    assert refused == []
    # What a transcript might smuggle in is refused: that the policy does its work.
    page.evaluate(
        "() => { const s = document.createElement('script'); s.text = 'window.smuggled = 1'; document.body.append(s) }"
    )
    assert page.evaluate("() => window.smuggled") is None
    assert refused
    context.close()


def plays(page: Page, address: str) -> None:
    page.goto(address)
    audio = page.locator("audio").first
    expect(audio).to_be_attached()
    audio.evaluate("audio => { audio.muted = true; return audio.play() }")
    for _ in range(50):
        if audio.evaluate("audio => audio.currentTime") > 5.3:
            return
        page.wait_for_timeout(200)
    pytest.fail("the recording does not play")
