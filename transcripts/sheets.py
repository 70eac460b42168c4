"""Tables as spreadsheets in French open them: CSV in UTF-8 with its mark, and semicolons. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

# What a spreadsheet would compute; a number with its sign is none.
_COMPUTED = re.compile(r"[=@\t\r]|[+-](?![\d\s.,%€]*$)")


def as_csv(lines: Iterable[Sequence[str]]) -> bytes:
    """Return a table as CSV; what a spreadsheet would compute stays text, behind an apostrophe."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerows([[f"'{cell}" if _COMPUTED.match(cell) else cell for cell in row] for row in lines])
    return file.getvalue().encode("utf-8-sig")


def bare(cell: str) -> str:
    """Return a cell without the apostrophe that `as_csv` put before it."""
    return cell[1:] if cell.startswith("'") and _COMPUTED.match(cell[1:]) else cell
