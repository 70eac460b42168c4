"""From a source to a masterclass in the library, or a study: material, cues or text, outline, folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np

from ingest.audio import RATE, Samples, Tape, blocks
from ingest.captioned import voiced
from ingest.chapters import Embed, Vectors, draft_chapters
from ingest.corrections import correct
from ingest.cues import make_cues, unhurried
from ingest.documents.apart import read_document
from ingest.endings import missing_end
from ingest.memory import give_back
from ingest.quotes import punctuated
from ingest.rehearing import hear_again
from ingest.sources import Material, Source
from ingest.speech import AUTO, Transcriber
from ingest.stretches import Stretch
from ingest.studying import make_study, summarised
from ingest.summary import choose, draft_summary
from ingest.transcription import Transcription, transcribe
from ingest.voices import Embed as VoiceEmbed
from ingest.voices import Sound, Turn, Voices, by_speaker, find_voices
from ingest.wishes import IMPORTED, Outcome, Progress, Wishes
from ingest.work import work_folder
from ingest.writing import Point, Writer, write_points
from transcripts.errors import BadInput, Unavailable
from transcripts.folders import Folders, taken
from transcripts.glossary import Term, glossary
from transcripts.library import Library
from transcripts.model import (
    Correction,
    Cue,
    Details,
    Masterclass,
    Origin,
    Recording,
    Summary,
    Trace,
    Word,
    clock,
    make_slug,
)
from transcripts.sentences import sentences
from transcripts.speakers import heard, numbered
from transcripts.studies import Studies
from transcripts.study import StudyDetails

C = TypeVar("C", Details, StudyDetails)

# Doubtful sentences heard a second time in an hour of talk: within 5 % of the time of the first hearing.
HEARD_AGAIN = 15
_BEYOND = 5.0  # seconds by which captions may go on after the sound
# Sentences whose meaning is looked up at once, between two reports.
_TOGETHER = 256
# The mark, among what was begun of a source, that the next thing to come is the change itself.
_CHANGING = "changing"

_BARE = "La transcription n’a pas de ponctuation : le résumé n’en cite aucune phrase."
_UNSUPPORTED = "Le modèle « {} » n’a pas écrit assez de phrases que la transcription confirme : le résumé la cite."


@dataclass(frozen=True, slots=True)
class Draft:
    """A masterclass before it is kept, what the machine did for it, and how its voices sound."""

    masterclass: Masterclass
    trace: Trace
    prints: dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The way in.

    ``embed`` turns sentences into unit vectors, ``voiceprint`` pieces of sound; ``themes`` are the identifiers allowed.
    ``make_room`` lets go of what these hold before Whisper is loaded beside them.
    ``prints`` keeps how voices sound, and ``writer`` writes summaries, where a deployment wants that; ``terms`` are put right.
    """

    library: Library
    studies: Studies
    transcriber: Transcriber
    embed: Embed
    voiceprint: VoiceEmbed
    make_room: Callable[[], None]
    themes: tuple[str, ...]
    language: str = "fr"
    prints: bool = False
    writer: Writer | None = None
    terms: Callable[[], tuple[Term, ...]] = glossary

    def ingest(self, source: Source, name: str, folder: Path, wishes: Wishes, progress: Progress) -> Outcome:
        """Bring one material into the library; the same material again changes nothing but its publication.

        ``folder`` is that of `work_folder`, and goes only once the outcome is noted: whoever is killed before tells the same the
        next time. Raises `HubError`; then nothing is kept, but for what was fetched of a link that failed on its way.
        """
        began = time.monotonic()
        if wishes.theme and wishes.theme not in self.themes:
            raise BadInput(
                f"Le thème « {wishes.theme[:60]} » n’existe pas : rien n’a été gardé ; choisissez parmi {', '.join(self.themes)}."
            )
        progress("Lecture du fichier", 0, 0)
        mark = folder / _CHANGING
        present = self.library.find_source(name)  # a page seen before need not be fetched again
        if not present:
            fetched = "://" in name
            if fetched:  # a file is known again only once it was read
                self._refuse_taken(wishes.slug)
            stage = "Téléchargement" if fetched else "Lecture du fichier"
            material = source.open(name, folder, lambda done, total: progress(stage, done, total))
            if material.document:
                done = self._study(material, material.document, mark, wishes, progress)
                return replace(done, source=name, took=round(time.monotonic() - began, 3))
            present = self.library.find_source(material.sha256)
        status: Literal["draft", "published", "unchanged"]
        if present:
            details, status = _again(self.library, present, mark, wishes)
            cues = self.library.read(details.slug).cues
        else:
            self._refuse_taken(wishes.slug)
            draft = self.make(material, folder, wishes, progress)
            progress("Enregistrement", 0, 0)
            mark.touch()
            details, cues = self.keep(draft, material.recording), draft.masterclass.cues
            status = details.status
        return Outcome(
            source=name,
            slug=details.slug,
            status=status,
            duration=details.duration,
            cues=len(cues),
            language=details.language,
            took=round(time.monotonic() - began, 3),
        )

    def _study(self, material: Material, original: Path, mark: Path, wishes: Wishes, progress: Progress) -> Outcome:
        """Bring a document in; the same one again changes nothing but its publication."""
        status: Literal["draft", "published", "unchanged"]
        if present := self.studies.find_source(material.sha256):
            details, status = _again(self.studies, present, mark, wishes)
        else:
            self._refuse_taken(wishes.slug)
            document = read_document(original, lambda done, total: progress("Lecture du document", done, total))
            progress("Résumé", 0, 0)
            study = make_study(
                document, material, wishes, theme=wishes.theme or self.themes[0], language=self._spoken(wishes)
            )
            study = replace(study, summary=Summary(summarised(study, self.embed)))
            progress("Enregistrement", 0, 0)
            mark.touch()
            details = self.studies.add(study, original, document.pictures)
            status = details.status
        return Outcome(material.name, details.slug, status, language=details.language)

    def _spoken(self, wishes: Wishes) -> str:
        """Return the language of what is not heard, so that nobody can tell it by listening."""
        language = wishes.language or self.language
        return "fr" if language == AUTO else language

    def _refuse_taken(self, slug: str | None) -> None:
        if slug and taken(self.library.home, slug):
            raise BadInput(
                f"L’identifiant « {slug} » est déjà pris : rien n’a été gardé ; donnez-en un autre avec --slug."
            )

    def work_folder(self, name: str, progress: Progress) -> AbstractContextManager[Path]:
        """Lend the folder in which what was begun of a source is kept, gone when nothing is left to try."""
        return work_folder(self.library.home, name, lambda: progress("Attente d’un travail sur la même source", 0, 0))

    def keep(self, draft: Draft, recording: Path | None) -> Details:
        """Put a draft into the library, and its voice prints where a deployment keeps them."""
        return self.library.add(draft.masterclass, recording, draft.trace, draft.prints if self.prints else {})

    def make(self, material: Material, folder: Path, wishes: Wishes, progress: Progress) -> Draft:
        """Return what a material holds; nothing is written but what is half done, into ``folder``.

        Raises `BadRecording`.
        """
        language = wishes.language or self.language
        cues, duration, model, trace = material.cues, material.duration, IMPORTED, Trace()
        prints: dict[str, list[float]] = {}
        hotwords: tuple[str, ...] = ()
        notes = [material.captions, material.note]
        if material.recording and not cues:
            progress("Transcription", 0, duration)
            self.make_room()
            said = transcribe(
                material.recording,
                self.transcriber,
                sha256=material.sha256,
                language=language,
                folder=folder,
                progress=lambda done: progress("Transcription", done, duration),
            )
            notes.append(missing_end(material.recording, said.duration))
            words, corrections, hotwords = self.terms_put_right(material.recording, said, progress)
            self.transcriber.rest()  # what follows loads models of its own
            voices = self._voices(words, material.recording, said.duration, wishes, progress)
            if len(voices.prints) > 1:
                prints = {numbered(i): vector.tolist() for i, vector in enumerate(voices.prints)}
            cues = tuple(unhurried(list(_cues(words, voices.turns)), said.duration))
            language, model = said.language, self.transcriber.name
            duration, trace = said.duration, Trace(words, said.removed, corrections)
        else:
            language = self._spoken(Wishes()) if language == AUTO else language
            if material.recording:
                progress("Lecture du fichier", 0, 0)
                sound = sum(map(len, blocks(material.recording))) / RATE  # seconds
                notes += _unequal(material.recording, sound, cues)
                find = partial(
                    self._voices, recording=material.recording, seconds=sound, wishes=wishes, progress=progress
                )
                cues, vectors = voiced(cues, sound, find)
                prints = {name: vector.tolist() for name, vector in vectors.items()}
        title, date = wishes.title or material.title, wishes.date or material.date
        details = Details(
            slug=wishes.slug or make_slug(date, title),
            title=title,
            date=date,
            theme=wishes.theme or self.themes[0],
            speakers=wishes.named(material.speakers or heard(cues)),
            status="published" if wishes.publish else "draft",
            duration=round(duration, 3),
            language=language,
            source=material.name,
            origin=Origin(model, material.sha256, hotwords, " ".join(filter(None, notes))),
            recording=Recording(material.recording.name, material.sha256, material.video)
            if material.recording
            else None,
            description=material.description or "",
        )
        return Draft(self.outline(Masterclass(details, cues, material.chapters), progress), trace, prints)

    def _voices(
        self, words: Sequence[Word], recording: Path, seconds: float, wishes: Wishes, progress: Progress
    ) -> Voices:
        """Return who speaks when in so many seconds of sound."""
        voices = find_voices(words, _sound(recording, "Voix", seconds, progress), self.voiceprint, wishes.voices)
        give_back()  # what follows loads the largest model of all
        return voices

    def terms_put_right(
        self, recording: Path, said: Transcription, progress: Progress
    ) -> tuple[tuple[Word, ...], tuple[Correction, ...], tuple[str, ...]]:
        """Return the words with mis-heard terms of the field corrected and doubtful sentences heard again, the changes, and the
        hotwords that helped.
        """
        if said.language != "fr":  # the glossary is French
            return said.words, (), ()
        sound = _sound(recording, "Seconde écoute", said.duration, progress)

        def listen(start: float, end: float, hotwords: Sequence[str]) -> list[Word]:
            samples = sound(start, end)
            stretch = Stretch(start, start + len(samples) / RATE, samples, ((0, len(samples)),))
            heard = self.transcriber.hear(stretch, language="fr", progress=lambda done: None, hotwords=hotwords)
            return [word for segment in heard.segments for word in segment.words]

        words, corrections = correct(said.words, terms := self.terms())
        most = max(1, round(said.duration / 3600 * HEARD_AGAIN))
        words, more, hotwords = hear_again(words, terms, most, listen)
        return tuple(words), tuple(sorted([*corrections, *more], key=lambda c: c.start)), hotwords

    def outline(self, masterclass: Masterclass, progress: Progress) -> Masterclass:
        """Return the masterclass with a summary drafted from its cues, and chapters where it has none."""
        spoken = sentences(masterclass.cues)
        vectors = self._meanings([sentence.text for sentence in spoken], progress)
        chapters = masterclass.chapters or tuple(draft_chapters(spoken, vectors, glossary()))
        details = masterclass.details
        points: list[Point] = []
        note = _BARE if spoken and not punctuated(sentence.text for sentence in spoken) else ""
        if self.writer and spoken and details.language == "fr":  # the checks know French only
            try:
                writer = replace(self.writer, write=_told(self.writer.write, "Rédaction du résumé", progress))
                written = write_points(spoken, chapters, glossary(), writer)
                points = choose(written, spoken, vectors, glossary())
                note = note if points else _UNSUPPORTED.format(self.writer.name)
            except Unavailable as error:
                note = str(error)
        if note:
            origin = replace(details.origin, note=" ".join(filter(None, (details.origin.note, note))))
            details = replace(details, origin=origin)
        text = draft_summary(spoken, vectors, chapters, glossary(), points)
        by = self.writer.name if self.writer and points else ""
        return replace(masterclass, details=details, chapters=chapters, summary=Summary(text, written_by=by))

    def _meanings(self, texts: Sequence[str], progress: Progress) -> Vectors:
        parts = []
        for at in range(0, max(len(texts), 1), _TOGETHER):
            progress("Chapitres et résumé", at, len(texts))
            parts.append(self.embed(texts[at : at + _TOGETHER]))
        return np.concatenate(parts)


def _again(
    shelf: Folders[C], present: C, mark: Path, wishes: Wishes
) -> tuple[C, Literal["draft", "published", "unchanged"]]:
    """Return what is there already, published where that is wished, and what became of it: nothing, unless by this very work."""
    if wishes.publish and present.status == "draft":
        mark.touch()
        present = shelf.set_status(present.slug, "published")
    return present, present.status if mark.exists() else "unchanged"


def _told(write: Callable[[str], str], stage: str, progress: Progress) -> Callable[[str], str]:
    """Return how a model writes, told as a stage at each of its answers."""

    def telling(prompt: str) -> str:
        progress(stage, 0, 0)
        return write(prompt)

    return telling


def _sound(recording: Path, stage: str, seconds: float, progress: Progress) -> Sound:
    """Return a recording to be heard in places, in order; how far that is, is told as a stage."""
    tape = Tape(recording)

    def between(start: float, end: float) -> Samples:
        progress(stage, start, seconds)
        return tape.between(start, end)

    return between


def _unequal(recording: Path, sound: float, cues: Sequence[Cue]) -> Iterator[str | None]:
    """Yield sentences for the reviewer where a recording's ``sound`` (seconds) ends early, and where its captions go on after it."""
    yield missing_end(recording, sound)
    if (last := max(cue.end for cue in cues)) > sound + _BEYOND:
        yield f"Les sous-titres vont jusqu’à {clock(last)}, le son s’arrête à {clock(sound)}."


def _cues(words: Sequence[Word], turns: Sequence[Turn]) -> Iterator[Cue]:
    """Yield cues that end where the voice changes."""
    for speaker, run in by_speaker(words, turns):
        yield from (replace(cue, speaker=speaker) for cue in make_cues(run))
