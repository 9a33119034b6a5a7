"""Data flows one way; the clock is read in one place, SMTP is spoken in one."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture import tree

CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime"},
    "func": {"now", "current_timestamp", "current_date", "localtimestamp"},
    "utils": {"formatdate", "localtime", "make_msgid"},
}
MAIL = {"smtplib", "flask_mail", "aiosmtpd"}

#: Below the entries, time is an argument.
HANDED_THE_TIME = (
    "facts", "files", "rules", "cases", "obligations", "reminders", "outbox", "accounts", "roster",
    "answers",
)  # fmt: skip


def clock_reads(module: ast.Module) -> list[int]:
    """Return the lines that read a clock or hand one on."""
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS.get(ast.unparse(node.value).rpartition(".")[2], ())
    ]


def imported(module: ast.Module) -> set[str]:
    """Return the top-level packages a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def test_layers_hold():
    command = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([command, "--no-cache"], cwd=tree.ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


def test_clock_check_finds_each_way_to_read_one():
    samples = ["datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()", "time.time()",
               "func.now()", "sa.func.current_timestamp()", "field(default_factory=datetime.now)",
               "email.utils.formatdate()"]  # fmt: skip

    found = [sample for sample in samples if clock_reads(ast.parse(sample))]

    assert found == samples


def test_clock_is_read_in_one_file():
    readers = {path for path, module in tree.modules("tracker", "config") if clock_reads(module)}

    assert readers == {"tracker/core/clock.py"}


def test_stages_are_handed_the_time():
    stages = tuple(f"tracker/{name}/" for name in HANDED_THE_TIME)
    asking = {
        path
        for path, module in tree.modules(*stages)
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("clock.now", "clock.today")
    }

    assert asking == set()


def test_smtp_is_spoken_in_one_file_and_heard_in_one():
    speakers = {path: imported(module) & MAIL for path, module in tree.modules("tracker")}
    speaking = {path for path, names in speakers.items() if names & {"smtplib", "flask_mail"}}
    hearing = {path for path, names in speakers.items() if "aiosmtpd" in names}

    assert speaking == {"tracker/outbox/smtp.py"}
    assert hearing == {"tracker/demo/mailbox.py"}
