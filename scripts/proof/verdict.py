"""Compares four records that share no code: who was to be told, what the mail server stored, what
the database says, and how many faults there were."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from scripts.proof.ground import Office, run_in_child

#: Hours ahead at which an office is tried again after a fault: past every lease and patience.
LATER = (1, 2, 3, 4, 5)


@dataclass
class Verdict:
    """What a kind of fault did, over all its runs. `extra` counts copies beyond one a letter.

    `control`: a run that must fail, or the proof would see nothing.
    """

    name: str
    control: bool = False
    runs: int = 0
    faults: int = 0
    letters: int = 0
    lost: int = 0
    alien: int = 0
    false: int = 0
    extra: int = 0
    worst: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Tell whether the promise was kept."""
        return not (self.lost or self.alien or self.false or self.problems) and (
            self.extra <= self.faults
        )

    def line(self) -> str:
        """Return the row of the table."""
        return (
            f"{self.name:44} {self.runs:5} {self.faults:6} {self.letters:7} {self.lost:5}"
            f" {self.alien + self.false:6} {self.extra:6} {self.worst:6}  "
            + ("holds" if self.holds else "FAILS " + "; ".join(self.problems[:3]))
        )

    def judge(self, office: Office, *, faults: int) -> None:
        """Let the office recover, then count what arrived against what should have."""
        self.runs += 1
        self.faults += faults
        recover(office)
        received = office.mailbox.new()
        by_id: dict[str, list[bytes]] = defaultdict(list)
        for each in received:
            by_id[each.message_id].append(each.content)
        told = Counter(each.address for each in received)
        extra = len(received) - len(by_id)
        self.letters += len(office.addresses)
        self.lost += len(office.addresses - set(told))
        self.alien += len(set(told) - office.addresses)
        self.false += len(set(_accepted(office)) - set(by_id))
        self.extra += extra
        self.worst = max(self.worst, extra)
        if any(len(set(copies)) > 1 for copies in by_id.values()):
            self.problems.append("two different letters under one Message-ID")
        if len(by_id) != len(office.addresses):
            self.problems.append(f"{len(by_id)} letters for {len(office.addresses)} people")
        if extra > faults:
            self.problems.append(f"{extra} extra copies after {faults} faults")
        if not office.sound():
            self.problems.append("the database is damaged")


HEAD = f"{'fault':44} {'runs':>5} {'faults':>6} {'letters':>7} {'lost':>5} {'wrong':>6}" \
       f" {'copies':>6} {'worst':>6}"  # fmt: skip


def recover(office: Office) -> None:
    """Do what the scheduler does from then on, until nothing waits."""
    for hours in LATER:
        run_in_child(lambda ahead=hours: office.remind(hours=ahead))
        if _finished(office):
            return


def _finished(office: Office) -> bool:
    waiting = "SELECT count(*) FROM letter WHERE finished_at IS NULL"
    return office.ask(waiting) == [0] and len(_accepted(office)) == len(office.addresses)


def _accepted(office: Office) -> list[str]:
    return office.ask("SELECT message_id FROM letter WHERE state = 'accepted'")
