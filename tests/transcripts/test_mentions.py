"""Which terms a talk speaks of most."""

from transcripts.glossary import glossary
from transcripts.matching import lexicon, occurrences, words_of
from transcripts.mentions import most_said
from transcripts.model import Cue


def test_terms_are_counted_in_any_number_and_by_any_name() -> None:
    said = (
        Cue(0, 4, "Les SCIC émettent des titres participatifs. Une SCIC n’est pas une SCOP."),
        Cue(4, 9, "La société coopérative d’intérêt collectif achète un titre participatif."),
    )
    terms = [term.term for term in most_said(said, glossary(), 5)]
    assert terms == ["société coopérative d’intérêt collectif", "titre participatif"]
    assert [term.term for term in most_said(said, glossary(), 1)] == terms[:1]
    assert most_said((), glossary(), 3) == ()


def test_a_name_that_ends_the_text_is_found_whole() -> None:
    """Longer names that begin alike are not looked for past the end."""
    known = lexicon(glossary())
    for name in known.names:
        tokens = words_of(name.text)
        found = list(occurrences(tokens, known))
        assert found[-1][1] <= len(tokens)
        assert (0, len(tokens)) in [(first, last) for first, last, _ in found]
