"""What to look at before a masterclass, or a study, is published. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from slugify import slugify

from transcripts.model import Cue, Details, Masterclass, Summary, Trace, clock
from transcripts.prose import blocks, moments
from transcripts.speakers import everybody, unnamed
from transcripts.study import Study, StudyDetails
from transcripts.typography import counted, french_day

Subject = Literal["title", "consent", "voices", "summary", "doubts", "subtitles", "times", "text", "notes"]

_OVERLAP = 0.05  # seconds by which cues may run into one another: rounding
_BEYOND = 1.0  # seconds by which the last cue may outlast the recording
_MOVE = "Décalez tous les temps, ou supprimez ce qui dépasse."
_COMPARE = "Comparez avec l’original, et corrigez le texte."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is as it should be (``ok``) or not, what was found, and what to do; without ``needed`` it is advice."""

    subject: Subject
    name: str
    ok: bool
    found: str
    advice: str = ""
    needed: bool = False


def checklist(masterclass: Masterclass, trace: Trace) -> list[Check]:
    """Return all checks of a masterclass, in the order in which they are read; ``trace`` holds what is still in doubt."""
    return [
        _title(masterclass.details),
        _consent(masterclass),
        _voices(masterclass),
        _summary(masterclass.summary),
        _doubts(trace),
        _subtitles(masterclass),
        _noted(masterclass.details, "Tenez-en compte en relisant."),
    ]


def study_checklist(study: Study) -> list[Check]:
    """Return all checks of a study, in the order in which they are read."""
    return [_title(study.details), _text(study), _summary(study.summary), _noted(study.details, _COMPARE)]


def missing(checks: list[Check]) -> list[Check]:
    """Return what has to be done before publishing."""
    return [check for check in checks if check.needed and not check.ok]


def beyond(masterclass: Masterclass) -> str:
    """Return in words what leads nowhere, since the recording that is kept ends before; empty where nothing does."""
    details = masterclass.details
    if details.recording is None or not details.duration:
        return ""
    found = [
        counted(number, one, several)
        for seconds, one, several in (
            ([cue.start for cue in masterclass.cues], "ligne", "lignes"),
            ([chapter.start for chapter in masterclass.chapters], "chapitre", "chapitres"),
            (moments(blocks(masterclass.summary.text)), "lien du résumé", "liens du résumé"),
        )
        if (number := sum(second >= details.duration for second in seconds))
    ]
    return f"Il reste {', '.join(found)} après la fin de l’enregistrement, à {clock(details.duration)}" if found else ""


def _title(details: Details | StudyDetails) -> Check:
    if not details.title.strip():
        return Check("title", "Titre", False, "Il n’y a pas de titre.", "Écrivez-le.", needed=True)
    file = Path(details.source.rpartition("/")[2]).stem
    if len(file) > 3 and slugify(details.title) == slugify(file):
        return Check("title", "Titre", False, "Le titre est le nom du fichier.", "Écrivez ce dont il est question.")
    return Check("title", "Titre", True, details.title)


def _consent(masterclass: Masterclass) -> Check:
    details = masterclass.details
    if details.demonstration:
        return Check("consent", "Accord des personnes", True, "Les personnes de la démonstration sont inventées.")
    given = dict(details.consents)
    people = everybody(masterclass)
    without = [name for name in people if name not in given]
    if not details.speakers:
        advice = "Nommez les personnes qui parlent, puis notez leur accord."
        return Check("consent", "Accord des personnes", False, "Personne n’est nommé.", advice, needed=True)
    if without:
        found = f"L’accord n’est pas noté pour {', '.join(without)}."
        return Check("consent", "Accord des personnes", False, found, "Demandez-le, puis notez-le ici.", needed=True)
    noted = ", ".join(f"{name} le {french_day(given[name])}" for name in people)
    return Check("consent", "Accord des personnes", True, f"Donné par {noted}.")


def _voices(masterclass: Masterclass) -> Check:
    nameless = list(dict.fromkeys(c.speaker for c in masterclass.cues if c.speaker and unnamed(c.speaker)))
    if nameless:
        found = f"Sans nom dans la transcription : {', '.join(nameless)}."
        return Check("voices", "Noms des voix", False, found, "Donnez-leur un nom pour toute la masterclass.")
    return Check("voices", "Noms des voix", True, "Chaque voix a son nom, ou il n’y en a qu’une.")


def _text(study: Study) -> Check:
    said = [block for block in study.blocks if block.kind != "heading"]
    if not study.blocks:
        return Check("text", "Texte", False, "Elle n’a pas de texte.", "Donnez de nouveau le document.", needed=True)
    tables = sum(block.kind == "table" for block in said)
    return Check(
        "text",
        "Texte",
        True,
        f"{counted(len(study.blocks), 'paragraphe ou titre', 'paragraphes et titres')} sur "
        f"{counted(study.details.pages, 'page', 'pages')}, {counted(tables, 'tableau', 'tableaux')}.",
    )


def _noted(details: Details | StudyDetails, advice: str) -> Check:
    note = details.origin.note
    return Check("notes", "Ce que le hub signale", not note, note or "Rien.", advice if note else "")


def _summary(summary: Summary) -> Check:
    if not summary.text.strip():
        return Check("summary", "Résumé", False, "Il n’y a pas de résumé.", "Écrivez-en un, ou publiez sans.")
    if summary.reviewed_by and summary.reviewed_on:
        return Check("summary", "Résumé", True, f"Relu par {summary.reviewed_by} le {french_day(summary.reviewed_on)}.")
    return Check("summary", "Résumé", False, "Le résumé est automatique.", "Lisez-le dans l’aperçu, puis dites-le ici.")


def _doubts(trace: Trace) -> Check:
    found = [
        f"{number} {one if number == 1 else many}"
        for number, one, many in (
            (
                len(trace.differences),
                "correction que la nouvelle écoute n’a pas entendue",
                "corrections que la nouvelle écoute n’a pas entendues",
            ),
            (len(trace.removed), "passage retiré par la machine", "passages retirés par la machine"),
            (len(trace.corrections), "terme corrigé d’après le glossaire", "termes corrigés d’après le glossaire"),
            (len(trace.words), "mot dont la machine doutait", "mots dont la machine doutait"),
        )
        if number
    ]
    if not found:
        return Check("doubts", "Passages douteux", True, "Il n’en reste aucun.")
    return Check("doubts", "Passages douteux", False, f"{', '.join(found)}.", "Vérifiez-les en écoutant.")


def _subtitles(masterclass: Masterclass) -> Check:
    faults = list(_faults(masterclass.cues, masterclass.details.duration))
    if not masterclass.cues:
        return Check(
            "subtitles", "Sous-titres", False, "Il n’y a pas un mot.", "Transcrivez-la de nouveau.", needed=True
        )
    if lost := beyond(masterclass):
        return Check("subtitles", "Sous-titres", False, f"{lost}.", _MOVE, needed=True)
    if faults:
        more = f", et {counted(len(faults) - 3, 'autre', 'autres')}" if len(faults) > 3 else ""
        return Check(
            "subtitles", "Sous-titres", False, f"{', '.join(faults[:3])}{more}.", "Corrigez-les à ces moments."
        )
    return Check(
        "subtitles", "Sous-titres", True, f"{counted(len(masterclass.cues), 'ligne', 'lignes')}, sans faute de temps."
    )


def _faults(cues: tuple[Cue, ...], duration: float) -> Iterator[str]:
    for cue in cues:
        if cue.end <= cue.start:
            yield f"une ligne sans durée à {clock(cue.start)}"
    for one, two in pairwise(cues):
        if two.start < one.end - _OVERLAP:
            yield f"deux lignes en même temps à {clock(two.start)}"
    if cues and duration and cues[-1].end > duration + _BEYOND:
        yield f"une ligne après la fin de l’enregistrement, à {clock(cues[-1].end)}"
