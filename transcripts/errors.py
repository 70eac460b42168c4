"""What can go wrong, as one tree. Every leaf says one French sentence to a user.

HubError                       the sentence: what happened, what was kept, what to do
├── NotFound                   no masterclass, or no study, has this slug
│   └── Gone                   one had it, and was taken away
├── BadInput                   what was given cannot be used; giving it again changes nothing
│   ├── BadSubtitles           a .vtt or .srt that holds no usable cues
│   ├── BadRecording           a media file that holds no usable speech
│   ├── BadDocument            a document that holds no text the hub may or can read
│   └── BadLink                a link that leads to nothing the hub may or can read
├── DamagedFile                a file of the library cannot be read back
├── BadStaffFile               a file that staff wrote says something that cannot be
├── MediaLost                  a recording is not in the store where it should be
├── Unavailable                something outside is missing just now; trying again may help
│   ├── WeightsMissing         the model weights cannot be fetched
│   ├── LinkDown               a link that cannot be followed just now
│   ├── MediaDown              the store of recordings does not answer, or refuses
│   └── IndexBusy              another process holds the index and does not answer
└── NotWritable                the disk refuses: no right, or no room

Foreign exceptions are translated once per package into one of these; they become words at the edges only (the
command, the pages, the HTTP handlers).
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

# What an identifier may be of; "resource" where it could be a masterclass or a study.
Sort = Literal["masterclass", "study", "resource", "recording", "venue", "backup"]
_NONE: dict[Sort, str] = {
    "masterclass": "Aucune masterclass",
    "study": "Aucune étude",
    "resource": "Aucune masterclass ni étude",
    "recording": "Aucun enregistrement",
    "venue": "Aucun lieu",
    "backup": "Aucune sauvegarde",
}


class HubError(Exception):
    """Base of all errors that a user may see; ``str(error)`` is a complete French sentence."""


class NotFound(HubError):
    """Nothing of this sort has this identifier."""

    def __init__(self, slug: str, sort: Sort = "masterclass") -> None:
        super().__init__(f"{_NONE[sort]} ne porte l’identifiant « {slug[:120]} » : vérifiez-le.")
        self.slug = slug


class Gone(NotFound):
    """What was published under this slug was taken away."""

    def __init__(self, slug: str, sort: Sort = "masterclass") -> None:
        what, read = (
            ("La masterclass", "lue ni écoutée") if sort == "masterclass" else ("L’étude", "lue ni téléchargée")
        )
        HubError.__init__(
            self,
            f"{what} « {slug[:120]} » a été retirée de la bibliothèque : elle ne peut plus être {read} ; "
            "les autres sont toujours là.",
        )
        self.slug = slug


class BadInput(HubError):
    """What was given cannot be used; giving it again changes nothing."""


class BadSubtitles(BadInput):
    """A subtitle file that holds no usable cues."""


class BadRecording(BadInput):
    """A media file that holds no usable speech."""


class BadDocument(BadInput):
    """A document that holds no text the hub may or can read."""


class BadLink(BadInput):
    """A link that leads to nothing the hub may or can read."""


class DamagedFile(HubError):
    """A file of the library cannot be read back; the others are untouched."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"Le fichier « {path.parent.name}/{path.name} » est abîmé ({reason}) : corrigez-le ou restaurez-le ; "
            "le reste de la bibliothèque n’est pas touché."
        )
        self.path = path
        self.reason = reason


class BadStaffFile(HubError):
    """A file that staff wrote says something that cannot be; the others are untouched."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"Le fichier « {path.name} » n’est pas affiché ({reason}) : corrigez-le ; le reste du hub n’est pas touché."
        )
        self.path = path
        self.reason = reason


class MediaLost(HubError):
    """A recording is not in the store where it should be."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"L’enregistrement « {name} » n’est plus dans le stockage : rien n’a été changé ; remettez-le, ou donnez-en un autre."
        )


class Unavailable(HubError):
    """Something outside is missing just now; trying again may help."""


class WeightsMissing(Unavailable):
    """The model weights cannot be fetched."""


class LinkDown(Unavailable):
    """A link that cannot be followed just now; what was received is kept for the next try."""


class MediaDown(Unavailable):
    """The store of recordings does not answer, or refuses."""

    def __init__(
        self,
        sentence: str = "Le stockage des enregistrements ne répond pas : rien n’est perdu, et les textes restent lisibles ; "
        "réessayez dans quelques minutes.",
    ) -> None:
        super().__init__(sentence)


class IndexBusy(Unavailable):
    """Another process holds the index and does not answer."""

    def __init__(self, waited: float) -> None:
        super().__init__(
            f"Un autre processus occupe l’index depuis plus de {waited:.0f} secondes : rien n’est perdu, "
            "réessayez dans un instant ou fermez l’autre commande « hub »."
        )
        self.waited = waited


class NotWritable(HubError):
    """The disk refuses: no right, or no room."""

    def __init__(self, path: Path, *, full: bool) -> None:
        cause = "Le disque est plein" if full else f"Le hub n’a pas le droit d’écrire dans « {path} »"
        cure = "libérez de la place" if full else "changez ce droit ou choisissez un autre dossier avec HUB_HOME"
        super().__init__(f"{cause} : rien n’a été modifié ; {cure}, puis recommencez.")
        self.path = path
        self.full = full


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Translate the disk's refusals while writing below ``path`` into `NotWritable`."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL or error.errno in _REFUSED:
            raise NotWritable(path, full=error.errno in _FULL) from error
        raise
