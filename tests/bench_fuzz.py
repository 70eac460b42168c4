"""What strangers may send, by the thousand: ``python -m tests.bench_fuzz [INPUTS]``, 10,000 by default for each reader.

Good examples are cut, doubled, mixed and spoilt byte by byte, beside bytes and text drawn freely. Each reader works in a
process of its own. What counts: an exception other than the one sentence that it promises, a process that dies, the
slowest input (limit 2 s) and the memory that was added (limit 500 MB). An input that never ends ends its process, with a traceback.
"""

from __future__ import annotations

import faulthandler
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field, fields
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import quote

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from app.settings import ROOT
from tests.conftest import kept_demonstration
from transcripts.errors import HubError

LIMIT, ENDLESS = 2.0, 60.0  # seconds
ROOM = 500.0  # megabytes
WARM = b"api/search?q=monnaie"  # whatever the reader, and for two of them what loads the model
# What a value of a card may be by a slip.
SLIPS = b"3|-5|inf|nan|1e308|true|''|'x'|\"\\u0000\\uFFFE\"|[]|[3]|['x']|{}|{file = 3, sha256 = 'x'}|{file = 'x', sha256 = 'x'}"
SLIPS += b"|0001-01-01|9999-12-31|9999-12-31T23:59:59-14:00|12:00:00"
DEMO = ROOT / "transcripts" / "demo"


@dataclass(slots=True)
class Tally:
    """What became of the inputs: accepted, refused by a sentence, and each crash by its name; the slowest in seconds."""

    read: int = 0
    refused: int = 0
    crashes: dict[str, int] = field(default_factory=dict)
    slowest: float = 0.0
    megabytes: float = 0.0


Read = Callable[[bytes], object]


def spoilt(examples: Sequence[bytes], tokens: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Draw examples that were cut, doubled, mixed, and had bytes or tokens put in; and bytes and text without any sense."""

    def spoil(example: bytes, other: bytes, draw: random.Random) -> bytes:
        for _ in range(draw.randint(0, 6)):
            a, b = sorted(draw.randrange(len(example) + 1) for _ in range(2))
            example = draw.choice(
                [
                    example[:a] + example[b:],
                    example[:b] + example[a:b][:4_000] + example[b:],
                    example[:a] + other[a:b] + example[b:],
                    example[:a] + draw.randbytes(min(8, b - a)) + example[a + min(8, b - a) :],
                    example[:a] + draw.choice(tokens) + example[a:],
                ]
            )
        return example[:200_000]

    mixed = st.builds(spoil, st.sampled_from(examples), st.sampled_from(examples), st.randoms(use_true_random=True))
    return st.one_of(mixed, mixed, mixed, st.binary(max_size=2_000), st.text(max_size=2_000).map(lambda t: t.encode()))


def subtitles() -> tuple[Read, st.SearchStrategy[bytes]]:
    """Subtitles in WebVTT and SRT."""
    from transcripts.formats import read_cues

    examples = [path.read_bytes()[:6_000] for path in sorted(DEMO.glob("library/*/transcript.vtt"))]
    examples.append(b"1\n00:00:01,000 --> 00:00:02,500\nBonjour.\n\n2\n00:00:03,000 --> 00:00:04,000\n<i>Merci</i>\n")
    return read_cues, spoilt(examples, [b"-->", b"\xff\xfe", b"<v ", b"WEBVTT", b"99:99:99.999", b"\n\n", b"&#x0;"])


def media() -> tuple[Read, st.SearchStrategy[bytes]]:
    """Recordings, as far as they are looked at before anything is kept."""
    from ingest.audio import probe

    path = Path(tempfile.mkdtemp()) / "recording.ogg"

    def read(data: bytes) -> object:
        path.write_bytes(data)
        return probe(path)

    examples = [path.read_bytes()[:60_000] for path in sorted(DEMO.glob("media/*"))]
    return read, spoilt(examples, [b"OggS", b"ftyp", b"RIFF", b"\x1aE\xdf\xa3", b"ID3", b"#EXTM3U\nfile:///etc/passwd"])


def details() -> tuple[Read, st.SearchStrategy[bytes]]:
    """The file that describes a masterclass, read as the library reads it; with one that was accepted, all lists are made."""
    from app.discovery import episodes, sitemap
    from app.feed import feed
    from app.places import HubPlaces
    from app.reading import by_theme, listing_page
    from app.reading_page import reading_page
    from transcripts.formats import entry
    from transcripts.library import Library
    from transcripts.model import THEMES, Details

    places = HubPlaces("https://hub.example.org")
    home = Path(tempfile.mkdtemp())
    slug = "2026-01-01-essai"
    path = home / "library" / slug / "masterclass.toml"
    path.parent.mkdir(parents=True)
    path.with_name("transcript.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nBonjour.\n")

    def read(data: bytes) -> object:
        path.write_bytes(data)
        library = Library(home)
        details = library.details(slug)
        shown = library.published()
        return (
            json.dumps(entry(details), allow_nan=False),
            reading_page(library.read(slug), places, details.theme, library.recording(slug), ()),
            listing_page("Toutes", "", by_theme(shown, THEMES), places),
            feed(episodes(library), places),
            sitemap([(one, library.changed(one.slug)) for one in shown], places),
        )

    def slip(example: bytes, name: bytes, value: bytes) -> bytes:
        others = [line for line in example.splitlines() if not line.startswith(name)]
        return b"\n".join([name + b" = " + value, *others])

    examples = [path.read_bytes() for path in sorted(DEMO.glob("library/*/masterclass.toml"))]
    names = [one.name.encode() for one in fields(Details)] + [b"transcript", b"consent"]
    slips = st.builds(slip, st.sampled_from(examples), st.sampled_from(names), st.sampled_from(SLIPS.split(b"|")))
    tokens = [b"[[", b"= {", b'"""', b"1979-05-27T07:32:00Z", b"inf", b"[a.b]\n", b"\\u0000"]
    return read, st.one_of(*[slips] * 5, spoilt(examples, tokens))


def queries() -> tuple[Read, st.SearchStrategy[bytes]]:
    """What is typed into the search."""
    from app.services import Services
    from app.settings import Settings
    from index.search import Searcher
    from index.store import Index

    services = Services(Settings(home=kept_demonstration()))
    index = Index(Path(tempfile.mkdtemp()), services.library, services.embedder)
    index.synchronise()
    searcher = Searcher(index)
    examples = [
        "« prêt participatif » ?",
        "l’ESUS et la SCIC",
        "25 000 €",
        'title:"a" AND (b OR c)~2^3',
        "how does a loan",
    ]
    tokens = ['"', "*", "~9", "^", " AND ", " OR ", "\\", "\u202e", "\x00", "[a TO b]", "🎙", "é" * 300]
    return lambda data: searcher.search(data.decode("utf-8", "replace")), spoilt(
        [example.encode() for example in examples], [token.encode() for token in tokens]
    )


def api() -> tuple[Read, st.SearchStrategy[bytes]]:
    """Addresses and what follows them, over all of the public HTTP; a server's error is a crash."""
    from os import environ

    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.testclient import TestClient

    environ["HUB_HOME"] = str(kept_demonstration())
    environ["HUB_PUBLIC_SEARCHES"] = environ["HUB_PUBLIC_ANSWERS"] = "1000000"
    from app.public import Media, routes

    client = TestClient(Starlette(routes=routes(), middleware=[Middleware(Media)]), client=("127.0.0.1", 1))
    if not any(client.get(f"/{WARM.decode()}").is_success for _ in range(10)):
        raise TimeoutError("the index did not open")  # which it does in the background
    slugs = [path.name for path in sorted(DEMO.glob("library/*"))]
    examples = [f"/m/{slug}" for slug in slugs[:3]] + [f"/media/{slugs[0]}", f"/embed/{slugs[0]}?t=5", "/feed.xml"]
    examples += [
        "/api/search?q=monnaie&limit=3&theme=x&since=2026-01-01",
        "/api/near?m=x&limit=3",
        "/api/masterclasses",
    ]

    def read(data: bytes) -> object:
        path, _, query = data.decode("utf-8", "replace").partition("?")
        reply = client.get(f"/{quote(path.lstrip('/'))[:2_000]}?{quote(query, safe='=&%+')[:4_000]}")
        if reply.status_code >= 500 and reply.status_code != 503:
            raise RuntimeError(f"{reply.status_code}")
        if reply.status_code >= 400:
            raise HubError(str(reply.status_code))
        return reply

    tokens = [
        b"..",
        b"%2e%2e/",
        b"%00",
        b"%ff",
        b"&q=",
        b"&limit=-1",
        b"1e999",
        b".vtt",
        b".json",
        b"\n",
        b"//evil",
        b"#",
    ]
    return read, spoilt([example.encode() for example in examples], tokens)


READERS = {reader.__name__: reader for reader in (subtitles, media, details, queries, api)}


def fuzz(name: str, inputs: int) -> Tally:
    """Give one reader that many inputs."""
    read, drawn = READERS[name]()
    with suppress(HubError):
        read(WARM)
    tally = Tally()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    @seed(1)
    @settings(max_examples=inputs, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(drawn)
    def give(data: bytes) -> None:
        faulthandler.dump_traceback_later(ENDLESS, exit=True)
        began = time.perf_counter()
        try:
            read(data)
            tally.read += 1
        except HubError:
            tally.refused += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            sort = f"{type(error).__name__}: {str(error)[:60]}"
            if sort not in tally.crashes:
                (Path(tempfile.gettempdir()) / f"fuzz-{name}-{len(tally.crashes)}").write_bytes(data)
            tally.crashes[sort] = tally.crashes.get(sort, 0) + 1
        tally.slowest = max(tally.slowest, time.perf_counter() - began)

    give()
    faulthandler.cancel_dump_traceback_later()
    tally.megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return tally


def main(inputs: int) -> int:
    """Print a line for each reader; return how many broke their promise."""
    broken = 0
    for name in READERS:
        try:
            with ProcessPoolExecutor(1, get_context("spawn")) as alone:
                tally = alone.submit(fuzz, name, inputs).result()
        except BrokenProcessPool:
            tally = Tally(crashes={"the process died": 1})
        bad = bool(tally.crashes) or tally.slowest > LIMIT or tally.megabytes > ROOM
        broken += bad
        sys.stdout.write(
            f"{name}: {tally.read} read, {tally.refused} refused, slowest {1000 * tally.slowest:.0f} ms, "
            f"{tally.megabytes:+.0f} MB{'' if not bad else f' - BROKEN: {tally.crashes}'}\n"
        )
        sys.stdout.flush()
    return broken


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
