"""A real hub and a real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

# Two cores serve the page, the models and the browser at once.
expect.set_options(timeout=20_000)


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


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(
    home: Path, log: Path | None = None, port: int | None = None, **variables: str
) -> tuple[subprocess.Popen[bytes], str]:
    """Start a hub and return it with its address, once it answers; ``log`` takes all it prints."""
    port = port or free_port()
    with (log or Path(os.devnull)).open("ab") as output:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("hub"), "serve", "--port", str(port)],
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


@pytest.fixture(scope="session")
def url(demo_home: Path) -> Iterator[str]:
    """The address of a hub with the demonstration library."""
    process, address = serve(demo_home)
    yield address
    process.terminate()
    process.wait(20)


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page at the width of a desk and of a phone."""
    page = browser.new_page(viewport={"width": request.param, "height": 850}, locale="fr-FR")
    page.set_default_timeout(20_000)
    yield page
    page.close()
