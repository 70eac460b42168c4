"""How others find the masterclasses: feed, sitemap, robots, oEmbed."""

import datetime as dt
import io
import re
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import podcastparser
import pytest
from starlette.testclient import TestClient

from app.places import STATIC
from app.services import services
from tests.app.conftest import HEARD, READ
from tests.html import faults
from transcripts.library import Library

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"


def path_of(address: str | None) -> str:
    assert address
    assert address.startswith("http://testserver/")
    return address.removeprefix("http://testserver")


def test_the_feed_keeps_the_rules_of_podcasts(web: TestClient, library: Library) -> None:
    """RSS 2.0, Apple's required tags, and the transcript, chapters and person of Podcasting 2.0."""
    answer = web.get("/feed.xml")
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    rss = ET.fromstring(answer.content)  # noqa: S314 - our own
    assert (rss.tag, rss.get("version")) == ("rss", "2.0")
    [channel] = rss
    once = [child.tag for child in channel if child.tag != "item"]
    assert len(once) == len(set(once))
    for name in ("title", "link", "description", "language"):
        assert (channel.findtext(name) or "").strip()
    own = channel.find(f"{ATOM}link")
    assert own is not None
    assert (own.get("rel"), path_of(own.get("href"))) == ("self", "/feed.xml")
    assert channel.find(f"{ITUNES}category").get("text") == "Education"
    assert channel.findtext(f"{ITUNES}explicit") == "false"
    assert channel.findtext(f"{ITUNES}author")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", channel.findtext(f"{PODCAST}guid"))
    cover = urlsplit(path_of(channel.find(f"{ITUNES}image").get("href"))).path
    assert (STATIC / cover.removeprefix("/app/static/")).read_bytes().startswith(b"\x89PNG")

    items = channel.findall("item")
    assert [item.findtext("guid") for item in items] == [d.slug for d in library.published()]
    for item in items:
        slug = item.findtext("guid") or ""
        details = library.details(slug)
        assert item.findtext("title") == details.title
        assert web.get(path_of(item.findtext("link"))).status_code == 200
        assert parsedate_to_datetime(item.findtext("pubDate")).date() == details.date
        assert int(item.findtext(f"{ITUNES}duration")) == round(details.duration)
        assert [p.text for p in item.findall(f"{PODCAST}person")] == list(details.speakers)
        assert {t.get("type") for t in item.findall(f"{PODCAST}transcript")} == {"text/vtt", "application/x-subrip"}
        for told in (*item.findall(f"{PODCAST}transcript"), *item.findall(f"{PODCAST}chapters")):
            found = web.get(path_of(told.get("url")))
            assert found.headers["content-type"].split(";")[0] == told.get("type")
        sound = item.find("enclosure")
        assert (sound is not None) == (library.recording(slug) is not None)
        if sound is not None:
            head = web.head(path_of(sound.get("url")))
            assert (head.headers["content-length"], head.headers["content-type"]) == (
                sound.get("length"),
                sound.get("type"),
            )
    chapters = web.get(f"/m/{HEARD}.chapters.json").json()
    assert chapters["version"] == "1.2.0"
    assert [c["startTime"] for c in chapters["chapters"]] == [c.start for c in library.read(HEARD).chapters]


def test_a_player_reads_the_feed(web: TestClient, library: Library) -> None:
    """gPodder's reader, made by others from the same rules, finds what there is; it knows Podcasting 2.0 by its earlier name."""
    names = (
        b"https://podcastindex.org/namespace/1.0",
        b"https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
    )
    found = podcastparser.parse("http://testserver/feed.xml", io.BytesIO(web.get("/feed.xml").content.replace(*names)))
    assert (found["type"], found["language"], found["itunes_categories"]) == ("episodic", "fr", [["Education"]])
    assert path_of(found["cover_url"]).startswith("/app/static/")
    assert [episode["guid"] for episode in found["episodes"]] == [d.slug for d in library.published()]
    for episode, details in zip(found["episodes"], library.published(), strict=True):
        assert (episode["title"], episode["type"]) == (details.title, "full")
        assert dt.datetime.fromtimestamp(episode["published"], dt.UTC).date() == details.date
        assert episode["total_time"] == round(details.duration)
        assert [person["name"] for person in episode["persons"]] == list(details.speakers)
        assert path_of(episode["transcript_url"]) == f"/m/{details.slug}.srt"  # it keeps the last one
        assert path_of(episode["chapters_json_url"]) == f"/m/{details.slug}.chapters.json"
        kept = library.recording(details.slug)
        sounds = [(path_of(sound["url"]), sound["mime_type"]) for sound in episode["enclosures"]]
        assert sounds == ([(f"/media/{details.slug}.ogg", "audio/ogg")] if kept else [])
        assert all(web.head(address).status_code == 200 for address, _ in sounds)


def test_the_feed_survives_what_xml_cannot_hold(web: TestClient, library: Library) -> None:
    path = library.root / HEARD / "masterclass.toml"
    text = re.sub(r"(?m)^title = .*$", r'title = "A\\u0000\\u0008 ]]> <b> & \\uFFFE fin"', path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    titles = [item.findtext("title") for item in ET.fromstring(web.get("/feed.xml").content).iter("item")]  # noqa: S314
    assert "A ]]> <b> &  fin" in titles


def test_the_sitemap_and_robots(web: TestClient, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.set_status(READ, "draft")
    monkeypatch.setenv("HUB_PUBLIC_URL", "https://hub.example.org")
    services.cache_clear()
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    urls = ET.fromstring(web.get("/sitemap.xml").content)  # noqa: S314 - our own
    addresses = [url.findtext(f"{name}loc") for url in urls]
    assert addresses[:2] == ["https://hub.example.org/", "https://hub.example.org/m/"]
    assert addresses[2:] == [f"https://hub.example.org/m/{d.slug}" for d in library.published()]
    assert not any(READ in (address or "") for address in addresses)
    assert urls[2].findtext(f"{name}lastmod") == library.changed(library.published()[0].slug).isoformat()
    assert "Sitemap: https://hub.example.org/sitemap.xml" in web.get("/robots.txt").text


def test_oembed_shows_a_player(web: TestClient, library: Library, tmp_path: object) -> None:
    page = web.get(f"/m/{HEARD}").text
    [address] = re.findall(r'application/json\+oembed"[^>]*href="(.*?)"', page)
    found = web.get(path_of(address)).json()
    assert (found["version"], found["type"], found["title"]) == ("1.0", "rich", library.details(HEARD).title)
    assert f'src="http://testserver/embed/{HEARD}"' in found["html"]
    small = web.get("/oembed", params={"url": f"http://testserver/m/{HEARD}", "maxwidth": 50, "maxheight": 40}).json()
    assert (small["width"], small["height"]) == (50, 40)
    at = web.get("/oembed", params={"url": f"http://testserver/masterclass?m={HEARD}&t=83", "maxwidth": 300}).json()
    assert f"/embed/{HEARD}?start=83" in at["html"]
    assert at["width"] == 300
    player = web.get(f"/embed/{HEARD}?start=83")
    assert "#t=83" in player.text
    assert "default-src 'none'" in player.headers["content-security-policy"]
    assert "script-src" not in player.headers["content-security-policy"]
    assert web.get("/oembed", params={"url": f"http://testserver/m/{READ}"}).json()["type"] == "link"
    for wrong, status in (
        ("https://elsewhere.example/m/x", 400),
        ("", 400),
        ("http://[", 400),
        ("http://testserver/m/2020-01-01-rien", 404),
    ):
        assert web.get("/oembed", params={"url": wrong}).status_code == status
    assert web.get("/oembed", params={"url": f"http://testserver/m/{HEARD}", "format": "xml"}).status_code == 501


def test_the_embedded_player_is_valid(web: TestClient, tmp_path) -> None:
    assert faults(tmp_path, web.get(f"/embed/{HEARD}").text) == []


@pytest.mark.parametrize("path", ["/m/", f"/m/{HEARD}", "/feed.xml", "/sitemap.xml", "/m/2020-01-01-rien"])
def test_a_false_host_becomes_no_markup(web: TestClient, path: str) -> None:
    answer = web.get(path, headers={"Host": 'x"><script>alert(1)</script>&'})
    assert "<script>alert" not in answer.text
    if path.endswith(".xml"):
        ET.fromstring(answer.content)  # noqa: S314 - our own
