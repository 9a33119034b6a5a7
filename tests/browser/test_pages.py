"""What holds on every page, for every role that opens it, in both languages and widths.

The rules of access are looked at once a language, of every other page on a desk, of the others on
a phone, and the other way round in the other language; `scripts/accessibility` looks at every page
in both languages at both widths.
"""

import os
from importlib.resources import files

import pytest

from tests.browser.conftest import sign_in
from tests.browser.pages import ALL, LANGUAGES, OUTSIDE, PAGES, SIZES, visit

pytestmark = pytest.mark.browser
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
#: Also at the other width, which takes twice as long.
EVERY_WIDTH = bool(os.environ.get("TEST_EVERY_WIDTH"))
SIGNED_IN = sorted({role for entry in PAGES for role in entry.roles}, key=ALL.index)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [None, *SIGNED_IN])
def test_pages_are_accessible_and_quiet(open_page, office_address, role, language):
    page = open_page(office_address, language=language)
    if role:
        sign_in(page, role)
        page.goto(f"/language/{language}")

    found = {}
    pages = [e for e in PAGES if role in e.roles] if role else OUTSIDE
    for number, entry in enumerate(pages, list(LANGUAGES).index(language)):
        at = list(SIZES) if EVERY_WIDTH else [list(SIZES)[number % len(SIZES)]]
        found[entry.name] = wrong_with(page, entry, at if role == richest(entry) else [])

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def richest(entry):
    """Return the role that sees most of a page: what others see is some of it."""
    return min(entry.roles, key=ALL.index, default=None)


def wrong_with(page, entry, thoroughly):
    """Return what is wrong with a page on a desk and on a phone; `thoroughly`: by axe too."""
    page.set_viewport_size(dict(zip(("width", "height"), SIZES["desktop"], strict=True)))
    answer = visit(page, entry)
    if answer.status != entry.status:
        return [f"answers {answer.status}"]
    wrong = []
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        complaints = [*sideways(page), *(violations(page) if name in thoroughly else [])]
        wrong += [f"{name}: {each}" for each in complaints]
    return wrong


def violations(page):
    """Return the broken rules of WCAG 2.2 AA with the elements that break them."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    result = page.evaluate("options => axe.run(document, options)", OPTIONS)
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in result["violations"]
        for node in each["nodes"][:3]
    ]


def sideways(page):
    """Return a complaint when the page is wider than the screen."""
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"scrolls sideways by {wider} px"] if wider > 0 else []
