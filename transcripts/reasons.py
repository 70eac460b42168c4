"""Why a value or a file is refused, in French: what pydantic and the parsers say in English is translated here. Pure."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from types import MappingProxyType

import yaml
from pydantic import ValidationError

# What is said of a value, by pydantic's type of error; in braces, the limit that the error names.
_OF_A_VALUE = {
    "missing": "manque",
    "extra_forbidden": "n’est pas un nom connu",
    "string_too_short": "est vide",
    "too_short": "est vide",
    "string_too_long": "est trop long",
    "string_type": "n’est pas un texte entre guillemets",
    "tuple_type": "n’est pas une liste entre crochets",
    "dict_type": "n’est pas une suite de lignes sous son nom entre crochets",
    "model_type": "n’est pas une suite de lignes sous son nom entre crochets",
    "dataclass_type": "n’est pas une suite de lignes sous son nom entre crochets",
    "day": "n’est pas un jour comme 2026-05-12, sans guillemets",
    "moment": "n’est pas un jour avec une heure comme 2026-05-12T18:30:00, sans guillemets",
    "int_type": "n’est pas un nombre entier",
    "int_parsing": "n’est pas un nombre entier",
    "int_from_float": "n’est pas un nombre entier",
    "float_type": "n’est pas un nombre",
    "float_parsing": "n’est pas un nombre",
    "finite_number": "n’est pas un nombre",
    "bool_parsing": "n’est ni true ni false",
    "greater_than": "doit dépasser {gt:g}",
    "greater_than_equal": "doit valoir au moins {ge:g}",
    "less_than_equal": "doit valoir au plus {le:g}",
    "literal_error": "n’est pas une des valeurs possibles : {expected}",
    "string_pattern_mismatch": "n’a pas la forme attendue",
    "json_invalid": "n’est pas du JSON",
}


def of_a_value(error: ValidationError) -> str:
    """Return what a sentence says of the first value that is refused, whose name it begins with."""
    first = error.errors()[0]
    limits = first.get("ctx", {})
    if "expected" in limits:
        limits = {"expected": str(limits["expected"]).replace("'", "").replace(" or ", " ou ")}
    return _OF_A_VALUE.get(first["type"], "a une valeur qui ne convient pas").format_map(limits)


def reason(error: Exception, labels: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return what is wrong with a file; ``labels`` are what a form or a table calls its fields.

    A `ValueError` of the hub's own says it itself.
    """
    if isinstance(error, ValidationError):
        said = _of_a_form(error)
        for name, label in labels.items():
            said = said.replace(f"« {name} »", f"« {label} »")
        return said
    if isinstance(error, tomllib.TOMLDecodeError):
        place = str(error).rpartition("(at line ")[2].partition(",")[0]
        return f"ce n’est pas du TOML{f' à la ligne {place}' if place.isdigit() else ''}"
    if isinstance(error, RecursionError):
        return "ses parties sont imbriquées trop profondément"
    if isinstance(error, json.JSONDecodeError):
        return "ce n’est pas du JSON"
    if isinstance(error, yaml.YAMLError):
        return "ce n’est pas du YAML"
    if isinstance(error, KeyError):
        return f"il manque « {error.args[0]} »"
    if isinstance(error, OSError | UnicodeDecodeError):
        return "il ne peut pas être lu, ou n’est pas en UTF-8"
    return str(error)[:120]


def _of_a_form(error: ValidationError) -> str:
    first = error.errors()[0]
    if first["type"] == "value_error":
        return str(first["ctx"]["error"])
    # Lists are counted from one, as people do.
    where = " ".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
    return f"{f'« {where} »' if where else 'il'} {of_a_value(error)}"
