"""The pictures of the staff's guide show what the pages say now."""

import json
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.guide_pictures import FOLDER, WORDS, take

pytestmark = pytest.mark.browser


def test_the_pictures_of_the_guide_say_what_the_pages_say(browser: Browser, demo_home: Path, tmp_path: Path) -> None:
    kept = json.loads(WORDS.read_text("utf-8"))
    assert take(browser, tmp_path, demo_home) == kept, (
        "the workshop has changed: look at what « make guide » makes of its pictures"
    )
    for picture in tmp_path.iterdir():
        with Image.open(picture) as taken, Image.open(FOLDER / picture.name) as shown:
            assert taken.size == shown.size
