"""The commands that do long work, or look after it: ingest, jobs, worker, demo, serve, doctor."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from app import cli_people
from app.console import Day, Json, Theme, bars, console, fail, open_services, print_json, say
from transcripts.typography import counted

if TYPE_CHECKING:
    from app.queue import Job
    from ingest.wishes import Outcome

app = typer.Typer()
_DASHED = re.compile(r"-+[a-z]+://", re.IGNORECASE)


class _Ingest(TyperCommand):
    """A link with a dash before it is a source, refused as one: its letters are no options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        dashed = [one for one in args if _DASHED.match(one)]
        if dashed and "--" not in args:
            args = [*(one for one in args if one not in dashed), "--", *dashed]
        return super().parse_args(ctx, args)


def _not_empty(given: list[str]) -> list[str]:
    from ingest.sources import refuse_empty

    for one in given:
        refuse_empty(one)
    return given


@app.command(cls=_Ingest)
def ingest(
    source: Annotated[
        list[str],
        typer.Argument(
            help="Recordings, folders of them, links, .vtt/.srt transcripts, or documents.", callback=_not_empty
        ),
    ],
    title: Annotated[str | None, typer.Option(help="Title; else the file's own, or its name.")] = None,
    date: Day = None,
    speaker: Annotated[list[str] | None, typer.Option(help="A speaker's or an author's name; may be repeated.")] = None,
    theme: Theme = None,
    language: Annotated[str | None, typer.Option(help="Language of the talk (fr, en, …), or auto.")] = None,
    voices: Annotated[int | None, typer.Option(min=1, help="How many people speak at most; else it is found.")] = None,
    slug: Annotated[str | None, typer.Option(help="Identifier to give it.")] = None,
    publish: Annotated[bool, typer.Option("--publish", help="Publish at once instead of keeping a draft.")] = False,
    later: Annotated[bool, typer.Option("--later", help="Leave it to the queue, see `hub jobs`.")] = False,
    as_json: Json = False,
) -> None:
    """Transcribe recordings, import transcripts, or read documents (PDF, DOCX, ODT, HTML, Markdown), into the library."""
    from app import jobs
    from app.holding import holder
    from ingest.wishes import Wishes

    if (title or slug) and (len(source) > 1 or Path(source[0]).is_dir()):
        raise typer.BadParameter("--title and --slug go with one source")
    services = open_services()
    day = date.date() if date else None
    wishes = Wishes(title, day, tuple(speaker or ()), theme, language, slug, publish, voices=voices)
    if later:
        # A worker runs in another folder.
        added = [services.queue.add(one if "://" in one else str(Path(one).absolute()), wishes) for one in source]
        if as_json:
            print_json(added)
        else:
            for job in added:
                say(f"{job.id} : en attente, {job.source}")
        return
    outcomes = []
    with bars() as progress:
        try:
            for outcome in jobs.ingest(services, source, wishes, progress):
                outcomes.append(outcome)
                if not as_json and outcome.slug:
                    _tell(outcome, holder(services, outcome.slug).details(outcome.slug).origin.note)
        finally:
            if as_json:
                print_json(outcomes)
    failures = [outcome for outcome in outcomes if outcome.error]
    for failure in failures:
        console().print(failure.error, style="red", markup=False, highlight=False)
    if failures:
        raise SystemExit(1)


def _tell(outcome: Outcome, note: str) -> None:
    words = {"draft": "brouillon", "published": "publiée", "unchanged": "déjà là"}[outcome.status]
    length = f", {counted(outcome.cues, 'ligne', 'lignes')}" if outcome.cues else ""
    say(f"{outcome.slug} : {words}{length}, {outcome.took:.0f} s")
    if note:
        say(f"    {note}")


@app.command()
def demo(
    remove: Annotated[bool, typer.Option("--remove", help="Take the demonstration out again.")] = False,
) -> None:
    """Fill an empty library with the demonstration masterclasses."""
    from app import demo as demonstration

    services = open_services()
    with bars() as progress:
        changed = (demonstration.remove if remove else demonstration.fill)(services, progress)
    if changed:
        done = "retirée" if remove else "ajoutée"
        say(f"Démonstration : {counted(changed, f'masterclass {done}', f'masterclass {done}s')}.")
    else:
        say(
            "Rien n’a été retiré : la démonstration n’est pas là."
            if remove
            else "Rien n’a été ajouté : la démonstration est déjà là, ou la bibliothèque contient autre chose."
        )


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what is installed, which models are there, and what is wrong."""
    from app import upkeep
    from app.settings import load_settings

    checks = list(upkeep.doctor(load_settings()))
    if as_json:
        print_json(checks)
    else:
        words = {"ok": "bien", "warning": "à savoir", "error": "à réparer"}
        for check in checks:
            say(f"{check.name} ({words[check.level]}) : {check.found}")
            if check.advice:
                say(f"    → {check.advice}")
    if any(check.level == "error" for check in checks):
        raise SystemExit(1)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8501,
) -> None:
    """Open the hub in the browser's reach."""
    import errno
    import socket

    from app.owner import name_of
    from app.settings import ROOT
    from transcripts.errors import writing

    services = open_services()
    settings = services.settings
    with writing(settings.home):
        settings.home.mkdir(parents=True, exist_ok=True)
        for folder in (settings.requests, settings.index_folder):
            folder.mkdir(parents=True, exist_ok=True)
    six = ":" in host  # then Streamlit listens so, and for IPv4 too where that is every address
    family = socket.AF_INET6 if six else socket.AF_INET
    try:
        socket.create_server((host, port), family=family, dualstack_ipv6=six and socket.has_dualstack_ipv6()).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            fail(
                f"Le port {port} de {host} est déjà pris : le hub n’a pas démarré ; "
                "arrêtez l’autre programme ou choisissez un port avec --port (make run PORT=…)."
            )
        fail(
            f"Le hub ne peut pas écouter au port {port} de {host} : il n’a pas démarré ; "
            "donnez à --host une adresse de cette machine, et à --port un nombre à partir de 1024."
        )
    base = f"http://{name_of(host)}:{port}".replace("127.0.0.1", "localhost")
    console().print(f"Le hub s’ouvre sur {base} (Ctrl-C l’arrête).")
    # To a terminal only: what a log file holds is read by others.
    if sys.stderr.isatty() and (link := cli_people.first_administrator(services, base)):
        console().print("Personne n’administre encore ce hub. Ce lien, qui sert une fois, vous en donne la charge :")
        console().print(link, markup=False, highlight=False, soft_wrap=True)
    # Started as Streamlit's own command, or its configuration file would not be read.
    command = ["streamlit", "run", str(ROOT / "hub.py"), "--server.address", host, "--server.port", str(port)]
    # The hub and its workers share the cores: threads that spin while they wait made each several times slower.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", *command])  # noqa: S606 - every argument is ours


@app.command()
def jobs(
    cancel: Annotated[str | None, typer.Option(metavar="ID", help="Cancel this job; what it has done is kept.")] = None,
    retry: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Let a job that failed (be it in part) or was cancelled begin again."),
    ] = None,
    first: Annotated[str | None, typer.Option(metavar="ID", help="Do this job before all that wait.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Show them until none is left to do.")] = False,
    as_json: Json = False,
) -> None:
    """List the jobs of the queue: stage, percentage, time left."""
    queue = open_services().queue
    if cancel:
        queue.cancel(cancel)
    if retry:
        queue.retry(retry)
    if first:
        queue.hurry(first)
    if as_json:
        print_json(queue.jobs())
        return
    while True:
        for job in queue.jobs():
            say(f"{job.id}  {_state(job)}  {job.source}")
            if job.error:
                say(f"  {job.error}")
        if not watch or all(job.state not in ("waiting", "running") for job in queue.jobs()):
            return
        time.sleep(2)
        say()


def _state(job: Job) -> str:
    if job.state == "running":
        return job.progress
    words = {"waiting": "en attente", "done": "terminé", "failed": "échec", "cancelled": "annulé"}
    return words[job.state] + (" (avant les autres)" if (job.urgent or job.hurried) and job.state == "waiting" else "")


@app.command()
def worker(
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """Do queued jobs until Ctrl-C; `hub serve` starts one by itself."""
    from app.logs import begin
    from app.worker import WorkLoop

    services = open_services()
    begin(services.settings)
    WorkLoop(services).run(until_stdin_closes=with_parent)
