"""A large roster, as a real workbook, and the real command in a process of its own."""

import os
import pickle
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from tests.architecture.tree import ROOT

HEADINGS = ("工号", "姓名", "英文名", "国籍", "出生日期", "聘用单位", "邮箱", "护照号码",
            "护照有效期", "居留许可有效期至", "合同起止")  # fmt: skip


def write_large(path: Path, rows: int) -> Path:
    """Write a roster of so many invented people."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADINGS)
    first = date(2026, 10, 1)
    for n in range(rows):
        person = (f"D{n:06}", f"人员{n}", f"PERSON Number{n}", "法国",
                  date(1960, 1, 1) + timedelta(n % 9000), f"学院{n % 40}", f"p{n}@example.org",
                  f"P{n:07}", first + timedelta(400 + n % 900), first + timedelta(n % 365),
                  "2025.9-2027.8")  # fmt: skip
        for column, value in enumerate(person):
            if isinstance(value, date):
                sheet.write_datetime(n + 1, column, value)
            else:
                sheet.write_string(n + 1, column, value)
    book.close()
    return path


def environment(uri: str, home: Path) -> dict[str, str]:
    """Return the settings of a real command on the database at `uri`."""
    ours = {
        "TRACKER_HOME": str(home), "TRACKER_SQLALCHEMY_DATABASE_URI": uri,
        "TRACKER_SECRET_KEY": "k" * 32, "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    return os.environ | ours


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Start the real command."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "tracker", *arguments], env=environment, cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def run(
    environment: dict[str, str], *arguments: str, module: str = "tracker", told: object = None
) -> tuple[str, int]:
    """Run the real command; return what it printed and its peak memory in MB.

    `told`: what it is told by a pickle.

    Asked of its own memory map: what getrusage tells includes what the parent had.
    """
    code = (
        "import runpy, sys\n"
        "from pathlib import Path\n"
        "module, *sys.argv[1:] = sys.argv[1:]\n"
        "try:\n    runpy.run_module(module, run_name='__main__')\n"
        "finally:\n"
        "    status = Path('/proc/self/status')\n"
        "    lines = status.read_text().splitlines() if status.exists() else ['VmHWM: 0 kB']\n"
        "    peak = next(line for line in lines if line.startswith('VmHWM'))\n"
        "    print(int(peak.split()[1]) // 1024, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, module, *arguments], env=environment, cwd=ROOT,
        input=pickle.dumps(told), capture_output=True, timeout=300, check=True,
    )  # fmt: skip
    return done.stdout.decode(errors="replace"), int(done.stderr.split()[-1])
