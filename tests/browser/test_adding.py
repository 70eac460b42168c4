"""From a recording to a page that everybody reads, by somebody of the staff who never saw the hub, with the mouse and by keyboard alone."""

import datetime as dt
import json
import re
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from app.people import People, Role
from app.queue import Queue
from app.uploads import Uploads
from ingest.wishes import Wishes
from tests.browser.conftest import Picture
from tests.browser.hands import Hand, Keyboard, Mouse
from tests.browser.test_access import faults
from tests.browser.views import settle
from tests.talks import cut
from transcripts.library import Library
from transcripts.model import clock, make_slug
from transcripts.studies import Studies

pytestmark = pytest.mark.browser

HEARD = "2026-10-15-d-ou-vient-la-monnaie"
CHAPTER = "D’où elle vient"
CORRECTED = ("Girouettes", "Pangolins", "Salamandres")  # which nobody else speaks of
# What the page has the browser tell, beside telling it.
TOLD = """() => {
  window.told = [];
  window.Notification = class extends Notification {
    constructor(title, more) { super(title, more); told.push([title, more.body]); }
  };
}"""


@pytest.fixture
def staff(browser: Browser, url: str, demo_home: Path) -> Iterator[BrowserContext]:
    people = People(demo_home)
    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    token = people.enter(people.invite("camille@example.org", Role.STAFF))
    context.add_cookies([{"name": "hub_session", "value": token, "url": url}])
    context.set_default_timeout(30_000)
    yield context
    context.close()


def named(page: Page, name: str, role: Literal["button", "link"] = "button") -> Locator:
    """Return what is called so."""
    return page.get_by_role(role, name=name, exact=True).first


def label(page: Page, name: str) -> Locator:
    return page.get_by_label(name, exact=True).first


def correct(page: Page, hand: Hand) -> None:
    """Give the chapter another title, and put three words right, each at the beginning of a line."""
    expect(page.locator(".re[data-ready]")).to_be_visible(timeout=60_000)
    hand.press(page.locator("[data-panel=chapters] > summary"))
    hand.write(label(page, "Titre du chapitre à 0:00"), CHAPTER)
    for at, word in enumerate(CORRECTED):
        hand.line(page, at)
        page.keyboard.press("Home")
        page.keyboard.press("Control+Shift+ArrowRight")
        page.keyboard.type(f"{word} ")
    expect(page.locator(".re-state")).to_have_text(re.compile("Enregistré à"))
    for at, word in enumerate(CORRECTED):
        expect(page.locator(".re-said").nth(at)).to_have_text(re.compile(f"^{word} "))


def known(page: Page, url: str, word: str, *, wanted: bool) -> None:
    """Wait until search finds a word, and first, or no longer does: the index follows within seconds, words before meaning."""
    for _ in range(120):
        results = httpx.get(f"{url}/api/search?q={word}", trust_env=False, timeout=60).json()["results"]
        if (word in str(results[: 1 if wanted else None])) is wanted:
            return
        page.wait_for_timeout(500)
    pytest.fail(f"search {'does not find' if wanted else 'still finds'} « {word} »")


# Two files of the same three minutes: one that the hub has is not taken again.
@pytest.mark.parametrize(
    ("hand", "seconds", "title"),
    [(Mouse(), 180, "La monnaie, première écoute"), (Keyboard(), 181, "La monnaie, seconde écoute")],
    ids=["mouse", "keyboard"],
)
def test_a_recording_goes_online(
    *,
    staff: BrowserContext,
    browser: Browser,
    url: str,
    demo_home: Path,
    tmp_path: Path,
    picture: Picture,
    hand: Hand,
    seconds: int,
    title: str,
) -> None:
    once = isinstance(hand, Mouse)  # what is no matter of the hand
    library = Library(demo_home)
    for left in [one.slug for one in library.catalogue() if one.title == title]:  # by a first try
        library.remove(left)
    spoken = next((demo_home / "media").glob(f"{HEARD}.*"))
    recording = cut(spoken, tmp_path / "20261118_monnaie 🎙.flac", seconds)  # as a phone would name it
    page = staff.new_page()
    page.goto(f"{url}/atelier")
    if once:
        assert faults(page) == []
    picture(page, "atelier")
    hand.press(named(page, "Ajouter une masterclass ou une étude", "link"))
    settle(page)
    with page.expect_file_chooser() as chooser:
        hand.press(label(page, "Choisir des fichiers"))
    chooser.value.set_files(recording)
    expect(page.get_by_text(f"est arrivé ({clock(seconds)})")).to_be_visible(timeout=60_000)
    # Asked once, and known already as far as the file says it.
    expect(label(page, "Date de la masterclass")).to_have_value("18/11/2026")
    if once:
        assert faults(page) == []
    hand.write(label(page, "Titre"), title)
    hand.write(label(page, "Qui parle, une personne par ligne"), "Inès Invention")
    picture(page, "envoyer")
    page.evaluate(TOLD)
    hand.press(named(page, "Transcrire"))
    job = page.locator("[class*=st-key-job-]").filter(has_text=title).first
    expect(job).to_be_visible(timeout=30_000)
    # Asked for by a button, not by the page; then the browser tells when the job is done. The button is there first: who agreed
    # already is not asked.
    expect(named(page, "Me prévenir quand c’est fini")).to_be_visible()
    staff.grant_permissions(["notifications"], origin=url)
    hand.press(named(page, "Me prévenir quand c’est fini"))
    expect(page.get_by_text("Ce navigateur vous préviendra")).to_be_visible()
    if once:
        expect(job.get_by_text(re.compile(r"Transcription, \d+\s%"))).to_be_visible(timeout=120_000)
    picture(page, "suivre")
    expect(job.get_by_text("Brouillon prêt à relire")).to_be_visible(timeout=300_000)  # nobody reloads
    assert page.evaluate("told") == [["Opération Milliard", f"{title}\u00a0: prêt à relire"]]
    slug = make_slug(dt.date(2026, 11, 18), title)
    assert httpx.get(f"{url}/m/{slug}.json", trust_env=False).status_code == 404

    hand.press(job.get_by_role("link", name="Relire et publier"))
    expect(page.get_by_role("heading", name=title, level=2)).to_be_visible()
    hand.press(named(page, "Corriger la transcription", "link"))
    correct(page, hand)
    picture(page, "corriger")
    hand.press(named(page, "vérifier et publier", "link"))
    hand.press(named(page, "Publier maintenant"))
    expect(page.get_by_role("alert")).to_contain_text("L’accord n’est pas noté pour Inès Invention")
    hand.write(label(page, "Inès Invention"), "20/11/2026")
    hand.press(named(page, "Noter les accords"))
    expect(page.get_by_text("Les accords sont notés.")).to_be_in_viewport()  # far above what was pressed
    expect(page.get_by_text("Donné par Inès Invention le 20 novembre 2026.")).to_be_visible()
    expect(page.locator(".st-key-apercu .cue").first).to_be_visible()
    if once:
        assert faults(page) == []
    hand.press(named(page, "Publier maintenant"))
    expect(page.get_by_text("tout le monde peut la lire")).to_be_visible()
    picture(page, "publier")

    stranger = browser.new_page(locale="fr-FR")
    stranger.goto(f"{url}/masterclass?m={slug}")
    expect(stranger.get_by_role("heading", name=title, level=1)).to_be_visible(timeout=60_000)
    expect(stranger.locator(".cue").first).to_be_visible()
    expect(stranger.locator(".mc-chapters")).to_contain_text(CHAPTER)
    picture(stranger, "lire")
    known(page, url, CORRECTED[0], wanted=True)
    stranger.goto(f"{url}/recherche")
    for word in CORRECTED:
        hand.write(label(stranger, "Mots ou idée"), word)
        hand.press(named(stranger, "Rechercher"))
        expect(stranger.locator(".hub-quote").first).to_contain_text(word, timeout=60_000)
    picture(stranger, "chercher")
    stranger.goto(f"{url}/question")
    hand.write(label(stranger, "Votre question"), f"Que sait-on des {' '.join(CORRECTED)} ?")
    hand.press(named(stranger, "Demander"))
    expect(stranger.locator("figure.hub-quote").first).to_contain_text(CORRECTED[0], timeout=60_000)
    assert f"m={slug}&" in (stranger.locator("figure.hub-quote a").first.get_attribute("href") or "")
    picture(stranger, "demander")
    hand.press(page.locator(f"a[href='/atelier-retrait?m={slug}']"))
    expect(page.locator(".hub-going")).to_contain_text(CORRECTED[0])
    hand.tick(page.get_by_role("checkbox", name=re.compile("Je retire une ligne")))
    picture(page, "retirer des paroles")
    hand.press(named(page, "Retirer ce passage"))
    expect(page.get_by_text("est retiré du texte, du son et de la recherche")).to_be_visible(timeout=60_000)
    assert CORRECTED[0] not in httpx.get(f"{url}/m/{slug}.json", trust_env=False).text
    known(page, url, CORRECTED[0], wanted=False)
    hand.press(named(page, "Vérifier et publier", "link"))
    hand.press(named(page, "Retirer de la publication"))
    expect(page.get_by_text("plus personne ne la voit")).to_be_visible()
    picture(page, "retirer")
    stranger.goto(f"{url}/masterclass?m={slug}")
    expect(stranger.get_by_role("heading", name="Cette page n’existe pas")).to_be_visible(timeout=60_000)
    assert slug not in httpx.get(f"{url}/api/search?q={CORRECTED[0]}", trust_env=False, timeout=60).text
    stranger.close()

    if once:
        page.goto(f"{url}/atelier-ajouter")
        label(page, "Choisir des fichiers").set_input_files(recording)
        expect(page.get_by_text(f"est déjà dans le hub, sous le titre « {title} »")).to_be_visible()


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


def test_what_is_cancelled_before_its_address_is_known_leaves_nothing(
    staff: BrowserContext, demo_home: Path, url: str, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.wav", tmp_path / "second.wav"
    for path in (first, second):
        path.write_bytes(b"RIFF" + bytes(9_000_000))  # two pieces
    held: list[Route] = []

    def choose(method: str, *files: Path) -> Page:
        """Choose files in a page of its own; what it sends by a method gets no answer."""
        page = staff.new_page()
        page.route(
            "**/atelier/envois**",
            lambda route: held.append(route) if route.request.method == method else route.continue_(),
        )
        page.goto(f"{url}/atelier-ajouter")
        label(page, "Choisir des fichiers").set_input_files(files)
        return page

    def cancel(page: Page, path: Path) -> None:
        row = page.locator(".hub-file", has_text=path.name)
        row.get_by_role("button", name="Annuler l’envoi").click()
        expect(row).to_have_count(0)

    def left(page: Page, *paths: Path) -> None:
        """Wait until nothing else is there."""
        for _ in range(100):
            there = [json.loads(card.read_bytes())["name"] for card in demo_home.glob("uploads/*/upload.json")]
            if sorted(there) == [path.name for path in paths]:
                break
            page.wait_for_timeout(100)
        assert sorted(there) == [path.name for path in paths]

    page = choose("PATCH", second)
    left(page, second)
    page.close()

    page = choose("PATCH", first, second)
    left(page, first, second)
    cancel(page, second)  # it waits its turn; half of it came before
    left(page, first)
    cancel(page, first)
    left(page)
    page.close()

    held.clear()
    page = choose("POST", first)
    while not held:
        page.wait_for_timeout(100)
    cancel(page, first)
    held[0].continue_()  # the announcement was on its way
    page.wait_for_timeout(2000)
    left(page)


def test_who_begins_a_job_again_is_told_when_it_is_over(staff: BrowserContext, demo_home: Path, url: str) -> None:
    queue = Queue(demo_home)
    job = queue.add(f"envoi:{'d' * 32}/perdu.mp3", Wishes(title="Perdu"))
    queue.save(replace(queue.job(job.id), state="failed", attempt=1, error="Rien."))
    page = staff.new_page()
    staff.grant_permissions(["notifications"], origin=url)
    page.goto(f"{url}/atelier-travaux")
    expect(page.get_by_text("Ce navigateur vous préviendra")).to_be_visible()
    page.evaluate(TOLD)
    page.locator(f".st-key-job-{job.id}").get_by_role("button", name="Recommencer").click()
    page.wait_for_function("() => told.length", timeout=60_000)
    assert page.evaluate("told") == [["Opération Milliard", "Perdu\u00a0: échec"]]
    queue.forget(job.id)


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
        kept.replace(title, "Qui crée la monnaie").replace("2026-10-15;", "16 octobre 2026;").encode("cp1252")
    )
    page.get_by_label("Choisir un tableau CSV").set_input_files(changed)
    expect(page.locator(".hub-table ins")).to_have_text(["Qui crée la monnaie", "16 octobre 2026"])
    assert library.details(HEARD).title == title
    assert faults(page) == []
    page.get_by_role("button", name="Changer cette masterclass").click()
    expect(page.get_by_text("1 masterclass changée par le tableau.")).to_be_visible()
    assert (library.details(HEARD).title, f"{library.details(HEARD).date}") == ("Qui crée la monnaie", "2026-10-16")

    page.get_by_label("Mots du titre ou d’un nom").fill("crée la monnaie")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Toutes (1)")).to_be_visible()
    page.get_by_text("Toutes (1)").click()
    page.get_by_role("button", name="Retirer de la publication").click()
    expect(page.get_by_text("1 masterclass retirée de la publication.")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_text("1 masterclass publiée.")).to_be_visible()
    settle(page)
    People(demo_home).revoke("camille@example.org")
    page.get_by_role("button", name="Exporter le catalogue (CSV)").click()
    expect(
        page.get_by_text("Ce fichier n’est pas donné : votre accès a pu changer ; rechargez la page.")
    ).to_be_visible()


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
