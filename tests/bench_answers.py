"""What is wrong with the answers: ``python -m tests.bench_answers QUESTIONS.jsonl`` asks them all and prints what to look at.

A question of the file (as for ``hub evaluate``) is listed when it was declined though the library answers it, answered though
it does not, or answered with quotes of which none overlaps an answer: with how sure the decision was, and what weighed most.
"""

import sys
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from app.services import services
from index.answer import Answer
from index.evaluate import Question, overlaps, read_questions

_WEIGHTS = 3  # shown of each decision
_WIDTH = 170


def fault(question: Question, answer: Answer) -> str:
    """Return what is wrong with an answer, empty when nothing is."""
    if not question.answers:
        return "answered wrongly" if answer.answered else ""
    if not answer.answered:
        return "declined wrongly"
    right = any(overlaps(citation, span) for citation in answer.citations for span in question.answers)
    return "" if right else "wrong quote"


def _why(answer: Answer) -> str:
    if not answer.decision:
        return ""
    heaviest = sorted(answer.decision.weights.items(), key=lambda item: -abs(item[1]))[:_WEIGHTS]
    sure = f"{answer.decision.probability:.2f} of {answer.decision.threshold:.2f}"
    return "\n".join([sure, *(f"{name} {weight:+.1f}" for name, weight in heaviest)])


def main() -> None:
    """Ask, and print the table and how many of each fault there were."""
    file = Path(sys.argv[1])
    questions = read_questions(file.read_text("utf-8"), file.name)
    with services().engine.open(lambda done, total: None) as engine:
        asked = [(q, engine.ask(q.question)) for q in track(questions, console=Console(stderr=True))]
    wrong = [(found, q, a) for q, a in asked if (found := fault(q, a))]
    wrong.sort(key=lambda row: (row[0], row[1].id))
    table = Table("fault", "question", "decision", "quoted, or nearest", show_lines=True)
    for found, question, answer in wrong:
        said = [(c.slug, c.start, c.quote) for c in answer.citations]
        near = [(r.slug, r.moment, r.text[:160]) for r in answer.closest[:2]]
        shown = "\n".join(f"{slug[:10]} {start:.0f} s: {text}" for slug, start, text in said or near)
        table.add_row(found, Text(f"{question.id}\n{question.question}"), _why(answer), Text(shown))
    console = Console(width=_WIDTH)
    console.print(table)
    for name in ("declined wrongly", "answered wrongly", "wrong quote"):
        console.print(f"{name}: {sum(found == name for found, _, _ in wrong)} of {len(asked)}")


if __name__ == "__main__":
    main()
