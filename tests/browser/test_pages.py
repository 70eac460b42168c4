"""A member's way through the hub, in a real browser."""

import os
import re
import signal
import time
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import serve, without_dialogs
from tests.browser.hands import Keyboard
from tests.browser.test_access import faults
from tests.conftest import make_home, run_hub

pytestmark = pytest.mark.browser

SPOKEN = "2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres"
HEARD = "2026-10-15-d-ou-vient-la-monnaie"


# Where the sound that is heard now began (seconds): a slow machine must not count as a wrong second.
BEGAN = """a => {
  if (a.paused || a.readyState < 2) return null;
  for (let i = 0; i < a.played.length; i++)
    if (a.played.start(i) <= a.currentTime && a.currentTime <= a.played.end(i) + 0.5) return a.played.start(i);
  return null;
}"""


def playing(page: Page) -> float:
    """Return the second at which the player began, once it plays."""
    audio = page.locator("audio")
    expect(audio).to_have_count(1)
    for _ in range(200):
        began = audio.evaluate(BEGAN)
        if began is not None:
            return float(began)
        page.wait_for_timeout(100)
    raise AssertionError("nothing plays")


def test_browse_and_read(page: Page, url: str) -> None:
    page.goto(f"{url}/masterclasses")
    expect(page.get_by_role("heading", name="Les masterclass")).to_be_visible()
    expect(page.locator(".hub-card")).to_have_count(9)
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # What is drawn while the script runs may be drawn again, and a click on the way is lost.
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.locator(".hub-card").filter(has_text="Le prêt participatif").get_by_role("link", name="Le prêt").click()
    expect(page.get_by_text("Masterclass de démonstration")).to_be_visible()
    expect(page.locator(".cue").first).to_contain_text("Bonjour")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_line_that_is_clicked_plays(page: Page, url: str) -> None:
    page.goto(f"{url}/masterclass?m={SPOKEN}")
    cue = page.locator(".cue").nth(12)
    start = float(cue.get_attribute("data-start"))
    cue.click()
    assert abs(playing(page) - start) < 1
    expect(cue).to_have_class("cue now")
    page.wait_for_timeout(300)
    page.locator(".cue").nth(3).focus()
    page.keyboard.press("Enter")
    assert abs(playing(page) - float(page.locator(".cue").nth(3).get_attribute("data-start"))) < 1


def test_search(page: Page, url: str) -> None:
    page.goto(f"{url}/recherche")
    page.get_by_label("Mots ou idée").fill("monnaie locale")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.locator(".hub-quote").first).to_contain_text("monnaie")
    # Two of them are heard where they stand, the second instead of the first.
    address = page.url
    for n in (0, 1):
        heard = page.locator(".hub-hear").nth(n)
        Keyboard().press(heard.locator("summary"))
        second = float(re.split("[=,]", heard.locator("audio").get_attribute("src") or "")[1])
        page.wait_for_function(f"() => document.querySelectorAll('.hub-hear audio')[{n}].currentTime > {second + 0.2}")
        assert heard.locator("audio").evaluate("a => a.played.start(0)") == pytest.approx(second, abs=0.5)
    assert page.locator(".hub-hear audio").first.evaluate("a => a.paused")
    assert page.url == address
    page.goto(f"{url}/recherche?q=zzzz")
    expect(page.get_by_role("main").get_by_text("Aucun passage ne contient ces mots")).to_be_visible()


@pytest.mark.parametrize("question", ["comment marche un prêt participatif ?", "how does a participatory loan work"])
def test_ask_and_hear_the_citation(page: Page, url: str, question: str) -> None:
    page.goto(f"{url}/question")
    page.get_by_label("Votre question").fill(question)
    page.get_by_role("button", name="Demander").click()
    link = page.locator(f".hub-quote a[href*='{SPOKEN}']").first
    expect(link).to_be_visible()
    expect(
        page.get_by_role("main").get_by_text("mot pour mot :" if "comment" in question else "own words:")
    ).to_be_visible()
    second = float(link.get_attribute("href").split("t=")[1])
    Keyboard().press(page.locator("[data-copy]"))
    expect(page.get_by_text("Copié.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert question.split()[0] in copied and f"{url}/masterclass?m={SPOKEN}&t={second:g}" in copied
    Keyboard().press(page.locator(".hub-hear summary").first)
    page.wait_for_function("() => document.querySelector('.hub-hear audio').played.length")
    link.click()
    assert abs(playing(page) - second) < 1
    expect(page.locator(".cue.now")).to_be_in_viewport()


def test_what_is_not_there_is_said_kindly(page: Page, url: str) -> None:
    page.goto(f"{url}/question?q=Quelle+est+la+recette+de+la+tarte+aux+pommes")
    expect(page.get_by_role("main").get_by_text("La bibliothèque ne répond pas à cette question")).to_be_visible()
    page.goto(f"{url}/masterclass?m=../../etc&t=abc")
    expect(page.get_by_role("heading", name="Cette page n’existe pas")).to_be_visible()
    page.goto(f"{url}/masterclass?m={HEARD}&t=-5")
    expect(page.locator(".cue").first).to_be_visible()


def test_markup_in_a_transcript_is_shown_as_text(browser: Browser, tmp_path: Path, models: Path) -> None:
    home = make_home(tmp_path / "home", models)
    hostile = tmp_path / "x.vtt"
    said = "Un <b>prêt</b> &lt;img src=x onerror=alert(1)&gt; :red[rouge] $x^2$ **gras** participatif se rembourse."
    hostile.write_text(f"WEBVTT\n\n00:01.000 --> 00:06.000\n{said}\n")
    assert (
        run_hub(
            home, "ingest", str(hostile), "--publish", "--title", "<script>alert(1)</script> :red[titre]"
        ).returncode
        == 0
    )
    process, url = serve(home)
    try:
        with without_dialogs(browser.new_page()) as page:
            page.goto(url)
            expect(page.locator(".hub-card strong")).to_have_text("<script>alert(1)</script> :red[titre]")
            page.locator(".hub-card .hub-open").click()
            expect(page.locator(".cue").first).to_contain_text(
                "<img src=x onerror=alert(1)> :red[rouge] $x^2$ **gras**"
            )
            page.goto(f"{url}/recherche?q=participatif")
            expect(page.locator("blockquote")).to_contain_text("<img src=x onerror=alert(1)> :red[rouge] $x^2$")
        page.close()
    finally:
        process.terminate()
        process.wait(20)


def test_what_is_not_offered_is_empty_or_damaged_is_said(browser: Browser, tmp_path: Path, models: Path) -> None:
    home = make_home(tmp_path / "home", models)
    process, url = serve(home)
    try:
        page = browser.new_page()
        for path in ("parts", "frame"):  # the very first request after the start, and another one
            page.goto(f"{url}/{path}")
            expect(page.get_by_role("heading", name="Cette page n’existe pas")).to_be_visible(timeout=20_000)
        page.goto(url)
        expect(page.locator(".stMain .hub-state")).to_contain_text("La bibliothèque est encore vide.")
        assert faults(page) == []
        (home / "library" / HEARD).mkdir(parents=True)
        (home / "library" / HEARD / "masterclass.toml").write_text("title = ")
        page.goto(f"{url}/masterclass?m={HEARD}")
        expect(page.locator(".stMain .hub-trouble")).to_contain_text("masterclass.toml")
        assert faults(page) == []
        page.close()
    finally:
        process.terminate()
        process.wait(20)


def test_a_running_hub_follows_other_processes(browser: Browser, tmp_path: Path, models: Path) -> None:
    home = make_home(tmp_path / "home", models)
    process, url = serve(home)
    try:
        talk = tmp_path / "2026-01-02 garanties.vtt"
        talk.write_text(
            "WEBVTT\n\n00:01.000 --> 00:06.000\nLa garantie bancaire couvre une part du prêt de votre association.\n"
        )
        page = browser.new_page()
        page.goto(f"{url}/recherche?q=garantie", wait_until="commit")
        expect(page.get_by_text("Recherche…").locator("visible=true")).to_be_visible()  # the index is being opened
        expect(page.get_by_text("Aucun passage trouvé")).to_be_visible(timeout=40_000)
        assert run_hub(home, "ingest", str(talk)).returncode == 0
        assert run_hub(home, "publish", "2026-01-02-garanties").returncode == 0
        began = time.monotonic()
        while not httpx.get(f"{url}/api/search?q=garantie", trust_env=False).json()["results"]:
            assert time.monotonic() - began < 10, "the running hub did not follow"
            time.sleep(0.2)
        page.reload()
        expect(page.locator(".hub-quote")).to_have_count(1)
        # A command asks the hub that holds the index, and takes over when that hub is killed.
        assert '"slug": "2026-01-02-garanties"' in run_hub(home, "search", "garantie", "--json").stdout
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert '"slug": "2026-01-02-garanties"' in run_hub(home, "search", "garantie", "--json").stdout
        page.close()
    finally:
        process.kill()
        process.wait()


def test_a_taken_port_is_said(url: str, demo_home: Path) -> None:
    done = run_hub(demo_home, "serve", "--port", url.rsplit(":", 1)[1])
    assert done.returncode == 1
    assert "déjà pris" in done.stderr
