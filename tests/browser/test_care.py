"""Those who keep the archive: a backup from the page, what members look for, words that are taken back."""

import re
import shutil
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from app.access import COOKIE
from app.journal import Journal
from app.people import People, Role
from app.statistics import Statistics
from tests.browser.conftest import serve
from transcripts.library import Library
from transcripts.withdrawal import MARK

pytestmark = pytest.mark.browser

QUESTION = "Quelle forêt acheter à plusieurs ?"
TALK = "2026-10-15-d-ou-vient-la-monnaie"


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(demo_home, tmp_path / "home", symlinks=True)
    return tmp_path / "home"


@pytest.fixture
def hub(home: Path) -> Iterator[str]:
    for _ in range(4):
        Statistics(home, 90).asked(QUESTION, answered=False)
    process, url = serve(home)
    for _ in range(120):  # the index opens in the background
        if httpx.get(f"{url}/api/search?q=monnaie", trust_env=False, timeout=60).is_success:
            break
        time.sleep(1)
    yield url
    process.terminate()
    process.wait(20)


def test_an_administrator_keeps_the_archive(browser: Browser, home: Path, hub: str) -> None:
    people = People(home)
    session = people.enter(people.invite("camille@example.org", Role.ADMINISTRATOR))
    context = browser.new_context(locale="fr-FR")
    context.add_cookies([{"name": COOKIE, "value": session, "url": hub}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    _back_up(page, home, hub, session)
    _plan_and_pin(page, browser, hub)
    _take_back(page, home, hub)
    done = {entry.what.split(" (")[0].split(" hub-")[0] for entry in Journal(home).entries()}
    assert done >= {
        "a fait la sauvegarde",
        "a téléchargé la sauvegarde",
        "a choisi un moment comme réponse à une question",
        "a retiré un passage",
    }
    context.close()


def _back_up(page: Page, home: Path, hub: str, session: str) -> None:
    page.goto(f"{hub}/atelier-sante")
    expect(page.get_by_text("aucune encore")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Sauvegarder maintenant").click()
    row = page.locator("[class*=st-key-backup-]").first
    expect(row).to_contain_text(re.compile(r"hub-\d{4}-\d{2}-\d{2}-\d{4}\.zip"), timeout=60_000)
    row.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_text("est intacte")).to_be_visible()
    address = row.get_by_role("link", name="Télécharger").get_attribute("href")
    sent = httpx.get(f"{hub}{address}", cookies={COOKIE: session}, trust_env=False, timeout=60)
    assert f"files/library/{TALK}/transcript.vtt" in zipfile.ZipFile(BytesIO(sent.content)).namelist()
    assert httpx.get(f"{hub}{address}", trust_env=False).status_code == 403


def _plan_and_pin(page: Page, browser: Browser, hub: str) -> None:
    page.goto(f"{hub}/atelier-questions")
    wish = page.locator(".st-key-wish-0")
    expect(wish).to_contain_text("demandé 4 fois", timeout=60_000)
    wish.get_by_role("button", name=re.compile("agenda")).click()
    expect(page.get_by_text(re.compile("est à l’agenda, avec ce titre"))).to_be_visible()
    # Planned once: from then on it can be taken off again.
    wish.get_by_role("button", name="La retirer de l’agenda").click()
    expect(page.get_by_text("n’est plus à l’agenda")).to_be_visible()
    wish.get_by_role("button", name=re.compile("L’inscrire à l’agenda")).click()
    expect(page.get_by_text(re.compile("est à l’agenda, avec ce titre"))).to_be_visible()
    page.goto(f"{hub}/agenda")
    # A member sees where to take part; others do not.
    expect(page.get_by_role("link", name="Participer").first).to_be_visible(timeout=60_000)

    page.goto(f"{hub}/atelier-questions")
    page.get_by_role("link", name=QUESTION.replace(" ?", "")).first.click()
    page.get_by_role("button", name="Choisir ce moment").first.click(timeout=60_000)
    expect(page.get_by_text("Ce moment répond désormais")).to_be_visible()
    visitor = browser.new_page(locale="fr-FR")
    visitor.goto(f"{hub}/question?q={QUESTION}")
    expect(visitor.locator(".hub-quote").first).to_contain_text("choisi par l’équipe", timeout=60_000)
    visitor.goto(f"{hub}/agenda")
    expect(visitor.get_by_text(QUESTION.replace(" ?", "")).first).to_be_attached(timeout=60_000)
    assert visitor.get_by_role("link", name="Participer").count() == 0
    # The privacy page says so, and it is true: no cookie tells visitors apart.
    assert [c["name"] for c in visitor.context.cookies() if c["name"] != "_streamlit_xsrf"] == []
    visitor.close()


def _take_back(page: Page, home: Path, hub: str) -> None:
    before = Library(home).read(TALK)
    page.goto(f"{hub}/atelier-retrait?m={TALK}")
    expect(page.locator(".hub-going")).to_contain_text(before.cues[0].text, timeout=60_000)
    page.get_by_text(re.compile("Je retire une ligne")).click()
    page.get_by_role("button", name="Retirer ce passage").click()
    expect(page.get_by_text("est retiré du texte, du son et de la recherche")).to_be_visible(timeout=120_000)
    assert Library(home).read(TALK).cues[0].text == MARK
    page.goto(f"{hub}/masterclass?m={TALK}")
    expect(page.locator(".cue").first).to_contain_text("Passage retiré", timeout=60_000)
