"""A survey: how answers distribute, for all or for some, and what people wrote."""

import html

import streamlit as st

from app.services import services
from index.marks import named
from pages import charts, parts
from transcripts.disclosure import K
from transcripts.errors import HubError
from transcripts.survey import MOST_FILTERS, NO_ANSWER, OTHERS, explore
from transcripts.typography import spaced, typeset

_FOUND = 6  # texts nearest to what is looked for


def _said(text: str) -> str:
    return f"«\u00a0{html.escape(spaced(text))}\u00a0»"


surveys = services().surveys.published()
asked = st.query_params.get("e", next(iter(surveys), ""))
st.title("L’enquête" if len(surveys) < 2 else "Les enquêtes")
if not surveys:
    parts.empty("Aucune enquête n’est publiée.", "La prochaine apparaîtra ici, avec ses résultats.")
    st.stop()
if len(surveys) > 1 or asked not in surveys:
    links = "".join(
        f"<li><a href='/enquete?e={html.escape(name)}' target='_self'{' aria-current=page' if name == asked else ''}>"
        f"{html.escape(spaced(one.description.title))}</a></li>"
        for name, one in surveys.items()
    )
    st.html(f"<nav class='hub-work' aria-label='Enquêtes'><ul>{links}</ul></nav>")
if asked not in surveys:
    parts.empty("Cette enquête n’est pas publiée, ou ne l’est plus.", "Celles qui le sont se trouvent ci-dessus.")
    st.stop()
survey = surveys[asked]

label = (
    " <span class='hub-label'>Réponses générées, pour la démonstration</span>"
    if survey.description.demonstration
    else ""
)
st.html(
    f"<p class='hub-lead'>{html.escape(spaced(survey.description.title))}{label}</p>"
    f"<p class='hub-text'>{html.escape(spaced(survey.description.about))}</p>"
    f"<p class='hub-byline'>Pour que personne ne soit reconnu, les nombres sont arrondis à {K} près, et un groupe de moins de {K} "
    "réponses n’est jamais montré, ni un nombre qui permettrait de le calculer.</p>"
)

filters: dict[str, str] = {}
offered = [question for question in survey.questions if question.filter]
fields = st.container(key="filtres").columns(min(3, len(offered)) or 1)
for number, question in enumerate(offered):
    answer = fields[number % len(fields)].selectbox(
        question.title,
        [None, *(answer for answer in question.answers if answer not in (OTHERS, NO_ANSWER))],
        format_func=lambda answer: answer or "Toutes",
        filter_mode=None,
        key=f"f{number}",
        bind="query-params",
    )
    if answer:
        filters[question.title] = answer
look = st.segmented_control(
    "Montrer en",
    ["Graphiques", "Tableaux"],
    default="Graphiques",
    required=True,
    key="vue",
    bind="query-params",
)

if len(filters) > MOST_FILTERS:
    parts.empty(
        f"Choisissez {MOST_FILTERS} filtres au plus.",
        "Au-delà, les groupes sont si petits que rien ne peut être montré.",
    )
else:
    view = explore(survey, filters)
    if view.total is None:
        parts.empty(
            "Ce groupe est trop petit pour être montré.",
            "Lui, ou un autre qui s’en déduirait, a moins de cinq réponses. Retirez un filtre pour élargir.",
        )
    else:
        st.html(f"<p class='hub-count' data-told>Environ {charts.thousands(view.total)} réponses</p>")
        draw = charts.table if look == "Tableaux" else charts.chart
        st.html(f"<div class='hub-charts'>{''.join(map(draw, view.distributions))}</div>")
        st.download_button(
            "Télécharger ces nombres (CSV)",
            charts.as_csv(view.distributions, filters),
            f"enquete{'-' if asked else ''}{asked}.csv",
            "text/csv",
            on_click="ignore",
        )

texts = services().surveys.of(asked).texts()
if texts:
    st.html(
        "<h2>Ce que les structures écrivent</h2><p class='hub-text'>Les réponses libres que l’équipe a relues, sans rien qui désigne "
        "quelqu’un. Elles viennent de toutes les réponses\u00a0: les filtres ne les changent pas.</p>"
    )
    query = st.text_input("Chercher une idée", placeholder="garanties", max_chars=200, key="idee", bind="query-params")
    try:
        found = services().opinions.find(texts, query, _FOUND) if query.strip() else None
        themes = None if query.strip() else services().opinions.themes(texts)
        if found is None and themes is None:
            st.info("Les réponses libres se préparent\u00a0: rechargez la page dans un instant.")
        if found and not named(map(typeset, found), query):
            st.html(
                "<p class='hub-told' data-told>Aucune réponse ne contient ces mots\u00a0: voici celles dont le sens s’en "
                "approche le plus.</p>"
            )
        quotes = [f"<figure class='hub-quote'><blockquote>{_said(text)}</blockquote></figure>" for text in found or ()]
        sections = [
            f"<section class='hub-event'><strong>{html.escape(spaced(theme.about))}</strong>"
            f"<p class='hub-byline'>Environ {charts.thousands(theme.count)} réponses</p>"
            f"<ul>{''.join(f'<li>{_said(text)}</li>' for text in theme.examples)}</ul></section>"
            for theme in themes or ()
        ]
        st.html(f"<div class='hub-opinions'>{''.join(quotes or sections)}</div>")
    except HubError as error:  # the numbers are there all the same
        parts.trouble(error)
