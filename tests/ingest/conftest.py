"""What tests of links share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.sources import Limits, Material, find_source
from tests.ingest.server import Site, serve, tone

INSIDE = Limits(private=True, patience=30)


def quiet(done: int, total: int) -> None:
    """Hear of progress, and say nothing."""


def fetch(url: str, folder: Path, limits: Limits = INSIDE) -> Material:
    """Fetch the one thing at a URL."""
    return find_source(url, limits).open(url, folder, quiet)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A server on this machine whose every path is a sound, but for those that name a fault."""
    with serve(Site(tone(title="Le prêt participatif"))) as open_site:
        yield open_site
