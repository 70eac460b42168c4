"""The survey, the places, the figures and the partners' kit, as a reader goes through them."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.access import COOKIE
from app.people import People, Role
from app.surveys import Surveys
from tests.browser.hands import choose
from tests.browser.views import settle

pytestmark = pytest.mark.browser


def test_a_survey_is_explored(page: Page, url: str, tmp_path: Path) -> None:
    page.goto(f"{url}/enquete")
    expect(page.get_by_text("Réponses générées, pour la démonstration")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Environ 850 réponses")).to_be_visible()
    choose(page, "Secteur", "Énergie")
    expect(page.get_by_role("main").get_by_text(re.compile(r"^Environ 1[0-9]{2} réponses$"))).to_be_visible()
    page.get_by_role("radio", name="Tableaux").click()
    expect(page.get_by_role("table", name="Région")).to_be_visible()
    settle(page)  # a page that is drawn again takes back the file that it offered
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger ces nombres").click()
    download.value.save_as(tmp_path / "shown.csv")
    rows = list(csv.reader((tmp_path / "shown.csv").read_text("utf-8-sig").splitlines(), delimiter=";"))[1:]
    numbers = [int(row[3]) for row in rows if row[3].isdigit()]
    assert len(numbers) > 20 and all(number >= 5 and number % 5 == 0 for number in numbers)
    assert {row[0] for row in rows} == {"Secteur = Énergie"}
    choose(page, "Région", "Corse")
    expect(page.get_by_role("main").get_by_text("Ce groupe est trop petit pour être montré")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_survey_by_keyboard(page: Page, url: str) -> None:
    page.goto(f"{url}/enquete")
    settle(page)
    page.get_by_role("combobox", name="Secteur").focus()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("main").get_by_text(re.compile(r"^Environ [12][0-9]{2} réponses$"))).to_be_visible()
    settle(page)
    page.get_by_role("radio", name="Tableaux").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("table", name="Région")).to_be_visible()


def test_what_people_wrote_is_found_by_meaning(page: Page, url: str) -> None:
    page.goto(f"{url}/enquete?idee=caution+pour+un+emprunt")
    settle(page)
    for _ in range(20):
        if page.locator(".hub-opinions .hub-quote").count():
            break
        page.wait_for_timeout(3000)
        page.reload()
        settle(page)
    expect(page.locator(".hub-opinions .hub-quote").first).to_contain_text("garantie")
    page.goto(f"{url}/enquete?idee=gruy%C3%A8re")
    expect(page.get_by_text("Aucune réponse ne contient ces mots")).to_be_visible()


def test_places_by_keyboard(page: Page, url: str) -> None:
    page.goto(f"{url}/lieux#lieu-rennes")
    settle(page)
    expect(page.locator("#lieu-rennes")).to_be_focused()
    expect(page.locator("#lieu-rennes")).to_be_in_viewport()
    point = page.get_by_role("navigation", name="Carte des lieux").get_by_role("link", name="Rennes")
    point.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#lieu-rennes")).to_be_in_viewport()
    expect(page.locator("#lieu-rennes")).to_contain_text("Atelier : remplir une demande de garantie")
    calendar = page.request.get(url + page.locator("#lieu-rennes a[href$='.ics']").get_attribute("href"))
    assert "LOCATION:La Halle aux Idées" in calendar.text()
    choose(page, "Région", "Corse")
    expect(page.locator(".hub-places article")).to_have_count(1)
    expect(page.locator(".hub-map li")).to_have_count(1)
    expect(page.locator(".hub-map img")).to_have_attribute("src", re.compile("#corse$"))


def test_the_box_for_partners_opens_the_hub_with_the_question(page: Page, url: str) -> None:
    page.goto(f"{url}/partenaires")
    settle(page)
    code = page.get_by_test_id("stCode").first.inner_text()
    assert "<script" not in code
    page.set_content(code)  # as on another site
    page.get_by_role("searchbox").fill("Qui crée la monnaie ?")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Demander au hub").click()
    expect(opened.value).to_have_url(re.compile(r"/question\?q=Qui\+cr%C3%A9e"))
    opened.value.close()


def test_figures_are_those_of_the_library(page: Page, url: str) -> None:
    page.goto(url)
    settle(page)
    shown = dict(
        zip(
            page.locator(".hub-figures dt").all_inner_texts(),
            page.locator(".hub-figures dd").all_inner_texts(),
            strict=True,
        )
    )
    assert (shown["masterclass"], shown["lieux référents"], shown["organisations ayant répondu à une enquête"]) == (
        "8",
        "8",
        "850",
    )


def test_staff_give_a_survey_read_its_texts_and_publish_it(browser: Browser, url: str, demo_home: Path) -> None:
    columns = '[[column]]\nname = "Forme"\nkind = "choice"\n[[column]]\nname = "Dit"\nkind = "text"\n'
    answers = "Forme;Dit\nSCIC;Appelez Jeanne au 06 12 34 56 78\nSCIC;Il manque un local\n" + "SCIC;\n" * 6
    people, surveys = People(demo_home), Surveys(demo_home)
    session = people.enter(people.invite("camille@example.org", Role.STAFF))
    context = browser.new_context(locale="fr-FR")
    context.add_cookies([{"name": COOKIE, "value": session, "url": url}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    try:
        page.goto(f"{url}/atelier-enquete")
        for field, name, text in (
            ("Les réponses (CSV ou XLSX)", "r.csv", answers),
            ("La description des colonnes (TOML)", "r.toml", f'title = "Besoins"\nfile = "r.csv"\n{columns}'),
        ):
            settle(page)
            page.get_by_label(field).set_input_files({"name": name, "mimeType": "text/plain", "buffer": text.encode()})
            expect(page.get_by_text(name, exact=True)).to_be_visible()
        settle(page)
        page.get_by_role("button", name="Envoyer").click()
        expect(page.get_by_text("L’enquête est gardée, en brouillon : 8 réponses")).to_be_visible()
        settle(page)
        first = page.get_by_label("Dit, ligne 2")
        expect(first).to_have_value(re.compile(r"^Appelez .*\[…\]$"))
        assert "Jeanne" not in first.input_value() and "06" not in first.input_value()
        first.fill("Appelez-nous")
        first.blur()
        settle(page)
        page.get_by_role("button", name="Montrer", exact=True).first.click()
        expect(page.get_by_text("Le texte peut être montré.")).to_be_visible()
        settle(page)
        page.get_by_role("button", name="Ne pas montrer").click()
        expect(page.get_by_text("Le texte ne sera pas montré.")).to_be_visible()
        settle(page)
        page.get_by_role("button", name="Publier l’enquête").click()
        expect(page.get_by_text("L’enquête est publique.")).to_be_visible()
        assert surveys.of("besoins").texts() == ("Appelez-nous",)
    finally:
        context.close()
        people.revoke("camille@example.org")
        surveys.of("besoins").remove()
