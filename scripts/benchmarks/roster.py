"""Roster import against only reading the same file with openpyxl, and the import's peak memory."""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import openpyxl

from scripts.benchmarks.ground import fresh_app
from tracker.core import clock
from tracker.core.db import db
from tracker.roster import service

HEADINGS = ("姓名", "英文名", "国籍", "护照号码", "护照有效期", "工作许可证号", "工作许可有效期至",
            "居留许可号码", "居留许可有效期至", "聘用单位", "专家类别", "合同起止", "邮箱",
            "出生日期")  # fmt: skip
#: Reports its own peak: a parent's would hold what making the file took.
READ_ONLY = """
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1], read_only=True)
for row in book.active.iter_rows(values_only=True): pass
"""


def main() -> None:
    """Measure one size on one database."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("rows", type=int, nargs="?", default=20_000)
    arguments.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "roster.xlsx"
        make_file(file, options.rows)
        baseline = only_read(file)
        seconds, memory = bring_in(file, options.database, options.rows)
    print(
        f"import of {options.rows:,} rows: openpyxl only reads in {baseline:.1f} s, product "
        f"imports in {seconds:.1f} s, ratio {seconds / baseline:.2f}, memory {memory} MB"
    )


def make_file(file: Path, rows: int) -> None:
    """Write a roster of people who do not exist."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADINGS)
    for number in range(rows):
        ends_on = date(2027, 1, 1) + timedelta(days=number % 700)
        born_on = date(1958, 1, 1) + timedelta(days=number * 37 % 15_000)
        sheet.append((
            f"人员{number}", f"PERSON Number{number}", "法国", f"P{number:08}", date(2031, 5, 1),
            f"W{number:08}", ends_on, f"R{number:08}", ends_on, f"学院{1 + number % 50}", "B",
            "2025.9-2027.8", f"p{number}@example.org", born_on,
        ))  # fmt: skip
    book.save(file)


def only_read(file: Path) -> float:
    """Return the seconds of a process that reads every cell with openpyxl."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", READ_ONLY, str(file)], check=True)
    return time.perf_counter() - started


def bring_in(file: Path, database: str, rows: int) -> tuple[float, int]:
    """Import the file into an empty database; return seconds, and MB with the reading process."""
    with fresh_app(database), ThreadPoolExecutor(1) as watcher:
        ended = threading.Event()
        readers = watcher.submit(_peak_of_readers, ended)
        started = time.perf_counter()
        report = service.apply(
            file, filename=file.name, by="bench", today=clock.today(), now=clock.now()
        )
        seconds = time.perf_counter() - started
        ended.set()
        assert report.created == rows, report.counts()
        db.session.remove()
    return seconds, _peak(os.getpid()) + readers.result()


def _peak_of_readers(ended: threading.Event) -> int:
    """Return the MB that the largest process took which this one starts meanwhile."""
    most = 0
    while not ended.wait(0.1):
        started = Path(f"/proc/self/task/{os.getpid()}/children")
        for pid in started.read_text().split() if started.exists() else ():
            command = Path(f"/proc/{pid}/cmdline")
            with contextlib.suppress(OSError):  # it has just ended
                if b"apart_child" in command.read_bytes():
                    most = max(most, _peak(int(pid)))
    return most


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main()
