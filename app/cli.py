"""The ``hub`` command. Results go to stdout, everything else to stderr.

Nothing heavy is imported before a command needs it: ``hub --help`` must answer at once.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from transcripts.errors import HubError

if TYPE_CHECKING:
    from rich.console import Console

    from app.services import Services
    from index.search import Result

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Masterclass hub: recordings become transcripts, search and answers that cite the second.",
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")]
Slug = Annotated[str, typer.Argument(help="Identifier of a masterclass, as given by `hub list`.")]
Theme = Annotated[str | None, typer.Option(help="Theme, by its identifier.")]
Day = Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"])]


def main() -> None:
    """Run the command; every failure is one sentence and exit code 1."""
    try:
        app()
    except HubError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        _fail("Interrompu : rien d’inachevé ne reste ; relancez la commande pour continuer.")
    except BrokenPipeError:
        # Whoever read our output has gone; nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None


def _fail(sentence: str) -> None:
    _console().print(sentence, style="red", markup=False, highlight=False)
    raise SystemExit(1)


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True)


def _services() -> Services:
    from app.services import Services
    from app.settings import load_settings

    return Services(load_settings(), report=lambda line: _console().print(line, style="dim"))


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")


@contextmanager
def _progress() -> Iterator[Any]:
    """Lend a function that shows a stage with its bar and the time left, on stderr."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=_console(),
        transient=True,
    ) as bars:
        stages: dict[str, Any] = {}

        def show(stage: str, done: float, total: float) -> None:
            if stage not in stages or bars.tasks[-1].id != stages[stage]:
                for task in bars.task_ids:
                    bars.update(task, visible=False)
                stages[stage] = bars.add_task(stage, total=total or None)
            bars.update(stages[stage], completed=done, total=total or None)

        yield show


@app.command()
def ingest(
    source: Annotated[list[str], typer.Argument(help="Recordings, folders of them, or .vtt/.srt transcripts.")],
    title: Annotated[str | None, typer.Option(help="Title; else the file's own, or its name.")] = None,
    date: Day = None,
    speaker: Annotated[list[str] | None, typer.Option(help="A speaker's name; may be repeated.")] = None,
    theme: Theme = None,
    language: Annotated[str | None, typer.Option(help="Language of the talk (fr, en, …), or auto.")] = None,
    slug: Annotated[str | None, typer.Option(help="Identifier to give it.")] = None,
    publish: Annotated[bool, typer.Option("--publish", help="Publish at once instead of keeping a draft.")] = False,
    as_json: Json = False,
) -> None:
    """Transcribe recordings, or import transcripts, into the library."""
    from app import jobs
    from ingest.pipeline import Wishes

    if (title or slug) and (len(source) > 1 or Path(source[0]).is_dir()):
        raise typer.BadParameter("--title and --slug go with one source")
    services = _services()
    wishes = Wishes(title, date.date() if date else None, tuple(speaker or ()), theme, language, slug, publish)
    outcomes = []
    with _progress() as progress:
        try:
            for outcome in jobs.ingest(services, source, wishes, progress):
                outcomes.append(outcome)
                if not as_json and outcome.slug:
                    words = {"draft": "brouillon", "published": "publiée", "unchanged": "déjà là"}[outcome.status]
                    _say(f"{outcome.slug} : {words}, {outcome.cues} répliques, {outcome.took:.0f} s")
        finally:
            if as_json:
                _print_json(outcomes)
    failures = [outcome for outcome in outcomes if outcome.error]
    for failure in failures:
        _console().print(failure.error, style="red", markup=False, highlight=False)
    if failures:
        raise SystemExit(1)


@app.command()
def search(
    query: str,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    theme: Theme = None,
    since: Day = None,
    until: Day = None,
    speaker: Annotated[str | None, typer.Option(help="Only what this speaker's masterclasses hold.")] = None,
    as_json: Json = False,
) -> None:
    """Find passages in the published masterclasses."""
    from index.search import Filters

    filters = Filters(theme, speaker, since.date() if since else None, until.date() if until else None)
    with _engine() as engine:
        reply = engine.search(query, limit, filters)
    if as_json:
        _print_json(reply)
        return
    for found in reply.results:
        _say_result(found)
    if not reply.results:
        _say("Aucun passage trouvé.")


@app.command()
def ask(question: str, as_json: Json = False) -> None:
    """Answer a question with what speakers said, to the letter."""
    from index.answer import frame
    from transcripts.model import clock

    with _engine() as engine:
        answer = engine.ask(question)
    if as_json:
        _print_json(answer)
        return
    _say(frame(answer))
    for citation in answer.citations:
        _say(f"\n« {citation.quote} »\n  [{citation.n}] {citation.title}, {clock(citation.start)} — {citation.url}")
    for found in answer.closest:
        _say_result(found)


def _say_result(found: Result) -> None:
    from transcripts.model import clock

    _say(f"\n{found.title}, {clock(found.start)}{f' — {found.chapter}' if found.chapter else ''}\n  {found.text}")


@contextmanager
def _engine() -> Iterator[Any]:
    with _progress() as progress:
        progress("Préparation", 0, 0)
        with _services().engine.open(lambda done, total: progress("Index", done, total)) as engine:
            yield engine


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the masterclasses, latest first."""
    from transcripts.formats import entry
    from transcripts.model import clock

    library = _services().library
    catalogue = library.catalogue()
    if as_json:
        _print_json([entry(details) for details in catalogue])
    else:
        for details in catalogue:
            draft = " (brouillon)" if details.status == "draft" else ""
            _say(f"{details.slug}  {clock(details.duration)}  {details.title}{draft}")
    damaged = library.damaged()
    for error in damaged:
        _console().print(str(error), style="red", markup=False, highlight=False)
    if damaged:
        raise SystemExit(1)


@app.command()
def show(slug: Slug, as_json: Json = False) -> None:
    """Show a masterclass: its details, summary and chapters."""
    from transcripts.formats import export as write
    from transcripts.model import clock

    masterclass = _services().library.read(slug)
    if as_json:
        _say(write(masterclass, "json").rstrip())
        return
    details = masterclass.details
    _say(
        f"{details.title}\n{details.date.isoformat()}, {', '.join(details.speakers) or 'sans intervenant nommé'}, {clock(details.duration)}, {details.status}"
    )
    if masterclass.summary.text:
        _say(f"\n{masterclass.summary.text}")
    _say()
    for chapter in masterclass.chapters:
        _say(f"{clock(chapter.start)}  {chapter.title}")


@app.command()
def export(
    slug: Slug,
    form: Annotated[Literal["vtt", "srt", "txt", "md", "json"], typer.Option("--format", help="What to write.")],
) -> None:
    """Write a masterclass to stdout."""
    from transcripts.formats import export as write

    sys.stdout.write(write(_services().library.read(slug), form))


@app.command()
def publish(slug: Slug) -> None:
    """Show a masterclass to everyone."""
    _services().library.set_status(slug, "published")


@app.command()
def unpublish(slug: Slug) -> None:
    """Take a masterclass back to a draft."""
    _services().library.set_status(slug, "draft")


@app.command()
def remove(slug: Slug) -> None:
    """Remove a masterclass and its recording for good."""
    _services().library.remove(slug)


@app.command()
def voices(slug: Slug, as_json: Json = False) -> None:
    """List the voices of a masterclass, and whom they may belong to."""
    from app import voices as found
    from transcripts.model import clock

    services = _services()
    heard = found.voices(services.library, services.prints, slug)
    if as_json:
        _print_json(heard)
        return
    for voice in heard:
        guess = f" — peut-être {voice.proposed} ({voice.likeness:.2f})" if voice.proposed else ""
        _say(f"{voice.speaker}  {clock(voice.seconds)}{guess}")
    if not heard:
        _say("Une seule voix.")


@app.command("name-voice")
def name_voice(
    slug: Slug,
    voice: Annotated[str, typer.Argument(help="What the voice is called now, as given by `hub voices`.")],
    name: Annotated[str, typer.Argument(help="The speaker's name.")],
) -> None:
    """Give a voice its name in the whole transcript."""
    from app import voices as found

    services = _services()
    found.name_voice(services.library, services.prints, slug, voice, name)


@app.command()
def reindex(
    from_scratch: Annotated[bool, typer.Option("--from-scratch", help="Forget the index first.")] = False,
) -> None:
    """Bring the index level with the library."""
    engine = _services().engine
    with _progress() as progress:
        progress("Index", 0, 0)
        (engine.rebuild if from_scratch else engine.follow)(lambda done, total: progress("Index", done, total))


@app.command()
def demo(
    remove: Annotated[bool, typer.Option("--remove", help="Take the demonstration out again.")] = False,
) -> None:
    """Fill an empty library with the demonstration masterclasses."""
    from app import demo as demonstration

    services = _services()
    with _progress() as progress:
        changed = (demonstration.remove if remove else demonstration.fill)(services, progress)
    _console().print(f"Démonstration : {changed} masterclass {'retirées' if remove else 'ajoutées'}.")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8501,
) -> None:
    """Open the hub in the browser's reach."""
    import socket

    from app.settings import ROOT
    from transcripts.errors import writing

    settings = _services().settings
    with writing(settings.home):
        settings.home.mkdir(parents=True, exist_ok=True)
        (settings.home / "index").mkdir(exist_ok=True)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            _fail(
                f"Le port {port} de {host} est déjà pris : le hub n’a pas démarré ; "
                "arrêtez l’autre programme ou choisissez un port avec --port (make run PORT=…)."
            )
    _console().print(
        f"Le hub s’ouvre sur http://{'localhost' if host == '127.0.0.1' else host}:{port} (Ctrl-C l’arrête)."
    )
    # Started as Streamlit's own command, or its configuration file would not be read.
    command = ["streamlit", "run", str(ROOT / "hub.py"), "--server.address", host, "--server.port", str(port)]
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", *command])  # noqa: S606 - every argument is ours
