"""What a language model's answers are worth: ``python -m tests.bench_written QUESTIONS.jsonl`` with HUB_LLM_URL set prints tables.

Of each question (as for ``hub evaluate``) that the library answers: seconds, lines of the model's answer, sentences that
were kept, whether the answer was written or the quotes stood; of all, why sentences were dropped. HUB_ANSWER_TIMEOUT is the time it has.
"""

import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.services import services
from index.answer import Answerer, Draft, Quote, Tell
from index.evaluate import read_questions
from index.question import Language
from index.written import Written


class Watched(Written):
    """A model whose answers are looked at on their way."""

    def __init__(self, written: Written) -> None:
        vars(self).update(vars(written))
        self.lines, self.kept, self.seconds = 0, 0, 0.0

    def draft(
        self, question: str, language: Language, chosen: Sequence[Quote], around: Sequence[Quote], tell: Tell
    ) -> Sequence[Draft]:
        self.lines = self.kept = 0
        self._rests_until = 0.0  # each question is asked
        began = time.monotonic()
        drafts = super().draft(question, language, chosen, around, tell)
        self.seconds = time.monotonic() - began
        return drafts

    def _read(self, prompt: str) -> Iterator[str]:
        for line in super()._read(prompt):
            self.lines += bool(line.strip())
            yield line

    def _borne_out(self, lines: Sequence[Quote], answer: Iterator[str], language: Language) -> Iterator[Draft]:
        for draft in super()._borne_out(lines, answer, language):
            self.kept += 1
            yield draft


class Reasons(logging.Handler):
    """Counts why sentences are dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[object] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno == logging.DEBUG and isinstance(record.args, tuple):
            self.counts[record.args[0]] += 1


def main() -> None:
    """Ask all, and print."""
    file = Path(sys.argv[1])
    answerers: list[Answerer] = services().answerers
    if not isinstance(answerers[0], Written):
        sys.exit("HUB_LLM_URL names no model")
    answerers[0] = model = Watched(answerers[0])
    reasons, log = Reasons(), logging.getLogger("index.written")
    log.addHandler(reasons)
    log.setLevel(logging.DEBUG)
    table = Table("question", "seconds", "lines", "kept", "answer")
    with services().engine.open(lambda done, total: None) as engine:
        for question in read_questions(file.read_text("utf-8"), file.name):
            answer = engine.ask(question.question)
            if answer.answered:
                by = "written" if answer.written_by else "quotes"
                table.add_row(question.id, f"{model.seconds:.1f}", str(model.lines), str(model.kept), by)
    Console().print(table, "dropped:", ", ".join(f"{why} {count}" for why, count in reasons.counts.most_common()))


if __name__ == "__main__":
    main()
