"""Text that Whisper invents, found and taken out, with the reason kept for the reviewer. Pure.

It repeats itself with high confidence (faster-whisper #506), so loops are found by their structure; it writes lines of
subtitlers on silence and music (whisper.cpp #2660); it lets a first word begin in the silence before it (#125).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from ingest.speech import Segment
from transcripts.model import Reason, Removed, Word

# What nobody says in a talk, and Whisper learnt from subtitles of the web: who made them, named or in a sentence without a verb.
_SUBTITLERS = re.compile(
    r"""
    .*(?:amara\s?\.?\s?org|sous-?titreur\b).*
    | \W*sous-?titr(?:age|es)s?(?:\ (?:réalisée?s?|faits?))?(?:\ par\b.*|\ st\ ?'?\ ?501|\ société\b.*|\ fr|\ ad|\ mfp|\ ?:.*)?\W*
    | \W*transcri(?:ption|t)\ (?:faite\ )?par\b.*
    | \W*www\.\S+\.\w+\W*
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SIGNED = 12  # words of such a line at most
# What somebody may well say, and Whisper also writes where nobody does.
_COURTESIES = re.compile(
    r"(?:(?:merci(?: beaucoup)?|à bientôt|au revoir|abonnez-vous|n'oubliez pas de vous abonner|générique|musique"
    r"|merci d'avoir regardé(?: cette vidéo)?(?: et à la prochaine)?|à la prochaine|♪+|\.+|…)\W*)+",
    re.IGNORECASE,
)
_NO_SPEECH = 0.6  # probability above which a courtesy is not believed
_LEAST_SPEECH = 0.15  # share of a segment's time in which a voice must have been detected
_LONGEST_PHRASE = 40  # words of a phrase that may come back in a loop
_LONG_PHRASE = 12  # words of one that nobody says three times on end; and of any loop at least


def sift(
    segments: Sequence[Segment], speech: Sequence[tuple[float, float]]
) -> tuple[tuple[Word, ...], tuple[Removed, ...]]:
    """Return the words that were said, and what was taken out.

    Args:
        segments: what Whisper wrote.
        speech: where a voice was detected (seconds), in order.
    """
    words: list[Word] = []
    removed: list[Removed] = []
    for segment in segments:
        if not segment.words:
            continue
        for part, reason in _judged(segment, speech):
            if reason:
                removed.append(Removed(part.start, part.end, part.text, reason))
            else:
                words += clamp(part.words, speech)
    kept = []
    for word, in_loop in zip(words, loops([_bare(word.text) for word in words]), strict=True):
        if not in_loop:
            kept.append(word)
        elif removed and removed[-1].reason == "loop" and removed[-1].end >= word.start - 1.0:
            removed[-1] = replace(removed[-1], end=word.end, text=f"{removed[-1].text}{word.text}")
        else:
            removed.append(Removed(word.start, word.end, word.text.strip(), "loop"))
    return tuple(kept), tuple(sorted(removed, key=lambda r: r.start))


def _judged(segment: Segment, speech: Sequence[tuple[float, float]]) -> Iterator[tuple[Segment, Reason | None]]:
    """Yield a segment with why it was invented; its sentences apart where one of them was, since it may hold thirty seconds."""
    heard = sum(end - start for start, end in _spoken(segment.start, segment.end, speech))
    if heard < _LEAST_SPEECH * (segment.end - segment.start):
        yield segment, "silence"
    elif segment.no_speech > _NO_SPEECH and _COURTESIES.fullmatch(segment.text.strip()):
        yield segment, "phantom"
    else:
        for sentence in _sentences(segment):
            signed = len(sentence.text.split()) <= _SIGNED and _SUBTITLERS.fullmatch(sentence.text)
            yield sentence, "phantom" if signed else None


def _sentences(segment: Segment) -> Iterator[Segment]:
    """Yield the sentences of a segment."""
    begun = 0
    for end, word in enumerate(segment.words, 1):
        if end == len(segment.words) or word.text.rstrip().endswith((".", "?", "!", "…")):
            words = segment.words[begun:end]
            yield replace(segment, start=words[0].start, end=words[-1].end, words=words)
            begun = end


def loops(words: Sequence[str]) -> list[bool]:
    """Say of each word whether it only repeats: the same phrase again and again, from its second time on.

    People repeat themselves too ("non, non, non"): a phrase of one or two words must come six times, a longer one four
    times, one of a dozen words three times, and 12 words in all, before it counts.
    """
    looping = [False] * len(words)
    at = 0
    while at < len(words):
        for size in range(1, _LONGEST_PHRASE + 1):
            phrase = words[at : at + size]
            times = 1
            while len(phrase) == size and words[at + times * size : at + (times + 1) * size] == phrase:
                times += 1
            least = 6 if size <= 2 else 4 if size < _LONG_PHRASE else 3
            if times >= least and (times * size >= _LONG_PHRASE or times >= 8):
                for i in range(at + size, at + times * size):
                    looping[i] = True
                at += times * size - 1
                break
        at += 1
    return looping


def clamp(words: Iterable[Word], speech: Sequence[tuple[float, float]]) -> Iterator[Word]:
    """Let a word that begins in silence begin where its speech does, and one that ends in silence end there."""
    for word in words:
        inside = _spoken(word.start, word.end, speech)
        if inside:
            start, end = max(inside, key=lambda part: part[1] - part[0])
            yield replace(word, start=start, end=max(end, start))
        else:
            yield word


def _spoken(start: float, end: float, speech: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the parts of a time in which a voice was detected."""
    first = bisect_right(speech, start, key=lambda part: part[1])
    reached = takewhile(lambda part: part[0] < end, (speech[n] for n in range(first, len(speech))))
    return [(max(start, begun), min(end, over)) for begun, over in reached]


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text).lower()
