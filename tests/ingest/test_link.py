"""Links against a real server with real faults: what comes along, what is refused, what is kept."""

import dataclasses
import datetime as dt
import io
import ipaddress
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from app.services import Services
from app.settings import Settings, Sources
from ingest.pipeline import Outcome, Pipeline, Wishes
from ingest.sources import Limits, Material, find_source
from ingest.sources.address import join, shown, split
from ingest.sources.errand import Pace, run
from ingest.sources.extract import choose
from ingest.sources.fetch import Request
from ingest.sources.guard import reachable
from ingest.sources.trouble import Kind, Stop, Trouble, classify, sentence
from tests.ingest.server import Site, picture, serve, tone
from transcripts.errors import BadLink, LinkDown
from transcripts.library import Library

INSIDE = Limits(private=True, patience=10)
VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\nLe pr\xc3\xaat participatif.\n\n00:02.000 --> 00:04.000\nUn quasi-fonds propre.\n"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve(Site(tone(title="Le prêt participatif"))) as open_site:
        yield open_site


def fetch(url: str, folder: Path, limits: Limits = INSIDE) -> Material:
    """Fetch the one thing at a URL."""
    return find_source(url, limits).open(url, folder, lambda done, total: None)


def failure(url: str, folder: Path, limits: Limits = INSIDE) -> str:
    with pytest.raises((BadLink, LinkDown)) as caught:
        fetch(url, folder, limits)
    text = str(caught.value)
    assert text.startswith("Le lien «") and text.endswith(".") and "yt-dlp" not in text and "HTTP" not in text
    return f"{type(caught.value).__name__}: {text}"


# What comes along


def test_a_direct_link_gives_its_sound_with_what_the_file_says(site: Site, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    url = site.url("/talks/2026-03-04-intro.mp3")
    source = find_source(url, INSIDE)
    (name,) = source.names(url)
    material = source.open(name, tmp_path, lambda done, total: heard.append((done, total)))
    assert name == url == material.name
    assert material.recording and material.recording.read_bytes() == site.sound
    assert material.recording.parent == tmp_path and material.recording.suffix == ".mp3"
    assert (material.title, material.date) == ("Le prêt participatif", dt.date(2026, 3, 4))
    assert material.duration == pytest.approx(4, abs=0.2) and not material.video
    assert material.speakers == () and not material.cues
    assert heard and heard[-1][1] == len(site.sound)


@pytest.mark.parametrize(
    "path",
    ["/../../etc/passwd.mp3", "/%2e%2e%2f%2e%2e%2fevil.mp3", "/-oevil.mp3", "/%00%0a.mp3", "/a/..%5c..%5cevil.mp3"],
)
def test_a_name_from_elsewhere_never_becomes_a_path(site: Site, tmp_path: Path, path: str) -> None:
    folder = tmp_path / "work" / "inner"
    folder.mkdir(parents=True)
    material = fetch(site.url(path), folder)
    assert material.recording and material.recording.resolve().parent == folder
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [material.recording]


def test_a_feed_gives_each_episode_once_with_what_it_says(site: Site, tmp_path: Path) -> None:
    def item(name: str, path: str, day: str) -> str:
        return (
            f"<item><title>{name}</title><guid>guid {name}</guid><description>De quoi parle {name}</description>"
            f"<pubDate>{day}</pubDate><enclosure url='{site.url(path)}' type='audio/mpeg'/></item>"
        )

    items = [
        item("Épisode 2", "/e/2.mp3", "Thu, 12 Nov 2026 10:00:00 +0100"),
        item("Privé", "/status/403", "Thu, 05 Nov 2026 10:00:00 +0100"),
        item("Épisode 1", "/e/1.mp3", "Thu, 29 Oct 2026 10:00:00 +0100"),
        item("Épisode 1", "/e/1.mp3", "Thu, 29 Oct 2026 10:00:00 +0100"),
    ]
    site.pages["/feed.xml"] = (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>Balado</title>{''.join(items)}</channel></rss>".encode()
    )
    url = site.url("/feed.xml")
    source = find_source(url, INSIDE)
    names = list(source.names(url))
    assert len(names) == 3 and all(split(name)[0] == url for name in names)
    assert list(source.names(names[0])) == [names[0]]

    def open_one(number: int) -> Material:
        folder = tmp_path / str(number)
        folder.mkdir()
        return source.open(names[number], folder, lambda done, total: None)

    with ThreadPoolExecutor(2) as pool:
        second, first = pool.map(open_one, (0, 2))
    assert (second.title, second.date) == ("Épisode 2", dt.date(2026, 11, 12))
    assert (first.title, first.description) == ("Épisode 1", "De quoi parle Épisode 1")
    assert first.name == names[2]
    with pytest.raises(BadLink, match="s’identifier"):
        open_one(1)


def test_a_page_with_a_video_and_captions_by_people(site: Site, tmp_path: Path) -> None:
    site.pages["/talk.vtt"] = VTT
    site.pages["/talk.html"] = (
        b"<html><head><title>Masterclass du 4 mars</title></head><body><video src='/v/talk.mp3'>"
        b"<track kind='subtitles' srclang='en' src='/english.vtt'><track kind='subtitles' srclang='fr' src='/talk.vtt'>"
        b"</video></body></html>"
    )
    material = fetch(site.url("/talk.html"), tmp_path)
    assert material.title.startswith("Masterclass du 4 mars")
    assert [cue.text for cue in material.cues] == ["Le prêt participatif.", "Un quasi-fonds propre."]
    assert material.captions and material.recording and material.recording.read_bytes() == site.sound


def test_captions_that_cannot_be_read_leave_the_sound_and_a_note(site: Site, tmp_path: Path) -> None:
    site.pages["/broken.html"] = (
        b"<html><title>x</title><video src='/v/talk.mp3'><track kind='subtitles' srclang='fr' src='/status/500/x.vtt'></video></html>"
    )
    material = fetch(site.url("/broken.html"), tmp_path)
    assert material.recording and not material.cues and not material.captions
    assert material.note and "transcrit" in material.note


def test_hls_is_put_into_a_file_that_browsers_play(tmp_path: Path) -> None:
    with serve(Site(tone(form="mpegts"))) as segments:
        segments.pages["/talk.m3u8"] = (
            b"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n/a.ts\n#EXT-X-ENDLIST\n"
        )
        material = fetch(segments.url("/talk.m3u8"), tmp_path)
    assert material.recording and material.recording.suffix == ".m4a"
    with av.open(material.recording) as container:
        assert "mp4" in container.format.name
        assert sum(frame.samples for frame in container.decode(audio=0)) == pytest.approx(4 * 16_000, rel=0.1)


def test_a_live_hls_stream_is_refused(site: Site, tmp_path: Path) -> None:
    site.pages["/live.m3u8"] = b"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n/a.ts\n"
    assert "direct" in failure(site.url("/live.m3u8"), tmp_path)


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


def test_the_picture_is_kept_when_it_is_wanted_though_it_comes_apart(tmp_path: Path) -> None:
    pages = {
        "/talk.m3u8": (
            b'#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="fr",DEFAULT=YES,URI="/sound.m3u8"\n'
            b'#EXT-X-STREAM-INF:BANDWIDTH=90000,RESOLUTION=64x48,CODECS="avc1.42c00d,mp4a.40.2",AUDIO="a"\n/picture.m3u8\n'
        ),
        **{
            f"/{one}.m3u8": (
                f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n/{one}.ts\n#EXT-X-ENDLIST\n".encode()
            )
            for one in ("sound", "picture")
        },
        "/sound.ts": tone(form="mpegts"),
        "/picture.ts": picture(),
    }
    for keep in (True, False):
        folder = tmp_path / str(keep)
        folder.mkdir()
        with serve(Site(b"", pages)) as split_site:
            material = fetch(split_site.url("/talk.m3u8"), folder, dataclasses.replace(INSIDE, video=keep))
        assert material.video == keep
        assert material.duration == pytest.approx(4, abs=0.3)
        assert material.recording and material.recording.suffix == (".mp4" if keep else ".m4a")
        assert any(path == "/picture.ts" for path, _ in split_site.asked) == keep


# What goes wrong


def test_a_cut_download_goes_on_where_it_stopped(site: Site, tmp_path: Path) -> None:
    site.cuts = 100
    url = site.url("/cut/talk.mp3")
    assert "LinkDown" in failure(url, tmp_path)
    kept = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert 0 < kept < len(site.sound)
    site.cuts = 0
    before = len(site.asked)
    material = fetch(url, tmp_path)
    assert material.recording and material.recording.read_bytes() == site.sound
    assert f"bytes={kept}-" in [asked for _, asked in site.asked[before:]]


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
        ("/to/file:///etc/passwd", INSIDE, "Le lien"),
        ("/to/ftp://127.0.0.1/x.mp3", INSIDE, "Le lien"),
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


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.0.0.1"])
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

    before = _children()
    with pytest.raises(KeyboardInterrupt):
        find_source("http://x", INSIDE).open(site.url("/slow/talk.mp3"), tmp_path, stop)
    assert _children() == before


def _children() -> list[str]:
    return Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()


# Pure parts


@pytest.mark.parametrize(
    ("address", "public", "private"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1:248:1893:25c8:1946", True, True),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("10.0.0.1", False, True),
        ("192.168.1.1", False, True),
        ("100.64.0.1", False, True),
        ("fd12::1", False, True),
        ("fec0::1", False, True),
        ("169.254.169.254", False, False),
        ("169.254.1.1", False, False),
        ("fd00:ec2::254", False, False),
        ("fe80::1", False, False),
        ("fe80::1%eth0", False, False),
        ("0.0.0.0", False, False),  # noqa: S104
        ("::", False, False),
        ("224.0.0.1", False, False),
        ("ff02::1", False, False),
        ("240.0.0.1", False, False),
        ("255.255.255.255", False, False),
        ("::ffff:127.0.0.1", False, True),
        ("::ffff:169.254.169.254", False, False),
        ("::ffff:93.184.216.34", True, True),
        ("2002:7f00:1::", False, True),
        ("2002:a9fe:a9fe::", False, False),
        ("64:ff9b::7f00:1", False, True),
        ("64:ff9b::a9fe:a9fe", False, False),
        ("64:ff9b::5db8:d822", True, True),
        ("::7f00:1", False, True),
    ],
)
def test_which_addresses_may_be_reached(address: str, public: bool, private: bool) -> None:
    given = ipaddress.ip_address(address)
    assert (reachable(given, private=False), reachable(given, private=True)) == (public, private)


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (0, "Sign in to confirm you’re not a bot. Use --cookies", "robot"),
        (0, "No supported JavaScript runtime could be found", "robot"),
        (0, "[youtube] x: Private video. Sign in if you've been granted access", "private"),
        (0, "Video unavailable. This video has been removed by the uploader", "gone"),
        (0, "This live event will begin in 3 days", "live"),
        (0, "Unsupported URL: http://x", "media"),
        (0, "No video formats found!", "media"),
        (0, "Failed to resolve 'x' ([Errno -3] Temporary failure in name resolution)", "name"),
        (0, "This video is DRM protected", "drm"),
        (0, "The uploader has not made this video available in your country", "region"),
        (0, "IncompleteRead(100 bytes read, 900 more expected)", "cut"),
        (0, "[Errno 28] No space left on device", "disk"),
        (404, "HTTP Error 404: Not Found", "gone"),
        (403, "HTTP Error 403: Forbidden", "login"),
        (429, "HTTP Error 429", "busy"),
        (503, "HTTP Error 503", "busy"),
        (0, "something nobody has seen before", "other"),
    ],
)
def test_what_errors_mean(status: int, words: str, kind: Kind) -> None:
    trouble = classify(status, words)
    assert trouble.kind == kind
    assert words not in str(sentence(trouble, "https://example.org/v"))


def test_captions_are_taken_in_the_language_of_the_talk_and_in_a_form_that_is_read() -> None:
    fr, ca, en = {"ext": "vtt", "url": "fr"}, {"ext": "vtt", "url": "ca"}, {"ext": "srt", "url": "en"}
    offered = {"en": [en], "fr-CA": [ca], "fr": [{"ext": "json3", "url": "j"}, fr], "live_chat": [{"ext": "json"}]}
    assert choose(offered, "fr") == fr
    assert choose(offered, "en") == en
    assert choose({"fr-CA": [ca]}, "fr") == ca
    assert choose({"frp": [ca], "de": [fr]}, "fr") is None
    assert choose({"en": [en]}, "auto") == en
    assert choose(offered, "auto") is None
    assert choose({}, "fr") is None


def test_a_name_finds_its_entry_again_and_shows_no_secret() -> None:
    assert split(join("https://a/feed.xml?k=1", "guid é#1 &x")) == ("https://a/feed.xml?k=1", "guid é#1 &x")
    assert split("https://a/b#t=3") == ("https://a/b#t=3", None)
    assert shown("https://u:p@example.org:81/a?token=1#x") == "example.org/a"


def test_a_trickle_is_not_progress() -> None:
    pace = Pace(60, 0)
    pace.hear("beat", None, 50)
    assert pace.left(50) == 60
    pace.hear("bytes", [10, 0], 55)
    for second in range(56, 115):
        pace.hear("bytes", [second, 0], second)
    assert pace.left(115) == 0
    pace.hear("bytes", [70_000, 0], 115)
    assert pace.left(115) == 60


def test_a_list_without_end_is_left_in_the_end() -> None:
    pace = Pace(60, 0)
    for second in range(1300):
        pace.hear("entry", "x", second)
    assert pace.left(1300) < 0


def test_chapters_and_subtitles_beside_a_file_come_along(tmp_path: Path) -> None:
    recording = tmp_path / "2026-05-12_Mécénat.mp4"
    with av.open(recording, "w") as target, av.open(io.BytesIO(tone(form="mp4"))) as source:
        target.metadata["artist"] = "Marie Dupont; Paul Martin"
        target.metadata["description"] = "Les fondations."
        target.set_chapters(
            [
                {
                    "id": n,
                    "start": n * 2000,
                    "end": n * 2000 + 2000,
                    "time_base": Fraction(1, 1000),
                    "metadata": {"title": title},
                }
                for n, title in enumerate(("Début", "Suite"))
            ]
        )
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    recording.with_suffix(".vtt").write_bytes(VTT)
    (tmp_path / "autre.srt").write_bytes(b"1\n00:00:00,000 --> 00:00:01,000\nBonjour\n")
    source = find_source(str(tmp_path), Limits())
    names = list(source.names(str(tmp_path)))
    assert [Path(name).name for name in names] == [recording.name, "autre.srt"]
    material = source.open(names[0], tmp_path, lambda done, total: None)
    assert [(c.start, c.end, c.title) for c in material.chapters] == [(0, 2, "Début"), (2, 4, "Suite")]
    assert material.speakers == ("Marie Dupont", "Paul Martin") and material.description == "Les fondations."
    assert len(material.cues) == 2 and material.captions and material.date == dt.date(2026, 5, 12)


def test_the_hub_follows_a_link_once(site: Site, tmp_path: Path) -> None:
    """The whole way, with captions in place of transcription; the second time no sound is asked for."""
    home = tmp_path / "home"
    site.pages["/talk.vtt"] = VTT
    site.pages["/once.html"] = (
        b"<html><title>Le mecenat</title><video src='/once/talk.mp3'>"
        b"<track kind='subtitles' srclang='fr' src='/talk.vtt'></video></html>"
    )
    url = site.url("/once.html")
    pipeline = Pipeline(
        Library(home),
        Services(Settings(home=home)).transcriber,
        # One vector for all: these two sentences make one chapter, whatever they mean.
        embed=lambda texts: np.ones((len(texts), 1), dtype=np.float32),
        themes=("theme",),
    )

    def ingest(*, private: bool) -> Outcome:
        limits = Services(Settings(home=home, sources=Sources(private=private))).limits(None)
        source = find_source(url, limits)
        (name,) = source.names(url)
        return pipeline.ingest(source, name, Wishes(), lambda stage, done, total: None)

    first = ingest(private=True)
    assert (first.status, first.cues, first.source) == ("draft", 2, url)
    details = (home / "library" / str(first.slug) / "masterclass.toml").read_text()
    assert 'origin = "imported"' in details and "Sous-titres publiés" in details
    assert Library(home).details(str(first.slug)).origin.note
    assert (home / "media" / f"{first.slug}.mp3").read_bytes() == site.sound
    assert not any(path.is_dir() for path in (home / "work").iterdir())
    site.asked.clear()
    again = ingest(private=True)
    assert (again.status, again.slug) == ("unchanged", first.slug)
    assert "/once/talk.mp3" not in [path for path, _ in site.asked]
    with pytest.raises(BadLink, match="adresse interne"):
        ingest(private=False)
