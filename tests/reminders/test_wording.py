"""The language of the letters' texts: what it allows, and how it names a mistake."""

import pytest

from tracker.reminders import render, wording

LOOP = "{% for item in items %}{{ item.title.en }}{% endfor %}\n"


@pytest.mark.parametrize("name", wording.NAMES)
def test_shipped_texts_are_without_mistake(name):
    assert wording.check(name, render.shipped(name)) == []


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (LOOP + "{{ reader.nmae('en') }}", 2, "Did you mean reader.name?"),
        (LOOP + "\n{{ readr.name('en') }}", 3, "Did you mean reader?"),
        (LOOP + "{{ item.title.en }}", 2, "There is no item."),
        ("{% for item in items %}\n{{ item.titel.en }}\n{% endfor %}", 2, "mean item.title?"),
        ("{% for item in items %}{{ item.title.fr }}{% endfor %}", 1, "no item.title.fr"),
        (LOOP + "{{ today|dya('en') }}", 2, "Did you mean |day?"),
        (LOOP + "{{ today.year }}", 2, "There is nothing inside today"),
        (LOOP + "{% if more %}", 2, "It cannot be read here"),
        (LOOP + "{{ url", 2, "It cannot be read here"),
        ("{% for a in items %}" + LOOP + "{% endfor %}", 1, "Only {% for"),
        (LOOP + "{% for a in 'x' %}{% endfor %}", 2, "Only {% for item in items %}"),
        (LOOP + "{% include 'x' %}", 2, "Include"),
        (LOOP + "{% macro x() %}{% endmacro %}", 2, "Macro"),
        (LOOP + "{{ 9 ** 9 ** 9 }}", 2, "Pow"),
        (LOOP + "{{ 'x' * 1000000000 }}", 2, "Mul"),
        (LOOP + "{{ url.__class__ }}", 2, "There is nothing inside url"),
        (LOOP + "{{ url['x'] }}", 2, "Getitem"),
        (LOOP + "{{ range(9) }}", 2, "Only a name is called"),
        (LOOP + "{% set items = 1 %}", 2, "name of its own"),
        ("{% for item in items %}{{ item.title.en }}\n{{ item.expires_on|day('en') }}{% endfor %}",
         2, "between {% if … %} and {% endif %}"),
        ("Hello", 1, "Nothing says what is due."),
        ("x" * 20_001, 1, "longer than 20000"),
    ],
)  # fmt: skip
def test_mistake_is_named_with_its_line_and_what_to_write(text, line, says):
    found = wording.check("expert.en.txt", text)

    assert [each.line for each in found] == [line]
    assert says in found[0].text


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("<script>x</script>", "no <script>"),
        ("<p onclick='x'>", "onclick"),
        ("<a href='javascript:x'>", "href"),
        ("<img src='x'>", "no <img>"),
    ],
)
def test_what_mail_programs_refuse_is_named(html, says):
    found = wording.check("expert.en.html", LOOP + html)

    assert [(each.line, says in each.text) for each in found] == [(2, True)]
