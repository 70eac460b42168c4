"""How talks and a study are found and answered from together: ``python -m tests.bench_mixed`` notes the figures of ``mixed.jsonl``."""

import json
import sys

from app.settings import ROOT
from tests.conftest import kept_demonstration, run_hub
from tests.yardstick import note


def main() -> None:
    """Ask the forty questions of the demonstration."""
    done = run_hub(kept_demonstration(), "evaluate", str(ROOT / "tests/questions/mixed.jsonl"), "--json")
    if done.returncode:
        raise RuntimeError(done.stderr)
    figures = json.loads(done.stdout)
    whole, both = figures["all"], figures["kinds"]["both"]
    note("40 mixed questions: recall@5", whole["recall_at_5"], least=0.95)
    note("40 mixed questions: quotes to the letter", whole["quotes_to_the_letter"], least=1)
    note("40 mixed questions: answered right", whole["answered_right"])
    note("40 mixed questions: what neither answers declined", whole["declined_right"])
    note("10 questions that both answer: both cited", both["several_cited"])
    sys.stdout.write("Noted: python -m tests.yardstick\n")


if __name__ == "__main__":
    main()
