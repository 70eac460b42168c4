"""Every page and every route, tried as each role; people come, are invited, and go, in a real browser."""

import json
import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.routing import Route

from app.access import COOKIE
from app.journal import Journal
from app.people import People, Role
from app.public import routes
from app.settings import RoleName
from pages.plan import PAGES
from tests.app.machines import caddy, free_port
from tests.browser.conftest import serve, warm
from tests.conftest import make_home, run_hub
from tests.papers import original, pictured
from transcripts.library import Library
from transcripts.studies import Studies

pytestmark = pytest.mark.browser

DRAFT = "2026-10-15-d-ou-vient-la-monnaie"
TABLE = Path(__file__).with_name("roles.tsv")
# What was seen, by address and role: compared with the table as a whole, so that a change of access is read in a diff.
SEEN: dict[str, dict[Role, str]] = {}
ROUTES = [route for route in routes() if isinstance(route, Route)]


@pytest.fixture(scope="module")
def home(demo_home: Path) -> Path:
    return demo_home


@pytest.fixture
def sessions(home: Path) -> dict[Role, str]:
    """A fresh session for each role: one of the routes ends them."""
    people = People(home)
    return {
        role: people.enter(people.invite(f"{role.name.lower()}@example.org", role)) if role else "" for role in Role
    }


@pytest.fixture(scope="module")
def draft(home: Path, url: str) -> Iterator[str]:
    Library(home).set_status(DRAFT, "draft")
    yield DRAFT
    Library(home).set_status(DRAFT, "published")


@pytest.fixture(scope="module")
def draft_study(home: Path, url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A study that is not published, with a table, a figure and its document."""
    study, pictures = pictured()
    draft = replace(study, details=replace(study.details, status="draft"))
    return Studies(home).add(draft, original(tmp_path_factory.mktemp("paper") / "rapport.pdf"), pictures).slug


def fetch(url: str, session: str, method: str = "GET", **headers: str) -> httpx.Response:
    cookies = {COOKIE: session} if session else {}
    with httpx.Client(cookies=cookies, trust_env=False, timeout=60) as client:
        return client.request(method, url, headers=headers)


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name.lower())
@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.path or "accueil")
def test_a_page_is_there_for_its_roles_only(entry, role: Role, url: str, sessions: dict[Role, str]) -> None:
    assert not entry.path.startswith("atelier") or entry.role >= Role.STAFF
    status = fetch(f"{url}/{entry.path}", sessions[role]).status_code
    SEEN.setdefault(f"page /{entry.path}", {})[role] = _in_words(status)
    assert status == (200 if role >= entry.role else 404)


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name.lower())
@pytest.mark.parametrize(
    "route", ROUTES, ids=lambda route: f"{'-'.join(sorted(route.methods or ['GET']))} {route.path}"
)
def test_a_route_shows_no_draft_and_lets_only_staff_work(
    route: Route, role: Role, url: str, sessions: dict[Role, str], draft: str, draft_study: str
) -> None:
    kept = draft_study if route.path.startswith(("/e/", "/api/studies/")) else draft
    path = route.path.replace("{form}", "txt").replace("{end}", "pdf").replace("{slug}", kept)
    path = re.sub(r"\{\w+\}", "0", re.sub(r"\{\w+:number\}", "1", path))
    methods = route.methods or {"GET"}
    for method in sorted(methods - {"HEAD"} or methods):
        answer = fetch(url + path, sessions[role], method)
        SEEN.setdefault(f"{method} {route.path}", {})[role] = _in_words(answer.status_code)
        if path.startswith("/atelier/"):
            refused = answer.status_code in (401, 403, 404)
            assert refused or role >= Role.STAFF, f"{method} {path} lets {role.name} in"
            if method not in ("GET", "HEAD", "OPTIONS"):
                crossed = fetch(url + path, sessions[role], method, Origin="https://mallory.example")
                assert crossed.status_code == 403
        elif kept in path:
            # A member may be shown a draft; the API, which machines read, has none for anybody.
            assert answer.status_code == 404 or (answer.status_code == 200 and role >= Role.MEMBER)
        elif role < Role.STAFF:
            assert draft not in answer.text
            assert draft_study not in answer.text


def _in_words(status: int) -> str:
    """Return whether somebody was let in, whatever came of it then."""
    return "refused" if status in (401, 403) else "nothing there" if status == 404 else "let in"


def test_the_table_of_roles_is_as_it_was_agreed() -> None:
    """Rows of `TABLE` are what the tests above saw; those of one run alone are compared where only some ran."""
    rows = {
        f"{name}\t" + "\t".join(seen[role] for role in Role) for name, seen in SEEN.items() if len(seen) == len(Role)
    }
    agreed = TABLE.read_text("utf-8").splitlines()
    assert agreed[0].split("\t")[1:] == [role.name.lower() for role in Role]
    assert rows
    assert rows <= set(agreed), "\n".join(sorted(rows - set(agreed)))
    if len(SEEN) >= len(agreed) - 1:
        assert set(agreed[1:]) <= rows


def test_a_preview_is_for_members(url: str, sessions: dict[Role, str], draft: str) -> None:
    for role in Role:
        for address in (f"/media/{draft}", f"/m/{draft}", f"/m/{draft}.vtt", f"/embed/{draft}"):
            expected = 200 if role >= Role.MEMBER else 404
            assert fetch(url + address, sessions[role]).status_code == expected


def test_by_link_in_invite_revoke_and_out(browser: Browser, tmp_path: Path, models: Path) -> None:
    home, log = make_home(tmp_path / "home", models), tmp_path / "log"
    process, url = serve(home, log)
    try:
        _the_first_request_finds_no_staff_page(browser, url)
        link = run_hub(home, "invite", "camille@example.org", "--role", "administrator").stdout.strip()
        assert link.startswith(url.replace("127.0.0.1", "localhost"))
        token = link.partition("#")[2]
        admin = browser.new_context(locale="fr-FR").new_page()
        admin.set_default_timeout(60_000)
        admin.goto(link)
        assert token not in admin.url
        admin.get_by_role("button", name="Entrer dans le hub").click()
        admin.wait_for_url("**/atelier")
        expect(admin.locator(".hub-session")).to_contain_text("camille@example.org · administration")

        admin.goto(f"{url.replace('127.0.0.1', 'localhost')}/atelier-personnes")
        admin.get_by_label("Adresse électronique").fill("alix@example.org")
        admin.get_by_text("Équipe\u00a0: ajoute").click()
        admin.get_by_role("button", name="Préparer le lien").click()
        second = admin.locator("[data-testid=stCode]").inner_text().strip()
        alix = browser.new_context(locale="fr-FR").new_page()
        alix.set_default_timeout(60_000)
        alix.goto(second)
        alix.get_by_role("button", name="Entrer dans le hub").click()
        alix.wait_for_url("**/atelier")
        expect(alix.locator(".hub-session")).to_contain_text("alix@example.org · équipe")
        # A page for administrators is not there for staff.
        assert alix.goto(alix.url.replace("/atelier", "/atelier-personnes")).status == 404

        admin.reload()
        row = admin.locator(".st-key-person-alix-example-org")
        row.get_by_role("button", name="Retirer l’accès").click()
        expect(admin.get_by_text("alix@example.org n’a plus d’accès")).to_be_visible()
        assert alix.goto(alix.url.replace("/atelier-personnes", "/atelier")).status == 404

        admin.get_by_role("button", name="Sortir").click()
        admin.wait_for_url(re.compile(r"/$"))
        assert admin.goto(f"{url.replace('127.0.0.1', 'localhost')}/atelier").status == 404
        done = [(entry.who, entry.what) for entry in Journal(home).entries()]
        assert ("camille@example.org", "a invité alix@example.org (équipe)") in done
        assert ("camille@example.org", "a retiré l’accès de alix@example.org") in done
    finally:
        process.terminate()
        process.wait(20)
    assert token not in log.read_text("utf-8", "replace")
    assert token.encode() not in b"".join(f.read_bytes() for f in home.glob("*.db*"))


def _the_first_request_finds_no_staff_page(browser: Browser, url: str) -> None:
    page = browser.new_page()
    answer = page.goto(f"{url}/atelier-personnes")
    assert answer and answer.status == 404
    # Streamlit's own way to a page, without a request for it: which pages there are is for the server to say.
    page.goto(url)
    expect(page.locator(".hub-foot")).to_be_visible(timeout=60_000)
    page.evaluate("history.pushState({}, '', '/atelier-personnes'); dispatchEvent(new PopStateEvent('popstate'))")
    page.wait_for_timeout(2000)
    expect(page.get_by_role("heading", name="Personnes")).to_have_count(0)
    page.close()


def test_by_the_associations_own_accounts(browser: Browser, tmp_path: Path, models: Path) -> None:
    home = make_home(tmp_path / "home", models)
    with provider(
        {"sub": "a", "email": "alix@example.org", "email_verified": True},
        {"sub": "b", "email": "boris@example.org", "email_verified": False},
        {"sub": "c", "email": "Carla@example.org", "email_verified": True},
    ) as issuer:

        def begin(carla: RoleName) -> tuple[subprocess.Popen[bytes], str]:
            process, url = serve(
                home,
                HUB_STAFF_ISSUER=issuer,
                HUB_STAFF_CLIENT="hub",
                HUB_STAFF_SECRET="a secret for the test",  # noqa: S106 - of a provider that lives as long as the test
                HUB_STAFF_ADDRESSES=json.dumps({"carla@example.org": carla}),
                HUB_STAFF_DOMAINS='{"example.org": "staff"}',
            )
            return process, url.replace("127.0.0.1", "localhost")

        process, url = begin("administrator")
        try:
            page = _by_account(browser, url, "a")
            expect(page.locator(".hub-session")).to_contain_text("alix@example.org · équipe")
            # The routes know the person too.
            assert page.goto(f"{url}/atelier").status == 200
            expect(page.locator(".hub-session")).to_be_visible()
            page.get_by_role("button", name="Sortir").click()
            page.wait_for_timeout(3000)
            assert page.goto(f"{url}/atelier").status == 404

            # An address that nobody verified is whatever its owner typed.
            page = _by_account(browser, url, "b")
            page.goto(f"{url}/connexion")
            expect(page.get_by_text("ne lui a donné aucun accès")).to_be_visible()
            assert page.goto(f"{url}/atelier").status == 404

            # An address goes before its domain, and what the settings say now before what they said at the last entrance.
            page = _by_account(browser, url, "c")
            expect(page.locator(".hub-session")).to_contain_text("carla@example.org · administration")
            process.terminate()
            process.wait(20)
            process, url = begin("member")
            assert page.goto(f"{url}/atelier").status == 404
            page.goto(url)
            expect(page.locator(".hub-session")).to_contain_text("carla@example.org · membre")
            # Who comes in anew has no more either.
            page = _by_account(browser, url, "c")
            expect(page.locator(".hub-session")).to_contain_text("carla@example.org · membre")
        finally:
            process.terminate()
            process.wait(20)


def test_by_the_associations_own_accounts_through_a_proxy_before_two_hubs(
    browser: Browser, tmp_path: Path, models: Path
) -> None:
    home, port = make_home(tmp_path / "home", models), free_port()
    people = [
        {"sub": name, "email": f"{name}@example.org", "email_verified": True} for name in ("alix", "boris", "chloe")
    ]
    with ExitStack() as kept:
        accounts = {
            "HUB_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "HUB_STAFF_ISSUER": kept.enter_context(provider(*people)),
            "HUB_STAFF_CLIENT": "hub",
            "HUB_STAFF_SECRET": "a secret for the test",
            "HUB_STAFF_DOMAINS": '{"example.org": "staff"}',
            "HUB_QUEUE_WORKERS": "0",
        }
        logs = [tmp_path / f"{name}.log" for name in ("one", "two")]
        running = [serve(home, log, HUB_INDEX_FOLDER=str(log.with_suffix("")), **accounts) for log in logs]
        for process, url in running:
            kept.callback(process.wait, 20)
            kept.callback(process.terminate)
            warm(url)
        site = kept.enter_context(caddy(tmp_path, *[url for _, url in running], port=port))
        pages = []
        for person in people:
            pages.append(page := _by_account(browser, site, str(person["sub"])))
            expect(page.locator(".hub-session")).to_contain_text(f"{person['email']} · équipe")
            assert page.goto(f"{site}/atelier").status == 200
            expect(page.locator(".hub-session")).to_be_visible()
        # Who came later went to the other hub, and whoever loses theirs is known there.
        assert all('"route": "/auth"' in log.read_text("utf-8") for log in logs)
        running[0][0].terminate()
        running[0][0].wait(20)
        for page in pages:
            assert page.goto(f"{site}/atelier").status == 200
            expect(page.locator(".hub-session")).to_contain_text("équipe")


@contextmanager
def provider(*users: dict[str, object]) -> Iterator[str]:
    """A real OpenID Connect provider, as a process of its own."""
    port = free_port()
    claims = [word for user in users for word in ("--user-claims", json.dumps(user))]
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *claims],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    issuer = f"http://localhost:{port}"
    try:
        for _ in range(100):
            try:
                httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield issuer
    finally:
        process.terminate()
        process.wait(20)


def _by_account(browser: Browser, url: str, sub: str) -> Page:
    page = browser.new_context(locale="fr-FR").new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{url}/connexion")
    page.get_by_role("button", name="Entrer avec mon compte").click()
    page.wait_for_url("**/oauth2/authorize**")
    page.locator(f"button[name=sub][value='{sub}']").click()
    page.wait_for_url(f"{url}/**")
    return page


def test_the_first_start_offers_a_link_to_a_terminal_only(tmp_path: Path, models: Path) -> None:
    home = make_home(tmp_path / "home", models)
    command = [Path(sys.executable).with_name("hub"), "serve", "--port", "18999"]
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        command, env={**os.environ, "HUB_HOME": str(home)}, stderr=terminal, stdout=subprocess.DEVNULL
    )
    os.close(terminal)
    said = b""
    try:
        while b"/entrer#" not in said or not said.endswith(b"\n"):
            said += os.read(main, 4096)
    finally:
        process.terminate()
        process.wait(20)
        os.close(main)
    token = re.search(rb"/entrer#(\S+)", said)
    assert token
    people = People(home)
    assert people.who(people.enter(token[1].decode())).role is Role.ADMINISTRATOR
