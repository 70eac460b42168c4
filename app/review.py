"""Reviewing a masterclass: its state for the editor, corrections that are saved and noted, and its history in sittings."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from app.holding import naming
from app.services import Services
from app.timing import ask_times, times_awaited
from transcripts.checklist import beyond
from transcripts.days import PARIS, today
from transcripts.differences import Delta, Reading, delta, readable, resaid, told
from transcripts.doubts import Doubt, doubts
from transcripts.edits import Align, Edit
from transcripts.errors import BadInput, DamagedFile, HubError
from transcripts.files import CUES
from transcripts.history import Saved, Version
from transcripts.library import Library
from transcripts.merging import Conflict, written_on
from transcripts.model import Trace, clock
from transcripts.replacing import Wanted, places
from transcripts.revision import Content, Facts, revise
from transcripts.typography import french_day

_ALONE = ("begin", "restore", "outside")  # kinds of versions that are a sitting of their own
_SITTING = dt.timedelta(minutes=10)  # a longer pause begins another sitting
_READ = 200  # differences that are shown at once, and versions looked through for a sitting


@dataclass(frozen=True, slots=True)
class State:
    """What stands now: the number of its version, its content, its doubts, and what a person should know first.

    ``began`` tells apart the histories to which such numbers belong: it is set when the whole is opened. ``made`` says that the
    version is what was asked for, rather than what others saved; ``later`` that a job will bring better times.
    """

    number: int
    content: Content
    doubts: tuple[Doubt, ...]
    notice: str = ""
    conflicts: tuple[Conflict, ...] = ()
    began: int = 0
    made: bool = False
    later: bool = False


@dataclass(frozen=True, slots=True)
class Sitting:
    """Versions ``first`` to ``last`` that one person saved in one go, and what they changed in a few words."""

    first: int
    last: int
    who: str
    begin: dt.datetime
    end: dt.datetime
    what: str


def opened(services: Services, slug: str) -> State:
    """Return a masterclass as it is to be reviewed."""
    saved = services.history.open(slug)
    return replace(_state(services, slug, saved), notice=notice(services, slug), began=services.history.began(slug))


def save(
    services: Services, slug: str, version: int, edits: Sequence[Edit], who: str, began: int | None = None
) -> State:
    """Save edits, or none, that were made on a version of the history that ``began`` then.

    Raises `BadInput`; then none of them is made.
    """

    def change(content: Content) -> Content:
        return revise(content, edits, _facts(services, slug, content))

    saved = services.history.save(slug, version, change, who, began, on=lambda content: written_on(content, edits))
    _note(services, slug, who, "a corrigé", saved)
    state = _followed(services, slug, saved)
    if not edits:  # somebody only looks
        return replace(state, later=times_awaited(services, slug))
    if saved.made and any(isinstance(edit, Align) for edit in edits):
        later, said = ask_times(services, slug, state.number, who)
        state = replace(state, notice=" ".join(filter(None, (state.notice, said))), later=later)
    return state


def undo(services: Services, slug: str, number: int, who: str, began: int | None = None) -> State:
    """Take back one version. Raises `BadInput`."""
    return _followed(services, slug, services.history.undo(slug, number, who, began))


def restore(services: Services, slug: str, number: int, who: str, began: int | None = None) -> State:
    """Go back to an earlier version. Raises `BadInput`."""
    saved = services.history.restore(slug, number, who, began)
    services.journal.note(who, f"a restauré la version {number}", slug)
    return _followed(services, slug, saved)


def accept_recording(services: Services, slug: str, who: str) -> State:
    """Note that somebody compared the times with the present recording. Raises `BadInput` where they cannot be its own."""
    if lost := beyond(services.library.read(slug)):
        raise BadInput(f"{lost} : rien n’a été noté ; décalez tous les temps, ou supprimez ce qui dépasse.")
    services.history.accept_recording(slug, who)
    services.journal.note(who, "a comparé les temps au nouvel enregistrement", slug)
    return opened(services, slug)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another masterclass in which a form stands so many times."""

    slug: str
    title: str
    lines: int


def add_term(services: Services, slug: str, heard: str, term: str, who: str) -> list[Elsewhere]:
    """Add a mis-heard form to the staff's glossary; return where else it stands. Raises `BadInput`, `BadStaffFile`."""
    services.staff_glossary.add(heard, term)
    services.journal.note(who, f"a ajouté « {term[:80]} » au glossaire", slug)
    wanted = Wanted(heard)
    found = [
        Elsewhere(one.slug, one.title, _mentions(services.library, one.slug, wanted))
        for one in services.library.catalogue()
        if one.slug != slug
    ]
    return [one for one in found if one.lines]


def drop_term(services: Services, slug: str, heard: str, term: str, who: str) -> None:
    """Take a mis-heard form off the staff's glossary. Raises `BadInput`, `BadStaffFile`."""
    services.staff_glossary.remove(heard, term)
    services.journal.note(who, f"a retiré « {heard[:80]} » du glossaire", slug)


def _mentions(library: Library, slug: str, wanted: Wanted) -> int:
    """Return about how often words stand in a transcript: not taken apart, since all talks are looked through at once.

    In one that is damaged, or was erased meanwhile, they stand nowhere.
    """
    try:
        text = (library.folder(slug) / CUES).read_text("utf-8")
    except (HubError, OSError, ValueError):
        return 0
    return len(places(html.unescape(text), wanted))


def sittings(services: Services, slug: str) -> list[Sitting]:
    """Return the history, latest first: what one person saves without a long pause is one entry."""
    services.history.open(slug)  # what was changed elsewhere belongs to it
    groups: list[list[Version]] = []
    versions = services.history.versions(slug)
    for version in versions:
        last = groups[-1][-1] if groups else None
        alone = (
            last is None
            or version.kind in _ALONE
            or last.kind in _ALONE
            or (version.who, version.why) != (last.who, last.why)
        )
        if alone or (last and version.when - last.when > _SITTING):
            groups.append([])
        groups[-1].append(version)
    return [_sitting(services, slug, group, versions) for group in reversed(groups)]


def _sitting(services: Services, slug: str, steps: Sequence[Version], versions: Sequence[Version]) -> Sitting:
    first, last = steps[0], steps[-1]
    then = versions[(first.of or 1) - 1].when.astimezone(PARIS)
    changed = first.delta
    if len(steps) > 1:
        history = services.history
        changed = delta(history.at(slug, first.number - 1), history.at(slug, last.number))
    nothing = "corrections annulées" if len(steps) > 1 else "temps confirmés"
    said = told(changed) if changed != Delta() else nothing
    what = {
        "begin": first.why or "état au début de la relecture",
        "restore": f"retour à l’état du {french_day(then.date())} à {then:%H:%M}",
        "outside": f"modifié hors de l’atelier : {said}",
    }.get(first.kind, f"{first.why} : {said}" if first.why else said)
    return Sitting(
        first.number, last.number, first.who, first.when.astimezone(PARIS), last.when.astimezone(PARIS), what
    )


def steps(services: Services, slug: str, who: str) -> tuple[list[int], list[int]]:
    """Return which versions of a person's last sitting can be taken back, and which of those brought back, each the latest last.

    The editor's own list of them ends with its page.
    """
    mine: list[Version] = []
    for version in islice(services.history.backwards(slug), _READ):
        if mine and mine[-1].when - version.when > _SITTING:
            break
        own = version.who == who and not version.why and version.delta != Delta()
        if own and version.kind in ("edit", "undo", "restore"):
            mine.append(version)
    done: list[int] = []
    undone: list[int] = []
    for version in reversed(mine):
        if version.kind != "undo":
            done, undone = [*done, version.number], []
        elif version.of in done:
            done.remove(version.of)
            undone.append(version.number)
        elif version.of in undone:
            undone.remove(version.of)
            done.append(version.number)
    return done, undone


def difference(services: Services, slug: str, first: int, last: int) -> tuple[list[Reading], bool]:
    """Return what versions ``first`` to ``last`` changed, and whether there is more than is shown. Raises `BadInput`."""
    history = services.history
    before = history.at(slug, max(1, first - 1))
    found = list(islice(readable(delta(before, history.at(slug, last)), named(services)), _READ + 1))
    return found[:_READ], len(found) > _READ


def named(services: Services) -> Callable[[str], str]:
    """Return what gives themes and events the names that people know."""
    themes = services.settings.library.themes

    def name(text: str) -> str:
        event = services.calendar.named(text)
        return event.title if event else themes.get(text, text)

    return name


def trace(services: Services, slug: str) -> Trace:
    """Return what the machine did, at the times that lines have now."""
    latest = services.history.latest(slug)
    return services.library.trace(slug).moved(latest.shift if latest else 0.0)


def _followed(services: Services, slug: str, saved: Saved) -> State:
    """Return what stands after a save: voice prints follow their voices, moments that were chosen as answers move with the lines.

    Those of paths are told, and so is what changed beside the text.
    """
    state = _state(services, slug, saved)
    if not saved.made:
        return state
    changed, notices = saved.version.delta, list[str]()
    try:
        if resaid(changed) and services.prints.read(slug):
            services.prints.follow(slug, services.history.at(slug, saved.version.number - 1), saved.content)
    except DamagedFile as error:  # the text is saved all the same
        notices.append(str(error))
    if changed.shift:
        before, after = changed.shift
        try:
            services.pins.move(slug, after - before)
        except DamagedFile as error:
            notices.append(str(error))
        if paths := sorted(name for name in naming(services.settings.home, slug) if name.startswith("parcours/")):
            notices.append(f"Les moments que donne {', '.join(paths)} ne bougent pas d’eux-mêmes : vérifiez-les.")
    if changed.particulars:
        notices.append("La fiche est revenue aussi, sauf les accords ; rechargez la page pour la voir.")
    return replace(state, notice=" ".join(notices))


def _state(services: Services, slug: str, saved: Saved) -> State:
    found = doubts(saved.content, services.library.trace(slug), services.staff_glossary.listed())
    return State(saved.version.number, saved.content, found, conflicts=saved.conflicts, made=saved.made)


def _facts(services: Services, slug: str, content: Content) -> Facts:
    details, heard = services.library.details(slug), services.library.trace(slug).moved(content.shift)
    return Facts(heard.words, details.duration, details.title, today())


def notice(services: Services, slug: str) -> str:
    """Return what a person should do because the recording was replaced, empty where nobody has to do anything."""
    details, timed = services.library.details(slug), services.history.timed(slug)
    if not details.recording or timed is None or timed[0] == details.recording.sha256:
        return ""
    what = f"a été remplacé : il dure {clock(details.duration)}, l’ancien durait {clock(timed[1])}"
    return (
        f"L’enregistrement {what if timed[0] else f'est nouveau : il dure {clock(details.duration)}'}. "
        "Écoutez quelques lignes : décalez tous les temps s’il le faut, puis dites qu’ils sont justes. S’il est coupé au milieu, "
        "« Transcrire de nouveau », sur la page « Catalogue », donne au texte les temps du nouveau son."
    )


def _note(services: Services, slug: str, who: str, what: str, saved: Saved) -> None:
    """Note in the journal that a person works on a masterclass: once a sitting, not at each word."""
    if not saved.made:
        return
    recent = next(iter(services.journal.entries(slug, 1)), None)
    if recent and recent.who == who and recent.what == what and saved.version.when - recent.moment < _SITTING:
        return
    services.journal.note(who, what, slug)
