"""What a screen reader gets: the order of a page, names and states, and what it is told when something changes."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hands import Keyboard
from tests.browser.test_access import faults
from tests.browser.views import VIEWS, settle

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("page", [1280], indirect=True)]


def voice(page: Page) -> Locator:
    """The one place in which a page says what changed."""
    return page.locator("body > .hub-hidden[role=status]")


def test_who_listens_is_told_where_a_link_led_and_what_was_found(page: Page, url: str) -> None:
    page.goto(f"{url}/masterclasses")
    expect(voice(page)).to_have_text("8 masterclass et 1 étude")
    page.get_by_role("radio", name="Types de financeurs").click()
    expect(voice(page)).to_have_text("2 masterclass")
    page.get_by_role("link", name="Poser une question").click()
    expect(voice(page)).to_have_text("Poser une question — Masterclass, Opération Milliard")
    page.get_by_role("combobox", name="Votre question").fill("Comment marche un prêt participatif ?")
    page.get_by_role("button", name="Demander").click()
    expect(voice(page)).to_have_text("Voici ce qui a été dit, mot pour mot :")
    page.get_by_role("button", name="Copier la réponse et ses sources").click()
    expect(page.get_by_role("status").filter(has_text="Copié.")).to_have_count(1)
    page.locator(".hub-quote a").first.click()
    expect(voice(page)).to_have_text(
        "Le prêt participatif et les quasi-fonds propres — Masterclass, Opération Milliard"
    )
    assert page.evaluate("document.activeElement.dataset.testid") == "stMain", "the keyboard begins anew at the page"


def test_a_masterclass_is_heard_in_order_with_names_and_states(page: Page, url: str) -> None:
    page.goto(url + VIEWS["masterclass"])
    settle(page)
    expect(page.locator(".mc-review").first).to_have_text(
        "Relu par l’équipe de démonstration (inventée) le 20 novembre 2026"
    )
    expect(page.locator(".mc:not(.mc-notes)")).to_match_aria_snapshot("""
        - region "Lecteur":
          - slider "Position dans l’enregistrement"
          - button "Lire"
          - button "Reculer de 10 secondes"
          - button "Avancer de 10 secondes"
          - combobox "Vitesse"
          - button "Noter"
          - button "Partager"
          - button "Raccourcis du clavier"
        - region "Résumé":
          - heading "Résumé" [level=2]
        - navigation "Chapitres":
          - heading "Chapitres" [level=2]
          - list:
            - listitem:
              - button "0:00 Ce qu’est un prêt participatif"
        - heading "Transcription" [level=2]
        - search:
          - searchbox "Chercher dans la transcription"
          - status
          - button "Occurrence précédente"
          - button "Occurrence suivante"
        - article "Transcription":
          - heading "Ce qu’est un prêt participatif" [level=3]
          - link "Lien vers le chapitre Ce qu’est un prêt participatif"
          - button "Partager le chapitre Ce qu’est un prêt participatif"
          - button "Écouter à 0:00"
          - text: Maud Lescarrière
          - paragraph: /Bonjour à toutes et à tous/
    """)
    chapter = page.get_by_role("button", name="1:22 Un rang après les autres créanciers")
    keys = Keyboard()
    keys.press(chapter)
    expect(chapter).to_have_attribute("aria-current", "true")
    keys.press(page.get_by_role("button", name="Mettre en pause"))
    keys.press(page.get_by_role("button", name="Noter"))
    assert faults(page) == []
    keys.write(page.get_by_role("textbox", name="Note à 1:2"), "À relire.")
    keys.press(page.get_by_role("button", name="Garder la note"))
    mine = page.get_by_role("region", name="Mes notes")
    expect(mine.get_by_role("status")).to_contain_text("gardée.")
    keys.press(mine.get_by_role("button", name="Supprimer"))
    expect(mine.locator("li")).to_have_count(0)
    keys.press(page.get_by_role("button", name="Partager", exact=True))
    sheet = page.get_by_role("dialog", name="Partager un moment")
    keys.press(sheet.get_by_role("button", name="Copier : Lien"))
    expect(sheet.get_by_role("status").first).to_have_text("Copié.")
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_the_words_around_a_term_have_names_and_reasons(page: Page, url: str) -> None:
    page.goto(url + VIEWS["glossaire-mot"])
    settle(page)
    around = page.get_by_role("group", name="Carte des mots qui vont avec « prêt participatif »")
    link = around.get_by_role("link", name="financement participatif", exact=True)
    expect(link.locator("title")).to_have_text("un mot en commun")  # its description
    link.focus()
    page.keyboard.press("Enter")
    expect(voice(page)).to_contain_text("financement participatif")
