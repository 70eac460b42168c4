"""The decision to answer is fitted to what a home publishes, whoever else looks after that home."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app import calibrate
from app.owner import Ownership
from app.services import services
from index.fitting import Case
from index.training.lessons import UNSEEN
from tests.index.test_store import SUBJECTS, talk
from tests.papers import paper

ASKED = "Quelle part du prêt bancaire la garantie couvre-t-elle ?"


def test_a_fit_beside_a_running_hub_asks_studies_too_and_leaves_its_index_alone(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_HOME", str(home))
    services.cache_clear()
    ours = services()
    study = ours.studies.add(paper()).slug
    spoken = ours.library.add(talk(0, SUBJECTS[0])).slug
    unseen = tmp_path / "training" / "unseen"
    unseen.mkdir(parents=True)
    for file, lines in (("near_misses.txt", "Combien de salariés ?"), ("elsewhere.txt", "Il pleut ?")):
        (tmp_path / "training" / file).write_text(lines + "\n", "utf-8")
    first = next(UNSEEN.glob("*.jsonl")).read_text("utf-8").splitlines()[0]
    (unseen / "talks.jsonl").write_text(first + "\n", "utf-8")
    questions = tmp_path / "questions.jsonl"
    answers = [{"slug": study, "page": 2}]
    questions.write_text(json.dumps({"id": "a", "question": ASKED, "kind": "direct", "answers": answers}), "utf-8")
    posed: list[Case] = []

    def fit(cases: Sequence[Case], embedder: str) -> tuple[dict[str, Any], dict[str, float]]:
        posed.extend(cases)
        return {"embedder": embedder}, {}

    monkeypatch.setattr(calibrate, "UNSEEN", unseen)
    monkeypatch.setattr(calibrate, "_GENERAL", unseen.parent)
    monkeypatch.setattr(calibrate, "FITTED", tmp_path / "fitted.json")
    monkeypatch.setattr(calibrate, "fit", fit)
    monkeypatch.setattr(sys, "argv", ["calibrate", str(questions)])
    hub, kept = Ownership(ours.place.folder), ours.place.folder
    assert hub.take()
    before = sorted(kept.rglob("*"))
    calibrate.main()
    assert sorted(kept.rglob("*")) == before
    hub.release()
    services.cache_clear()
    assert json.loads((tmp_path / "fitted.json").read_text("utf-8")) == {"embedder": ours.embedder.name}
    (asked,) = (case for case in posed if case.group == "a")
    assert asked.sort == "answered" and {hit.passage.slug for hit in asked.study.hits} == {study, spoken}
    assert {case.place for case in posed} == {"demo", "practice"}
