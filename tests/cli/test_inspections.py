"""A period's inspections leave as one archive, which is never written over."""

import zipfile


def test_command_writes_the_archive_once(tracker, tmp_path):
    target = tmp_path / "inspections.zip"
    command = ["export", "inspections", "--from", "2026-11-01", "--to", "2026-11-30", str(target)]

    first, again = tracker(*command), tracker(*command)

    assert (first.exit_code, zipfile.is_zipfile(target)) == (0, True)
    assert (again.exit_code, "exists already" in again.stderr) == (1, True)


def test_days_in_the_wrong_order_are_wrong_use(tracker, tmp_path):
    days = ["--from", "2026-11-30", "--to", "2026-11-01"]

    assert tracker("export", "inspections", *days, str(tmp_path / "x.zip")).exit_code == 2
