"""What holds on every page, for every role that opens it, in both languages and widths."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import sign_in
from tests.browser.pages import LANGUAGES, OUTSIDE, PAGES, SIZES

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIGNED_IN = sorted({role for entry in PAGES for role in entry.roles})


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [None, *SIGNED_IN])
def test_pages_are_accessible_and_quiet(open_page, office_address, role, language, size):
    page = open_page(office_address, size=size, language=language)
    if role:
        sign_in(page, role)
        page.goto(f"/language/{language}")

    found = {}
    for entry in [e for e in PAGES if role in e.roles] if role else OUTSIDE:
        answer = page.goto(entry.path)
        assert answer is not None
        assert (entry.name, answer.status) == (entry.name, entry.status)
        found[entry.name] = [*violations(page), *sideways(page)]

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def violations(page):
    """Return the broken rules of WCAG 2.2 AA with the elements that break them."""
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in result.response["violations"]
        for node in each["nodes"][:3]
    ]


def sideways(page):
    """Return a complaint when the page is wider than the screen."""
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"scrolls sideways by {wider} px"] if wider > 0 else []
