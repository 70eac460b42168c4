"""A study as a reader meets it, from a question to the page that answers; and as staff correct and publish it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.access import COOKIE
from app.people import People, Role
from tests.browser.conftest import fresh_page
from tests.browser.test_access import faults_everywhere
from tests.browser.views import settle
from tests.papers import pictured
from transcripts.studies import Studies

pytestmark = pytest.mark.browser

QUESTION = "Combien de prêts garantis ont connu un impayé de plus de trois mois ?"
SAID = "14 ont connu un impayé de plus de trois mois"
SLUG = "2026-11-05-garantir-les-prets-des-petites-structures"


def test_a_citation_opens_the_page_with_the_quote_marked(page: Page, url: str) -> None:
    page.goto(f"{url}/question")
    page.get_by_label("Votre question").fill(QUESTION)
    page.get_by_role("button", name="Demander").click()
    cited = page.locator(".hub-quote").filter(has_text=SAID)
    link = cited.get_by_role("link", name=re.compile("^Lire p. 3$"))
    expect(cited).to_contain_text("Étude")
    link.focus()
    page.keyboard.press("Enter")
    mark = page.locator(".hub-page mark")
    expect(mark).to_contain_text(SAID)
    expect(mark).to_be_in_viewport()
    original = page.get_by_role("img", name=re.compile("^Page 3 de l’original, la citation surlignée"))
    original.scroll_into_view_if_needed()
    assert original.evaluate("image => image.decode().then(() => image.naturalWidth)") > 1000
    page.get_by_role("link", name="Page suivante →").click()
    expect(page.get_by_role("heading", name="Page 4", exact=True)).to_be_visible()
    expect(page.locator(".hub-page mark")).to_have_count(0)


def test_the_catalogue_shows_studies_alone(page: Page, url: str) -> None:
    page.goto(f"{url}/masterclasses?sorte=%C3%89tudes")
    settle(page)
    expect(page.locator(".hub-card")).to_have_count(1)
    page.locator(".hub-card .hub-open").click()
    expect(page.get_by_role("heading", name="Garantir les prêts des petites structures", level=1)).to_be_visible()
    page.get_by_text("Tout le texte").click()
    page.get_by_role("link", name="Agrandir le tableau 1").last.click()
    expect(page.get_by_role("heading", name="Tableau 1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_staff_correct_a_text_and_publish_it(browser: Browser, url: str, demo_home: Path) -> None:
    people, studies = People(demo_home), Studies(demo_home)
    session = people.enter(people.invite("camille@example.org", Role.STAFF))
    context = browser.new_context(locale="fr-FR")
    context.add_cookies([{"name": COOKIE, "value": session, "url": url}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    before = studies.read(SLUG)
    try:
        page.goto(f"{url}/atelier")
        page.get_by_role("link", name="Garantir les prêts des petites structures").click()
        expect(page.get_by_role("heading", name="Aperçu")).to_be_visible()
        settle(page)
        page.locator("summary").filter(has_text="Corriger le texte d’une page").click()
        number = page.get_by_label("Page", exact=True)
        number.fill("3")
        number.press("Enter")
        field = page.get_by_label("Texte de la page, en Markdown").last  # the one before stays for a moment
        expect(field).to_have_value(re.compile("cinq semaines de plus"))
        field.fill(field.input_value().replace("cinq semaines de plus", "six semaines de plus"))
        page.get_by_role("button", name="Enregistrer cette page").click()
        expect(page.get_by_text("La page 3 est corrigée")).to_be_visible()
        page.get_by_role("button", name="Retirer de la publication").click()
        expect(page.get_by_text("plus personne ne la voit")).to_be_visible()
        assert studies.details(SLUG).status == "draft"
        page.get_by_role("button", name="Publier maintenant").click()
        expect(page.get_by_text("tout le monde peut la lire")).to_be_visible()
        changed = [b for a, b in zip(before.blocks, studies.read(SLUG).blocks, strict=True) if a.text != b.text]
        assert ["six semaines de plus" in block.text for block in changed] == [True]
    finally:
        studies.amend(SLUG, lambda study: before)
        studies.set_status(SLUG, "published")
        context.close()


def test_a_figure_is_enlarged_in_the_page_by_keyboard(reader: BrowserContext, url: str, demo_home: Path) -> None:
    studies, (whole, pictures) = Studies(demo_home), pictured()
    slug = studies.add(whole, pictures=pictures).slug
    try:
        for address in (f"/e/{slug}", f"/etude?e={slug}&p=2"):
            with fresh_page(reader, 1280) as page:
                page.goto(f"{url}{address}")
                settle(page)
                button = page.get_by_role("button", name="Agrandir la figure 1").first
                shown = page.get_by_role("img", name=re.compile("^Figure 1")).first
                shown.scroll_into_view_if_needed()
                small = shown.evaluate("image => image.decode().then(() => image.clientWidth)")
                button.focus()
                page.keyboard.press("Enter")
                large = page.get_by_role("dialog", name=re.compile("^Figure 1"))
                expect(large).to_be_visible()
                expect(large.get_by_role("button", name="Fermer")).to_be_focused()
                assert faults_everywhere(page) == []
                assert large.locator("img").evaluate("image => image.decode().then(() => image.clientWidth)") >= small
                page.keyboard.press("Escape")
                expect(large).to_have_count(0)
                expect(button).to_be_focused()
                with page.expect_download() as kept:
                    page.get_by_role("link", name="Télécharger la figure 1").first.press("Enter")
                assert kept.value.path().read_bytes() == pictures[0]
    finally:
        studies.remove(slug)
