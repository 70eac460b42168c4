"""Documents are read by a process of its own: what is made to crash or to fill the memory harms that process alone.

python -m ingest.documents.apart FILE    lines of JSON: how far it is, its pictures, then the document, or why it is refused
"""

from __future__ import annotations

import base64
import json
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from ingest.documents import SUFFIXES, Document, Progress, reader
from transcripts.errors import BadDocument

_MEMORY = 1_200_000_000  # bytes of address space
_SECONDS = 900  # of work
_NIGHT = 12 * 3600.0  # seconds by the clock: what it has read by others, page by page, is not its own work
_COMMAND = ("-m", "ingest.documents.apart")
_FORM = TypeAdapter(Document)
_ROOT = Path(__file__).resolve().parents[2]
# What people take for documents that can be given, and that are not read.
OTHER_DOCUMENTS = {
    ".docm",
    ".dotm",
    ".doc",
    ".dot",
    ".rtf",
    ".epub",
    ".pptx",
    ".pptm",
    ".ppt",
    ".odp",
    ".pages",
    ".xps",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_document(path: Path, progress: Progress, patience: float = _NIGHT) -> Document:
    """Return what a document holds. Raises `BadDocument`, whose sentence names the file; after ``patience`` seconds too."""
    refuse_disguise(path)
    pictures: list[bytes] = []
    with _started(path, patience) as process:
        for line in process.stdout or ():
            if not line.endswith("\n"):  # killed in the middle of it
                break
            said = json.loads(line)
            if "document" in said:
                return replace(_FORM.validate_python(said["document"]), pictures=tuple(pictures))
            if "picture" in said:
                pictures.append(base64.b64decode(said["picture"]))
                continue
            if "refused" in said:
                raise BadDocument(said["refused"])
            progress(said["done"], said["total"])
    raise BadDocument(
        f"« {path.name} » demande plus de mémoire ou de temps que le hub n’en donne à un document, ou il est abîmé : "
        "rien n’a été gardé ; enregistrez-le de nouveau, ou donnez-en une partie."
    )


@contextmanager
def _started(path: Path, patience: float) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, *_COMMAND, str(path.absolute())]
    process = subprocess.Popen(  # noqa: S603 - our own arguments
        command, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    late = threading.Timer(patience, process.kill)
    late.daemon = True
    late.start()
    try:
        yield process
    finally:
        late.cancel()
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def refuse_disguise(path: Path) -> None:
    """Refuse a file that is no document, or something else than its name says, by its first bytes. Raises `BadDocument`."""
    suffix = path.suffix.lower()
    if suffix in (".docm", ".dotm"):
        raise BadDocument(
            f"« {path.name} » peut contenir des macros : rien n’a été gardé ni exécuté ; enregistrez-le en .docx, puis recommencez."
        )
    if suffix not in SUFFIXES:
        raise BadDocument(
            f"« {path.name} » n’est pas dans un format que le hub lit : rien n’a été gardé ; enregistrez-le en PDF, .docx ou .odt."
        )
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        raise BadDocument(
            f"« {path.name} » ne peut pas être lu : rien n’a été gardé ; vérifiez le nom et les droits."
        ) from error
    if not head:
        raise BadDocument(f"« {path.name} » est un fichier vide : rien n’a été gardé ; choisissez le document complet.")
    found = _kind(head)
    if found == "un ancien document Word" and suffix in (".docx", ".odt"):
        raise BadDocument(
            f"« {path.name} » est {found}, ou il est protégé par un mot de passe : rien n’a été gardé ; enregistrez-le en .docx, sans protection."
        )
    wanted = {".pdf": "un PDF", ".docx": "une archive", ".odt": "une archive"}.get(suffix, "un texte")
    if found != wanted:
        raise BadDocument(
            f"« {path.name} » est {found}, et non ce que dit son nom : rien n’a été gardé ; donnez le document lui-même, sous le bon nom."
        )


def _kind(head: bytes) -> str:
    if b"%PDF-" in head:
        return "un PDF"
    if head.startswith(b"PK\x03\x04"):
        return "une archive"
    if head.startswith(_OLE):
        return "un ancien document Word"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in head:
        return "un texte"
    return "un fichier d’un autre genre"


def _bounds() -> None:
    """Let this process take no more than its share, and write nothing."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: Path) -> None:
    """Read one document and write what it holds to stdout."""
    _bounds()

    def progress(done: int, total: int) -> None:
        print(json.dumps({"done": done, "total": total}), flush=True)  # noqa: T201 - this is what we are for

    try:
        document = reader(path.suffix.lower())(path, progress)
        for picture in document.pictures:
            print(json.dumps({"picture": base64.b64encode(picture).decode()}), flush=True)  # noqa: T201 - see above
        said = {"document": _FORM.dump_python(replace(document, pictures=()), mode="json")}
    except BadDocument as error:
        said = {"refused": str(error)}
    print(json.dumps(said), flush=True)  # noqa: T201 - see above


if __name__ == "__main__":
    main(Path(sys.argv[1]))
