"""Tables that people send, as texts in cells: CSV however it was saved, and XLSX, of which only values are read."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Mapping

import pandas as pd
from slugify import slugify

from transcripts.errors import BadInput
from transcripts.formats import decoded

_SEPARATORS = ";,\t"
_UNPACKED = 500_000_000  # bytes of a workbook once unpacked


def read_csv(data: bytes) -> pd.DataFrame:
    """Read a table in UTF-8, UTF-16 or Windows-1252, with semicolons, commas or tabs. Raises `BadInput`, with the line."""
    text = decoded(data)
    header = text.lstrip("\r\n").partition("\n")[0]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a row longer than the header would lose its end
            return pd.read_csv(
                io.StringIO(text),
                sep=max(_SEPARATORS, key=header.count),
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


def labelled(table: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return the columns of a table that have a label, whatever its capitals and accents, under the label's name."""
    fields = {slugify(label): name for name, label in labels.items()}
    known = {str(column): fields[slugify(str(column))] for column in table.columns if slugify(str(column)) in fields}
    return table[list(known)].rename(columns=known)


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


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "Oui" if cell else "Non"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", ",")
    return cell.isoformat()[:10] if isinstance(cell, dt.date) else str(cell)
