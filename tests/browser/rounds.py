"""A joint inspection on a phone, made by hand while everything fails; what its screen promised."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from playwright.sync_api import Page

from tests.browser.handset import Handset, Line, sign_in_here
from tests.files.pictures import picture
from tracker.core import clock

#: What the camera of an invented phone gives: too large, lying on its side, knowing where it was.
SHOT = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(2400, 1800))}


@dataclass(frozen=True, slots=True)
class Promised:
    """An entry the screen showed as kept: what it says, and between which instants it was made."""

    kind: str
    room: str | None
    item: str | None
    result: str | None
    photos: int
    since: datetime
    until: datetime

    @property
    def key(self) -> tuple[str, str | None, str | None, str | None, int]:
        """Return what is compared with the server's."""
        return (self.kind, self.room, self.item, self.result, self.photos)


@dataclass
class Rounds:
    """Somebody inspecting with a phone; `trouble` is what may happen between two entries."""

    handset: Handset
    line: Line
    rng: random.Random
    promised: list[Promised] = field(default_factory=list)
    page: Page = field(init=False)

    def begin(self) -> None:
        """Sign in with signal, and begin with the first building."""
        self.page = self._first_start()
        self.page.click(".starts a >> nth=1")
        self.page.click("main[data-screen=start] .places a")
        self.page.wait_for_selector("main[data-screen=set-up]")
        since = clock.now()
        self.page.click(".bar .main")
        self.page.wait_for_selector("main[data-screen=building]")
        self._promise("inspection.begin", since)

    def _first_start(self) -> Page:
        page = self.handset.start()
        page.click(".banner a")
        sign_in_here(page)
        page.wait_for_selector(".starts")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        return page

    @property
    def rooms(self) -> list[str]:
        """Return the ids of the rooms of the building that is shown; 0 is the whole building."""
        links = self.page.locator(".places a").evaluate_all("all => all.map(each => each.hash)")
        return [link.rpartition("/")[2] for link in links]

    def enter(self, room: str, *, photo: bool) -> None:
        """Go through one room: all pass, or one fails and is photographed first."""
        base = self.page.evaluate("location.hash").split("/room/")[0]
        self.page.evaluate("to => { location.hash = to; }", f"{base}/room/{room}")
        self.page.wait_for_selector(f"main[data-screen=form][data-place='{room}']")
        if photo:
            self._fail(room)
        self._pass_others(room)

    def _fail(self, room: str) -> None:
        item = self.rng.choice(self._open_items())
        card = self.page.locator(f"#item-{item}")
        since = clock.now()
        card.locator("label.fail").click()
        self.page.wait_for_selector(f"#item-{item}[data-result=fail]")
        self._promise("item.set", since, room, item, "fail")
        since = clock.now()
        card.locator("input[type=file]").set_input_files([SHOT])
        card.locator(".thumb-button").wait_for()
        self._promise("item.set", since, room, item, "fail", photos=1)

    def _open_items(self) -> list[str]:
        items = self.page.locator(".item[data-result='']")
        return list(items.evaluate_all("all => all.map(each => each.dataset.item)"))

    def _pass_others(self, room: str) -> None:
        before = self._open_items()
        since = clock.now()
        self.page.click(".bar button")
        self.page.click("dialog .main")
        self.page.wait_for_selector(".bar button", state="hidden")
        left = set(self._open_items())
        for item in before:
            if item not in left:
                self._promise("item.set", since, room, item, "pass")

    def finish(self) -> None:
        """Sign and finish."""
        base = self.page.evaluate("location.hash").split("/room/")[0]
        self.page.evaluate("to => { location.hash = to; }", f"{base}/finish")
        since = clock.now()
        self.page.click(".signer >> nth=0")
        box = self.page.locator(".pad").bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + 40, box["y"] + 60)
        self.page.mouse.down()
        for step in range(12):
            self.page.mouse.move(box["x"] + 40 + 18 * step, box["y"] + 60 + 25 * (step % 3))
        self.page.mouse.up()
        self.page.click("dialog button[value=keep]")
        self.page.wait_for_selector(".signer[data-signed=yes]")
        self._promise("signature.add", since)
        since = clock.now()
        self.page.click(".bar .main")
        self.page.click("dialog .main")
        self.page.wait_for_selector("main[data-screen=home]")
        self._promise("inspection.finish", since)

    def inspect(self, *, photos: int, kills: int, end_session: Callable[[], None]) -> None:
        """Inspect every room, `photos` with a failed item, while everything fails; then arrive.

        The browser is killed `kills` times and the session ended once, after rooms of the dice.
        """
        self.begin()
        rooms = [room for room in self.rooms if room != "0"]
        photographed = set(self.rng.sample(rooms, photos))
        killed, ended = set(self.rng.sample(rooms, kills)), self.rng.choice(rooms)
        for room in rooms:
            self.trouble()
            self.enter(room, photo=room in photographed)
            if room == ended:
                end_session()
            if room in killed:
                self.kill()
        self.finish()
        self.arrive()

    def trouble(self) -> None:
        """Let the line do what it likes."""
        match self.rng.randrange(4):
            case 0:
                self.line.cut()
            case 1:
                self.line.cut_after(self.rng.randrange(200, 40_000))
            case 2:
                self.line.mend()

    def kill(self) -> None:
        """Kill the browser, and open it where it was, without waiting for signal."""
        path = self.page.evaluate("location.pathname + location.hash")
        self.handset.kill()
        self.page = self.handset.start(path)

    def sign_in(self) -> None:
        """Follow what the page says of the sign-in, and come back to where one was."""
        place = self.page.evaluate("location.hash")
        self.page.click("[data-signed-out] a")
        sign_in_here(self.page)
        assert self.page.evaluate("location.hash") == place

    def arrive(self) -> None:
        """Mend the line, sign in where that is asked, and wait until nothing waits."""
        self.line.mend()
        self.page.evaluate("dispatchEvent(new Event('online'))")
        self.page.wait_for_selector("[data-signed-out], .waiting[data-waiting='0']")
        if self.page.locator("[data-signed-out]").count():
            self.sign_in()
        self.page.wait_for_selector(".waiting[data-waiting='0']")

    def _promise(
        self, kind: str, since: datetime, room: str | None = None, item: str | None = None,
        result: str | None = None, *, photos: int = 0,
    ) -> None:  # fmt: skip
        place = None if room in (None, "0") else room
        self.promised.append(Promised(kind, place, item, result, photos, since, clock.now()))


def differences(promised: Sequence[Promised], kept: Sequence[dict[str, object]]) -> list[str]:
    """Return how the server's entries differ from what the phone's screen promised."""
    wrong = []
    keys = [_key(op) for op in kept]
    if keys != [each.key for each in promised]:
        wrong.append(f"kept {len(keys)} entries, promised {len(promised)}, or in another order")
    for each, op in zip(promised, kept, strict=False):
        if not each.since.timestamp() - 0.01 <= _at(op).timestamp() <= each.until.timestamp():
            wrong.append(f"{each.key} was made at {each.since}, kept as of {op['at']}")
    return wrong


def _key(op: dict[str, object]) -> tuple[str, str | None, str | None, str | None, int]:
    data = op["data"]
    assert isinstance(data, dict)
    room = data.get("room")
    return (str(op["type"]), None if room is None else str(room), data.get("item"),
            data.get("result"), len(data.get("photos", [])))  # fmt: skip


def _at(op: dict[str, object]) -> datetime:
    at = op["at"]
    assert isinstance(at, datetime)
    return at
