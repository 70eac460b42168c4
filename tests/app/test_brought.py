"""A corrected text comes back as whatever people write in, and takes the place of the words."""

import io
import zipfile
from pathlib import Path

import docx
import pytest

from app.brought import read_text
from tests.documents import Report, with_docx, with_odt
from tests.transcripts.test_revision import CUES, FACTS, TALK
from transcripts.edits import Align
from transcripts.errors import BadInput
from transcripts.revision import revise

SECTIONS = [
    ("Résumé", ["Un point que personne ne dit."]),
    ("Début", ["Voix 1 : Le prêt participatif est un quasi fonds propre et il se rembourse tard."]),
    ("Suite", ["Voix 2 : Oui. L’argent dort à la banque."]),
]


@pytest.mark.parametrize(("suffix", "write"), [("docx", with_docx), ("odt", with_odt)])
def test_what_a_word_processor_wrote_is_aligned(suffix: str, write, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "relu"
    write(Report("Le prêt", SECTIONS), path)
    text = read_text(f"C:\\Camille\\Relu 🎙.{suffix.upper()}", path.read_bytes())
    cues = revise(TALK, [Align(text)], FACTS).cues
    assert [cue.text for cue in cues] == [c.text.replace("propres", "propre") for c in CUES]
    assert [(cue.start, cue.speaker) for cue in cues] == [(c.start, c.speaker) for c in CUES]


def test_what_stands_before_the_first_heading_is_said_too(tmp_path: Path) -> None:
    document = docx.Document()
    for cue in CUES[:3]:
        document.add_paragraph(cue.text)
    document.add_heading("Suite", 1)
    document.add_paragraph(CUES[3].text)
    document.save(str(tmp_path / "relu.docx"))
    text = read_text("relu.docx", (tmp_path / "relu.docx").read_bytes())
    assert revise(TALK, [Align(text)], FACTS).cues == CUES


def test_a_document_that_takes_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.brought._PATIENCE", 0.01)
    with_docx(Report("Le prêt", SECTIONS), tmp_path / "relu.docx")
    with pytest.raises(BadInput, match=r"« relu\.docx » demande plus de mémoire ou de temps"):
        read_text("relu.docx", (tmp_path / "relu.docx").read_bytes())


def test_plain_text_is_read_however_it_was_saved() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert read_text("relu.txt", "Le prêt coûte 5 %.".encode(encoding)) == "Le prêt coûte 5 %."


def _zipped(name: str, size: int) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<x/>")
        archive.writestr(name, bytes(size))
    return whole.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("relu.docx", "Le prêt.".encode(), "est un texte, et non ce que dit son nom"),
        ("relu.docx", b"%PDF-1.7 ...", "est un PDF, et non ce que dit son nom"),
        ("relu.docx", b"MZ\x90\0\3", "d’un autre genre"),
        ("relu.docx", _zipped("photo.jpg", 10), "est une archive, et non un document Word"),
        ("relu.docx", _zipped("word/document.xml", 30_000_000), "anormalement gros"),
        ("relu.odt", _zipped("word/document.xml", 10), "est une archive, et non un document OpenDocument"),
        ("relu.docx", b"", "est un fichier vide"),
        ("relu.txt", b"%PDF-1.7 ...", "est un document PDF, quel que soit son nom"),
        ("relu.pages", b"x", "n’est pas lu ici"),
        ("", b"x", "« fichier » n’est pas lu ici"),
    ],
)
def test_what_is_no_text_gets_one_clear_sentence(name: str, data: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        read_text(name, data)
    said = str(refused.value)
    assert said.startswith(f"« {name or 'fichier'} »")
    assert said.count("rien n’a") == said.count(" ; ") == 1
