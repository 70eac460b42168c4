"""An answer made of the quotes themselves, which always can be made. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.answer import Draft, Quote, Tell
from index.question import Language
from transcripts.study import read_out

# What the mouth does while the head thinks.
_HESITATION = re.compile(r"(?:\s*,)?\s*\b(?:euh+|heu+|hum+|hein)\b(?:\s*,(?!\s*[.!?]))?", re.IGNORECASE)
# Small words said twice in a row; others that repeat are emphasis (« très très »), or grammar (« nous nous »).
_TWICE = re.compile(
    r"\b((?:le|la|les|l['’]|un|une|des|du|de|d['’]|je|j['’]|tu|il|ils|elle|elles|on|ça|c['’]est|que|qu['’]|qui|à|au|aux|et|en|dans|pour|avec|par|sur|ce|cette|ces|son|sa|ses"
    r"|mon|ma|mes|y|ne|n['’]|est|a|sont|il y a|on a|c['’]est un|c['’]est une|dans le|dans la|de la)),?\s+\1(?=\s|$|(?<=['’]))",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?:\s*\[…\]\s*)+")
_BEFORE_STOP = re.compile(r"\s*\[…\]\s*(?=[.!?…]*$)")


def readable(quote: str) -> str:
    """Return a quote without hesitations and words said twice, « […] » where something was left out."""
    text = _HESITATION.sub(" […] ", quote)
    text = _TWICE.sub(r"[…] \1", text)
    text = _BEFORE_STOP.sub("", _CUT.sub(" […] ", text)).strip()
    return re.sub(r" ([,.])", r"\1", text)


class Quoted:
    """The answerer without a model: each sentence is a quote, made readable."""

    name = ""

    def draft(
        self, question: str, language: Language, chosen: Sequence[Quote], around: Sequence[Quote], tell: Tell
    ) -> Sequence[Draft]:
        """See `index.answer.Answerer`."""
        return [Draft(readable(read_out(quote.sentence)), (quote,)) for quote in chosen]
