"""What the recogniser heard becomes subtitles that can be read."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.cues import make_cues, unhurried
from transcripts.model import Cue, Word
from transcripts.typography import lines

texts = st.sampled_from(
    [
        " le",
        " prêt,",
        " participatif.",
        " Il",
        " est",
        "-ce",
        " 3",
        ",5",
        "%",
        " «",
        " oui ?",
        " Anticonstitutionnel",
        " ",
        "",
    ]
) | st.text(max_size=12).map(lambda text: f" {text}")


@st.composite
def speech(draw: st.DrawFn) -> list[Word]:
    at, words = 0, []
    for text, gap, length in draw(st.lists(st.tuples(texts, st.integers(0, 2500), st.integers(0, 1500)), max_size=60)):
        words.append(Word((at + gap) / 1000, (at + gap + length) / 1000, text))
        at += gap + length
    return words


def spoken(text: str, pace: float = 0.3) -> list[Word]:
    return [Word(i * pace, (i + 1) * pace, f" {word}") for i, word in enumerate(text.split())]


@given(speech())
def test_cues_are_short_and_no_word_is_lost(words: list[Word]) -> None:
    cues = make_cues(words)
    assert "".join("".join(c.text for c in cues).split()) == "".join("".join(w.text for w in words).split())
    for cue in cues:
        said = [w for w in words if w.text.strip() and cue.start <= w.start < cue.end]
        assert cue.start < cue.end
        if len(said) > 1 and " " in cue.text:
            assert len(lines(cue.text)) <= 2
            assert cue.end - cue.start <= 7.001
    assert all(one.start <= other.start for one, other in pairwise(cues))


@given(
    st.lists(
        st.sampled_from(["le", "prêt", "coopérative,", "à", "remboursement", "et", "garantie", "qui", "territoire"]),
        min_size=4,
    )
)
def test_no_word_is_left_alone_in_a_cue_or_on_a_line(words: list[str]) -> None:
    for cue in make_cues(spoken(" ".join(words))):
        assert " " in cue.text
        assert all(" " in line for line in lines(cue.text))


def test_each_sentence_is_a_cue() -> None:
    cues = make_cues(spoken("Bonjour à tous. M. Martin est là. On commence ?", pace=0.5))
    assert [c.text for c in cues] == ["Bonjour à tous.", "M. Martin est là.", "On commence ?"]
    assert [(c.start, c.end) for c in cues] == [(0.0, 1.5), (1.5, 3.5), (3.5, 4.5)]


def test_what_is_too_short_to_read_alone_joins_its_neighbour() -> None:
    assert [c.text for c in make_cues(spoken("Oui. La banque accepte notre dossier. Bien. Nous y sommes enfin."))] == [
        "Oui. La banque accepte notre dossier.",
        "Bien. Nous y sommes enfin.",
    ]
    apart = [Word(0, 0.4, " Oui."), Word(3, 4.4, " Continuons.")]
    assert [c.text for c in make_cues(apart)] == ["Oui.", "Continuons."]


def test_cues_stay_while_they_are_read_but_never_over_the_next() -> None:
    cues = [Cue(0, 0.4, "Oui."), Cue(3, 4, "x" * 60), Cue(5, 5.2, "Non."), Cue(5.5, 5.6, "Si.")]
    assert [(c.start, c.end) for c in unhurried(cues, 6)] == [(0, 1.0), (3, 5), (5, 5.5), (5.5, 6)]
    assert unhurried([], 6) == []


@given(speech(), st.integers(0, 3000))
def test_nothing_is_too_fast_to_read_where_silence_follows(words: list[Word], after: int) -> None:
    cues = unhurried(make_cues(words), (words[-1].end if words else 0) + after / 1000)
    for cue, following in zip(cues, [*cues[1:], None], strict=False):
        silence = (words[-1].end + after / 1000 if following is None else following.start) - cue.end
        hurried = len(cue.text) / (cue.end - cue.start) > 20.1
        assert not (hurried and silence > 0.001 and cue.end - cue.start < 6.999)


def test_no_cue_and_no_line_ends_on_a_word_that_belongs_to_the_next() -> None:
    text = (
        "Elle prête de l'argent à des associations qui n'ont pas de garantie et qui veulent acheter leur local à Lyon."
    )
    first, second = (c.text for c in make_cues(spoken(text)))
    assert f"{first} {second}" == text
    assert not {first.split()[-1], lines(first)[0].split()[-1], lines(second)[0].split()[-1]} & {"de", "à", "des", "et"}


def test_a_long_sentence_is_cut_at_its_comma() -> None:
    first, second = (
        "Le prêt participatif est proche des fonds propres de la société,",
        "et il se rembourse après les autres dettes.",
    )
    assert [c.text for c in make_cues(spoken(f"{first} {second}"))] == [first, second]


def test_a_silence_begins_a_new_cue() -> None:
    assert [c.text for c in make_cues([Word(0, 1, " alors"), Word(4, 5, " voilà")])] == ["alors", "voilà"]


def test_silence_gives_no_cue() -> None:
    assert make_cues([]) == []
    assert make_cues([Word(0, 1, " ")]) == []


def test_no_cue_begins_inside_a_word() -> None:
    pieces = [" Faire", " tourner", " l", "'argent", " dans", " l", "'économie", " du", " territoire", " -", "ci."] * 6
    words = [Word(i * 0.3, (i + 1) * 0.3, piece) for i, piece in enumerate(pieces)]
    assert not [cue for cue in make_cues(words) if cue.text[0] == "'"]


def test_punctuation_that_stands_alone_begins_no_cue() -> None:
    words = spoken("Son compte diminue de dix mille euros ? et sa dette diminue aussi, du même montant, la même année.")
    assert make_cues(words)[0].text.endswith("euros ?")


def test_a_cue_that_is_too_long_is_cut_where_a_group_of_words_begins() -> None:
    said = "La quantité de monnaie augmente quand les nouveaux crédits dépassent tous les remboursements"
    first, second = make_cues(spoken(said))
    assert (first.text, second.text[:5]) == ("La quantité de monnaie augmente", "quand")
    assert "100\u202f000\u00a0euros" in lines("La banque prête pour sept ans une somme de 100 000 euros au plus")[1]
