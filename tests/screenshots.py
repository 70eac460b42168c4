"""Pictures of every page, the workshop's too, at two widths, in light and dark: ``python -m tests.screenshots FOLDER [VIEW…]``.

They are for a person's eye; nothing here passes or fails.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from app.access import COOKIE
from app.people import People, Role
from tests.browser.conftest import chromium, serve, warm
from tests.browser.views import SCHEMES, STAFF_VIEWS, VIEWS, WIDTHS, settle, show_at, show_in
from tests.conftest import kept_demonstration

PICTURED = (
    "Promise.all([...document.images].map((image) => image.loading === 'lazy' || image.decode().catch(() => {})))"
)


def main(folder: Path, views: list[str]) -> None:
    """Start a hub on the demonstration library and picture the views, all of them when none is named."""
    folder.mkdir(parents=True, exist_ok=True)
    home = kept_demonstration()
    process, url = serve(home)
    try:
        warm(url)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            reader, staff = browser.new_context(locale="fr-FR"), browser.new_context(locale="fr-FR")
            people = People(home)
            session = people.enter(people.invite("camille@example.org", Role.ADMINISTRATOR))
            staff.add_cookies([{"name": COOKIE, "value": session, "url": url}])
            for context, there in ((reader, VIEWS), (staff, STAFF_VIEWS)):
                page = context.new_page()
                for view, address in there.items():
                    if not views or view in views:
                        picture(page, url + address, folder, view)
            browser.close()
    finally:
        process.terminate()
        process.wait(20)


def picture(page: Page, address: str, folder: Path, view: str) -> None:
    """Picture what is at an address at each width, in light and dark."""
    page.set_viewport_size({"width": max(WIDTHS.values()), "height": 850})
    page.goto(address)
    settle(page)
    page.evaluate(PICTURED)
    for device, width in WIDTHS.items():
        show_at(page, width)
        for scheme in SCHEMES:
            show_in(page, scheme)
            page.screenshot(path=folder / f"{view}-{device}-{scheme}.png", animations="disabled")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
