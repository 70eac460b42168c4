"""What is damaged is told to whoever looks after the hub, and stands in no list; the rest is served."""

import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app import telemetry
from app.services import services
from app.steward import tending
from app.upkeep import doctor
from tests.app.conftest import HEARD, READ
from tests.conftest import run_hub
from transcripts.library import Library

LISTS = ("/m/", "/feed.xml", "/sitemap.xml", "/api/masterclasses")


def listed(web: TestClient, slug: str) -> set[str]:
    answers = {path: web.get(path) for path in LISTS}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {path for path, answer in answers.items() if slug in answer.text}


def damaged() -> float:
    [figure] = [one for one in telemetry._Figures().collect() if one.name == "hub_masterclasses"]
    return next(sample.value for sample in figure.samples if sample.labels["status"] == "damaged")


def test_a_transcript_that_is_spoilt_while_the_hub_runs_is_told_and_set_aside(
    web: TestClient, library: Library
) -> None:
    assert listed(web, READ) == listed(web, HEARD) == set(LISTS)
    transcript = library.root / READ / "transcript.vtt"
    good = transcript.read_bytes()
    transcript.unlink()
    with tending(services()):
        until = time.monotonic() + 60
        while not services().library.damaged() and time.monotonic() < until:
            time.sleep(0.1)
    assert (listed(web, READ), listed(web, HEARD)) == (set(), set(LISTS))
    assert (web.get(f"/m/{READ}").status_code, web.get(f"/m/{HEARD}").status_code) == (503, 200)
    assert damaged() == 1
    [check] = [check for check in doctor(services().settings) if check.name == "Bibliothèque"]
    assert (check.level, f"{READ}/transcript.vtt" in str(check.advice)) == ("error", True)
    done = run_hub(library.home, "list")
    assert (done.returncode, f"{READ}/transcript.vtt" in done.stderr.replace("\n", "")) == (1, True)
    transcript.write_bytes(good)
    assert listed(web, READ) == set(LISTS)
    assert (damaged(), run_hub(library.home, "list").returncode) == (0, 0)


@pytest.mark.parametrize(
    "damage", ["duration = inf", "duration = nan", "recording = {file = 3, sha256 = 'x'}", "speakers = 'Ada'"]
)
def test_a_card_that_cannot_be_takes_down_itself_alone(
    web: TestClient, library: Library, tmp_path: Path, damage: str
) -> None:
    card = library.root / READ / "masterclass.toml"
    name = damage.partition(" ")[0]
    kept = [line for line in card.read_text("utf-8").splitlines() if not line.startswith(f"{name} = ")]
    card.write_text("\n".join([damage, *kept]), "utf-8")
    loop = library.root / "2026-01-01-boucle"
    loop.symlink_to(loop)
    assert (listed(web, READ), listed(web, HEARD)) == (set(), set(LISTS))
    paths = (f"/m/{READ}", f"/media/{READ}", f"/embed/{READ}", f"/oembed?url=http://testserver/m/{READ}")
    assert {web.get(path).status_code for path in paths} == {503}
    assert damaged() == 2
    done = run_hub(library.home, "export-site", str(tmp_path / "site"))
    assert "Traceback" not in done.stderr
    assert (tmp_path / "site" / "m" / HEARD / "index.html").exists()
    assert "Traceback" not in run_hub(library.home, "list").stderr
