"""Answers as they are really sent: badly saved, half empty, wrongly described."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from app import demo_survey
from app.survey_file import number, read_survey
from app.surveys import KeptSurvey, Reviewed, Surveys, key
from transcripts.days import today
from transcripts.errors import BadInput
from transcripts.survey import Description, Survey, explore


def describe(*columns: dict[str, object], file: str = "r.csv") -> Description:
    return Description.model_validate({"title": "Essai", "file": file, "published": True, "column": list(columns)})


def counts(survey: Survey, title: str) -> dict[str, int]:
    question = next(q for q in survey.questions if q.title == title)
    if question.several:
        return dict(zip(question.answers, question.codes.sum(axis=0).tolist(), strict=True))
    return dict(
        zip(question.answers, np.bincount(question.codes, minlength=len(question.answers)).tolist(), strict=True)
    )


ROWS = [
    ("Énergie", "35", "1 234,50", "12/05/2026", "prêt|garanties"),
    ("énergie", "Bretagne", "80 k€", "2026-05-12", "garanties"),
    ("Énergie", "56100", "environ 2 M€", "12 mai 2026", ""),
    ("Énergie", "", "", "", "prêt"),
    ("Énergie", "29", "500", "1er juin 2025", "prêt | garanties"),
]
COLUMNS = (
    {"name": "Secteur", "kind": "choice"},
    {"name": "Siège", "kind": "place"},
    {"name": "Montant", "kind": "amount", "bounds": [1000, 100000]},
    {"name": "Le", "kind": "date"},
    {"name": "Besoins", "kind": "choices"},
)


def test_windows_1252_semicolons_commas_and_three_kinds_of_dates() -> None:
    lines = ["Secteur;Siège;Montant;Le;Besoins;Nom", *(f"{';'.join(row)};Dupont" for row in ROWS * 2)]
    survey = read_survey("\r\n".join(lines).encode("cp1252"), describe(*COLUMNS))
    assert survey.size == 10
    assert counts(survey, "Secteur") == {"Énergie": 10, "Autres réponses": 0, "Sans réponse": 0}
    assert {k: v for k, v in counts(survey, "Siège").items() if v} == {"Bretagne": 8, "Sans réponse": 2}
    assert list(counts(survey, "Montant").values()) == [2, 4, 2, 2]
    assert counts(survey, "Le") == {"2026": 6, "Autres réponses": 2, "Sans réponse": 2}
    assert counts(survey, "Besoins") == {"garanties": 6, "prêt": 6, "Autres réponses": 0, "Sans réponse": 2}
    assert survey.faults == ("La colonne « Nom » n’est pas décrite : elle n’est pas montrée.",)


@pytest.mark.parametrize("kind", ["date", "choice", "choices"])
def test_the_list_of_answers_does_not_tell_that_somebody_is_there(kind: str) -> None:
    def listed(*rare: str) -> tuple[str, ...]:
        answers = ["2026-05-12"] * 16 + ["2025-05-12"] * 8
        lines = ["Le;N", *(f"{answer};1" for answer in (*answers[: 24 - len(rare)], *rare))]
        column = {"name": "Le", "kind": kind, "filter": True}
        return read_survey("\n".join(lines).encode(), describe(column)).questions[0].answers

    assert listed() == listed("2024-01-01") == listed("") == listed("2024-01-01", "2023-01-01", "")


def test_one_cell_that_cannot_be_read_is_told_in_the_singular() -> None:
    column = {"name": "Le", "kind": "date"}
    survey = read_survey(("Le\n" + "2026-05-12\n" * 9 + "hier\n").encode(), describe(column))
    assert survey.faults == (
        "Une case de « Le » ne se lit pas comme une date (à la ligne 11 : « hier ») : elle compte comme sans réponse.",
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,5", 1234.5),
        ("1.234.567", 1234567),
        ("12 k€", 12000),
        ("1,5 million", 1.5e6),
        ("-3", -3),
        ("dix", None),
        ("", None),
    ],
)
def test_numbers(text: str, value: float | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ({"name": "Secteur", "kind": "number", "bounds": [1]}, "décrite comme un nombre"),
        ({"name": "Secteur", "kind": "place"}, "décrite comme un lieu"),
        ({"name": "Ailleurs", "kind": "choice"}, "n’est pas dans le fichier"),
        ({"name": "Nom", "kind": "choice"}, "presque toutes différentes"),
    ],
)
def test_a_column_described_wrongly_is_named_and_the_others_stay(column: dict[str, object], said: str) -> None:
    lines = ["Secteur;Nom;Besoin", *(f"Énergie;Nom {n};prêt" for n in range(20))]
    survey = read_survey("\n".join(lines).encode(), describe(column, {"name": "Besoin", "kind": "choice"}))
    assert [question.title for question in survey.questions] == ["Besoin"]
    assert any(said in fault for fault in survey.faults)


@pytest.mark.parametrize(
    ("kind", "lines", "said"),
    [
        ("choice", ["A;A;B", *["x;y;"] * 8], "Plusieurs colonnes s’appellent « A »"),
        ("choices", ["A;B", *["prêt, garanties;"] * 8], "mais souvent un « , »"),
        ("text", ["A;B", "mot " * 300 + ";"], "1 texte dépasse 1000 caractères"),
        ("place", ["A;B", *["Rennes;"] * 7, "Ille-et-Vilaine;"], "7 cases de « A » ne se lisent pas comme un lieu"),
    ],
)
def test_what_of_a_column_is_lost_is_said(kind: str, lines: list[str], said: str) -> None:
    columns = ({"name": "A", "kind": kind}, {"name": "B", "kind": "text"})
    survey = read_survey("\n".join([*lines, ";" * lines[0].count(";") + "z"]).encode(), describe(*columns))
    assert [fault for fault in survey.faults if said in fault]
    if kind == "place":
        assert counts(survey, "A")["Bretagne"] == 1
    assert all(len(each.text) == 1 or each.text.endswith("mot…") for each in survey.said)


def test_dates_of_a_workbook_are_read() -> None:
    """Excel keeps a date as a number of days, whose form alone says that it is a date."""
    cell = '<row r="{n}"><c r="A{n}" s="1"><v>46154</v></c><c r="B{n}"><v>1</v></c></row>'
    form = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    survey = read_survey(workbook(cell, form), describe({"name": "N", "kind": "date"}, file="r.xlsx"))
    assert counts(survey, "N")["2026"] == 7


def test_what_of_a_workbook_is_not_read_is_said() -> None:
    cell = '<row r="{n}"><c r="A{n}"><f>1+1</f></c><c r="B{n}" t="e"><v>#DIV/0!</v></c></row>'
    columns = ({"name": "N", "kind": "number", "bounds": [5, 10]}, {"name": "O", "kind": "choice"})
    survey = read_survey(workbook(cell, further=True), describe(*columns, file="r.xlsx"))
    sheet, formulas, errors = survey.faults[:3]
    assert "« Bilan »" in sheet
    assert formulas.startswith("7 cases contiennent une formule sans son résultat")
    assert errors.startswith("7 cases contiennent une erreur de calcul")


def test_a_workbook_that_unpacks_to_far_more_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as part:
        for _ in range(201):
            part.write(b" " * 1_000_000)
    with pytest.raises(BadInput, match="trop grand une fois ouvert"):
        read_survey(file.getvalue(), describe({"name": "A", "kind": "choice"}, file="r.xlsx"))


TICKED = '<row r="{n}"><c r="A{n}"><f>1+1</f><v>7</v></c><c r="B{n}" t="b"><v>1</v></c></row>'


def workbook(row: str = TICKED, forms: str = "", *, further: bool = False) -> bytes:
    """Return a workbook of seven rows: a formula that was last computed as 7, and a box that is ticked."""
    cells = "".join(row.format(n=n) for n in range(2, 9))
    other = '<sheet name="Bilan" sheetId="2" r:id="c"/>' if further else ""
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>N</t></is></c><c r="B1" t="inlineStr"><is><t>O</t></is></c></row>'
    space = "http://schemas.openxmlformats.org"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{space}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="a" Type="{space}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{space}/spreadsheetml/2006/main" xmlns:r="{space}/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="b"/>{other}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="b" Type="{space}/officeDocument/2006/relationships/worksheet" Target="worksheets/s.xml"/><Relationship Id="c" Type="{space}/officeDocument/2006/relationships/worksheet" Target="/xl/worksheets/s.xml"/><Relationship Id="d" Type="{space}/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{space}/spreadsheetml/2006/main">{forms}</styleSheet>',
        "xl/worksheets/s.xml": f'<worksheet xmlns="{space}/spreadsheetml/2006/main"><sheetData>{head}{cells}</sheetData></worksheet>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def test_a_workbook_gives_values_and_nothing_is_computed() -> None:
    columns = ({"name": "N", "kind": "number", "bounds": [5, 10]}, {"name": "O", "kind": "choice"})
    survey = read_survey(workbook(), describe(*columns, file="r.xlsx"))
    assert list(counts(survey, "N").values()) == [0, 7, 0, 0]
    assert counts(survey, "O") == {"Oui": 7, "Autres réponses": 0, "Sans réponse": 0}


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 nothing", b"a;b\n1;2;3\n", bytes(range(256))])
@pytest.mark.parametrize("file", ["r.csv", "r.xlsx"])
def test_what_is_no_table_is_refused_in_a_sentence(data: bytes, file: str) -> None:
    with pytest.raises(BadInput, match="rien n’a changé"):
        read_survey(data, describe({"name": "A", "kind": "choice"}, file=file))


def test_the_demonstration_shows_and_hides(tmp_path: Path) -> None:
    surveys = Surveys(tmp_path)
    demo_survey.add(surveys)
    ((name, survey),) = surveys.published().items()
    assert survey.size == demo_survey.SIZE and survey.description.demonstration
    assert not survey.faults
    everybody = explore(survey, {})
    assert everybody.total == 850
    assert not {"Nom de la structure", "Courriel"} & {d.question for d in everybody.distributions}
    corsica = next(b for d in everybody.distributions if d.question == "Région" for b in d.bars if b.answer == "Corse")
    narrow = explore(survey, {"Région": "Corse", "Secteur": "Énergie", "Forme juridique": "Fondation"})
    assert corsica.count is None or corsica.count >= 5
    assert narrow.total is None and not narrow.distributions
    assert not any("@" in text or "Exemple" in text for text in surveys.of(name).texts())
    demo_survey.remove(surveys)
    assert list(surveys.folder.iterdir()) == []


def test_only_what_was_reviewed_is_shown_each_text_by_itself(tmp_path: Path) -> None:
    survey = KeptSurvey(tmp_path / "survey", "")
    columns = "".join(f'[[column]]\nname = "{name}"\nkind = "text"\n' for name in ("Dit", "Ajoute"))
    description = f'# à nous\ntitle = "Essai"\nfile = "r.csv"\n{columns}'
    answers = "Dit;Ajoute\nAppelez Jeanne au 06 12 34 56 78;Un prêt\nUn prêt;\n"
    survey.keep(answers.encode(), description)
    assert survey.published() is None
    survey.show(True)
    assert (tmp_path / "survey/survey.toml").read_text("utf-8").startswith("# à nous")
    assert survey.texts() == ()
    first, second = survey.waiting().items()
    assert "Jeanne" not in first[1].text and "34" not in first[1].text
    survey.review(first[0], "Appelez-nous", "camille@example.org")
    assert survey.texts() == ("Appelez-nous",)
    survey.review(second[0], "", "camille@example.org")
    assert (survey.texts(), survey.waiting()) == (("Appelez-nous",), {})
    survey.show(False)
    assert survey.texts() == () and survey.published() is None
    with pytest.raises(BadInput):
        survey.review("unknown", "x", "camille@example.org")
    survey.decide([Reviewed(key("Un prêt"), "Un prêt", "camille@example.org", today())])
    survey.show(True)
    assert survey.texts() == ("Appelez-nous", "Un prêt", "Un prêt")


def test_what_is_decided_while_the_answers_are_given_anew_stays_decided(tmp_path: Path) -> None:
    survey, texts = KeptSurvey(tmp_path / "survey", ""), [f"Texte {n}" for n in range(12)]
    description = 'title = "Essai"\nfile = "r.csv"\n[[column]]\nname = "Dit"\nkind = "text"\n'
    answers = "\n".join(["Dit", *texts]).encode()
    survey.keep(answers, description)
    decided = [Reviewed(key(text), text, "camille@example.org", today()) for text in texts]
    with ThreadPoolExecutor(2) as several:
        given = several.submit(lambda: [survey.keep(answers, description) for _ in texts])
        several.submit(lambda: [survey.decide([one]) for one in decided]).result()
        given.result()
    assert set(survey.reviewed()) == set(decided)


def test_several_surveys_stand_side_by_side_and_the_first_one_stays_where_it_was(tmp_path: Path) -> None:
    surveys = Surveys(tmp_path)
    description = 'title = "Épargne : {}"\nfile = "r.csv"\n[[column]]\nname = "A"\nkind = "choice"\n'
    answers = ("A\n" + "oui\n" * 6).encode()
    KeptSurvey(tmp_path / "survey", "").keep(answers, description.format("avant"), published=True)  # by an older hub
    for _ in range(2):
        surveys.new(description.format("essai")).keep(answers, description.format("essai"))
    assert surveys.names() == ["", "epargne-essai", "epargne-essai-2"]
    assert list(surveys.published()) == [""]
    surveys.of("epargne-essai").show(True)
    assert [survey.description.title for survey in surveys.published().values()] == [
        "Épargne : avant",
        "Épargne : essai",
    ]
    # A file under another name takes the place of the answers before.
    other = description.format("essai").replace("r.csv", "s.csv")
    surveys.of("epargne-essai").keep(answers * 2, other)
    kept = {path.name for path in (tmp_path / "survey/epargne-essai").iterdir()}
    assert kept - {"reviewed.lock"} == {"s.csv", "survey.toml"}
    surveys.of("").remove()
    (tmp_path / "survey/epargne-essai-2/survey.toml").write_text("title =")
    assert surveys.names() == ["epargne-essai", "epargne-essai-2"] and not (tmp_path / "survey/r.csv").exists()
    assert surveys.published() == {}
    for name in ("", "../survey", "epargne"):
        with pytest.raises(BadInput, match="plus là"):
            surveys.of(name)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("bounds = [1, 5, 20, 50]", "bounds = [5, 1]", "croissant"),
        ('kind = "place"', 'kind = "lieu"', "place"),
        ('file = "reponses.csv"', 'file = "../people.db"', "forme"),
        ("[[column]]", "[[colonne]]", "« column »"),
        ("title =", "title", "TOML"),
    ],
)
def test_a_description_that_is_not_followed_is_refused_and_the_survey_stays(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    surveys = Surveys(tmp_path)
    demo_survey.add(surveys)
    with pytest.raises(BadInput, match=said):
        surveys.of(surveys.names()[0]).keep(demo_survey.answers(), demo_survey.DESCRIPTION.replace(old, new))
    assert surveys.published()
