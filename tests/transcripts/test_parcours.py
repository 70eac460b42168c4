"""Learning paths and the questionnaire, as staff write them."""

from itertools import product
from pathlib import Path

import pytest

from transcripts.library import Library
from transcripts.parcours import Questionnaire, decide, read_paths

DEMO = Path(__file__).parents[2] / "transcripts" / "demo"
GOOD = 'title = "T"\naudience = "A"\n[[step]]\ntitle = "Un"\nquestion = "Quoi ?"\n'


def test_the_demonstrations_paths_lead_to_chapters_that_are_there() -> None:
    paths = read_paths(DEMO / "parcours")
    library = Library(DEMO)
    assert paths.errors == ()
    assert len(paths.parcours) == 3
    for path in paths.parcours:
        assert path.demonstration
        for step in path.steps:
            if step.second is not None:
                chapters = library.read(step.masterclass or "").chapters
                assert min(abs(chapter.start - step.second) for chapter in chapters) < 1, step.title
            elif step.masterclass:
                assert library.details(step.masterclass).status == "published"


def test_every_answer_leads_to_a_path_and_no_question_is_needless() -> None:
    paths = read_paths(DEMO / "parcours")
    assert paths.questionnaire
    asked = {question.id: [choice.id for choice in question.choice] for question in paths.questionnaire.question}
    led = {decide(paths.questionnaire, dict(zip(asked, given, strict=True))) for given in product(*asked.values())}
    assert led == {path.slug for path in paths.parcours}
    assert decide(paths.questionnaire, {}) is None
    assert decide(paths.questionnaire, {"projet": "energie"}) == "projet-d-energie-citoyenne"
    assert decide(paths.questionnaire, {"projet": "autre", "structure": "association"}) is None


def test_the_first_rule_that_holds_decides() -> None:
    questions = Questionnaire.model_validate(
        {
            "title": "?",
            "question": [{"id": "a", "text": "?", "choice": [{"id": "x", "text": "X"}, {"id": "y", "text": "Y"}]}],
            "rule": [{"parcours": "p", "when": {"a": ["x"]}}, {"parcours": "q"}],
        }
    )
    assert [decide(questions, given) for given in ({}, {"a": "x"}, {"a": "y"}, {"b": "x"})] == [None, "p", "q", None]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = ", "pas du TOML"),
        ('title = "T"\naudience = "A"\n', "« step » manque"),
        ('title = "T"\naudience = "A"\nstep = []\n', "« step » est vide"),
        (GOOD + "masterclass = 'x'\n", "« Un » demande soit « question », soit « masterclass »"),
        (GOOD + "at = '1:00'\n", "« Un » a « at » sans « masterclass »"),
        (GOOD.replace("question = ", "masterclass = ") + "at = 'midi'\n", "« step 1 at »"),
        (GOOD + '[[step]]\ntitle = "un !"\nquestion = "?"\n', "deux étapes portent le même titre"),
        (GOOD + 'etape = "x"\n', "« step 1 etape » n’est pas un nom connu"),
    ],
)
def test_a_wrong_file_is_named_and_the_others_are_shown(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bon.toml").write_text(GOOD, "utf-8")
    (tmp_path / "faux.toml").write_text(text, "utf-8")
    paths = read_paths(tmp_path)
    assert [path.slug for path in paths.parcours] == ["bon"]
    (error,) = paths.errors
    assert said in str(error)
    assert "« faux.toml »" in str(error)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ('[[rule]]\nparcours = "bon"\nwhen = { a = ["z"] }\n[[rule]]\nparcours = "bon"\n', "« a z », qui n’existe pas"),
        ('[[rule]]\nparcours = "bon"\nwhen = { b = ["x"] }\n[[rule]]\nparcours = "bon"\n', "« b x »"),
        ('[[rule]]\nparcours = "bon"\nwhen = { a = ["x"] }\n', "la dernière règle doit être sans condition"),
        ('[[rule]]\nparcours = "ailleurs"\n', "mènent à « ailleurs »"),
    ],
)
def test_rules_that_lead_nowhere_are_said(tmp_path: Path, rules: str, said: str) -> None:
    (tmp_path / "bon.toml").write_text(GOOD, "utf-8")
    question = '[[question]]\nid = "a"\ntext = "?"\nchoice = [{ id = "x", text = "X" }, { id = "y", text = "Y" }]\n'
    (tmp_path / "questionnaire.toml").write_text(f'title = "Où ?"\n{question}{rules}', "utf-8")
    paths = read_paths(tmp_path)
    assert paths.questionnaire is None
    assert said in str(paths.errors[0])
    assert len(paths.parcours) == 1


def test_no_folder_is_no_path(tmp_path: Path) -> None:
    assert read_paths(tmp_path / "none").parcours == ()


def test_a_step_keeps_its_mark_when_steps_change_places(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD + '[[step]]\ntitle = "Deux"\nmasterclass = "m"\nat = "1:02:03"\n', "utf-8")
    steps = read_paths(tmp_path).parcours[0].steps
    assert [step.id for step in steps] == ["un", "deux"]
    assert steps[1].second == 3723
