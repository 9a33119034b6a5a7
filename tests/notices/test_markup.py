"""A notice's few marks become safe HTML; everything else stays text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.notices import markup

HOSTILE = ["<script>alert(1)</script>", "[x](javascript:alert(1))", "**<img src=x onerror=y>**",
           '[x](https://example.org/"onclick=z)', "[<b>](https://example.org)", "# <i>", "- <u>",
           "[x](data:text/html,1)", "[a](//example.org)"]  # fmt: skip
TAGS = {"p", "br", "h3", "ul", "ol", "li", "strong", "em", "a"}


def tags(html: str) -> set[str]:
    return set(re.findall(r"</?([a-z0-9]+)", html))


def test_marks_become_their_elements():
    text = "# Visa\nFirst *line*\nsecond **line**\n\n- one\n- two\n\n1. a\n2. b\n\n[here](https://example.org/a)"

    assert markup.html(text) == (
        "<h3>Visa</h3>\n<p>First <em>line</em><br>second <strong>line</strong></p>\n"
        "<ul><li>one</li><li>two</li></ul>\n<ol><li>a</li><li>b</li></ol>\n"
        '<p><a href="https://example.org/a" rel="noopener noreferrer">here</a></p>'
    )
    assert markup.plain("# Visa\n**now** [here](https://example.org/a)") == (
        "Visa\nnow here (https://example.org/a)"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_stays_text(text):
    html = str(markup.html(text))

    assert tags(html) <= TAGS
    assert "javascript:" not in re.findall(r'href="([^"]*)"', html)
    assert set(re.findall(r"<[a-z0-9]+ ([^>]*)>", html)) <= {
        'href="https://example.org" rel="noopener noreferrer"'
    }


@given(st.text(alphabet="ab*#-[]()<>&\"'\n 1.:/", max_size=80))
def test_whatever_is_typed_makes_no_element_of_its_own(text):
    assert tags(str(markup.html(text))) <= TAGS
