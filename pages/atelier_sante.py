"""How the hub is: what is wrong and what to do about it, its backups, and who did what."""

import html

import streamlit as st

from app.archive import verify
from app.daily import KEPT, Stored, keep, left_out, stored
from app.people import Person, Role
from app.services import services
from app.upkeep import Check, doctor
from pages import parts, workshop
from pages.who import require
from transcripts.days import PARIS
from transcripts.typography import decimal, french_day, spaced

_WORDS = {"ok": "bien", "warning": "à savoir", "error": "à réparer"}
_ORDER = {"error": 0, "warning": 1, "ok": 2}
_ACTIONS = 100  # of the journal


def _checks(checks: list[Check]) -> None:
    rows = "".join(
        f"<li class='hub-health hub-{check.level}'><span class='hub-label'>{_WORDS[check.level]}</span>"
        f"<div><strong>{html.escape(check.name)}</strong> <span>{html.escape(spaced(check.found))}</span>"
        + (f"<p>{html.escape(spaced(check.advice))}</p>" if check.advice else "")
        + "</div></li>"
        for check in sorted(checks, key=lambda c: _ORDER[c.level])
    )
    st.html(f"<ul class='hub-healths'>{rows}</ul>")


def _back_up() -> None:
    def make(_: Person) -> str:
        me = require(Role.ADMINISTRATOR)
        with st.spinner("Sauvegarde en cours…"):
            made = keep(services(), named=True)
        services().journal.note(me.email, f"a fait la sauvegarde {made.name}")
        return "La sauvegarde est faite."

    workshop.act(make)


def _erase(backup: Stored) -> None:
    def remove(_: Person) -> str:
        me = require(Role.ADMINISTRATOR)
        backup.path.unlink(missing_ok=True)
        services().journal.note(me.email, f"a effacé la sauvegarde {backup.path.name}")
        return f"La sauvegarde {backup.path.name} est effacée."

    workshop.act(remove)


def _verify(backup: Stored) -> None:
    def read(_: Person) -> str:
        with st.spinner("Relecture de toute la sauvegarde…"):
            whole = verify(backup.path)
        return f"{backup.path.name} est intacte\u00a0: {len(whole.files)} fichiers, relus jusqu’au dernier."

    workshop.act(read)


def _backup(backup: Stored, *, mine: bool) -> None:
    with st.container(
        key=f"backup-{backup.path.stem}",
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        st.text(f"{french_day(backup.day)}\n{backup.path.name}, {decimal(backup.size / 1e6, '.1f')}\u00a0Mo")
        with st.container(horizontal=True, width="content"):
            st.button("Vérifier", key=f"verify-{backup.path.name}", on_click=_verify, args=(backup,))
            if mine:
                st.link_button("Télécharger", f"/atelier/sauvegardes/{backup.path.name}")
                with st.popover("Effacer"):
                    st.write("Cette sauvegarde disparaît pour de bon.")
                    st.button("Effacer la sauvegarde", key=f"erase-{backup.path.name}", on_click=_erase, args=(backup,))


def _journal() -> None:
    entries = services().journal.entries(limit=_ACTIONS)
    rows = "".join(
        f"<tr><td>{french_day(e.moment.astimezone(PARIS).date())}, {e.moment.astimezone(PARIS):%H:%M}</td>"
        f"<td>{html.escape(e.who)}</td><td>{html.escape(spaced(e.what))} {html.escape(e.slug)}</td></tr>"
        for e in entries
    )
    if rows:
        st.html(
            "<div class='hub-wide' tabindex='0' role='region' aria-label='Journal'><table class='hub-journal'><thead><tr>"
            f"<th>Quand</th><th>Qui</th><th>Quoi</th></tr></thead><tbody>{rows}</tbody></table></div>"
        )
    else:
        parts.empty("Le journal est vide.", "Ce que l’équipe fait s’y inscrit\u00a0: qui, quand, quoi.")


mine = workshop.begin("Santé du hub").role >= Role.ADMINISTRATOR
_checks(list(doctor(services().settings)))

st.html("<h2>Sauvegardes</h2>")
place = left_out(services().settings)
what = "sans les enregistrements" if place else "les enregistrements compris"
st.write(
    f"Le hub se sauvegarde chaque jour, {what}, et garde les sauvegardes des {KEPT} derniers jours. Elles sont sur la même machine\u00a0: "
    "téléchargez-en une de temps en temps, pour le jour où la machine tombe en panne\u00a0: la commande "
    "«\u00a0hub restore FICHIER\u00a0» remettra cette sauvegarde en place."
)
if place:
    st.write(
        f"Les enregistrements restent dans `{place}`\u00a0: gardez-en une copie aussi, car aucune de ces sauvegardes ne les ramènerait."
    )
if mine:
    st.button("Sauvegarder maintenant", on_click=_back_up, type="primary")
for backup in stored(services().settings.home):
    _backup(backup, mine=mine)

st.html("<h2>Journal</h2>")
_journal()
