"""What partners may take to their own site, and anybody to an assistant: feed, calendar, players, a box to ask in, and texts to pass on."""

import html

import streamlit as st

from app.places import HubPlaces
from app.services import services
from pages import parts
from pages.charts import thousands
from pages.plan import SITE
from transcripts.typography import french_length

_TEXTS = (
    (
        "En une phrase",
        "L’association Opération Milliard explique en une heure, toutes les deux semaines, comment se finance la transition "
        "écologique juste\u00a0: tout s’écoute, se lit et s’interroge librement sur {home}",
    ),
    (
        "Pour une lettre d’information",
        "Comment marche un prêt participatif\u202f? Qui crée la monnaie\u202f? Que faire quand la banque dit non\u202f? L’association Opération "
        "Milliard répond dans ses masterclass. Son hub garde {count} masterclass ({length}) avec leur transcription{studies}, un "
        "glossaire, et répond aux questions avec des citations mot pour mot, à la seconde ou à la page. C’est libre "
        "et sans traceur\u00a0: {home}",
    ),
)


def snippet(base: str) -> str:
    """Return the box to ask in, for another site: a form that opens the hub with the question, no script, no cookie."""
    # The label is in the field's frame, so that two boxes on a page need no identifiers.
    return (
        f'<form action="{html.escape(base)}/question" method="get" target="_blank" rel="noopener" '
        'style="display:flex;flex-wrap:wrap;gap:.5rem;align-items:end;font:inherit">\n'
        '  <label style="flex:1 1 16rem">Une question sur le financement de la transition\u202f?\n'
        '    <input name="q" type="search" required maxlength="300" placeholder="Ma banque dit non, que faire\u202f?" '
        'style="box-sizing:border-box;width:100%;padding:.5rem;font:inherit"></label>\n'
        '  <button style="padding:.5rem 1rem;font:inherit">Demander au hub</button>\n'
        "</form>"
    )


def player(base: str, slug: str, title: str) -> str:
    """Return the player of a masterclass, for another site."""
    return (
        f'<iframe src="{html.escape(base)}/embed/{html.escape(slug)}" title="{html.escape(title)}" '
        'width="100%" height="180" loading="lazy" style="border:0"></iframe>'
    )


base = parts.origin()
published, studies = services().library.published(), len(services().studies.published())

st.title("Partenaires")
st.html(
    "<p class='hub-lead'>Reprenez les masterclass chez vous\u00a0: tout ce qui suit est libre, sans compte, sans traceur, "
    "et se met à jour tout seul.</p>"
)
st.html(
    "<h2>Un champ «\u00a0Demander au hub\u00a0»</h2><p class='hub-text'>À coller dans une page\u00a0: la question s’ouvre dans le hub.</p>"
)
st.code(snippet(base), language=None, wrap_lines=True)
st.html(f"<div class='hub-event'>{snippet(base)}</div>")

st.html("<h2>Suivre</h2>")
st.html(
    "<ul class='hub-rows'>"
    f"<li>Le flux des masterclass et des études, pour un site ou une application de podcasts\u00a0: <a href='/feed.xml' target='_self'>{html.escape(HubPlaces(base).absolute().feed())}</a></li>"
    f"<li>L’agenda, pour s’y abonner\u00a0: <a href='/agenda.ics' target='_self'>{html.escape(base)}/agenda.ics</a></li>"
    "<li>Le calendrier de chaque lieu\u00a0: <a href='/lieux' target='_self'>sur la page des lieux</a></li>"
    "<li>Les données, pour les développeurs\u00a0: <a href='/api' target='_self'>l’API et son mode d’emploi</a></li></ul>"
)

if services().settings.access.reading == "public":
    st.html(
        "<h2>Votre assistant</h2><p class='hub-text'>Un assistant qui accepte des connecteurs (MCP) peut chercher dans le hub, lui "
        "poser une question et y lire\u00a0: il cite alors la seconde ou la page, avec son lien. Dans ses réglages, ouvrez "
        "«\u00a0Connecteurs\u00a0» ou «\u00a0Serveurs MCP\u00a0», ajoutez-en un et collez cette adresse, sans compte ni clé\u00a0:</p>"
    )
    st.code(f"{base}/mcp", language=None)
    st.caption(
        "Il lit seulement ce qui est publié, et ne change rien. Ce que vous lui demandez passe par le service qui le fait fonctionner."
    )

st.html("<h2>Intégrer une masterclass</h2>")
heard = {details.slug: details.title for details in published if details.recording}
if heard:
    slug = st.selectbox("Laquelle", list(heard), format_func=lambda slug: heard[slug], filter_mode=None)
    st.code(player(base, slug, heard[slug]), language=None, wrap_lines=True)
    st.caption(
        "Un passage seul\u00a0: ajoutez ?start=12&end=40 (en secondes), ou partez de «\u00a0Partager\u00a0» sur la page de la masterclass."
    )
else:
    parts.empty("Aucune masterclass publiée n’a d’enregistrement.", "Le code à copier apparaîtra ici.")

st.html(
    "<h2>Le logo</h2><p><img src='/app/static/logo.svg' alt='Logo d’Opération Milliard' height='56'></p>"
    "<p class='hub-text'><a href='/app/static/logo.svg' download>Le télécharger (SVG)</a>. Laissez autour de lui un blanc aussi "
    "large que sa hauteur, et ne changez ni ses formes ni ses couleurs.</p>"
)

st.html("<h2>Des textes à transmettre</h2>")
facts = {
    "home": f"{base}/",
    "count": thousands(len(published)),
    "studies": {0: "", 1: ", une étude"}.get(studies, f", {thousands(studies)} études"),
    "length": french_length(sum(details.duration for details in published)),
}
for name, text in _TEXTS:
    st.html(f"<h3>{name}</h3>")
    st.code(text.format(**facts), language=None, wrap_lines=True)
st.caption(f"Pour citer le hub\u00a0: {SITE}, {base}/")
