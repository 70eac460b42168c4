"""A file of answers becomes a survey: each column as its description says, with a sentence for what cannot be used. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from app.tables import left_out, read_csv, read_xlsx
from transcripts.days import written_day
from transcripts.disclosure import K, rounded
from transcripts.errors import BadInput
from transcripts.regions import REGIONS, region_of
from transcripts.survey import NO_ANSWER, OTHERS, Column, Description, Question, Said, Survey
from transcripts.typography import counted

LARGEST = 25_000_000  # bytes: some 100,000 answers
_MOST_ANSWERS = 30  # to one question; the rarest are put together
_WRONG = 0.3  # share of cells that do not fit, from which on a column is described wrongly
_SEPARATORS = ";,/|"
_LONGEST = 1000  # characters of a free text
_GREAT = {"k": 1e3, "m": 1e6, "md": 1e9, "milliers": 1e3, "million": 1e6, "millions": 1e6, "milliard": 1e9, "milliards": 1e9}  # fmt: skip
_NUMBER = re.compile(r"(-?\d[\d.,]*)(k|md|millions?|milliards?|milliers|m)?(?:€|euros?|eur)?")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:\.\d{3})+")
_KINDS = {"number": "un nombre", "amount": "un montant", "date": "une date", "place": "un lieu"}

_Read = Callable[[str], str | None]


def read_survey(data: bytes, description: Description) -> Survey:
    """Read the answers of a survey. Raises `BadInput` when the file cannot be read, or holds none of its columns."""
    if len(data) > LARGEST:
        raise BadInput("Ce fichier dépasse 25 Mo : rien n’a changé ; n’envoyez que les réponses, en CSV.")
    workbook = description.file.endswith(".xlsx")
    table = (read_xlsx if workbook else read_csv)(data)
    table.columns = pd.Index([" ".join(str(header).split()) for header in table.columns])
    table = table.fillna("")
    table = table[table.map(lambda cell: bool(cell.strip())).any(axis=1)]
    questions: list[Question] = []
    said: list[Said] = []
    faults = left_out(data) if workbook else []
    for column in description.column:
        if column.name not in table.columns:
            faults.append(f"La colonne « {column.name} » n’est pas dans le fichier : elle n’est pas montrée.")
            continue
        found = table[column.name]
        # Two columns of one name: which of them is meant, nobody can say.
        if isinstance(found, pd.DataFrame):
            faults.append(f"Plusieurs colonnes s’appellent « {column.name} » : aucune n’est montrée ; renommez-les.")
            continue
        cells = found.map(lambda cell: " ".join(cell.split()))
        if column.kind == "text":
            said += [Said(int(str(row)) + 2, column.label, _short(cell)) for row, cell in cells.items() if cell]
            if long := int((cells.str.len() > _LONGEST).sum()):
                faults.append(
                    f"« {column.name} »\u00a0: {counted(long, 'texte dépasse', 'textes dépassent')} {_LONGEST} caractères ; la fin n’est pas reprise."
                )
        elif column.kind != "personal":
            question, fault = _question(column, cells)
            questions += [question] if question else []
            faults += [fault] if fault else []
    if not questions and not said:
        raise BadInput(
            "Aucune des colonnes décrites n’est dans ce fichier, ou ne se lit : rien n’a changé ; corrigez leurs noms."
        )
    known = {column.name for column in description.column}
    faults += [
        f"La colonne « {name[:80]} » n’est pas décrite : elle n’est pas montrée."
        for name in dict.fromkeys(table.columns)
        if name and name not in known
    ]
    return Survey(description, len(table), tuple(questions), tuple(said), tuple(faults))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rpartition(' ')[0]}…"


def number(text: str) -> float | None:
    """Read a French number: « 1 234,5 », « 1.234.567 », « 12 k€ », « environ 3 M€ »; None when it is none."""
    text = re.sub(r"\s|^environ|^env\.?|~", "", text.lower().strip())
    match = _NUMBER.fullmatch(text)
    if not match:
        return None
    digits = match[1]
    if "," in digits or _THOUSANDS.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    try:
        return float(digits) * _GREAT.get(match[2] or "", 1)
    except ValueError:
        return None


def classes(column: Column) -> list[str]:
    """Return what the classes of a number are called."""
    unit = "\u00a0€" if column.kind == "amount" else ""
    names = [f"{bound:,.12g}".replace(",", "\u202f").replace(".", ",") for bound in column.bounds]
    between = [f"de {low} à moins de {high}{unit}" for low, high in pairwise(names)]
    return [f"moins de {names[0]}{unit}", *between, f"{names[-1]}{unit} et plus"]


def _question(column: Column, cells: pd.Series[str]) -> tuple[Question | None, str | None]:
    if column.kind == "choices":
        return _several(column, cells)
    answers, read = _reader(column, cells)
    read_once = {cell: read(cell) for cell in cells.unique() if cell}
    given = int((cells != "").sum())
    wrong = cells[(cells != "") & cells.map(read_once).isna()]
    fault = None
    if len(wrong):
        example = f"la première à la ligne {int(str(wrong.index[0])) + 2} : « {wrong.iloc[0][:40]} »"
        what = _KINDS.get(column.kind, "un choix")
        # A town alone, which is in no region, leaves a place what it is.
        if len(wrong) > _WRONG * given and (column.kind != "place" or len(wrong) == given):
            return (
                None,
                f"La colonne « {column.name} » est décrite comme {what}, mais {len(wrong)} cases sur {given} n’en sont pas ({example}) : elle n’est pas montrée ; corrigez sa description.",
            )
        fault = (
            f"Une case de « {column.name} » ne se lit pas comme {what} ({example.removeprefix('la première ')}) : elle compte comme sans réponse."
            if len(wrong) == 1
            else f"{len(wrong)} cases de « {column.name} » ne se lisent pas comme {what} ({example}) : elles comptent comme sans réponse."
        )
    if answers is None:
        counted = Counter(found for cell in cells if (found := read_once.get(cell)))
        usual = _usual(counted)
        if not usual and given:
            return None, (
                f"La colonne « {column.name} » n’a aucune année que {K} personnes aient donnée : elle n’est pas montrée."
                if column.kind == "date"
                else f"La colonne « {column.name} » est décrite comme un choix, mais ses {len(counted)} réponses sont presque toutes différentes : elle n’est pas montrée ; décrivez-la comme un texte."
            )
        answers = [*(sorted(usual) if column.kind == "date" else usual), OTHERS]
    # Both are listed whether somebody gave them or not: else the list itself would tell that somebody did.
    answers = [*answers, NO_ANSWER]
    codes = {answer: code for code, answer in enumerate(answers)}
    place = {
        cell: codes[NO_ANSWER] if found is None else codes.get(found, codes.get(OTHERS))
        for cell, found in read_once.items()
    }
    numbered = cells.map(place).fillna(codes[NO_ANSWER]).to_numpy(np.int16)
    return Question(column.label, tuple(answers), numbered, column.filter), fault


def _reader(column: Column, cells: pd.Series[str]) -> tuple[list[str] | None, _Read]:
    """Return the answers of a column where its description fixes them, and how a cell is read."""
    if column.kind in ("number", "amount"):
        names = classes(column)
        bounds = np.array(column.bounds)

        def in_class(cell: str) -> str | None:
            value = number(cell)
            return None if value is None else names[int(np.searchsorted(bounds, value, side="right"))]

        return names, in_class
    if column.kind == "place":
        return list(REGIONS), region_of
    if column.kind == "date":
        return None, _year
    return None, _spelling(cells).__getitem__


def _year(cell: str) -> str | None:
    try:
        return str(written_day(cell).year)
    except ValueError:
        return None


def _spelling(cells: Iterable[str]) -> dict[str, str]:
    """Return for each answer how it is mostly written: case apart, they are one."""
    counted = Counter(cell for cell in cells if cell)
    best: dict[str, str] = {}
    for cell, _ in counted.most_common():
        best.setdefault(cell.casefold(), cell)
    return {cell: best[cell.casefold()] for cell in counted}


def _usual(counted: Counter[str]) -> list[str]:
    """Return the answers that are shown by name, the most frequent first: a rare one might name somebody."""
    kept = [answer for answer, count in counted.most_common(_MOST_ANSWERS) if count >= K]
    return sorted(kept, key=lambda answer: (-rounded(counted[answer]), answer))


def _several(column: Column, cells: pd.Series[str]) -> tuple[Question | None, str | None]:
    parted: Sequence[list[str]] = [
        [" ".join(one.split()) for one in cell.split(column.separator) if one.strip()] for cell in cells
    ]
    spelling = _spelling(one for row in parted for one in row)
    sets = [{spelling[one] for one in row} for row in parted]
    usual = _usual(Counter(one for row in sets for one in row))
    if not usual:
        return (
            None,
            f"La colonne « {column.name} » n’a aucune réponse que {K} personnes aient donnée : elle n’est pas montrée ; regardez son « separator ».",
        )
    place = {answer: n for n, answer in enumerate([*usual, OTHERS, NO_ANSWER])}
    marks = np.zeros((len(sets), len(place)), dtype=bool)
    for row, given in enumerate(sets):
        for one in given or {NO_ANSWER}:
            marks[row, place.get(one, place[OTHERS])] = True
    return Question(column.label, tuple(place), marks, column.filter), _parted_otherwise(column, cells[cells != ""])


def _parted_otherwise(column: Column, cells: pd.Series[str]) -> str | None:
    """Say that answers seem to be parted by something else than the description tells."""
    if cells.str.contains(column.separator, regex=False).any():
        return None
    sign = max(_SEPARATORS, key=lambda sign: cells.str.contains(sign, regex=False).sum())
    if cells.str.contains(sign, regex=False).mean() < _WRONG:
        return None
    return f"Dans « {column.name} », aucun « {column.separator} » ne sépare de réponses, mais souvent un « {sign} » : regardez son « separator »."
