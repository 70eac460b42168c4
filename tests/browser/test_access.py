"""Every page can be read by everyone: axe-core, French only, no sideways scrolling, and the keyboard."""

import re
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from app.access import COOKIE
from app.people import People, Role
from tests.browser.hands import reach
from tests.browser.views import PEOPLE, SCHEMES, STAFF_VIEWS, VIEWS, WIDTHS, settle, show_at, show_in

pytestmark = pytest.mark.browser

# Streamlit's words and ours that would be English. Whole words, wherever a reader may see or hear them.
ENGLISH = (
    *("Running", "Stop", "Deploy", "Rerun", "Settings", "Made with Streamlit", "Streamlit", "Connection error", "Page not found"),
    *("Press Enter", "No results", "Choose an option", "Choose options", "Select all", "Clear value", "Clear all", "Open", "Close"),
    *("Loading", "Skip to main content", "App pages", "Sidebar", "Navigate to home page", "Link to heading", "Fullscreen"),
    *("Browse files", "Drag and drop", "Show more", "Show less", "more", "Submit", "Search", "Home", "Error", "Next", "Previous", "Copy"),
    *("Upload", "per file", "Remove"),
)  # fmt: skip

IS_ENGLISH = re.compile(rf"\b(?:{'|'.join(map(re.escape, ENGLISH))})\b")
# Spaces at which a line may end in the wrong place, and wide ones where thin ones stand elsewhere.
BREAKS = re.compile(r" (?:[;!?:](?:\s|$)|»)|« |\u00a0[;!?]")

# Everything that is seen or read aloud, inside components too.
SAID = """() => {
  const said = [document.title];
  const visit = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const around = node.parentElement;
      if (node.data.trim() && !around?.closest("style, script, noscript, [lang=en], [data-testid=stIconMaterial]") &&
          (!around || around.checkVisibility({ visibilityProperty: true }))) said.push(node.data.trim());
      return;
    }
    if (node.nodeType === Node.ELEMENT_NODE && node.checkVisibility({ visibilityProperty: true }))
      for (const name of ["aria-label", "title", "alt", "placeholder"])
        if (node.getAttribute(name)) said.push(node.getAttribute(name));
    node.shadowRoot?.childNodes.forEach(visit);
    node.childNodes.forEach(visit);
  };
  visit(document.body);
  return said;
}"""


def misread(page: Page) -> list[str]:
    """Return what a page says in English, and where a line may end in the wrong place."""
    heard = page.locator(".hub-hidden").all_text_contents()  # which has no lines
    return [
        text for text in page.evaluate(SAID) if IS_ENGLISH.search(text) or (BREAKS.search(text) and text not in heard)
    ]


def serious(page: Page) -> list[str]:
    """Return what axe calls serious."""
    return [
        f"{rule['id']} {node['target']} {node['failureSummary'][:300]}"
        for rule in Axe().run(page).response["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


# What somebody does something with: it has a name, or whoever listens cannot know what.
USED = {
    *("button", "link", "textbox", "searchbox", "combobox", "listbox", "option", "checkbox", "radio", "slider", "switch"),
    *("tab", "menuitem", "spinbutton", "DisclosureTriangle", "dialog", "navigation", "region"),
}  # fmt: skip


def nameless(page: Page) -> list[str]:
    """Return what is used and has no name in the tree that Chromium gives to screen readers."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    roles = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]
    assert any(role in ("main", "dialog") for role, _ in roles)
    return [f"{role} without a name" for role, name in roles if role in USED and not name.strip()]


def faults(page: Page) -> list[str]:
    """Return all that, as the page stands."""
    settle(page)
    return misread(page) + nameless(page) + serious(page)


def faults_everywhere(page: Page) -> list[str]:
    """Return all that, at each width, in light and dark."""
    settle(page)
    found = []
    for device, width in WIDTHS.items():
        show_at(page, width)
        found += [f"{device} {fault}" for fault in misread(page) + nameless(page)]
        for scheme in SCHEMES:
            show_in(page, scheme)
            found += [f"{device} {scheme} {fault}" for fault in serious(page)]
    return found


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_is_for_everyone(reader: BrowserContext, url: str, view: str) -> None:
    page = reader.new_page()
    page.goto(url + VIEWS[view])
    assert faults_everywhere(page) == []
    # Half a desk is what 200 % leaves of it; at the last width the bar of pages has no room for all of them.
    for width in (*WIDTHS.values(), WIDTHS["desk"] // 2, 1000):
        page.set_viewport_size({"width": width, "height": 850})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{width}: scrolls sideways"
    assert page.evaluate("document.documentElement.lang") == "fr"
    page.close()


def test_the_workshop_is_for_everyone(browser: Browser, url: str, demo_home: Path) -> None:
    people = People(demo_home)
    context = browser.new_context(locale="fr-FR", bypass_csp=True)
    session = people.enter(people.invite("camille@example.org", Role.ADMINISTRATOR))
    context.add_cookies([{"name": COOKIE, "value": session, "url": url}])
    page, found = context.new_page(), set[str]()
    for view, address in STAFF_VIEWS.items():
        page.goto(url + address)
        # A text that is corrected stands as it was written.
        kept = view == "atelier-relire"
        found |= {f"{view} {fault}" for fault in faults_everywhere(page) if not (kept and BREAKS.search(fault))}
    context.close()
    assert sorted(found) == []


def test_the_keyboard_reaches_a_masterclass_and_shows_where_it_is(page: Page, url: str) -> None:
    page.goto(f"{url}/masterclasses")
    card = page.locator(".hub-card .hub-open").first
    expect(card).to_be_visible()
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.ariaLabel"))
        if card.evaluate("link => link === document.activeElement"):
            break
    else:
        pytest.fail(f"no card among {seen}")
    drawn = page.locator(".hub-card").first.evaluate("card => getComputedStyle(card).outlineStyle")
    assert drawn == "solid"
    title = card.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_a_choice_stands_in_the_address_and_can_be_sent(page: Page, url: str) -> None:
    page.goto(f"{url}/masterclasses")
    settle(page)
    reach(page.get_by_role("radiogroup", name="Thème"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Types de financeurs")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator(".hub-card")).to_have_count(2)
    field = page.get_by_label("Mots du titre ou d’un nom")
    reach(field)
    page.keyboard.type("mécénat")
    page.keyboard.press("Enter")
    expect(page.locator(".hub-card")).to_have_count(1)
    page.wait_for_url(re.compile("mots="))
    sent = page.url
    page.goto("about:blank")
    page.goto(sent)
    expect(page.locator(".hub-card")).to_have_count(1)
    expect(page.get_by_label("Mots du titre ou d’un nom")).to_have_value("mécénat")


@pytest.mark.parametrize("page", [390], indirect=True)
def test_on_a_phone_cards_come_first_and_filters_unfold(page: Page, url: str) -> None:
    page.goto(f"{url}/masterclasses")
    settle(page)
    fold, field = page.locator(".hub-fold summary"), page.get_by_label("Mots du titre ou d’un nom")
    expect(page.locator(".hub-card strong").first).to_be_in_viewport()
    expect(field).to_be_hidden()
    fold.focus()
    page.keyboard.press("Enter")
    field.fill("mécénat")
    field.press("Enter")
    expect(page.locator(".hub-card")).to_have_count(1)
    expect(fold).to_have_text("Filtrer (1)")
    expect(field).to_be_focused()  # what was unfolded stays so
    page.wait_for_url(re.compile("mots="))
    page.reload()
    expect(fold).to_have_text("Filtrer (1)")
    expect(page.locator(".hub-card")).to_have_count(1)
    page.get_by_role("button", name="Ouvrir le menu").click()
    expect(page.get_by_role("link", name="Glossaire")).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize("page", [390], indirect=True)
def test_the_first_words_are_there_before_streamlit_and_make_room_for_it(page: Page, url: str) -> None:
    late: list[Route] = []
    page.route("**/static/js/*.js", lambda route: late.append(route))
    page.goto(url + VIEWS["masterclass"], wait_until="commit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Le prêt participatif et les quasi-fonds propres")
    expect(page.get_by_role("link", name="Lire le texte sans attendre")).to_have_attribute(
        "href", re.compile("^/m/2026")
    )
    assert late
    page.unroute("**/static/js/*.js")  # which lets go what was held back
    expect(page.locator(".cue").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_text("Lire le texte sans attendre")).to_have_count(0)


def open_until_quoted(page: Page, address: str) -> None:
    """Open a page until quotes come with its HTML: a machine that is busy with other tests may be late a few times."""
    for _ in range(20):
        page.goto(address, wait_until="commit")
        page.locator(".hub-first").wait_for()
        if page.locator(".hub-first .hub-quote").count():
            break
        page.wait_for_timeout(1000)


@pytest.mark.parametrize("page", [390], indirect=True)
def test_the_first_quotes_are_there_before_streamlit_and_stay_where_they_are(
    page: Page, browser: Browser, url: str
) -> None:
    page.set_extra_http_headers({"User-Agent": PEOPLE})
    late: list[Route] = []
    page.route("**/static/js/*.js", lambda route: late.append(route))
    open_until_quoted(page, f"{url}/recherche?q=fonds+de+garantie")
    first = page.locator(".hub-first")
    expect(first.locator(".hub-quote").first).to_contain_text("garantie")
    assert late
    serious = [v["id"] for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert not serious
    read = first.evaluate(
        "first => (first.scrollBy(0, 500), first.querySelectorAll('blockquote')[2].getBoundingClientRect().top)"
    )
    page.unroute("**/static/js/*.js")
    expect(first).to_have_count(0)
    now = page.locator(".stMain blockquote").nth(2).evaluate("quote => quote.getBoundingClientRect().top")
    assert now == pytest.approx(read, abs=2)

    bare = browser.new_page(java_script_enabled=False, user_agent=PEOPLE)
    open_until_quoted(bare, f"{url}/recherche?q=monnaie")
    expect(bare.locator(".hub-quote").first).to_be_visible()
    bare.get_by_label("Mots ou idée").fill("part sociale")
    bare.get_by_role("button", name="Rechercher").click()
    expect(bare).to_have_url(f"{url}/recherche?q=part+sociale")
    bare.close()


def test_a_stranger_asks_within_ten_seconds(page: Page, url: str) -> None:
    began = time.monotonic()
    page.goto(url)
    field = page.get_by_label("Votre question")
    expect(field).to_be_in_viewport()
    field.fill("Qui crée la monnaie ?")
    page.get_by_role("button", name="Demander").click()
    page.wait_for_url(re.compile(r"/question\?q="))
    expect(page.locator(".hub-quote").first).to_be_visible()
    assert time.monotonic() - began < 10


def test_links_inside_the_hub_load_nothing_anew_and_the_way_back_works(page: Page, url: str) -> None:
    page.goto(url)
    page.locator(".hub-card .hub-open").first.click(trial=True)
    page.evaluate("window.loaded = 1")
    page.locator(".hub-way a").first.click()
    expect(page.get_by_text("Les autres thèmes")).to_be_visible()
    page.locator(".hub-card .hub-open").first.click()
    page.wait_for_url(re.compile(r"/masterclass\?m="))
    expect(page.locator(".cue").first).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Les autres thèmes")).to_be_visible()
    assert page.evaluate("window.loaded") == 1


def test_a_lost_connection_is_said(browser: Browser, url: str) -> None:
    page = browser.new_page(locale="fr-FR")
    sockets = []
    page.route_web_socket(
        re.compile("_stcore/stream"), lambda socket: sockets.append((socket, socket.connect_to_server()))
    )
    page.goto(url)
    expect(page.locator(".hub-card").first).to_be_visible(timeout=60_000)
    page.context.set_offline(True)
    for socket, _ in sockets:
        socket.close()
    expect(page.get_by_text("Connexion perdue")).to_be_visible(timeout=15_000)
    page.close()
