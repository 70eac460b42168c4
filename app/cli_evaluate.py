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

_SEARCHES = {"words": "par les mots", "meaning": "par le sens", "fused": "ensemble"}
_RANKED = {"recall_at_1": "recall@1", "recall_at_5": "recall@5", "mrr_at_10": "MRR@10", "ndcg_at_10": "nDCG@10"}
_ANSWERED = {
    "answered_right": "répond juste",
    "several_cited": "cite plusieurs œuvres",
    "wrongly_declined": "se tait à tort",
    "declined_right": "se tait à raison",
}
_CITED = {
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
    """Show the figures as tables, on stdout, each narrow enough for 80 columns."""
    from rich.console import Console

    console = Console()
    for by, name in _SEARCHES.items():
        console.print(_table(f"Recherche, {name}", figures["searches"][by], _RANKED))
    console.print(_table("Réponses", figures, _ANSWERED))
    console.print(_table("Citations et durées", figures, _CITED))
    console.print("Après chaque valeur, son intervalle de confiance à 95 %.", highlight=False)


def _table(title: str, figures: dict[str, Any], columns: dict[str, str]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Column, Table

    group = Column(overflow="fold")
    table = Table(group, "n", *columns.values(), title=title, box=SIMPLE_HEAD, padding=0, show_edge=False)
    groups = {"tout": figures["all"], **figures["kinds"]}
    groups |= {f"langue {name}": told for name, told in figures["languages"].items()}
    for name, told in groups.items():
        table.add_row(name, str(told["n"]), *(_cell(told[key], told["ci"].get(key)) for key in columns))
    return table


def _cell(value: float | None, interval: tuple[float, float] | None) -> str:
    if value is None or interval is None:
        return ""
    digits = 2 if interval[1] <= 1 else 0
    return f"{value:.{digits}f} {interval[0]:.{digits}f}–{interval[1]:.{digits}f}"
