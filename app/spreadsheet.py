"""The catalogue as a table that spreadsheets open, and back: what such a table would change, before anything does. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from slugify import slugify

from app.tables import read_csv
from transcripts.days import written_day
from transcripts.errors import BadInput
from transcripts.model import Details, Status
from transcripts.sheets import as_csv, bare
from transcripts.speakers import listed
from transcripts.typography import french_day

LARGEST = 5_000_000  # bytes
_BETWEEN = " | "  # names in one cell
_HEADER = (
    "Identifiant", "Titre", "Date", "Personnes", "Thème", "Statut", "Prévue le", "Durée (minutes)", "Langue", "Source", "Modèle",
)  # fmt: skip
# Headers as people write them, without accents and case.
_NAMES = {
    "slug": ("identifiant", "slug", "id"),
    "title": ("titre", "title"),
    "date": ("date", "date-de-la-masterclass"),
    "speakers": ("personnes", "qui-parle", "intervenants", "intervenantes", "intervenant-es", "speakers"),
    "theme": ("theme", "thematique"),
    "status": ("statut", "status", "etat"),
}
_READ_ONLY = ("duree-minutes", "langue", "source", "modele", "prevue-le")
_FRENCH = {
    "slug": "identifiant",
    "title": "titre",
    "date": "date",
    "speakers": "personnes",
    "theme": "thème",
    "status": "statut",
}
_STATUS: dict[str, Status] = {
    "publiee": "published", "publie": "published", "published": "published", "brouillon": "draft", "draft": "draft",
}  # fmt: skip
_PLANNED = "prevue"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was read: its rows with the line each begins on, its columns that mean nothing here, those it lacks."""

    rows: tuple[tuple[int, dict[str, str]], ...]
    extra: tuple[str, ...]
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a table would change of a masterclass, before and after in words; ``value`` names a field of `Details` and what it takes."""

    slug: str
    title: str
    field: str
    before: str
    after: str
    value: tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table would change, what of it cannot be used (a sentence each), and how many rows say what is so already."""

    changes: tuple[Change, ...]
    faults: tuple[str, ...]
    same: int


def export(catalogue: Iterable[Details], themes: dict[str, str]) -> bytes:
    """Return a catalogue as CSV: UTF-8 with its mark and semicolons, as spreadsheets in French open it."""
    rows = [
        (
            details.slug,
            details.title,
            details.date.isoformat(),
            _BETWEEN.join(details.speakers),
            themes.get(details.theme, details.theme),
            "publiée" if details.status == "published" else "prévue" if details.publish_at else "brouillon",
            details.publish_at.isoformat(timespec="minutes") if details.publish_at else "",
            str(round(details.duration / 60)),
            details.language,
            details.source,
            details.origin.model,
        )
        for details in catalogue
    ]
    return as_csv([_HEADER, *rows])


def read(data: bytes) -> Sheet:
    """Read a table in UTF-8, UTF-16 or Windows-1252, with semicolons, commas or tabs. Raises `BadInput`."""
    if len(data) > LARGEST:
        raise BadInput("Ce tableau dépasse 5 Mo : rien n’a changé ; n’envoyez que le catalogue, en CSV.")
    table = read_csv(data)
    known: dict[str, str] = {}
    extra = []
    for column in map(str, table.columns):
        name = slugify(column)
        field = next((field for field, names in _NAMES.items() if name in names), None)
        if field and field not in known.values():
            known[column] = field
        elif name not in _READ_ONLY:
            extra.append(column)
    if "slug" not in known.values() and "title" not in known.values():
        raise BadInput(
            "Ce tableau n’a ni colonne « Identifiant » ni colonne « Titre » : rien n’a changé ; partez du catalogue exporté."
        )
    cells = table.loc[:, ~table.columns.duplicated()][list(known)].rename(columns=known)
    records = [{str(field): _cell(str(field), cell) for field, cell in row.items()} for row in cells.to_dict("records")]
    rows = tuple((n + 2, row) for n, row in enumerate(records) if any(row.values()))
    return Sheet(rows, tuple(extra), tuple(_FRENCH[f] for f in _NAMES if f not in known.values()))


def compare(sheet: Sheet, catalogue: Sequence[Details], themes: dict[str, str]) -> Plan:
    """Return what a table would change. An empty cell, or a column that is not there, changes nothing."""
    by_slug = {details.slug: details for details in catalogue}
    by_title: dict[str, list[Details]] = {}
    for details in catalogue:
        by_title.setdefault(slugify(details.title), []).append(details)
    changes: list[Change] = []
    faults: list[str] = []
    seen: set[str] = set()
    same = 0
    for line, row in sheet.rows:
        slug = row.get("slug", "")
        found = [by_slug[slug]] if slug in by_slug else [] if slug else by_title.get(slugify(row.get("title", "")), [])
        if len(found) != 1 or found[0].slug in seen:
            what = (
                "désigne une masterclass déjà nommée plus haut"
                if len(found) == 1
                else "ne désigne aucune masterclass"
                if not found
                else "porte un titre que plusieurs ont"
            )
            faults.append(f"La ligne {line} {what} (« {(slug or row.get('title', ''))[:80]} ») : elle ne change rien.")
            continue
        details = found[0]
        seen.add(details.slug)
        count = len(changes) + len(faults)
        for field in _READERS:
            try:
                if change := _change(details, field, row.get(field, ""), themes):
                    changes.append(change)
            except ValueError as error:
                faults.append(f"La ligne {line}, « {details.title} » : {error} ; cette case ne change rien.")
        same += count == len(changes) + len(faults)
    return Plan(tuple(changes), tuple(faults), same)


def _change(details: Details, field: str, text: str, themes: dict[str, str]) -> Change | None:
    if not text or (field == "status" and slugify(text) == _PLANNED):
        return None
    value = _READERS[field](text, details, themes)
    if replace(details, **{field: value}) == details:
        return None
    before, after = (_in_words(field, each, themes) for each in (getattr(details, field), value))
    return Change(details.slug, details.title, _FRENCH[field], before, after, (field, value))


def _read_day(text: str, _: Details, __: dict[str, str]) -> dt.date:
    try:
        return written_day(text)
    except ValueError:
        raise ValueError(f"« {text[:40]} » n’est pas une date comme 2026-05-12, 12/05/2026 ou 12 mai 2026") from None


def _read_speakers(text: str, details: Details, _: dict[str, str]) -> tuple[str, ...]:
    names = listed(text)
    if doubtful := next((name for name in names if "," in name and name not in details.speakers), None):
        raise ValueError(f"« {doubtful[:60]} » serait une seule personne, écrivez « | » entre deux noms")
    return names


def _read_theme(text: str, details: Details, themes: dict[str, str]) -> str:
    wanted = slugify(text)
    for name, title in (*themes.items(), (details.theme, details.theme)):
        if wanted in (slugify(name), slugify(title)):
            return name
    raise ValueError(f"le thème « {text[:60]} » n’existe pas")


def _read_status(text: str, _: Details, __: dict[str, str]) -> Status:
    if slugify(text) not in _STATUS:
        raise ValueError(f"« {text[:40]} » n’est pas un statut : « brouillon » ou « publiée »")
    return _STATUS[slugify(text)]


_READERS: dict[str, Callable[[str, Details, dict[str, str]], Any]] = {
    "title": lambda text, _, __: text,
    "date": _read_day,
    "speakers": _read_speakers,
    "theme": _read_theme,
    "status": _read_status,
}


def _in_words(field: str, value: Any, themes: dict[str, str]) -> str:
    if field == "date":
        return french_day(value)
    if field == "speakers":
        return _BETWEEN.join(value)
    if field == "theme":
        return themes.get(str(value), str(value))
    if field == "status":
        return "publiée" if value == "published" else "brouillon"
    return str(value)


def _cell(field: str, text: str) -> str:
    lines = text.split("\n") if field == "speakers" else [text]  # names may stand one a line
    return bare(_BETWEEN.join(line for each in lines if (line := " ".join(each.split()))))
