"""The public HTTP over a library of a few demonstration masterclasses, without Streamlit."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from app.public import Media, routes
from app.services import services
from app.settings import ROOT
from transcripts.library import Library

DEMO = ROOT / "transcripts" / "demo"
HEARD = "2026-10-29-les-monnaies-locales-complementaires"  # has a recording
READ = "2026-06-25-financer-un-projet-d-energie-citoyenne"  # has none
UNTRANSCRIBED = "2026-10-15-d-ou-vient-la-monnaie"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Seven demonstration masterclasses, two of them with their recordings."""
    shutil.copytree(DEMO / "library", tmp_path / "library", ignore=shutil.ignore_patterns(UNTRANSCRIBED))
    shutil.copytree(DEMO / "media", tmp_path / "media")
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    return Library(tmp_path)


@pytest.fixture
def web(library: Library) -> Iterator[TestClient]:
    """A client of the routes, over that library."""
    services.cache_clear()
    with TestClient(Starlette(routes=routes(), middleware=[Middleware(Media)])) as client:
        yield client
    services.cache_clear()
