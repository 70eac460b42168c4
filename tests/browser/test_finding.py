"""How somebody finds what to hear: from home, in the catalogue, by a question or a search, and from one talk to the next."""

import datetime as dt
import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from app.access import COOKIE
from app.people import People, Role
from app.statistics import Statistics
from tests.browser.conftest import serve
from tests.browser.hands import Keyboard, choose
from tests.browser.views import PEOPLE, VIEWS, settle
from tests.talks import lines, talk
from transcripts.library import Library

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("page", [1280], indirect=True)]

# Its summary is the hub's own; that of the others was corrected.
HEARD = "2026-10-15-d-ou-vient-la-monnaie"
ASKED = "À quoi sert une part sociale ?"

# What Streamlit shows while a script runs, should it ever be seen.
FLASHES = """window.flashes = []; new MutationObserver(() => {
  for (const said of document.querySelectorAll("[data-testid=stStatusWidget]"))
    if (said.checkVisibility({ visibilityProperty: true })) flashes.push(said.outerHTML);
}).observe(document, { childList: true, subtree: true });"""
# For how many seconds something moves that would for two.
MOVES = """() => {
  const moving = document.body.appendChild(Object.assign(document.createElement("i"), { style: "animation: x 2s; transition: all 2s" }));
  const { animationDuration, transitionDuration } = getComputedStyle(moving);
  return [animationDuration, transitionDuration].map(parseFloat);
}"""
# How many letters stand in a line, and how wide (em) the space in « 50 000 » is.
LETTERS = """said => {
  const line = Object.assign(document.createElement("span"), { textContent: said.textContent, style: "position: absolute; white-space: nowrap" });
  said.append(line);
  const letter = line.offsetWidth / line.textContent.length;
  line.remove();
  return said.clientWidth / letter;
}"""
SPACE = """async () => {
  const number = document.body.appendChild(Object.assign(document.createElement("span"), { style: "font: 100px Literata; position: absolute" }));
  const wide = async (text) => { number.textContent = text; await document.fonts.load("100px Literata", text); return number.getBoundingClientRect().width; };
  return (await wide("50\\u202f000") - await wide("50000")) / 100;
}"""


def part(sent: bytes) -> str:
    return BackMsg.FromString(sent).rerun_script.fragment_id


def test_what_is_asked_is_offered_judged_and_counted_without_a_name(
    page: Page, browser: Browser, url: str, demo_home: Path
) -> None:
    people = People(demo_home)
    for _ in range(3):  # what three have asked is offered to the others
        Statistics(demo_home, 90).asked(ASKED, answered=True)
    reader = browser.new_page(user_agent=PEOPLE, locale="fr-FR")
    runs: list[str] = []  # which part of the page each message runs anew, empty for all of it
    reader.on("websocket", lambda socket: socket.on("framesent", lambda sent: runs.append(part(sent))))
    reader.goto(f"{url}/question")
    box = reader.get_by_role("combobox", name="Votre question")
    for typed, kind in (
        ("à quoi sert", "question déjà posée"),
        ("Castelnau", "intervenant·e"),
        ("d’où vient la mon", "masterclass"),
        ("fonds de dot", "glossaire"),
    ):
        box.fill(typed)
        expect(reader.get_by_role("option").filter(has_text=kind).first).to_be_visible()
    box.fill("")
    reader.get_by_role("list", name="Exemples de questions").get_by_role("link", name="Qui crée la monnaie").click()
    expect(reader.locator(".hub-quote").first).to_be_visible()
    Keyboard().press(reader.get_by_role("button", name="Non"))
    expect(reader.get_by_text("gardé sans rien qui vous désigne")).to_be_visible()
    assert runs[-1], "the question is not asked again for it"
    reader.goto(f"{url}/masterclass?m={HEARD}")
    settle(reader)
    reader.close()

    page.context.add_cookies(
        [{"name": COOKIE, "value": people.enter(people.invite("sam@example.org", Role.STAFF)), "url": url}]
    )
    page.goto(f"{url}/atelier-questions")
    settle(page)
    main = page.get_by_role("main")
    counted = re.split(
        "Posées le plus souvent|Réponses jugées inutiles|Envoyées d’avance|Lues le plus souvent", main.inner_text()
    )
    assert ASKED[:-2] in counted[1] and "Qui crée la monnaie" in counted[1]
    assert "Qui crée la monnaie" in counted[2] and "fois inutile" in counted[2]
    main.get_by_role("link", name="passage 1").first.click()
    page.wait_for_url(re.compile(r"/masterclass\?m=.*&t="))
    assert "D’où vient la monnaie" in counted[4]


def test_the_box_holds_the_question_that_is_answered(page: Page, url: str) -> None:
    page.goto(f"{url}/question")
    box, near = page.get_by_role("combobox", name="Votre question"), page.get_by_role("list", name="Questions voisines")
    for asked in ("Qui crée la monnaie ?", "Comment marche un prêt participatif ?"):
        box.fill(asked)
        box.press("Enter")
        page.wait_for_url(lambda now, asked=asked: httpx.URL(now).params.get("q") == asked)
        settle(page)
        expect(box).to_have_value(asked)
    nearby = httpx.URL(near.get_by_role("link").first.get_attribute("href") or "").params["q"]
    near.get_by_role("link").first.click()
    expect(box).to_have_value(nearby)
    page.go_back()
    expect(box).to_have_value(asked)


def test_an_empty_search_offers_where_to_begin(page: Page, url: str) -> None:
    page.goto(f"{url}/recherche")
    page.get_by_role("list", name="Exemples de recherches").get_by_role("link", name="monnaie locale").click()
    expect(page.locator(".hub-quote").first).to_contain_text("monnaie")
    expect(page).to_have_url(f"{url}/recherche?q=monnaie+locale")
    page.get_by_text("Préciser", exact=True).click()
    choose(page, "Année", "2026")
    page.wait_for_url(re.compile("annee=2026"))


def test_what_was_probably_meant_is_searched_within_the_filters(page: Page, url: str) -> None:
    page.goto(f"{url}/recherche?q=partissipatif&theme=vehicules-et-systeme-financier")
    settle(page)
    page.get_by_role("main").get_by_role("link", name="participatif", exact=True).click()
    page.wait_for_url(lambda now: httpx.URL(now).params.get("q") == "participatif")
    settle(page)
    assert httpx.URL(page.url).params["theme"] == "vehicules-et-systeme-financier"
    expect(page.locator(".hub-quote").first).to_contain_text("participatif")


def test_the_catalogue_tells_narrows_and_sorts(page: Page, url: str, demo_home: Path) -> None:
    talk(Library(demo_home), "Une autre année", lines(900), day=dt.date(2025, 3, 6))
    page.goto(f"{url}/masterclasses")
    settle(page)
    cards, titles = page.locator(".hub-card"), page.locator(".hub-card strong")
    card = cards.filter(has_text="Le prêt participatif")
    for said in ("Véhicules et système financier", "12 novembre 2026", "8 min", "Maud Lescarrière"):
        expect(card).to_contain_text(said)
    expect(card.get_by_role("list", name="Termes").get_by_role("listitem").first).to_have_text("prêt participatif")
    drawn = card.locator("img")
    assert drawn.evaluate("img => img.complete && img.naturalWidth > 0 && img.src.startsWith('data:image/svg+xml')")
    for order, first in (
        ("Les plus anciennes", "Une autre année"),
        ("Les plus courtes", "D’où vient la monnaie"),
        ("Les plus longues", "Une autre année"),
        ("Par titre", "D’où vient la monnaie"),
    ):
        choose(page, "Trier par", order)
        expect(titles.first).to_have_text(first)
    choose(page, "Année", "2025")
    expect(titles).to_have_text(["Une autre année"])
    choose(page, "Année", "2026")
    choose(page, "Personne", "Rémi Castelnau")
    sorted_by_title = [re.compile("^Fondations"), re.compile("^Qui finance quoi")]
    expect(titles).to_have_text(sorted_by_title)
    page.wait_for_url(re.compile("voix="))
    page.reload()
    expect(titles).to_have_text(sorted_by_title)


def test_a_long_catalogue_has_pages_and_what_is_chosen_begins_with_the_first(page: Page, home: Path) -> None:
    library = Library(home)
    for year in (2025, 2026):
        for number in range(10, 40):
            talk(library, f"Causerie {year}-{number}", lines(2), day=dt.date(year, 1, 1) + dt.timedelta(number))
    process, url = serve(home)
    try:
        titles = page.locator(".hub-card strong")
        page.goto(f"{url}/masterclasses?page=2")
        settle(page)
        expect(titles).to_have_count(24)
        expect(titles.first).to_have_text("Causerie 2026-15")
        page.get_by_role("button", name="Page suivante").click()
        expect(titles).to_have_count(12)
        page.wait_for_url(re.compile("page=3"))
        page.get_by_role("navigation", name="Pagination").get_by_role("button", name="Page 2").click()
        page.wait_for_url(re.compile("page=2"))
        choose(page, "Trier par", "Par titre")
        expect(titles.first).to_have_text("Causerie 2025-10")
        assert "page=" not in page.url
        page.get_by_role("button", name="Page suivante").click()
        expect(titles.first).to_have_text("Causerie 2025-34")
        choose(page, "Année", "2026")
        expect(titles.first).to_have_text("Causerie 2026-10")
        page.reload()
        expect(titles.first).to_have_text("Causerie 2026-10")
    finally:
        process.terminate()
        process.wait(20)


def test_home_is_calm_and_shows_the_latest_the_next_and_the_themes(page: Page, url: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.add_init_script(FLASHES)
    page.goto(url)
    settle(page)
    assert page.evaluate("flashes") == []
    latest = httpx.get(f"{url}/api/masterclasses", trust_env=False).json()["masterclasses"][:3]
    shown = page.locator(".hub-card .hub-open").evaluate_all("links => links.map((link) => link.search)")
    assert shown[:3] == [f"?m={one['slug']}" for one in latest]
    expect(page.locator(".hub-event")).to_have_count(1)
    expect(page.locator(".hub-way")).to_have_count(4)

    page.keyboard.press("Tab")
    expect(page.get_by_text("Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('[data-testid=stMain]'))")

    assert page.evaluate(MOVES) == [0.001, 0.001]
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOVES) == [2, 2]

    for place, name in (("link[rel=icon]", "href"), ("meta[property='og:image']", "content")):
        answer = page.request.get(page.locator(place).evaluate("(node, name) => node[name]", name))
        assert answer.ok and answer.headers["content-type"].startswith("image/")
    assert page.evaluate("[...document.fonts].some((f) => f.family.includes('Literata') && f.status === 'loaded')")
    assert 0.14 < page.evaluate(SPACE) < 0.2


@pytest.mark.parametrize("view", ["masterclass", "question-reponse", "recherche-resultats", "glossaire-mot"])
def test_a_page_that_computes_is_calm_too(page: Page, url: str, view: str) -> None:
    page.add_init_script(FLASHES)
    page.goto(f"{url}{VIEWS[view]}")
    settle(page)
    assert page.evaluate("flashes") == []


def test_from_a_masterclass_to_the_next_and_to_its_theme(page: Page, url: str) -> None:
    page.goto(f"{url}/masterclass?m={HEARD}")
    settle(page)
    summary = page.get_by_role("region", name="Résumé")
    expect(summary.locator(".mc-review")).to_have_text("Résumé automatique, non relu")
    for heading in ("À retenir", "Organisations"):
        expect(summary.get_by_role("heading", name=heading)).to_be_visible()
    assert 45 < page.locator(".said").first.evaluate(LETTERS) < 80
    near = httpx.get(f"{url}/api/near", params={"m": HEARD}, trust_env=False).json()
    expect(page.get_by_role("heading", name="À écouter ensuite")).to_be_visible()
    shown = page.locator(".hub-card .hub-open").evaluate_all("links => links.map((link) => link.search)")
    assert near and shown == [f"?m={slug}" for slug in near]
    page.locator(".mc-head .hub-theme a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Système monétaire et économique")
    expect(page.locator(".hub-lead")).to_contain_text(re.compile(r"\w+ \w+ \w+"))
    expect(page.locator(".hub-card .hub-theme")).to_have_text(["Système monétaire et économique"] * 2)
