"""Many masterclasses at once: a theme, a status, an export, a better model; and the catalogue as a table, out and in."""

import html

import streamlit as st

from app import spreadsheet, together
from app.people import Person, Role
from app.publishing import standing
from app.services import services
from pages import parts, workshop
from pages.catalogue import Choice, choose
from pages.upload import pick
from pages.who import asked
from transcripts.days import today
from transcripts.errors import HubError
from transcripts.model import Details
from transcripts.typography import counted, french_day, spaced, typeset

_AT_ONCE = 50


def _told(tally: together.Tally, one: str, many: str) -> str:
    said = f"{tally.done} masterclass {one if tally.done == 1 else many}." if tally.done else ""
    refused = " ".join(tally.refused[:5])
    others = len(tally.refused) - 5
    more = f" Et {counted(others, 'autre', 'autres')}." if others > 0 else ""
    return f"{said} {refused}{more}".strip()


def _pick(shown: list[Details]) -> list[str]:
    """Let some masterclasses be chosen, and return their slugs."""

    def all_of_them() -> None:
        for details in shown:
            st.session_state[f"pick-{details.slug}"] = st.session_state["pick-all"]

    st.checkbox(f"Toutes ({len(shown)})", key="pick-all", on_change=all_of_them)
    with st.container(key="choix"):
        return [
            details.slug
            for details in shown
            if st.checkbox(
                f"**{workshop.plain(typeset(details.title))}** · {french_day(details.date)} · {workshop.plain(parts.theme(details))} · {standing(details)}",
                key=f"pick-{details.slug}",
            )
        ]


def _actions(slugs: list[str]) -> None:
    themes = services().settings.library.themes
    none = not slugs

    def theme(by: Person) -> str:
        return _told(
            together.set_theme(services(), slugs, st.session_state["new-theme"], by),
            "a changé de thème",
            "ont changé de thème",
        )

    def publish(by: Person) -> str:
        return _told(together.publish(services(), slugs, by), "publiée", "publiées")

    def unpublish(by: Person) -> str:
        return _told(
            together.unpublish(services(), slugs, by), "retirée de la publication", "retirées de la publication"
        )

    def again(by: Person) -> str:
        return _told(
            together.transcribe_again(services(), slugs, by),
            "sera transcrite de nouveau, corrections gardées",
            "seront transcrites de nouveau, corrections gardées",
        )

    st.html(f"<h2>Pour celles qui sont cochées ({len(slugs)})</h2>")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Thème", list(themes), format_func=lambda name: themes[name], key="new-theme", filter_mode=None)
        st.button("Donner ce thème", disabled=none, on_click=workshop.act, args=(theme,))
    with st.container(horizontal=True):
        st.button("Publier", disabled=none, on_click=workshop.act, args=(publish,))
        st.button("Retirer de la publication", disabled=none, on_click=workshop.act, args=(unpublish,))
        st.button("Transcrire de nouveau", disabled=none, on_click=workshop.act, args=(again,))
        st.download_button(
            "Exporter les transcriptions (ZIP)",
            asked(Role.STAFF, lambda: together.archive(services(), slugs)),
            f"transcriptions-{today()}.zip",
            "application/zip",
            disabled=none,
            on_click="ignore",
        )
    workshop.aside(
        f"Le modèle qui transcrit est «\u00a0{services().transcriber.name}\u00a0»\u202f; la personne qui tient la machine peut en changer (HUB_SPEECH_MODEL). "
        "Une nouvelle transcription garde les corrections\u00a0: là où elle entend autre chose, la page «\u00a0Publier\u00a0» le montre."
    )


def _import() -> None:
    st.html("<h2>Le catalogue en tableau</h2>")
    st.download_button(
        "Exporter le catalogue (CSV)",
        asked(
            Role.STAFF,
            lambda: spreadsheet.export(services().library.catalogue(), services().settings.library.themes),
        ),
        f"catalogue-{today()}.csv",
        "text/csv",
        on_click="ignore",
    )
    st.html("<p>Importer un tableau : vous verrez ce qu’il changerait avant que rien ne change.</p>")
    given = pick("Choisir un tableau CSV", ".csv,.txt", spreadsheet.LARGEST)
    if given is None:
        return
    sheet = spreadsheet.read(given)
    plan = spreadsheet.compare(sheet, services().library.catalogue(), services().settings.library.themes)
    for columns, what in (
        (sheet.extra, "Colonnes qui ne servent à rien ici"),
        (sheet.lacking, "Colonnes absentes, qui ne changent donc pas"),
    ):
        if columns:
            workshop.aside(f"{what}\u00a0: {', '.join(columns)}.")
    for fault in plan.faults:
        st.html(f"<p class='hub-warm'>{html.escape(spaced(fault))}</p>")
    if not plan.changes:
        same = counted(plan.same, "ligne dit", "lignes disent")
        st.html(f"<p role='status'>Ce tableau ne change rien\u202f; {same} ce qui est déjà.</p>")
        return
    rows = "".join(
        f"<tr><th scope='row'>{html.escape(typeset(change.title))}</th><td data-name='Quoi'>{change.field}</td>"
        f"<td data-name='Avant'><del>{html.escape(change.before) or '(vide)'}</del></td><td data-name='Après'><ins>{html.escape(change.after)}</ins></td></tr>"
        for change in plan.changes
    )
    st.html(
        "<table class='hub-table'><caption>Ce que le tableau changerait</caption><thead><tr><th scope='col'>Masterclass</th>"
        f"<th scope='col'>Quoi</th><th scope='col'>Avant</th><th scope='col'>Après</th></tr></thead><tbody>{rows}</tbody></table>"
    )

    def apply(by: Person) -> str:
        return _told(together.apply(services(), plan.changes, by), "changée par le tableau", "changées par le tableau")

    number = len({change.slug for change in plan.changes})
    label = f"Changer ces {number} masterclass" if number > 1 else "Changer cette masterclass"
    st.button(label, type="primary", on_click=workshop.act, args=(apply,))


workshop.begin("Catalogue")
catalogue = services().library.catalogue()
if not catalogue:
    parts.empty(
        "Il n’y a pas encore de masterclass.", "Le catalogue apparaîtra ici.", "/atelier-ajouter", "Ajouter la première"
    )
    st.stop()
themes = services().settings.library.themes
with st.container(horizontal=True, vertical_alignment="bottom"):
    words = st.text_input("Mots du titre ou d’un nom", max_chars=100)
    theme = st.selectbox(
        "Seulement le thème",
        [None, *themes],
        format_func=lambda name: themes[name] if name else "Tous",
        filter_mode=None,
    )
shown = choose(catalogue, Choice(words, theme), themes)
if shown:
    if len(shown) > _AT_ONCE:
        workshop.aside(
            f"Voici les {_AT_ONCE} plus récentes des {len(shown)} trouvées\u00a0: précisez pour voir les autres."
        )
    _actions(_pick(shown[:_AT_ONCE]))
else:
    st.html("<p role='status'>Aucune masterclass ne répond à ces critères.</p>")
try:
    _import()
except HubError as error:
    workshop.refused(error)
