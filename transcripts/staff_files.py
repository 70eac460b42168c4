"""The small TOML files that staff write by hand: read whole, checked, refused in one French sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from transcripts.errors import BadStaffFile


class Written(BaseModel):
    """Base of what such a file holds: unknown names are refused, texts lose the space around them."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


_Kind = TypeVar("_Kind", bound=Written)

_REASONS = {
    "missing": "il manque « {where} »",
    "extra_forbidden": "« {where} » n’est pas un nom connu",
    "string_too_short": "« {where} » est vide",
    "string_too_long": "« {where} » est trop long",
    "too_short": "« {where} » est vide",
}


def read_staff_file(path: Path, kind: type[_Kind]) -> _Kind:
    """Return what a file says. Raises `BadStaffFile`, and `FileNotFoundError` where there is none."""
    try:
        return kind.model_validate(tomllib.loads(path.read_text("utf-8-sig")))
    except FileNotFoundError:
        raise
    except tomllib.TOMLDecodeError as error:
        place = str(error).rpartition("(at line ")[2].partition(",")[0]
        at = f" à la ligne {place}" if place.isdigit() else ""
        raise BadStaffFile(path, f"ce n’est pas du TOML{at}") from error
    except ValidationError as error:
        raise BadStaffFile(path, reason(error)) from error
    except (OSError, ValueError) as error:
        raise BadStaffFile(path, "il ne peut pas être lu, ou n’est pas en UTF-8") from error


def reason(error: ValidationError, labels: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return what is wrong with a staff file, in French; ``labels`` are what a form or a table calls its fields."""
    said = _reason(error)
    for name, label in labels.items():
        said = said.replace(f"« {name} »", f"« {label} »")
    return said


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    # Lists are counted from one, as people do.
    where = " ".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
    if first["type"] == "value_error":
        return str(first["ctx"]["error"])
    return _REASONS.get(first["type"], "« {where} » a une valeur qui ne convient pas").format(where=where)
