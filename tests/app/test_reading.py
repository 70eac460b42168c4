"""The page of a masterclass, complete without a script."""

import datetime as dt
import gzip
import hashlib
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
from starlette.testclient import TestClient

from app.places import STATIC, HubPlaces
from app.reading_page import reading_page
from tests.app.conftest import HEARD, READ
from tests.html import as_schema_org, described, faults
from transcripts.glossary import glossary
from transcripts.library import Library
from transcripts.model import Chapter, Cue, Details, Masterclass, Origin, Summary

HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{{7*7}}"


def words(text: str) -> str:
    return " ".join(text.split())


def read(page: str) -> tuple[str, dict]:
    """Return a page's text and its linked data."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    scripts = [s for s in tree.iter("script") if s.get("type") == "application/ld+json"]
    text = "".join(tree.find("body").itertext())
    return words(text), json.loads(scripts[0].text)


# What search engines want of each type.
WANTED = {
    "Article": {"headline", "image", "datePublished", "author"},
    "AudioObject": {"name", "description", "thumbnailUrl", "uploadDate", "contentUrl"},
    "VideoObject": {"name", "description", "thumbnailUrl", "uploadDate", "contentUrl"},
    "Clip": {"name", "startOffset", "url"},
    "Organization": {"name"},
    "Person": {"name"},
}


def assert_wanted(node: dict) -> None:
    """Assert that linked data says what is wanted of its types, that addresses are absolute, and durations ISO 8601."""
    assert WANTED[node["@type"]] <= set(node)
    for name, value in node.items():
        if name in ("@id", "url", "image", "thumbnailUrl", "contentUrl", "embedUrl"):
            assert value.startswith("http://testserver/")
        elif name == "duration":
            assert re.fullmatch(r"PT\d+H\d+M\d+S", value)
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                assert_wanted(part)


@pytest.mark.parametrize("slug", [HEARD, READ])
def test_a_page_holds_all_that_was_said_and_is_valid(
    web: TestClient, library: Library, tmp_path: Path, slug: str
) -> None:
    masterclass = library.read(slug)
    answer = web.get(f"/m/{slug}")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    page = answer.text
    assert faults(tmp_path, page) == []
    text, linked = read(page)
    for section in masterclass.cues:
        assert words(section.text) in text
    for chapter in masterclass.chapters:
        assert words(chapter.title.replace("'", "’")) in text
    said = words(" ".join(cue.text for cue in masterclass.cues))
    assert linked["@type"] == ("AudioObject" if slug == HEARD else "Article")
    assert_wanted(linked)
    as_schema_org(linked)
    assert described(page) == [linked["description"]] * 2
    assert words(linked["transcript" if slug == HEARD else "articleBody"]) == said
    if slug == HEARD:
        assert [clip["startOffset"] for clip in linked["hasPart"]] == [c.start for c in masterclass.chapters]
        assert {clip["url"].partition("#")[2] for clip in linked["hasPart"]} <= set(re.findall(r'\bid="(.+?)"', page))
        assert web.get(linked["contentUrl"].removesuffix(".ogg")).headers["content-type"] == "audio/ogg"
    assert re.findall('rel="canonical" href="(.*?)"', page) == [f"http://testserver/m/{slug}"]
    ids = set(re.findall(r'\bid="(.+?)"', page))
    targets = re.findall(r'href="#(.+?)"', page)
    assert targets
    assert set(targets) <= ids
    # No style and no program stands in the page itself: the policy would refuse them.
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script>(?!\{)", page)


def test_a_film_is_told_as_one(library: Library, tmp_path: Path) -> None:
    heard = library.read(HEARD)
    assert heard.details.recording
    film = replace(heard, details=replace(heard.details, recording=replace(heard.details.recording, video=True)))
    page = reading_page(film, HubPlaces("http://testserver"), "Comprendre", f"{HEARD}.mp4", glossary())
    assert faults(tmp_path, page) == []
    assert f'src="/media/{HEARD}.mp4"' in page
    _, linked = read(page)
    assert (linked["@type"], linked["contentUrl"]) == ("VideoObject", f"http://testserver/media/{HEARD}.mp4")
    assert_wanted(linked)
    as_schema_org(linked)


def hostile() -> Masterclass:
    details = Details(
        slug="2026-01-01-essai",
        title=HOSTILE,
        date=dt.date(2026, 1, 1),
        theme=HOSTILE,
        speakers=(HOSTILE,),
        status="published",
        duration=60.0,
        language='fr"><b>',
        source="javascript:alert(3)",
        origin=Origin(HOSTILE, ""),
    )
    summary = Summary(f"## {HOSTILE}\n\n[ici](javascript:alert(4)) et [là](#t=1)\n\n- {HOSTILE}", reviewed_by=HOSTILE)
    return Masterclass(details, (Cue(1, 3, HOSTILE, HOSTILE),), (Chapter(0, 60, HOSTILE),), summary)


def test_what_is_said_stays_text(tmp_path: Path) -> None:
    page = reading_page(hostile(), HubPlaces("https://hub.example.org"), HOSTILE, None, glossary())
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    assert [s.get("type") for s in tree.iter("script")] == ["module", "application/ld+json"]
    assert [i.get("src").startswith("/app/static/") for i in tree.iter("img")] == [True]
    assert not [a for a in tree.iter("a") if a.get("href", "").startswith("javascript:")]
    assert [name for element in tree.iter() for name in element.attrib if name.startswith("on")] == []
    assert read(page)[1]["name"] == HOSTILE


def hour(library: Library) -> Masterclass:
    """Return an hour's talk, of the demonstration's talks one after another."""
    cues: list[Cue] = []
    chapters: list[Chapter] = []
    for slug in library.slugs():
        talk = library.read(slug)
        at = cues[-1].end + 2 if cues else 0.0
        cues += [replace(cue, start=cue.start + at, end=cue.end + at) for cue in talk.cues]
        chapters += [replace(c, start=c.start + at, end=c.end + at) for c in talk.chapters]
    cues, chapters = [c for c in cues if c.end < 3600], [c for c in chapters if c.end < 3600]
    return replace(talk, cues=tuple(cues), chapters=tuple(chapters), details=replace(talk.details, duration=3600.0))


def test_an_hours_talk_is_light(library: Library) -> None:
    """Under 60 kB of HTML and CSS as it goes over the wire: compressed as Streamlit's server does (gzip, level 5)."""
    talk = hour(library)
    page = reading_page(talk, HubPlaces("https://hub.example.org"), "Un thème", "x.ogg", glossary(), "https://o")
    styles = [(STATIC / name).read_bytes() for name in ("hub.css", "reading.css")]
    weight = sum(len(gzip.compress(data, 5)) for data in (page.encode(), *styles))
    print(f"{sum(len(c.text.split()) for c in talk.cues)} words, {weight} bytes")  # noqa: T201 - a figure for docs/
    assert talk.cues[-1].end > 3000
    assert weight < 60_000


def test_the_list_holds_every_published_one(web: TestClient, library: Library, tmp_path: Path) -> None:
    library.set_status(READ, "draft")
    page = web.get("/m/").text
    assert faults(tmp_path, page) == []
    for details in library.catalogue():
        assert (f"/m/{details.slug}" in page) == (details.slug != READ)


def test_moves_are_told_apart(web: TestClient, library: Library, tmp_path: Path) -> None:
    """What never was, what is a draft, what was taken away."""
    library.set_status(READ, "draft")
    for address in ("/m/2020-01-01-rien", f"/m/{READ}", "/m/..%2f..%2fetc", "/m/x.y"):
        assert web.get(address).status_code == 404
    assert "Cette page n’existe pas" in web.get(f"/m/{READ}").text
    assert web.get(f"/m/{READ}").text.count(READ) == 0
    draft = "2026-06-26-jamais-publiee"
    shutil.copytree(library.root / READ, library.root / draft)
    assert web.get(f"/m/{draft}").status_code == 404
    library.remove(draft)
    assert web.get(f"/m/{draft}").status_code == 404
    library.remove(READ)  # which was public before it was a draft
    assert web.get(f"/m/{READ}").status_code == 410
    library.remove(HEARD)
    for address in (f"/m/{HEARD}", f"/embed/{HEARD}"):
        gone = web.get(address)
        assert gone.status_code == 410
        assert "a été retirée" in gone.text
    assert faults(tmp_path, gone.text, web.get("/m/x").text, web.get("/entrer").text) == []
    for address in (f"/m/{HEARD}.vtt", f"/media/{HEARD}", f"/m/{HEARD}.chapters.json", f"/api/masterclasses/{HEARD}"):
        gone = web.get(address)
        assert (gone.status_code, gone.json()["status"]) == (410, 410)
        assert gone.headers["content-type"] == "application/problem+json"
    marks = [hashlib.sha256(slug.encode()).hexdigest() for slug in (READ, HEARD)]
    assert (library.home / "removed.txt").read_text().split() == marks


@pytest.mark.parametrize(
    "path",
    [
        *("/m/", f"/m/{HEARD}", f"/embed/{HEARD}", f"/media/{HEARD}"),
        *(f"/m/{HEARD}.{form}" for form in ("vtt", "srt", "txt", "md", "json", "chapters.json")),
        *("/feed.xml", "/sitemap.xml", "/robots.txt", "/api/masterclasses"),
    ],
)
def test_what_is_known_is_not_sent_again(web: TestClient, path: str) -> None:
    whole = web.get(path)
    assert whole.status_code == 200
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["cache-control"] == "no-cache"
    tag = whole.headers["etag"]
    again = web.get(path, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert web.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    if dated := whole.headers.get("last-modified"):
        since = {"If-Modified-Since": dated}
        assert (web.get(path, headers=since).status_code, web.head(path, headers=since).status_code) == (304, 304)
        assert web.get(path, headers={**since, "If-None-Match": '"other"'}).status_code == 200
        # Put back after another, a file is older than that: only its own date counts.
        assert web.get(path, headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}).status_code == 200
    assert ("last-modified" in whole.headers) == path.startswith("/media/")
    head = web.head(path)
    assert (head.status_code, head.headers["etag"]) == (200, tag)
    refused = web.post(path)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
