"""What the page of the learning paths is made of. Which steps are done is known to the reader's device only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from app.services import services
from index.links import moment_url
from pages import parts
from pages.hearing import heard
from transcripts.errors import HubError
from transcripts.model import clock
from transcripts.parcours import Parcours, Questionnaire, Step
from transcripts.typography import spaced, typeset

_HERE = Path(__file__).parent


def label(demonstration: bool) -> str:
    """Return the label of a demonstration as HTML."""
    return "<p class='hub-byline'><span class='hub-label'>Démonstration</span></p>" if demonstration else ""


def steps(path: Parcours) -> None:
    """Show the steps of a path with their boxes."""
    _parcours()(key=f"steps-{path.slug}", data={"slug": path.slug, "steps": [_step(one) for one in path.steps]})


def cards(paths: Sequence[Parcours]) -> None:
    """Show the paths, each with how far the reader is."""
    _parcours()(
        key="parcours",
        data={
            "cards": [
                {
                    "slug": path.slug,
                    "title": spaced(path.title),
                    "audience": spaced(path.audience),
                    "demonstration": path.demonstration,
                    "ids": [step.id for step in path.steps],
                }
                for path in paths
            ]
        },
    )


def questionnaire(questions: Questionnaire) -> dict[str, str]:
    """Ask the questions; return the answers that were given, by the questions' names."""
    answers = _parcours()(
        key="questionnaire",
        data={
            "heading": spaced(questions.title),
            "questions": [
                {
                    "id": q.id,
                    "text": spaced(q.text),
                    "choices": [{"id": c.id, "text": spaced(c.text)} for c in q.choice],
                }
                for q in questions.question
            ],
        },
        default={"answers": {}},
        on_answers_change=lambda: None,
    ).answers
    return {str(name): str(choice) for name, choice in dict(answers or {}).items()}


def _step(step: Step) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": step.id, "title": spaced(step.title), "text": spaced(step.text), "href": None}
    if step.question:
        return shown | {
            "href": f"/question?q={parts.quoted(step.question)}",
            "go": f"Poser la question\u00a0: «\u00a0{spaced(step.question)}\u00a0»",
        }
    slug = step.masterclass or ""
    try:
        details = services().library.details(slug)
    except HubError:
        details = None
    if details is None or details.status != "published":
        return shown | {"go": "La masterclass de cette étape n’est pas publiée."}
    go = f"{'Écouter' if heard(details) else 'Lire'} «\u00a0{typeset(details.title)}\u00a0»"
    if step.second is None:
        return shown | {"href": f"/masterclass?m={slug}", "go": f"{go} ({parts.length(details)})"}
    at = f"à {clock(step.second)}" if step.second else "depuis le début"
    return shown | {"href": moment_url(slug, step.second), "go": f"{go} {at}"}


@lru_cache(maxsize=1)
def _parcours() -> ComponentRenderer:
    return st.components.v2.component(
        "hub_parcours",
        html="<div class='parcours'></div>",
        css=(_HERE / "parcours.css").read_text("utf-8"),
        js=(_HERE / "parcours.js").read_text("utf-8"),
    )
