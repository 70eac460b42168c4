"""Tables of a page: between rules, or told by cells that stand under each other. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import mean, median

from ingest.documents.glyphs import Box, Word
from ingest.documents.joining import tidy
from ingest.documents.lines import Span, rows, written

_NEAR = 6.0  # points by which the ends of rules of one table may differ
_APART = 2.5  # points: rules that are nearer are one
_SHORT = 30.0  # points: a shorter rule is a stroke of something
_GAP = 1.0  # of the size of type: the narrowest space between two columns of a table
_CELL = 32  # characters that a cell of a table without rules has on average, at most
_NUMBER = re.compile(r"[-+−–]?[\d\s.,  %€$()/×x*-]*\d[\d\s.,  %€$k()M/-]*")
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}")
_CAPTION = re.compile(r"(?:table|tableau|figure|graphique|source|note)s?\b", re.IGNORECASE)
_LABEL = re.compile(r"[•◦▪●–—\-*]|\(?\w{1,4}[.)°]?")


def ruled(words: Sequence[Word], rules: Sequence[Box]) -> list[tuple[list[Word], str]]:
    """Return the tables between horizontal rules: the words of each, and its Markdown."""
    found: list[tuple[list[Word], str]] = []
    taken: set[int] = set()
    flats, uprights = _level(rules), [_turned(rule) for rule in _level(map(_turned, rules))]
    for group in _groups([flat for flat in flats if flat[2] - flat[0] > _SHORT]):
        for span, heights in _tabular(words, group, uprights):
            inside = [w for w in words if id(w) not in taken and _within(w, (*span, heights[0], heights[-1]))]
            verticals = _verticals(rules, span, heights)
            table = _boxed(inside, span, heights, verticals, flats, uprights) if verticals else _grid(inside, heights)
            if table:
                taken |= {id(w) for w in inside}
                found.append((inside, table))
    return found


def unruled(lines: Sequence[list[Word]]) -> Iterator[tuple[int, int, str]]:
    """Yield tables without rules among the lines of a column: first line, one after the last, Markdown."""
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and _segments(lines[end]) > 1 and (end == at or _follows(lines[end - 1], lines[end])):
            end += 1
        if end - at >= 3 and (cuts := _columns_of(lines[at:end])):
            first, cuts = _head(lines, at, end, cuts)
            end = _reached(lines, end, cuts)
            yield first, end, markdown(_rejoined([_cells(line, cuts) for line in lines[first:end]]))
        at = max(end, at + 1)


def _follows(above: Sequence[Word], below: Sequence[Word]) -> bool:
    return below[0].base - above[0].base < 3.2 * max(above[0].size, below[0].size)


def _segments(line: Sequence[Word]) -> int:
    return 1 + sum(b.x0 - a.x1 > 1.4 * max(a.size, b.size) for a, b in pairwise(line))


def _columns_of(lines: Sequence[list[Word]]) -> list[float]:
    """Return where the columns of a table are parted, nothing where the lines are none."""
    words = [w for line in lines for w in line]
    cuts = _gutters(lines, 1.2 * median(w.size for w in words))
    table = [_cells(line, cuts) for line in lines]
    if not cuts or any(_LEADERS.search(" ".join(row)) for row in table):
        return []  # a table of contents
    columns = list(zip(*table, strict=True))
    if len(columns) == 2 and all(_LABEL.fullmatch(cell) for cell in columns[0] if cell):
        return []  # a list
    full = mean(sum(map(bool, row)) > 1 for row in table)
    length = mean(len(cell) for row in table for cell in row if cell)
    numeric = any(mean(bool(_NUMBER.fullmatch(c)) for c in column if c) > 0.5 for column in columns if any(column))
    return [] if full < 0.8 or length > _CELL or (len(columns) == 2 and not numeric) else cuts


def _head(lines: Sequence[list[Word]], first: int, end: int, cuts: list[float]) -> tuple[int, list[float]]:
    """Return where a table begins, its head included where one stands above, and the cuts that leave its words whole."""
    least = 0.7 * median(w.size for line in lines[first:end] for w in line)
    for above in range(first - 1, max(-1, first - 4), -1):
        if not _follows(lines[above], lines[above + 1]):
            break
        wider = _gutters(lines[above:end], least, strict=True)
        if len(wider) != len(cuts):
            break
        if sum(map(bool, _cells(lines[above], wider))) > len(cuts) // 2 + 1:
            return above, wider
    return first, cuts


def _reached(lines: Sequence[list[Word]], end: int, cuts: Sequence[float]) -> int:
    """Return how far a table reaches beyond its clear lines, over cells that were wrapped."""
    while end < len(lines) and _fits(lines[end], cuts) and _follows(lines[end - 1], lines[end]):
        cells = sum(map(bool, _cells(lines[end], cuts)))
        wrapped = any(cell.endswith("-") for cell in _cells(lines[end - 1], cuts))
        if cells < 2 and not wrapped:
            break
        end += 1
    return end


def _fits(line: Sequence[Word], cuts: Sequence[float]) -> bool:
    """Say whether no word of a line stands across a cut."""
    return all(not word.x0 + 1 < cut < word.x1 - 1 for word in line for cut in cuts)


def _turned(rule: Box) -> Box:
    x0, y0, x1, y1 = rule
    return y0, x0, y1, x1


def _level(rules: Iterable[Box]) -> list[Box]:
    """Return horizontal rules, pieces at one height joined."""
    joined: list[Box] = []
    flat = sorted((b for b in rules if b[3] - b[1] <= 3 and b[2] - b[0] > 3), key=lambda b: (round(b[1]), b[0]))
    for x0, y0, x1, y1 in flat:
        last = joined[-1] if joined else None
        if last and abs(last[1] - y0) < 1.5 and last[0] - 4 < x0 < last[2] + 4:
            joined[-1] = (min(last[0], x0), last[1], max(last[2], x1), max(last[3], y1))
        else:
            joined.append((x0, y0, x1, y1))
    return joined


def _groups(rules: Sequence[Box]) -> Iterator[list[Box]]:
    """Yield rules that begin and end at the same places, from the top."""
    groups: list[list[Box]] = []
    for rule in rules:
        near = next((g for g in groups if all(abs(g[0][n] - rule[n]) < _NEAR for n in (0, 2))), None)
        if near is None:
            groups.append([rule])
        else:
            near.append(rule)
    for group in groups:
        apart: list[Box] = []
        for rule in sorted(group, key=lambda b: b[1]):
            if not apart or rule[1] - apart[-1][1] > _APART:
                apart.append(rule)
        if len(apart) > 1:
            yield apart


def _tabular(
    words: Sequence[Word], group: Sequence[Box], uprights: Sequence[Box]
) -> Iterator[tuple[Span, list[float]]]:
    """Yield runs of stretches between rules whose words stand in columns: from where to where, the heights of the rules."""
    span = (min(b[0] for b in group), max(b[2] for b in group))
    run: list[float] = []
    across = 0  # stretches at the end of the run that hold one line from side to side
    for above, below in pairwise(b[1] for b in group):
        inside = [w for w in words if _within(w, (*span, above, below))]
        lines = rows(inside)
        cut = bool(inside) and (
            any(_between(u[0], inside) and _spans(_turned(u), above, below) for u in uprights)
            or bool(_gutters(lines, _GAP * median(w.size for w in inside), strict=True))
        )
        if cut and not _prose(lines):
            run, across = [*(run or [above]), below], 0
        elif len(lines) == 1 and len(run) > 1 and not _CAPTION.match(" ".join(w.text for w in lines[0])):
            run, across = [*run, below], across + 1  # a heading inside the table
        else:
            if len(run) - across > 1:
                yield span, run[: len(run) - across]
            run, across = [], 0
    if len(run) - across > 1:
        yield span, run[: len(run) - across]


def _prose(lines: Sequence[list[Word]]) -> bool:
    """Say whether lines are those of columns of text: long, and many."""
    return len(lines) > 12 and mean(sum(len(w.text) + 1 for w in line) for line in lines) > 75


def _within(word: Word, box: tuple[float, float, float, float]) -> bool:
    x0, x1, top, bottom = box
    middle = word.base - 0.3 * word.size
    return top < middle < bottom and x0 - _NEAR < (word.x0 + word.x1) / 2 < x1 + _NEAR


def _spans(rule: Box, start: float, end: float) -> bool:
    return rule[0] < start + _NEAR and rule[2] > end - _NEAR


def _between(x: float, words: Sequence[Word]) -> bool:
    """Say whether words stand on both sides: the edges of a box have them on one."""
    return min(w.x1 for w in words) < x < max(w.x0 for w in words)


def _verticals(rules: Sequence[Box], span: Span, heights: Sequence[float]) -> list[float]:
    """Return where vertical rules stand inside a table, its outer edges left out."""
    found: list[float] = []
    for x0, y0, x1, y1 in sorted(rules):
        upright = x1 - x0 <= 3 and y1 - y0 > 5 and y0 > heights[0] - _NEAR and y1 < heights[-1] + _NEAR
        inner = span[0] + _NEAR < x0 < span[1] - _NEAR
        if upright and inner and (not found or x0 - found[-1] > _NEAR):
            found.append(x0)
    return found


def _boxed(
    words: Sequence[Word],
    span: Span,
    heights: Sequence[float],
    verticals: Sequence[float],
    flats: Sequence[Box],
    uprights: Sequence[Box],
) -> str | None:
    """Return the Markdown of boxes between rules, None where they are no table: a merged cell is in the first that it covers."""
    whole = [b for b in flats if b[1] in heights and span[0] <= b[0] < verticals[0] and verticals[-1] < b[2] <= span[1]]
    left, right = (max((b[0] for b in whole), default=span[0]), min((b[2] for b in whole), default=span[1]))
    edges = (left, *verticals, right)
    tops = sorted(heights)
    for y in sorted(b[1] for b in flats if any(_spans(b, *column) for column in pairwise(edges))):
        if heights[0] < y < heights[-1] and min(abs(y - top) for top in tops) > _APART:
            tops = sorted((*tops, y))
    # Where the box of a place begins: with the one above or before it, where no rule parts the two.
    home: dict[tuple[int, int], tuple[int, int]] = {}
    boxes: dict[tuple[int, int], list[Word]] = {}
    for row, (top, bottom) in enumerate(pairwise(tops)):
        inside = [w for w in words if top <= w.base - 0.3 * w.size < bottom]
        parted = [any(abs(u[0] - x) < _NEAR and _spans(_turned(u), top, bottom) for u in uprights) for x in verticals]
        bare = not any(parted) and any(_segments(line) > 1 for line in rows(inside))
        for column, (left, right) in enumerate(pairwise(edges)):
            at = row, column
            if row and not any(abs(b[1] - top) < _APART and _spans(b, left, right) for b in flats):
                home[at] = home[row - 1, column]
            elif column and not parted[column - 1] and not bare:
                home[at] = home[row, column - 1]
            else:
                home[at] = at
        for word in inside:
            place = row, sum(x < (word.x0 + word.x1) / 2 for x in verticals)
            boxes.setdefault(home[place], []).append(word)
    table = [
        [_flowing(written(line) for line in rows(boxes.get((row, column), []))) for column in range(len(edges) - 1)]
        for row in range(len(tops) - 1)
    ]
    return _told([row for row in table if any(row)])


def _grid(words: Sequence[Word], heights: Sequence[float]) -> str | None:
    """Return the Markdown of what stands between level rules alone, None where it is no table."""
    if not words:
        return None
    lines = rows(words)
    least = _GAP * median(w.size for w in words)
    loose, strict = _gutters(lines, least), _gutters(lines, least, strict=True)
    # A space that every line leaves free is narrower, and nearer to the truth: a head may be wider than its column.
    cuts = strict if len(strict) == len(loose) else loose
    if not cuts:
        return None
    stretches = []
    for above, below in pairwise(heights):
        inside = [w for w in words if above < w.base - 0.3 * w.size < below]
        if inside:
            stretches.append([_cells(line, cuts) for line in rows(inside)])
    one_row = all(sum(bool(row[0]) for row in rows_) <= 1 for rows_ in stretches) and len(stretches) > 2
    table: list[list[str]] = []
    for stretch in stretches:
        table += [_merged(stretch)] if one_row else _rejoined(stretch)
    return _told(table)


def _told(table: Sequence[Sequence[str]]) -> str | None:
    """Return rows as Markdown, None where too few of them have cells beside each other."""
    if len(table) < 2 or mean(sum(map(bool, row)) > 1 for row in table) < 0.5:
        return None
    return markdown(table)


def _rejoined(stretch: Sequence[list[str]]) -> list[list[str]]:
    """Return rows with those that only go on with the cells above joined to them."""
    found: list[list[str]] = []
    for row in stretch:
        told = [n for n, cell in enumerate(row) if cell]
        broken = found and all(found[-1][n].endswith(("-", "\u00ad")) for n in told)
        loose = not row[0] and 2 * len(told) <= len(row) and not any(_NUMBER.fullmatch(row[n]) for n in told)
        if found and (broken or loose):
            found[-1] = _merged([found[-1], row])
        else:
            found.append(row)
    return found


def _merged(stretch: Sequence[list[str]]) -> list[str]:
    return [_flowing(cell for cell in column if cell) for column in zip(*stretch, strict=True)]


def _flowing(parts: Iterator[str]) -> str:
    text = ""
    for part in parts:
        broken = re.search(r"[^\W\d_][-\u00ad]$", text) and part[:1].isalpha()
        if broken:
            text = text[:-1] + part if part[0].islower() or text[-1] == "\u00ad" else text + part
        else:
            text = f"{text} {part}".strip()
    return text


def _gutters(lines: Sequence[Sequence[Word]], least: float, *, strict: bool = False) -> list[float]:
    """Return the middles of the spaces between columns; some lines may reach across unless ``strict``."""
    most = 0 if strict or len(lines) < 4 else max(1, int(0.15 * len(lines)))
    edges: list[tuple[float, int]] = []
    for line in lines:
        for x0, x1 in _joined(line, least):
            edges += [(x0, 1), (x1, -1)]
    edges.sort()
    found, open_, since = [], 0, None
    last = max(x for x, _ in edges)
    for x, step in edges:
        open_ += step
        if open_ <= most and since is None and x < last:
            since = x
        elif open_ > most and since is not None:
            if x - since >= least:
                found.append((since + x) / 2)
            since = None
    first = min(x for x, _ in edges)
    return [cut for cut in found if first < cut < last]


def _joined(line: Sequence[Word], least: float) -> Iterator[Span]:
    """Yield from where to where a line is written, ordinary spaces between its words included."""
    begin, end = line[0].x0, line[0].x1
    for word in line[1:]:
        if word.x0 - end >= least * 0.7:
            yield begin, end
            begin = word.x0
        end = max(end, word.x1)
    yield begin, end


def _cells(line: Sequence[Word], cuts: Sequence[float]) -> list[str]:
    cells = [""] * (len(cuts) + 1)
    column, end = 0, float("-inf")
    for word in line:
        # A piece of text is in the column in which it begins, so that merged cells stay whole.
        if word.x0 - end > 0.7 * word.size or (
            sum(cut < word.x0 for cut in cuts) > column and word.x0 - end > 0.45 * word.size
        ):
            column = sum(cut < (word.x0 + min(word.x1, word.x0 + word.size)) / 2 for cut in cuts)
        cells[column] += word.text if word.glued and cells[column] else f" {word.text}"
        end = word.x1
    return [cell.strip() for cell in cells]


def markdown(table: Sequence[Sequence[str]]) -> str:
    """Return a table as GFM Markdown, its first row as its head."""
    width = max(len(row) for row in table)
    lines = []
    for n, row in enumerate(table):
        cells = [" ".join(tidy(cell).replace("|", "\\|").replace("\u00ad", "").split()) for cell in row]
        lines.append(f"| {' | '.join([*cells, *[''] * (width - len(cells))])} |")
        if n == 0:
            lines.append(f"|{' --- |' * width}")
    return "\n".join(lines)
