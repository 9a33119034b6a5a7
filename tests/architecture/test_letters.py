"""Both languages of a letter tell the same facts."""

import pytest
from jinja2 import Environment, nodes

from tests.architecture import tree

LETTERS = tree.ROOT / "tracker" / "reminders" / "letters"
CHINESE = sorted(path.name for path in LETTERS.glob("*.zh.*"))


def placeholders(source: str) -> set[str]:
    """Return the dotted names a template reads; the language at the end of one is left away."""
    parsed = Environment().parse(source)
    dotted = {_dotted(node) for node in parsed.find_all(nodes.Getattr)}
    plain = {node.name for node in parsed.find_all(nodes.Name) if node.ctx == "load"}
    return {name.removesuffix(".zh").removesuffix(".en") for name in dotted} | plain


def _dotted(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_dotted(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "?"


def test_every_letter_is_in_both_languages():
    english = sorted(path.name.replace(".en.", ".zh.") for path in LETTERS.glob("*.en.*"))

    assert english == CHINESE != []


@pytest.mark.parametrize("name", CHINESE)
def test_both_languages_tell_the_same_facts(name):
    chinese = placeholders((LETTERS / name).read_text("utf-8"))
    english = placeholders((LETTERS / name.replace(".zh.", ".en.")).read_text("utf-8"))

    assert chinese == english


def test_placeholder_check_sees_a_fact_missing_in_one_language():
    assert placeholders("{{ item.title.zh }} {{ item.safe_on }}") == {
        "item", "item.title", "item.safe_on"
    }  # fmt: skip
