"""The language of the letters' texts: a small, safe part of Jinja, checked before it is used. Pure.

A text reads only what a letter knows, loops only over what is due, and calls nothing else.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tracker.core.i18n import day_text, instant_text
from tracker.core.i18n import gettext as _
from tracker.reminders.wording_samples import samples

NAMES = tuple(
    f"{kind}.{language}.{form}"
    for kind in ("expert", "staff")
    for language in ("zh", "en")
    for form in ("txt", "html")
)
MOST_CHARACTERS = 20_000
FOR, IF, ENDIF = "{% for item in items %}", "{% if … %}", "{% endif %}"
Shape = Mapping[str, Any] | None
_WORDS: Shape = {"zh": None, "en": None}
ITEM: Mapping[str, Any] = {
    "name": None, "name_zh": None, "name_en": None, "unit": None, "title": _WORDS,
    "what_to_do": _WORDS, "penalty": _WORDS, "source": _WORDS, "advice": None, "safe_on": None,
    "statutory_on": None, "due_at": None, "provisional": None, "number_end": None,
    "expires_on": None, "uid": None, "link": None,
}  # fmt: skip
READER: Mapping[str, Any] = {
    "name": None, "name_zh": None, "name_en": None, "language": None, "expert": None,
}  # fmt: skip
KNOWN: Mapping[str, Any] = {
    "reader": READER, "items": None, "more": None, "today": None, "url": None, "language": None,
    "answers": None, "links": None,
}  # fmt: skip
_LOOP: Mapping[str, Any] = dict.fromkeys(("index", "index0", "first", "last", "length"))
FILTERS = ("day", "instant", "days_left", "length", "upper", "lower", "trim")
_PLAIN = (
    nodes.Const, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg,
    nodes.Add, nodes.Sub, nodes.CondExpr, nodes.Concat, nodes.Output, nodes.TemplateData, nodes.If,
)  # fmt: skip
_NO_TAGS = {"script", "iframe", "object", "embed", "form", "link", "meta", "base", "style", "img"}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a text: the line, and what to write instead."""

    line: int
    text: str


@lru_cache(maxsize=64)
def compiled(name: str, source: str) -> Template:
    """Return a text ready to be written; TemplateSyntaxError if it is not one."""
    return environment(html=name.endswith(".html")).from_string(source)


@lru_cache(maxsize=2)
def environment(*, html: bool) -> ImmutableSandboxedEnvironment:
    """Return the environment of the office's texts: no globals, few filters, nothing undefined."""
    made = ImmutableSandboxedEnvironment(
        autoescape=html, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals.clear()
    kept = {name: made.filters[name] for name in ("length", "upper", "lower", "trim")}
    made.filters.clear()
    made.filters |= kept | {"day": day_text, "instant": instant_text, "days_left": _days_left}
    return made


def _days_left(item: Any, today: date) -> int:
    return int((item.safe_on - today).days)


def check(name: str, source: str) -> list[Mistake]:
    """Return the mistakes of a text, by line; none if every letter can be written with it."""
    if len(source) > MOST_CHARACTERS:
        return [Mistake(1, _("This is longer than %(most)s characters.", most=MOST_CHARACTERS))]
    try:
        parsed = environment(html=name.endswith(".html")).parse(source)
    except TemplateSyntaxError as error:
        return [Mistake(error.lineno, _syntax(str(error.message)))]
    reading = _Reading(dict(KNOWN))
    found = list(reading.walk(parsed.body))
    if not found and not reading.names_title:
        found.append(Mistake(1, _nothing_due()))
    if name.endswith(".html"):
        found += _unsafe(source)
    return sorted(found or _trial(name, source), key=lambda each: each.line)


@dataclass(slots=True)
class _Reading:
    """Goes through a parsed text; knows what each name holds where it stands."""

    scope: dict[str, Any]
    looping: bool = False
    names_title: bool = False

    def walk(self, several: Sequence[nodes.Node]) -> Iterator[Mistake]:
        for each in several:
            yield from self._one(each)

    def _one(self, node: nodes.Node) -> Iterator[Mistake]:
        if isinstance(node, nodes.For):
            yield from self._for(node)
        elif isinstance(node, nodes.Assign):
            yield from self._assign(node)
        elif isinstance(node, nodes.Name):
            if node.name not in self.scope:
                yield Mistake(node.lineno, _unknown(node.name, self.scope))
        elif isinstance(node, nodes.Getattr):
            yield from self._attribute(node)
        elif isinstance(node, nodes.Filter):
            if node.name not in FILTERS:
                yield Mistake(node.lineno, _unknown_filter(node.name))
            yield from self.walk([each for each in (node.node, *node.args) if each])
        elif isinstance(node, nodes.Call):
            yield from self._call(node)
        elif isinstance(node, _PLAIN):
            yield from self.walk(list(node.iter_child_nodes()))
        else:
            yield Mistake(node.lineno, _not_ours(type(node).__name__))

    def _for(self, node: nodes.For) -> Iterator[Mistake]:
        over_items = isinstance(node.iter, nodes.Name) and node.iter.name == "items"
        if self.looping or node.recursive or node.test or not over_items:
            yield Mistake(node.lineno, _("Only %(loop)s is possible, once at a time.", loop=FOR))
            return
        if not isinstance(node.target, nodes.Name) or node.target.name in KNOWN:
            yield Mistake(node.lineno, _("Write it as %(loop)s.", loop=FOR))
            return
        before = dict(self.scope)
        self.scope |= {node.target.name: ITEM, "loop": _LOOP}
        self.looping = True
        yield from self.walk([*node.body, *node.else_])
        self.scope, self.looping = before, False

    def _assign(self, node: nodes.Assign) -> Iterator[Mistake]:
        yield from self.walk([node.node])
        if not isinstance(node.target, nodes.Name) or node.target.name in (*KNOWN, "loop"):
            yield Mistake(
                node.lineno, _("Give it a name of its own, like %(set)s.", set="{% set left = … %}")
            )
            return
        self.scope[node.target.name] = self._shape(node.node)

    def _attribute(self, node: nodes.Getattr) -> Iterator[Mistake]:
        wrong = list(self._one(node.node))
        yield from wrong
        if wrong:
            return
        shape = self._shape(node.node)
        if shape is None:
            yield Mistake(node.lineno, _("There is nothing inside %(name)s; leave .%(part)s away.",
                                         name=_dotted(node.node), part=node.attr))  # fmt: skip
        elif node.attr not in shape:
            yield Mistake(node.lineno, _unknown(f"{_dotted(node.node)}.{node.attr}", [
                f"{_dotted(node.node)}.{part}" for part in shape
            ]))  # fmt: skip
        self.names_title |= node.attr == "title"

    def _call(self, node: nodes.Call) -> Iterator[Mistake]:
        callee = node.node
        if isinstance(callee, nodes.Getattr) and (wrong := list(self._attribute(callee))):
            yield from wrong
            return
        named = isinstance(callee, nodes.Getattr) and callee.attr == "name"
        if not named or len(node.args) != 1 or node.kwargs or node.dyn_args or node.dyn_kwargs:
            yield Mistake(
                node.lineno,
                _("Only a name is called, like %(call)s.", call='{{ reader.name("en") }}'),
            )
            return
        yield from self.walk(node.args)

    def _shape(self, node: nodes.Node) -> Any:
        if isinstance(node, nodes.Name):
            return self.scope.get(node.name)
        if isinstance(node, nodes.Getattr):
            return (self._shape(node.node) or {}).get(node.attr)
        return None


def _dotted(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_dotted(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"


def _unknown(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    if near:
        return _("There is no %(name)s. Did you mean %(near)s?", name=name, near=near[0])
    return _("There is no %(name)s. Use one of %(some)s.", name=name, some=", ".join(sorted(known)))


def _unknown_filter(name: str) -> str:
    return _unknown(f"|{name}", [f"|{each}" for each in FILTERS])


def _not_ours(kind: str) -> str:
    return _(
        "“%(kind)s” is no part of the letters' language. Use %(parts)s.",
        kind=kind, parts=f"{{{{ … }}}}, {IF}, {{% set … %}}, {FOR}",
    )  # fmt: skip


def _syntax(message: str) -> str:
    return _(
        "It cannot be read here: %(said)s. Close what was opened: %(pairs)s.",
        said=message.rstrip("."), pairs=f"{{{{ }}}}, {IF} {ENDIF}, {FOR} {{% endfor %}}",
    )  # fmt: skip


def _nothing_due() -> str:
    return _(
        "Nothing says what is due. Write %(title)s between %(loop)s and %(end)s.",
        title="{{ item.title.en }}", loop=FOR, end="{% endfor %}",
    )  # fmt: skip


class _Tags(HTMLParser):
    """Finds what no letter may hold: what runs, loads or sends."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Mistake] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        if tag in _NO_TAGS:
            self.found.append(Mistake(line, _("Letters hold no <%(tag)s>. Remove it.", tag=tag)))
        for name, value in attrs:
            target = (value or "").strip().lower()
            if name.startswith("on") or target.startswith(("javascript:", "data:")):
                self.found.append(
                    Mistake(line, _("Mail programs refuse %(name)s here. Remove it.", name=name))
                )


def _unsafe(source: str) -> list[Mistake]:
    tags = _Tags()
    tags.feed(source)
    return tags.found


def _trial(name: str, source: str) -> list[Mistake]:
    """Write a full and a bare letter, so that what fails on an empty field fails here."""
    template = compiled(name, source)
    for section in samples(name.split(".")[1]):
        try:
            template.render(section)
        except Exception as error:
            said = _(
                "This fails where something is empty: %(said)s. Put it between %(start)s and "
                "%(end)s.", said=error, start=IF, end=ENDIF,
            )  # fmt: skip
            return [Mistake(_line(error), said)]
    return []


def _line(error: BaseException) -> int:
    line, step = 1, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == "<template>":
            line = step.tb_lineno
        step = step.tb_next
    return line
