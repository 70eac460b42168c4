"""The pages there are: what the navigation offers and which addresses exist. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.people import Role

# Served by Streamlit below /app/static/.
STATIC = Path(__file__).with_name("static")
SITE = "Masterclass, Opération Milliard"
ABOUT = (
    "Une heure toutes les deux semaines pour comprendre comment se finance la transition écologique juste\u00a0: "
    "les masterclass de l’association Opération Milliard, à écouter, à lire et à interroger."
)


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
        "Toutes les masterclass, par thème, par personne et par année.",
    ),
    Entry(
        "question.py",
        "question",
        "Poser une question",
        ":material/contact_support:",
        "Une question sur le financement : la réponse cite mot pour mot ce qui a été dit, à la seconde.",
    ),
    Entry(
        "recherche.py",
        "recherche",
        "Rechercher",
        ":material/search:",
        "Chercher un mot ou une idée dans tout ce qui a été dit.",
    ),
    Entry(
        "parcours.py",
        "parcours",
        "Parcours",
        ":material/route:",
        "Des parcours pour qui cherche un financement : des étapes, à écouter et à cocher.",
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
    Entry("atelier.py", "atelier", "Atelier", ":material/construction:", "Réservé à l’équipe.", role=Role.STAFF),
    Entry("atelier_relire.py", "atelier-relire", "Relire", ":material/edit_note:", in_menu=False, role=Role.STAFF),
    Entry("theme.py", "theme", "Thème", ":material/category:", in_menu=False),
    Entry("masterclass.py", "masterclass", "Écouter et lire", ":material/headphones:", in_menu=False),
)


def heading(title: str) -> str:
    """Return the title of a browser's tab."""
    return f"{title} — {SITE}"
