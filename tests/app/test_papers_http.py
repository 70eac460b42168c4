"""Studies over plain HTTP: read and taken away without a script, found by others, gone when they are taken away."""

import io
import json
import re
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from app import originals
from app.services import services
from tests.html import as_schema_org, described, faults
from tests.papers import GUARANTEE, RUNS_ON, original, paper, pictured
from transcripts.article import fraction
from transcripts.errors import NotFound
from transcripts.library import Library
from transcripts.studies import Studies
from transcripts.study_withdrawal import pieces, withdraw_pieces


@pytest.fixture
def slug(library: Library, tmp_path: Path) -> str:
    return Studies(library.home).add(paper(), original(tmp_path / "rapport.pdf")).slug


def test_a_study_is_complete_without_a_script(web: TestClient, slug: str, tmp_path: Path) -> None:
    page = web.get(f"/e/{slug}").text
    assert faults(tmp_path, page) == []
    for words in (
        GUARANTEE,
        "Bretagne",
        "850 structures",
        "Figure 1",
        'id="p3"',
        "#titre-2",
        "Ada Lovelace",
        'href="#p1">p. 1',
    ):
        assert words in page
    linked = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    as_schema_org(linked)
    assert (linked["@type"], linked["author"][0]["name"]) == ("Report", "Ada Lovelace")
    assert described(page) == [linked["description"]] * 2
    # The page that begins inside a paragraph is marked where it begins.
    assert page.index('id="p3"') < page.index("finit parfois en haut") < page.index("Conclusion</h")
    assert faults(tmp_path, web.get(f"/e/{slug}/tableau-1").text) == []
    assert faults(tmp_path, web.get("/e/").text) == []
    assert slug in web.get("/m/").text
    [address] = re.findall(r'application/json\+oembed"[^>]*href="(.*?)"', page)
    asked = (address.removeprefix("http://testserver"), f"/oembed?url=http://testserver/etude?e={slug}")
    for told in (web.get(where).json() for where in asked):
        assert (told["type"], told["title"], told["author_name"]) == ("link", paper().details.title, "Ada Lovelace")


def test_a_study_is_taken_away(web: TestClient, slug: str) -> None:
    assert web.get(f"/e/{slug}.json").json() == web.get(f"/api/studies/{slug}").json()
    assert web.get("/api/studies").json()["studies"][0]["pages"] == 3
    assert web.get("/api/studies?author=personne").json() == {"studies": [], "total": 0}
    assert "<!-- page 2 -->" in web.get(f"/e/{slug}.md").text
    assert "[Page 2]" in web.get(f"/e/{slug}.txt").text
    # What a spreadsheet would compute stays text.
    assert web.get(f"/e/{slug}/tableau-1.csv").content.decode("utf-8-sig").splitlines()[-2:] == [
        "Corse;'=8",
        "Solde;-12 %",
    ]
    kept = web.get(f"/e/{slug}/original")
    assert (kept.headers["content-type"], kept.content[:4]) == ("application/pdf", b"%PDF")
    assert web.get(f"/e/{slug}/original", headers={"If-None-Match": kept.headers["etag"]}).status_code == 304
    since = {"If-Modified-Since": kept.headers["last-modified"]}
    assert web.get(f"/e/{slug}/original", headers=since).status_code == 304
    part = web.get(f"/e/{slug}/original", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"%PDF")
    named = web.get(f"/e/{slug}/original.pdf")
    assert (named.content, named.headers["content-type"]) == (kept.content, "application/pdf")
    assert f'/e/{slug}/original.pdf" length="{len(kept.content)}"' in web.get("/feed.xml").text
    assert [
        web.get(f"/e/{slug}{end}").status_code
        for end in (".pdf", "/original.ogg", "/tableau-2", "/tableau-0.csv", "/x")
    ] == [404] * 5


@pytest.mark.parametrize("quote", [GUARANTEE, RUNS_ON])
def test_the_original_shows_the_page_with_the_quote_marked(
    web: TestClient, slug: str, quote: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = next(s for s in services().studies.read(slug).sentences() if s.text == quote)
    plain, marked = (
        np.asarray(Image.open(io.BytesIO(web.get(f"/e/{slug}/page-2.webp{query}").content)).convert("RGB")).astype(int)
        for query in ("", f"?s={fraction(sentence.start)}")
    )
    yellow = [int(((image[..., 0] > 230) & (image[..., 2] < 190)).sum()) for image in (plain, marked)]
    assert yellow[0] == 0 < 2_000 < yellow[1]
    with monkeypatch.context() as patch:
        patch.setattr(originals.subprocess, "run", None)  # no process for a page that is not there
        assert [web.get(f"/e/{slug}/page-{n}.webp").status_code for n in (0, 4, 10**9)] == [404] * 3
    (services().studies.folder(slug) / "original.pdf").write_bytes(b"%PDF-1.7 torn")
    torn = web.get(f"/e/{slug}/page-2.webp")
    assert (torn.status_code, "ne se lit pas" in torn.json()["detail"]) == (503, True)


def test_a_figure_is_shown_enlarged_and_downloaded(web: TestClient, library: Library, tmp_path: Path) -> None:
    whole, pictures = pictured()
    studies = Studies(library.home)
    slug = studies.add(whole, pictures=pictures).slug
    page = web.get(f"/e/{slug}").text
    assert faults(tmp_path, page) == []
    address = f"/e/{slug}/figure-1.webp"
    assert page.count(f'src="{address}"') == 2, "in the text, and large"
    assert f'<a href="{address}" download>' in page
    assert 'alt="Figure 1 : les structures par région"' in page.replace("\u00a0", " ")
    assert [web.get(address).content, web.get(address).headers["content-type"]] == [pictures[0], "image/webp"]
    assert f"({slug}/figure-1.webp)" in web.get(f"/e/{slug}.md").text, "beside it, there and in a static site"
    assert web.get(f"/e/{slug}.json").json()["parts"][6]["picture"] == 1
    assert [web.get(f"/e/{slug}/figure-{n}.webp").status_code for n in (0, 2)] == [404, 404]
    # Who takes the figure back takes its picture too.
    at = next(n for n, piece in enumerate(pieces(whole)) if piece.text.startswith("Figure 1"))
    studies.withdraw(slug, studies.digest(slug), partial(withdraw_pieces, first=at, last=at))
    assert web.get(address).status_code == 404


def test_a_document_that_is_no_pdf_is_never_a_page_of_ours(web: TestClient, library: Library, tmp_path: Path) -> None:
    hostile = tmp_path / "x.html"
    hostile.write_text("<script>alert(1)</script>")
    slug = Studies(library.home).add(paper("Hostile"), hostile).slug
    kept = web.get(f"/e/{slug}/original")
    assert kept.headers["content-type"] == "application/octet-stream"
    assert kept.headers["content-disposition"].startswith("attachment")
    assert web.get(f"/e/{slug}/page-1.webp").status_code == 404


def test_others_find_a_study_until_it_is_taken_away(web: TestClient, slug: str) -> None:
    def named() -> bool:
        sitemap, feed = web.get("/sitemap.xml").text, ET.fromstring(web.get("/feed.xml").content)  # noqa: S314 - our own
        item = [i for i in feed.iter("item") if i.findtext("guid") == slug]
        if item:
            enclosure = item[0].find("enclosure")
            assert enclosure is not None
            assert enclosure.get("type") == "application/pdf"
            assert web.get(str(enclosure.get("url")).removeprefix("http://testserver")).content[:4] == b"%PDF"
        assert (f"/e/{slug}" in sitemap) == bool(item)
        return bool(item)

    assert named()
    services().studies.set_status(slug, "draft")
    assert not named()
    assert web.get(f"/e/{slug}").status_code == 404
    services().studies.set_status(slug, "published")
    services().studies.remove(slug)
    assert not named()
    for end in ("", ".md", "/original", "/page-1.webp", "/tableau-1"):
        assert web.get(f"/e/{slug}{end}").status_code == 410
    with pytest.raises(NotFound):
        services().resources.details(slug)
