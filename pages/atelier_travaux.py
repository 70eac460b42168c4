"""What the hub is working on, live: how far it is, what failed, and what to do about it."""

import html
from collections.abc import Callable

import streamlit as st

from app import adding
from app.holding import holder
from app.people import Person, Role
from app.queue import Job
from app.services import services
from pages import parts, workshop
from pages.notify import notify
from pages.who import still
from transcripts.days import now
from transcripts.errors import HubError
from transcripts.typography import spaced

_STATES = {"waiting": "En attente", "running": "En cours", "done": "Fini", "failed": "Échec", "cancelled": "Annulé"}
_AT_ONCE = 30


def _cancel(job: Job, by: Person) -> str:
    services().queue.cancel(job.id)
    services().journal.note(by.email, "a annulé un travail")
    return f"« {_name(job)} » s’arrête ; ce qui était transcrit est gardé, pour le cas où vous recommencez."


def _retry(job: Job, by: Person) -> str:
    services().queue.retry(job.id)
    services().journal.note(by.email, "a recommencé un travail")
    return f"« {_name(job)} » est de nouveau dans la file d’attente."


def _first(job: Job, by: Person) -> str:
    services().queue.hurry(job.id)
    services().journal.note(by.email, "a fait passer un travail devant les autres")
    return f"« {_name(job)} » passera avant les autres."


def _forget(job: Job, by: Person) -> str:
    adding.forget(services(), job, by)
    return f"« {_name(job)} » n’est plus sur la liste ; le fichier qui avait été envoyé pour cela est effacé."


def _name(job: Job) -> str:
    return workshop.name_of(job.source, job.wishes.title)


def _show(job: Job, *, next_up: bool) -> None:
    with st.container(border=True, key=f"job-{job.id}"):
        st.html(
            f"<p class='hub-theme'>{_STATES[job.state]}</p><p class='hub-job'>{html.escape(spaced(_name(job)))}</p>"
        )
        if job.state == "running":
            share = min(1.0, job.done / job.total) if job.total else 0.0
            st.progress(share, text=spaced(job.progress or "Préparation"))
        if job.error:
            st.html(f"<p class='hub-warm'>{html.escape(spaced(job.error))}</p>")
        _outcomes(job)
        with st.container(horizontal=True):
            if job.state == "waiting" and not next_up:
                _button(job, "Passer devant", _first)
            if job.state in ("waiting", "running"):
                _button(job, "Annuler", _cancel)
            if job.repeatable:
                _button(job, "Recommencer", _retry)
            if job.state in ("failed", "cancelled", "done"):
                _button(job, "Retirer de la liste", _forget)


def _outcomes(job: Job) -> None:
    links = "".join(
        f"<li>{workshop.fate(outcome)}. {html.escape(spaced(_noted(outcome.slug)))} "
        f"<a href='/atelier-publier?m={html.escape(outcome.slug)}' target='_self'>Relire et publier</a></li>"
        for outcome in job.outcomes
        if outcome.slug
    )
    if links:
        st.html(f"<ul>{links}</ul>")


def _noted(slug: str) -> str:
    """Return what the reviewer should know of a masterclass or study, which may be gone by now."""
    try:
        return holder(services(), slug).details(slug).origin.note
    except HubError:
        return ""


def _button(job: Job, label: str, action: Callable[[Job, Person], str]) -> None:
    st.button(label, key=f"{label}-{job.id}", on_click=workshop.act, args=(lambda by: action(job, by),))


@st.fragment(run_every=2)
def _live() -> None:
    still(Role.STAFF)
    workshop.say()
    jobs = services().queue.jobs()
    if not jobs:
        parts.empty(
            "Le hub n’a rien à faire.",
            "Ce que vous ajoutez apparaît ici, avec son avancement.",
            "/atelier-ajouter",
            "Ajouter une masterclass",
        )
        return
    # Each try has an end of its own: a job that was begun again is the one that somebody waits for.
    over = {f"{job.id}-{job.attempt}": job for job in jobs if job.state in ("done", "failed")}
    said = {"done": "prêt à relire", "failed": "échec"}
    notify({name: spaced(f"{_name(job)} : {said[job.state]}") for name, job in over.items()})
    next_up = next((job.id for job in jobs if job.state == "waiting"), "")
    for job in jobs[:_AT_ONCE]:
        _show(job, next_up=job.id == next_up)
    if len(jobs) > _AT_ONCE:
        workshop.aside(f"Et {len(jobs) - _AT_ONCE} travaux plus anciens, oubliés d’eux-mêmes après 30 jours.")
    workshop.aside(f"À jour à {now():%H:%M:%S}.")


workshop.begin("Travaux en cours")
_live()
