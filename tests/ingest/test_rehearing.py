"""Where a term was nearly written, the recogniser is told it and hears again."""

import json
from pathlib import Path

from ingest.cues import Word, make_cues
from ingest.rehearing import better, changed, doubtful, hear_again
from transcripts.doubts import doubts
from transcripts.glossary import glossary
from transcripts.model import Trace
from transcripts.revision import Content

SENTENCES = Path(__file__).parents[1] / "speech" / "terms"


def spoken(text: str) -> list[Word]:
    return [Word(i * 0.5, i * 0.5 + 0.5, f" {word}") for i, word in enumerate(text.split())]


def test_a_second_hearing_is_asked_for_where_a_term_was_missed() -> None:
    words = spoken(
        "Bonjour à tous. " + "On parle du temps. " * 10 + "Et le devoir de vigie lance, alors ? " + "Bon. " * 20
    )
    (stretch,) = doubtful(words, glossary(), most=3)
    said = "".join(w.text for w in words[stretch.first : stretch.last])
    assert stretch.hotwords == ("devoir de vigilance",)
    assert "devoir de vigie lance" in said
    assert stretch.start < words[stretch.first].start
    assert stretch.end > words[stretch.last - 1].end
    assert doubtful(words, glossary(), most=0) == []
    assert doubtful(spoken("Le devoir de vigilance, bien sûr."), glossary(), most=3) == []
    assert doubtful([], glossary(), most=3) == []


def test_a_second_hearing_is_kept_only_where_it_says_the_same_and_has_the_term() -> None:
    told = ("devoir de vigilance",)
    first = "Et le devoir de vigie lance, alors ?"
    assert better(first, "Et le devoir de vigilance, alors ?", told, glossary())
    assert not better(first, "Et le devoir de vigie l'anse, alors ?", told, glossary())
    assert not better(first, "devoir de vigilance, devoir de vigilance, devoir de vigilance", told, glossary())
    assert not better(
        "La subvention et le devoir de vigie lance.", "La subversion et le devoir de vigilance.", told, glossary()
    )


def test_what_a_second_hearing_changed_is_in_doubt_on_its_line() -> None:
    sentence = (
        "Et dans toutes les entreprises de ce pays, avec leurs filiales et leurs fournisseurs, "
        "le devoir de {} oblige à regarder de très près ce que deviennent les gens et les rivières."
    )
    again = spoken(sentence.format("vigilance"))
    words, corrections, told = hear_again(spoken(sentence.format("vigie lance")), glossary(), 3, lambda *_: again)
    assert words == again and told == ("devoir de vigilance",)
    cues = make_cues(words)
    assert len(cues) > 1
    (doubt,) = doubts(Content(tuple(cues)), Trace(tuple(words), (), corrections))
    assert (doubt.kind, doubt.heard) == ("corrected", "vigie lance")
    assert cues[doubt.at].text[doubt.first : doubt.last] == "vigilance"


def test_words_that_a_second_hearing_left_out_or_added_are_shown_beside_the_next() -> None:
    one, other = spoken("Oui, le prêt vraiment participatif."), spoken("oui le prêt participatif, là.")
    assert [(c.heard, c.term, c.start) for c in changed(one, other)] == [
        ("prêt vraiment", "prêt", 1.0),
        ("participatif", "participatif, là", 1.5),
    ]
    assert [(c.heard, c.term) for c in changed(spoken("Le prêt."), spoken("Et le prêt."))] == [("Le", "Et le")]


def test_the_spoken_sentences_hold_the_terms_they_name() -> None:
    rows = [json.loads(line) for line in (SENTENCES / "manifest.jsonl").read_text("utf-8").splitlines()]
    names = {name for term in glossary() for name in term.names}
    assert len(rows) == 100
    assert len({name for row in rows for name in row["terms"]}) >= 60
    for row in rows:
        assert (SENTENCES / row["audio"]).stat().st_size > 1000
        assert row["terms"]
        assert set(row["terms"]) <= names, row["terms"]
