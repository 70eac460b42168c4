"""Documents that are zip files: looked at before anything is unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from transcripts.errors import BadDocument

_MOST_FILES = 20_000
_LARGEST = 400_000_000  # bytes unpacked, all files together
_XML = 120_000_000  # bytes of one part in XML
_RATIO = 300  # unpacked to packed, of a part that is large

_BROKEN = (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


@contextmanager
def opened(path: Path, kind: str) -> Iterator[zipfile.ZipFile]:
    """Lend the zip that a document is, once its sizes are looked at. Raises `BadDocument`; ``kind`` is what it should be."""
    try:
        with zipfile.ZipFile(path) as archive:
            _bounded(archive, path)
            yield archive
    except _BROKEN as error:
        raise BadDocument(
            f"« {path.name} » n’est pas {kind} intact : rien n’a été gardé ; enregistrez-le de nouveau, puis recommencez."
        ) from error


def _bounded(archive: zipfile.ZipFile, path: Path) -> None:
    parts = archive.infolist()
    swollen = any(p.file_size > 5_000_000 and p.file_size > _RATIO * max(1, p.compress_size) for p in parts)
    xml = any(p.file_size > _XML for p in parts if p.filename.endswith((".xml", ".rels")))
    if len(parts) > _MOST_FILES or sum(p.file_size for p in parts) > _LARGEST or swollen or xml:
        raise BadDocument(
            f"« {path.name} » est anormalement gros une fois ouvert : rien n’a été gardé ; enregistrez-le de nouveau, puis recommencez."
        )
    if any(p.flag_bits & 1 for p in parts):
        raise protected(path)


def protected(path: Path) -> BadDocument:
    """Return what is said of a document that asks for a password."""
    return BadDocument(
        f"« {path.name} » est protégé par un mot de passe : rien n’a été gardé ; enregistrez-le sans protection, puis recommencez."
    )


def parsed(data: bytes) -> etree._Element:
    """Return XML from elsewhere: without entities, without the network. Raises `ValueError`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
