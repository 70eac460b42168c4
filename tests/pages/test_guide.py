"""The guide says what the pages say: every label it quotes, every page it leads to, every part that is linked."""

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

from pages.guide import about, guide
from pages.plan import PAGES, STATIC
from tests.guide_pictures import SCENES

ROOT = Path(__file__).parents[2]
STAFF = [entry.path for entry in PAGES if entry.path.startswith("atelier")]
QUOTED = re.compile(r"« ([^«»]+) »")


def plain(text: str) -> str:
    """Return a text without regard to kinds of spaces and apostrophes."""
    return re.sub(r"\s+", " ", text.replace("'", "’"))


def texts_of(path: Path) -> list[str]:
    """Return what a source file may say: the strings of Python, the whole of JavaScript and of Markdown."""
    if path.suffix != ".py":
        return [path.read_text("utf-8")]
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@lru_cache(maxsize=1)
def said() -> str:
    """Return everything that pages, and errors that reach them, can say."""
    files = [path for folder in ("pages", "app", "ingest", "transcripts") for path in (ROOT / folder).rglob("*.*")]
    texts = [text for path in files if path.suffix in (".py", ".js") for text in texts_of(path)]
    return plain("\n".join(texts))


@pytest.mark.parametrize("name", guide())
def test_what_the_guide_quotes_is_what_the_pages_say(name: str) -> None:
    quoted = QUOTED.findall(plain((ROOT / "pages" / "aide" / f"{name}.md").read_text("utf-8")))
    assert quoted
    assert [label for label in quoted if not re.search(rf"(?<!\w){re.escape(label)}(?!\w)", said())] == []


def test_each_page_of_the_workshop_has_its_part_and_each_file_is_one() -> None:
    assert {about(path) for path in STAFF if path != "atelier-aide"} == {about(name) for name in guide()}
    assert {path.stem for path in (ROOT / "pages" / "aide").glob("*.md")} == set(guide())
    assert all(part.title and part.body.startswith(f"<h2>{part.title}</h2>") for part in guide().values())


def test_what_the_guide_and_the_pages_link_to_exists() -> None:
    pages = {f"/{entry.path}" for entry in PAGES}
    linked = [address for part in guide().values() for address in re.findall(r"href=\"([^\"]+)\"", part.body)]
    assert linked
    assert set(linked) <= pages
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "pages").glob("atelier*.py"))
    assert {about(path) for path in re.findall(r"about\('([^']+)'\)", sources)} <= {about(name) for name in guide()}


def test_its_pictures_are_there_are_told_and_are_small() -> None:
    pictures = {path.name: path.stat().st_size for path in (STATIC / "aide").iterdir()}
    shown = [tag for part in guide().values() for tag in re.findall(r"<img [^>]+>", part.body)]
    assert {re.search(r'src="/app/static/aide/([^"]+)"', tag)[1] for tag in shown} == set(pictures)  # type: ignore[index]
    assert set(SCENES) == {Path(name).stem for name in pictures}
    assert all(len(re.search(r'alt="([^"]+)"', tag)[1]) > 60 for tag in shown)  # type: ignore[index]
    assert sum(pictures.values()) < 400_000
    # A picture among the steps must not end their list.
    assert guide()["atelier"].body.count("<li>") == 8


def test_the_guide_is_set_in_french() -> None:
    for part in guide().values():
        assert not re.search(r" [;:!?»](?=\s|<|$)|« |'(?!_self)", re.sub(r"<a target='_self'", "<a", part.body)), (
            part.name
        )
