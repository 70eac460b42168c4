"""``make bench`` ends with its table, whatever fails on the way."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from app.settings import ROOT
from tests import yardstick

STUB = """#!/bin/sh
echo "$@" >> {asked}
case "$*" in *tests.bench_terms*|*test_kills*) exit 1;; esac
"""


def test_a_measure_that_fails_keeps_no_other_from_being_made_and_is_told_of(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    for name in ("python", "hub"):
        (tmp_path / name).write_text(STUB.format(asked=asked))
        (tmp_path / name).chmod(0o755)
    there = [f"{name}=Makefile" for name in ("INSTALLED", "OPENAI")]
    # "make test" runs this too: of a make below it, make says that it leaves the folder.
    command = [str(shutil.which("make")), "--no-print-directory", "bench", f"BIN={tmp_path}", *there]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    *measures, last = asked.read_text().splitlines()
    assert last.startswith("-m tests.yardstick 20")
    assert {"-m tests.bench_pages", "-m tests.bench_scale 20000"} <= set(measures)
    assert done.returncode != 0
    told = done.stdout.splitlines()[-1]
    assert "tests.bench_terms" in told and "test_kills" in told and "bench_voices" not in told


def test_a_figure_from_before_is_no_success_of_today(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(yardstick, "_NOTES", tmp_path / "measures.jsonl")
    yardstick.note("kills", 20, least=20)
    row = json.loads((tmp_path / "measures.jsonl").read_text())
    yardstick.main(row["on"])
    assert "yes" in capsys.readouterr().out
    yardstick.main("2999-01-01 00:00")
    assert "old" in (told := capsys.readouterr().out) and "yes" not in told
