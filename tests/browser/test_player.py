"""The player with its transcript, driven as a person would, in a real browser with real sound."""

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, WebSocket, WebSocketRoute, expect

from tests.browser.conftest import fresh_page, serve, without_dialogs
from tests.browser.smooth import MARKING, SCROLLING, TYPING
from tests.browser.test_access import faults
from tests.browser.views import SCHEMES, settle, show_in
from tests.conftest import make_home
from tests.talks import film, lines, silence, talk
from transcripts.library import Library
from transcripts.model import Chapter, Cue

pytestmark = pytest.mark.browser

SPOKEN = "2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres"
HOSTILE = "<img src=x onerror=alert(1)> <script>alert(2)</script> **gras** [lien](javascript:alert(3)) $x^2$ :red[rouge] &amp;"
TIME = "() => document.querySelector('audio, video').currentTime"
# Whether the page keeps a space, a digit, an n and a slash for itself.
KEPT = """() => [" ", "5", "n", "/"].map((key) => !document.body.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))"""
MOVING = "second => document.querySelector('audio, video').currentTime > second"


class Odd:
    """A hub whose library holds what is unusual; its masterclasses by name."""

    url: str
    slugs: dict[str, str]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Odd]:
    folder = tmp_path_factory.mktemp("odd")
    home = make_home(folder / "home", models)
    library = Library(home)
    chapters = tuple(Chapter(n * 720, (n + 1) * 720, f"Chapitre {n + 1}") for n in range(10))
    hostile = (Cue(0, 4, HOSTILE, HOSTILE), Cue(4, 8, "Un prêt participatif, c'est long.", "Autre"))
    odd = Odd()
    odd.slugs = {
        "long": talk(
            library, "Deux heures", lines(2500), chapters=chapters, recording=silence(folder / "l.flac", 7200)
        ),
        "huge": talk(library, "Cinq mille lignes", lines(5000, 1.5)),
        "one": talk(
            library, "Une seule ligne", (Cue(0, 3, "Bonjour à toutes."),), recording=silence(folder / "o.flac", 3)
        ),
        "hostile": talk(
            library,
            f"Un titre {HOSTILE}",
            hostile,
            chapters=(Chapter(0, 8, HOSTILE),),
            summary=f"## {HOSTILE}\n\n- {HOSTILE} ([0:04](#t=4))\n",
        ),
        "title": talk(library, ("Un titre vraiment très long " * 11)[:300], lines(3)),
        "video": talk(
            library, "Une vidéo", lines(8, 2.5), recording=film(folder / "v.webm", 20), video=True, language="en"
        ),
        "youtube": talk(library, "Ailleurs", lines(30), source="https://www.youtube.com/watch?v=abcdefghijk"),
        "peertube": talk(library, "Tube", lines(30), source="https://tube.example.org/w/9c9de5e8a1"),
        "draft": talk(library, "Un brouillon secret", lines(3), published=False),
    }
    process, odd.url = serve(home, HUB_QUEUE_WORKERS="0")
    yield odd
    process.terminate()
    process.wait(60)


@pytest.fixture
def desk(reader: BrowserContext) -> Iterator[Page]:
    """A page at a desk's width, where no script of a transcript may run."""
    with fresh_page(reader, 1280) as page, without_dialogs(page):
        yield page


def opened(page: Page, url: str, slug: str, query: str = "") -> Page:
    page.goto(f"{url}/masterclass?m={slug}{query}")
    # The first page of a hub that still makes its index waits for the processor.
    expect(page.locator(".cue").first).to_be_visible(timeout=90_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    return page


def count_frames(page: Page, sent: list[object]) -> None:
    """Put whatever the page sends to the hub into a list: each run of the script begins with such a message."""

    def watch(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(frame))

    page.on("websocket", watch)


def test_sound_advances_and_the_line_follows_without_a_rerun(desk: Page, url: str) -> None:
    sent: list[object] = []

    count_frames(desk, sent)
    opened(desk, url, SPOKEN)
    desk.wait_for_timeout(1000)
    before = len(sent)
    assert before  # the script ran: what counts runs does count
    desk.get_by_role("button", name="Lire", exact=True).click()
    desk.wait_for_function(MOVING, arg=1.0)
    first = desk.locator(".cue.now").inner_text()
    desk.wait_for_function(MOVING, arg=5.0)
    expect(desk.locator(".cue.now")).to_be_in_viewport()
    assert desk.locator(".cue.now").inner_text() != first
    desk.get_by_role("searchbox", name="Chercher dans la transcription").fill("prêt")
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Mettre en pause").click()
    assert len(sent) == before, "playing or searching ran the script"


def test_a_rerun_does_not_stop_the_sound(desk: Page, url: str) -> None:
    sent: list[object] = []
    count_frames(desk, sent)
    opened(desk, url, SPOKEN)
    desk.locator(".cue").nth(10).click()
    desk.wait_for_function(MOVING, arg=30)
    before = len(sent)
    desk.keyboard.press("r")  # Streamlit's own key to run the script again
    desk.wait_for_timeout(1500)
    assert len(sent) > before
    second = desk.evaluate(TIME)
    desk.wait_for_function(MOVING, arg=second + 0.5)
    assert not desk.evaluate("document.querySelector('audio').paused")


def test_sound_that_was_cut_off_goes_on_when_the_network_is_back(desk: Page, url: str) -> None:
    sound = httpx.get(f"{url}/media/{SPOKEN}", trust_env=False).content
    slow: list[Route] = []

    def train(route: Route) -> None:
        first = int(re.findall(r"\d+", route.request.headers["range"])[0])
        if len(sound) // 4 < first < len(sound) // 2:
            return slow.append(route)
        part = sound[first : first + len(sound) // 8]
        span = f"bytes {first}-{first + len(part) - 1}/{len(sound)}"
        return route.fulfill(status=206, headers={"Content-Range": span, "Accept-Ranges": "bytes"}, body=part)

    notice, wait = desk.locator(".mc-bar .mc-notice"), desk.locator(".mc-bar .mc-wait")
    play = desk.get_by_role("button", name="Lire", exact=True)
    desk.route(f"**/media/{SPOKEN}", train)
    opened(desk, url, SPOKEN)
    play.click()
    desk.wait_for_function(MOVING, arg=0.3)
    desk.keyboard.press("4")
    expect(wait).to_have_text("Chargement…")
    expect(desk.locator(".mc-now")).to_be_hidden()
    slow[0].fulfill(status=503)
    expect(notice).to_contain_text("Connexion perdue")
    expect(wait).to_be_empty()
    desk.unroute(f"**/media/{SPOKEN}")
    stood = desk.evaluate(TIME)
    play.click()
    desk.wait_for_function(MOVING, arg=stood + 0.3)
    assert desk.evaluate(TIME) < stood + 10
    expect(notice).to_be_empty()
    # The same where nothing came at all; a line is as good as « Lire ».
    desk.route(f"**/media/{SPOKEN}", lambda route: route.fulfill(status=503))
    opened(desk, url, SPOKEN)
    expect(notice).to_contain_text("essaie de nouveau")
    desk.unroute(f"**/media/{SPOKEN}")
    line = desk.locator(".cue").nth(10)
    start = float(line.get_attribute("data-start") or "nan")
    line.click()
    desk.wait_for_function(MOVING, arg=start + 0.3)
    assert desk.evaluate(TIME) < start + 10
    expect(notice).to_be_empty()


def test_a_click_plays_where_nothing_is_loaded_before(desk: Page, url: str) -> None:
    desk.add_init_script(  # a telephone that saves data
        "Object.defineProperty(HTMLMediaElement.prototype, 'preload', { set() { this.setAttribute('preload', 'none'); } })"
    )
    opened(desk, url, SPOKEN)
    assert desk.evaluate("document.querySelector('audio').readyState") == 0
    line = desk.locator(".cue").nth(10)
    start = float(line.get_attribute("data-start") or "nan")
    line.click()
    desk.wait_for_function(MOVING, arg=start + 0.3)
    assert abs(desk.evaluate("document.querySelector('audio').played.start(0)") - start) <= 0.5


def test_a_lost_connection_does_not_stop_the_sound(desk: Page, url: str) -> None:
    sockets: list[WebSocketRoute] = []

    def through(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    desk.route_web_socket(re.compile("_stcore/stream"), through)
    opened(desk, url, SPOKEN)
    desk.locator(".cue").nth(10).click()
    desk.wait_for_function(MOVING, arg=30)
    desk.evaluate("window.kept = document.querySelector('.mc')")
    sockets[0].close()
    expect(desk.get_by_test_id("stApp")).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    expect(desk.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=60_000)
    assert len(sockets) > 1
    settle(desk)
    second = desk.evaluate(TIME)
    assert second > 30
    desk.wait_for_function(MOVING, arg=second + 0.5)
    assert desk.evaluate("window.kept === document.querySelector('.mc')")


def test_leaving_the_page_stops_the_sound(desk: Page, url: str) -> None:
    opened(desk, url, SPOKEN, "#%")  # a chapter that cannot be
    desk.locator(".cue").nth(3).click()
    desk.wait_for_function(MOVING, arg=8)
    desk.evaluate("window.kept = document.querySelector('audio')")
    desk.get_by_role("link", name="Rechercher").first.click()
    expect(desk.get_by_role("heading", name="Rechercher")).to_be_visible()
    desk.wait_for_function("window.kept.paused")


# The small window is what 200 % leaves of the large one.
@pytest.mark.parametrize(("second", "width", "height"), [(0, 1280, 850), (61.5, 640, 425), (300, 1280, 850)])
def test_a_shared_link_opens_at_its_second(desk: Page, url: str, second: float, width: int, height: int) -> None:
    desk.set_viewport_size({"width": width, "height": height})
    opened(desk, url, SPOKEN, f"&t={second:g}")
    desk.wait_for_function(MOVING, arg=second + 0.1)
    began = desk.evaluate("() => { const p = document.querySelector('audio').played; return p.start(p.length - 1); }")
    assert abs(began - second) <= 0.5
    expect(desk.locator(".cue.now")).to_be_in_viewport()
    desk.wait_for_function(  # and not behind the player
        "() => document.querySelector('.cue.now').getBoundingClientRect().top >= document.querySelector('.mc-bar').getBoundingClientRect().bottom"
    )


# What else an address may hold is in tests/pages/test_moment.py.
@pytest.mark.parametrize(
    ("asked", "said"), [("9999999", "après la fin"), ("-5", "n’existe pas"), ("abc", "n’existe pas")]
)
def test_a_second_that_does_not_exist_is_said(desk: Page, url: str, asked: str, said: str) -> None:
    opened(desk, url, SPOKEN, f"&t={asked}")
    expect(desk.get_by_role("status").filter(has_text=said)).to_be_visible()
    assert desk.evaluate(TIME) == 0


@pytest.mark.parametrize("name", ["title", "youtube"])
def test_it_is_said_where_nothing_plays_yet(desk: Page, odd: Odd, name: str) -> None:
    opened(desk, odd.url, odd.slugs[name], "&t=9999999")
    expect(desk.get_by_role("status").filter(has_text="après la fin")).to_be_visible()
    assert desk.evaluate(KEPT) == [False, False, False, True]  # a player's keys stay the browser's


def test_the_position_is_remembered_on_this_device(desk: Page, url: str) -> None:
    opened(desk, url, SPOKEN)
    expect(desk.locator(".mc-resume")).to_be_hidden()
    desk.locator(".cue").nth(20).click()
    desk.wait_for_function(MOVING, arg=61)
    desk.keyboard.press("k")
    stood = desk.evaluate(TIME)
    opened(desk, url, SPOKEN)  # and leave: reading is not hearing
    opened(desk, url, SPOKEN)
    desk.get_by_role("button", name="Lire", exact=True).click()
    desk.wait_for_function(MOVING, arg=0.5)
    opened(desk, url, SPOKEN)
    desk.get_by_role("button", name=re.compile("Reprendre à 1:0")).click()
    desk.wait_for_function(MOVING, arg=stood - 1.5)
    expect(desk.locator(".mc-resume")).to_be_hidden()


def test_search_counts_without_accents_and_steps(desk: Page, url: str) -> None:
    opened(desk, url, SPOKEN)
    told = re.sub(r"\s+", " ", " ".join(desk.locator(".cue").all_text_contents())).lower()
    wanted = told.count("prêt participatif")
    box = desk.get_by_role("searchbox", name="Chercher dans la transcription")
    box.fill("PRET  PARTICIPATIF".replace("  ", " "))
    expect(desk.locator("#mc-count")).to_have_text(f"{wanted} trouvés")
    assert wanted > 5
    box.press("Enter")
    expect(desk.locator("#mc-count")).to_have_text(f"1 sur {wanted}")
    box.press("Enter")
    box.press("Shift+Enter")
    box.press("Shift+Enter")
    expect(desk.locator("#mc-count")).to_have_text(f"{wanted} sur {wanted}")
    assert (
        desk.evaluate("[...CSS.highlights.get('hub-here')][0].toString().toLowerCase().replace(/\\s/g, ' ')")
        == "prêt participatif"
    )
    box.fill("xyzxyz")
    expect(desk.locator("#mc-count")).to_have_text("Aucun résultat")


def test_keyboard_alone(desk: Page, url: str) -> None:
    opened(desk, url, SPOKEN)
    desk.keyboard.press("Space")
    desk.wait_for_function(MOVING, arg=0.3)
    desk.keyboard.press("k")
    expect(desk.get_by_role("button", name="Lire", exact=True)).to_be_visible()
    second = desk.evaluate(TIME)
    for key, by in (("l", 10), ("ArrowRight", 5), ("j", -10), ("ArrowLeft", -5)):
        desk.keyboard.press(key)
        second = max(0, second + by)
        assert abs(desk.evaluate(TIME) - second) < 0.3
    desk.keyboard.press("5")
    assert abs(desk.evaluate(TIME) - 0.5 * 459.5) < 1
    desk.keyboard.press(">")
    assert desk.evaluate("document.querySelector('audio').playbackRate") == 1.25
    slider = desk.get_by_role("slider", name="Position dans l’enregistrement")
    assert "sur 7:39" in (slider.get_attribute("aria-valuetext") or "")
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Raccourcis du clavier")).to_be_visible()
    assert faults(desk) == []
    desk.keyboard.press("Escape")
    desk.keyboard.press("/")
    second = desk.evaluate(TIME)
    desk.keyboard.type("jkl 5")  # typing in a field is not a command
    assert desk.evaluate(TIME) == second
    desk.keyboard.press("Escape")
    desk.locator(".mc-stamp").nth(1).focus()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    line = float(desk.evaluate("document.activeElement.dataset.start"))
    desk.keyboard.press("p")
    sheet = desk.get_by_role("dialog", name="Partager un moment")
    assert f"t={math.floor(line * 10) / 10:g}" in sheet.get_by_label("Lien", exact=True).input_value()
    words = sheet.get_by_label("Citation et sa source", exact=True).input_value()
    desk.keyboard.press("Escape")
    assert desk.evaluate("document.activeElement.textContent").strip() in words
    desk.keyboard.press("Enter")
    desk.wait_for_function(MOVING, arg=line)
    assert desk.evaluate(TIME) < line + 5


# What a keyboard's, a headset's or a telephone's own keys would call.
MEDIA_KEYS = """const kept = navigator.mediaSession.setActionHandler.bind(navigator.mediaSession);
  window.pressed = {};
  navigator.mediaSession.setActionHandler = (name, handler) => { pressed[name] = handler; kept(name, handler); };"""

# How the page was moved to the line being said.
SCROLLED = """() => {
  const to = Element.prototype.scrollIntoView;
  window.scrolled = [];
  Element.prototype.scrollIntoView = function (how) { scrolled.push(how.behavior); to.call(this, how); };
}"""


def test_media_keys_speeds_steps_and_numbers(desk: Page, url: str) -> None:
    desk.add_init_script(MEDIA_KEYS)
    opened(desk, url, SPOKEN)
    for _ in range(2):  # a key that comes again, or late, changes nothing
        desk.evaluate("pressed.play()")
        desk.wait_for_function(MOVING, arg=0.3)
    assert desk.evaluate("navigator.mediaSession.playbackState") == "playing"
    speed = desk.get_by_role("combobox", name="Vitesse")
    for rate in ("2", "0.75"):
        speed.select_option(rate)
        assert desk.evaluate("document.querySelector('audio').playbackRate") == float(rate)
    expect(desk.locator(".cue.now")).to_be_in_viewport()
    desk.wait_for_timeout(1000)  # it moved there smoothly
    desk.evaluate(SCROLLED)
    for motion, behaviour, second in (("no-preference", "smooth", 90), ("reduce", "instant", 170)):
        desk.emulate_media(reduced_motion=motion)
        desk.evaluate("seekTime => pressed.seekto({ seekTime })", second)
        desk.wait_for_function("behaviour => scrolled.at(-1) === behaviour", arg=behaviour)
        desk.wait_for_timeout(1000)
    for _ in range(2):
        desk.evaluate("pressed.pause()")
        assert desk.evaluate("document.querySelector('audio').paused")
    assert desk.evaluate("navigator.mediaSession.metadata.artist") == "Maud Lescarrière"
    for press, second in (
        ("pressed.seekto({ seekTime: 300 })", 300),
        ("pressed.seekto({ seekTime: 0 })", 0),
        ("pressed.nexttrack()", 82),
        ("pressed.seekforward()", 92),
        ("pressed.seekbackward()", 82),
        ("pressed.previoustrack()", 0),
    ):
        desk.evaluate(f"{press}; document.querySelector('audio').pause()")
        assert abs(desk.evaluate(TIME) - second) < 1
    for key in "09":
        desk.keyboard.press(key)
        assert abs(desk.evaluate(TIME) - int(key) * 45.95) < 1
    desk.get_by_role("button", name="Reculer de 10 secondes").click()
    desk.get_by_role("button", name="Avancer de 10 secondes").click()
    assert abs(desk.evaluate(TIME) - 9 * 45.95) < 1
    desk.get_by_role("button", name="Partager le chapitre Rémunération, durée et différé").click()
    sheet = desk.get_by_role("dialog", name="Partager un moment")
    code = sheet.get_by_label("Code d’intégration", exact=True).input_value()
    first, last = map(int, re.findall(r"(?:start|end)=(\d+)", code))
    assert abs(first - 198) < 2 and abs(last - 248) < 2
    assert sheet.get_by_label("Citation et sa source", exact=True).input_value().startswith("Rémunération")


def test_a_reader_who_scrolls_is_left_alone_until_asked(desk: Page, odd: Odd) -> None:
    opened(desk, odd.url, odd.slugs["long"], "&t=3600")
    desk.wait_for_function(MOVING, arg=3600)
    expect(desk.locator(".cue.now")).to_be_in_viewport()
    live = desk.get_by_role("button", name="Revenir à la ligne en cours")
    expect(live).to_be_hidden()
    slider = desk.get_by_role("slider", name="Position dans l’enregistrement")
    slider.press("PageUp")  # which moves the sound, not the page
    desk.wait_for_function(MOVING, arg=4000)
    expect(live).to_be_hidden()
    expect(desk.locator(".cue.now")).to_be_in_viewport()
    desk.mouse.move(640, 600)
    desk.mouse.wheel(0, 4000)
    expect(live).to_be_visible()
    desk.evaluate("document.querySelector('audio').playbackRate = 4")
    line = desk.locator(".cue.now").text_content()
    desk.wait_for_function("line => document.querySelector('.cue.now').textContent !== line", arg=line)
    desk.wait_for_timeout(500)  # it would move there smoothly
    expect(desk.locator(".cue.now")).not_to_be_in_viewport()
    live.click()
    expect(desk.locator(".cue.now")).to_be_in_viewport()
    expect(live).to_be_hidden()
    desk.keyboard.press("Tab")  # nor is the keyboard's place left
    expect(live).to_be_visible()


def test_chapters_are_a_list_marks_and_anchors(desk: Page, odd: Odd) -> None:
    opened(desk, odd.url, odd.slugs["long"])
    ticks = desk.locator(".mc-ticks span")
    expect(ticks).to_have_count(9)
    expect(ticks.nth(4)).to_have_attribute("style", re.compile("left: 50%"))
    desk.get_by_role("navigation", name="Chapitres").get_by_role("button", name="Chapitre 4").click()
    desk.wait_for_function(MOVING, arg=2160)
    expect(desk.locator(".mc-now")).to_have_text("Chapitre 4")
    desk.get_by_role("link", name="Lien vers le chapitre Chapitre 7").click()
    assert desk.url == f"{odd.url}/masterclass?m={odd.slugs['long']}#chapitre-7-chapitre-7"
    desk.reload()
    expect(desk.locator("#chapitre-7-chapitre-7")).to_be_in_viewport(timeout=60_000)


def test_two_hours_stay_smooth(desk: Page, odd: Odd) -> None:
    opened(desk, odd.url, odd.slugs["long"])
    expect(desk.locator(".cue")).to_have_count(2500)
    worst = min(desk.evaluate(MARKING) for _ in range(3))
    assert worst < 250, f"marking another line took {worst:.0f} ms"  # on an idle machine below 20
    # Others compute on the same two cores, now and then: the smoothest of three. On an idle machine hardly any is late.
    late, frames = min(desk.evaluate(SCROLLING) for _ in range(3))
    assert late < frames / 3, f"{late} of {frames} frames came late"
    worst = desk.evaluate(TYPING, "ligne")
    assert worst < 500, f"a letter in the search took {worst:.0f} ms"  # the first one, which reads all words
    expect(desk.locator("#mc-count")).to_have_text("2500 trouvés")


def test_definitions_on_hover_focus_and_tap(browser: Browser, url: str) -> None:
    context: BrowserContext = browser.new_context(
        bypass_csp=True, has_touch=True, viewport={"width": 390, "height": 850}
    )
    page = opened(context.new_page(), url, SPOKEN)
    term = page.locator(".term").first
    shown = page.get_by_role("tooltip")
    term.hover()
    expect(shown).to_be_visible()
    expect(shown.locator("strong")).not_to_be_empty()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    page.mouse.move(0, 0)
    term.focus()
    expect(shown).to_be_visible()
    page.keyboard.press("Escape")
    term.tap()
    expect(shown).to_be_visible()
    assert page.evaluate("document.querySelector('audio').paused")
    context.close()


def test_notes_survive_and_are_exported(desk: Page, url: str, tmp_path: Path) -> None:
    opened(desk, url, SPOKEN)
    desk.keyboard.press("2")
    desk.keyboard.press("n")
    desk.get_by_label(re.compile("Note à 1:31")).fill("À revoir : le *rang* <b>subordonné</b>")
    desk.get_by_role("button", name="Garder la note").click()
    opened(desk, url, SPOKEN)
    mine = desk.get_by_role("region", name="Mes notes")
    expect(mine.locator("li p")).to_have_text("À revoir : le *rang* <b>subordonné</b>")
    mine.get_by_role("button", name="Modifier").click()
    desk.get_by_label(re.compile("Note à 1:31")).fill("À revoir\nen entier")
    desk.keyboard.press("Control+Enter")
    expect(mine.locator("li p")).to_have_text("À revoir\nen entier")
    with desk.expect_download() as download:
        mine.get_by_role("button", name="Exporter en Markdown").click()
    download.value.save_as(tmp_path / "notes.md")
    text = (tmp_path / "notes.md").read_text("utf-8")
    assert f"[1:31]({url}/masterclass?m={SPOKEN}&t=91" in text
    mine.get_by_role("button", name="Supprimer").click()
    expect(mine.locator("li")).to_have_count(0)
    mine.get_by_role("button", name="Annuler la suppression").click()
    expect(mine.locator("li")).to_have_count(1)
    mine.get_by_role("link", name="Écouter à 1:31").click()
    desk.wait_for_function(MOVING, arg=91.5)


def test_notes_of_two_tabs_stand_together(desk: Page, url: str) -> None:
    tabs = [desk, desk.context.new_page()]
    for tab in tabs:
        opened(tab, url, SPOKEN)
    for tab, key, words in zip(tabs, "25", ("De l’un.", "De l’autre."), strict=True):
        tab.keyboard.press(key)
        tab.keyboard.press("n")
        tab.get_by_role("textbox", name="Note à").fill(words)
        tab.keyboard.press("Control+Enter")
    for tab in tabs:
        expect(tab.locator(".mc-mine li p")).to_have_text(["De l’un.", "De l’autre."])
    tabs[1].get_by_role("button", name="Supprimer la note à 1:31").click()
    expect(desk.locator(".mc-mine li p")).to_have_text(["De l’autre."])
    tabs[1].close()


def test_a_moment_is_shared_as_link_quote_and_code(desk: Page, url: str) -> None:
    opened(desk, url, SPOKEN)
    words = desk.locator(".cue").nth(11)
    start = float(words.get_attribute("data-start") or "nan")
    words.evaluate(
        "node => { const s = getSelection(), r = document.createRange(); r.selectNodeContents(node); s.removeAllRanges(); s.addRange(r); }"
    )
    desk.get_by_role("button", name="Partager ce passage").click()
    sheet = desk.get_by_role("dialog", name="Partager un moment")
    link = sheet.get_by_label("Lien", exact=True).input_value()
    quote = sheet.get_by_label("Citation et sa source", exact=True).input_value()
    code = sheet.get_by_label("Code d’intégration", exact=True).input_value()
    assert abs(float(link.split("t=")[1]) - start) <= 0.5
    assert quote.startswith("«\u00a0") and "Maud Lescarrière" in quote and link in quote
    sheet.get_by_role("button", name="Copier : Citation").click()
    assert desk.evaluate("navigator.clipboard.readText()") == quote
    desk.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")  # no HTTPS
    sheet.get_by_role("button", name="Copier : Lien").click()
    expect(sheet.get_by_role("status").filter(has_text="Copié.")).to_have_count(2)
    assert desk.evaluate("delete navigator.clipboard && navigator.clipboard.readText()") == link
    source = re.search(r'src="([^"]+)"', code)
    assert source and f"start={int(start)}&amp;end=" in source[1]
    desk.goto(source[1].replace("&amp;", "&"))
    assert not desk.evaluate("[...document.scripts].length")
    desk.evaluate("document.querySelector('audio').play()")
    desk.wait_for_function("() => !document.querySelector('audio').paused")
    assert abs(desk.evaluate("document.querySelector('audio').played.start(0)") - int(start)) <= 0.5
    end = float(source[1].split("end=")[1])
    desk.wait_for_function("() => document.querySelector('audio').paused", timeout=30_000)
    assert abs(desk.evaluate(TIME) - end) < 1


def test_the_embedded_page_allows_nothing_else(url: str, odd: Odd) -> None:
    answer = httpx.get(f"{url}/embed/{SPOKEN}?start=abc&end=-4", trust_env=False)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in answer.text
    assert "#t=" not in answer.text
    assert 'srclang="en"' in httpx.get(f"{odd.url}/embed/{odd.slugs['video']}", trust_env=False).text
    assert httpx.get(f"{odd.url}/embed/{odd.slugs['draft']}", trust_env=False).status_code == 404
    assert httpx.get(f"{odd.url}/embed/{odd.slugs['huge']}", trust_env=False).status_code == 404


def test_a_transcript_is_text_everywhere(desk: Page, odd: Odd) -> None:
    opened(desk, odd.url, odd.slugs["hostile"])
    expect(desk.locator(".cue").first).to_have_text(HOSTILE)
    expect(desk.locator(".speaker").first).to_have_text(HOSTILE)
    expect(desk.get_by_role("heading", level=1)).to_have_text(f"Un titre {HOSTILE}")
    expect(desk.locator(".mc-text h3").first).to_have_text(HOSTILE)
    expect(desk.locator(".mc-summary")).to_contain_text("<img src=x onerror=alert(1)> <script>alert(2)</script>")
    assert desk.locator(".stMain :is(script, img[src=x])").count() == 0
    assert desk.locator("a[href^=javascript]").count() == 0
    page = httpx.get(f"{odd.url}/embed/{odd.slugs['video']}", trust_env=False)
    assert page.status_code == 200
    for address in ("masterclasses", "recherche?q=alert"):
        desk.goto(f"{odd.url}/{address}")
        expect(desk.locator(".stMain").get_by_text(HOSTILE.strip()).first).to_be_visible()
        assert desk.locator(".stMain :is(script, img[src=x], a[href^=javascript])").count() == 0


def test_what_is_missing_is_left_out(desk: Page, odd: Odd) -> None:
    opened(desk, odd.url, odd.slugs["huge"])
    expect(desk.locator(".cue")).to_have_count(5000)
    expect(desk.get_by_text("n’a pas d’enregistrement")).to_be_visible()
    expect(desk.get_by_role("heading", name="Chapitres")).to_have_count(0)
    expect(desk.get_by_role("heading", name="Résumé")).to_have_count(0)
    desk.get_by_role("button", name="Aller à 0:00", exact=True).focus()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("p")
    sheet = desk.get_by_role("dialog", name="Partager un moment")
    assert "Voici la ligne 0" in sheet.get_by_label("Citation et sa source", exact=True).input_value()
    desk.keyboard.press("Escape")
    desk.keyboard.press("n")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    expect(desk.get_by_role("button", name="Partager", exact=True)).to_be_visible()
    expect(desk.get_by_role("button", name="Noter")).to_be_hidden()
    assert faults(desk) == []
    opened(desk, odd.url, odd.slugs["one"])
    expect(desk.locator(".cue")).to_have_count(1)
    desk.set_viewport_size({"width": 390, "height": 850})
    opened(desk, odd.url, odd.slugs["title"])
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Nothing plays there: no line is being said, and the page begins with its title.
    expect(desk.locator(".cue.now")).to_have_count(0)
    expect(desk.locator(".mc-head .hub-theme")).to_be_in_viewport()
    assert faults(desk) == []
    for address in ("masterclasses", ""):
        desk.goto(f"{odd.url}/{address}")
        settle(desk)
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_wrong_address_gets_the_nearest_titles(desk: Page, odd: Odd) -> None:
    desk.goto(f"{odd.url}/masterclass?m=2026-02-03-cinq-mile-ligne")
    expect(desk.get_by_role("heading", name="Cette page n’existe pas")).to_be_visible()
    expect(desk.locator(".stMain a[href*='cinq-mille-lignes']")).to_be_visible()
    desk.goto(f"{odd.url}/masterclass?m={odd.slugs['draft']}")
    expect(desk.get_by_role("heading", name="Cette page n’existe pas")).to_be_visible()
    expect(desk.locator(".stMain")).not_to_contain_text("brouillon")


def test_video_has_subtitles_full_screen_and_a_window_of_its_own(desk: Page, odd: Odd) -> None:
    opened(desk, odd.url, odd.slugs["video"])
    desk.get_by_role("button", name="Lire", exact=True).click()
    desk.wait_for_function(MOVING, arg=1)
    captions = desk.get_by_role("button", name="Sous-titres", exact=True)
    captions.click()
    expect(captions).to_have_attribute("aria-pressed", "true")
    expect(desk.locator("track")).to_have_attribute("srclang", "en")
    expect(desk.locator(".said").first).to_have_attribute("lang", "en")
    desk.wait_for_function("() => document.querySelector('video').textTracks[0].activeCues?.length")
    assert faults(desk) == []
    desk.get_by_role("button", name="Plein écran").click()
    desk.wait_for_function("() => document.fullscreenElement?.matches('.mc-bar')")
    expect(desk.get_by_role("button", name="Mettre en pause")).to_be_visible()
    desk.keyboard.press("f")
    desk.wait_for_function("() => !document.fullscreenElement")
    assert desk.evaluate("navigator.mediaSession.metadata.title") == "Une vidéo"
    aside = desk.get_by_role("button", name="Incrustation")
    aside.click()
    desk.wait_for_function("() => document.pictureInPictureElement?.matches('.mc-stage video')")
    aside.click()
    desk.wait_for_function("() => !document.pictureInPictureElement")


# The other sites cannot be reached from a test: these pages speak as much of their protocols as the player uses.
STANDINS = {
    "youtube": """<script>
      let time = Number(new URLSearchParams(location.search).get('start')), state = 2, timer, rate;
      const tell = () => parent.postMessage(JSON.stringify({event: 'infoDelivery', info: {currentTime: time, duration: 90, playerState: state}}), '*');
      onmessage = e => { const m = JSON.parse(e.data);
        if (m.event === 'listening') { state = 1; timer = setInterval(() => { if (state === 1) time += 0.25; tell(); }, 250); }
        if (m.func === 'seekTo') time = m.args[0];
        if (m.func === 'setPlaybackRate') rate = m.args[0];
        if (m.func === 'pauseVideo') state = 2;
        if (m.func === 'playVideo') state = 1;
        tell(); };
    </script>""",
    "peertube": """<script>
      let time = parseInt(new URLSearchParams(location.search).get('start')), state = 'playing', ready = false, rate;
      const tell = (method, params) => parent.postMessage(JSON.stringify({method: 'peertube::' + method, params}), '*');
      onmessage = e => { const m = JSON.parse(e.data);
        if (m.method === 'peertube::__ready') { ready = true; setInterval(() => { if (state === 'playing') time += 0.25;
          tell('playbackStatusUpdate', {position: time, volume: 1, duration: 90, playbackState: state}); }, 250); }
        if (m.method === 'peertube::seek') time = m.params;
        if (m.method === 'peertube::setPlaybackRate') rate = m.params;
        if (m.method === 'peertube::pause') state = 'paused';
        if (m.method === 'peertube::play') state = 'playing'; };
      setTimeout(() => tell('__ready', {type: 'publish-request', publish: []}), 0);
    </script>""",
}


@pytest.mark.parametrize(("kind", "host"), [("youtube", "www.youtube-nocookie.com"), ("peertube", "tube.example.org")])
def test_another_site_is_asked_only_after_a_click(desk: Page, odd: Odd, kind: str, host: str) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(content_type="text/html", body=STANDINS[kind])

    desk.route(lambda address: not address.startswith(odd.url), answer)
    opened(desk, odd.url, odd.slugs[kind])
    desk.evaluate("slug => localStorage.setItem(`hub-position-${slug}`, 33)", odd.slugs[kind])
    desk.evaluate("localStorage.setItem('hub-speed', 1.5)")
    opened(desk, odd.url, odd.slugs[kind])
    expect(desk.get_by_role("button", name="Charger et reprendre à 0:33")).to_be_visible()
    desk.locator(".cue").nth(3).click()
    desk.wait_for_timeout(500)
    assert not asked
    expect(desk.locator(".mc-site")).to_contain_text(host)
    assert faults(desk) == []
    desk.locator(".mc-site").get_by_role("button", name="Charger la vidéo").click()
    desk.wait_for_function("() => document.querySelector('.mc-time').textContent.startsWith('0:09')")
    assert len(asked) == 1
    assert f"https://{host}/" in asked[0]
    desk.frames[-1].wait_for_function("rate === 1.5")
    desk.locator(".cue").nth(20).click()
    expect(desk.locator(".cue.now")).to_have_attribute("data-i", re.compile("2[0-2]"))
    desk.wait_for_function("() => document.querySelector('.mc-time').textContent.startsWith('0:59')")
    desk.keyboard.press("k")
    expect(desk.get_by_role("button", name="Lire", exact=True)).to_be_visible()
    assert len(asked) == 1


def test_files_to_take_away(desk: Page, url: str, odd: Odd) -> None:
    opened(desk, url, SPOKEN)
    for name, beginning in (
        ("PDF", b"%PDF-"),
        ("texte", b"Le pr"),
        ("Markdown", b"# "),
        ("sous-titres SubRip", b"1\n"),
    ):
        with desk.expect_download() as download:
            desk.get_by_role("link", name=name, exact=True).click()
        assert Path(download.value.path()).read_bytes().startswith(beginning)
    whole = json.loads(httpx.get(f"{url}/m/{SPOKEN}.json", trust_env=False).text)
    assert len(whole["cues"]) == desk.locator(".cue").count()
    for slug in ("hostile", "title"):
        assert httpx.get(f"{odd.url}/m/{odd.slugs[slug]}.pdf", trust_env=False, timeout=60).content.startswith(b"%PDF-")
    for path in (f"{SPOKEN}.exe", f"{odd.slugs['draft']}.pdf"):
        assert httpx.get(f"{odd.url}/m/{path}", trust_env=False).status_code == 404


def test_print_is_a_handout(desk: Page, url: str) -> None:
    opened(desk, url, SPOKEN)
    wanted = [*desk.locator(".mc-text h3").all_inner_texts(), desk.locator(".cue").last.inner_text()]
    wanted += [desk.locator(".mc-summary li").first.inner_text(), "Le prêt participatif et", "Maud Lescarrière"]
    desk.locator(".term").first.focus()  # its definition stays on the screen
    first = {}
    for scheme in SCHEMES:
        show_in(desk, scheme)
        desk.emulate_media(media="print")
        pages = list(pdfium.PdfDocument(desk.pdf(format="A4", print_background=True)))
        desk.emulate_media(media="screen")
        assert len(pages) >= 3  # the whole talk, not what one screen holds
        read = "".join("".join(page.get_textpage().get_text_range() for page in pages).split())
        assert [words for words in wanted if "".join(words.split()) not in read] == []
        buttons = (
            "Partager",
            "Noter",
            "Incrustation",
            "Reprendre",
            "Télécharger",
            "Mes notes",
            "¶",
            "Poser une question",
        )
        assert [words for words in buttons if "".join(words.split()) in read] == []
        first[scheme] = pages[0].render().to_numpy().astype(int)
    assert first["light"].max() == 255 and first["light"].mean() > 220 and first["light"].min() < 60
    assert abs(first["light"] - first["dark"]).mean() < 1, "a dark page is printed as a light one"
