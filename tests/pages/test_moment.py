"""Seconds in addresses, nearest titles, and videos on other sites."""

import datetime as dt

import pytest

from pages.embeds import site
from pages.moment import moment, nearest
from transcripts.model import Details, Origin


@pytest.mark.parametrize(
    ("asked", "second"),
    [("0", 0), ("61.5", 61.5), ("1:02", 62), ("1:00:03", 3603), ("", None), ("-1", None), ("abc", None), ("nan", None),
     ("inf", None), ("1e999", None), ("7200", None), ("99:99:99", None), ("١٢", 12), ("1" * 5000, None)],
)  # fmt: skip
def test_a_moment(asked: str, second: float | None) -> None:
    found, said = moment(asked, 7200)
    assert found == second
    assert bool(said) == (second is None and asked != "")


def details(slug: str, title: str) -> Details:
    return Details(slug, title, dt.date(2026, 1, 1), "t", (), "published", 60, "fr", "x", Origin("imported", ""))


def test_the_nearest_titles_come_first_and_nothing_like_it_finds_none() -> None:
    published = [
        details("2026-01-01-le-pret-participatif", "Le prêt participatif"),
        details("2026-02-01-les-monnaies-locales", "Les monnaies locales"),
    ]
    assert [d.title for d in nearest("2026-01-01-pret-participatiff", published)] == ["Le prêt participatif"]
    assert nearest("wxyz-qqq", published) == []
    assert nearest("", published) == []


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("https://www.youtube.com/watch?v=abcdefghijk&t=12", "https://www.youtube-nocookie.com/embed/abcdefghijk"),
        ("https://youtu.be/abcdefghijk?si=x", "https://www.youtube-nocookie.com/embed/abcdefghijk"),
        ("https://www.youtube.com/live/abcdefghijk", "https://www.youtube-nocookie.com/embed/abcdefghijk"),
        ("https://tube.example.org/w/9c9de5e8a1", "https://tube.example.org/videos/embed/9c9de5e8a1"),
        (
            "https://tube.example.org/videos/watch/9c9de5e8-0a1e-484a-b099-e80766180a6d",
            "https://tube.example.org/videos/embed/9c9de5e8-0a1e-484a-b099-e80766180a6d",
        ),
    ],
)
def test_a_video_on_another_site(source: str, url: str) -> None:
    found = site(source)
    assert found and found.url == url


@pytest.mark.parametrize(
    "source",
    ["talk.mp4", "http://youtu.be/abcdefghijk", "https://www.youtube.com/watch?v=a<b>", "https://youtube.com.evil.example/watch?v=abcdefghijk",
     "https://user@youtu.be/abcdefghijk", "https://example.org/talk.mp3", "javascript:alert(1)", "https://tube.example.org/w/../../x"],
)  # fmt: skip
def test_anything_else_is_no_video(source: str) -> None:
    assert site(source) is None
