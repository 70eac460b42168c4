"""Files come from a browser in pieces, are looked at, and leave nothing behind that nobody wants."""

import base64
import hashlib
import os
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import psutil
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from app import access, bounds, gate, receiving
from app.owner import Ownership
from app.people import People, Role
from app.services import Services
from app.settings import Settings
from ingest.sources import find_source
from ingest.sources.sent import sent_name
from tests.app.machines import free_port, left_waiting, listening
from tests.bench_upload import received, sparse
from tests.hubs import nursery
from tests.talks import silence

TUS = {"Tus-Resumable": "1.0.0"}
BODY = TUS | {"Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    found = Services(Settings(home=tmp_path / "home"))
    for module in (access, gate, receiving):
        monkeypatch.setattr(module, "services", lambda: found)
    return found


Enter = Callable[[Role | None], TestClient]


@pytest.fixture
def enter(hub: Services) -> Iterator[Enter]:
    """Give a browser of a role, None for a stranger."""
    people = People(hub.settings.home)
    opened = []

    def browser(role: Role | None) -> TestClient:
        client = TestClient(Starlette(routes=receiving.routes()))
        opened.append(client.__enter__())
        if role:
            client.cookies.set(gate.COOKIE, people.enter(people.invite(f"{role.name}@example.org", role)))
        return client

    yield browser
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture
def staff(enter: Enter) -> TestClient:
    return enter(Role.STAFF)


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return silence(tmp_path_factory.mktemp("sent") / "a.flac", 20).read_bytes()


def create(client: TestClient, name: str, size: int) -> str:
    """Announce a file and return its address."""
    name64 = base64.b64encode(name.encode()).decode()
    answer = client.post(
        receiving.ADDRESS, headers=TUS | {"Upload-Length": str(size), "Upload-Metadata": f"filename {name64}"}
    )
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def send(client: TestClient, name: str, data: bytes) -> tuple[str, int, str]:
    """Send a file whole and return its address, the last status, and what was said."""
    at = create(client, name, len(data))
    answer = client.patch(at, headers=BODY | {"Upload-Offset": "0"}, content=data)
    return at, answer.status_code, answer.text


def left(hub: Services) -> list[str]:
    return sorted(path.name for path in hub.uploads.root.glob("*/*"))


def test_a_file_comes_in_pieces_and_goes_on_where_it_stopped(
    hub: Services, staff: TestClient, recording: bytes
) -> None:
    at = create(staff, "2026-04-07 La garantie d’emprunt.flac", len(recording))
    half = len(recording) // 2
    assert staff.patch(at, headers=BODY | {"Upload-Offset": "0"}, content=recording[:half]).headers[
        "upload-offset"
    ] == str(half)
    wrong = staff.patch(at, headers=BODY | {"Upload-Offset": "0"}, content=recording)
    assert wrong.status_code == 409
    there = staff.head(at, headers=TUS).headers
    assert (there["upload-offset"], there["upload-length"]) == (str(half), str(len(recording)))
    rest = staff.patch(at, headers=BODY | {"Upload-Offset": str(half)}, content=recording[half:])
    assert rest.status_code == 204
    (sent,) = hub.uploads.all()
    material = find_source(sent_name(sent), hub.limits(None)).open(sent_name(sent), hub.settings.home, lambda *_: None)
    assert (material.title, material.date.isoformat(), round(material.duration)) == (
        "La garantie d’emprunt",
        "2026-04-07",
        20,
    )
    assert material.name == "2026-04-07 La garantie d’emprunt.flac"
    assert material.recording is not None
    assert material.recording.read_bytes() == recording


def test_uploads_leave_threads_to_the_pages(hub: Services, staff: TestClient, recording: bytes) -> None:
    at = create(staff, "a.flac", len(recording))
    with ExitStack() as others:
        for _ in range(8):
            others.enter_context(receiving._TURNS.turn())
        later = staff.patch(at, headers=BODY | {"Upload-Offset": "0"}, content=recording)
        assert (later.status_code, later.headers["retry-after"]) == (503, "5")  # upon which the browser tries again
        assert staff.head(at, headers=TUS).headers["upload-offset"] == "0"
    assert staff.patch(at, headers=BODY | {"Upload-Offset": "0"}, content=recording).status_code == 204


def test_a_hub_that_was_killed_while_it_looked_into_a_file_asks_for_no_byte_again(
    hub: Services, staff: TestClient, recording: bytes
) -> None:
    at = create(staff, "a.flac", len(recording))
    folder = hub.uploads.root / at.rpartition("/")[2]
    (folder / "data").write_bytes(recording)
    (folder / "data").rename(folder / "received.flac")
    there = staff.head(at, headers=TUS).headers["upload-offset"]
    assert there == str(len(recording))
    assert staff.patch(at, headers=BODY | {"Upload-Offset": there}, content=b"").status_code == 204
    (sent,) = hub.uploads.all()
    assert sent.sha256 == hashlib.sha256(recording).hexdigest()
    assert left(hub) == ["received.flac", "upload.json"]


def test_a_sender_who_falls_silent_is_given_up_and_what_came_is_kept(
    hub: Services, staff: TestClient, recording: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "_SILENCE", 0.2)
    at = create(staff, "a.flac", len(recording))
    half = len(recording) // 2
    head = BODY | {"Upload-Offset": "0", "Cookie": f"{gate.COOKIE}={staff.cookies[gate.COOKIE]}"}
    with listening(Starlette(routes=receiving.routes(), middleware=[Middleware(bounds.Bounds)])) as port:
        assert left_waiting(port, f"PATCH {at}", recording[:half], len(recording), head).startswith("HTTP/1.1 408 ")
    assert int(staff.head(at, headers=TUS).headers["upload-offset"]) == half
    rest = staff.patch(at, headers=BODY | {"Upload-Offset": str(half)}, content=recording[half:])
    assert rest.status_code == 204


def test_what_is_cancelled_leaves_nothing(hub: Services, staff: TestClient, recording: bytes) -> None:
    at = create(staff, "a.flac", len(recording))
    staff.patch(at, headers=BODY | {"Upload-Offset": "0"}, content=recording[:1000])
    assert left(hub) == ["data", "upload.json"]
    assert staff.delete(at, headers=TUS).status_code == 204
    assert list(hub.uploads.root.iterdir()) == []
    assert staff.head(at, headers=TUS).status_code == 404


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.mp3", "C:\\talks\\a.mp3", "👩‍🌾" * 300 + ".mp3", "\x00\n\x1b[2J.mp3", "/a/.mp3 .mp3"]
)
def test_a_name_is_only_shown(hub: Services, staff: TestClient, name: str) -> None:
    create(staff, name, 10)
    (sent,) = hub.uploads.all()
    assert len(sent.name) <= 180
    assert sent.name.isprintable()
    assert sent.name.endswith(".mp3")
    assert left(hub) == ["data", "upload.json"]
    assert [path.parent.parent for path in hub.uploads.root.glob("*/*")] == [hub.uploads.root] * 2


def bomb(folder: Path) -> bytes:
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(50_000_000))
    return (folder / "a.zip").read_bytes()


def test_what_is_no_recording_is_refused_in_one_sentence(hub: Services, staff: TestClient, tmp_path: Path) -> None:
    for name, data, said in (
        ("atelier.mp4", b"MZ" + bytes(5000), "est un programme pour Windows, quel que soit son nom"),
        ("atelier.mp4", bomb(tmp_path), "est une archive ou un document, quel que soit son nom"),
        ("atelier.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(5000), "n’est pas un enregistrement que le hub sait lire"),
        (
            "liste.mp3",
            b"#EXTM3U\n#EXTINF:9,\nhttp://localhost/a.mp3\n",
            "n’est pas un enregistrement que le hub sait lire",
        ),
        ("atelier.vtt", b"WEBVTT\n\nrien", "Aucun sous-titre n’a été trouvé"),
    ):
        _, status, text = send(staff, name, data)
        assert status == 400
        assert said in text
        assert name in text
        assert left(hub) == []
    for name, size, status in (
        ("virus.exe", 10, 400),
        ("a.mp3", 0, 400),
        ("a.mp3", 10**15, 413),
        ("a.vtt", 10**9, 413),
        ("a.mp3", -4, 400),
    ):
        name64 = base64.b64encode(name.encode()).decode()
        announced = {"Upload-Length": str(size), "Upload-Metadata": f"filename {name64}"}
        assert staff.post(receiving.ADDRESS, headers=TUS | announced).status_code == status


def test_of_two_identical_files_at_once_one_is_kept(hub: Services, staff: TestClient, recording: bytes) -> None:
    answers: list[int] = []
    both = [
        threading.Thread(target=lambda n=n: answers.append(send(staff, f"{n}.flac", recording)[1])) for n in range(2)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(answers) == [204, 400]
    assert len(hub.uploads.all()) == 1
    _, status, text = send(staff, "encore.flac", recording)
    assert status == 400
    assert "vient d’être envoyé par staff@example.org" in text


def test_a_large_file_goes_to_the_disk_and_not_through_memory(tmp_path: Path) -> None:
    """With cuts on the way; tests/bench_upload.py sends two gigabytes."""
    home, port, size = tmp_path / "home", free_port(), 300_000_000
    people = People(home)
    cookies = {gate.COOKIE: people.enter(people.invite("staff@example.org", Role.STAFF))}
    index = Ownership(home / "index")
    assert index.take()  # the hub opens no model, whose memory would be counted
    with (
        nursery(home, port) as start,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", cookies=cookies, timeout=60, trust_env=False) as client,
    ):
        process = psutil.Process(start())
        # The first one has it import what it needs.
        first, _ = received(process, client, sparse(tmp_path / "first.wav", 1_000_000), 1_000_000)
        client.delete(first, headers=TUS).raise_for_status()
        at, more = received(process, client, sparse(tmp_path / "talk.wav", size), size)
        assert more < 100_000_000
        assert next((home / "uploads").glob("*/received.wav")).stat().st_size == size
        client.delete(at, headers=TUS).raise_for_status()
    index.release()
    assert list((home / "uploads").glob("*/*")) == []


def test_more_than_was_announced_is_refused(hub: Services, staff: TestClient, recording: bytes) -> None:
    at = create(staff, "a.flac", 100)
    assert staff.patch(at, headers=BODY | {"Upload-Offset": "0"}, content=recording).status_code == 400
    assert int(staff.head(at, headers=TUS).headers["upload-offset"]) <= 100


def test_only_staff_may_and_only_from_our_own_pages(hub: Services, enter: Enter, recording: bytes) -> None:
    announced = TUS | {"Upload-Length": "10", "Upload-Metadata": "filename YS5tcDM="}
    at = create(enter(Role.STAFF), "a.mp3", 10)
    for role in (None, Role.MEMBER):
        client = enter(role)
        for method, where in (("POST", receiving.ADDRESS), ("PATCH", at), ("HEAD", at), ("DELETE", at)):
            answer = client.request(method, where, headers=BODY | announced | {"Upload-Offset": "0"}, content=b"x")
            assert answer.status_code == 403
    foreign = enter(Role.STAFF).post(receiving.ADDRESS, headers=announced | {"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert [hub.uploads.offset(sent) for sent in hub.uploads.all()] == [0]


def test_leftovers_are_swept_and_what_a_job_wants_stays(hub: Services, staff: TestClient, recording: bytes) -> None:
    old, wanted, fresh = (create(staff, f"{n}.flac", 10).rpartition("/")[2] for n in range(3))
    for number in (old, wanted):
        data = hub.uploads.root / number / "data"
        os.utime(data, (0, 0))
    hub.uploads.sweep(frozenset({wanted}), frozenset())
    assert {sent.id for sent in hub.uploads.all()} == {wanted, fresh}
    hub.uploads.sweep(frozenset(), frozenset({wanted}))
    assert {sent.id for sent in hub.uploads.all()} == {fresh}
