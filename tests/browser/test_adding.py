"""From a recording to a page that everybody reads, by somebody of the staff who never saw the hub, and by keyboard alone."""

import re
import wave
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from app.people import People, Role
from app.uploads import Uploads
from tests.browser.test_access import ENGLISH, SAID
from tests.browser.views import settle
from tests.talks import cut
from transcripts.library import Library
from transcripts.studies import Studies

pytestmark = pytest.mark.browser

HEARD = "2026-10-15-d-ou-vient-la-monnaie"
SECONDS = 25
TITLE = "La monnaie, première écoute"
CHAPTER = "D’où elle vient"
CORRECTED = ("Girouettes", "Pangolins", "Salamandres")  # which nobody else speaks of
# What the page has the browser tell, beside telling it.
TOLD = """() => {
  window.told = [];
  window.Notification = class extends Notification {
    constructor(title, more) { super(title, more); told.push([title, more.body]); }
  };
}"""


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


def correct(page: Page) -> None:
    """Give the chapter another title, and put three words right, each at the beginning of a line."""
    keys = page.keyboard
    expect(page.locator(".re[data-ready]")).to_be_visible(timeout=60_000)
    reach(page, page.locator("[data-panel=chapters] > summary"))
    keys.press("Enter")
    write(page, "Titre du chapitre à 0:00", CHAPTER)
    reach(page, page.locator(".re-said").first)
    for word in CORRECTED:
        keys.press("Home")
        keys.press("Control+Shift+ArrowRight")
        keys.type(f"{word} ")
        keys.press("ArrowDown")
    expect(page.locator(".re-state")).to_have_text(re.compile("Enregistré à"))
    for at, word in enumerate(CORRECTED):
        expect(page.locator(".re-said").nth(at)).to_have_text(re.compile(f"^{word} "))


def faults(page: Page) -> list[str]:
    """Return what is English, and what axe calls serious, on a page."""
    settle(page)
    english = re.compile(rf"\b(?:{'|'.join(map(re.escape, ENGLISH))}|Upload|per file|Remove)\b")
    found = Axe().run(page).response["violations"]
    return [text for text in page.evaluate(SAID) if english.search(text)] + [
        f"{rule['id']} {node['target']}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def test_a_recording_goes_online_by_keyboard_alone(
    staff: BrowserContext, browser: Browser, url: str, recording: Path
) -> None:
    page = staff.new_page()
    page.goto(f"{url}/atelier")
    assert faults(page) == []
    press(page, "Ajouter une masterclass ou une étude", role="link")
    settle(page)
    reach(page, page.get_by_label("Choisir des fichiers", exact=True))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(recording)
    expect(page.get_by_text("est arrivé (0:25)")).to_be_visible(timeout=60_000)
    # Asked once, and known already as far as the file says it.
    expect(page.get_by_label("Date de la masterclass")).to_have_value("18/11/2026")
    assert faults(page) == []
    write(page, "Titre", TITLE)
    write(page, "Qui parle, une personne par ligne", "Inès Invention")
    page.evaluate(TOLD)
    press(page, "Transcrire")
    expect(page.locator(".hub-job").filter(has_text=TITLE)).to_be_visible(timeout=30_000)
    # Asked for by a button, not by the page; then the browser tells when the job is done.
    staff.grant_permissions(["notifications"], origin=url)
    press(page, "Me prévenir quand c’est fini")
    expect(page.get_by_text("Ce navigateur vous préviendra")).to_be_visible()
    expect(page.get_by_text("Brouillon prêt à relire")).to_be_visible(timeout=300_000)  # nobody reloads
    assert page.evaluate("told") == [["Opération Milliard", f"{TITLE}\u00a0: prêt à relire"]]
    slug = f"2026-11-18-{TITLE.lower().replace(', ', '-').replace(' ', '-').replace('è', 'e').replace('é', 'e')}"
    assert httpx.get(f"{url}/m/{slug}.json", trust_env=False).status_code == 404

    press(page, "Relire et publier", role="link")
    expect(page.get_by_role("heading", name=TITLE, level=2)).to_be_visible()
    press(page, "Corriger la transcription", role="link")
    correct(page)
    press(page, "vérifier et publier", role="link")
    press(page, "Publier maintenant")
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("L’accord n’est pas noté pour Inès Invention")
    write(page, "Inès Invention", "20/11/2026")
    press(page, "Noter les accords")
    expect(page.get_by_text("Donné par Inès Invention le 20 novembre 2026.")).to_be_visible()
    expect(page.locator(".st-key-apercu .cue").first).to_be_visible()
    assert faults(page) == []
    press(page, "Publier maintenant")
    expect(page.get_by_text("tout le monde peut la lire")).to_be_visible()

    stranger = browser.new_page(locale="fr-FR")
    stranger.goto(f"{url}/masterclass?m={slug}")
    expect(stranger.get_by_role("heading", name=TITLE, level=1)).to_be_visible(timeout=60_000)
    expect(stranger.locator(".cue").first).to_be_visible()
    expect(stranger.locator(".mc-chapters")).to_contain_text(CHAPTER)
    for word in CORRECTED:
        stranger.goto(f"{url}/recherche?q={word}")
        expect(stranger.locator(".hub-quote").first).to_contain_text(word, timeout=60_000)
    stranger.goto(f"{url}/question?q=Que+sait-on+des+{'+'.join(CORRECTED)}+%3F")
    expect(stranger.locator("figure.hub-quote").first).to_contain_text(CORRECTED[0], timeout=60_000)
    assert f"m={slug}&" in (stranger.locator("figure.hub-quote a").first.get_attribute("href") or "")
    press(page, "Retirer de la publication")
    expect(page.get_by_text("plus personne ne la voit")).to_be_visible()
    stranger.goto(f"{url}/masterclass?m={slug}")
    expect(stranger.get_by_role("heading", name="Cette page n’existe pas")).to_be_visible(timeout=60_000)
    assert slug not in httpx.get(f"{url}/api/search?q={CORRECTED[0]}", trust_env=False, timeout=60).text
    stranger.close()

    again = staff.new_page()
    again.goto(f"{url}/atelier-ajouter")
    again.get_by_label("Choisir des fichiers", exact=True).set_input_files(recording)
    expect(again.get_by_text(f"est déjà dans le hub, sous le titre « {TITLE} »")).to_be_visible()


def test_an_upload_survives_a_cut_and_a_pause_and_a_cancelled_one_leaves_nothing(
    staff: BrowserContext, demo_home: Path, url: str, tmp_path: Path
) -> None:
    long = tmp_path / "long.wav"
    with wave.open(str(long), "wb") as sound:
        sound.setparams((2, 2, 48_000, 0, "NONE", "none"))
        sound.writeframes(bytes(105 * 48_000 * 4))  # three pieces
    pieces = 0
    held: list[Route] = []

    def meddle(route: Route) -> None:
        nonlocal pieces
        pieces += route.request.method == "PATCH"
        if route.request.method == "PATCH" and pieces == 2:
            route.abort("connectionfailed")
        elif route.request.method == "PATCH" and pieces in (3, 6):
            held.append(route)  # no answer comes
        else:
            route.continue_()

    page = staff.new_page()
    page.route("**/atelier/envois**", meddle)
    page.goto(f"{url}/atelier-ajouter")
    page.get_by_label("Choisir des fichiers", exact=True).set_input_files(long)
    expect(page.get_by_text("Connexion coupée à")).to_be_visible()
    page.wait_for_timeout(2500)  # it goes on by itself, into the silence
    assert len(held) == 1
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("En pause.")).to_be_visible()
    page.get_by_role("button", name="Reprendre").click()
    expect(page.get_by_text("« long.wav » est arrivé (1:45)")).to_be_visible()
    (sent,) = Uploads(demo_home, Library(demo_home), Studies(demo_home), 10**9).all()
    assert (demo_home / "uploads" / sent.id / "received.wav").read_bytes() == long.read_bytes()
    page.get_by_role("button", name="Ne pas garder ce fichier").click()
    expect(page.get_by_text("il n’en reste rien")).to_be_visible()
    assert list((demo_home / "uploads").glob("*/*")) == []

    page.get_by_label("Choisir des fichiers", exact=True).set_input_files(long)
    page.wait_for_timeout(2500)
    assert len(held) == 2
    assert [path.name for path in sorted((demo_home / "uploads").glob("*/*"))] == ["data", "upload.json"]
    page.get_by_role("button", name="Annuler l’envoi").click()
    expect(page.locator(".hub-file")).to_have_count(0)
    for _ in range(50):
        if not list((demo_home / "uploads").glob("*/*")):
            break
        page.wait_for_timeout(100)
    assert list((demo_home / "uploads").glob("*/*")) == []


def test_a_table_shows_what_it_would_change_before_it_does(
    staff: BrowserContext, demo_home: Path, url: str, tmp_path: Path
) -> None:
    library = Library(demo_home)
    page = staff.new_page()
    page.goto(f"{url}/atelier-catalogue")
    with page.expect_download() as exported:
        page.get_by_role("button", name="Exporter le catalogue (CSV)").click()
    exported.value.save_as(tmp_path / "catalogue.csv")
    table = (tmp_path / "catalogue.csv").read_text("utf-8-sig")
    title = library.details(HEARD).title
    changed = tmp_path / "relu.csv"
    # Only what a spreadsheet in Windows-1252 can hold: other titles stay away, and as they are.
    head, *rows = table.splitlines(keepends=True)
    kept = "".join([head, *(row for row in rows if HEARD in row)])
    changed.write_bytes(
        kept.replace(title, "Qui crée la monnaie ?").replace("2026-10-15;", "16 octobre 2026;").encode("cp1252")
    )
    page.get_by_label("Choisir un tableau CSV").set_input_files(changed)
    expect(page.locator(".hub-table ins")).to_have_text(["Qui crée la monnaie ?", "16 octobre 2026"])
    assert library.details(HEARD).title == title
    assert faults(page) == []
    page.get_by_role("button", name="Changer cette masterclass").click()
    expect(page.get_by_text("1 masterclass changée par le tableau.")).to_be_visible()
    assert (library.details(HEARD).title, f"{library.details(HEARD).date}") == ("Qui crée la monnaie ?", "2026-10-16")

    page.get_by_label("Mots du titre ou d’un nom").fill("crée la monnaie")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Toutes (1)")).to_be_visible()
    page.get_by_text("Toutes (1)").click()
    page.get_by_role("button", name="Retirer de la publication").click()
    expect(page.get_by_text("1 masterclass retirée de la publication.")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_text("1 masterclass publiée.")).to_be_visible()


def test_places_are_inscribed_corrected_and_taken_off(staff: BrowserContext, url: str) -> None:
    page = staff.new_page()
    page.goto(f"{url}/atelier-lieux")
    for written, said in (
        ({"Nom": "La Halle", "Ville": "Vannes"}, "« Région »"),
        ({"Région": "Bretagne", "Latitude": "47,65"}, "donnez les deux"),
        ({"Longitude": "-2,76"}, "« La Halle » est enregistré"),
        (
            {"Nom": "La Halle <b>:red[aux grains]</b>", "Site": "javascript:alert(1)"},
            "un lien est une adresse en https",
        ),
        ({"Site": "https://halle.example.org"}, "« La Halle <b>:red[aux grains]</b> » est enregistré"),
    ):
        for label, text in written.items():
            field = page.get_by_label(label, exact=True)
            if label == "Région":
                # A page that is drawn or scrolled while the list is open closes it: it is opened again, as a person would.
                for _ in range(10):
                    settle(page)
                    field.press("ArrowDown")
                    page.wait_for_timeout(500)
                    if page.get_by_role("option", name=text).is_visible():
                        break
                page.get_by_role("option", name=text).click()
            else:
                field.fill(text)
        page.get_by_role("button", name="Enregistrer le lieu").click()
        expect(page.locator(".hub-state p").filter(has_text=said)).to_be_visible()
    calendar = f"{url}/lieux/vannes.ics"
    assert httpx.get(calendar, trust_env=False).status_code == 200
    assert faults(page) == []
    page.get_by_text("Je retire La Halle <b>:red[aux grains]</b> de la liste", exact=True).click()
    page.get_by_role("button", name="Retirer ce lieu").click()
    expect(page.locator(".hub-state p").filter(has_text="n’est plus sur la liste")).to_be_visible()
    assert httpx.get(calendar, trust_env=False).status_code == 404
