"""Tables that people send, as texts in cells: CSV however it was saved, and XLSX, of which only values are read."""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import warnings
import zipfile
from collections.abc import Mapping
from contextlib import suppress

import pandas as pd
from slugify import slugify

from ingest.documents.packages import parsed
from transcripts.errors import BadInput
from transcripts.formats import decoded
from transcripts.typography import counted

_SEPARATORS = ";,\t"
# In the XML of a sheet: a cell that ends with its formula, and one that says it is an error.
_UNCOMPUTED = re.compile(rb"<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*</(?:\w+:)?c>")
_ERROR = re.compile(rb"<(?:\w+:)?c\b[^>]*\bt=[\"']e[\"']")
_UNPACKED = 200_000_000  # bytes of a workbook once unpacked


def read_csv(data: bytes) -> pd.DataFrame:
    """Read a table in UTF-8, UTF-16 or Windows-1252, with semicolons, commas or tabs. Raises `BadInput`, with the line.

    Columns of one name stay so.
    """
    text = decoded(data)
    header = text.lstrip("\r\n").partition("\n")[0]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a row longer than the header would lose its end
            table = pd.read_csv(
                io.StringIO(text),
                sep=max(_SEPARATORS, key=header.count),
                header=None,  # else columns of one name are given others
                dtype=str,
                keep_default_na=False,
                skip_blank_lines=False,
                index_col=False,
            )
    except (ValueError, pd.errors.ParserWarning) as error:
        line = re.search(r"line (\d+)", str(error))
        where = f" à la ligne {line[1]}" if line else ""
        raise BadInput(
            f"Ce tableau ne se lit pas{where} : rien n’a changé ; enregistrez-le au format CSV, puis recommencez."
        ) from error
    table.columns = pd.Index(table.iloc[0].fillna(""))
    return table.iloc[1:].reset_index(drop=True)


def labelled(table: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return the columns of a table that have a label, whatever its capitals and accents, under the label's name.

    Of several under one label, the first.
    """
    fields = {slugify(label): name for name, label in labels.items()}
    named = table.rename(columns=lambda column: fields.get(slugify(str(column)), ""))
    return named.loc[:, (named.columns != "") & ~named.columns.duplicated()]


def read_xlsx(data: bytes) -> pd.DataFrame:
    """Read the first sheet of a workbook: the values as they were last computed; nothing is computed. Raises `BadInput`."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _UNPACKED:
                raise BadInput("Ce classeur est trop grand une fois ouvert : rien n’a changé ; envoyez-le en CSV.")
        rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    except (CalamineError, zipfile.BadZipFile, IndexError) as error:
        raise BadInput(
            "Ce fichier n’est pas un classeur qui se lit : rien n’a changé ; enregistrez-le en XLSX ou en CSV."
        ) from error
    if not rows:
        raise BadInput("La première feuille de ce classeur est vide : rien n’a changé ; mettez-y les réponses.")
    header, *cells = [[_text(cell) for cell in row] for row in rows]
    return pd.DataFrame(cells, columns=header, dtype=str)


def left_out(data: bytes) -> list[str]:
    """Return in sentences what a workbook that `read_xlsx` reads holds beyond what that gives."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found = [
        f"La feuille « {sheet.name[:80]} » n’est pas lue : seule la première l’est."
        for sheet in book.sheets_metadata[1:]
        if sheet.typ == SheetTypeEnum.WorkSheet
        and sheet.visible == SheetVisibleEnum.Visible
        and book.get_sheet_by_name(sheet.name).height
    ]
    cells = _first_sheet(data)
    for pattern, what in (
        (_UNCOMPUTED, "une formule sans son résultat"),
        (_ERROR, "une erreur de calcul (« #DIV/0! », par exemple)"),
    ):
        if number := len(pattern.findall(cells)):
            found.append(
                f"{counted(number, 'case contient', 'cases contiennent')} {what}\u00a0: rien n’y est lu ; "
                "corrigez le classeur dans un tableur, enregistrez-le, puis donnez-le de nouveau."
            )
    return found


def _first_sheet(data: bytes) -> bytes:
    """Return the XML of the first sheet of a workbook, nothing where it is not where workbooks have it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, suppress(KeyError, StopIteration, ValueError):
        sheet = next(parsed(archive.read("xl/workbook.xml")).iterfind(".//{*}sheet"))
        known = next(value for name, value in sheet.items() if name.endswith("}id"))
        links = parsed(archive.read("xl/_rels/workbook.xml.rels"))
        target = next(link.get("Target", "") for link in links if link.get("Id") == known)
        return archive.read(posixpath.join("/xl", target).lstrip("/"))
    return b""


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "Oui" if cell else "Non"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", ",")
    return cell.isoformat()[:10] if isinstance(cell, dt.date) else str(cell)
