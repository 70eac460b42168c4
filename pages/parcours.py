"""Learning paths, and the questionnaire that leads to one."""

import html

import streamlit as st

from app.services import services
from pages import parcours_parts, parts
from transcripts.parcours import decide, read_paths
from transcripts.typography import spaced

paths = read_paths(services().settings.home / "parcours")
known = {path.slug: path for path in paths.parcours}
wanted = st.query_params.get("p", "")
path = known.get(wanted)

if path:
    parts.title(path.title)
    st.html(
        "<p class='hub-back'><a href='/parcours' target='_self'>Tous les parcours</a></p>"
        f"<h1>{html.escape(spaced(path.title))}</h1>{parcours_parts.label(path.demonstration)}"
        f"<p>{html.escape(spaced(path.audience))}</p><p>{html.escape(spaced(path.text))}</p>"
    )
    parcours_parts.steps(path)
else:
    st.title("Les parcours")
    st.write(
        "Vous cherchez un financement\u202f? Un parcours donne les étapes dans l’ordre\u00a0: à écouter, à lire, à demander."
    )
    if wanted:
        parts.title("Page introuvable")
        st.info("Ce parcours n’existe pas, ou plus\u00a0: voici ceux qui sont là.")
    if paths.questionnaire:
        answers = parcours_parts.questionnaire(paths.questionnaire)
        if found := known.get(decide(paths.questionnaire, answers) or ""):
            st.html(
                "<p class='hub-state' role='status'>Le parcours pour vous\u00a0: "
                f"<a href='/parcours?p={html.escape(found.slug)}' target='_self'>{html.escape(spaced(found.title))}</a></p>"
            )
    if known:
        if paths.questionnaire:
            st.html("<h2>Ou choisissez vous-même</h2>")
        parcours_parts.cards(paths.parcours)
    elif not paths.errors:
        st.info("Aucun parcours n’est encore écrit\u00a0: le premier apparaîtra ici.")
    for error in paths.errors:
        st.html(f"<p class='hub-state'>{html.escape(spaced(str(error)))}</p>")
