"""How somebody works in a page: with the mouse, or with the keyboard alone."""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect


class Hand(Protocol):
    """Presses what can be pressed, ticks boxes, fills in fields, and goes to the lines of the editor one after the other."""

    def press(self, place: Locator) -> None: ...
    def write(self, field: Locator, text: str) -> None: ...
    def tick(self, box: Locator) -> None: ...
    def line(self, page: Page, at: int) -> None: ...


class Mouse:
    """Clicks."""

    def press(self, place: Locator) -> None:
        place.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)
        field.blur()

    def tick(self, box: Locator) -> None:
        box.check(force=True)  # the box itself is painted by its label

    def line(self, page: Page, at: int) -> None:
        page.locator(".re-said").nth(at).click()


class Keyboard:
    """Goes from place to place with the Tab key."""

    def press(self, place: Locator) -> None:
        reach(place)
        place.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        reach(field)
        field.page.keyboard.press("Control+A")
        field.page.keyboard.type(text)
        field.page.keyboard.press("Tab")

    def tick(self, box: Locator) -> None:
        reach(box)
        box.page.keyboard.press("Space")

    def line(self, page: Page, at: int) -> None:
        page.keyboard.press("ArrowDown") if at else reach(page.locator(".re-said").first)


def reach(place: Locator) -> None:
    """Go to a place with the Tab key alone."""
    expect(place).to_be_visible()
    for _ in range(120):
        # Of what has the focus inside a component, the document knows the component alone.
        if place.evaluate("node => node.contains(node.getRootNode().activeElement)"):
            return
        place.page.keyboard.press("Tab")
    pytest.fail(f"the Tab key does not reach {place}")


def choose(page: Page, label: str, answer: str) -> None:
    """Choose an answer from the list of that label."""
    option = page.get_by_role("option", name=answer, exact=True)
    for _ in range(5):
        # A page that is just being drawn again shuts the list that was opened.
        page.get_by_role("combobox", name=label).click()
        with suppress(PlaywrightError):
            return option.click(timeout=4_000)
        page.keyboard.press("Escape")
    pytest.fail(f"« {answer} » is not offered")
