"""A real hub and a real Chromium."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect, sync_playwright

from tests.app.machines import free_port

# Two cores serve the page, the models and the browser at once.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try a test in the browser once more when it fails: two cores serve all, and a click may come late; a fault fails twice."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def chromium() -> str | None:
    """Return a Chromium on this machine; playwright's own when it was fetched."""
    named = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    fetched = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"))
    return next(named, None) or (str(fetched[-1]) if fetched else None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser; without one the tests are left out, which CI does not accept."""
    found = chromium()
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            "no Chromium on this machine: browser tests are left out"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=[
                "--no-sandbox",
                "--disable-background-networking",
                "--autoplay-policy=no-user-gesture-required",
            ],
        )
        yield browser
        browser.close()


def serve(
    home: Path, log: Path | None = None, port: int | None = None, hub: Path | None = None, **variables: str
) -> tuple[subprocess.Popen[bytes], str]:
    """Start a hub and return it with its address, once it answers; ``log`` takes all it prints, ``hub`` is another's command."""
    port = port or free_port()
    with (log or Path(os.devnull)).open("ab") as output:
        process = subprocess.Popen(
            [hub or Path(sys.executable).with_name("hub"), "serve", "--port", str(port)],
            env={**os.environ, "HUB_HOME": str(home), **variables},
            stdout=output,
            stderr=output,
        )
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            if httpx.get(f"{url}/healthz", trust_env=False).text == "ok":
                return process, url
        except httpx.TransportError:
            time.sleep(0.1)
    process.kill()
    raise TimeoutError("the hub did not start")


def warm(url: str) -> None:
    """Wait until a hub's index is open."""
    for _ in range(10):
        # It answers as soon as it can, and after thirty seconds that it cannot yet.
        if httpx.get(f"{url}/api/search", params={"q": "prêt"}, timeout=60, trust_env=False).is_success:
            return
    raise TimeoutError("the hub did not open its index")


@pytest.fixture(scope="module")
def url(demo_home: Path) -> Iterator[str]:
    """The address of a hub with the demonstration library."""
    process, address = serve(demo_home)
    warm(address)
    yield address
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="session")
def reader(browser: Browser) -> Iterator[BrowserContext]:
    """A reader's browser, which keeps Streamlit's files from test to test; pages come from `fresh_page`."""
    context = browser.new_context(
        bypass_csp=True,  # `wait_for_function` evaluates text; test_policy.py plays under the policy
        locale="fr-FR",
        permissions=["clipboard-read", "clipboard-write"],
    )
    yield context
    context.close()


Picture = Callable[[Page, str], object]


@pytest.fixture
def picture(tmp_path: Path) -> Picture:
    """Take pictures of what somebody sees at each step, for a person's eye; ``--basetemp=FOLDER`` says where they go."""
    steps = count(1)
    return lambda page, name: page.screenshot(path=tmp_path / f"{next(steps):02}-{name}.png", animations="disabled")


@contextmanager
def without_dialogs(page: Page) -> Iterator[Page]:
    """Lend a page on which no script of a text may run; one that shows a dialog fails the test when the block ends.

    Noted, not raised: what is raised in playwright's own loop ends its connection, and later tests fail instead.
    """
    shown: list[str] = []

    def note(dialog: Dialog) -> None:
        shown.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    yield page
    assert not shown, "a script ran"


@contextmanager
def fresh_page(reader: BrowserContext, width: int) -> Iterator[Page]:
    """Open a page of such a width on a device that remembers nothing, and nobody, of the pages before."""
    page = reader.new_page()
    page.set_viewport_size({"width": width, "height": 850})
    page.set_default_timeout(20_000)
    # Once for each address that a page visits: what is in sessionStorage lasts as long as the page.
    page.add_init_script("try { sessionStorage.begun ??= (localStorage.clear(), 1); } catch {}")
    try:
        yield page
    finally:
        reader.clear_cookies()
        page.close()


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def page(reader: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page at the width of a desk and of a phone."""
    with fresh_page(reader, request.param) as page:
        yield page
