"""From a recording to a page that everybody reads, by somebody of the staff who never saw the hub, and by keyboard alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from app.people import People, Role
from tests.browser.test_access import ENGLISH, SAID
from tests.browser.views import settle
from tests.talks import cut

pytestmark = pytest.mark.browser

HEARD = "2026-10-15-d-ou-vient-la-monnaie"
SECONDS = 25
TITLE = "La monnaie, première écoute"


@pytest.fixture(scope="module")
def recording(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first half minute of a demonstration talk, as a phone would name it."""
    spoken = next((demo_home / "media").glob(f"{HEARD}.*"))
    return cut(spoken, tmp_path_factory.mktemp("sent") / "20261118_monnaie 🎙.flac", SECONDS)


@pytest.fixture
def staff(browser: Browser, url: str, demo_home: Path) -> Iterator[BrowserContext]:
    people = People(demo_home)
    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    token = people.enter(people.invite("camille@example.org", Role.STAFF))
    context.add_cookies([{"name": "hub_session", "value": token, "url": url}])
    context.set_default_timeout(30_000)
    yield context
    context.close()


def reach(page: Page, place: Locator) -> None:
    """Go to a place with the Tab key alone."""
    expect(place).to_be_visible()
    for _ in range(120):
        if place.evaluate("node => node === document.activeElement || node.contains(document.activeElement)"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the Tab key does not reach {place}")


def press(page: Page, name: str, *, role: str = "button") -> None:
    """Press what is called so, by keyboard."""
    reach(page, page.get_by_role(role, name=name, exact=True).first)  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    """Replace what stands in a field, by keyboard."""
    reach(page, page.get_by_label(label, exact=True).first)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Tab")


def no_english(page: Page) -> list[str]:
    english = re.compile(rf"\b(?:{'|'.join(map(re.escape, ENGLISH))}|Upload|per file|Remove)\b")
    return [text for text in page.evaluate(SAID) if english.search(text)]


def test_a_recording_goes_online_by_keyboard_alone(
    staff: BrowserContext, browser: Browser, url: str, recording: Path
) -> None:
    page = staff.new_page()
    page.goto(f"{url}/atelier")
    settle(page)
    assert no_english(page) == []
    press(page, "Ajouter une masterclass", role="link")
    reach(page, page.get_by_label("Choisir des fichiers", exact=True))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(recording)
    expect(page.get_by_text("est arrivé (0:25)")).to_be_visible(timeout=60_000)
    # Asked once, and known already as far as the file says it.
    expect(page.get_by_label("Date de la masterclass")).to_have_value("18/11/2026")
    settle(page)
    assert no_english(page) == []
    write(page, "Titre", TITLE)
    write(page, "Qui parle, une personne par ligne", "Inès Invention")
    press(page, "Transcrire")
    job = page.locator(".stVerticalBlock").filter(has_text=TITLE).last
    expect(job).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Brouillon prêt à relire")).to_be_visible(timeout=300_000)  # nobody reloads
    slug = f"2026-11-18-{TITLE.lower().replace(', ', '-').replace(' ', '-').replace('è', 'e').replace('é', 'e')}"
    assert httpx.get(f"{url}/m/{slug}.json", trust_env=False).status_code == 404

    press(page, "Relire et publier", role="link")
    expect(page.get_by_role("heading", name=TITLE, level=2)).to_be_visible()
    press(page, "Publier maintenant")
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("L’accord n’est pas noté pour Inès Invention")
    write(page, "Inès Invention", "20/11/2026")
    press(page, "Noter les accords")
    expect(page.get_by_text("Donné par Inès Invention le 20 novembre 2026.")).to_be_visible()
    expect(page.locator(".st-key-apercu .cue").first).to_be_visible()
    settle(page)
    assert no_english(page) == []
    press(page, "Publier maintenant")
    expect(page.get_by_text("tout le monde peut la lire")).to_be_visible()

    stranger = browser.new_page(locale="fr-FR")
    stranger.goto(f"{url}/masterclass?m={slug}")
    expect(stranger.get_by_role("heading", name=TITLE, level=1)).to_be_visible(timeout=60_000)
    expect(stranger.locator(".cue").first).to_be_visible()
    press(page, "Retirer de la publication")
    expect(page.get_by_text("plus personne ne la voit")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_role("heading", name="Cette page n’existe pas")).to_be_visible(timeout=60_000)
    stranger.close()

    again = staff.new_page()
    again.goto(f"{url}/atelier-ajouter")
    again.get_by_label("Choisir des fichiers", exact=True).set_input_files(recording)
    expect(again.get_by_text(f"est déjà dans le hub, sous le titre « {TITLE} »")).to_be_visible()
