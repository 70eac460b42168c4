"""An answer made of the quotes themselves, which always can be made. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.answer import Draft, Quote, Tell
from index.question import Language
from transcripts.stammers import said_once
from transcripts.study import read_out

# What the mouth does while the head thinks.
_HESITATION = re.compile(r"(?:\s*,)?\s*\b(?:euh+|heu+|hum+|hein)\b(?:\s*,(?!\s*[.!?]))?", re.IGNORECASE)
# With nothing after it but a stop and the space that French puts before one.
_BEFORE_STOP = re.compile(rf"(?:{_HESITATION.pattern})+(?=\s*[.!?…]*$)", re.IGNORECASE)
_CUT = re.compile(r"(?:\s*\[…\]\s*)+")


def readable(quote: str) -> str:
    """Return a quote without hesitations and words said twice, « […] » where something was left out."""
    text = _HESITATION.sub(" […] ", _BEFORE_STOP.sub("", quote))
    text = _CUT.sub(" […] ", said_once(text, "[…] ")).strip()
    return re.sub(r" ([,.])", r"\1", text)


class Quoted:
    """The answerer without a model: each sentence is a quote, made readable."""

    name = ""

    def draft(
        self, question: str, language: Language, chosen: Sequence[Quote], around: Sequence[Quote], tell: Tell
    ) -> Sequence[Draft]:
        """See `index.answer.Answerer`."""
        return [Draft(readable(read_out(quote.sentence)), (quote,)) for quote in chosen]
