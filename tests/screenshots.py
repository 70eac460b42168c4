"""Pictures of every page, at two widths, in light and dark: ``python -m tests.screenshots FOLDER [VIEW…]``.

They are for a person's eye; nothing here passes or fails.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from app.settings import ROOT
from tests.browser.conftest import chromium, serve
from tests.browser.views import SCHEMES, VIEWS, WIDTHS, open_view
from tests.conftest import make_home, run_hub


def main(folder: Path, views: list[str]) -> None:
    """Start a hub on the demonstration library and picture the views, all of them when none is named."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        home = make_home(Path(scratch) / "home", ROOT / "var" / "models")
        done = run_hub(home, "demo")
        if done.returncode:
            sys.exit(done.stderr)
        process, url = serve(home)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
                for view in views or VIEWS:
                    for device, width in WIDTHS.items():
                        for scheme in SCHEMES:
                            page = open_view(browser, url, view, width, scheme)
                            page.screenshot(path=folder / f"{view}-{device}-{scheme}.png", full_page=True)
                            page.close()
                browser.close()
        finally:
            process.terminate()
            process.wait(20)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
