"""Passages, by words and by meaning; what is looked for stays in the address."""

import datetime as dt
import html

import streamlit as st

from app.services import services
from index.search import Filters
from pages import parts, results
from pages.ask_box import ask_box
from transcripts.errors import BadInput

_NEW = 6  # masterclasses and studies shown while nothing is looked for

st.title("Rechercher")
themes = services().settings.library.themes
catalogue = services().resources.published()
speakers = sorted({name for details in catalogue for name in details.speakers})
years = sorted({details.date.year for details in catalogue}, reverse=True)


def choice(label: str, key: str, options: list[str], titles: dict[str, str] | None = None) -> str | None:
    """Offer a filter, as the address has it."""
    asked = st.query_params.get(key)
    return st.selectbox(
        label,
        options,
        index=options.index(asked) if asked in options else None,
        format_func=lambda option: (titles or {}).get(option, option),
        placeholder="Tous",
    )


query = st.query_params.get("q", "")
query = ask_box("Mots ou idée", "Rechercher", key="recherche", value=query, placeholder="fonds de garantie") or query
with st.expander("Préciser", expanded=any(key in st.query_params for key in ("theme", "voix", "annee", "sorte"))):
    theme = choice("Thème", "theme", list(themes), themes)
    speaker = choice("Personne", "voix", speakers)
    year = choice("Année", "annee", [str(year) for year in years])
    sort = choice("Sorte", "sorte", list(parts.KINDS), {str(kind): name for kind, name in parts.KINDS.items()})
query = query.strip()

wanted = {"q": query, "theme": theme, "voix": speaker, "annee": year, "sorte": sort}
st.query_params.from_dict({key: value for key, value in wanted.items() if value})

if not query:
    st.subheader("Nouveautés")
    parts.cards(catalogue[:_NEW])
    st.stop()

since, until = (dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)) if year else (None, None)
try:
    kind = next((kind for kind in parts.KINDS if kind == sort), None)
    with st.spinner("Recherche…"):
        reply = services().hub.search(query, 10, Filters(theme, speaker, since, until, kind))
except BadInput as refusal:
    st.info(str(refusal), icon=":material/info:")
    st.stop()
if reply.notice:
    st.info(reply.notice, icon=":material/info:")
if reply.suggestion:
    again = parts.quoted(reply.suggestion)
    st.html(
        f"<p>Vouliez-vous dire <a href='/recherche?q={again}' target='_self'>{html.escape(reply.suggestion)}</a>\u202f?</p>"
    )
if not reply.results:
    st.info("Aucun passage trouvé : essayez d’autres mots, ou moins de filtres.", icon=":material/search_off:")
elif not results.named(reply.results, reply.query):
    st.write("Aucun passage ne contient ces mots\u00a0: voici ceux dont le sens s’en approche le plus.")
results.show(reply.results, reply.query)
