"""Texts are set as a French printer sets them."""

from hypothesis import example, given
from hypothesis import strategies as st

from transcripts.typography import LINE, lines, spaced


def test_spaces_that_belong_to_a_sign_do_not_break() -> None:
    assert spaced("Quoi ? « Oui » : 25 000 € à 5 % ; non !") == (
        "Quoi\u202f? «\u00a0Oui\u00a0»\u00a0: 25\u202f000\u202f€ à 5\u202f%\u202f; non\u202f!"
    )
    assert spaced("5 ans, 450 000 euros") == "5\u00a0ans, 450\u202f000\u00a0euros"
    assert spaced("de 18 h à 19 h 05 en 2026 12 places") == "de 18\u00a0h à 19\u00a0h\u00a005 en 2026 12 places"


@given(st.text())
def test_only_the_kind_of_a_space_ever_changes(text: str) -> None:
    assert spaced(text).replace("\u202f", " ").replace("\u00a0", " ") == text.replace("\u202f", " ").replace(
        "\u00a0", " "
    )


@given(st.lists(st.text("aé'?!,:» ", min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=14).map(" ".join))
@example(" a:!'é»!aa    a!é é?a»'!? »:,!!??a',:")  # begins with a space, before which nothing can hang
def test_lines_are_short_and_lose_nothing(text: str) -> None:
    broken = lines(text)
    assert " ".join(broken).split() == text.split()
    assert all(len(line) <= LINE or " " not in line for line in broken)  # signs may hold on to each other for longer


def test_two_lines_are_of_like_length_and_cut_where_the_sense_allows() -> None:
    assert lines("Nous acceptons tous cette promesse comme un moyen de paiement,") == [
        "Nous acceptons tous cette promesse",
        "comme un moyen de paiement,",
    ]
    assert len(lines("Un prêt participatif se rembourse après les")) == 2
