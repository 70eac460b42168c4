"""How long a choice of filters takes on a survey: ``python -m tests.bench_survey [ANSWERS…]``, 850 and 100,000 by default.

First what is computed, then the page that is drawn of it, before it goes to a browser.
"""

import os
import random
import statistics
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from streamlit.testing.v1 import AppTest

from app import demo_survey
from app.services import services
from app.settings import ROOT
from app.survey_file import read_survey
from app.surveys import Reviewed, key
from tests.conftest import make_home
from tests.prying import Prying, careless, choices
from tests.yardstick import note
from transcripts.days import today
from transcripts.survey import Description, explore

_TIMES = 1_000


def page(data: bytes, size: int) -> None:
    """Print how long the hub takes to draw the page of another choice (milliseconds): median, the longest."""
    kept = services().surveys.new(demo_survey.DESCRIPTION)
    said = kept.keep(data, demo_survey.DESCRIPTION, published=True).said
    kept.decide([Reviewed(key(text), text, "", today()) for text in {each.text for each in said}])
    drawn = AppTest.from_file(str(ROOT / "pages" / "enquete.py"), default_timeout=120).run()
    took = []
    for sector in (*demo_survey.SECTORS, *demo_survey.SECTORS):
        began = time.perf_counter()
        drawn.selectbox(key="f1").select(sector).run()
        took.append(1000 * (time.perf_counter() - began))
    note(f"the page of {size:,} answers, a filter (median)", statistics.median(took), "ms", most=300, digits=0)
    sys.stdout.write(f"its page: a filter {statistics.median(took):.0f} ms, longest {max(took):.0f} ms\n")
    kept.remove()


def main(sizes: list[int]) -> None:
    """Print the time of reading, and of a filter: median, nineteen of twenty, the longest (milliseconds); what prying finds out."""
    draw = random.Random(1)  # noqa: S311
    description = Description.model_validate(tomllib.loads(demo_survey.DESCRIPTION))
    for size in sizes:
        data = demo_survey.answers(size)
        began = time.perf_counter()
        survey = read_survey(data, description)
        read = time.perf_counter() - began
        took, worked, shown = [], [], 0
        prying, other = Prying(survey), Prying(survey)
        for filters in choices(survey, draw, _TIMES):
            began, busy = time.perf_counter(), time.process_time()
            view = explore(survey, filters)
            took.append(1000 * (time.perf_counter() - began))
            worked.append(1000 * (time.process_time() - busy))
            shown += view.total is not None
            prying.see(filters, view)
            other.see(filters, careless(survey, other, filters))
        took.sort()
        note(f"a filter on {size:,} answers (p95)", took[int(0.95 * _TIMES)], "ms", most=300, digits=0)
        note(f"small groups found out among {size:,} answers", prying.found(), "groups", most=0, digits=0)
        sys.stdout.write(
            f"{size} answers: read in {read:.1f} s; a filter {statistics.median(took):.0f} ms, "
            f"p95 {took[int(0.95 * _TIMES)]:.0f} ms, longest {took[-1]:.0f} ms (of the processor {max(worked):.0f} ms); {shown} of {_TIMES} groups are shown; "
            f"small groups found out {prying.found()} ({other.found()} if only small counts were hidden)\n"
        )
        page(data, size)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HUB_HOME"] = str(make_home(Path(folder) / "home", ROOT / "var" / "models"))
        main([int(word) for word in sys.argv[1:]] or [demo_survey.SIZE, 100_000])
