"""Every page as a reader may meet it: what the pictures show and what the accessibility and language tests visit."""

import re

from playwright.sync_api import Browser, Page, expect

from pages.plan import PAGES

WIDTHS = {"desk": 1280, "phone": 390}
SCHEMES = ("light", "dark")

_SPOKEN = "2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres"

# A name, and an address. Pages that need nothing in their address come from the plan.
VIEWS = {
    **{entry.path or "accueil": f"/{entry.path}" for entry in PAGES if entry.in_menu and not entry.role},
    "masterclass": f"/masterclass?m={_SPOKEN}",
    "masterclass-moment": f"/masterclass?m={_SPOKEN}&t=130",
    "masterclass-inconnue": "/masterclass?m=2026-11-12-le-pret-participatiff",
    "question-reponse": "/question?q=Comment+marche+un+pr%C3%AAt+participatif+%3F",
    "question-sans-reponse": "/question?q=Quelle+est+la+recette+de+la+tarte+aux+pommes+%3F",
    "recherche-resultats": "/recherche?q=fonds+de+garantie",
    "recherche-vide": "/recherche?q=zzzz",
    **{path: f"/{path}" for path in ("enquete", "lieux", "partenaires")},
    "theme": "/theme?nom=parcours-de-financement",
    "introuvable": "/il-n-y-a-rien-ici",
}


def open_view(browser: Browser, url: str, view: str, width: int, scheme: str) -> Page:
    """Open a view and wait until nothing more is drawn."""
    page = browser.new_page(viewport={"width": width, "height": 850}, color_scheme=scheme, locale="fr-FR")
    page.goto(url + VIEWS[view])
    settle(page)
    return page


def settle(page: Page) -> None:
    """Wait until the script has run to its end and the typeface is there."""
    if page.locator("#root").count():
        expect(page.locator(".hub-foot")).to_be_attached(timeout=60_000)
        expect(page.get_by_test_id("stApp")).to_have_attribute(
            "data-test-script-state", re.compile("notRunning"), timeout=60_000
        )
    page.evaluate("document.fonts.ready.then(() => true)")
