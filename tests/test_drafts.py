"""Nobody sees a draft: a word in each of its fields is looked for wherever the public can look.

What is asked by name must answer exactly as for a masterclass that never was. Published, the same words are found: the
test would see them.
"""

import datetime as dt
import gzip
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from app.assistants import assistant_server
from app.public import Media, routes
from app.queue import Job
from app.services import Services, services
from app.settings import ROOT, Settings
from app.site import export_site
from ingest.wishes import Wishes
from pages.plan import PAGES
from pages.shell import Shell
from tests.papers import original, paper, pictured
from transcripts.history import History
from transcripts.library import Library
from transcripts.model import (
    Chapter,
    Correction,
    Cue,
    Details,
    Difference,
    Masterclass,
    Origin,
    Recording,
    Removed,
    Summary,
    Trace,
    Word,
    make_slug,
)
from transcripts.studies import Studies
from transcripts.study import Block, Study, placed
from transcripts.typography import french_day

DAY = dt.datetime(2077, 3, 9, 18, 30, tzinfo=dt.UTC)  # of all that has a day of its own
# A word for each field, and words beside them by which a search would find the draft.
SECRET = {
    field: f"zq{field}"
    for field in (
        *("titre", "nom", "dit", "voix", "chapitre", "resume", "source", "notice", "relu", "theme"),
        *("modele", "terme", "empreinte", "accord", "soiree", "machine", "entendu", "avant", "qui", "pourquoi"),
        *("case", "legende", "etiquette", "renvoi"),
    )
} | {"jour": f"{DAY.date()}", "date": french_day(DAY)}
# What is no text of the draft's own: words that the hub chooses among, and the name it gives the document itself.
GIVEN = {
    *("Details.status", "Details.language", "StudyDetails.status", "StudyDetails.language", "StudyDetails.original"),
    *("Block.kind", "Removed.reason"),
}
BAIT = "betteraves quantiques"
NOTICED = ("titre", "nom", "dit", "voix", "chapitre", "resume", "relu", "theme")  # what a published masterclass shows
WRITTEN_DOWN = ("titre", "nom", "dit", "chapitre", "resume", "theme", "case", "legende", "renvoi")  # what a study shows
TITLE = f"{SECRET['titre']} et {BAIT}"
SLUG = make_slug(dt.date(2026, 11, 20), TITLE)
NEVER = make_slug(dt.date(2026, 11, 20), "qui jamais ne fut")
WRITTEN = f"{SLUG}-2"  # a study of the same title


@pytest.fixture
def library(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """The demonstration library with two drafts, a talk and a study, a recording, and a job that will become another."""
    monkeypatch.setenv("HUB_HOME", str(demo_home))
    monkeypatch.syspath_prepend(str(ROOT))
    recording = tmp_path / f"{SECRET['source']}.ogg"
    recording.write_bytes(b"OggS" + SECRET["source"].encode())
    library = Library(demo_home)
    library.add(talk(), recording, TRACE)
    History(library).amend(SLUG, corrected, *BY)
    studies = Studies(demo_home)
    studies.add(study(), original(tmp_path / f"{SECRET['source']}.pdf"), pictured()[1])
    studies.amend(WRITTEN, corrected, *BY)
    named_by_staff(demo_home)
    services.cache_clear()
    services().pins.pin(BAIT, SLUG, 10, 19, "camille@example.org")
    queue = services().queue
    job = Job("1", f"{SECRET['source']}.mp4", Wishes(title=TITLE), added=time.time(), state="running", stage="Lecture")
    queue.save(job)
    yield library
    services().hub.stop()
    queue.save(replace(job, state="done"))
    services.cache_clear()
    library.remove(SLUG)
    studies.remove(WRITTEN)
    (demo_home / "removed.txt").unlink(missing_ok=True)


def named_by_staff(home: Path) -> None:
    """Let a learning path and an evening gone by name the draft, as staff may before it is published."""
    path = 'title = "Essai"\naudience = "Tous"\n[[step]]\ntitle = "Une étape"\nmasterclass = "{}"\nat = "0:10"\n'
    (home / "parcours" / "essai.toml").write_text(path.format(SLUG), "utf-8")
    with (home / "agenda.toml").open("a", encoding="utf-8") as agenda:
        agenda.write(f'\n[[masterclass]]\ndate = 2026-11-20\ntitle = "Une soirée"\nslug = "{SLUG}"\n')


SAID = f"Les {BAIT} et le mot {SECRET['dit']} financent toute la transition."
FIRST = Summary(f"Les {BAIT}, {SECRET['avant']}.", SECRET["relu"], DAY.date(), SECRET["machine"])
ORIGIN = Origin(SECRET["modele"], SECRET["source"], (SECRET["terme"],), SECRET["notice"])
BY = (f"{SECRET['qui']}@example.org", f"a corrigé {SECRET['pourquoi']}")
TRACE = Trace(
    (Word(0, 1, f" {SECRET['entendu']}", 0.5),),
    (Removed(0, 1, SECRET["entendu"], "phantom"),),
    (Correction(0, 1, SECRET["entendu"], SECRET["terme"]),),
    (Difference(0, 1, SECRET["dit"], SECRET["entendu"]),),
)


def corrected(draft: Any) -> Any:
    """Return a draft, or what can be corrected of it, with the summary that stands in the end."""
    return replace(draft, summary=replace(draft.summary, text=f"Les {BAIT}, {SECRET['resume']}."))


def talk() -> Masterclass:
    """Return a draft of a masterclass as it was before its summary was corrected."""
    details = Details(
        slug=SLUG,
        title=TITLE,
        date=dt.date(2026, 11, 20),
        theme=SECRET["theme"],
        speakers=(SECRET["nom"],),
        status="draft",
        duration=60.0,
        language="fr",
        source=f"https://example.org/{SECRET['source']}",
        origin=ORIGIN,
        recording=Recording(f"{SECRET['source']}.ogg", SECRET["empreinte"]),
        description=f"{SECRET['notice']} {BAIT}",
        consents=((SECRET["accord"], DAY.date()),),
        publish_at=DAY,
        event=SECRET["soiree"],
    )
    return Masterclass(
        details,
        tuple(Cue(10.0 * n, 10.0 * n + 9, SAID, SECRET["voix"]) for n in range(6)),
        (Chapter(0, 60, f"{SECRET['chapitre']} des {BAIT}"),),
        FIRST,
    )


def study() -> Study:
    """Return a draft that says the same in writing."""
    blocks = (
        Block(1, "heading", f"{SECRET['chapitre']} des {BAIT}", 1),
        Block(1, "text", SAID, breaks=(SAID.index("financent"),)),
        Block(2, "table", f"| Région | Nombre |\n| --- | --- |\n| {SECRET['case']} | 12 |"),
        Block(2, "figure", SECRET["legende"], picture=1, labels=SECRET["etiquette"]),
        Block(2, "note", f"1. {SECRET['renvoi']}"),
    )
    draft = paper(
        TITLE,
        slug=SLUG,
        status="draft",
        theme=SECRET["theme"],
        authors=(SECRET["nom"],),
        source=f"{SECRET['source']}.pdf",
        origin=ORIGIN,
        description=f"{SECRET['notice']} {BAIT}",
        event=SECRET["soiree"],
        publish_at=DAY,
    )
    return replace(draft, blocks=placed(blocks), summary=FIRST)


def told(value: object, name: str = "") -> Iterator[tuple[str, bool]]:
    """Yield each field there is, and whether it is told of: a text by a word of its own, anything else by being there."""
    if is_dataclass(value):
        for field in fields(value):
            yield from told(getattr(value, field.name), f"{type(value).__name__}.{field.name}")
    elif isinstance(value, tuple) and value:
        for one in value:
            yield from told(one, name)
    else:
        yield name, bool(leaks(value) if isinstance(value, str) else value not in (None, ()))


def addresses(slug: str) -> Iterator[str]:
    """Yield every address that a reader may try with a slug, of every route there is."""
    for route in routes():
        if route.methods is None or "GET" in route.methods:
            bare = re.sub(r"\{\w+:int\}", "1", re.sub(r"\{(?!form)\w+\}", slug, route.path))
            bare = bare.replace("{form}", "vtt")
            yield bare
            yield f"{bare}?m={slug}&slug={slug}&url=http://testserver/m/{slug}"
    for form in ("srt", "txt", "md", "json", "pdf"):
        yield f"/m/{slug}.{form}"
    yield from (f"/media/{slug}", f"/media/{slug}.ogg", f"/masterclass?m={slug}")
    yield from (f"/{entry.path}?m={slug}&e={slug}" for entry in PAGES)


def surfaces() -> Iterator[str]:
    """Yield every address that a reader may try without knowing of the draft."""
    baited = f"?q={BAIT}&theme={SECRET['theme']}&speaker={SECRET['nom']}&nom={SECRET['theme']}&limit=100"
    for path in [route.path for route in routes() if "{" not in route.path] + [f"/{entry.path}" for entry in PAGES]:
        yield path
        yield path + baited.split("&")[0]
        if path.startswith("/api"):
            yield path + baited


def leaks(text: str) -> list[str]:
    return [word for word in SECRET.values() if word in text.lower()]


def plain(path: Path) -> str:
    """Return what a file holds, as the browser's search unpacks it."""
    data = path.read_bytes()
    return (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode("utf-8", "replace")


def bare(text: str, slug: str) -> str:
    """Return a reply without what differs from one call to the next: how long it took, and the process's own figures."""
    return re.sub(
        r'"took_ms":[\d.]+|^(?:python_gc|process)_\w+(?:\{.*\})? [\d.e+]+$',
        "",
        text.replace(slug, "SLUG"),
        flags=re.MULTILINE,
    )


@pytest.fixture
def web() -> TestClient:
    """The whole public HTTP; Streamlit's own part is one empty page."""
    streamlit = Route("/{path:path}", lambda request: HTMLResponse("<title></title>"))
    inner = [Middleware(Media), Middleware(Shell, routes=routes())]
    return TestClient(Starlette(routes=[*routes(), streamlit], middleware=inner), client=("127.0.0.1", 1))


def shown(app: AppTest) -> str:
    """Return all that a page sends to the browser."""

    def walk(block: object) -> Iterator[str]:
        for child in block.children.values():  # type: ignore[attr-defined]
            yield str(child.proto)
            if getattr(child, "children", None):
                yield from walk(child)

    return "\n".join([*walk(app.main), *walk(app.sidebar)])


def visited(*only: str) -> Iterator[tuple[str, str]]:
    """Yield what each public page sends, or some of them, asked with all that may lead to the draft."""
    for entry in PAGES:
        if entry.role or (only and entry.path not in only):
            continue
        app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
        app.run()
        for name, value in (("m", SLUG), ("e", WRITTEN), ("q", BAIT), ("nom", SECRET["theme"]), ("p", "essai")):
            app.query_params[name] = value
        app.switch_page(entry.file).run()
        assert not app.exception
        yield entry.path, shown(app)


async def assisted(home: Path) -> str:
    """Return all that an assistant is told."""
    async with Client(assistant_server(Services(Settings(home=home)))) as client:
        told = [await client.call_tool("search", {"query": BAIT, "limit": 20})]
        told += [await client.call_tool("ask", {"question": f"Que financent les {BAIT} ?"})]
        told += [await client.call_tool("read", {"slug": slug}) for slug in (SLUG, WRITTEN)]
        assert [reply.is_error for reply in told] == [False, False, True, True]
        return "\n".join(map(repr, told)).replace(SLUG, "")


def never_was(web: TestClient, slug: str, *below: str) -> None:
    """Check that all addresses below some answer as for what never was."""
    for draft, never in zip(addresses(slug), addresses(NEVER), strict=True):
        if draft.startswith(below):
            ours, theirs = web.get(draft), web.get(never)
            assert ours.status_code == theirs.status_code, draft
            assert bare(ours.text, slug) == bare(theirs.text, NEVER), draft
            assert leaks(ours.text.replace(slug, "")) == [], draft


def test_every_field_of_the_drafts_has_a_word() -> None:
    seen = [*told(talk()), *told(study()), *told(TRACE)]
    assert {name for name, _ in seen} - {name for name, found in seen if found} == GIVEN


@pytest.mark.usefixtures("cookies")
def test_a_draft_is_nowhere(library: Library, web: TestClient, tmp_path: Path) -> None:
    # In a thread of its own: a browser that earlier tests keep open holds this one's event loop.
    with ThreadPoolExecutor(1) as thread:
        assert leaks(thread.submit(anyio.run, assisted, library.home).result()) == []
    export_site(Services(Settings(home=library.home)), tmp_path / "site", "https://site.example.org", lambda *_: None)
    for path in (tmp_path / "site").rglob("*"):
        assert leaks(path.name) == []
        if path.is_file():
            assert leaks(plain(path)) == []
    assert any("transition" in plain(path) for path in (tmp_path / "site").glob("pagefind/fragment/*"))

    never_was(web, SLUG, "/")
    never_was(web, WRITTEN, "/e/", "/api/studies", "/etude")
    for address in surfaces():
        echoed = web.get(address).text.replace(
            SECRET["theme"] if "theme=" in address or "nom=" in address else SLUG, ""
        )
        assert leaks(echoed) == [], address
    for path, sent in visited():
        assert leaks(sent.replace(SLUG, "")) == [], path

    library.set_status(SLUG, "published")
    for _ in range(100):
        if BAIT in web.get(f"/api/search?q={BAIT}").json()["results"][0]["text"]:
            break
        time.sleep(0.2)
    seen = "".join(web.get(address).text for address in (*surfaces(), *addresses(SLUG)))
    assert set(leaks(seen)) >= {SECRET[field] for field in NOTICED}
    Studies(library.home).set_status(WRITTEN, "published")
    read = "".join(web.get(f"/e/{WRITTEN}{end}").text for end in ("", ".md", ".json", "/tableau-1", "/tableau-1.csv"))
    assert set(leaks(read)) >= {SECRET[field] for field in WRITTEN_DOWN}
    for picture in ("page-1", "figure-1"):
        assert web.get(f"/e/{WRITTEN}/{picture}.webp").headers["content-type"] == "image/webp"
    sent = dict(visited("masterclasses", "recherche"))
    assert SECRET["titre"] in sent["masterclasses"].lower()
    assert SECRET["dit"] in sent["recherche"].lower()
