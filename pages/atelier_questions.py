"""What members look for: asked most, without an answer, answered badly, sent ahead, read most; and what staff choose as answers."""

import datetime as dt
import html

import streamlit as st

from app.people import Person, Role
from app.pins import Pin
from app.services import services
from app.statistics import Report
from app.wanted import Wish
from index.links import place_url
from index.search import Result
from pages import parts, quotes, reasons, workshop
from pages.who import require, still
from transcripts.agenda import Event, when
from transcripts.days import today
from transcripts.model import clock
from transcripts.typography import counted, spaced, typeset

_SHOWN = 12  # of each list
_FOUND = 6  # passages offered for a question
_AHEAD = dt.timedelta(14)  # where the agenda has no free evening

_HERE = "/atelier-questions"


def _pin(question: str, found: Result) -> None:
    def choose(me: Person) -> str:
        pins, moment = services().pins, found.kind == "masterclass"
        if moment:
            pins.pin(question, found.slug, found.start or 0.0, found.end or 0.0, me.email)
        else:
            pins.pin_passage(question, found.slug, found.text, me.email)
        what = "un moment" if moment else "un passage d’étude"
        services().journal.note(me.email, f"a choisi {what} comme réponse à une question", found.slug)
        return f"Ce {'moment' if moment else 'passage'} répond désormais à la question."

    workshop.act(choose)


def _unpin(pin: Pin) -> None:
    def leave(me: Person) -> str:
        services().pins.unpin(pin.question)
        services().journal.note(me.email, "a laissé une réponse à la recherche", pin.slug)
        return "La recherche répond de nouveau à cette question."

    workshop.act(leave)


def _plan(title: str, day: dt.date) -> None:
    def write(me: Person) -> str:
        services().event_book.plan(title, day)
        services().journal.note(
            me.email, f"a inscrit à l’agenda du {day:%d/%m/%Y} une masterclass que des questions demandent"
        )
        return f"La masterclass du {day:%d/%m/%Y} est à l’agenda, avec ce titre."

    workshop.act(write)


def _take_off(event: Event) -> None:
    def take(me: Person) -> str:
        services().event_book.take_off(event)
        services().journal.note(me.email, f"a retiré de l’agenda la masterclass du {event.day:%d/%m/%Y}")
        return f"« {event.title} » n’est plus à l’agenda."

    workshop.act(take)


def _times(count: int) -> str:
    return "une fois" if count == 1 else f"{count} fois"


def _link(question: str) -> str:
    return f"<a href='{_HERE}?q={parts.quoted(question)}' target='_self'>{html.escape(spaced(question))}</a>"


def _list(rows: list[str], empty: str) -> None:
    if rows:
        st.html(f"<ul class='hub-rows'>{''.join(f'<li>{row}</li>' for row in rows)}</ul>")
    else:
        st.write(empty)


def _answering(question: str) -> None:
    """Show what the hub finds for one question, to choose from."""
    st.html(f"<p class='hub-back'><a href='{_HERE}' target='_self'>← Toutes les questions</a></p>")
    st.html(f"<h1>{html.escape(spaced(question))}</h1>")  # a visitor's words: a title of Streamlit's is Markdown
    workshop.say()
    st.html(
        f"<p><a href='/question?q={parts.quoted(question)}' target='_self'>Voir la réponse que reçoivent les visiteurs</a></p>"
    )
    why = st.empty()
    why.html("<p class='hub-byline' role='status'>La question est posée…</p>")
    if mine := services().pins.of(question):
        _chosen(mine)
    st.write(
        "Choisissez le moment, ou le passage d’étude, qui répond\u00a0: il sera montré le premier, avec la mention «\u00a0choisi par l’équipe\u00a0», mot pour mot."
    )
    for n, found in enumerate(services().hub.search(question, _FOUND).results):
        with st.container(border=True):
            st.html(quotes.passage(found))
            st.button(
                "Choisir ce moment" if found.kind == "masterclass" else "Choisir ce passage",
                key=f"pin-{n}",
                on_click=_pin,
                args=(question, found),
            )
    # Last: a language model may take its time to answer.
    answer = services().hub.ask(question)
    if answer.decision:
        why.html(reasons.told(answer.decision, chosen=any(citation.chosen for citation in answer.citations)))


def _chosen(pin: Pin) -> None:
    quote = services().pins.stands(pin)
    kind = quote.details.kind if quote else "masterclass"
    where = f"▶ {clock(pin.start)}" if kind == "masterclass" else f"p.\u00a0{int(pin.start)}"
    with st.container(key=f"pin-of-{abs(hash(pin.question))}", border=True):
        state = (
            ""
            if quote
            else "<p class='hub-byline'><strong>N’est plus montré</strong>\u00a0: le texte a changé, ou n’est pas publié. Choisissez de nouveau.</p>"
        )
        st.html(
            f"<p><strong>{_link(pin.question)}</strong></p>{state}<p class='hub-byline'>«\u00a0{html.escape(spaced(pin.quote[:200]))}…\u00a0» "
            f"<a href='{html.escape(place_url(kind, pin.slug, pin.start))}' target='_self'>{where}</a></p>"
        )
        st.button(
            "Laisser la recherche répondre",
            key=f"unpin-{pin.question}",
            on_click=_unpin,
            args=(pin,),
        )


@st.fragment(run_every=1)
def _preparing(report: Report) -> None:
    with parts.edge("Ce que les membres cherchent"):
        still(Role.STAFF)
        if services().wanted.wishes(report.questions) is None:
            st.html("<p class='hub-byline' role='status'>Les questions de même sens sont rapprochées…</p>")
        else:
            st.rerun()


def _wishes(wishes: list[Wish]) -> None:
    if not wishes:
        st.write("Toutes les questions posées ont trouvé une réponse, ou aucune n’a été posée.")
    free = services().calendar.free()
    planned = {event.title: event for event in services().calendar.coming() if not event.place}
    for n, wish in enumerate(wishes[:_SHOWN]):
        with st.container(key=f"wish-{n}", border=True):
            questions = "".join(f"<li>{_link(q.question)} ({_times(q.count)})</li>" for q in wish.questions[:5])
            others = len(wish.questions) - 5
            more = f"<li>et {counted(others, 'autre', 'autres')}</li>" if others > 0 else ""
            about = wish.about[:1].upper() + wish.about[1:]
            st.html(
                f"<p class='hub-wish'><strong>{html.escape(spaced(about))}</strong><br>"
                f"demandé {_times(wish.count)}\u202f; aucune masterclass ne répond.</p><ul class='hub-rows'>{questions}{more}</ul>"
            )
            if event := planned.get(" ".join(about.split())):
                st.html(f"<p class='hub-byline'>À l’agenda\u00a0: {when(event)}.</p>")
                st.button("La retirer de l’agenda", key=f"off-{n}", on_click=_take_off, args=(event,))
                continue
            day = free[0].day if free else today() + _AHEAD
            st.button(
                f"L’inscrire à l’agenda\u00a0: {when(free[0]) if free else f'{day:%d/%m/%Y}'}",
                key=f"plan-{n}",
                icon=":material/event:",
                on_click=_plan,
                args=(about, day),
            )


def _asked(report: Report) -> None:
    days = services().settings.statistics.days
    if not days:
        parts.empty(
            "Les questions ne sont pas gardées.",
            "Demandez à la personne qui tient la machine de les garder (HUB_STATISTICS_DAYS).",
        )
        return
    st.write(f"Les questions posées ces {days} derniers jours, sans rien qui dise par qui.")
    st.html("<h2>Sans réponse</h2>")
    wishes = services().wanted.wishes(report.questions)
    if wishes is None:
        _preparing(report)
    else:
        _wishes(wishes)
    st.html("<h2>Posées le plus souvent</h2>")
    asked = [
        f"{_link(q.question)} <span class='hub-byline'>{_times(q.count)}, {'avec réponse' if q.answered else 'sans réponse'}</span>"
        for q in report.questions[:_SHOWN]
    ]
    _list(asked, "Aucune question n’a encore été posée.")
    st.html("<h2>Réponses jugées inutiles</h2>")
    judged = [
        f"{_link(answer.question) if answer.question else 'Une question qui n’est pas gardée'} <span class='hub-byline'>"
        f"{_times(answer.unhelpful)} inutile, {_times(answer.helpful)} utile\u00a0: "
        + ", ".join(
            f"<a href='{html.escape(moment)}' target='_self'>passage {n}</a>"
            for n, moment in enumerate(answer.moments, 1)
        )
        + "</span>"
        for answer in report.answers
        if answer.unhelpful
    ]
    _list(judged[:_SHOWN], "Aucune réponse n’a été jugée inutile.")


def _sent_ahead() -> None:
    st.html("<h2>Envoyées d’avance</h2>")
    calendar = services().calendar
    waiting = [
        f"{html.escape(spaced(event.title))} <span class='hub-byline'>{when(event)}</span><ul>"
        + "".join(f"<li>{html.escape(spaced(question))}</li>" for question in questions)
        + "</ul>"
        for event in calendar.coming()
        if (questions := calendar.sent_ahead(event))
    ]
    _list(waiting, "Aucune question n’a été envoyée pour une masterclass à venir.")


def _read(report: Report) -> None:
    st.html("<h2>Lues le plus souvent</h2>")
    known = {details.slug: details for details in services().resources.published()}
    rows = [
        f"<a href='{parts.address(details)}' target='_self'>{html.escape(typeset(details.title))}</a> <span class='hub-byline'>{_times(read.count)}</span>"
        for read in report.reads
        if (details := known.get(read.slug))
    ]
    _list(rows[:_SHOWN], "Rien n’a encore été ouvert.")


def _chosen_all() -> None:
    st.html("<h2>Moments et passages choisis par l’équipe</h2>")
    pins = services().pins.all()
    for pin in reversed(pins):
        _chosen(pin)
    if not pins:
        st.write("Aucun encore\u00a0: ouvrez une question, et choisissez le moment qui y répond.")


def _everything() -> None:
    workshop.begin("Ce que les membres cherchent")
    report = services().statistics.report(dt.date.min)
    _asked(report)
    _sent_ahead()
    _read(report)
    _chosen_all()


require(Role.STAFF)
chosen = st.query_params.get("q", "").strip()
if chosen:
    _answering(chosen)
else:
    _everything()
