"""The pages there are: what the navigation offers and which addresses exist. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from app.people import Role
from app.places import STATIC as STATIC  # served by Streamlit below /app/static/

SITE = "Masterclass, Opération Milliard"
ABOUT = (
    "Une heure toutes les deux semaines pour comprendre comment se finance la transition écologique juste\u00a0: "
    "les masterclass de l’association Opération Milliard, à écouter, à lire et à interroger."
)

GREETING = "Que voulez\u2011vous comprendre\u202f?"

# Where a hub for members only lets others look: the way in, and what it keeps.
OPEN = frozenset({"connexion", "donnees"})
ENTRANCE = "connexion.py"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page: its file beside this one, its address below ``/``, and what the navigation shows of it, and to whom."""

    file: str
    path: str
    title: str
    icon: str
    about: str = ABOUT
    in_menu: bool = True
    role: Role = Role.PUBLIC


PAGES = (
    Entry("accueil.py", "", "Accueil", ":material/home:"),
    Entry(
        "masterclasses.py",
        "masterclasses",
        "Masterclass",
        ":material/graphic_eq:",
        "Toutes les masterclass et les études, par thème, par personne et par année.",
    ),
    Entry(
        "question.py",
        "question",
        "Poser une question",
        ":material/contact_support:",
        "Une question sur le financement\u00a0: la réponse s’appuie sur des citations mot pour mot, à la seconde ou à la page.",
    ),
    Entry(
        "recherche.py",
        "recherche",
        "Rechercher",
        ":material/search:",
        "Chercher un mot ou une idée dans tout ce qui a été dit et écrit.",
    ),
    Entry(
        "parcours.py",
        "parcours",
        "Parcours",
        ":material/route:",
        "Des parcours pour qui cherche un financement\u00a0: des étapes, à écouter et à cocher.",
    ),
    Entry(
        "agenda.py",
        "agenda",
        "Agenda",
        ":material/event:",
        "Les prochaines masterclass, à mettre dans son calendrier, et les questions à poser d’avance.",
    ),
    Entry(
        "glossaire.py",
        "glossaire",
        "Glossaire",
        ":material/menu_book:",
        "Les mots du financement et de la transition, expliqués, avec le moment où on les entend.",
    ),
    Entry(
        "enquete.py",
        "enquete",
        "Enquête",
        ":material/bar_chart:",
        "Ce que répondent les structures\u00a0: leurs besoins, les montants, les financements cherchés.",
        in_menu=False,
    ),
    Entry(
        "lieux.py",
        "lieux",
        "Lieux",
        ":material/location_on:",
        "Les lieux référents, sur une carte et en liste, avec leurs rendez-vous.",
        in_menu=False,
    ),
    Entry(
        "partenaires.py",
        "partenaires",
        "Partenaires",
        ":material/handshake:",
        "Reprendre le hub chez soi\u00a0: flux, agenda, lecteurs à intégrer, textes à transmettre.",
        in_menu=False,
    ),
    Entry("atelier.py", "atelier", "Atelier", ":material/construction:", "Réservé à l’équipe.", role=Role.STAFF),
    Entry(
        "atelier_ajouter.py",
        "atelier-ajouter",
        "Ajouter",
        ":material/upload:",
        "Réservé à l’équipe.",
        in_menu=False,
        role=Role.STAFF,
    ),
    Entry(
        "atelier_travaux.py",
        "atelier-travaux",
        "Travaux en cours",
        ":material/hourglass_top:",
        "Réservé à l’équipe.",
        in_menu=False,
        role=Role.STAFF,
    ),
    Entry(
        "atelier_catalogue.py",
        "atelier-catalogue",
        "Catalogue",
        ":material/checklist:",
        "Réservé à l’équipe.",
        in_menu=False,
        role=Role.STAFF,
    ),
    Entry(
        "atelier_publier.py",
        "atelier-publier",
        "Publier",
        ":material/publish:",
        "Réservé à l’équipe.",
        in_menu=False,
        role=Role.STAFF,
    ),
    Entry(
        "atelier_personnes.py",
        "atelier-personnes",
        "Personnes",
        ":material/group:",
        "Réservé à l’administration.",
        in_menu=False,
        role=Role.ADMINISTRATOR,
    ),
    Entry(
        "atelier_sante.py",
        "atelier-sante",
        "Santé du hub",
        ":material/monitor_heart:",
        "Réservé à l’équipe.",
        in_menu=False,
        role=Role.STAFF,
    ),
    Entry(
        "atelier_retrait.py",
        "atelier-retrait",
        "Retirer des paroles",
        ":material/remove_selection:",
        "Réservé à l’équipe.",
        in_menu=False,
        role=Role.STAFF,
    ),
    Entry(
        "atelier_enquete.py",
        "atelier-enquete",
        "Enquête à relire",
        ":material/fact_check:",
        "Réservé à l’équipe.",
        in_menu=False,
        role=Role.STAFF,
    ),
    Entry(
        "atelier_lieux.py",
        "atelier-lieux",
        "Lieux référents",
        ":material/add_location_alt:",
        "Réservé à l’équipe.",
        in_menu=False,
        role=Role.STAFF,
    ),
    Entry(
        "atelier_questions.py",
        "atelier-questions",
        "Ce que les membres cherchent",
        ":material/psychology_alt:",
        "Réservé à l’équipe.",
        in_menu=False,
        role=Role.STAFF,
    ),
    Entry(
        "atelier_aide.py",
        "atelier-aide",
        "Aide",
        ":material/help:",
        "Réservé à l’équipe.",
        in_menu=False,
        role=Role.STAFF,
    ),
    Entry(
        "donnees.py",
        "donnees",
        "Vos données",
        ":material/shield:",
        "Ce que le hub garde, où, et combien de temps.",
        in_menu=False,
    ),
    Entry(ENTRANCE, "connexion", "Accès des membres", ":material/login:", in_menu=False),
    Entry("atelier_relire.py", "atelier-relire", "Relire", ":material/edit_note:", in_menu=False, role=Role.STAFF),
    Entry("theme.py", "theme", "Thème", ":material/category:", in_menu=False),
    Entry("etude.py", "etude", "Lire une étude", ":material/description:", in_menu=False),
    Entry("masterclass.py", "masterclass", "Écouter et lire", ":material/headphones:", in_menu=False),
)


@dataclass(frozen=True, slots=True)
class Box:
    """What stands at a box to ask or to search in: above it, on its button, in it while it is empty, and
    below it while something is looked for; ``about`` begins its page.
    """

    label: str
    button: str
    placeholder: str
    looking: str
    about: str = ""


# Of the pages that are asked something in their address, as « q ».
BOXES = {
    "question": Box(
        "Votre question",
        "Demander",
        "Comment marche un prêt participatif\u202f?",
        "Recherche dans ce qui a été dit et écrit…",
        "La réponse s’appuie sur des phrases prononcées en masterclass ou écrites dans une étude, avec le lien pour les écouter ou les lire.",
    ),
    "recherche": Box("Mots ou idée", "Rechercher", "fonds de garantie", "Recherche…"),
}


def heading(title: str) -> str:
    """Return the title of a browser's tab."""
    return f"{title} — {SITE}"
