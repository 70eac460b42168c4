"""Every figure beside its goal: the measures note them, ``python -m tests.yardstick`` prints them as one table.

With a moment as its argument it says "old" of the figures from before.
"""

import datetime as dt
import json
import sys

from rich.console import Console
from rich.table import Table

from app.settings import ROOT

_NOTES = ROOT / "var" / "measures.jsonl"


def note(
    what: str, value: float, unit: str = "", *, least: float | None = None, most: float | None = None, digits: int = 2
) -> None:
    """Keep a figure, and what it must at least or at most be; the next measurement of the same thing replaces it."""
    _NOTES.parent.mkdir(exist_ok=True)
    goals = [*([f"≥ {least:g}"] if least is not None else []), *([f"≤ {most:g}"] if most is not None else [])]
    met = (least is None or value >= least) and (most is None or value <= most)
    row = {
        "what": what,
        "measured": f"{value:,.{digits}f} {unit}".strip(),
        "goal": ", ".join(goals),
        "met": ("yes" if met else "no") if goals else "",
        "on": dt.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
    }
    with _NOTES.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def main(since: str = "") -> None:
    """Print the last figure of each thing, in the order they were first measured."""
    lines = _NOTES.read_text("utf-8").splitlines() if _NOTES.exists() else []
    rows = {row["what"]: row for row in map(json.loads, lines)}
    table = Table("what", "measured", "goal", "met", "on")
    for row in rows.values():
        old = {"met": "old"} if row["on"] < since else {}
        table.add_row(*(row | old).values())
    Console(width=150).print(table)


if __name__ == "__main__":
    main(*sys.argv[1:])
