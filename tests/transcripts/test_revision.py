"""Edits change what they say and nothing else; two people's edits are joined where they touch different things."""

import datetime as dt
import time
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from transcripts.differences import apply, delta, readable, told
from transcripts.doubts import doubts
from transcripts.edits import (
    Add,
    AddChapter,
    Align,
    ChangeChapter,
    Confirm,
    Edit,
    Join,
    Remove,
    RemoveChapter,
    Rename,
    Replace,
    Retime,
    SetSpeaker,
    SetSummary,
    SetText,
    Settle,
    Shift,
    Split,
)
from transcripts.errors import BadInput
from transcripts.formats import Form, clean, export, read_cues, write_vtt
from transcripts.merging import merge
from transcripts.model import Chapter, Correction, Cue, Details, Masterclass, Origin, Removed, Summary, Trace, Word
from transcripts.replacing import Wanted
from transcripts.revision import Content, Facts, moved, revise
from transcripts.staff_glossary import Listed
from transcripts.typography import lines

HEARD = "le prêt participatif est un quasi fond propre et il se rembourse tard"
WORDS = tuple(Word(i * 0.5, i * 0.5 + 0.4, f" {word}") for i, word in enumerate(HEARD.split()))
FACTS = Facts(WORDS, 100.0, "Le prêt", dt.date(2026, 11, 26))
CUES = (
    Cue(0.0, 3.4, "Le prêt participatif est un quasi fonds", "Voix 1"),
    Cue(3.5, 6.9, "propres et il se rembourse tard.", "Voix 1"),
    Cue(10.0, 12.0, "Oui.", "Voix 2"),
    Cue(12.5, 15.0, "L’argent dort à la banque.", "Voix 2"),
)
TALK = Content(CUES, (Chapter(0, 10, "Début"), Chapter(10, 100, "Suite")), Summary("- Un point ([0:10](#t=10))."))


def after(*edits: Edit) -> Content:
    return revise(TALK, edits, FACTS)


def test_a_line_is_cut_where_the_word_was_heard_and_joined_again() -> None:
    cut = after(Split(0, len("Le prêt participatif ")))
    assert [(c.start, c.end, c.text) for c in cut.cues[:2]] == [
        (0.0, 1.5, "Le prêt participatif"),
        (1.5, 3.4, "est un quasi fonds"),
    ]
    assert revise(cut, [Join(0)], FACTS).cues == CUES
    # A word that was corrected has no time of its own: it shares that between its neighbours by its letters.
    corrected = revise(after(SetText(0, "Le prêt participatif est un véritable quasi fonds")), [Split(0, 28)], FACTS)
    assert corrected.cues[1].text == "véritable quasi fonds"
    assert corrected.cues[1].start == pytest.approx(2.4)
    # What was never heard is cut by letters alone.
    assert after(Split(3, 8)).cues[3].end == pytest.approx(12.5 + 2.5 * 9 / 27, abs=0.001)
    with pytest.raises(BadInput):
        after(Split(0, 0))


def test_neighbours_give_way_to_a_line_that_moves() -> None:
    moved = after(Retime(1, 3.0, 10.5))
    assert [(c.start, c.end) for c in moved.cues[:3]] == [(0.0, 3.0), (3.0, 10.5), (10.5, 12.0)]
    for start, end in ((3.0, 2.0), (0.0, 6.0), (3.5, 12.0), (-1.0, 2.0), (float("nan"), 2.0)):
        with pytest.raises(BadInput):
            after(Retime(1, start, end))


def test_lines_are_added_emptied_and_said_by_others() -> None:
    assert after(Add(8.0, 9.0, "Pardon ?")).cues[2] == Cue(8.0, 9.0, "Pardon ?", "Voix 1")
    both = replace(TALK, cues=(CUES[0], Cue(0.0, 1.0, "Ah."), *CUES[1:]))  # two who speak at once, as subtitles may say
    beside = revise(both, [Split(0, len("Le prêt participatif "))], FACTS).cues[:3]
    assert [c.text for c in beside] == ["Le prêt participatif", "Ah.", "est un quasi fonds"]
    assert after(Remove(2)).cues == CUES[:2] + CUES[3:]
    assert after(SetSpeaker(2, "Ada")).cues[2].speaker == "Ada"
    named = after(Rename("Voix 1", "Ada Lovelace"))
    assert [c.speaker for c in named.cues] == ["Ada Lovelace", "Ada Lovelace", "Voix 2", "Voix 2"]
    assert named.speakers == ("Ada Lovelace",)
    for edit in (
        SetText(0, " \u200b "),
        SetText(9, "x"),
        SetSpeaker(0, "<b>"),
        Rename("Personne", "x"),
        Add(99, 120, "x"),
        Add(9, 8, "x"),
        Add(float("nan"), 8, "x"),
    ):
        with pytest.raises(BadInput):
            after(edit)


def test_what_was_taken_out_comes_back_whole_in_lines_that_can_be_read() -> None:
    whole = " ".join(f"et la banque numéro {n} prête aux coopératives," for n in range(17))
    talk = replace(TALK, cues=(CUES[0], replace(CUES[1], end=60.0), Cue(60.0, 62.0, "Oui.", "Voix 2")))
    # The line before had stayed in the silence, in which nothing was heard any more.
    put = revise(talk, [Add(8.0, 9.0, whole)], FACTS).cues
    assert " ".join(c.text for c in put[2:-1]) == whole and len(whole) > 729
    assert (put[1].end, put[2].start, put[-1]) == (8.0, 8.0, talk.cues[-1])
    assert all(len(lines(c.text)) <= 2 and c.end - c.start >= 1 and c.speaker == "Voix 1" for c in put[2:-1])
    assert all(one.end <= two.start for one, two in pairwise(put))
    # Without a length of its own, it takes what the silence around has, after it or before.
    late = replace(TALK, cues=(*CUES[:2], Cue(60.0, 62.0, "Oui.", "Voix 2")))
    put = revise(late, [Add(60.0, 60.0, whole)], FACTS).cues
    assert " ".join(c.text for c in put[2:-1]) == whole and put[-1] == late.cues[-1]
    assert all(len(lines(c.text)) <= 2 for c in put) and all(a.end <= b.start for a, b in pairwise(put))
    assert after(Add(10.0, 10.0, "Merci.")).cues[2:4] == (Cue(9.7, 10.0, "Merci.", "Voix 1"), CUES[2])
    # Where there is none, the next line begins a moment later.
    close = replace(TALK, cues=(CUES[0], replace(CUES[1], start=3.4)))
    put = revise(close, [Add(3.4, 3.4, "Bien.")], FACTS).cues
    assert [(c.start, c.end) for c in put] == [(0.0, 3.4), (3.4, 3.5), (3.5, 6.9)]


def test_what_was_taken_out_of_a_line_parts_it() -> None:
    put = after(Add(1.5, 1.6, "prêt, prêt,"))
    assert [(c.start, c.end, c.text) for c in put.cues[:3]] == [
        (0.0, 1.4, "Le prêt participatif"),  # as was heard
        (1.4, 1.5, "prêt, prêt,"),
        (1.5, 3.4, "est un quasi fonds"),
    ]


def test_chapters_stay_in_order_and_fill_the_talk() -> None:
    assert after(AddChapter(5, " Milieu ")).chapters == (
        Chapter(0, 5, "Début"),
        Chapter(5, 10, "Milieu"),
        Chapter(10, 100, "Suite"),
    )
    assert after(ChangeChapter(0, 12, "Fin")).chapters == (Chapter(10, 12, "Suite"), Chapter(12, 100, "Fin"))
    assert after(RemoveChapter(1)).chapters == (Chapter(0, 100, "Début"),)
    for edit in (AddChapter(10, "Deux fois"), AddChapter(200, "Après"), ChangeChapter(0, 0, " "), RemoveChapter(5)):
        with pytest.raises(BadInput):
            after(edit)


def test_chapters_beyond_the_end_of_a_shorter_recording_hold_no_other_up() -> None:
    talk = replace(TALK, chapters=tuple(Chapter(at, at + 50, f"{at}") for at in (0, 50, 100, 150)))

    def starts(*edits: Edit) -> list[tuple[float, str]]:
        return [(c.start, c.title) for c in revise(talk, edits, FACTS).chapters]

    assert starts(ChangeChapter(0, 0, "Début"))[0] == (0, "Début")
    assert starts(ChangeChapter(3, 150, "Fin"))[3] == (150, "Fin")
    assert starts(AddChapter(20, "Ici"))[1] == (20, "Ici")
    assert starts(ChangeChapter(3, 90, "Fin"))[2:] == [(90, "Fin"), (100, "100")]
    assert starts(RemoveChapter(2), RemoveChapter(2)) == [(0, "0"), (50, "50")]
    assert revise(talk, [RemoveChapter(3), RemoveChapter(2)], FACTS).chapters[-1].end == FACTS.duration
    for edit, why in ((ChangeChapter(0, 100, "0"), "n’existe pas"), (ChangeChapter(3, 50, "150"), "déjà là")):
        with pytest.raises(BadInput, match=why):
            revise(talk, [edit], FACTS)


def test_a_summary_is_confirmed_by_name_until_it_changes() -> None:
    confirmed = after(SetSummary("Un.  \r\nDeux.\n"), Confirm("Ada"))
    assert confirmed.summary == Summary("Un.\nDeux.", "Ada", FACTS.today)
    assert revise(confirmed, [SetSummary("Trois.")], FACTS).summary == Summary("Trois.")
    assert revise(confirmed, [SetSummary("Un.\nDeux. ")], FACTS) == confirmed


def test_a_cut_intro_moves_lines_chapters_and_links() -> None:
    cut = after(Shift(-3.5))
    assert [(c.start, c.text) for c in cut.cues] == [
        (0.0, "propres et il se rembourse tard."),
        (6.5, "Oui."),
        (9.0, "L’argent dort à la banque."),
    ]
    assert [c.start for c in cut.chapters] == [0.0, 6.5]
    assert cut.summary.text == "- Un point ([0:06](#t=6.5))."
    assert cut.shift == -3.5
    with pytest.raises(BadInput):
        after(Shift(-1000))
    assert [c.start for c in moved(TALK, lambda second: second - 4).cues] == [0.0, 0.0, 6.0, 8.5]  # no line is lost


def test_words_are_replaced_whole_with_their_capitals_where_wanted() -> None:
    assert after(Replace(Wanted("l'argent"), "le sou")).cues[3].text == "Le sou dort à la banque."
    assert after(Replace(Wanted("est"), "était")).cues[0].text == "Le prêt participatif était un quasi fonds"
    assert after(Replace(Wanted("o", whole=False), "0", lines=(2,))).cues == (
        *CUES[:2],
        replace(CUES[2], text="0ui."),
        CUES[3],
    )
    assert after(Replace(Wanted("oui", case=True), "non")) == TALK
    assert after(Replace(Wanted("Oui."), "")).cues == CUES  # no line is emptied by the way


def test_a_corrected_text_takes_the_place_of_the_words_and_keeps_the_times() -> None:
    text = (
        "Le prêt\n\nVoix 1 : Le prêt participatif est un quasi-fonds propre, et il se rembourse tard.\n\n"
        "Voix 2 : Oui. L’argent dort bien à la banque."
    )
    aligned = after(Align(text)).cues
    assert " ".join(c.text for c in aligned) == " ".join(part.split(" : ")[-1] for part in text.split("\n\n")[1:])
    assert [(c.start, c.end) for c in aligned] == [(c.start, c.end) for c in CUES]
    with pytest.raises(BadInput):
        after(Align("Tout autre chose, d’un bout à l’autre."))
    # An hour, with a word in twenty corrected, takes seconds.
    hour = tuple(
        Cue(n * 3.0, n * 3.0 + 2.9, f"ligne {n} le prêt de la banque dort et {n * 7} se paie") for n in range(1200)
    )
    words = " ".join(c.text for c in hour).split()
    corrected = " ".join("corrigé" if i % 20 == 7 else word for i, word in enumerate(words))
    began = time.perf_counter()
    done = revise(replace(TALK, cues=hour), [Align(corrected)], FACTS).cues
    assert time.perf_counter() - began < 20
    assert " ".join(c.text for c in done) == corrected
    assert [c.start for c in done] == [c.start for c in hour]


@pytest.mark.parametrize("form", ["vtt", "srt", "txt", "md"])
def test_a_text_comes_back_as_it_was_taken_away(form: Form) -> None:
    details = Details(
        "2026-01-01-a", "Le prêt", dt.date(2026, 1, 1), "t", ("Voix 1",), "draft", 100.0, "fr", "a", Origin("base", "")
    )
    summary = Summary("## À retenir\n\n- L’argent dort. ([0:12](#t=12))\n\n## Termes\n\nprêt")
    talk = replace(TALK, summary=summary)
    text = export(Masterclass(details, CUES, TALK.chapters, summary), form)
    assert revise(talk, [Align(text)], FACTS).cues == CUES
    assert revise(talk, [Align(text.replace("dort", "veille"))], FACTS).cues == (
        *CUES[:3],
        replace(CUES[3], text="L’argent veille à la banque."),
    )


def test_doubts_stand_where_the_words_are_until_somebody_looked() -> None:
    trace = Trace(
        (Word(0.5, 0.9, " prêt", 0.2), Word(3.5, 3.9, " propre,", 0.1), Word(10.0, 11.0, " Oui.", 0.9)),
        (Removed(7.0, 9.0, "Sous-titrage", "phantom"),),
        (Correction(1.0, 1.4, "préparticipatif", "participatif"),),
    )
    found = doubts(TALK, trace, (Listed("banque", "Banque"),))
    # « propre » has been corrected to « propres » since: nobody doubts it any more.
    assert [(d.kind, d.at, d.heard) for d in found] == [
        ("unsure", 0, "prêt"),
        ("corrected", 0, "préparticipatif"),
        ("removed", 1, "Sous-titrage"),
        ("listed", 3, "banque"),
    ]
    assert all(CUES[d.at].text[d.first : d.last] in (d.heard, d.term, "participatif", "") for d in found)
    long = replace(trace, removed=(Removed(7.0, 9.0, "encore " * 200, "loop"),))
    assert [d.heard for d in doubts(TALK, long) if d.kind == "removed"] == ["encore " * 200]
    seen = revise(TALK, [Settle(found[0].name)], FACTS)
    assert doubts(seen, trace)[0].kind == "corrected"
    later = revise(TALK, [Shift(10.0)], FACTS)
    assert [(d.kind, d.at) for d in doubts(later, trace)] == [("unsure", 0), ("corrected", 0), ("removed", 1)]


def test_two_people_are_joined_unless_they_change_the_same_word() -> None:
    mine = after(SetText(0, "Le prêt participatif est un quasi-fonds"), AddChapter(5, "Milieu"))
    theirs = after(
        SetText(0, "Ce prêt participatif est un quasi fonds"),
        Retime(0, 0.2, 3.4),
        SetText(1, "propres."),
        Rename("Voix 2", "Bo"),
    )
    merged, conflicts = merge(TALK, mine, theirs)
    assert conflicts == ()
    assert merged.cues[0] == Cue(0.2, 3.4, "Ce prêt participatif est un quasi-fonds", "Voix 1")
    assert (merged.cues[1].text, merged.cues[2].speaker, merged.speakers) == ("propres.", "Bo", ("Bo",))
    assert [c.title for c in merged.chapters] == ["Début", "Milieu", "Suite"]
    merged, conflicts = merge(TALK, after(SetText(2, "Non.")), after(SetText(2, "Si.")))
    assert merged.cues[2].text == "Si."
    assert [(c.kind, c.at, c.mine, c.theirs) for c in conflicts] == [("lines", 2, ("Non.",), ("Si.",))]
    _, conflicts = merge(TALK, after(SetSummary("A")), after(SetSummary("B")))
    assert [c.kind for c in conflicts] == ["summary"]
    # A line that one cuts and the other corrects is shown, not guessed.
    merged, conflicts = merge(TALK, after(Split(0, 8)), after(SetText(0, "Autre chose.")))
    assert merged.cues[0].text == "Autre chose." and conflicts[0].mine == ("Le prêt", "participatif est un quasi fonds")


_TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
_AT = st.integers(-1, 5)
_SECOND = st.floats(-5, 30, allow_nan=False)
_EDIT = st.one_of(
    st.builds(SetText, _AT, _TEXT),
    st.builds(Split, _AT, st.integers(-2, 50)),
    st.builds(Join, _AT),
    st.builds(Remove, _AT),
    st.builds(Add, _SECOND, _SECOND, _TEXT),
    st.builds(Retime, _AT, _SECOND, _SECOND),
    st.builds(SetSpeaker, _AT, _TEXT),
    st.builds(Rename, st.sampled_from(["Voix 1", "Voix 2", "Ada"]), _TEXT),
    st.builds(AddChapter, _SECOND, _TEXT),
    st.builds(ChangeChapter, _AT, _SECOND, _TEXT),
    st.builds(RemoveChapter, _AT),
    st.builds(Shift, _SECOND),
    st.builds(Replace, st.builds(Wanted, _TEXT, st.booleans(), st.booleans()), _TEXT),
)


def _tried(content: Content, edits: list[Edit]) -> Content:
    for edit in edits:
        try:
            content = revise(content, [edit], FACTS)
        except BadInput:
            continue
    return content


@settings(max_examples=100, deadline=None)
@given(st.lists(_EDIT, max_size=6), st.lists(_EDIT, max_size=6))
def test_whatever_people_do_is_read_back_as_it_was_saved(mine: list[Edit], theirs: list[Edit]) -> None:
    one, two = _tried(TALK, mine), _tried(TALK, theirs)
    merged, conflicts = merge(TALK, one, two)
    for content in (one, two, merged):
        assert read_cues(write_vtt(content.cues).encode()) == content.cues
        assert apply(TALK, delta(TALK, content)) == content
        assert all(clean(c.text) == c.text for c in content.cues)
        assert list(readable(delta(TALK, content))) or content == TALK or told(delta(TALK, content))
    if one == TALK:
        assert (merged, conflicts) == (two, ())
    form = TypeAdapter(list[Edit])
    assert form.validate_json(form.dump_json(mine)) == mine
