"""The glossary, the learning paths, the agenda and the box that suggests, in a real browser."""

import datetime as dt
import json
from pathlib import Path

import httpx
import icalendar
import pytest
from playwright.sync_api import Browser, Page, expect

from app.access import COOKIE
from app.people import People, Role
from tests.browser.conftest import serve, without_dialogs
from tests.browser.hands import Keyboard, reach
from tests.browser.test_access import faults
from tests.browser.views import PEOPLE
from tests.conftest import make_home, run_hub
from transcripts.days import today

pytestmark = pytest.mark.browser


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_term_is_found_explained_and_heard(page: Page, url: str) -> None:
    page.goto(f"{url}/glossaire")
    box = page.get_by_label("Chercher un mot")
    expect(box).to_be_visible(timeout=60_000)
    letters = page.locator(".glossary h2").all_text_contents()
    assert letters == sorted(letters) and len(letters) > 15
    box.press_sequentially("quasi fonds")
    expect(page.locator("dt")).to_have_count(1)
    page.get_by_label("Par thème").check()
    expect(page.get_by_role("heading", name="Outils de financement")).to_be_visible()
    page.locator("dt a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("quasi-fonds propres")
    expect(page.get_by_text("en anglais\u00a0: quasi-equity")).to_be_visible()
    expect(page.locator(".hub-quote").first).to_contain_text("quasi-fonds propres", timeout=60_000)
    assert 1 <= page.locator(".hub-quote").count() <= 3
    # A map where there is room, a list on a phone: the same links.
    desk = (page.viewport_size or {})["width"] > 640
    near = page.locator("svg a, ul.near a").locator("visible=true")
    expect(near.first).to_be_visible()
    assert page.locator("svg[role=group]").is_visible() is desk
    # A graph: each word is tied to another.
    assert page.locator("svg line").count() >= page.locator("svg a").count() > 2
    assert page.locator("ul.near").is_visible() is not desk
    assert fits(page)
    near.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("quasi-fonds propres")


def test_a_term_has_an_address_by_any_of_its_names(page: Page, url: str) -> None:
    page.goto(f"{url}/glossaire?terme=SCIC")
    expect(page.get_by_role("heading", level=1)).to_have_text("société coopérative d’intérêt collectif")
    page.goto(f"{url}/glossaire?terme=<img src=x onerror=alert(1)>:red[x]")
    expect(page.get_by_text("Ce mot n’est pas dans le glossaire")).to_be_visible()


def test_steps_are_remembered_on_this_device(page: Page, url: str) -> None:
    page.goto(f"{url}/parcours?p=association-qui-demarre")
    expect(page.get_by_text("5 étapes", exact=True)).to_be_visible()
    keys = Keyboard()
    keys.tick(page.get_by_label("Fait\u00a0: Partir du besoin"))
    keys.tick(page.get_by_label("Fait\u00a0: Demander à une fondation"))
    expect(page.get_by_text("2 étapes sur 5", exact=True)).to_be_visible()
    assert fits(page)
    page.reload()
    expect(page.get_by_text("2 étapes sur 5", exact=True)).to_be_visible()
    expect(page.get_by_label("Fait\u00a0: Partir du besoin")).to_be_checked()
    page.goto(f"{url}/parcours")
    expect(page.locator(".cards li").first).to_contain_text("2 étapes sur 5")
    page.goto(f"{url}/parcours?p=association-qui-demarre")
    keys.press(page.get_by_role("button", name="Tout décocher"))
    expect(page.get_by_text("5 étapes", exact=True)).to_be_visible()


def test_boxes_of_two_tabs_stand_together(page: Page, url: str) -> None:
    tabs = [page, page.context.new_page()]
    for tab in tabs:
        tab.goto(f"{url}/parcours?p=association-qui-demarre")
        expect(tab.get_by_text("5 étapes", exact=True)).to_be_visible()
    for tab, step in zip(tabs, ("Partir du besoin", "Demander à une fondation"), strict=True):
        tab.get_by_label(f"Fait\u00a0: {step}").check()
    expect(tabs[1].get_by_text("2 étapes sur 5", exact=True)).to_be_visible()
    expect(tabs[1].get_by_label("Fait\u00a0: Partir du besoin")).to_be_checked()
    tabs[1].close()
    page.reload()
    expect(page.get_by_text("2 étapes sur 5", exact=True)).to_be_visible()


def test_what_else_a_device_may_hold_does_no_harm(page: Page, url: str) -> None:
    page.goto(f"{url}/parcours?p=association-qui-demarre")
    for kept in ("{broken", '{"a": 1}', "[1, null]"):
        expect(page.get_by_text("5 étapes", exact=True)).to_be_visible()
        page.evaluate("kept => localStorage.setItem('hub-parcours-association-qui-demarre', kept)", kept)
        page.reload()
    expect(page.get_by_text("5 étapes", exact=True)).to_be_visible()


def test_the_questionnaire_leads_to_a_path(page: Page, url: str) -> None:
    page.goto(f"{url}/parcours")
    expect(page.locator(".cards li")).to_have_count(3)
    reach(page.get_by_role("group", name="Que voulez-vous financer"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Autre chose")).to_be_checked()
    page.get_by_label("Une coopérative ou une société").check()
    link = page.get_by_role("status").get_by_role("link", name="Une structure qui grandit")
    expect(link).to_be_visible()
    page.get_by_label("Une production d’énergie portée par des habitants").check()
    link = page.get_by_role("status").get_by_role("link", name="Un projet d’énergie citoyenne")
    expect(link).to_be_visible()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Un projet d’énergie citoyenne")
    expect(page.locator(".steps a").first).to_have_attribute(
        "href", "/masterclass?m=2026-06-25-financer-un-projet-d-energie-citoyenne&t=0"
    )
    # What has no recording is not offered to be heard.
    expect(page.locator(".steps a").first).to_have_text(
        "Lire «\u00a0Financer un projet d’énergie citoyenne\u00a0» depuis le début"
    )
    page.goto(f"{url}/parcours?p=cooperative-qui-grandit")
    expect(page.locator(".steps a", has_text="quasi-fonds propres")).to_contain_text("Écouter «\u00a0Le prêt")


def test_the_agenda_takes_a_question_ahead(page: Page, url: str, demo_home: Path) -> None:
    agenda, title = demo_home / "agenda.toml", "Le prêt participatif et les quasi-fonds propres"
    slug = "2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres"
    held = f'[[masterclass]]\ndate = {today() - dt.timedelta(1)}\ntitle = "{title}"\nslug = "{slug}"\n'
    agenda.write_text(f"{agenda.read_text('utf-8').replace(held, '')}{held}", "utf-8")
    calendar = httpx.get(f"{url}/agenda.ics", trust_env=False, timeout=60)
    assert calendar.headers["content-type"] == "text/calendar; charset=utf-8"
    assert len(icalendar.Calendar.from_ical(calendar.content).events) > 10
    assert "visio" not in calendar.text
    page.goto(f"{url}/agenda")
    expect(page.locator("article.hub-event").first).to_contain_text("Démonstration")
    assert "visio" not in page.content()
    question = f"Que dit un bilan <b>:red[x]</b> à {(page.viewport_size or {})['width']} ?"
    page.get_by_role("combobox", name="Pour la masterclass").click()
    page.keyboard.type("zzz")
    expect(page.get_by_text("Aucun résultat")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    Keyboard().write(page.get_by_label("Votre question"), question)
    Keyboard().press(page.get_by_role("button", name="Envoyer"))
    expect(page.get_by_text("La question attend la masterclass")).to_be_visible()
    assert question in run_hub(demo_home, "agenda").stdout
    assert fits(page)
    # What is over became its masterclass; a member is told where to take part in what is to come.
    expect(page.locator(".hub-card").filter(has_text=title)).to_be_visible()
    people = People(demo_home)
    member = people.enter(people.invite("membre@example.org", Role.MEMBER))
    page.context.add_cookies([{"name": COOKIE, "value": member, "url": url}])
    page.reload()
    expect(page.get_by_role("link", name="Participer").first).to_have_attribute(
        "href", "https://visio.example.org/masterclass"
    )


def test_the_box_suggests_without_running_the_script(page: Page, url: str) -> None:
    page.goto(f"{url}/question")
    box = page.get_by_role("combobox", name="Votre question")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.evaluate(
        "window.runs = 0; new MutationObserver(() => runs++).observe(document.querySelector('[data-testid=stApp]'),"
        " { attributeFilter: ['data-test-script-state'] })"
    )
    box.press_sequentially("PRET parti")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("prêt participatif")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.get_by_role("button", name="Demander").click(trial=True)  # nothing lies on it
    assert faults(page) == []
    box.press("Escape")
    expect(options).to_have_count(0)
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "offer-0")
    assert page.evaluate("window.runs") == 0
    box.press("Enter")
    expect(page.locator(".hub-quote").first).to_be_visible()
    expect(box).to_have_value("prêt participatif")
    assert page.evaluate("window.runs") > 0
    assert "q=pr" in page.url


def test_a_masterclass_that_is_suggested_opens(page: Page, url: str) -> None:
    page.goto(f"{url}/question")
    page.get_by_role("combobox").press_sequentially("monnaies locales compl")
    page.evaluate("window.loaded = 1")
    page.get_by_role("option", name="Les monnaies locales complémentaires").click()
    page.wait_for_url("**/masterclass?m=2026-10-29-les-monnaies-locales-complementaires*")
    expect(page.locator(".cue").first).to_be_visible()
    assert page.evaluate("window.loaded") == 1  # without loading everything anew


def test_texts_come_compressed_and_a_part_of_a_recording_as_it_is(url: str) -> None:
    """Streamlit's server does it, whatever it does tomorrow: a page is to be light on the wire."""
    slug, asked = "2026-10-29-les-monnaies-locales-complementaires", {"Accept-Encoding": "gzip"}
    with httpx.Client(base_url=url, headers=asked, trust_env=False, timeout=60) as client:
        for address in (f"/m/{slug}", f"/m/{slug}.vtt", f"/m/{slug}.json", "/feed.xml"):
            whole = client.get(address)
            assert (whole.status_code, whole.headers["content-encoding"]) == (200, "gzip"), address
            assert "accept-encoding" in whole.headers["vary"].lower()
            assert whole.num_bytes_downloaded < 0.6 * len(whole.content)
            assert whole.headers["etag"].startswith("W/")
            assert client.get(address, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
        assert client.get("/app/static/hub.css").headers["content-encoding"] == "gzip"
        part = client.get(f"/media/{slug}", headers={"Range": "bytes=100-199"})
        assert (part.status_code, len(part.content), part.headers["content-length"]) == (206, 100, "100")
        assert "content-encoding" not in part.headers


def test_people_are_counted_once_and_robots_never(browser: Browser, url: str, demo_home: Path) -> None:
    def reads() -> dict[str, int]:
        return {r["slug"]: r["count"] for r in json.loads(run_hub(demo_home, "stats", "--json").stdout)["reads"]}

    slug = "2026-10-29-les-monnaies-locales-complementaires"
    before = reads().get(slug, 0)
    robot = browser.new_page(user_agent="Mozilla/5.0 (compatible; Googlebot/2.1)")
    person = browser.new_page(user_agent=PEOPLE)
    for page in (robot, person):
        page.goto(f"{url}/masterclass?m={slug}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        page.close()
    assert reads()[slug] == before + 1


def test_what_staff_write_is_shown_as_text_or_refused_in_a_sentence(
    browser: Browser, tmp_path: Path, models: Path
) -> None:
    home = make_home(tmp_path / "home", models)
    hostile = "<img src=x onerror=alert(1)> :red[rouge] $x^2$ **gras**"
    (home / "parcours").mkdir()
    step = f'[[step]]\ntitle = "{hostile}"\ntext = "{hostile}"\n'
    (home / "parcours" / "a.toml").write_text(
        f'title = "{hostile}"\naudience = "{hostile}"\n{step}masterclass = "2020-01-01-nulle-part"\n'
    )
    (home / "parcours" / "b.toml").write_text("title = ")
    (home / "agenda.toml").write_text(
        f'[[masterclass]]\ndate = 2099-01-01\ntitle = "loin"\n[[rule]]\nstart = {today() + dt.timedelta(9)}T18:30:00\n'
        + "".join(
            f'[[masterclass]]\ndate = {today() + dt.timedelta(days)}\ntitle = "{hostile}"\ndescription = "{hostile}"\n'
            for days in (-1, 1)
        )
    )
    process, url = serve(home)
    try:
        with without_dialogs(browser.new_page()) as page:
            page.goto(f"{url}/parcours")
            expect(page.locator(".cards strong")).to_have_text(hostile)
            expect(page.locator(".cards small")).to_have_text("1 étape")
            expect(page.get_by_text("Le fichier « b.toml » n’est pas affiché")).to_be_visible()
            page.locator(".cards a").click()
            expect(page.get_by_role("heading", level=1)).to_have_text(hostile)
            expect(page.locator(".steps li")).to_contain_text("n’est pas publiée")
            page.goto(f"{url}/agenda")
            expect(page.get_by_text("sujet à venir").first).to_be_visible()
            event = page.locator("article.hub-event").first
            expect(event.locator("strong")).to_have_text(hostile)
            expect(event).to_contain_text(f"{hostile}{hostile}")
            expect(page.locator(".hub-byline", has_text="L’enregistrement n’est pas encore là")).to_contain_text(
                hostile
            )
            page.get_by_role("combobox", name="Pour la masterclass").press("ArrowDown")
            expect(page.get_by_role("option").filter(has_text=hostile)).to_be_visible()
            page.goto(url)
            expect(page.locator("article.hub-event strong")).to_have_text(hostile)
            page.goto(f"{url}/agenda")
            (home / "agenda.toml").write_text("[[rule")
            page.reload()
            expect(page.get_by_text("Le fichier « agenda.toml » n’est pas affiché")).to_be_visible()
        page.close()
    finally:
        process.terminate()
        process.wait(20)
