"""Which lines are headings, and of what level: by the document's own outline, by size and weight of type. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingest.documents.joining import tidy
from ingest.documents.lines import Line

_LARGER = 1.12  # of the size of the text
_LONGEST = 160  # characters
_DEEPEST = 6
_LABEL = 4  # times that the same words stand by themselves in bold type
_NUMBERED = re.compile(
    r"^(?:(?:[IVX]{1,5}|[A-Z]|\d{1,2})[.)](?:\d{1,2}[.)]?)*|\d{1,2}(?:\.\d{1,2})+|annexe|chapitre|partie)\s",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.,;:]$")

# Title, level from 1, page.
Outline = Sequence[tuple[str, int, int]]
_Style = tuple[float, bool]


class Styles:
    """What the type of a document says: ``body`` is the size of its text (points)."""

    def __init__(self, pages: Sequence[Sequence[Line]], body: float, outline: Outline) -> None:
        self.body = body
        self._titles: dict[int, dict[str, int]] = defaultdict(dict)
        for title, level, page in outline:
            self._titles[page][plain(title)] = level
        self._heavy: set[int] = set()
        self._steps: dict[float, float] = {}
        self._outlined: dict[int, int] = {}
        styles: Counter[_Style] = Counter()
        votes: dict[_Style, Counter[int]] = defaultdict(Counter)
        for page, lines in enumerate(pages, 1):
            self._look(page, lines)
        self._forget_labels(pages)
        for lines in pages:
            for line in lines:
                if id(line) in self._heavy or self._large(line):
                    styles[_style(line)] += 1
                if outlined := self._outlined.get(id(line)):
                    votes[_style(line)][outlined] += 1
        order = sorted(styles, key=lambda style: (-style[0], not style[1]))
        self._levels = {style: min(_DEEPEST, n) for n, style in enumerate(order, 1)}
        if votes:
            known = {style: count.most_common(1)[0][0] for style, count in votes.items()}
            for style in order:
                larger = [level for other, level in known.items() if other[0] > style[0]]
                self._levels[style] = known.get(style) or (min(_DEEPEST, max(larger) + 1) if larger else 1)
        self._steps = _steps(pages)

    def _forget_labels(self, pages: Sequence[Sequence[Line]]) -> None:
        """Take words that come again and again, such as « Note », for what they are."""
        times = Counter(line.text.strip() for lines in pages for line in lines if id(line) in self._heavy)
        for lines in pages:
            self._heavy -= {id(line) for line in lines if times[line.text.strip()] >= _LABEL}

    def level(self, line: Line, page: int) -> int:
        """Return the level of a heading, 0 for what is none."""
        if outlined := self._outlined.get(id(line)):
            return outlined
        if id(line) in self._heavy or self._large(line):
            return self._levels.get(_style(line), _DEEPEST)
        return 0

    def step(self, line: Line) -> float:
        """Return the usual distance of two lines in the type of this one (points)."""
        return self._steps.get(line.size, 1.25 * line.size)

    def _large(self, line: Line) -> bool:
        return (
            not line.table
            and line.size >= _LARGER * self.body
            and len(line.text) <= _LONGEST
            and sum(c.isalpha() for c in line.text) >= 3
        )

    def _look(self, page: int, lines: Sequence[Line]) -> None:
        """Find the lines of a page that are named in the outline, and those that stand by themselves in bold type."""
        titles = {
            title: level for near in (page - 1, page, page + 1) for title, level in self._titles.get(near, {}).items()
        }
        for n, line in enumerate(lines):
            if line.table:
                continue
            if titles and line.size >= 0.97 * self.body and self._named(lines, n, titles):
                continue
            before = lines[n - 1] if n else None
            after = lines[n + 1] if n + 1 < len(lines) else None
            if line.bold and line.size >= 0.97 * self.body and self._alone(line, before, after):
                self._heavy.add(id(line))

    def _named(self, lines: Sequence[Line], n: int, titles: dict[str, int]) -> int:
        """Mark a line, and those after it that belong to it, when the outline names them."""
        said = ""
        for more in range(3):
            if n + more >= len(lines) or lines[n + more].table:
                return 0
            said += plain(lines[n + more].text)
            bare = re.sub(r"^(?:\d+|[ivx]+|[a-z])(?=\D)", "", said)
            level = titles.get(said) or titles.get(bare) or titles.get(re.sub(r"^\d+", "", said)) or 0
            if level and len(said) > 2:
                for line in lines[n : n + more + 1]:
                    self._outlined[id(line)] = level
                return level
        return 0

    def _alone(self, line: Line, before: Line | None, after: Line | None) -> bool:
        text = line.text.strip()
        if len(text) > 110 or _SENTENCE.search(text) or sum(c.isalpha() for c in text) < 3:
            return False
        begins = (
            before is None
            or before.table
            or before.region != line.region
            or before.size != line.size
            or not before.bold
        )
        above = (
            before is None
            or before.region != line.region
            or line.base - before.base > 1.3 * line.size
            or bool(before.table)
        )
        goes_on = after is not None and after.bold and after.region == line.region and not after.table
        short = line.x1 < line.right - 0.1 * (line.right - line.left) or bool(_NUMBERED.match(text))
        return begins and above and short and not (goes_on and len(text) > 70)


def _style(line: Line) -> _Style:
    return (line.size, line.bold)


def plain(text: str) -> str:
    """Return the letters and digits of a title alone, to compare."""
    return re.sub(r"[\W_]+", "", tidy(text).lower())


def _steps(pages: Sequence[Sequence[Line]]) -> dict[float, float]:
    found: dict[float, list[float]] = defaultdict(list)
    for lines in pages:
        for above, below in pairwise(lines):
            step = below.base - above.base
            if above.region == below.region and above.size == below.size and 0.9 < step / below.size < 2.5:
                found[below.size].append(step)
    return {size: median(steps) for size, steps in found.items()}
