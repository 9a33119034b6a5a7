"""Long work with visible progress: a row for each piece, that outlives the process doing it.

The one writer of `task`. Whoever does a piece beats; when the beat stops the piece was broken off,
which its row then tells. Flushes only.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Model, UtcDateTime, db
from tracker.core.errors import NotFound

#: How often whoever works says so, and after how long a silence the work was broken off.
BEAT, PATIENCE = timedelta(seconds=5), timedelta(seconds=45)


class Task(Model):
    """One piece of work: what, for whom, how far, how it ended."""

    __tablename__ = "task"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20), index=True)
    #: What it is about, in words: a file's name, a year.
    about: Mapped[str] = mapped_column(sa.String(200))
    #: The task this one follows: an import follows a check.
    parent_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("task.id", ondelete="CASCADE"), index=True
    )
    #: running, done, failed; a running one that is silent() was broken off.
    state: Mapped[str] = mapped_column(sa.String(10))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    by: Mapped[str] = mapped_column(sa.String(60))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why it failed, for the person who waits.
    message: Mapped[str | None] = mapped_column(sa.String(1000))
    result: Mapped[dict[str, Any]] = mapped_column(sa.JSON)

    def silent(self, now: datetime) -> bool:
        """Tell whether nobody works on it any more although it did not end."""
        return self.state == "running" and now - self.seen_at > PATIENCE

    def standing(self, now: datetime) -> str:
        """Return running, done, failed or broken_off."""
        return "broken_off" if self.silent(now) else self.state

    @property
    def percent(self) -> int:
        """Return how far it is, 0 to 100; the total is often an estimate."""
        if self.state == "done":
            return 100
        return min(100 * self.done // self.total, 100) if self.total else 0


def begin(
    *, kind: str, about: str, by: str, at: datetime, parent: Task | None = None,
    result: dict[str, Any] | None = None,
) -> Task:  # fmt: skip
    """Record a piece of work that starts now."""
    task = Task(
        kind=kind, about=about[:200], by=by, parent_id=parent.id if parent else None,
        state="running", started_at=at, seen_at=at, result=result or {},
    )  # fmt: skip
    db.session.add(task)
    db.session.flush()
    return task


def get(task_id: int, *kinds: str) -> Task:
    """Return a piece of work of one of these kinds; NotFound if there is none."""
    task = db.session.get(Task, task_id)
    if task is None or (kinds and task.kind not in kinds):
        raise NotFound
    return task


def locked(task_id: int, *kinds: str) -> Task:
    """Return it, and let nobody else decide on it until the transaction ends."""
    task = get(task_id, *kinds)
    db.session.refresh(task, with_for_update=True)
    return task


def newest(*kinds: str, most: int, after: datetime | None = None) -> list[Task]:
    """Return the newest pieces of work of these kinds, those begun after an instant."""
    wanted = sa.select(Task).where(Task.kind.in_(kinds)).order_by(Task.id.desc()).limit(most)
    if after is not None:
        wanted = wanted.where(Task.started_at > after)
    return list(db.session.scalars(wanted))


def following(task: Task, kind: str) -> Task | None:
    """Return the newest piece of work of a kind that follows this one."""
    return db.session.scalar(
        sa.select(Task).filter_by(parent_id=task.id, kind=kind).order_by(Task.id.desc()).limit(1)
    )


def beat(task_id: int, *, at: datetime) -> None:
    """Say that somebody is at work."""
    _change(task_id, seen_at=at)


def report(task_id: int, *, done: int, total: int, at: datetime) -> None:
    """Say how far the work is."""
    _change(task_id, done=done, total=total, seen_at=at)


def finish(task_id: int, result: dict[str, Any], *, at: datetime) -> None:
    """Note that the work is done, and what came of it."""
    task = get(task_id)
    task.state, task.finished_at, task.seen_at = "done", at, at
    task.result = task.result | result
    db.session.flush()


def fail(task_id: int, message: str, *, at: datetime) -> None:
    """Note that the work could not be done, and why."""
    _change(task_id, state="failed", message=message[:1000], finished_at=at, seen_at=at)


def _change(task_id: int, **columns: Any) -> None:
    db.session.execute(
        sa.update(Task).where(Task.id == task_id, Task.state == "running").values(**columns),
        execution_options={"synchronize_session": False},
    )
