"""A corrected text that comes as a file: plain text and subtitles as they are, what a word processor writes by its reader."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.documents.apart import read_document
from ingest.sources.sent import disguised, named, shown_name
from transcripts.errors import BadDocument, BadInput
from transcripts.formats import decoded
from transcripts.study import Block

LARGEST = 20_000_000  # bytes; what a document weighs is its pictures
_PATIENCE = 60.0  # seconds; somebody waits for it
WRITTEN = (".docx", ".odt")
SUFFIXES = (".txt", ".md", ".vtt", ".srt", *WRITTEN)


def read_text(name: str, data: bytes) -> str:
    """Return the text of a file that its sender calls ``name``. Raises `BadInput`; its sentence names the file."""
    name = shown_name(name)
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise BadInput(f"« {name} » n’est pas lu ici : rien n’a changé ; donnez un fichier {', '.join(SUFFIXES)}.")
    if suffix in WRITTEN:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"texte{suffix}"
            path.write_bytes(data)
            try:
                document = read_document(path, lambda done, total: None, _PATIENCE)
            except BadDocument as error:
                raise named(error, path, name) from error
        return "\n".join(_markdown(document.blocks, document.title or name))
    if kind := disguised(data, suffix):
        raise BadInput(f"« {name} » est {kind}, quel que soit son nom : rien n’a changé ; choisissez le bon fichier.")
    return decoded(data)


def _markdown(blocks: Sequence[Block], title: str) -> Iterator[str]:
    """Yield what is said in a document and, since nobody says them, its headings as such; notes, tables and captions are left out."""
    written = [block for block in blocks if block.kind in ("heading", "text")]
    if any(block.kind == "heading" for block in written) and written[0].kind != "heading":
        yield f"# {title}"
    for n, block in enumerate(written):
        mark = "## " if n else "# "
        yield f"{mark}{block.text}" if block.kind == "heading" else block.text.removeprefix("• ")
