"""Chapters and a summary drafted from a transcript. Pure: what needs a model comes in as a function.

Extractive: every line of the summary is a sentence that was said. Both are drafts for a person to correct.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from transcripts.model import Chapter, clock
from transcripts.sentences import Sentence, content_words

Vectors = npt.NDArray[np.float32]
# Texts to unit vectors, shape (texts, dimensions).
Embed = Callable[[Sequence[str]], Vectors]

_CHAPTER = 420.0  # seconds a chapter aims at
_SHORTEST = 45.0  # seconds
_MOST = 12
_CONTEXT = 6  # sentences compared on either side of a possible boundary
_POINTS = 8
# A sentence that opens like this leans on the one before and cannot stand alone.
_LEANING = {
    "alors", "après", "ben", "bon", "bref", "ça", "car", "ce", "cela", "celui", "celle", "ceux", "cet", "cette", "ces", "c", "d",
    "donc", "du", "elle", "elles", "en", "enfin", "ensuite", "et", "euh", "il", "ils", "là", "le", "lui", "mais", "non", "or", "ou", "oui",
    "parce", "puis", "si", "sinon", "voilà", "y",
} - {"le", "en", "du", "d", "si"}  # fmt: skip


def draft_chapters(sentences: Sequence[Sentence], vectors: Vectors) -> list[Chapter]:
    """Cut a talk where its subject changes.

    The depth of each valley in the similarity of what stands before and after a gap, as in TextTiling (Hearst,
    1997), here on sentence vectors, shape (sentences, dimensions), instead of word counts.
    """
    if not sentences:
        return []
    begin, end = sentences[0].start, sentences[-1].end
    wanted = min(_MOST, max(1, round((end - begin) / _CHAPTER) + (end - begin > 2 * _SHORTEST)))
    starts = [0]
    for gap in sorted(range(1, len(sentences)), key=lambda g: -_depth(vectors)[g - 1]):
        if len(starts) == wanted:
            break
        edges = [sentences[i].start for i in starts] + [end]
        if all(abs(sentences[gap].start - edge) >= _SHORTEST for edge in edges):
            starts.append(gap)
    starts.sort()
    stops = [sentences[i].start for i in starts[1:]] + [end]
    parts = [sentences[a:b] for a, b in pairwise([*starts, len(sentences)])]
    return [
        Chapter(part[0].start if i else 0.0, stop, title)
        for i, (part, stop, title) in enumerate(zip(parts, stops, _titles(parts), strict=True))
    ]


def _depth(vectors: Vectors) -> npt.NDArray[np.float32]:
    """Return for each gap between sentences how deep a valley of similarity it lies in."""
    count = len(vectors)
    similar = np.array(
        [
            float(vectors[max(0, g - _CONTEXT) : g].mean(axis=0) @ vectors[g : g + _CONTEXT].mean(axis=0))
            for g in range(1, count)
        ],
        dtype=np.float32,
    )
    left = np.maximum.accumulate(similar)
    right = np.maximum.accumulate(similar[::-1])[::-1]
    depth: Vectors = left + right - 2 * similar
    return depth


def _titles(parts: Sequence[Sequence[Sentence]]) -> list[str]:
    """Name each part by the expressions that are frequent in it and rare in the others."""
    counts = [Counter(_expressions(part)) for part in parts]
    everywhere = Counter(stems for count in counts for stems in {key for key, _ in count})
    titles = []
    for part, count in zip(parts, counts, strict=True):
        weight: Counter[tuple[str, ...]] = Counter()
        written: dict[tuple[str, ...], Counter[str]] = {}
        for (stems, text), n in count.items():
            weight[stems] += n
            written.setdefault(stems, Counter())[text] += n
        ranked = sorted(
            (stems for stems in weight if weight[stems] > 1),
            key=lambda s: (-(weight[s] - 0.5) * len(s) ** 0.7 * np.log(1 + len(parts) / everywhere[s]), s),
        )
        chosen: list[tuple[str, ...]] = []
        for stems in ranked:
            if len(chosen) < 2 and not any(set(stems) & set(other) for other in chosen):
                chosen.append(stems)
        names = [written[stems].most_common(1)[0][0] for stems in chosen]
        title = ", ".join(names) or " ".join(part[0].text.split()[:8]).rstrip(",.;:")
        titles.append(title[:1].upper() + title[1:])
    return titles


def _expressions(part: Sequence[Sentence]) -> list[tuple[tuple[str, ...], str]]:
    """Return runs of one to three words that begin and end with a word of content, as (stems, text)."""
    found = []
    for sentence in part:
        words = [w.strip('.,;:!?…«»"()[] ') for w in sentence.text.replace("’", "'").split()]
        words = [w.rsplit("'", 1)[-1] for w in words]
        stems = [content_words(w) for w in words]
        for size in (1, 2, 3):
            for i in range(len(words) - size + 1):
                inside = stems[i : i + size]
                if (
                    inside[0]
                    and inside[-1]
                    and not any(w.isdigit() or len(w) < 2 for w in words[i : i + size : size - 1 or 1])
                ):
                    found.append((tuple(s for group in inside for s in group), " ".join(words[i : i + size])))
    return [(stems, text) for stems, text in found if len(text) > 3 and len(text) <= 40]


def draft_summary(sentences: Sequence[Sentence], vectors: Vectors, chapters: Sequence[Chapter]) -> str:
    """Return a Markdown list of the sentences that say most, in order, each linked to its second (``#t=…``).

    Chosen by maximal marginal relevance (Carbonell and Goldstein, 1998) among sentences that can stand alone.
    """
    able = [i for i, sentence in enumerate(sentences) if _stands_alone(sentence.text)] or list(range(len(sentences)))
    if not able:
        return ""
    centre = vectors.mean(axis=0)
    relevance = vectors @ centre
    wanted = min(_POINTS, max(3, len(sentences) // 8), len(able))
    chosen: list[int] = []
    while len(chosen) < wanted:
        chosen.append(
            max(
                (i for i in able if i not in chosen),
                key=lambda i: relevance[i] - 0.6 * max((float(vectors[i] @ vectors[j]) for j in chosen), default=0.0),
            )
        )
    lines = [
        f"- {sentences[i].text} ([{clock(sentences[i].start)}](#t={int(sentences[i].start)}))" for i in sorted(chosen)
    ]
    return "\n".join(lines)


def _stands_alone(text: str) -> bool:
    words = text.replace("’", "'").split()
    opening = words[0].lower().split("'")[0].strip(",.")
    return 9 <= len(words) <= 32 and opening not in _LEANING and text.endswith(".")
