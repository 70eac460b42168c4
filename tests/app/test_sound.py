"""Recordings over HTTP and behind the library: in a folder, and in a bucket of a real server that speaks S3."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from starlette.testclient import TestClient

from app import adding, erasure
from app.daily import keep
from app.people import Person, Role
from app.services import Services, services
from app.settings import Media, Settings
from app.site import export_site
from app.sound import span
from app.upkeep import doctor
from ingest.audio import RATE, decode
from tests.app.conftest import DEMO, HEARD, READ
from tests.app.machines import free_port
from tests.papers import original, paper
from tests.talks import cut, lines, silence, talk
from transcripts.bucket import Bucket
from transcripts.errors import MediaDown, MediaLost
from transcripts.library import Library
from transcripts.model import Recording
from transcripts.studies import Studies

SOUND = DEMO / "media" / f"{HEARD}.ogg"
STORE = "s3://recordings/association"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a server of S3 with an empty bucket."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", str(port)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                httpx.put(f"{url}/recordings", trust_env=False).raise_for_status()
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def store(s3: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A place in that bucket, as the environment names it; empty again afterwards."""
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "eu-west-3"}
    for name, value in {"AWS_ENDPOINT_URL": s3, **keys}.items():
        monkeypatch.setenv(name, value)
    bucket = Bucket(STORE, Path(os.devnull))
    yield bucket
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3)
    for name in Bucket(STORE, Path(os.devnull)).names():
        bucket.forget(name.partition(".")[0])


@pytest.fixture(params=["folder", "bucket"])
def anywhere(request: pytest.FixtureRequest, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """The recordings of the demonstration, in a folder or moved to the bucket."""
    if request.param == "bucket":
        bucket: Bucket = request.getfixturevalue("store")
        monkeypatch.setenv("HUB_MEDIA_URL", STORE)
        for path in (library.home / "media").iterdir():
            with bucket.bring(path) as place:
                place(path.name)
            path.unlink()


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        *[
            ("", None),
            ("bytes=", None),
            ("bytes=-", None),
            ("bytes=9-2", None),
            ("bytes=0-1,4-5", None),
            ("b=0-1", None),
        ],
        *[("bytes=0-", (0, 100)), ("bytes=0-0", (0, 1)), ("bytes=10-500", (10, 100)), ("bytes=-30", (70, 100))],
        *[
            ("bytes=-500", (0, 100)),
            ("bytes=100-", (100, 100)),
            ("bytes=200-300", (200, 100)),
            ("bytes=-0", (100, 100)),
        ],
    ],
)
def test_a_range_is_read_as_the_standard_has_it(asked: str, wanted: tuple[int, int] | None) -> None:
    assert span(asked, 100) == wanted


@pytest.mark.usefixtures("anywhere")
def test_recordings_come_whole_and_in_parts(web: TestClient, library: Library) -> None:
    data, address = SOUND.read_bytes(), f"/media/{HEARD}"
    whole = web.get(address)
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, data, "audio/ogg")
    assert (whole.headers["accept-ranges"], whole.headers["cache-control"]) == ("bytes", "no-cache")
    tag = whole.headers["etag"]
    for asked, first, last in (
        ("100-199", 100, 200),
        (f"{len(data) - 5}-", len(data) - 5, len(data)),
        ("0-", 0, len(data)),
    ):
        part = web.get(f"{address}.ogg", headers={"Range": f"bytes={asked}", "If-Range": tag})
        assert (part.status_code, part.content) == (206, data[first:last])
        assert part.headers["content-range"] == f"bytes {first}-{last - 1}/{len(data)}"
    stale = web.get(address, headers={"Range": "bytes=100-199", "If-Range": '"old"'})
    assert (stale.status_code, stale.content) == (200, data)
    beyond = web.get(address, headers={"Range": f"bytes={len(data)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(data)}")
    assert beyond.headers["content-type"] == "application/problem+json"
    for also in ({}, {"Range": "bytes=100-199"}):
        again = web.get(address, headers={"If-None-Match": tag, **also})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    head = web.head(address)
    assert (head.status_code, head.content, int(head.headers["content-length"])) == (200, b"", len(data))
    assert web.get(f"{address}.mp3").status_code == 404
    assert web.get(f"/media/{READ}").status_code == 404
    assert f'length="{len(data)}"' in web.get("/feed.xml").text
    library.set_status(HEARD, "draft")
    assert web.get(address).status_code == 404


IGNORED = ("items=0-3", "bytes=abc", "bytes=5-2", "bytes=0-1,4-5", "bytes=-", "0-3")


@pytest.mark.usefixtures("anywhere")
def test_a_range_that_says_nothing_is_ignored_wherever_a_file_lies(
    web: TestClient, library: Library, tmp_path: Path
) -> None:
    study = Studies(library.home).add(paper(), original(tmp_path / "rapport.pdf")).slug
    for address in (f"/media/{HEARD}", f"/e/{study}/original"):
        data = web.get(address).content
        for asked in IGNORED:
            whole = web.get(address, headers={"Range": asked})
            assert (whole.status_code, whole.content) == (200, data), asked
        head = web.head(address, headers={"Range": "bytes=0-3"})
        assert (head.status_code, head.headers["content-length"]) == (200, str(len(data)))
        assert web.get(address, headers={"Range": "bytes=0-3"}).content == data[:4]
        for asked in (f"bytes={len(data)}-", "bytes=-0"):
            beyond = web.get(address, headers={"Range": asked})
            assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(data)}")
            assert beyond.headers["content-type"] == "application/problem+json"


def test_a_recording_lives_and_ends_in_the_bucket(store: Bucket, tmp_path: Path) -> None:
    hub = Services(Settings(home=tmp_path / "home", media=Media(url=STORE)))
    library = hub.library
    one, other = (talk(library, "Essai", lines(9), recording=cut(SOUND, tmp_path / "a.flac", 26)) for _ in range(2))
    assert set(store.names()) == {f"{one}.flac", f"{other}.flac"}
    erasure.withdraw_passage(hub, one, 9, 12, "ada@example.org")
    with library.media.local(f"{one}.flac") as path:
        sound = decode(path)
    assert np.abs(sound[10 * RATE : 11 * RATE]).max() == 0 < np.abs(sound[: 5 * RATE]).max()
    with pytest.raises(MediaLost, match=f"{one}.ogg"), library.media.local(f"{one}.ogg"):
        pass
    new = silence(tmp_path / "b.flac", 5).rename(tmp_path / "b.oga")
    assert library.replace_recording(one, new, Recording("", "1" * 64), 5.0).status == "draft"
    assert set(store.names()) == {f"{one}.oga", f"{one}.before.flac", f"{other}.flac"}
    assert adding.bring_back(hub, one, Person("ada@example.org", Role.STAFF)).duration > 20
    assert set(store.names()) == {f"{one}.flac", f"{one}.before.oga", f"{other}.flac"}
    library.replace_recording(one, new, Recording("", "1" * 64), 5.0)
    assert store.names()[f"{one}.oga"] == new.stat().st_size
    erasure.erase(hub, one, "ada@example.org")
    assert (set(store.names()), library.slugs()) == ({f"{other}.flac"}, [other])
    # Nothing is left on the way, there or here.
    assert store._bucket.find("recordings/association") == [f"recordings/association/{other}.flac"]
    assert not (library.home / "media").exists()
    assert not [path for path in (library.home / "work").iterdir() if path.is_dir()]
    keep(hub)
    found = {check.name: check.found for check in doctor(hub.settings) if check.level == "ok"}
    assert found["Enregistrements"] == f"1 dans {STORE}"
    assert found["Sauvegardes"].endswith(f"sans les enregistrements : ils restent dans {STORE}")


@pytest.mark.usefixtures("anywhere")
def test_a_site_takes_recordings_along_and_leaves_them_as_they_are(library: Library, tmp_path: Path) -> None:
    services.cache_clear()
    first = export_site(services(), tmp_path / "site", "", lambda *_: None)
    copy = tmp_path / "site" / "media" / SOUND.name
    assert copy.read_bytes() == SOUND.read_bytes()
    before = copy.stat().st_mtime_ns
    again = export_site(services(), tmp_path / "site", "", lambda *_: None)
    assert (again.written, again.kept, copy.stat().st_mtime_ns) == (0, first.written + first.kept, before)
    services.cache_clear()


@pytest.mark.usefixtures("store")
def test_without_the_bucket_texts_are_served_and_nothing_is_lost(
    web: TestClient, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_MEDIA_URL", STORE)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    services.cache_clear()
    assert "/media/" in web.get(f"/m/{HEARD}").text
    down = web.get(f"/media/{HEARD}")
    assert (down.status_code, down.headers["content-type"]) == (503, "application/problem+json")
    assert "Le stockage des enregistrements ne répond pas" in down.json()["detail"]
    assert web.get("/readyz").json()["media"] is False
    assert web.get("/feed.xml").status_code == web.get(f"/m/{HEARD}.vtt").status_code == 200
    before = library.slugs()
    with pytest.raises(MediaDown):
        talk(services().library, "Nouvelle", lines(3), recording=SOUND)
    with pytest.raises(MediaDown):
        services().library.replace_recording(HEARD, SOUND, Recording("", "1" * 64), 5.0)
    with pytest.raises(MediaDown):
        erasure.erase(services(), HEARD, "ada@example.org")
    assert (library.slugs(), library.details(HEARD).status) == (before, "published")
