"""How long a choice of filters takes on a survey: ``python -m tests.bench_survey [ANSWERS…]``, 850 and 100,000 by default.

First what is computed, then the page as a reader's browser shows it: from the click on an answer to the new number of answers.
"""

import random
import statistics
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from playwright.sync_api import sync_playwright

from app import demo_survey
from app.survey_file import read_survey
from app.surveys import Reviewed, Surveys, key
from tests.browser.conftest import chromium, serve
from tests.browser.views import settle
from tests.yardstick import note
from transcripts.days import today
from transcripts.survey import MOST_FILTERS, NO_ANSWER, OTHERS, Description, explore

_TIMES = 1_000
# From the click until the number of answers is another one and was painted.
CHANGED = """(option, before) => new Promise(done => {
  const began = performance.now();
  const look = () => {
    const told = document.querySelector(".stMain .hub-count[data-told]")?.innerText;
    if (told && told !== before) requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
    else requestAnimationFrame(look);
  };
  option.click();
  look();
})"""


def page(home: Path, data: bytes, size: int) -> None:
    """Print how long the page takes to show another choice (milliseconds): median, the longest."""
    kept = Surveys(home).new(demo_survey.DESCRIPTION)
    said = kept.keep(data, demo_survey.DESCRIPTION, published=True).said
    kept.decide([Reviewed(key(text), text, "", today()) for text in {each.text for each in said}])
    process, url = serve(home)
    took = []
    try:
        with sync_playwright() as playwright:
            reader = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"]).new_page()
            reader.goto(f"{url}/enquete")
            told = reader.locator(".stMain .hub-count[data-told]")
            told.wait_for(timeout=120_000)
            for sector in (*demo_survey.SECTORS, *demo_survey.SECTORS):
                settle(reader)
                before = told.inner_text()
                reader.get_by_role("combobox", name="Secteur").click()
                option = reader.get_by_role("option", name=sector, exact=True)
                option.wait_for()
                took.append(option.evaluate(CHANGED, before))
    finally:
        process.terminate()
        process.wait(20)
    took.sort()
    note(f"the page of {size:,} answers, a filter (median)", statistics.median(took), "ms", most=300, digits=0)
    sys.stdout.write(f"the page of {size}: a filter {statistics.median(took):.0f} ms, longest {took[-1]:.0f} ms\n")


def main(sizes: list[int]) -> None:
    """Print the time of reading, and of a filter: median, nineteen of twenty, the longest (milliseconds); the least count shown."""
    draw = random.Random(1)  # noqa: S311
    description = Description.model_validate(tomllib.loads(demo_survey.DESCRIPTION))
    for size in sizes:
        # Drawn once and repeated: drawing is no part of what is timed.
        head, *rows = demo_survey.answers(min(size, demo_survey.SIZE)).splitlines(keepends=True)
        data = b"".join([head, *(rows * -(-size // len(rows)))[:size]])
        began = time.perf_counter()
        survey = read_survey(data, description)
        read = time.perf_counter() - began
        took, worked, counts, shown = [], [], set(), 0
        offered = [question for question in survey.questions if question.filter]
        for _ in range(_TIMES):
            chosen = draw.sample(offered, draw.randint(0, MOST_FILTERS))
            filters = {q.title: draw.choice([a for a in q.answers if a not in (OTHERS, NO_ANSWER)]) for q in chosen}
            began, busy = time.perf_counter(), time.process_time()
            view = explore(survey, filters)
            took.append(1000 * (time.perf_counter() - began))
            worked.append(1000 * (time.process_time() - busy))
            shown += view.total is not None
            counts |= {view.total, *(bar.count for one in view.distributions for bar in one.bars)}
        took.sort()
        note(f"a filter on {size:,} answers (p95)", took[int(0.95 * _TIMES)], "ms", most=300, digits=0)
        sys.stdout.write(
            f"{size} answers: read in {read:.1f} s; a filter {statistics.median(took):.0f} ms, "
            f"p95 {took[int(0.95 * _TIMES)]:.0f} ms, longest {took[-1]:.0f} ms (of the processor {max(worked):.0f} ms); {shown} of {_TIMES} groups are shown, "
            f"the smallest of {min(filter(None, counts))}\n"
        )
        with tempfile.TemporaryDirectory() as folder:
            page(Path(folder), data, size)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [demo_survey.SIZE, 100_000])
