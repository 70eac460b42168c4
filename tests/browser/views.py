"""Every page as a reader may meet it: what the pictures show and what the accessibility and language tests visit."""

from playwright.sync_api import Page, expect

from app.people import Role
from pages.plan import PAGES

# A browser without a head is taken for a robot, which some things are not done for.
PEOPLE = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"
WIDTHS = {"desk": 1280, "phone": 390}
SCHEMES = ("light", "dark")
TALLEST = 3000  # pixels of a page that goes on

_SPOKEN = "2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres"
_WRITTEN = "2026-11-05-garantir-les-prets-des-petites-structures"

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
    "enquete-tableaux": "/enquete?f1=%C3%89nergie&vue=Tableaux",
    "enquete-trop-petit": "/enquete?f0=Fondation&f1=%C3%89nergie&f2=Corse&idee=garanties",
    "lieux-region": "/lieux?region=Corse",
    "etude": f"/etude?e={_WRITTEN}&p=3",
    "etude-article": f"/e/{_WRITTEN}",
    "masterclass-texte": f"/m/{_SPOKEN}",
    "masterclass-textes": "/m/",
    "lecteur": f"/embed/{_SPOKEN}",
    "api": "/api",
    "glossaire-mot": "/glossaire?terme=pret-participatif",
    "parcours-etapes": "/parcours?p=association-qui-demarre",
    "theme": "/theme?nom=parcours-de-financement",
    "donnees": "/donnees",
    "connexion": "/connexion",
    "entrer": "/entrer",
    "introuvable": "/il-n-y-a-rien-ici",
}

# The same of the workshop, for whoever is signed in.
STAFF_VIEWS = {
    entry.path: f"/{entry.path}?m={_SPOKEN}"
    if entry.path.endswith(("-relire", "-publier", "-retrait"))
    else f"/{entry.path}"
    for entry in PAGES
    if entry.role >= Role.STAFF
} | {"atelier-publier-etude": f"/atelier-publier?m={_WRITTEN}"}


def settle(page: Page) -> None:
    """Wait until the page says that it is complete, and the typeface is there."""
    if page.locator("#root").count():
        expect(page.get_by_test_id("stMain")).to_have_attribute("aria-busy", "false", timeout=60_000)
    page.evaluate("document.fonts.ready.then(() => true)")


def show_at(page: Page, width: int) -> None:
    """Show a page at a width, whole up to ``TALLEST``: Streamlit scrolls inside it, and what is out of sight is not judged or pictured."""
    page.set_viewport_size({"width": width, "height": 850})
    height = page.evaluate("(document.querySelector('.stMain') ?? document.body).scrollHeight")
    page.set_viewport_size({"width": width, "height": max(850, min(height, TALLEST))})


def show_in(page: Page, scheme: str) -> None:
    """Switch to light or dark and wait until the script that changes Streamlit's colours has."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        """() => {
          const app = document.querySelector(".stApp"), ground = (node) => getComputedStyle(node).backgroundColor;
          return !app || ground(app) === ground(document.body);
        }"""
    )
