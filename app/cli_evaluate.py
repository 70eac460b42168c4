"""The command that measures search and answers on questions whose answers are known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.console import Json, OfKind, bars, fail, open_services, print_json
from transcripts.errors import BadInput
from transcripts.typography import counted

if TYPE_CHECKING:
    from rich.table import Table

    from app.engine import Engine
    from index.evaluate import Finding, Question
    from index.search import Filters
    from transcripts.resources import Collection

app = typer.Typer()

_COLUMNS = {
    "n": "n",
    "recall_at_1": "recall@1",
    "recall_at_5": "recall@5",
    "mrr_at_10": "MRR@10",
    "ndcg_at_10": "nDCG@10",
    "answered_right": "répond juste",
    "several_cited": "cite plusieurs œuvres",
    "wrongly_declined": "se tait à tort",
    "declined_right": "se tait à raison",
    "quotes_to_the_letter": "à la lettre",
    "citations_overlap": "citations justes",
    "seconds_off": "écart (s)",
    "search_ms": "recherche (ms)",
    "ask_ms": "réponse (ms)",
}


@app.command()
def evaluate(
    questions: Annotated[Path, typer.Argument(help="One JSON object a line: id, question, kind, answers.")],
    kind: OfKind = None,
    as_json: Json = False,
) -> None:
    """Measure search and answers on questions whose answers are known."""
    from index.evaluate import evaluate as measure
    from index.evaluate import read_questions
    from index.search import Filters

    try:
        asked = read_questions(questions.read_text("utf-8"), questions.name)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"« {questions} » ne peut pas être lu : rien n’a été mesuré ; donnez un fichier de questions (JSONL, UTF-8)."
        ) from error
    services = open_services()
    known = {details.slug for details in services.resources.published()}
    strangers = sorted({span.slug for question in asked for span in question.answers} - known)
    kept = [q for q in asked if all(span.slug in known for span in q.answers)]
    if kept:
        with bars() as progress:
            progress("Préparation", 0, 0)
            with services.engine.open(lambda done, total: progress("Index", done, total)) as engine:
                findings = []
                for done, question in enumerate(kept):
                    progress("Questions", done, len(kept))
                    findings.append(_ask(engine, services.resources, question, Filters(kind=kind)))
        figures = measure(findings)
        if as_json:
            print_json(figures)
        else:
            _print(figures)
    if strangers:
        fail(
            f"{counted(len(asked) - len(kept), 'question n’a pas été mesurée', 'questions n’ont pas été mesurées')} : rien de publié ne porte "
            f"l’identifiant « {strangers[0][:120]} »"
            + (f", ni {counted(len(strangers) - 1, 'autre', 'autres')}" if strangers[1:] else "")
            + " ; « hub list » les donne tous."
        )


def _ask(engine: Engine, resources: Collection, question: Question, filters: Filters) -> Finding:
    """Ask a question of every search, and of the answers."""
    from index.evaluate import DEPTH, Finding, Span, cited_to_the_letter
    from index.search import SEARCHES

    replies = {by: engine.search(question.question, DEPTH, filters, by) for by in SEARCHES}
    answer = engine.ask(question.question, kind=filters.kind)
    letters = tuple(cited_to_the_letter(c, resources.read(c.slug)) for c in answer.citations)
    found = {by: [Span.of(result) for result in reply.results] for by, reply in replies.items()}
    return Finding(question, found, answer, letters, replies["fused"].took_ms)


def _print(figures: dict[str, Any]) -> None:
    """Show the figures as tables, on stdout."""
    from rich.console import Console
    from rich.table import Table

    table = Table("", *_COLUMNS.values(), title="Recherche et réponses")
    groups = {"tout": figures["all"], **figures["kinds"]}
    groups |= {f"langue {name}": group for name, group in figures["languages"].items()}
    for name, group in groups.items():
        table.add_row(name, *(_number(group[key]) for key in _COLUMNS))
    low_high = [
        "",
        *(
            "" if (ci := figures["all"]["ci"].get(key)) is None else f"{ci[0]:.2f}-{ci[1]:.2f}"
            for key in list(_COLUMNS)[1:]
        ),
    ]
    table.add_row("tout, à 95 %", *low_high)
    console = Console(width=170)
    console.print(table)
    console.print(_searches(figures["searches"]))


def _searches(searches: dict[str, Any]) -> Table:
    from rich.table import Table

    names = {"words": "par les mots", "meaning": "par le sens", "fused": "ensemble"}
    shown = ("recall_at_1", "recall_at_5", "mrr_at_10")
    table = Table("", *(f"{names[by]} {_COLUMNS[key]}" for by in names for key in shown), title="Chaque recherche")
    kinds = list(searches["fused"]["kinds"])
    for kind in ("tout", *kinds):
        groups = [searches[by]["all"] if kind == "tout" else searches[by]["kinds"][kind] for by in names]
        table.add_row(kind, *(_number(group[key]) for group in groups for key in shown))
    return table


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) and value <= 1 else f"{value:.0f}"
