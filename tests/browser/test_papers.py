"""A study as a reader meets it: from a question to the page that answers, the quote marked in the text and in the original."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.views import settle

pytestmark = pytest.mark.browser

QUESTION = "Combien de prêts garantis ont connu un impayé de plus de trois mois ?"
SAID = "14 ont connu un impayé de plus de trois mois"


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
