"""Small words said twice in a row by a tongue that stumbles, told apart from those that grammar or emphasis repeats. Pure."""

from __future__ import annotations

import re

# Not among them: what repeats by grammar (« nous nous engageons », « en en parlant », « ceux qui le sont sont exonérés », « prêtez-la la
# semaine prochaine », « ce que c'est, c'est un prêt »), by emphasis (« très très », « elle, elle prête »), as a number
# (« numéro un, un prêt »), and what denies.
_TWICE = re.compile(
    r"(?<![\w'’-])(?<!que (?=c))((?:la|les?|l['’]|une?(?!,)|des?|du|d['’]|je|j['’]|tu|ils?|elles?(?!,)|on|ça|c['’]est|que|qu['’]|qui|à|aux?|et|dans"
    r"|pour|avec|par|sur|ce|cette|ces|[ms](?:on|a|es)|y|il y a|on a|c['’]est une?|dans l[ea]|de la))(?:,?\s+\1)+(?=\s|$|(?<=['’]))",
    re.IGNORECASE,
)


def said_once(text: str, mark: str = "") -> str:
    """Return a text with what was stammered said once, behind ``mark``."""
    return _TWICE.sub(lambda found: mark + found[1], text)
