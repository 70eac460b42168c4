"""The folder of an index: generations of its stores, and a file that says what they hold, and by which rule."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"

# {slug: {"digest": hash of its words, "passages": how many}}, both None while that is changing.
Known = dict[str, dict[str, Any]]


def read(folder: Path, rule: str) -> tuple[int, Known | None]:
    """Return the generation of the stores and what they hold; None where that is unknown.

    What was made by another rule may be laid out otherwise: then it is the next generation, of which nothing is known.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        generation = int(manifest.get("generation", 0))
        if manifest["rule"] != rule:
            return generation + 1, None
        return generation, dict(manifest["masterclasses"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return 0, None


def write(folder: Path, rule: str, generation: int, known: Known) -> None:
    """Write the same; a reader or a crash sees all of it or what was there before."""
    part = folder / f".{MANIFEST}.part"
    # Not indented: that would take three times as long, twice for each masterclass.
    part.write_text(json.dumps({"rule": rule, "generation": generation, "masterclasses": known}), "utf-8")
    part.replace(folder / MANIFEST)


def place(folder: Path, generation: int) -> Path:
    """Return where the stores of a generation lie."""
    return folder / f"{generation}" if generation else folder


def destroy_others(folder: Path, generation: int) -> None:
    """Remove all generations but one, also those that a crash left."""
    others = [entry for entry in folder.iterdir() if entry.name.isdigit()]
    if generation:
        others += [folder / "vectors", folder / "words", *folder.glob("windows.db*")]
    for other in others:
        if other.is_dir() and other != place(folder, generation):
            shutil.rmtree(other, ignore_errors=True)
        elif not other.is_dir():
            other.unlink(missing_ok=True)
