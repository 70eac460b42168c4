"""The hub's health: what is installed, which models are there, what is wrong and what to do about it."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app import weights
from app.daily import left_out, stored
from app.owner import Ownership
from app.people import People, Role
from app.pins import Pins
from app.settings import DEFAULT, Settings
from ingest.documents.ocr import ocr_there
from ingest.sources.runtimes import Runtime, javascript_runtimes
from transcripts.bucket import Bucket
from transcripts.days import today
from transcripts.errors import DamagedFile, HubError
from transcripts.library import Library
from transcripts.resources import Resources
from transcripts.studies import Studies
from transcripts.typography import counted, decimal

Level = Literal["ok", "warning", "error"]

_OLD = 2  # days that the latest backup may have
_PATIENCE = 5.0  # seconds for each half of the library; what a running hub has read takes none
_ROOM = 5_000_000_000  # bytes; one recording at the limit, and its copy on the way


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and where something is to be done, what. In the user's words."""

    name: str
    level: Level
    found: str
    advice: str | None = None


def doctor(settings: Settings) -> Iterator[Check]:
    """Look at everything the hub rests on. Nothing is made, fetched or repaired."""
    yield Check("Programme", "ok", f"en ordre (Python {platform.python_version()})")
    yield _media()
    yield _folder(settings.home)
    yield _room(settings.home)
    yield _model("Modèle de transcription", settings.speech.model, weights.WHISPER, settings.home)
    yield _model("Modèle de recherche", settings.embedding.model, weights.E5, settings.home)
    yield youtube(javascript_runtimes())
    yield _index(settings.index_folder)
    library, studies = Library(settings.home), Studies(settings.home)
    yield _library(library, studies)
    yield _pins(Pins(settings.home, Resources(library, studies)))
    if settings.media.url:
        yield _store(library, settings.media.url)
    yield _ocr()
    yield _backups(settings)
    yield _administration(settings)


def youtube(runtimes: tuple[Runtime, ...]) -> Check:
    """Say whether links to YouTube can be read. Pure."""
    advice = (
        "téléchargez la vidéo vous-même et donnez le fichier, ou demandez à la personne qui tient la machine d’installer "
        "Deno (https://deno.com ; dans des conteneurs, une image construite avec DENO=1)"
    )
    if not runtimes:
        return Check(
            "YouTube",
            "warning",
            "ses vidéos ne sont pas lues : il manque un moteur JavaScript (Deno, Node ou Bun)",
            advice,
        )
    best = runtimes[0]
    if not best.usable:
        return Check(
            "YouTube",
            "warning",
            f"ses vidéos ne sont pas lues : le moteur JavaScript ({best.name} {best.version}) est trop ancien",
            advice,
        )
    return Check(
        "YouTube", "ok", f"ses vidéos sont lues ({best.name} {best.version}) ; YouTube peut encore refuser un serveur"
    )


def _media() -> Check:
    import av

    return Check("Lecture des sons et des vidéos", "ok", f"en ordre (PyAV {av.__version__}, sans le programme ffmpeg)")


def _folder(home: Path) -> Check:
    place = _existing(home)
    if os.access(place, os.W_OK | os.X_OK):
        return Check("Dossier du hub", "ok", str(home))
    advice = "changez ce droit ou choisissez un autre dossier avec HUB_HOME"
    return Check("Dossier du hub", "error", f"{home} ne peut pas être écrit", advice)


def _room(home: Path) -> Check:
    free = shutil.disk_usage(_existing(home)).free
    found = f"{decimal(free / 1e9, '.1f')} Go libres"
    if free >= _ROOM:
        return Check("Place sur le disque", "ok", found)
    return Check("Place sur le disque", "warning", found, "libérez de la place avant d’ajouter des enregistrements")


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())


def _model(name: str, setting: str, recipe: weights.Recipe, home: Path) -> Check:
    if setting != DEFAULT:
        return Check(name, "ok", f"{setting} (choisi dans les réglages)")
    if (home / "models" / recipe.name).is_dir():
        return Check(name, "ok", recipe.name)
    advice = f"rien : il sera téléchargé au premier usage ({recipe.megabytes} Mo)"
    return Check(name, "warning", f"{recipe.name} n’est pas encore là", advice)


def _index(folder: Path) -> Check:
    if not folder.is_dir():
        return Check("Recherche", "ok", "pas encore prête ; elle se prépare d’elle-même à la première question")
    owner = Ownership(folder)
    if not owner.held():
        return Check("Recherche", "ok", "prête")
    url = owner.url()
    by = f"le hub ouvert sur {url}" if url else "une autre commande « hub »"
    return Check("Recherche", "ok", f"en service (index tenu par {by})")


def _library(library: Library, studies: Studies) -> Check:
    left = library.examine(_PATIENCE) + studies.examine(_PATIENCE)
    damaged = [*library.damaged(), *studies.damaged()]
    if damaged:
        return Check(
            "Bibliothèque", "error", counted(len(damaged), "fichier abîmé", "fichiers abîmés"), str(damaged[0])
        )
    found = f"{len(library.slugs())} masterclass, {counted(len(studies.slugs()), 'étude', 'études')}"
    if left:
        found += f" ; {counted(left, 'texte reste', 'textes restent')} à vérifier"
    return Check("Bibliothèque", "ok", found)


def _pins(pins: Pins) -> Check:
    try:
        return Check("Réponses choisies", "ok", f"{len(pins.all())}")
    except DamagedFile as error:
        return Check("Réponses choisies", "error", "aucune n’est montrée", str(error))


def _store(library: Library, url: str) -> Check:
    try:
        there = Bucket(url, library.home / "work").names()
    except HubError as error:
        return Check("Enregistrements", "error", url, str(error))
    missing = [one.slug for one in library.catalogue() if one.recording and one.recording.file not in there]
    if missing:
        found = f"{counted(len(missing), 'n’est pas', 'ne sont pas')} dans {url}, dont celui de {missing[0]}"
        return Check("Enregistrements", "error", found, "copiez-y ceux que vous avez dans media/, ou remplacez-les")
    return Check("Enregistrements", "ok", f"{len(there)} dans {url}")


def _ocr() -> Check:
    if ocr_there():
        return Check("Documents numérisés", "ok", "tesseract, avec le français")
    advice = (
        "rien, si vos documents contiennent leur texte ; sinon installez tesseract et son français (tesseract-ocr-fra)"
    )
    return Check("Documents numérisés", "ok", "sans tesseract, une image sans texte est refusée", advice)


def _backups(settings: Settings) -> Check:
    found = stored(settings.home)
    if not settings.backup.daily:
        return Check("Sauvegardes", "ok", "faites ailleurs (HUB_BACKUP_DAILY=false)")
    advice = "laissez le hub ouvert : il en fait une par jour ; « hub backup FICHIER » en fait une tout de suite"
    if not found:
        return Check("Sauvegardes", "warning", "aucune encore", advice)
    age = (today() - found[0].day).days
    when = {0: "aujourd’hui", 1: "hier"}.get(age, f"il y a {age} jours")
    place = left_out(settings)
    without = f" ; sans les enregistrements : ils restent dans {place}" if place else ""
    said = f"la dernière : {when}{without}"
    return Check("Sauvegardes", "ok", said) if age <= _OLD else Check("Sauvegardes", "warning", said, advice)


def _administration(settings: Settings) -> Check:
    people = sum(person.role is Role.ADMINISTRATOR for person in People(settings.home, settings.staff.role).everyone())
    provided = "administrator" in (*settings.staff.addresses.values(), *settings.staff.domains.values())
    if people or provided:
        return Check(
            "Administration",
            "ok",
            counted(people, "personne", "personnes") if people else "par les comptes de l’association",
        )
    advice = "« hub invite ADRESSE --role administrator » donne un lien"
    return Check("Administration", "warning", "personne n’en a la charge", advice)
