"""Pictures of every page, at two widths, in light and dark: ``python -m tests.screenshots FOLDER [VIEW…]``.

They are for a person's eye; nothing here passes or fails.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import chromium, serve, warm
from tests.browser.views import SCHEMES, VIEWS, WIDTHS, settle, show_in
from tests.conftest import kept_demonstration

TALLEST = 3000  # pixels of a page that goes on


def main(folder: Path, views: list[str]) -> None:
    """Start a hub on the demonstration library and picture the views, all of them when none is named."""
    folder.mkdir(parents=True, exist_ok=True)
    process, url = serve(kept_demonstration())
    try:
        warm(url)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            page = browser.new_page(locale="fr-FR")
            for view in views or VIEWS:
                page.set_viewport_size({"width": max(WIDTHS.values()), "height": 850})
                page.goto(url + VIEWS[view])
                settle(page)
                for device, width in WIDTHS.items():
                    page.set_viewport_size({"width": width, "height": 850})
                    # Streamlit scrolls inside the page: what is pictured whole is a window as tall as that.
                    height = page.evaluate("(document.querySelector('.stMain') ?? document.body).scrollHeight")
                    page.set_viewport_size({"width": width, "height": max(850, min(height, TALLEST))})
                    for scheme in SCHEMES:
                        show_in(page, scheme)
                        page.screenshot(path=folder / f"{view}-{device}-{scheme}.png", animations="disabled")
            browser.close()
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
