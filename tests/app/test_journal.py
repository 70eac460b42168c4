"""The journal: what staff did, latest first."""

from pathlib import Path

from app.journal import Journal


def test_what_was_done_is_told_latest_first(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert journal.entries() == []
    assert not list(tmp_path.iterdir())
    journal.note("a@example.org", "a publié", "2026-05-12-le-pret")
    journal.note("b@example.org", "a invité c@example.org")
    assert [(entry.who, entry.what) for entry in journal.entries()] == [
        ("b@example.org", "a invité c@example.org"),
        ("a@example.org", "a publié"),
    ]
    assert [entry.slug for entry in journal.entries("2026-05-12-le-pret")] == ["2026-05-12-le-pret"]
