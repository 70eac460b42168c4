"""Why a question was answered or declined, for a colleague: how sure the search was, and what counted most."""

from __future__ import annotations

import html

from index.decision import Decision
from transcripts.typography import decimal, spaced

_MOST = 3  # reasons told

# What is weighed, put together by what it is about; what to say where that spoke for an answer, and where against. Pieces
# that say the same share their weight out between them as the fit happens to, so that one alone would mislead.
REASONS = (
    (
        ("cosine", "passage_cosine", "cosine_english", "passage_cosine_english", "english", "gap"),
        "le sens d’un passage est très proche",
        "aucun passage n’est vraiment proche par le sens",
    ),
    (
        ("covered", "passage_covered", "attribute_covered", "missing_rarest", "unknown", "agreement"),
        "les mots de la question s’y trouvent",
        "des mots de la question ne s’y trouvent pas",
    ),
    (
        ("best", "margin", "together"),
        "les meilleures phrases se suivent dans un même passage",
        "les meilleures phrases sont éparpillées",
    ),
    (
        ("read", "read_chosen"),
        "une phrase semble répondre",
        "aucune phrase ne semble répondre",
    ),
    (
        ("figure_missing", "figure_elsewhere", "number"),
        "aucun chiffre demandé ne manque",
        "le chiffre demandé ne s’y trouve pas",
    ),
    (("subject_missing",), "le sujet nommé s’y trouve", "le sujet nommé ne s’y trouve pas"),
    (("short",), "la question donne assez d’indices", "la question donne peu d’indices"),
    (
        ("usual",),
        "les intervenants expliquent volontiers ce genre de choses",
        "c’est un détail que les intervenants donnent rarement",
    ),
)


def told(decision: Decision, *, chosen: bool) -> str:
    """Return a line, as HTML, that says what the search decides and why; ``chosen`` says that staff's choice answers instead."""
    if chosen:
        answers = f"Sans ce choix, la recherche {'répondrait' if decision.answers else 'ne répondrait pas'}"
    else:
        answers = f"La recherche {'répond' if decision.answers else 'ne répond pas'}"
    sure, bound = _told_apart(decision.probability, decision.threshold)
    figures = f" : sûre à {sure} %, quand il faut {bound} %. "
    return f"<p class='hub-byline'><strong>{answers}</strong>{html.escape(spaced(figures + _because(decision)))}</p>"


def _told_apart(*shares: float) -> list[str]:
    """Return shares as percentages, with no more decimals than it takes to tell them apart."""
    written = [[decimal(100 * share, f".{digits}f") for share in shares] for digits in range(3)]
    return next((each for each in written if len({*each}) > 1), written[0])


def _because(decision: Decision) -> str:
    """Return the heaviest reasons, those for an answer first."""
    if not decision.features:
        return "Rien d’approchant n’a été trouvé."
    weighed = [(sum(decision.weights.get(name, 0.0) for name in names), pro, contra) for names, pro, contra in REASONS]
    heaviest = sorted(weighed, key=lambda reason: -abs(reason[0]))[:_MOST]
    pros, contras = [pro for weight, pro, _ in heaviest if weight > 0], [c for weight, _, c in heaviest if weight < 0]
    return " ".join(
        f"{side} : {', '.join(reasons)}." for side, reasons in (("Pour", pros), ("Contre", contras)) if reasons
    )
