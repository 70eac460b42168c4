"""A picture for each masterclass."""

from itertools import combinations
from xml.etree import ElementTree

import pytest

from pages.picture import HEIGHT, WIDTH, as_address, picture
from transcripts.model import THEMES

SLUGS = [f"2026-{month:02}-01-une-masterclass" for month in range(1, 13)]


@pytest.mark.parametrize("theme", [*THEMES, "un-theme-a-nous", ""])
def test_each_masterclass_has_one_picture_and_its_own(theme: str) -> None:
    drawn = {slug: picture(slug, theme) for slug in SLUGS}
    assert drawn == {slug: picture(slug, theme) for slug in SLUGS}
    assert len(set(drawn.values())) == len(SLUGS)
    for svg in drawn.values():
        root = ElementTree.fromstring(svg)  # noqa: S314 - written two lines above
        assert root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
        assert len(list(root.iter())) > 15
        assert len(as_address(svg)) < 20_000


def test_themes_differ_in_colour_and_figure() -> None:
    for one, other in combinations(THEMES, 2):
        first, second = (picture(SLUGS[0], theme) for theme in (one, other))
        assert first.split("</style>")[0] != second.split("</style>")[0]
        assert first.split("</style>")[1] != second.split("</style>")[1]


def test_a_hostile_name_draws_no_markup() -> None:
    svg = picture("2026-01-01-x", "'><script>alert(1)</script>")
    assert "script" not in svg
    assert "<" not in as_address(svg)
