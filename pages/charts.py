"""Distributions of a survey as bars and as tables, each with its gist in words. Pure HTML."""

from __future__ import annotations

import html

from transcripts import sheets
from transcripts.disclosure import K
from transcripts.survey import NO_ANSWER, OTHERS, Bar, Distribution
from transcripts.typography import spaced

_NAMED = 2  # answers in the gist
PROTECTED = f"moins de {K}, ou protégé"


def thousands(number: int) -> str:
    """Return a number as it is written in French."""
    return f"{number:,}".replace(",", "\u202f")


def gist(distribution: Distribution) -> str:
    """Return in a sentence what a distribution shows."""
    named = [bar for bar in distribution.bars if bar.count and bar.answer not in (OTHERS, NO_ANSWER)]
    if not named:
        return "Trop peu de réponses pour être montrées."
    first = sorted(named, key=lambda bar: -(bar.count or 0))[:_NAMED]
    told = ", puis ".join(f"{bar.answer} ({distribution.share(bar)} %)" for bar in first)
    more = " Plusieurs réponses étaient possibles." if distribution.several else ""
    return f"Le plus souvent\u00a0: {told}.{more}"


def chart(distribution: Distribution) -> str:
    """Return bars. Whoever listens hears each answer with its number."""
    rows = "".join(
        f"<li><span>{html.escape(bar.answer)}</span><span class='hub-bar' aria-hidden='true'>"
        f"<i style='width:{distribution.share(bar) or 0}%'></i></span>"
        f"<span class='hub-figure'>{_figure(distribution, bar)}</span></li>"
        for bar in distribution.bars
    )
    return f"{_head(distribution)}<ul class='hub-bars'>{rows}</ul></section>"


def table(distribution: Distribution) -> str:
    """Return the same as a table."""
    rows = "".join(
        f"<tr><th scope='row'>{html.escape(bar.answer)}</th>"
        + (
            f"<td>{thousands(bar.count)}</td><td>{distribution.share(bar)}\u202f%</td></tr>"
            if bar.count is not None
            else f"<td colspan='2'>{PROTECTED}</td></tr>"
        )
        for bar in distribution.bars
    )
    return (
        f"{_head(distribution)}<table class='hub-journal'><caption class='hub-count'>{html.escape(distribution.question)}</caption><thead>"
        f"<tr><th scope='col'>Réponse</th><th scope='col'>Nombre</th><th scope='col'>Part</th></tr></thead><tbody>{rows}</tbody></table></section>"
    )


def as_csv(distributions: tuple[Distribution, ...], filters: dict[str, str]) -> bytes:
    """Return what is shown as CSV for spreadsheets in French."""
    chosen = " ; ".join(f"{question} = {answer}" for question, answer in filters.items()) or "toutes les réponses"
    rows = [
        (chosen, d.question, bar.answer, PROTECTED if bar.count is None else str(bar.count), str(d.total))
        for d in distributions
        for bar in d.bars
    ]
    return sheets.as_csv(
        [("Filtres", "Question", "Réponse", "Nombre (arrondi à 5)", "Répondants (arrondi à 5)"), *rows]
    )


def _head(distribution: Distribution) -> str:
    return (
        f"<section class='hub-chart'><h2>{html.escape(spaced(distribution.question))}</h2>"
        f"<p class='hub-byline'>{html.escape(spaced(gist(distribution)))}</p>"
    )


def _figure(distribution: Distribution, bar: Bar) -> str:
    if bar.count is None:
        return PROTECTED
    return f"{distribution.share(bar)}\u202f% <span class='hub-count'>({thousands(bar.count)})</span>"
