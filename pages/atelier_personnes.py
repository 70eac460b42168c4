"""Who may what: invite, see, take away."""

import datetime as dt

import streamlit as st
from slugify import slugify

from app.gate import link
from app.people import FRENCH, Person, Role
from app.services import services
from pages import workshop
from pages.who import require
from transcripts.errors import BadInput
from transcripts.typography import french_day, spaced

_GIVEN = (Role.MEMBER, Role.STAFF, Role.ADMINISTRATOR)
_MAY = {
    Role.MEMBER: "voit les liens pour participer, et les aperçus qu’on lui envoie",
    Role.STAFF: "ajoute, corrige et publie",
    Role.ADMINISTRATOR: "invite et retire des personnes, sauvegarde, efface pour de bon",
}


def _invite(email: str, role: Role) -> str:
    """Invite a person and return the link to give them."""
    me = require(Role.ADMINISTRATOR)
    token = services().people.invite(email, role)
    services().journal.note(me.email, f"a invité {email.strip().lower()} ({FRENCH[role]})")
    return link(services().settings.public.url or _origin(), token)


def _revoke(email: str) -> None:
    def take_away(_: Person) -> str:
        me = require(Role.ADMINISTRATOR)
        if email == me.email:
            raise BadInput(
                "C’est votre propre accès\u00a0: rien n’a été fait ; demandez à une autre personne de l’administration."
            )
        barred = any(known.email == email and not known.role for known in services().people.everyone())
        services().people.revoke(email, bar=not barred and services().settings.staff.role(email) is not None)
        services().journal.note(me.email, f"a retiré l’accès de {email}")
        st.session_state.pop("invited", None)
        return f"{email} n’a plus d’accès."

    workshop.act(take_away)


def _origin() -> str:
    return "/".join(str(st.context.url or "").split("/")[:3])


def _row(person: Person, present: dict[str, float], invited: set[str]) -> None:
    with st.container(
        key=f"person-{slugify(person.email)}",
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        if person.email in present:
            day = dt.datetime.fromtimestamp(present[person.email], dt.UTC).date()
            state = f"vue le {french_day(day)}"
        else:
            state = "lien envoyé, pas encore ouvert" if person.email in invited else "pas connectée en ce moment"
        st.text(f"{person.email}\n{FRENCH[person.role] if person.role else 'accès refusé'}, {state}")
        st.button(
            "Oublier" if not person.role else "Retirer l’accès",
            key=f"revoke-{person.email}",
            on_click=_revoke,
            args=(person.email,),
            disabled=person.email == me.email,
            help="C’est vous." if person.email == me.email else None,
        )


me = require(Role.ADMINISTRATOR)
workshop.begin("Personnes")
with st.form("invite", clear_on_submit=True):
    email = st.text_input("Adresse électronique", placeholder="camille@example.org")
    role = st.radio(
        "Ce que la personne peut faire", _GIVEN, format_func=lambda r: f"{FRENCH[r].capitalize()}\u00a0: {_MAY[r]}"
    )
    sent = st.form_submit_button("Préparer le lien", type="primary")
if sent:
    try:
        st.session_state["invited"] = (email, _invite(email, role or Role.MEMBER))
    except BadInput as error:
        st.warning(spaced(str(error)))
if "invited" in st.session_state:
    whom, address = st.session_state["invited"]
    st.success(
        f"Envoyez ce lien à {whom}, et à personne d’autre\u00a0: il sert une seule fois, dans les trois jours, et ne sera plus montré."
    )
    st.code(address, language=None, wrap_lines=True)

st.html("<h2>Qui a un accès</h2>")
known, present, invited = services().people.everyone(), services().people.present(), services().people.invited()
for person in known:
    _row(person, present, invited)
workshop.aside(
    "Retirer un accès ferme aussitôt les sessions de la personne. Les liens et les sessions sont gardés sous forme d’empreintes\u00a0: "
    "personne ne peut s’en servir en lisant les fichiers."
)
