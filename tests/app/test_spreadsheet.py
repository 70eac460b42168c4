"""The catalogue goes to a spreadsheet and comes back, from whatever program wrote it."""

import datetime as dt
from dataclasses import replace

import pytest

from app.spreadsheet import Change, compare, export, read
from transcripts.days import written_day
from transcripts.errors import BadInput
from transcripts.model import THEMES, Details, Origin


def details(n: int, title: str, **changes: object) -> Details:
    whole = Details(
        slug=f"2026-05-0{n}-talk",
        title=title,
        date=dt.date(2026, 5, n),
        theme="types-de-financeurs",
        speakers=("Ada Étienne", "Zoé d’Or"),
        status="draft",
        duration=300.0,
        language="fr",
        source="a.mp4",
        origin=Origin("base", "abc"),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


CATALOGUE = [
    details(1, "Le prêt ; « vraiment »"),
    details(2, '=HYPERLINK("http://evil")'),
    details(3, "Œuvre, garantie\nà deux lignes"),
]


def changes(data: bytes) -> list[tuple[str, str, object]]:
    return [
        (change.slug[8:10], change.field, change.value[1]) for change in compare(read(data), CATALOGUE, THEMES).changes
    ]


def test_what_is_exported_comes_back_as_no_change() -> None:
    data = export(CATALOGUE, THEMES)
    assert b';"Le pr\xc3\xaat ; ' in data
    assert b"\r\n2026-05-02-talk;\"'=HYPERLINK" in data  # a spreadsheet must not follow it
    plan = compare(
        read(data), [CATALOGUE[0], CATALOGUE[1], replace(CATALOGUE[2], title="Œuvre, garantie à deux lignes")], THEMES
    )
    assert (plan.changes, plan.faults, plan.same) == ((), (), 3)
    assert read(data).extra == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators(encoding: str, separator: str) -> None:
    lines = [
        ["Identifiant", "Intervenant·es", "Thème"],
        ["2026-05-01-talk", "Élodie Nœud | Ada Étienne", "Systeme monetaire et économique"],
    ]
    data = "\r\n".join(separator.join(line) for line in lines).encode(
        encoding, "replace" if encoding == "cp1252" else "strict"
    )
    assert changes(data) == [
        ("01", "personnes", ("Élodie Nœud", "Ada Étienne")),
        ("01", "thème", "systeme-monetaire-et-economique"),
    ]


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-03",
        "03/11/2026",
        "3/11/26",
        "3 novembre 2026",
        "mardi 3 novembre 2026",
        "2026-11-03 00:00:00",
        "3.11.2026",
    ],
)
def test_dates_of_all_kinds(written: str) -> None:
    assert written_day(written) == dt.date(2026, 11, 3)
    assert written_day("1er mai 2026") == dt.date(2026, 5, 1)


@pytest.mark.parametrize(
    "written", ["novembre 2026", "2026", "31/02/2026", "demain", "3", "2026-13-01", "12:30", "9" * 50]
)
def test_what_is_no_whole_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        written_day(written)


def test_missing_and_extra_columns_empty_cells_and_unknown_rows() -> None:
    data = (
        "Titre;Commentaire;Date;Statut;Titre\n"
        "LE PRÊT ; vraiment;;;;\n"
        '"Le prêt ; « vraiment »";à revoir;;publiée;\n'
        ";;;;\n"
        "Personne ne s’appelle ainsi;;2026-01-01;;\n"
        '"=HYPERLINK(""http://evil"")";;31/02/2026;en ligne;\n'
    )
    sheet = read(data.replace("LE PRÊT ; vraiment;;;;\n", "").encode())
    assert sheet.extra == ("Commentaire", "Titre")
    assert sheet.lacking == ("identifiant", "personnes", "thème")
    plan = compare(sheet, CATALOGUE, THEMES)
    assert plan.changes == (
        Change("2026-05-01-talk", CATALOGUE[0].title, "statut", "brouillon", "publiée", ("status", "published")),
    )
    assert [fault.partition(" : ")[0] for fault in plan.faults] == [
        "La ligne 4 ne désigne aucune masterclass (« Personne ne s’appelle ainsi »)",
        'La ligne 5, « =HYPERLINK("http://evil") »',
        'La ligne 5, « =HYPERLINK("http://evil") »',
    ]


def test_names_are_told_apart() -> None:
    def speakers(cell: str) -> tuple[list[str], tuple[str, ...]]:
        plan = compare(read(f'identifiant;personnes\n2026-05-01-talk;"{cell}"\n'.encode()), CATALOGUE, THEMES)
        return [f"{change.before} → {change.after}" for change in plan.changes], plan.faults

    # One person of that name, in the place of two who agreed to be named.
    changed, faults = speakers("Ada Étienne, Zoé d’Or")
    assert changed == []
    assert "« Ada Étienne, Zoé d’Or » serait une seule personne" in faults[0]
    assert speakers("Zoé d’Or ; Ada Étienne") == (["Ada Étienne | Zoé d’Or → Zoé d’Or | Ada Étienne"], ())
    assert speakers("\nAda  Étienne\nZoé d’Or\n") == ([], ())
    assert speakers(" \n") == ([], ())
    named = replace(CATALOGUE[0], speakers=("Zoé d’Or, présidente",))
    same = compare(read("identifiant;personnes\n2026-05-01-talk;Zoé d’Or, présidente\n".encode()), [named], THEMES)
    assert (same.changes, same.faults) == ((), ())


def test_one_masterclass_named_twice_and_two_of_one_title() -> None:
    twice = "identifiant;titre\n2026-05-01-talk;Un\n2026-05-01-talk;Deux\n"
    plan = compare(read(twice.encode()), CATALOGUE, THEMES)
    assert [change.after for change in plan.changes] == ["Un"]
    assert "déjà nommée" in plan.faults[0]
    same = [details(1, "Pareil"), details(2, "Pareil")]
    assert "plusieurs" in compare(read(b"titre;statut\nPareil;draft\n"), same, THEMES).faults[0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"a;b\n1;2\n",
        b'titre\n"jamais ferm\xc3\xa9\n' * 3,
        b"PK\x03\x04" + bytes(100),
        b"titre;date\na;b;c;d\n",
        bytes(6_000_000),
    ],
)
def test_what_is_no_such_table_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(BadInput, match="rien n’a changé"):
        read(data)
