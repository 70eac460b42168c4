"""What the page of the glossary is made of."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from app.services import services
from index.question import LONGEST
from index.search import Result
from transcripts.errors import HubError
from transcripts.glossary import Term
from transcripts.matching import words_of
from transcripts.related import Relation, around, relations, said, windows
from transcripts.typography import spaced

_HERE = Path(__file__).parent
_MOMENTS = 3
_READ = 12  # passages that are looked at for them
_TALKS = 30  # the latest talks, by which terms are said together: a few seconds' reading, once
_KEPT = 500  # talks whose terms are kept in memory

# A talk's slug with what changes when its words do: the whole library in a few numbers.
State = tuple[tuple[str, tuple[int, ...]], ...]


def terms() -> tuple[Term, ...]:
    """Return the words that are explained."""
    return services().staff_glossary.explained()


def find(wanted: str) -> Term | None:
    """Return the term of an address, or the one that has this name."""
    by_slug = {term.slug: term for term in terms()}
    by_name = {_plain(name): term for term in terms() for name in term.names}
    return by_slug.get(wanted) or by_name.get(_plain(wanted))


def _plain(name: str) -> tuple[str, ...]:
    return tuple(token.base for token in words_of(name))


def state() -> State:
    """Return what the results depend on."""
    library = services().library
    return tuple((details.slug, library.signature(details.slug)) for details in library.published())


def moments(term: Term) -> list[Result]:
    """Return the passages that explain a term best, and name it: looked up each time, so that nothing stays that was taken back."""
    # The definition is what an explanation is like: it finds the passage that explains, not the one that only names.
    found = services().hub.search(f"{term.term}\u00a0: {term.definition}"[:LONGEST], _READ).results
    return [passage for passage in found if term.slug in said(passage.text, (term,))][:_MOMENTS]


@lru_cache(maxsize=_KEPT)
def _windows(slug: str, signature: tuple[int, ...], terms: tuple[Term, ...]) -> list[frozenset[str]]:
    try:
        return windows(services().library.read(slug).cues, terms)
    except HubError:  # a damaged talk says nothing, and the others do
        return []


@lru_cache(maxsize=2)
def _relations(state: State, terms: tuple[Term, ...]) -> tuple[Relation, ...]:
    return relations(terms, [window for talk in state for window in _windows(*talk, terms)])


def listing(wanted: str) -> None:
    """Show all terms, by letter or by heading, with a box that filters them as one types."""
    _glossary()(
        key="glossary",
        data={
            "filter": wanted,
            "terms": [
                {
                    "slug": term.slug,
                    "term": term.term,
                    "also": [name for name in dict.fromkeys((*term.abbreviations, *term.english)) if name != term.term],
                    "recognised": term.recognised,
                    "category": term.category,
                    "definition": spaced(term.definition),
                }
                for term in terms()
            ],
        },
    )


def neighbours(term: Term) -> None:
    """Draw the terms that belong to one as a map; on a phone, they are a list."""
    own, among = around(term.slug, _relations(state()[:_TALKS], terms()))
    if not own:
        return
    st.html("<h2>Ce qui va avec</h2>")
    names = {one.slug: one.term for one in terms()}
    near = _ring([next(slug for slug in r.terms if slug != term.slug) for r in own], among)
    why = {slug: _why(r) for r in own for slug in r.terms if slug != term.slug}
    places = {term.slug: (0.0, 0.0)} | {
        slug: (math.sin(2 * math.pi * i / len(near)), -math.cos(2 * math.pi * i / len(near)))
        for i, slug in enumerate(near)
    }
    nodes: list[dict[str, Any]] = [
        {"slug": slug, "term": names[slug], "x": round(x, 3), "y": round(y, 3), "why": why.get(slug, "")}
        for slug, (x, y) in places.items()
    ]
    _glossary()(
        key=f"map-{term.slug}",
        data={"map": {"term": term.term, "nodes": nodes, "edges": [list(r.terms) for r in (*own, *among)]}},
    )


def _ring(slugs: list[str], among: list[Relation]) -> list[str]:
    """Order the neighbours so that those who belong together stand side by side, as far as one walk around allows."""
    near = {frozenset(r.terms): r.weight for r in among}
    ring, left = slugs[:1], slugs[1:]
    while left:
        following = max(left, key=lambda slug: (near.get(frozenset((ring[-1], slug)), 0.0), -slugs.index(slug)))
        ring.append(following)
        left.remove(following)
    return ring


def _why(relation: Relation) -> str:
    reasons = ["l’un explique l’autre"] if relation.defined else []
    if relation.named:
        reasons.append("un mot en commun")
    if relation.together > 1:
        reasons.append(f"dits ensemble {relation.together} fois")
    return ", ".join(reasons)


@lru_cache(maxsize=1)
def _glossary() -> ComponentRenderer:
    return st.components.v2.component(
        "hub_glossary",
        html="<div class='glossary'></div>",
        css=(_HERE / "glossary.css").read_text("utf-8"),
        js=(_HERE / "glossary.js").read_text("utf-8"),
    )
