"""Links against a real server with real faults: what is refused, what is kept, what is said."""

import dataclasses
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.sources import Limits, find_source
from ingest.sources.errand import run
from ingest.sources.fetch import Request
from ingest.sources.trouble import Stop, Trouble
from tests.ingest.conftest import INSIDE, fetch
from tests.ingest.server import Site, serve, tone
from transcripts.errors import BadLink, LinkDown


def failure(url: str, folder: Path, limits: Limits = INSIDE) -> str:
    with pytest.raises((BadLink, LinkDown)) as caught:
        fetch(url, folder, limits)
    text = str(caught.value)
    assert text.startswith("Le lien «") and text.endswith(".") and "yt-dlp" not in text and "HTTP" not in text
    return f"{type(caught.value).__name__}: {text}"


@pytest.mark.parametrize("inner", ["http://169.254.169.254/a.ts", "file:///etc/passwd", "/status/404/a.ts"])
def test_what_a_stream_is_made_of_is_guarded_too(site: Site, tmp_path: Path, inner: str) -> None:
    site.pages["/inner.m3u8"] = (
        f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{inner}\n#EXT-X-ENDLIST\n".encode()
    )
    assert failure(site.url("/inner.m3u8"), tmp_path)
    assert not any(path.suffix in (".mp4", ".ts") for path in tmp_path.iterdir())


def test_a_playlist_under_the_name_of_a_sound_opens_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.ts"
    secret.write_bytes(tone(form="mpegts"))
    listing = f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{secret}\n#EXT-X-ENDLIST\n"
    folder = tmp_path / "work"
    folder.mkdir()
    with serve(Site(listing.encode())) as sly:
        assert "ni son ni vidéo" in failure(sly.url("/a.mp3"), folder)


def test_a_cut_download_goes_on_where_it_stopped(site: Site, tmp_path: Path) -> None:
    site.cuts = 100
    url = site.url("/cut/talk.mp3")
    assert "LinkDown" in failure(url, tmp_path)
    kept = sum(path.stat().st_size for path in tmp_path.glob("*.part"))
    assert 0 < kept < len(site.sound)
    site.cuts = 0
    before = len(site.asked)
    material = fetch(url, tmp_path)
    assert material.recording and material.recording.read_bytes() == site.sound
    assert f"bytes={kept}-" in [asked for _, asked in site.asked[before:]]
    assert set(tmp_path.iterdir()) == {material.recording, tmp_path / "fetched.json"}


@pytest.mark.parametrize(
    ("seconds", "before", "after"),
    [
        (4.0, {"ETag": '"a"'}, {"ETag": '"b"'}),
        (4.0, {"Last-Modified": "Thu, 12 Nov 2026 10:00:00 GMT"}, {"Last-Modified": "Fri, 13 Nov 2026 10:00:00 GMT"}),
        (5.0, {}, {}),  # the size alone tells them apart
        (1.0, {}, {}),  # shorter than what has come
    ],
)
def test_a_cut_download_begins_anew_where_the_site_has_another_file(
    tmp_path: Path, seconds: float, before: dict[str, str], after: dict[str, str]
) -> None:
    with serve(Site(tone(title="Un"), marks=before, cuts=100)) as site:
        assert "LinkDown" in failure(site.url("/cut/prêt.mp3"), tmp_path)
        site.sound, site.marks, site.cuts = tone(seconds, title="Le"), after, 0
        material = fetch(site.url("/cut/prêt.mp3"), tmp_path)
        assert material.recording and material.recording.read_bytes() == site.sound


@pytest.mark.parametrize(
    ("path", "limits", "told"),
    [
        ("/status/404", INSIDE, "n’existe"),
        ("/status/403", INSIDE, "s’identifier"),
        ("/status/500", INSIDE, "LinkDown"),
        ("/login.html", INSIDE, "s’identifier"),
        ("/text.html", INSIDE, "ni son ni vidéo"),
        ("/swamp/page.html", INSIDE, "ni son ni vidéo"),
        ("/radio/live.mp3", INSIDE, "direct"),
        ("/huge/talk.mp3", INSIDE, "taille permise (4 Go)"),
        ("/endless/talk.mp3", dataclasses.replace(INSIDE, bytes=2_000_000), "taille permise"),
        ("/slow/talk.mp3", dataclasses.replace(INSIDE, patience=2), "LinkDown"),
        ("/a/long.mp3", dataclasses.replace(INSIDE, seconds=3), "durée permise"),
        ("/to/http://169.254.169.254/latest/meta-data", INSIDE, "adresse interne"),
        ("/to/http://[fd00:ec2::254]/latest", INSIDE, "adresse interne"),
        ("/to/http://[::ffff:169.254.169.254]/latest", INSIDE, "adresse interne"),
        ("/to/http://0.0.0.0:1/", INSIDE, "adresse interne"),
        ("/to/file:///etc/passwd", INSIDE, "etc/passwd\xa0» mène à une adresse qui"),
        ("/to/ftp://127.0.0.1/x.mp3", INSIDE, "ne commence pas par http"),
    ],
)
def test_what_cannot_be_fetched_is_one_sentence(
    site: Site, tmp_path: Path, path: str, limits: Limits, told: str
) -> None:
    site.pages["/login.html"] = b"<html><title>Connexion</title><form><input type='password' name=p></form></html>"
    site.pages["/text.html"] = "<html><title>Bonjour</title><p>Une page sans vidéo.</p></html>".encode()
    began = time.monotonic()
    assert told in failure(site.url(path), tmp_path, limits)
    assert time.monotonic() - began < 25


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.mp3",
        "http://[::1]/a.mp3",
        "http://169.254.169.254/latest/meta-data",
        "http://10.1.2.3/a.mp3",
        "http://[::ffff:127.0.0.1]/a.mp3",
        "http://marie:secret@example.org/a.mp3",
        "file:///etc/passwd",
        "-https://example.org/a.mp3",
        "ftp://example.org/a.mp3",
        "http://",
        "http://a b/c",
        "http://[nonsense",
        "http://example.org/#__youtubedl_smuggle=%7B%22to_generic%22%3A1%7D",
    ],
)
def test_a_link_that_is_not_followed_at_all(tmp_path: Path, url: str) -> None:
    told = failure(url, tmp_path, Limits())
    assert "secret" not in told and "BadLink" in told


@pytest.mark.parametrize("host", ["localhost", "2130706433"])
def test_names_of_this_machine_are_refused_where_they_lead(site: Site, tmp_path: Path, host: str) -> None:
    before = len(site.asked)
    assert "adresse interne" in failure(site.url("/a.mp3", host), tmp_path, Limits())
    assert len(site.asked) == before


def test_a_redirect_to_this_machine_is_refused_by_a_process_that_may_reach_the_first_server(tmp_path: Path) -> None:
    """127.0.0.2 stands for a public server: the guard lets it pass, and nothing else of this machine."""
    program = (
        "import json, sys; from ingest.sources import fetch, guard; "
        "fetch.answer(fetch.Request(**json.loads(sys.stdin.readline())), "
        "lambda a: str(a) == '127.0.0.2' or guard.reachable(a, private=False), "
        "lambda key, value: print(json.dumps({key: value}), flush=True))"
    )
    with serve(Site(tone())) as inner, serve(Site(tone()), "127.0.0.2") as outer:
        for goal in (inner.url("/a.mp3"), inner.url("/a.mp3", "localhost")):
            request = Request(
                outer.url(f"/to/{goal}", "127.0.0.2"), None, str(tmp_path), False, 10**9, 3600, False, "fr"
            )
            with pytest.raises(Stop) as stopped:
                list(run(request, 10, (sys.executable, "-c", program)))
            assert stopped.value.trouble == Trouble("refused", "127.0.0.1")
        assert outer.asked and not inner.asked


def test_the_process_goes_with_the_one_that_started_it(site: Site, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from ingest.sources import Limits, find_source\n"
        f"url = {site.url('/slow/talk.mp3')!r}\n"
        f"find_source(url, Limits(private=True)).open(url, Path({str(tmp_path)!r}), lambda d, t: print(d, flush=True))"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    parent.stdout.readline()
    (child,) = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 5
    while Path(f"/proc/{child}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()


def test_stopping_early_leaves_no_process(site: Site, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    before, source = _children(), find_source("http://x", INSIDE)
    with pytest.raises(KeyboardInterrupt):
        source.open(site.url("/slow/talk.mp3"), tmp_path, stop)
    for path in ("/silent/talk.mp3", "/swamp/page.html"):  # before the first byte, and while a page comes
        with pytest.raises(KeyboardInterrupt):
            list(source.names(site.url(path), stop))
    assert _children() == before


def _children() -> list[str]:
    return Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()


LIVE = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.ts\n"


def hls(pieces: str) -> Site:
    """Return a site with HLS of one quality, whose list of pieces was moved."""
    main = b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=90000\n/to//deep/pieces.m3u8\n"
    return Site(b"", {"/main.m3u8": main, "/deep/pieces.m3u8": pieces.encode(), "/deep/a.ts": tone(form="mpegts")})


@pytest.mark.parametrize(
    ("path", "down"), [("/main.m3u8", 0), ("/main.m3u8", 1), ("/deep/pieces.m3u8", 0), ("/deep/pieces.m3u8", 3)]
)
def test_a_live_hls_stream_is_refused_though_a_look_at_it_fails(tmp_path: Path, path: str, down: int) -> None:
    with serve(hls(LIVE)) as live:
        live.down["/deep/pieces.m3u8"] = down
        assert "direct" in failure(live.url(path), tmp_path)
    assert not any(asked == "/deep/a.ts" for asked, _ in live.asked)


@pytest.mark.parametrize("down", range(3))
def test_hls_that_has_an_end_is_fetched_now_or_the_next_time(tmp_path: Path, down: int) -> None:
    with serve(hls(f"{LIVE}#EXT-X-ENDLIST\n")) as over:
        over.down["/deep/pieces.m3u8"] = down
        if down == 2:
            assert "surchargé" in failure(over.url("/main.m3u8"), tmp_path)
        assert fetch(over.url("/main.m3u8"), tmp_path).duration == pytest.approx(4, abs=0.3)
