"""What the settings let people see beyond what is public."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.access import COOKIE
from app.people import Role
from app.public import routes
from app.services import services
from tests.talks import lines, talk


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TestClient]:
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    services.cache_clear()
    yield TestClient(Starlette(routes=routes()))
    services.cache_clear()


@pytest.mark.parametrize(("previews", "member"), [("member", 200), ("staff", 404)])
def test_a_draft_is_read_by_whom_the_settings_say(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, previews: str, member: int
) -> None:
    monkeypatch.setenv("HUB_ACCESS_PREVIEWS", previews)
    services.cache_clear()
    slug = talk(services().library, "Le prêt", lines(2), published=False)
    for role, status in ((Role.PUBLIC, 404), (Role.MEMBER, member), (Role.STAFF, 200)):
        email = f"{role.name.lower()}@example.org"
        client.cookies[COOKIE] = services().people.enter(services().people.invite(email, role)) if role else ""
        assert client.get(f"/m/{slug}.vtt").status_code == status
