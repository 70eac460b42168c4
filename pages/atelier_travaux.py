"""What the hub is working on, live: how far it is, what failed, and what to do about it."""

import html
from collections.abc import Callable

import streamlit as st

from app import adding
from app.holding import holder
from app.people import Person, Role
from app.queue import KEPT, Job
from app.services import services
from ingest.sources.sent import sent_id
from pages import parts, workshop
from pages.notify import notify
from pages.who import still
from transcripts.days import now
from transcripts.errors import HubError
from transcripts.typography import counted, spaced

_AFTER = f"après {KEPT / 86_400:.0f} jours"
_STATES = {"waiting": "En attente", "running": "En cours", "done": "Fini", "failed": "Échec", "cancelled": "Annulé"}
_AT_ONCE = 10  # of a kind; the others lie in a fold, and are drawn once it is open: all is drawn anew every two seconds


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
    left = (
        "le fichier qui avait été envoyé pour cela"
        if sent_id(job.source)
        else "ce qui en avait été téléchargé ou transcrit"
    )
    kept = " ; ce qui en a été fait reste dans l’atelier" if any(one.slug for one in job.outcomes) else ""
    return f"« {_name(job)} » n’est plus sur la liste ; {left} est effacé{kept}."


def _name(job: Job) -> str:
    return workshop.name_of(job.source, job.wishes.title)


def _show(job: Job, *, next_up: bool) -> None:
    with st.container(border=True, key=f"job-{job.id}"):
        st.html(
            f"<p class='hub-theme'>{_STATES[job.state]}</p><p class='hub-job'>{html.escape(spaced(_name(job)))}</p>"
        )
        if job.state == "running":
            st.progress(job.share or 0.0, text=spaced(job.progress or "Préparation"))
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


def _several(jobs: list[Job], name: str, label: str, what: tuple[str, str], next_up: str = "") -> None:
    """Show jobs of a kind, called ``name``: the first ones, and the others behind a ``label`` once somebody opens it."""
    for job in jobs[:_AT_ONCE]:
        _show(job, next_up=job.id == next_up)
    if others := jobs[_AT_ONCE:]:
        workshop.aside(f"Et {counted(len(others), *what)}.")
        fold = st.expander(label, key=f"more-{name}", on_change="rerun")
        if fold.open:
            with fold:
                for job in others:
                    _show(job, next_up=False)


@st.fragment(run_every=2)
def _live() -> None:
    with parts.edge("Travaux en cours"):
        still(Role.STAFF)
        _jobs()


def _jobs() -> None:
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
    for job in jobs:
        if job.state == "running":
            _show(job, next_up=False)
    waiting = [job for job in jobs if job.state == "waiting"]
    ended = [job for job in jobs if job.state in ("done", "failed", "cancelled")]
    _several(
        waiting,
        "waiting",
        "La suite de la file d’attente",
        ("autre travail en attente", "autres travaux en attente"),
        next_up=waiting[0].id if waiting else "",
    )
    _several(
        [job for job in ended if job.error],
        "failed",
        "Les échecs plus anciens",
        (
            f"autre travail en échec, oublié de lui-même {_AFTER}",
            f"autres travaux en échec, oubliés d’eux-mêmes {_AFTER}",
        ),
    )
    _several(
        [job for job in ended if not job.error],
        "over",
        "Les travaux finis plus anciens",
        (
            f"autre travail fini ou annulé, oublié de lui-même {_AFTER}",
            f"autres travaux finis ou annulés, oubliés d’eux-mêmes {_AFTER}",
        ),
    )
    workshop.aside(f"À jour à {now():%H:%M:%S}.")


workshop.begin("Travaux en cours")
_live()
