"""How well documents are read: ``python -m tests.bench_documents FOLDER`` prints tables.

FOLDER holds what ``python -m tests.documents FOLDER`` makes and ``tests.public_documents`` puts there, and any other PDF beside the HTML of the same text under the same
name (several pages joined, in order): what it should read.

Words in order: on five pages of each document, the longest common subsequence of the words that were read and of those that
should be, divided by the larger number of words. The stretch of the reference that a page has is found by runs of five words
that either reading shares with it. Beside it: what PDFium and pypdf give of the same pages by themselves.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
from lxml import html as lxml_html
from rapidfuzz.distance import LCSseq

from ingest.documents import SUFFIXES, Document
from ingest.documents.apart import read_document
from tests.documents import words_of
from tests.yardstick import note
from transcripts.errors import BadDocument

_PAGES = 5
_RUN = 5
_AROUND = 60  # words
_LONG = 200  # pages


@dataclass(frozen=True)
class Truth:
    """What should be read; ``tables`` as rows of cells, None where nobody says."""

    words: list[str]
    headings: list[str]
    tables: list[list[list[str]]]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _busy() -> float:
    """Return the seconds of the processor that the processes which read took, all together."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def truth_of(path: Path) -> Truth | None:
    """Return what should be read of a document."""
    beside = path.with_name(f"{path.name}.json")
    if beside.exists():
        said = json.loads(beside.read_text("utf-8"))
        return Truth(said["words"], said["headings"], said["tables"])
    page = path.with_suffix(".html")
    if not page.exists() or path.suffix != ".pdf":
        return None
    root = lxml_html.document_fromstring(page.read_bytes().decode("utf-8"))
    for gone in [
        *root.iter("script", "style", "nav", "head"),
        *root.find_class("toc"),
        *root.find_class("navheader"),
        *root.find_class("navfooter"),
        *root.find_class("footnotes"),
        *root.find_class("sphinxsidebar"),
        *root.find_class("related"),
        *root.find_class("headerlink"),
    ]:
        gone.drop_tree()
    tables = [
        [[" ".join(c.itertext()) for c in row if c.tag in ("td", "th")] for row in table.iter("tr")]
        for table in root.iter("table")
        if table.find(".//img") is None and table.find(".//h3") is None
    ]
    headings = [" ".join(h.text_content().split()) for h in root.iter("h1", "h2", "h3", "h4")]
    # Each element by itself: blocks that touch in the source are words apart.
    words = words_of(" ".join(re.sub(r"\s+", " ", text) if text.strip() else " " for text in root.itertext()))
    return Truth(words, headings, [t for t in tables if len(t) > 1 and len(t[0]) > 1])


def by_page(document: Document) -> dict[int, list[str]]:
    """Return the words that were read of each page, without notes."""
    found: dict[int, list[str]] = {}
    for block in document.blocks:
        if block.kind == "note":
            continue
        edges = [0, *block.breaks, len(block.text)]
        for n, begin in enumerate(edges[:-1]):
            text = re.sub(r"\[\d{1,3}\]", "", block.text[begin : edges[n + 1]])
            found.setdefault(block.page + n, []).extend(words_of(text.replace("---", "")))
    return found


def window(
    readings: list[list[str]], truth: list[str], places: dict[tuple[str, ...], list[int]]
) -> tuple[int, int] | None:
    """Return from where to where the reference has what a page has, by any of several readings of it."""
    hits = []
    for words in readings:
        for n in range(len(words) - _RUN):
            found = places.get(tuple(words[n : n + _RUN]), [])
            hits += found if len(found) == 1 else []
    if len(hits) < 10:
        return None
    middle, most = sorted(hits)[len(hits) // 2], max(map(len, readings))
    near = [at for at in hits if abs(at - middle) < 2 * most]
    # The page may begin and end in a table, whose words come more than once: look a little further.
    begin, end = max(0, min(near) - _AROUND), min(len(truth), max(near) + _RUN + _AROUND)
    runs = [
        block
        for words in readings
        for block in LCSseq.opcodes(words, truth[begin:end])
        if block.tag == "equal" and block.dest_end - block.dest_start >= _RUN
    ]
    return begin + min(r.dest_start for r in runs), begin + max(r.dest_end for r in runs)


def share(read: list[str], wanted: list[str]) -> float:
    """Return the share of words in right order."""
    return LCSseq.similarity(read, wanted) / max(1, len(read), len(wanted))


def alike(some: str, other: str) -> bool:
    """Say whether two headings are the same but for numbers before them."""
    bare = [
        re.sub(r"^(?:(?:chapitre|annexe)\s*)?[\divx.]*[a-z]?\.?\d*\s+(?:\d+\s+)*", "", " ".join(words_of(t)))
        for t in (some, other)
    ]
    return bare[0] == bare[1] or " ".join(words_of(some)) == " ".join(words_of(other))


def cells(markdown: str) -> list[list[str]]:
    """Return the words of the cells of a Markdown table."""
    lines = [line for line in markdown.split("\n") if line.strip("|-: ")]
    return [[" ".join(words_of(cell)) for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])] for line in lines]


def measure(path: Path) -> None:
    """Print what one document gives."""
    began, busy = time.monotonic(), _busy()
    try:
        document = read_document(path, lambda done, total: None)
    except BadDocument as error:
        _say(f"{path.name}: {error}")
        return
    took, worked = time.monotonic() - began, _busy() - busy
    if document.pages >= _LONG:
        pages = _LONG / document.pages
        note(f"{path.name}: 200 pages, by the clock", took * pages, "s", most=30, digits=1)
        note(f"{path.name}: 200 pages, of the processor", worked * pages, "s", digits=1)
    truth = truth_of(path)
    if truth is None:
        _say(f"{path.name}: {document.pages} pages, {took:.1f} s, {worked:.1f} s of the processor")
        return
    ours, kept, plain, other = by_page(document), [], [], []
    if path.suffix == ".pdf":
        raw, reader = pdfium.PdfDocument(path), pypdf.PdfReader(path)
        places: dict[tuple[str, ...], list[int]] = {}
        for n in range(len(truth.words) - _RUN):
            places.setdefault(tuple(truth.words[n : n + _RUN]), []).append(n)
        count = len(raw)
        pages = sorted(
            {1 + round((count - 1) * (n + 1) / (_PAGES + 1)) for n in range(_PAGES)}
            if count > _PAGES
            else range(1, count + 1)
        )
        for page in pages:
            text = words_of(
                raw[page - 1].get_textpage().get_text_range().replace("\ufffe\r\n", "").replace("\ufffe", "")
            )
            found = window([text, ours.get(page, [])], truth.words, places)
            if found:
                wanted = truth.words[found[0] : found[1]]
                kept.append(share(ours.get(page, []), wanted))
                plain.append(share(text, wanted))
                other.append(share(words_of(reader.pages[page - 1].extract_text()), wanted))
    else:
        kept = [share([w for page in sorted(ours) for w in ours[page]], truth.words)]
    headings = [block.text for block in document.blocks if block.kind == "heading"]
    named = sum(any(alike(wanted, found) for found in headings) for wanted in truth.headings)
    right = sum(any(alike(wanted, found) for wanted in truth.headings) for found in headings)
    tables = [cells(block.text) for block in document.blocks if block.kind == "table"]
    wanted_tables = [[[" ".join(words_of(cell)) for cell in row] for row in table] for table in truth.tables]
    whole = sum(table in tables for table in wanted_tables)

    def mean(values: list[float]) -> str:
        return f"{sum(values) / len(values):.3f}" if values else "–"

    _say(
        f"| {path.name} | {document.pages} | {mean(kept)} | {mean(plain)} | {mean(other)} | {named}/{len(truth.headings)} | {right}/{len(headings)} | {whole}/{len(wanted_tables)} | {took:.1f} | {worked:.1f} |"
    )


def main() -> None:
    """Measure every document of a folder."""
    _say(
        "| document | pages | ours | PDFium | pypdf | headings found | headings right | tables whole | s | of the processor |"
    )
    _say("|---|---|---|---|---|---|---|---|---|---|")
    for path in sorted(Path(sys.argv[1]).iterdir()):
        known = path.suffix in SUFFIXES and (path.suffix == ".pdf" or not path.with_suffix(".pdf").exists())
        if known:
            measure(path)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    note("the largest process that reads documents", peak, "MB", most=500, digits=0)
    _say(f"Peak memory of a reading process: {peak:.0f} MB")


if __name__ == "__main__":
    main()
