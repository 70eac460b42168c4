"""The ``hub`` command. Results go to stdout, everything else to stderr.

Nothing heavy is imported before a command needs it: ``hub --help`` must answer at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from app import cli_evaluate, cli_keep, cli_people, cli_visits, cli_web, cli_work
from app.console import Day, Json, OfKind, Slug, Theme, bars, console, fail, open_services, print_json, say
from transcripts.errors import HubError
from transcripts.typography import decimal

if TYPE_CHECKING:
    from app.services import Services
    from index.answer import Citation
    from index.search import Result
    from transcripts.formats import Form
    from transcripts.model import Masterclass
    from transcripts.study import Study

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Masterclass hub: recordings become transcripts, search and answers that cite the second.",
)
app.add_typer(cli_work.app)
app.add_typer(cli_evaluate.app)
app.add_typer(cli_visits.app)
app.add_typer(cli_people.app)
app.add_typer(cli_keep.app)
app.add_typer(cli_web.app)


def main() -> None:
    """Run the command; every failure is one sentence and exit code 1."""
    try:
        app()
    except HubError as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("Interrompu : rien d’inachevé ne reste ; relancez la commande pour continuer.")
    except BrokenPipeError:
        # Whoever read our output has gone; nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None


@app.command()
def search(
    query: str,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    theme: Theme = None,
    since: Day = None,
    until: Day = None,
    speaker: Annotated[
        str | None, typer.Option(help="Only what this speaker's masterclasses, or author's studies, hold.")
    ] = None,
    kind: OfKind = None,
    as_json: Json = False,
) -> None:
    """Find passages in the published masterclasses and studies."""
    from index.search import Filters, moments

    filters = Filters(theme, speaker, since.date() if since else None, until.date() if until else None, kind)
    with _engine(query) as engine:
        reply = engine.search(query, limit, filters)
    if as_json:
        print_json(reply)
        return
    if reply.notice:
        console().print(reply.notice)
    if reply.suggestion:
        say(f"Vouliez-vous dire « {reply.suggestion} » ?")
    for found in moments(reply.results):
        _say_result(found)
    if not reply.results:
        say("Aucun passage trouvé.")


@app.command()
def ask(question: str, kind: OfKind = None, as_json: Json = False) -> None:
    """Answer a question with what speakers said, and what studies say, to the letter."""
    from index.answer import frame, lead_on
    from index.search import moments

    with _engine(question) as engine:
        answer = engine.ask(question, kind=kind)
    if as_json:
        print_json(answer)
        return
    say(frame(answer))
    if answer.written_by:
        for statement in answer.answer:
            say(f"\n{statement.text} {''.join(f'[{n}]' for n in statement.citations)}")
    for citation in answer.citations:
        say(f"\n« {citation.quote} »\n  [{citation.n}] {citation.title}, {_place(citation)} — {citation.url}")
    for found in moments(answer.closest):
        _say_result(found)
    if answer.followups:
        say("\n".join(["", lead_on(answer), *answer.followups]))


def _say_result(found: Result) -> None:
    say(f"\n{found.title}, {_place(found)}{f' — {found.chapter}' if found.chapter else ''}\n  {found.text}")


def _place(found: Result | Citation) -> str:
    from transcripts.model import clock

    return f"p. {found.page}" if found.page is not None else clock(found.start or 0.0)


@contextmanager
def _engine(asked: str) -> Iterator[Any]:
    from index.question import clean

    clean(asked)  # refused at once, before a model is loaded for it
    with bars() as progress:
        progress("Préparation", 0, 0)
        with open_services().engine.open(lambda done, total: progress("Index", done, total)) as engine:
            yield engine


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the masterclasses and the studies, latest first."""
    from app import holding
    from transcripts.model import clock
    from transcripts.typography import counted

    services = open_services()
    listed = holding.listed(services)
    if as_json:
        print_json(listed)
    else:
        for one in listed:
            draft = " (brouillon)" if one["status"] == "draft" else ""
            length = clock(one["duration"]) if one["kind"] == "masterclass" else f"{one['pages']} p."
            say(f"{one['slug']}  {length}  {one['title']}{draft}")
    if left := holding.examine(services, seconds=10):
        rest = counted(left, "texte reste", "textes restent")
        console().print(f"{rest} à vérifier : recommencez pour savoir ce qui est abîmé.", markup=False, highlight=False)
    damaged = holding.damaged(services)
    for error in damaged:
        console().print(str(error), style="red", markup=False, highlight=False)
    if damaged:
        raise SystemExit(1)


@app.command()
def show(slug: Slug, as_json: Json = False) -> None:
    """Show a masterclass or a study: its details, summary and chapters."""
    from app.holding import holder
    from transcripts.model import clock
    from transcripts.study import Study

    found = holder(open_services(), slug).read(slug)
    if as_json:
        say(_text(found, "json").rstrip())
        return
    details, written = found.details, isinstance(found, Study)
    people = ", ".join(details.speakers) or ("sans auteur nommé" if written else "sans intervenant nommé")
    length = f"{found.details.pages} pages" if isinstance(found, Study) else clock(found.details.duration)
    say(f"{details.title}\n{details.date.isoformat()}, {people}, {length}, {details.status}")
    if details.origin.note:
        say(f"\n{details.origin.note}")
    if found.summary.text:
        say(f"\n{found.summary.text}")
    say()
    for chapter in found.chapters:
        say(f"{f'p. {int(chapter.start)}' if written else clock(chapter.start)}  {chapter.title}")


@app.command()
def export(
    slug: Slug,
    form: Annotated[Literal["vtt", "srt", "txt", "md", "json"], typer.Option("--format", help="What to write.")],
) -> None:
    """Write a masterclass or a study (txt, md, json) to stdout."""
    from app.holding import holder

    sys.stdout.write(_text(holder(open_services(), slug).read(slug), form))


def _text(found: Masterclass | Study, form: Form) -> str:
    from transcripts.errors import BadInput
    from transcripts.formats import export as write
    from transcripts.study import Study
    from transcripts.study_formats import export_study

    if not isinstance(found, Study):
        return write(found, form)
    if form == "vtt" or form == "srt":
        raise BadInput("Une étude n’a pas de sous-titres : rien n’a été écrit ; choisissez txt, md ou json.")
    return export_study(found, form)


@app.command()
def publish(slug: Slug) -> None:
    """Show a masterclass or a study to everyone."""
    from app.holding import holder

    holder(open_services(), slug).set_status(slug, "published")


@app.command()
def unpublish(slug: Slug) -> None:
    """Take a masterclass or a study back to a draft."""
    from app.holding import holder

    holder(open_services(), slug).set_status(slug, "draft")


@app.command()
def remove(slug: Slug) -> None:
    """Remove a masterclass or a study for good: from library, recordings, index, counts and journal; backups keep it for seven days."""
    from app import erasure

    services = open_services()
    for file in erasure.erase(services, slug, "terminal"):
        console().print(f"« {file} » nomme encore cet identifiant : corrigez-le à la main.")
    _purge(services)


@app.command()
def withdraw(
    slug: Slug,
    start: Annotated[
        float,
        typer.Argument(
            min=0, help="Second at which the passage begins; of a study its place: 12.5 is half-way down page 12."
        ),
    ],
    end: Annotated[float, typer.Argument(min=0, help="Second, or place, at which it ends.")],
) -> None:
    """Take a passage back: out of transcript and recording, or of a study's text and original, of summary and search."""
    from app import erasure
    from app.holding import holder
    from transcripts.model import clock
    from transcripts.study_withdrawal import between

    services = open_services()
    if holder(services, slug) is services.studies:
        seen = services.studies.digest(slug)
        first, last = between(services.studies.read(slug), start, end)
        erasure.withdraw_from_study(services, slug, first, last, seen, "terminal")
        done = "Retiré : une phrase." if first == last else f"Retiré : {last - first + 1} phrases."
    else:
        left = erasure.withdraw_passage(services, slug, start, end, "terminal")
        done = f"Retiré de {clock(left.start)} à {clock(left.end)}."
    _purge(services)
    say(done)


def _purge(services: Services) -> None:
    with bars() as progress:
        services.engine.purge(lambda done, total: progress("Index", done, total))


@app.command()
def voices(slug: Slug, as_json: Json = False) -> None:
    """List the voices of a masterclass, and whom they may belong to."""
    from app import voices as found
    from transcripts.model import clock

    services = open_services()
    heard = found.voices(services, slug)
    if as_json:
        print_json(heard)
        return
    for voice in heard:
        guess = f" — peut-être {voice.proposed} ({decimal(voice.likeness or 0, '.2f')})" if voice.proposed else ""
        say(f"{voice.speaker}  {clock(voice.seconds)}{guess}")
    if not heard:
        say("Une seule voix.")


@app.command("name-voice")
def name_voice(
    slug: Slug,
    voice: Annotated[str, typer.Argument(help="What the voice is called now, as given by `hub voices`.")],
    name: Annotated[str, typer.Argument(help="The speaker's name.")],
) -> None:
    """Give a voice its name in the whole transcript."""
    from app import voices as found

    services = open_services()
    found.name_voice(services, slug, voice, name, "terminal")


@app.command()
def reindex(
    from_scratch: Annotated[bool, typer.Option("--from-scratch", help="Forget the index first.")] = False,
) -> None:
    """Bring the index level with the library."""
    engine = open_services().engine
    with bars() as progress:
        progress("Index", 0, 0)
        (engine.rebuild if from_scratch else engine.follow)(lambda done, total: progress("Index", done, total))
