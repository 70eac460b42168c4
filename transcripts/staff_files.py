"""The small TOML files that staff write by hand: read whole, checked, refused in one French sentence."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from transcripts.errors import BadStaffFile
from transcripts.reasons import reason


class Written(BaseModel):
    """Base of what such a file holds: unknown names are refused, texts lose the space around them."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


_Kind = TypeVar("_Kind", bound=Written)


def read_staff_file(path: Path, kind: type[_Kind]) -> _Kind:
    """Return what a file says. Raises `BadStaffFile`, and `FileNotFoundError` where there is none."""
    try:
        return kind.model_validate(tomllib.loads(path.read_text("utf-8-sig")))
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise BadStaffFile(path, reason(error)) from error
