"""What the commands share: results on stdout, everything else on stderr, and the options that come back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from app.services import Services

Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")]
Slug = Annotated[str, typer.Argument(help="Identifier of a masterclass, as given by `hub list`.")]
Theme = Annotated[str | None, typer.Option(help="Theme, by its identifier.")]
OfKind = Annotated[
    Literal["masterclass", "study"] | None, typer.Option("--kind", help="Only masterclasses, or only studies.")
]
Day = Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"])]


def fail(sentence: str) -> NoReturn:
    """End the command with one sentence and exit code 1."""
    console().print(sentence, style="red", markup=False, highlight=False)
    raise SystemExit(1)


def console() -> Console:
    """Return the console for everything but results: stderr."""
    from rich.console import Console

    return Console(stderr=True)


def sure(question: str) -> bool:
    """Ask for a yes, in French and on stderr; anything else, and no answer at all, is a no."""
    console().print(f"{question} [o/N] ", end="", markup=False, highlight=False, soft_wrap=True)
    return sys.stdin.readline().strip().lower() in ("o", "oui", "y", "yes")


def open_services() -> Services:
    """Return the services of this command, made from the environment."""
    from app.services import Services
    from app.settings import load_settings

    return Services(load_settings(), report=lambda line: console().print(line, style="dim"))


def print_json(value: Any) -> None:
    """Write a value of the contract to stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def say(text: str = "") -> None:
    """Write a line of the result to stdout."""
    sys.stdout.write(f"{text}\n")


@contextmanager
def bars() -> Iterator[Any]:
    """Lend a function that shows a stage with its bar and the time left, on stderr."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console(),
        transient=True,
    ) as shown:
        stages: dict[str, Any] = {}

        def show(stage: str, done: float, total: float) -> None:
            if stage not in stages or shown.tasks[-1].id != stages[stage]:
                for task in shown.task_ids:
                    shown.update(task, visible=False)
                stages[stage] = shown.add_task(stage, total=total or None)
            shown.update(stages[stage], completed=done, total=total or None)

        yield show
