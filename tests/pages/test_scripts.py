"""What the pages' own scripts say, before any browser shows it."""

import re
from pathlib import Path

import pytest
from pygments.lexers.javascript import JavascriptLexer
from pygments.token import String

PAGES = Path(__file__).parents[2] / "pages"
SCRIPTS = sorted([*PAGES.glob("*.js"), *(PAGES / "static").glob("*.js")])
# A space at which a line may end although the next sign, or the number before it, belongs to the same line.
BREAKS = re.compile(r" (?:[;:!?%€](?:\W|$)|»)|« |\d \d{3}\b")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_speaks_french_as_it_is_set(path: Path) -> None:
    tokens = JavascriptLexer().get_tokens(path.read_text("utf-8"))
    said = [text for kind, text in tokens if kind in String and kind not in String.Regex]
    assert said
    assert [text for text in said if BREAKS.search(text)] == []


def test_the_player_can_be_read_at_one_sitting() -> None:
    assert len((PAGES / "player.js").read_text("utf-8").splitlines()) < 400
