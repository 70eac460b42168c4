"""Links against a real server: what comes along."""

import dataclasses
import datetime as dt
import io
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from app import jobs
from app.services import Services
from app.settings import Settings, Sources
from ingest.audio import RATE, decode
from ingest.pipeline import Pipeline
from ingest.sources import Material, find_source
from ingest.sources.address import split
from ingest.sources.errand import run
from ingest.sources.fetch import Request
from ingest.sources.link import Link
from ingest.sources.trouble import Stop
from ingest.wishes import Outcome, Wishes
from tests.ingest.conftest import INSIDE, fetch, quiet
from tests.ingest.server import Site, picture, serve, tone
from transcripts.errors import BadLink
from transcripts.library import Library

VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\nLe pr\xc3\xaat participatif.\n\n00:02.000 --> 00:04.000\nUn quasi-fonds propre.\n"


def _alike(things: Sequence[object]) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.ones((len(things), 1), dtype=np.float32)


# One vector for all: two sentences make one chapter, whatever they mean, and one voice.
MODELS: dict[str, Any] = {"embed": _alike, "voiceprint": _alike, "make_room": lambda: None}


def test_a_direct_link_gives_its_sound_with_what_the_file_says(site: Site, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    url = site.url("/talks/2026-03-04-intro.mp3")
    source = find_source(url, INSIDE)
    (name,) = source.names(url, quiet)
    material = source.open(name, tmp_path, lambda done, total: heard.append((done, total)))
    assert name == url == material.name
    assert material.recording and material.recording.read_bytes() == site.sound
    assert material.recording.parent == tmp_path and material.recording.suffix == ".mp3"
    assert (material.title, material.date) == ("Le prêt participatif", dt.date(2026, 3, 4))
    assert material.duration == pytest.approx(4, abs=0.2) and not material.video
    assert material.speakers == () and not material.cues
    assert heard and heard[-1][1] == len(site.sound)


def test_a_look_brings_titles_and_dates_and_no_sound(site: Site) -> None:
    url = site.url("/talks/2026-03-04-intro.mp3")
    (one,) = Link(INSIDE).look(url)
    assert (one.name, one.title, one.date) == (url, "Intro", dt.date(2026, 3, 4))
    items = "".join(
        f"<item><title>Épisode {n}</title><guid>{n}</guid><pubDate>Thu, {n:02} Nov 2026 10:00:00 +0100</pubDate>"
        f"<enclosure url='{site.url(f'/e/{n}.mp3')}' type='audio/mpeg'/></item>"
        for n in (5, 12)
    )
    site.pages["/feed.xml"] = f"<rss version='2.0'><channel><title>Balado</title>{items}</channel></rss>".encode()
    found = list(Link(INSIDE).look(site.url("/feed.xml")))
    assert [(each.title, each.date) for each in found] == [
        ("Épisode 5", dt.date(2026, 11, 5)),
        ("Épisode 12", dt.date(2026, 11, 12)),
    ]
    assert [each.name for each in found] == list(Link(INSIDE).names(site.url("/feed.xml"), quiet))


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd.mp3", "/%2e%2e%2f%2e%2e%2fevil.mp3", "/-o/..%5c%00%0aevil.mp3", "/named/x"]
)
def test_a_name_from_elsewhere_never_becomes_a_path(site: Site, tmp_path: Path, path: str) -> None:
    folder = tmp_path / "work" / "inner"
    folder.mkdir(parents=True)
    material = fetch(site.url(path), folder)
    assert material.recording and material.recording.resolve().parent == folder
    assert {p for p in tmp_path.rglob("*") if p.is_file()} == {material.recording, folder / "fetched.json"}


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
    names = list(source.names(url, quiet))
    assert len(names) == 3 and all(split(name)[0] == url for name in names)
    assert list(source.names(names[0], quiet)) == [names[0]]

    def open_one(number: int) -> Material:
        folder = tmp_path / str(number)
        folder.mkdir()
        return source.open(names[number], folder, quiet)

    with ThreadPoolExecutor(2) as pool:
        second, first = pool.map(open_one, (0, 2))
    assert (second.title, second.date) == ("Épisode 2", dt.date(2026, 11, 12))
    assert (first.title, first.description) == ("Épisode 1", "De quoi parle Épisode 1")
    assert first.name == names[2]
    with pytest.raises(BadLink, match="guid Privé » demande de s’identifier"):
        open_one(1)


def test_an_atom_feed_is_read_like_rss(site: Site, tmp_path: Path) -> None:
    """An enclosure, Media RSS, a page to be read, one of a site that yt-dlp knows, and one with nothing to hear."""
    site.pages["/atom/page.html"] = b"<html><title>Une page</title><video src='/v/talk.mp3'></video></html>"
    entries = {
        "Enclos": "<link rel='enclosure' type='audio/mpeg' href='/e/3.mp3'/><link href='/status/404'/>"
        "<psc:chapters xmlns:psc='http://podlove.org/simple-chapters'><psc:chapter start='1' title='Suite'/></psc:chapters>",
        "Media": "<media:group><media:content url='http://x/y.swf' type='application/x-shockwave-flash'/>"
        "<media:content url='/e/2.mp3' medium='audio'/></media:group>",
        "Page": "<link rel='alternate' href='/atom/page.html'/>",
        "Ailleurs": "<link rel='alternate' href='https://www.youtube.com/watch?v=BaW_jenozKc'/>"
        "<media:group><media:content url='https://www.youtube.com/v/BaW_jenozKc' type='video/mp4'/></media:group>",
        "Rien": "",
    }
    parts = "".join(
        f"<entry><id>tag:x,2026:{title}</id><title>{title}</title><updated>2026-11-12T23:30:00Z</updated>"
        f"<summary type='html'>&lt;p&gt;De quoi parle {title}&lt;/p&gt;</summary>{links}</entry>"
        for title, links in entries.items()
    )
    site.pages["/atom.xml"] = (
        "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom' "
        f"xmlns:media='http://search.yahoo.com/mrss/'><title>Balado</title>{parts}{parts}</feed>"
    ).encode()
    url = site.url("/atom.xml")
    source = find_source(url, INSIDE)
    names = list(source.names(url, quiet))
    assert [split(name)[1] for name in names] == [f"tag:x,2026:{title}" for title in ("Enclos", "Media", "Page")] + [
        None
    ]
    assert names[3] == "https://www.youtube.com/watch?v=BaW_jenozKc"
    for name in names[:3]:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        material = source.open(name, folder, quiet)
        title = str(split(name)[1]).partition("2026:")[2]
        assert (material.title, material.description) == (title, f"De quoi parle {title}")
        assert [chapter.title for chapter in material.chapters] == (["Suite"] if title == "Enclos" else [])
        assert material.date == dt.date(2026, 11, 12) and material.name == name
        assert material.recording and material.recording.read_bytes() == site.sound


def test_media_rss_without_enclosures_is_heard(site: Site, tmp_path: Path) -> None:
    site.pages["/mrss.xml"] = (
        "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><item><title>Un</title><guid>1</guid>"
        f"<link>{site.url('/status/404')}</link><media:content url='{site.url('/e/1.mp3')}' type='audio/mpeg'/></item></channel></rss>"
    ).encode()
    (name,) = find_source("http://x", INSIDE).names(site.url("/mrss.xml"), quiet)
    assert fetch(name, tmp_path).title == "Un"


_SOUND = "<enclosure url='{}' type='audio/mpeg'/>"


@pytest.mark.parametrize(
    ("inside", "place", "asked"),
    [
        ("<enclosure url='/odd.jpg' type='image/jpeg'/>" + _SOUND.format("/odd/1.mp3"), "guid", "/odd/1.mp3"),
        ("<enclosure url='/odd.pdf'/><enclosure url='/odd/2' type='application/octet-stream'/>", "guid", "/odd/2"),
        ("<enclosure url='/odd.pdf' type='application/pdf'/><link>{site}/odd.html</link>", "guid", "/odd/page.mp3"),
        ("<enclosure url='/odd.jpg' type='image/jpeg'/><media:content url='3.mp3' medium='audio'/>", "guid", "/3.mp3"),
        (_SOUND.format("odd/4.mp3"), "guid", "/odd/4.mp3"),
        (_SOUND.format("//{host}/odd/5.mp3"), "guid", "/odd/5.mp3"),
        (_SOUND.format("") + "<link>\n odd.html </link>", "guid", "/odd/page.mp3"),
        ("<enclosure type='audio/mpeg'/><link>{site}/odd.html</link>", "guid", "/odd/page.mp3"),
    ],
)
def test_an_episode_is_found_wherever_its_feed_put_it(
    site: Site, tmp_path: Path, inside: str, place: str, asked: str
) -> None:
    host = f"127.0.0.1:{site.port}"
    told = inside.format(site=f"http://{host}", host=host)
    site.pages["/odd.html"] = b"<html><title>Une page</title><video src='/odd/page.mp3'></video></html>"
    site.pages["/odd.xml"] = (
        "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><title>Balado</title>"
        f"<item><title>Un</title><guid>{place}</guid>{told}</item><item><title>Rien</title></item></channel></rss>"
    ).encode()
    url = site.url("/odd.xml")
    (name,) = find_source(url, INSIDE).names(url, quiet)
    site.asked.clear()
    assert split(name) == (url, place) and fetch(name, tmp_path).title == "Un"
    assert asked in [path for path, _ in site.asked]


def test_episodes_that_share_a_guid_are_told_apart(site: Site, tmp_path: Path) -> None:
    def feed(*items: tuple[str, str]) -> list[str]:
        parts = "".join(
            f"<item><title>{title}</title><guid>balado</guid>{_SOUND.format(site.url(path))}</item>"
            for title, path in items
        )
        site.pages["/same.xml"] = f"<rss version='2.0'><channel>{parts}</channel></rss>".encode()
        return list(Link(INSIDE).names(site.url("/same.xml"), quiet))

    two, one, same = ("Deux", "/e/2.mp3"), ("Un", "/e/1.mp3"), ("Un", "/e/0.mp3")
    names = feed(two, one, one, same)
    assert [split(name)[1] for name in names] == ["balado Deux", *(f"balado {site.url(at)}" for _, at in (one, same))]
    assert feed(("Trois", "/e/3.mp3"), two, one, same)[1:] == names  # none is taken for another when one more comes
    for name, path in zip(names, ("/e/2.mp3", "/e/1.mp3", "/e/0.mp3"), strict=True):
        site.asked.clear()
        fetch(name, tmp_path)
        assert path in [asked for asked, _ in site.asked]
        for left in tmp_path.iterdir():
            left.unlink()
    # What was waiting under an earlier name is found all the same.
    assert fetch(f"{site.url('/same.xml')}#entry=balado", tmp_path).title == "Trois"


@pytest.mark.parametrize(
    ("form", "namespace"),
    [
        ("psc", "https://podcastindex.org/namespace/1.0"),
        ("json", "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"),
        ("broken", "https://podcastindex.org/namespace/1.0"),
    ],
)
def test_an_episode_brings_its_chapters_people_and_subtitles(
    site: Site, tmp_path: Path, form: str, namespace: str
) -> None:
    told = [
        {"startTime": 0, "title": "Le prêt"},
        {"startTime": 1, "title": "Publicité", "toc": False},
        {"startTime": 2.5, "title": "La garantie"},
    ]
    site.pages["/parts.json"] = json.dumps({"version": "1.2.0", "chapters": told}).encode() if form == "json" else b"?"
    site.pages["/talk.vtt"] = VTT
    inside = (
        "<psc:chapters><psc:chapter start='00:00' title='Le prêt'/><psc:chapter start='00:00:02.500' title='La garantie'/>"
        "</psc:chapters>"
    )
    site.pages["/told.xml"] = (
        "<rss version='2.0' xmlns:psc='http://podlove.org/simple-chapters' "
        f"xmlns:podcast='{namespace}'><channel><title>Balado</title><language>fr-FR</language>"
        "<podcast:person>Ada</podcast:person><item><title>Sans rien</title></item>"
        f"<item><title>Un</title><guid>1</guid><enclosure url='{site.url('/e/1.mp3')}' type='audio/mpeg'/>"
        f"{inside if form == 'psc' else ''}<podcast:chapters url='/parts.json' type='application/json+chapters'/>"
        "<podcast:transcript url='/talk.html' type='text/html'/><podcast:transcript url='/talk.vtt' type='text/vtt'/>"
        "<podcast:person role='guest'> Zoé d’Or </podcast:person>"
        "<podcast:person group='Audio Post-Production'>Bo</podcast:person></item>"
        f"<item><title>Deux</title><guid>2</guid><enclosure url='{site.url('/e/2.mp3')}' type='audio/mpeg'/></item>"
        "</channel></rss>"
    ).encode()
    url = site.url("/told.xml")
    first, second = Link(INSIDE).look(url)
    assert (first.speakers, second.speakers) == (("Zoé d’Or",), ("Ada",))
    material = fetch(first.name, tmp_path)
    assert material.speakers == ("Zoé d’Or",) and len(material.cues) == 2
    chapters = [(chapter.title, chapter.start) for chapter in material.chapters]
    assert chapters == ([] if form == "broken" else [("Le prêt", 0.0), ("La garantie", 2.5)])


def test_a_page_with_a_video_and_captions_by_people(site: Site, tmp_path: Path) -> None:
    site.pages["/talk.vtt"] = VTT
    site.pages["/talk.html"] = (
        b"<html><head><title>Masterclass du 4 mars</title></head><body><video src='/v/talk.mp3'>"
        b"<track kind='subtitles' srclang='en' src='/english.vtt'><track kind='subtitles' srclang='fr' src='/talk.vtt'>"
        b"</video></body></html>"
    )
    material = fetch(site.url("/talk.html"), tmp_path)
    assert material.title == "Masterclass du 4 mars"
    assert [cue.text for cue in material.cues] == ["Le prêt participatif.", "Un quasi-fonds propre."]
    assert material.captions and material.recording and material.recording.read_bytes() == site.sound


def test_a_page_that_tells_its_chapters_gives_them(site: Site, tmp_path: Path) -> None:
    parts = [("Le prêt", 0, 2), ("La garantie", 2, 4)]
    told = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": "Masterclass du 5 mars",
        "contentUrl": site.url("/v/talk.mp3"),
        "hasPart": [{"@type": "Clip", "name": name, "startOffset": a, "endOffset": b} for name, a, b in parts],
    }
    site.pages["/parts.html"] = f"<script type='application/ld+json'>{json.dumps(told)}</script>".encode()
    material = fetch(site.url("/parts.html"), tmp_path)
    assert material.title == "Masterclass du 5 mars"
    assert [(chapter.title, chapter.start, chapter.end) for chapter in material.chapters] == parts


@pytest.mark.parametrize("machine", [False, True])
def test_peertube_gives_its_chapters_and_the_captions_that_people_made(
    site: Site, tmp_path: Path, machine: bool
) -> None:
    """PeerTube's answers, as its API documents them, from a server of ours: yt-dlp's reader asks one on port 443 only."""
    video = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
    captions = [{"language": {"id": "fr"}, "automaticallyGenerated": machine, "captionPath": site.url("/talk.vtt")}]
    parts = [{"title": "Le prêt", "timecode": 1}, {"title": "La garantie", "timecode": 2}]
    site.pages["/talk.vtt"] = VTT
    site.pages[f"/{video}/chapters.json"] = json.dumps({"chapters": parts} if machine else []).encode()
    site.pages[f"/{video}/captions.json"] = json.dumps({"total": 1, "data": captions}).encode()
    site.pages[f"/{video}/.json"] = json.dumps(
        {"name": "Le mécénat", "files": [{"fileUrl": site.url("/v/talk.mp3"), "resolution": {"label": "0p"}}]}
    ).encode()
    program = (
        f"from ingest.sources import fetch, peertube; peertube.PeerTubeIE._API_BASE = {site.url('/')!r} + '%.0s%s/%s.json'; "
        "fetch.main()"
    )
    request = Request(f"peertube:tube.example:{video}", None, str(tmp_path), True, 10**9, 3600, False, "fr")
    said = dict(run(request, 30, (sys.executable, "-c", program)))
    fetched = said["sound"] | said["done"]
    assert (fetched["title"], fetched["extractor"]) == ("Le mécénat", "PeerTube")
    assert Path(fetched["captions"]).read_bytes() == VTT if not machine else "captions" not in fetched
    assert fetched["chapters"] == ([[1, 2, "Le prêt"], [2, None, "La garantie"]] if machine else [])
    assert len(fetched["files"]) == 1 and not list(tmp_path.glob("*.fr.vtt"))


def test_captions_that_cannot_be_read_leave_the_sound_and_a_note(site: Site, tmp_path: Path) -> None:
    site.pages["/broken.html"] = (
        b"<html><title>x</title><video src='/v/talk.mp3'><track kind='subtitles' srclang='fr' src='/status/500/x.vtt'></video></html>"
    )
    material = fetch(site.url("/broken.html"), tmp_path)
    assert material.recording and not material.cues and not material.captions
    assert material.note and "transcrit" in material.note


@pytest.mark.parametrize("silent", [True, False])
def test_captions_that_never_come_leave_the_sound_and_a_note(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: bool
) -> None:
    def impatient(request: Request, patience: float) -> Iterator[tuple[str, Any]]:
        for key, value in run(request, patience):
            yield key, value
            if silent and key == "sound":
                raise Stop("slow")

    monkeypatch.setattr("ingest.sources.link.run", impatient)
    site.pages["/never.html"] = (
        f"<video src='/v/talk.mp3'><track kind='subtitles' srclang='fr' src='/{'silent' if silent else 'endless'}/x.vtt'></video>"
    ).encode()
    material = fetch(site.url("/never.html"), tmp_path, dataclasses.replace(INSIDE, bytes=2_000_000))
    assert material.recording and material.recording.read_bytes() == site.sound
    assert not material.cues and material.note and "transcrit" in material.note


class _Killed(BaseException):
    """The worker ends here, and nothing of its process goes on."""


def test_a_job_that_begins_again_needs_no_site_for_what_was_fetched_whole(tmp_path: Path) -> None:
    here = Services(Settings(home=tmp_path, sources=Sources(private=True)))
    here.pipeline = dataclasses.replace(here.pipeline, **MODELS)

    def killed(stage: str, done: float, total: float) -> None:
        if stage == "Chapitres et résumé":
            raise _Killed

    # Its server calls this sound an MP3, so that the file is renamed once it is there.
    with serve(Site(tone(form="ogg"), {"/talk.vtt": VTT})) as leaving:
        leaving.pages["/talk.html"] = (
            b"<title>Le mecenat</title><video src='/v/a.mp3'><track kind='subtitles' srclang='fr' src='/talk.vtt'></video>"
        )
        leaving.pages["/feed.xml"] = (
            b"<rss version='2.0' xmlns:podcast='https://podcastindex.org/namespace/1.0'><channel><language>fr</language>"
            b"<item><title>Un</title><guid>1</guid><enclosure url='/v/b.mp3' type='audio/mpeg'/>"
            b"<podcast:transcript url='/talk.vtt' type='text/vtt'/></item></channel></rss>"
        )
        given = [leaving.url("/talk.html"), leaving.url("/feed.xml#entry=1")]
        for one in given:
            with pytest.raises(_Killed):
                list(jobs.ingest(here, [one], Wishes(), killed))
    page, episode = jobs.ingest(here, given, Wishes(), lambda stage, done, total: None)
    assert (page.status, page.cues, page.error) == ("draft", 2, None)
    assert (episode.status, episode.slug) == ("unchanged", page.slug)  # the same sound
    kept = here.library.details(str(page.slug)).recording
    assert kept and kept.file.endswith(".ogg")


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


def film(form: str, picture: str, sound: str, late: int = 0) -> bytes:
    """Return four seconds of picture and of sound, which begins so many seconds ``late``, in one file with a title."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=form) as target:
        target.metadata["title"] = "Le prêt"
        moving, heard = target.add_stream(picture, rate=5), target.add_stream(sound, rate=48_000, layout="mono")
        moving.width, moving.height, moving.pix_fmt = 64, 48, "yuv420p"
        for n in range(20):
            target.mux(moving.encode(av.VideoFrame.from_ndarray(np.full((48, 64, 3), n * 9, np.uint8))))
        wave = av.AudioFrame.from_ndarray(np.full((1, 4 * 48_000), 900, np.int16), format="s16", layout="mono")
        wave.sample_rate, wave.pts = 48_000, late * 48_000
        target.mux([*moving.encode(None), *heard.encode(wave), *heard.encode(None)])
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("form", "picture", "sound", "kept"),
    [("mp4", "mpeg4", "aac", ".m4a"), ("webm", "libvpx", "libopus", ".webm"), ("matroska", "mpeg4", "aac", "whole")],
)
def test_of_a_film_in_one_file_the_sound_is_kept_where_it_can_be_played(
    tmp_path: Path, form: str, picture: str, sound: str, kept: str
) -> None:
    with serve(Site(film(form, picture, sound))) as one:
        material = fetch(one.url("/film.mp4"), tmp_path)
    assert material.title == "Le prêt"
    assert material.duration == pytest.approx(4, abs=0.2)
    assert material.video == (kept == "whole")
    assert material.recording and (material.video or material.recording.suffix == kept)


@pytest.mark.parametrize(
    ("form", "picture", "sound"),
    [("mp4", "mpeg4", "aac"), ("webm", "libvpx", "libopus"), ("mpegts", "mpeg2video", "aac")],
)
def test_sound_that_begins_late_keeps_its_times(tmp_path: Path, form: str, picture: str, sound: str) -> None:
    with serve(Site(film(form, picture, sound, late=3))) as one:
        material = fetch(one.url("/film.mp4"), tmp_path)
    assert material.recording
    loud = np.abs(decode(material.recording)) > 0.01
    assert np.argmax(loud) / RATE == pytest.approx(3, abs=0.1)
    assert material.duration == pytest.approx(7, abs=0.2)


def test_a_film_is_joined_to_the_same_bytes_each_time(tmp_path: Path) -> None:
    hashes = set()
    with serve(Site(film("webm", "libvpx", "libopus"))) as one:
        for name in "ab":
            (folder := tmp_path / name).mkdir()
            hashes.add(fetch(one.url("/film.webm"), folder).sha256)
    assert len(hashes) == 1  # what was heard of it before an interruption is known by it


def test_a_list_with_a_private_entry_gives_the_others(site: Site, services: Services) -> None:
    site.pages["/talk.vtt"] = VTT
    site.pages["/open.html"] = (
        b"<html><title>Le mecenat</title><video src='/v/open.mp3'><track kind='subtitles' srclang='fr' src='/talk.vtt'></video></html>"
    )
    items = "".join(
        f"<item><title>x</title><link>{site.url(path)}</link></item>" for path in ("/status/403", "/open.html")
    )
    site.pages["/list.xml"] = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    here = Services(services.settings.model_copy(update={"sources": Sources(private=True)}))
    private, given = jobs.ingest(here, [site.url("/list.xml")], Wishes(), lambda stage, done, total: None)
    assert (private.status, given.status, given.cues) == ("failed", "draft", 2)
    assert private.error and "demande de s’identifier" in private.error
    again = list(jobs.ingest(here, [site.url("/list.xml")], Wishes(), lambda stage, done, total: None))
    assert [outcome.status for outcome in again] == ["failed", "unchanged"]


def test_the_hub_follows_a_link_once(site: Site, tmp_path: Path) -> None:
    """The whole way, with captions in place of transcription; the second time no sound is asked for."""
    home = tmp_path / "home"
    site.pages["/talk.vtt"] = VTT
    site.pages["/once.html"] = (
        b"<html><title>Le mecenat</title><video src='/once/talk.mp3'>"
        b"<track kind='subtitles' srclang='fr' src='/talk.vtt'></video></html>"
    )
    url = site.url("/once.html")
    services = Services(Settings(home=home))
    pipeline = Pipeline(
        Library(home),
        services.studies,
        services.transcriber,
        **MODELS,
        themes=("theme",),
    )

    def ingest(*, private: bool) -> Outcome:
        limits = Services(Settings(home=home, sources=Sources(private=private))).limits(None)
        source = find_source(url, limits)
        (name,) = source.names(url, quiet)
        with pipeline.work_folder(name, lambda stage, done, total: None) as folder:
            return pipeline.ingest(source, name, folder, Wishes(), lambda stage, done, total: None)

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
