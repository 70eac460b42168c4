"""One process at a time owns the index, and a killed one owns nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.engine import RemoteEngine
from app.owner import Ownership, name_of
from app.settings import ROOT
from tests.ingest.server import Site, serve
from transcripts.errors import IndexBusy, NotWritable, Unavailable

HOLD = """
import sys, time
from pathlib import Path
from app.engine import RemoteEngine
from app.owner import Ownership
mine = Ownership(Path(sys.argv[1]))
print(mine.take("http://127.0.0.1:1"), flush=True)
time.sleep(60)
"""


def test_only_one_owns_the_index_and_says_where_it_answers(tmp_path: Path) -> None:
    one, two = Ownership(tmp_path / "index"), Ownership(tmp_path / "index")
    assert one.url() is None
    assert one.take("http://127.0.0.1:8501")
    assert not two.take()
    assert two.url() == "http://127.0.0.1:8501"
    assert two.take_or_find(0) == "http://127.0.0.1:8501"
    one.release()
    assert two.url() is None
    assert two.take_or_find(0) is None
    assert not one.take()
    two.release()


def test_an_owner_that_answers_nowhere_is_waited_for_then_said_to_be_busy(tmp_path: Path) -> None:
    one, two = Ownership(tmp_path), Ownership(tmp_path)
    assert one.take()
    with pytest.raises(IndexBusy):
        two.take_or_find(0.2)
    one.release()


def test_an_owner_that_answers_otherwise_is_said_in_a_sentence() -> None:
    with serve(Site(b"<p>Un mandataire</p>")) as site:
        with pytest.raises(Unavailable, match="comme attendu"):
            RemoteEngine(site.url(""), None).near("2026-01-01-a")
        assert site.asked


def test_a_killed_owner_frees_the_index(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True, cwd=ROOT) as owner:
        assert owner.stdout
        try:
            assert owner.stdout.readline() == "True\n"
            mine = Ownership(tmp_path)
            assert not mine.take()
            assert mine.url() == "http://127.0.0.1:1"
        finally:
            owner.kill()
    assert mine.take()
    assert mine.url() is None
    mine.release()


def test_looking_at_who_owns_it_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "owner.json").write_text('{"url": null, "deaths": 2}')
    mine = Ownership(tmp_path)
    assert not Ownership(tmp_path).held()
    assert (tmp_path / "owner.json").exists()
    assert mine.take()
    assert mine.deaths == 3
    assert Ownership(tmp_path).held()
    mine.release()
    assert not Ownership(tmp_path / "none").held()


def test_a_card_that_cannot_be_written_keeps_no_lock(tmp_path: Path) -> None:
    (tmp_path / "owner.json").mkdir()
    with pytest.raises(OSError, match="directory"):
        Ownership(tmp_path).take()
    (tmp_path / "owner.json").rmdir()
    mine = Ownership(tmp_path)
    assert mine.take()
    mine.release()


@pytest.mark.parametrize("card", ["", "{", "[]", "3", '{"url": null}', '{"other": 1}', "\x00"])
def test_a_damaged_card_leads_nowhere(tmp_path: Path, card: str) -> None:
    (tmp_path / "owner.json").write_text(card)
    assert Ownership(tmp_path).url() is None


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotWritable):
        Ownership(tmp_path / "file" / "index").take()


def test_commands_ask_a_hub_by_the_address_it_listens_at() -> None:
    for everywhere in (None, "", "0.0.0.0", "::", "0:0::0"):  # noqa: S104
        assert name_of(everywhere) == "127.0.0.1"
    assert [name_of(one) for one in ("192.0.2.7", "::1", "fd00:0:0::2", "hub.lan")] == [
        "192.0.2.7",
        "[::1]",
        "[fd00::2]",
        "hub.lan",
    ]
