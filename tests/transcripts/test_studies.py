"""Studies on disk: what is written is read back to the letter, with its places; slugs are shared with masterclasses."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcripts.article import row_with_header
from transcripts.errors import BadInput, DamagedFile, Gone, NotFound
from transcripts.library import Library
from transcripts.model import Details, Masterclass, Origin, Summary
from transcripts.studies import Studies
from transcripts.study import Block, Study, StudyDetails, placed, read_out
from transcripts.study_files import format_text, parse_text
from transcripts.study_history import changes, differences

SLUG = "2026-03-01-les-garanties"
TABLE = "| Fonds | Montant |\n| --- | ---: |\n| A \\| B | 12 000 € |\n| C | < 3 |"
BLOCKS = placed(
    [
        Block(1, "heading", "Les garanties", 1),
        Block(1, "text", "Une garantie couvre une part du prêt. Elle rassure la banque."),
        Block(1, "text", "• 1. un point*, [avec] <des> signes & `codes`"),
        Block(1, "note", "1 Voir le rapport."),
        Block(1, "text", "Cette phrase commence ici et finit sur la page suivante. Fin.", breaks=(24,)),
        Block(2, "table", TABLE),
        Block(2, "figure", "Figure 1 : le fonds"),
        Block(3, "heading", "# Suite", 2),
        Block(3, "text", "- tiret au début"),
    ]
)


def study(**changes: object) -> Study:
    details = StudyDetails(
        SLUG, "Les garanties", dt.date(2026, 3, 1), ("A. Auteur",), "types-de-financeurs", "draft", "fr", "g.pdf",
        Origin("pdf", "ab" * 32, note="Une pièce jointe est ignorée."), 3,
    )  # fmt: skip
    return Study(replace(details, **changes), BLOCKS, Summary("À retenir"))


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    original = tmp_path / "g.PDF"
    original.write_bytes(b"%PDF-1.7")
    studies = Studies(tmp_path)
    details = studies.add(study(), original)
    assert details.original == "original.pdf"
    assert studies.read(SLUG) == replace(study(), details=details)
    assert "\\< 3" in (studies.root / SLUG / "text.md").read_text("utf-8")  # no reader of Markdown takes it for a tag
    assert studies.original(SLUG).read_bytes() == b"%PDF-1.7"  # type: ignore[union-attr]


def test_places_follow_the_pages() -> None:
    whole = study()
    assert [(chapter.title, int(chapter.start)) for chapter in whole.chapters] == [("Les garanties", 1), ("# Suite", 3)]
    assert whole.chapters[-1].end == 4.0
    said = whole.sentences()
    assert said[-1].text == "Voir le rapport."
    over = next(s for s in said if s.text.startswith("Cette phrase"))
    assert (int(over.start), int(over.end)) == (1, 2)
    rows = [s.text for s in said if "|" in s.text]
    assert rows == ["Fonds | Montant", "A \\| B | 12 000 €", "C | < 3"]
    body = [s.start for s in said[:-1]]
    assert body == sorted(body)
    assert all(s.start < s.end for s in said)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["heading", "text", "note", "figure"]),
            st.text("ab1.-#|*[]!()<>&\\_`~ é:", min_size=1).map(lambda t: " ".join(t.split())).filter(bool),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_text_survives_markdown(pieces: list[tuple[str, str]]) -> None:
    blocks = placed(Block(1, kind, text, int(kind == "heading")) for kind, text in pieces)  # type: ignore[arg-type]
    assert parse_text(format_text(blocks)) == blocks


def test_what_is_quoted_stands_by_itself() -> None:
    blocks = placed(
        [
            Block(1, "text", "Quotité. Part du prêt que prend le garant. [1] Elle baisse. [2] [3]"),
            Block(1, "text", "Une phrase qui n’est pas un titre. Une autre."),
            Block(1, "note", "[1] En pourcentage. Voir page 3."),
        ]
    )
    said = replace(study(), blocks=blocks).sentences()
    assert [sentence.text for sentence in said] == [
        "Quotité. Part du prêt que prend le garant.",
        "Elle baisse.",
        "Une phrase qui n’est pas un titre.",
        "Une autre.",
        "En pourcentage.",
        "Voir page 3.",
    ]


def test_a_row_is_shown_under_its_header() -> None:
    whole = study()
    assert row_with_header(whole, 2, "A \\| B | 12 000 €") == (("Fonds", "Montant"), ("A | B", "12 000 €"))
    assert row_with_header(whole, 2, "Fonds | Montant") is row_with_header(whole, 1, "C | < 3") is None


def test_a_row_is_read_out_with_its_heads() -> None:
    header, row, _ = (sentence for sentence in study().sentences() if sentence.heads)
    assert (header.is_header, row.is_header) == (True, False)
    assert read_out(row) == "[Fonds] A | B ; [Montant] 12 000 €"


def test_whatever_is_changed_can_be_taken_back(tmp_path: Path) -> None:
    studies = Studies(tmp_path)
    studies.add(study())
    other = placed([Block(1, "text", "Autre texte.")])
    studies.amend(SLUG, lambda it: replace(it, blocks=other), "camille@example.org", "a corrigé la page 1")
    studies.amend(SLUG, lambda it: replace(it, blocks=other))  # nothing changed: no version
    studies.amend(SLUG, lambda it: replace(it, details=replace(it.details, title="Autre", authors=("B",))))
    studies.amend(SLUG, lambda it: replace(it, summary=Summary("Relu.", "Camille", dt.date(2026, 3, 2))))
    studies.set_status(SLUG, "published")
    versions = studies.versions(SLUG)
    assert [(version.number, version.who, version.why) for version in versions[:2]] == [
        (1, "", ""),
        (2, "camille@example.org", "a corrigé la page 1"),
    ]
    contents = [version.content for version in versions]
    assert [changes(*pair) for pair in pairwise(contents)] == [
        "texte",
        "personnes, titre",
        "résumé",
    ]
    assert ("new", "Autre texte.") in [word for found in differences(*contents[:2]) for word in found.words]
    studies.go_back(SLUG, 1, "camille@example.org", "est revenu à l’état n° 1")
    assert studies.read(SLUG) == study(status="published")  # whether it is public is no part of that
    studies.go_back(SLUG, 4, "", "")
    assert (studies.read(SLUG).blocks, studies.details(SLUG).title) == (other, "Autre")
    assert studies.summary(SLUG).reviewed_by == "Camille"
    with pytest.raises(BadInput, match="n’existe pas"):
        studies.go_back(SLUG, 9, "", "")


def test_what_an_editor_wrote_is_a_version_of_its_own(tmp_path: Path) -> None:
    studies = Studies(tmp_path)
    studies.add(study())
    assert len(studies.versions(SLUG)) == 1
    (studies.root / SLUG / "text.md").write_text("Écrit ailleurs.", "utf-8")
    studies.amend(SLUG, lambda it: replace(it, details=replace(it.details, title="Autre")), "camille@example.org")
    assert [version.who for version in studies.versions(SLUG)] == ["", "", "camille@example.org"]
    studies.go_back(SLUG, 1, "", "")
    assert studies.read(SLUG).blocks == BLOCKS
    # The kept texts share what did not change.
    kept = [path.stat().st_size for path in sorted((studies.root / SLUG / "history").glob("*.json"))]
    assert kept[2] < kept[0]


def test_a_slug_is_taken_in_both(tmp_path: Path) -> None:
    library, studies = Library(tmp_path), Studies(tmp_path)
    talk = Details(
        SLUG, "Une", dt.date(2026, 3, 1), "types-de-financeurs", (), "draft", 1.0, "fr", "a.vtt", Origin("imported", "")
    )
    assert studies.add(study()).slug == SLUG
    assert library.add(Masterclass(talk, ())).slug == f"{SLUG}-2"
    assert studies.add(study()).slug == f"{SLUG}-3"


def test_what_was_published_is_gone_and_a_draft_was_never_there(tmp_path: Path) -> None:
    studies = Studies(tmp_path)
    studies.add(study())
    assert studies.set_status(SLUG, "published").status == "published"
    studies.remove(SLUG)
    with pytest.raises(Gone, match="étude"):
        studies.details(SLUG)
    back = studies.add(study(slug="2026-03-03-reprise")).slug
    studies.set_status(back, "published")
    assert studies.set_status(back, "draft").status == "draft"  # it is there, for those who work on it
    Studies(tmp_path).remove(back)  # by another hub
    with pytest.raises(Gone):
        studies.details(back)
    other = studies.add(study(slug="2026-03-02-autre"))
    studies.remove(other.slug)
    with pytest.raises(NotFound) as error:
        studies.details(other.slug)
    assert not isinstance(error.value, Gone)


def test_a_damaged_study_is_named_and_the_others_stay(tmp_path: Path) -> None:
    studies = Studies(tmp_path)
    studies.add(study())
    bad = studies.add(study(slug="2026-03-02-autre")).slug
    (studies.root / bad / "study.toml").write_text("title = 3")
    assert [d.slug for d in studies.catalogue()] == [SLUG]
    assert [str(e.path.parent.name) for e in studies.damaged()] == [bad]
    (studies.root / SLUG / "text.md").unlink()
    with pytest.raises(DamagedFile):
        studies.read(SLUG)
    studies.set_status(SLUG, "published")
    studies.examine()
    assert [f"{e.path.parent.name}/{e.path.name}" for e in studies.damaged()] == [
        f"{bad}/study.toml",
        f"{SLUG}/text.md",
    ]
    assert (studies.published(), [d.slug for d in studies.catalogue()]) == ([], [SLUG])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("pages = ", "pages = inf #", "« pages » n’est pas un nombre"),
        ("pages = ", "pages = -2 #", "« pages » doit valoir au moins 0"),
        ("authors = [", "authors = ''\nothers = [", "« authors » n’est pas une liste"),
        ("[text]", "publish_at = 2026-05-12\n[text]", "« publish_at » n’est pas un jour avec une heure"),
    ],
)
def test_a_card_of_which_one_value_cannot_be_says_which(tmp_path: Path, old: str, new: str, said: str) -> None:
    studies = Studies(tmp_path)
    studies.add(study())
    card = studies.root / SLUG / "study.toml"
    text = card.read_text("utf-8")
    assert old in text
    card.write_text(text.replace(old, new), "utf-8")
    (error,) = studies.damaged()
    assert said in str(error)
