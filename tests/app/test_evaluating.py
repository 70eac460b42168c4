"""`hub evaluate` tells each figure of each group, with its interval."""

import json
from pathlib import Path

from app.services import Services
from tests.conftest import Hub
from tests.talks import lines, talk

_ASKED = {"direct": "Comment se rembourse un prêt participatif ?", "english": "How is a participating loan repaid?"}


def test_each_search_is_shown_per_kind_and_language_with_intervals_and_in_80_columns(
    services: Services, hub: Hub, tmp_path: Path
) -> None:
    slug = talk(services.library, "Le prêt participatif", lines(30))
    answers = [{"slug": slug, "start": 0, "end": 90}]
    asked = [
        {"id": kind, "question": text, "kind": kind, "answers": answers}
        for kind, text in [*_ASKED.items(), ("une-sorte-au-nom-plus-long-que-les-autres", _ASKED["direct"])]
    ]
    questions = tmp_path / "questions.jsonl"
    questions.write_text("\n".join(map(json.dumps, asked)), "utf-8")
    shown = hub("evaluate", str(questions), COLUMNS="80")
    assert shown.returncode == 0, shown.stderr
    assert max(map(len, shown.stdout.splitlines())) <= 80
    _, *searches = shown.stdout.split("Réponses")[0].split("Recherche, ")
    assert [table.split("\n")[0].strip() for table in searches] == ["par les mots", "par le sens", "ensemble"]
    for table in searches:
        for group in ("tout", *_ASKED, "langue fr", "langue en"):
            (row,) = (line for line in table.splitlines() if line.startswith(f"{group} "))
            assert row.count("1.00–1.00") == 4, "an interval for each figure"
