"""What visitors do: what they read and ask, and the questions that they send ahead of a masterclass."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from app.console import Json, console, open_services, print_json, say

app = typer.Typer()


@app.command()
def stats(
    days: Annotated[int, typer.Option(min=1, max=3650, help="How many days to look back.")] = 30,
    forget: Annotated[str | None, typer.Option(metavar="QUESTION", help="Erase this question from the counts.")] = None,
    as_json: Json = False,
) -> None:
    """Say what is read and asked most, and which questions the library does not answer."""
    from transcripts.days import today

    services = open_services()
    if forget:
        gone = services.statistics.forget(forget)
        console().print("Question effacée." if gone else "Cette question n’est pas dans les statistiques.")
        return
    report = services.statistics.report(today() - dt.timedelta(days=days - 1))
    if as_json:
        print_json(report)
        return
    titles = {
        **{details.slug: details.title for details in services.studies.catalogue()},
        **{details.slug: details.title for details in services.library.catalogue()},
    }
    say(f"Lectures depuis le {report.since:%d/%m/%Y}")
    for read in report.reads:
        say(f"  {read.count:>5}  {titles.get(read.slug, read.slug)}")
    for heading, wanted in (("Questions", True), ("Questions sans réponse", False)):
        say(f"\n{heading}")
        for asked in report.questions:
            if asked.answered is wanted:
                judged = f"  (utile {asked.helpful}, inutile {asked.unhelpful})" * bool(asked.helpful + asked.unhelpful)
                say(f"  {asked.count:>5}  {asked.question}{judged}")


@app.command()
def agenda(as_json: Json = False) -> None:
    """List the masterclasses to come, with the questions that were sent ahead."""
    calendar = open_services().calendar
    coming = calendar.coming()
    if as_json:
        print_json(
            [
                {"id": e.id, "title": e.title, "start": e.start, "questions": list(calendar.sent_ahead(e))}
                for e in coming
            ]
        )
        return
    for event in coming:
        hour = f"{event.start:%H:%M}" if isinstance(event.start, dt.datetime) else ""
        say(f"{event.day:%d/%m/%Y} {hour:5}  {event.title}")
        for question in calendar.sent_ahead(event):
            say(f"    {question}")
