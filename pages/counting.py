"""What visitors do is counted once per session, and robots never; no page fails for it."""

import logging
import re
from collections.abc import Callable, Sequence

import streamlit as st

from app.services import services
from transcripts.errors import HubError

_log = logging.getLogger(__name__)

# They say so themselves; what they say is looked at and not kept.
_ROBOT = re.compile(r"bot\b|crawl|spider|slurp|preview|headless|python|curl|wget|monitor", re.IGNORECASE)


def read(slug: str) -> None:
    """Count that a masterclass or a study was opened."""
    _once(f"read {slug}", lambda: services().statistics.read(slug))


def asked(question: str, answered: bool) -> None:
    """Count a question."""
    _once(f"asked {question}", lambda: services().statistics.asked(question, answered))


def judged(question: str, moments: Sequence[str], helpful: bool) -> None:
    """Count what the visitor says of an answer."""
    _once(f"judged {question}", lambda: services().statistics.judged(question, moments, helpful))


def robot(agent: str) -> bool:
    """Tell whether a client's name says that nobody reads."""
    return bool(_ROBOT.search(agent))


def _once(what: str, count: Callable[[], None]) -> None:
    counted: set[str] = st.session_state.setdefault("counted", set())
    if what in counted or robot(st.context.headers.get("User-Agent", "")):
        return
    counted.add(what)
    try:
        count()
    except HubError as error:  # nobody can read less for it
        _log.warning("%s", error)
