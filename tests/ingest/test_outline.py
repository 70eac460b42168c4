"""The drafts of chapters and summary say what was said, where it was said."""

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.chapters import draft_chapters
from ingest.quotes import about_the_talk, stands_alone, tidy
from ingest.summary import draft_summary
from ingest.writing import Point
from transcripts.glossary import glossary
from transcripts.model import clock
from transcripts.sentences import Sentence

LOAN = "Le prêt participatif renforce les fonds propres de la jeune société numéro {}."
MONEY = "Une monnaie locale circule chez les commerçants adhérents du territoire numéro {}."


def two_subjects() -> tuple[list[Sentence], np.ndarray]:
    """Twenty sentences on a loan, then twenty on a currency, six seconds each."""
    spoken = [Sentence(i * 6.0, i * 6.0 + 6, (LOAN if i < 20 else MONEY).format(i)) for i in range(40)]
    vectors = np.array([[1, 0.1] if i < 20 else [0.1, 1] for i in range(40)], dtype=np.float32)
    return spoken, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_chapters_change_with_the_subject() -> None:
    chapters = draft_chapters(*two_subjects())
    assert 120.0 in [c.start for c in chapters]
    for chapter in chapters:
        spoken = LOAN if chapter.start < 120 else MONEY
        assert chapter.title.removesuffix(" (suite)").split(" et ")[0].lower() in spoken.lower()


def test_a_chapter_is_named_by_the_terms_of_the_field() -> None:
    titles = [c.title for c in draft_chapters(*two_subjects(), glossary())]
    assert any("prêt participatif" in title.lower() for title in titles)
    assert any("monnaie locale" in title.lower() for title in titles)


def test_no_verb_names_a_chapter() -> None:
    said = "Le compte diminue, il diminue chaque mois, et il reste une part bloquée."
    spoken = [Sentence(i * 6.0, i * 6.0 + 6, said) for i in range(10)]
    assert [c.title for c in draft_chapters(spoken, np.ones((10, 1), np.float32))] == ["Part bloquée"]


def test_a_short_talk_is_one_chapter() -> None:
    # The line that begins last is not the one that goes last.
    spoken = [Sentence(2.0, 14.0, LOAN.format(1)), Sentence(8.0, 12.0, MONEY.format(2))]
    (chapter,) = draft_chapters(spoken, np.eye(2, dtype=np.float32))
    assert (chapter.start, chapter.end) == (0.0, 14.0)
    assert chapter.title


@pytest.mark.parametrize("hours", [1, 3])
def test_chapters_follow_each_other_without_gaps(hours: int) -> None:
    vectors = np.random.default_rng(1).normal(size=(400 * hours, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    spoken = [Sentence(i * 9.0, i * 9.0 + 8, LOAN.format(i)) for i in range(400 * hours)]
    chapters = draft_chapters(spoken, vectors)
    assert 5 * hours <= len(chapters) <= 12 * hours
    assert chapters[0].start == 0.0
    assert chapters[-1].end == spoken[-1].end
    assert all(one.end == two.start for one, two in pairwise(chapters))
    assert min(c.end - c.start for c in chapters) >= 40


def test_the_summary_quotes_sentences_and_links_to_their_second() -> None:
    spoken, vectors = two_subjects()
    text = draft_summary(spoken, vectors, draft_chapters(spoken, vectors))
    assert text.startswith("## À retenir\n\n- ") and "\n\n## Points clés\n\n- " in text
    lines = [line for line in text.split("\n") if line.startswith("- ")]
    assert len(set(lines)) == len(lines)
    found = [re.fullmatch(r"- (.+)\\\. \(\[(.+)\]\(#t=(\d+)\)\)", line) for line in lines]
    said = {s.text.rstrip("."): s.start for s in spoken}
    assert len(lines) > 3
    for match in found:
        assert match
        assert said[match[1]] == int(match[3])
        assert match[2] == clock(int(match[3]))
    assert {match[1][:2] for match in found if match} == {"Le", "Un"}


def test_the_key_points_of_an_hour_are_150_to_250_words() -> None:
    spoken = [Sentence(i * 9.0, i * 9.0 + 8, f"Euh, {LOAN if i % 2 else MONEY}".format(i)) for i in range(401)]
    vectors = np.random.default_rng(2).normal(size=(401, 8)).astype(np.float32)
    text = draft_summary(spoken, vectors, draft_chapters(spoken, vectors))
    points = re.findall(r"^- (.+) \(\[", text.partition("\n\n## Chiffres")[0], re.MULTILINE)
    assert 150 <= sum(len(point.split()) for point in points) <= 250


def test_questions_stand_with_their_answers_and_terms_with_their_second() -> None:
    spoken, vectors = two_subjects()
    asked = [
        Sentence(200.0, 206.0, "Première question, est-ce que le prêt participatif convient à une association ?"),
        Sentence(206.0, 212.0, "Oui, dès qu'elle a des recettes régulières."),
    ]
    spoken = [s for s in spoken if not 198 <= s.start < 210] + asked
    spoken.sort(key=lambda s: s.start)
    text = draft_summary(spoken, vectors[: len(spoken)], [], glossary())
    assert "- **Est\\-ce que le prêt participatif convient à une association\u00a0? ([3:20](#t=200))** Oui, dès" in text
    assert "## Termes\n\nprêt participatif ([0:00](#t=0))" in text


def test_a_question_brings_what_it_points_at_and_the_answer_more_than_a_yes() -> None:
    def says(at: float, speaker: str, text: str) -> Sentence:
        return Sentence(at, at + 5, text, speaker)

    talk = [says(6.0 * i, "Marie", LOAN.format(i)) for i in range(20)]
    asked = [
        says(120, "Une participante", "Nous sommes une association sans salarié."),
        says(125, "Une participante", "Est-ce que tout cela nous concerne ?"),
        says(130, "Marie", "Oui."),
        says(132, "Marie", "Un prêt se rembourse avec des recettes, même petites."),
        says(137, "Marie", "Et comment fait-on quand elles manquent ?"),
        says(142, "Marie", "On attend une saison de plus."),
    ]
    text = draft_summary([*talk, *asked], np.ones((26, 1), np.float32), [])
    questions = text.partition("## Questions de la salle\n\n")[2].partition("\n\n")[0]
    assert questions.count("\n") == 0  # what the speaker asks herself is none
    assert "salarié\\. Est\\-ce que" in questions
    assert questions.endswith("** Oui\\. Un prêt se rembourse avec des recettes, même petites\\.")


def asked_late(*said: tuple[str, str]) -> str:
    """Return the questions in the summary of a talk of Marie's that ends with what (who, what) was said."""
    talk = [*(("Marie", LOAN.format(i)) for i in range(20)), *said]
    spoken = [Sentence(6.0 * i, 6.0 * i + 6, text, who) for i, (who, text) in enumerate(talk)]
    text = draft_summary(spoken, np.ones((len(talk), 1), np.float32), [])
    return text.partition("## Questions de la salle\n\n")[2].partition("\n\n")[0].replace("\\", "")


@pytest.mark.parametrize(
    "question",
    [
        "Je voulais savoir si une association peut émettre des titres participatifs.",
        "J'aimerais vous demander si une association peut émettre des titres.",
        "Bonjour, ma question porte sur les titres participatifs des associations.",
        "Ma question, c'est de savoir si une association peut émettre des titres.",
        "Et moi, je me demandais si une association peut émettre des titres.",
        "La mienne dure cinq ans ?",
        f"Est-ce que, {'quand on est une petite association, ' * 7}on peut émettre des titres ?",
    ],
)
def test_a_question_is_known_by_the_voice_that_answers(question: str) -> None:
    text = asked_late(("Une participante", question), ("Marie", "Sept ans."))
    assert text.startswith(f"- **{tidy(question)} ([2:00](#t=120))") and text.endswith("** Sept ans.")
    assert not asked_late(("Marie", question), ("Une participante", "Sept ans."))


def test_a_question_of_a_few_words_brings_what_was_said_before_it() -> None:
    said = [("Un participant", "La ville nous a fait un prêt."), ("Un participant", "Pour combien de temps ?")]
    text = asked_late(*said, ("Marie", "Sept ans."))
    assert "**La ville nous a fait un prêt. Pour combien de temps\u00a0?" in text
    assert not asked_late(("Un participant", "Je voulais vous remercier."), ("Marie", "Merci à vous, vraiment."))


def test_figures_that_hold_in_general_and_organisations_stand_with_their_second() -> None:
    said = [
        "Un prêt participatif dure souvent de 5 à 10 ans, et il passe après les autres.",
        "La Conserverie obtient 50 000 euros de prêt participatif, au moins pour un an.",
        "La garantie de France Active aide beaucoup de petites structures du pays.",
        "L'association Les Berges Vives existe depuis une bonne dizaine d'années.",
    ]
    spoken = [Sentence(10.0 * i, 10.0 * i + 9, text) for i, text in enumerate(said)]
    spoken += [Sentence(40.0 + 6 * i, 46.0 + 6 * i, MONEY.format("x")) for i in range(20)]
    text = draft_summary(spoken, np.eye(24, dtype=np.float32), [], glossary(), [Point("Une monnaie circule.", 9)])
    told = text.partition("## Chiffres\n\n")[2].partition("\n\n")[0]
    assert "de 5 à 10 ans" in told and "Conserverie" not in told
    assert "## Organisations\n\nFrance Active ([0:20](#t=20)), Les Berges Vives ([0:30](#t=30))." in text


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("euh le le prêt n'est pas remboursé tout de suite.", "Le prêt n’est pas remboursé tout de suite."),
        ("Voilà, donc du coup vous payez 4 %, euh, par an.", "Vous payez 4 %, par an."),
        ("Pourquoi ?", "Pourquoi\u00a0?"),
        ("Vous vous engagez, et nous nous engageons.", "Vous vous engagez, et nous nous engageons."),
        ("je je je crois que la la banque prête.", "Je crois que la banque prête."),
        ("En en parlant, ce que c'est, c'est un prêt.", "En en parlant, ce que c’est, c’est un prêt."),
        ("Prêtez-la la semaine prochaine au Grand Est est.", "Prêtez-la la semaine prochaine au Grand Est est."),
        ("Elle, elle prête au numéro un, un jour.", "Elle, elle prête au numéro un, un jour."),
        ("Alors la banque prête.", "La banque prête."),
        ("Alors que la banque regarde, on prête.", "Alors que la banque regarde, on prête."),
        ("Alors, euh, qu'on attend, elle prête.", "Alors, qu’on attend, elle prête."),
        ("Alors même que la banque regarde, on prête.", "Alors même que la banque regarde, on prête."),
        ("Voilà pourquoi la banque regarde.", "Voilà pourquoi la banque regarde."),
        ("Voilà, la banque regarde.", "La banque regarde."),
        ("Bref, bon, la banque regarde.", "La banque regarde."),
        ("Bref délai, bon dossier.", "Bref délai, bon dossier."),
        ("Bon nombre de banques regardent.", "Bon nombre de banques regardent."),
        ("Du coup de pouce au prêt.", "Du coup de pouce au prêt."),
    ],
)
def test_a_quote_is_tidied_for_reading(said: str, read: str) -> None:
    assert tidy(said) == read


@pytest.mark.parametrize(
    ("said", "alone"),
    [
        ("Une garantie rassure la banque, et elle prête alors plus facilement à une association.", True),
        ("Euh, donc, une garantie rassure la banque et ne coûte presque rien à l'association.", True),
        ("Un prêt à une association, ça se prépare six mois avant le premier achat.", True),
        ("La banque regarde ça de très près avant de prêter à une association.", False),
        ("Le conseil d'administration a voté ça l'an dernier après deux réunions.", False),
        ("Aujourd'hui, ça marche très bien dans toutes les communes du territoire.", False),
        ("La banque prête une partie, et l'association finance tout cela avec ses réserves.", False),
        ("Elle prête alors plus facilement à une association qui a une garantie.", False),
        ("Parce que la banque prête plus facilement à une association garantie.", False),
        ("Une garantie rassure la banque, qui prête plus facilement à une association", False),
        ("La banque prête, selon eux, de la même manière à toutes les associations.", False),
        ("Voilà pourquoi la banque prête plus facilement à une association garantie.", False),
        ("Alors que la banque regarde la garantie, une fondation regarde le projet.", False),
        ("Une garantie rassure la banque.", False),
    ],
)
def test_no_half_sentence_and_none_that_leans_on_another_is_a_key_point(said: str, alone: bool) -> None:
    assert stands_alone(said) == alone


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("Prenons une association qui achète son local à Rennes avec un prêt.", True),
        ("Merci à vous tous d'être là ce soir pour parler de l'argent.", True),
        ("Une garantie rassure la banque et ne coûte presque rien à l'association.", False),
    ],
)
def test_talk_of_the_talk_is_told_apart(said: str, about: bool) -> None:
    assert about_the_talk(said) == about


# What is taken out, and what may not be.
SPARED = ["euh", "le", "que", "donc", ":", "c'est"]
KEPT = ["ne", "pas", "jamais", "12,5", "%", "prêt", "vous", "nous", "bon", "bref", "voilà", "pourquoi", "même"]


@given(st.lists(st.sampled_from([*SPARED, "alors", *KEPT])))
def test_tidying_drops_nothing_that_was_meant(words: list[str]) -> None:
    kept = tidy(" ".join(words)).lower().replace("’", "'").replace("\u00a0", " ").split()
    assert [word for word in kept if word in KEPT] == [word for word in words if word in KEPT]
    spoken = [word for word in words if word != "euh"]
    assert "alors que" not in " ".join(spoken) or "alors que" in " ".join(kept)


def test_markup_that_is_said_stays_text() -> None:
    spoken = [Sentence(0.0, 5.0, "Un <b>prêt</b> [lien](https://exemple.fr) se rembourse à la fin du mois prochain.")]
    assert "[lien](" not in draft_summary(spoken, np.ones((1, 1), np.float32), [])


def test_nothing_said_gives_no_draft() -> None:
    nothing = np.zeros((0, 2), dtype=np.float32)
    assert draft_chapters([], nothing) == []
    assert draft_summary([], nothing, []) == ""


def test_without_punctuation_no_sentence_is_quoted() -> None:
    said = "et donc le prêt participatif numéro {} renforce les fonds propres de la société"
    spoken = [Sentence(i * 6.0, i * 6.0 + 6, said.format(i)) for i in range(40)]
    vectors = np.ones((40, 1), np.float32)
    assert "renforce" not in draft_summary(spoken, vectors, [], glossary())
    ended = [replace(sentence, text=f"{sentence.text}.") for sentence in spoken]
    assert "renforce" in draft_summary(ended, vectors, [], glossary())
