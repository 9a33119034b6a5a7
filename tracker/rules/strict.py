"""Read YAML so that a slip of the pen is an error naming the place, never a silent default."""

import re
from collections.abc import Collection, Hashable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tracker.rules.model import RulesError, Words

#: Returned by readers of keys that may be missing.
MISSING = object()


class _Strict(yaml.constructor.SafeConstructor, yaml.resolver.Resolver):
    """YAML without repeated keys: the second would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        repeated = sorted({str(key) for key in keys if keys.count(key) > 1})
        if repeated:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {repeated[0]!r} stands twice", node.start_mark
            )
        return super().construct_mapping(node, deep)

    def construct_day(self, node: yaml.ScalarNode) -> date | str:
        """Leave 2026-02-30 a text, so that the reader of its field can name the place."""
        try:
            day: date = self.construct_yaml_timestamp(node)
        except ValueError:
            return str(node.value)
        return day


# YAML 1.1 reads `on` and `off` as true and false; here they are words, as in YAML 1.2.
_Strict.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Strict.yaml_constructors = yaml.SafeLoader.yaml_constructors | {
    "tag:yaml.org,2002:timestamp": _Strict.construct_day
}
_Strict.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(?:true|True|false|False)$"), list("tTfF")
)


class _Loader(_Strict, yaml.SafeLoader):
    """Names the place of a mistake best."""


class _FastLoader(_Strict, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads in a tenth of the time where PyYAML has libyaml: each command reads all the law."""


def parse(text: str, *, file: str) -> Any:
    """Return the content of a YAML text; RulesError if it is not YAML."""
    with suppress(yaml.YAMLError):
        return yaml.load(text, _FastLoader)  # noqa: S506 - a SafeLoader
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else ""
        problem = str(getattr(error, "problem", None) or error)
        raise RulesError(
            file=file, entry=line, field="", problem=problem, remedy="Mend the YAML there."
        ) from None


def read(path: Path) -> Any:
    """Return the content of a YAML file."""
    return parse(text_of(path), file=path.name)


def text_of(path: Path) -> str:
    """Return the text of a file; RulesError if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesError(
            file=str(path), entry="", field="", problem=f"cannot be read ({error})",
            remedy="Give a readable UTF-8 file.",
        ) from None  # fmt: skip


class Section:
    """One mapping of a file, taken key by key; `done()` refuses what nobody asked for."""

    def __init__(self, data: Any, *, file: str, entry: str = "", path: str = "") -> None:
        self.file, self.entry, self.path = file, entry, path
        if not isinstance(data, dict):
            raise self.error("", "is not a mapping", "Write it as `key: value` pairs.")
        self._left: dict[str, Any] = {str(key): value for key, value in data.items()}

    def error(self, key: str, problem: str, remedy: str) -> RulesError:
        """Return an error about one key of this section."""
        field = ".".join(part for part in (self.path, key) if part)
        return RulesError(
            file=self.file, entry=self.entry, field=field, problem=problem, remedy=remedy
        )

    def take(self, key: str, default: Any = MISSING) -> Any:
        """Return a value of any shape."""
        value = self._left.pop(key, default)
        if value is MISSING or (value is None and default is MISSING):
            raise self.error(key, "is missing", "Add it.")
        return value

    def text(self, key: str, default: Any = MISSING) -> str:
        """Return a text that is not empty."""
        value = self.take(key, default)
        if not isinstance(value, str) or not (value.strip() or value == default):
            raise self.error(key, "is not a text", "Write words, in quotes if they look like more.")
        return value

    def whole(self, key: str, default: Any = MISSING) -> int:
        """Return a whole number, zero or more."""
        value = self.take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.error(key, "is not a whole number", "Write a number of zero or more.")
        return value

    def day(self, key: str, default: Any = MISSING) -> date:
        """Return a date."""
        value = self.take(key, default)
        if type(value) is not date:
            raise self.error(key, "is not a date", "Write it as 2026-01-31.")
        return value

    def choice(self, key: str, allowed: Collection[str], default: Any = MISSING) -> str:
        """Return one of the `allowed` texts."""
        value = self.take(key, default)
        if value != default and value not in allowed:
            raise self.error(key, f"cannot be {value!r}", f"Use one of: {', '.join(allowed)}.")
        return str(value)

    def texts(self, key: str, default: Any = MISSING) -> tuple[str, ...]:
        """Return a list of texts; a single text counts as a list of one."""
        value = self.take(key, default)
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list | tuple) or not all(isinstance(v, str) for v in values):
            raise self.error(key, "is not a list of texts", "Write it as [one, two].")
        return tuple(values)

    def words(self, key: str) -> Words:
        """Return a text in both languages."""
        section = self.section(key)
        words = Words(zh=section.text("zh"), en=section.text("en"))
        section.done()
        return words

    def section(self, key: str, default: Any = MISSING) -> "Section":
        """Return a mapping within this one."""
        path = ".".join(part for part in (self.path, key) if part)
        return Section(self.take(key, default), file=self.file, entry=self.entry, path=path)

    def sections(self, key: str) -> "list[Section]":
        """Return a list of mappings within this one; none if the key is missing."""
        values = self.take(key, [])
        if not isinstance(values, list):
            raise self.error(key, "is not a list", "Begin each item with `- `.")
        path = ".".join(part for part in (self.path, key) if part)
        return [
            Section(value, file=self.file, entry=self.entry, path=f"{path}[{number}]")
            for number, value in enumerate(values, 1)
        ]

    def names(self) -> tuple[str, ...]:
        """Return the keys not yet taken."""
        return tuple(self._left)

    def has(self, key: str) -> bool:
        """Say whether a key is there and not yet taken."""
        return key in self._left

    def done(self) -> None:
        """Refuse keys that nobody took."""
        if self._left:
            key = next(iter(self._left))
            raise self.error(key, "is unknown here", "Correct the spelling or remove it.")


def entries(data: Any, *, file: str) -> list[Section]:
    """Return the entries of a file that is a list of mappings, each led by its `id`."""
    if not isinstance(data, list):
        raise RulesError(
            file=file, entry="", field="", problem="is not a list",
            remedy="Begin each entry with `- id: …`.",
        )  # fmt: skip
    found = []
    for number, each in enumerate(data, 1):
        name = each.get("id") if isinstance(each, dict) else None
        found.append(Section(each, file=file, entry=str(name or f"entry {number}")))
    return found
