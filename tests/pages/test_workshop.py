"""Every staff page asks who is there before it does anything, and so does every button on it: read from the pages' own text."""

import ast
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.plan import PAGES

FOLDER = Path(__file__).parents[2] / "pages"
STAFF = sorted({entry.file for entry in PAGES if entry.role})
# Every module that draws for staff: it knows the workshop, or who somebody is.
THEIRS = [
    path.name
    for path in sorted(FOLDER.glob("*.py"))
    if re.search(r"import .*\b(workshop|require)\b", path.read_text("utf-8"))
]
_ASKS = {"require", "begin", "act"}
_CHANGES = {"on_click", "on_change", "on_submit"}


def asks(node: ast.AST) -> bool:
    """Tell whether a piece of a page asks for a role, itself or by the workshop's own ways."""
    called = [node, *(call.func for call in ast.walk(node) if isinstance(call, ast.Call))]
    return any(getattr(one, "attr", getattr(one, "id", "")) in _ASKS for one in called)


def works(node: ast.AST) -> bool:
    """Tell whether a piece of a page calls anything but Streamlit: choosing on the page changes nothing."""
    return any(isinstance(call, ast.Call) and not ast.unparse(call.func).startswith("st.") for call in ast.walk(node))


@pytest.mark.parametrize("file", STAFF)
def test_a_staff_page_asks_first(file: str) -> None:
    tree = ast.parse((FOLDER / file).read_text("utf-8"))
    does = [
        node
        for node in tree.body
        if not isinstance(
            node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
        )
        or (isinstance(node, ast.Assign) and any(isinstance(part, ast.Call) for part in ast.walk(node)) and asks(node))
    ]
    first = next(node for node in does if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)))
    assert asks(first), f"{file} begins with line {first.lineno}, which asks for no role"


@pytest.mark.parametrize("file", THEIRS)
def test_each_button_of_the_workshop_asks_again(file: str) -> None:
    tree = ast.parse((FOLDER / file).read_text("utf-8"))
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        for word in call.keywords:
            if word.arg in _CHANGES:
                target = functions.get(getattr(word.value, "id", ""), word.value)
                assert asks(target) or not works(target), (
                    f"{file}, line {call.lineno}: {ast.unparse(word.value)} asks for no role"
                )


def test_a_stranger_s_words_are_no_markup_where_there_is_nothing_to_show() -> None:
    page = AppTest.from_string("from pages import parts\nparts.empty('Un <b>titre</b>', '« <a href=x>Y</a> »')").run()
    (shown,) = page.get("html")
    assert "Un &lt;b&gt;titre&lt;/b&gt;" in shown.proto.body
    assert "<a" not in shown.proto.body
