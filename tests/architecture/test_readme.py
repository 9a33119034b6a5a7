"""The README's tables are complete and name nothing that does not exist."""

import json
import re
from typing import Any

import click

from config.settings import ROOT, SETTINGS
from tests.architecture import tree
from tracker.cli import COMMANDS, main

README = (tree.ROOT / "README.md").read_text("utf-8")
ROW = re.compile(r"^\| `([^`]+)` \|.*\|$", re.MULTILINE)


def setting_row(name: str, default: Any, meaning: str) -> str:
    """Return the line of the table that tells of a setting."""
    if default is None:
        shown = "–"
    elif isinstance(default, str):
        shown = f"`{default.replace(f'{ROOT}/', '')}`"
    else:
        shown = f"`{json.dumps(default)}`"
    return f"| `TRACKER_{name}` | {shown} | {meaning} |"


def command_paths(group: click.Group, *above: str) -> list[str]:
    """Return the full name of every command below a group."""
    found: list[str] = []
    context = click.Context(group)
    for name in COMMANDS if group is main else group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            found += command_paths(command, *above, name)
        else:
            found.append(" ".join([*above, name]))
    return found


def test_every_setting_is_in_the_table():
    wanted = [setting_row(name, *entry) for name, entry in SETTINGS.items()]
    rows = [match[0] for match in ROW.finditer(README) if match[1].startswith("TRACKER_")]

    missing = "\n".join(row for row in wanted if row not in rows)
    assert rows == wanted, f"README.md wants these rows, in the order of SETTINGS:\n{missing}"


def test_command_table_and_commands_agree():
    rows = [match[1] for match in ROW.finditer(README) if match[1].startswith("tracker ")]
    told = {re.sub(r"( [A-Z\[-].*)$", "", row.removeprefix("tracker ")) for row in rows}

    # `db` is Flask-Migrate's; the office needs one command of it.
    assert told == {*command_paths(main), "db upgrade"}
