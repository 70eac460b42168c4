"""Passages, by words and by meaning; what is looked for stays in the address."""

import streamlit as st

from app.services import services
from pages import early, parts, results, sought
from pages.ask_box import ask_box
from pages.plan import BOXES
from transcripts.errors import BadInput
from transcripts.typography import spaced

_NEW = 6  # masterclasses and studies shown while nothing is looked for
_EXAMPLES = ("fonds de garantie", "monnaie locale", "emprunter sans apport", "énergie citoyenne")
_NOTHING_SO = "Rien n’est publié avec ces filtres\u00a0: essayez-en moins."
_LABELS = {"theme": "Thème", "voix": "Personne", "annee": "Année", "sorte": "Type"}

st.title("Rechercher")
query = st.query_params.get("q", "")
query = (ask_box(BOXES["recherche"], key="recherche", value=query) or query).strip()
asked = sought.asked(st.query_params.to_dict())
with st.expander("Préciser", expanded=bool(asked)):
    chosen = {
        name: st.selectbox(
            _LABELS[name],
            list(values),
            index=list(values).index(asked[name]) if name in asked else None,
            format_func=lambda value, values=values: values[value],
            placeholder="Tous",
        )
        for name, values in sought.offered().items()
    }
kept = {name: value for name, value in chosen.items() if value}
filters = sought.filters(kept)
st.query_params.from_dict(({"q": query} if query else {}) | kept)

if not query:
    published = services().resources.published()
    if latest := [details for details in published if filters.accept(details)][:_NEW]:
        st.write("Par exemple\u00a0:")
        parts.examples(_EXAMPLES, "Exemples de recherches", "recherche", **kept)
        st.subheader("Nouveautés")
        parts.cards(latest)
    elif published:
        st.info(_NOTHING_SO, icon=":material/search_off:")
    else:
        parts.empty(*parts.NOTHING)
    st.stop()

try:
    with st.spinner(BOXES["recherche"].looking):
        reply = early.search(query, filters)
except BadInput as refusal:
    st.info(spaced(str(refusal)), icon=":material/info:")
    st.stop()
if reply.notice:
    st.info(spaced(reply.notice), icon=":material/info:")
if not reply.results:
    st.info("Aucun passage trouvé\u00a0: essayez d’autres mots, ou moins de filtres.", icon=":material/search_off:")
for block in results.of(reply, kept):
    st.html(block)
