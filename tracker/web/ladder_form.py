"""The ladder editor's form: rows of boxes to ladders as they are written, and back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, request
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, validate

from tracker.core.errors import Invalid
from tracker.reminders import ladder_file
from tracker.reminders.ladder import AUDIENCES
from tracker.reminders.ladder_file import Entry, Step
from tracker.web.forms import Form

WHEN = ("known", "opens", "before", "after", "every")
_STEP = re.compile(r"(?P<ladder>[^.]+)\.(?P<row>\d{1,3})\.(?P<box>when|days|times|to|remove)")
_DAYS = _l("Write the days as a whole number from 0 to %(most)s.", most=ladder_file.FURTHEST)


class StepForm(Schema):
    """A row of a ladder."""

    when = fields.String(required=True, validate=validate.OneOf(("", *WHEN)))
    days = fields.Integer(
        allow_none=True, load_default=None, error_messages={"invalid": _DAYS},
        validate=validate.Range(0, ladder_file.FURTHEST, error=_DAYS),
    )  # fmt: skip
    times = fields.Integer(
        allow_none=True, load_default=None,
        error_messages={"invalid": _l("Write how many times as a whole number.")},
    )  # fmt: skip
    to = fields.List(fields.String(validate=validate.OneOf(AUDIENCES)))


class PlanForm(Form):
    """All ladders, the ladder of each rule, and what is asked for."""

    ladders = fields.Dict(fields.String(), fields.List(fields.Nested(StepForm)), required=True)
    urgent = fields.List(fields.String(), required=True)
    rules = fields.Dict(fields.String(), fields.String(), required=True)
    new = fields.String(load_default="", validate=validate.Length(0, 16))
    read = fields.Integer(required=True)
    seen = fields.String(load_default="")
    action = fields.String(required=True, validate=validate.OneOf(("preview", "save")))


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A row as it was typed."""

    when: str = ""
    days: str = ""
    times: str = ""
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LadderDraft:
    """A ladder as it was typed."""

    id: str
    urgent: bool
    steps: tuple[StepDraft, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form holds."""

    drafts: list[LadderDraft]
    rules: dict[str, str]
    read: int
    action: str
    seen: str
    mistakes: Mapping[str, list[str]]


def read_form() -> Typed:
    """Return what was typed, with the mistakes of single boxes by "ladder.row"."""
    rows = _rows()
    urgent = request.form.getlist("urgent")
    rules = {name[5:]: value for name, value in request.form.items() if name.startswith("rule.")}
    raw: dict[str, Any] = {
        "ladders": {name: [_plain(step) for step in steps] for name, steps in rows.items()},
        "urgent": urgent, "rules": rules,
    } | {name: request.form[name] for name in ("new", "read", "seen", "action")
         if name in request.form}  # fmt: skip
    try:
        PlanForm().load(raw)
        mistakes = {}
    except ValidationError as error:
        mistakes = _by_row(error.messages_dict)
    drafts = [LadderDraft(name, name in urgent, tuple(steps)) for name, steps in rows.items()]
    if new := raw.get("new", "").strip():
        drafts.append(LadderDraft(new, False, (StepDraft("before", "7", "", ("expert",)),)))
    return Typed(
        drafts, rules, int(raw["read"]), raw["action"], raw.get("seen", ""), mistakes
    )  # fmt: skip


def entries_of(form: Typed, known: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the ladders typed, their rows put in order; Invalid names each wrong row."""
    if form.mistakes:
        raise Invalid.from_messages(form.mistakes)
    names = {(each.id, _timing(step)): step.id for each in known for step in each.steps}
    order = [rule for each in known for rule in each.rules]
    content = {}
    for draft in form.drafts:
        stages = [_stage(draft.id, step, names) for step in sorted(draft.steps, key=_place)]
        rules = sorted(
            (rule for rule, home in form.rules.items() if home == draft.id),
            key=lambda rule: (order.index(rule) if rule in order else len(order), rule),
        )
        if not rules and not stages:
            continue
        content[draft.id] = {"rules": rules, "urgent": draft.urgent, "stages": stages}
    return ladder_file.entries_of(content)


def drafts_of(entries: Sequence[Entry]) -> list[LadderDraft]:
    """Return ladders as the form shows them."""
    return [
        LadderDraft(each.id, each.urgent, tuple(_draft(step) for step in each.steps))
        for each in entries
    ]


def _rows() -> dict[str, list[StepDraft]]:
    """Return the rows that are not empty and not taken out, by ladder."""
    boxes: dict[tuple[str, int], dict[str, list[str]]] = {}
    for name in request.form:
        if match := _STEP.fullmatch(name):
            row = boxes.setdefault((match["ladder"], int(match["row"])), {})
            row[match["box"]] = request.form.getlist(name)
    found: dict[str, list[StepDraft]] = {ladder: [] for ladder, _row in boxes}
    for (ladder, _row), row in sorted(boxes.items(), key=lambda each: each[0][1]):
        one = {box: values[0].strip() for box, values in row.items()}
        if one.get("when") and "remove" not in one:
            found[ladder].append(
                StepDraft(one["when"], one.get("days", ""), one.get("times", ""),
                          tuple(row.get("to", ())))
            )  # fmt: skip
    return found


def _plain(step: StepDraft) -> dict[str, Any]:
    timed = step.when in ("before", "after", "every")
    return {
        "when": step.when, "to": list(step.to), "days": (step.days or None) if timed else None,
        "times": (step.times or None) if step.when == "every" else None,
    }  # fmt: skip


def _by_row(messages: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the schema's messages by "ladder.row"; what no visitor can type is refused."""
    if set(messages) - {"ladders", "new"}:
        abort(400)
    found = {
        f"{ladder}.{row + 1}": [text for texts in boxes.values() for text in _texts(texts)]
        for ladder, value in messages.get("ladders", {}).items()
        for row, boxes in value["value"].items()
    }
    return found | ({"new": _texts(messages["new"])} if "new" in messages else {})


def _texts(messages: Any) -> list[str]:
    if isinstance(messages, Mapping):
        return [text for each in messages.values() for text in _texts(each)]
    return [str(text) for text in messages] if isinstance(messages, list) else [str(messages)]


def _place(step: StepDraft) -> int:
    """Sort rows from the earliest stage to the latest."""
    days = int(step.days) if step.days.isdecimal() else 0
    return {"known": -2000, "opens": -1000, "before": -days, "after": days}.get(step.when, 1000)


def _stage(ladder: str, step: StepDraft, names: Mapping[Any, str]) -> dict[str, Any]:
    days = int(step.days) if step.days.isdecimal() else None
    stage: dict[str, Any] = {"to": list(step.to)}
    if step.when in ("known", "opens"):
        stage["when"] = step.when
        timing: tuple[str, int | None] = (step.when, 0)
    elif step.when == "every":
        stage["every_days"] = days if days is not None else ""
        stage["times"] = int(step.times) if step.times.isdecimal() else ""
        timing = ("every", days)
    else:
        day = None if days is None else days if step.when == "before" else -days
        stage["days_before"] = day if day is not None else ""
        timing = ("day", day)
    # A stage whose day stays keeps its name, so that what was told under it stays told.
    stage["id"] = names.get((ladder, timing)) or _named(*timing)
    return stage


def _named(when: str, days: int | None) -> str:
    if when == "day" and days is not None:
        return f"d{days}" if days >= 0 else f"p{-days}"
    return f"each{days}x" if when == "every" else when


def _timing(step: Step) -> tuple[str, int | None]:
    return (step.when, step.days)


def _draft(step: Step) -> StepDraft:
    if step.when == "day":
        when = "before" if step.days >= 0 else "after"
        return StepDraft(when, str(abs(step.days)), "", step.to)
    if step.when == "every":
        return StepDraft("every", str(step.days), str(step.times), step.to)
    return StepDraft(step.when, "", "", step.to)
