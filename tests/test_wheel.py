"""The hub as a wheel, in an environment that has no source tree: nothing is missing, and it runs."""

import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from app.settings import ROOT
from tests.browser.conftest import serve, warm

# What made the demonstration, and what the models learnt from.
LEFT_OUT = re.compile(r"transcripts/demo/scripts/.*|index/training/.*\.jsonl")
READ = "2026-06-25-financer-un-projet-d-energie-citoyenne"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(ROOT)], check=True, timeout=600)
    [made] = folder.glob("*.whl")
    return made


def test_nothing_is_missing_and_nothing_else_is_there(wheel: Path) -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["root_packages"]
    files = {"hub.py", ".streamlit/config.toml"}
    for path in (path for package in packages for path in (ROOT / package).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            files.add(str(path.relative_to(ROOT)))
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held <= files
    assert [name for name in files - held if not LEFT_OUT.fullmatch(name)] == []


def test_it_runs_in_a_fresh_environment(wheel: Path, demo_home: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(fresh)], check=True, timeout=600)
    python = fresh / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True, timeout=600)
    # What it needs is lent by this environment; what makes our own tree importable here is no part of that.
    [library] = fresh.glob("lib/python*/site-packages")
    (library / "lent.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    process, url = serve(demo_home, hub=fresh / "bin" / "hub", PYTHONPATH="")
    try:
        assert str(library) in Path(f"/proc/{process.pid}/cmdline").read_text("utf-8")
        for address in ("/", f"/m/{READ}", "/app/static/hub.css", "/feed.xml"):
            assert httpx.get(url + address, timeout=60, trust_env=False).status_code == 200, address
        warm(url)
    finally:
        process.terminate()
        process.wait(60)
