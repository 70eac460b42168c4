"""The masterclasses to come, the calendar, and the questions one asks ahead."""

import html
from itertools import groupby

import streamlit as st

from app.access import joins
from app.services import services
from pages import event as shown
from pages import parts
from pages.who import person
from transcripts.agenda import when
from transcripts.errors import BadInput
from transcripts.typography import french_month, spaced

_NAMED = 6  # events shown at once; the rest of the year is folded
_ASKED = 3  # questions that one session may send


def _announced() -> str:
    """Return what the agenda holds, in words."""
    weeks = calendar.weeks()
    often = {1: "chaque semaine", 2: "toutes les deux semaines"}.get(weeks or 0, f"toutes les {weeks} semaines")
    masterclasses = f"Une masterclass {often}" if weeks else "Les masterclass à venir"
    places = ", et ce qui se passe dans les lieux référents" if any(event.place for event in coming) else ""
    return f"{masterclasses}{places}."


calendar = services().calendar
st.title("L’agenda")
coming = calendar.coming()
if coming:
    st.html(
        f"<p class='hub-text'>{_announced()} "
        "<a href='/agenda.ics' target='_self'>Mettre l’agenda dans votre calendrier</a> "
        "(l’adresse peut aussi servir d’abonnement\u00a0: il suivra les changements).</p>"
    )
else:
    st.info("Aucune masterclass n’est annoncée\u00a0: la prochaine apparaîtra ici.")
takes_part = joins(person())
shown.cards(coming[:_NAMED], member=takes_part)
if later := coming[_NAMED:]:
    with st.expander(f"Voir la suite\u00a0: {len(later)} rendez-vous"):
        for month, some in groupby(later, lambda event: french_month(event.day)):
            st.html(f"<h2>{month.capitalize()}</h2>")
            shown.cards(some, member=takes_part)

if coming:
    st.html("<h2>Poser une question d’avance</h2>")
    by_id = {event.id: event for event in coming}
    with st.form("ahead", clear_on_submit=True):
        chosen = st.selectbox(
            "Pour la masterclass",
            list(by_id),
            format_func=lambda key: f"{spaced(by_id[key].title)}, {when(by_id[key])}",
        )
        text = st.text_area("Votre question", max_chars=500)
        st.caption("Elle est gardée sans nom\u00a0: n’y écrivez rien qui vous désigne.")
        sent = st.form_submit_button("Envoyer")
    if sent:
        count = st.session_state.get("ahead-sent", 0)
        try:
            if count >= _ASKED:
                raise BadInput("Vous avez déjà envoyé plusieurs questions\u00a0: gardez les autres pour la séance.")
            calendar.ask(chosen, text)
            st.session_state["ahead-sent"] = count + 1
            st.success("Merci\u202f! La question attend la masterclass, sans rien qui dise de qui elle vient.")
        except BadInput as error:
            st.warning(spaced(str(error)))

past = calendar.past()
if past:
    st.html("<h2>Déjà passées</h2>")
for event, found in past:
    if not found:
        st.html(
            f"<p class='hub-byline'>{when(event)}\u00a0: {html.escape(spaced(event.title))}. L’enregistrement n’est pas encore là.</p>"
        )
parts.cards({details.slug: details for _, found in past for details in found}.values())
