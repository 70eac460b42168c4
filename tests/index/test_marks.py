"""The words that match are marked, and neighbours shown together."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from index.marks import grouped, marks, named, pieces
from index.search import Result


def marked(text: str, query: str) -> list[str]:
    return [text[a:b] for a, b in marks(text, query)]


def test_words_are_marked_in_every_form() -> None:
    text = "Les prêts participatifs, l’ESUS et 25 000 euros : on rembourse."
    assert marked(text, "prêt participatif") == ["prêts participatifs"]
    assert marked(text, "l'esus") == ["ESUS"]
    assert marked(text, "ranbourse") == ["rembourse"]
    assert marked(text, "combien de temps ?") == []


def test_an_amount_is_marked_however_it_is_written_and_no_other() -> None:
    text = "Soixante pour cent des 25\u202f000 euros, puis vingt-cinq mille en cinq ans, la deuxième année 35 000."
    for query in ("25 000", "25000", "vingt-cinq mille"):
        assert marked(text, query) == ["25\u202f000", "vingt-cinq mille"]
    assert marked(text, "60 %") == ["Soixante pour cent"]
    assert marked(text, "5 ans") == ["cinq ans"]
    assert marked(text, "deuxieme") == ["deuxième"]
    assert marked(text, "25") == marked(text, "100") == marked(text, "soixante-dix") == []


def test_words_that_cannot_be_marked_are_not_said_to_be_missing() -> None:
    texts = ["Un prêt long.", "Un autre."]
    assert named(texts, "de la")
    assert named(texts, "prêts")
    assert not named(texts, "de la garantie")


@given(st.text(max_size=80), st.text(max_size=30))
def test_the_pieces_are_the_text(text: str, query: str) -> None:
    assert "".join(piece for piece, _ in pieces(text, query)) == text


def result(slug: str, start: float) -> Result:
    return Result(slug, "X", dt.date(2026, 5, 12), None, start, start + 40, "", 0.0)


def test_neighbours_of_one_talk_are_grouped_in_the_order_they_were_said() -> None:
    best, other, near, far = result("x", 300), result("y", 310), result("x", 220), result("x", 900)
    assert grouped([best, other, near, far]) == [[near, best], [other], [far]]
    assert grouped([]) == []
