"""A phone in somebody's hand: its browser can be killed, and its connection cut in mid-sentence."""

import contextlib
import os
import signal
import socket
import struct
import threading
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page, Playwright

from tests import seeds
from tests.browser.chromium import executable
from tests.browser.conftest import LONGEST_WAIT, WATCH
from tests.browser.pages import LANGUAGES, SIZES

#: Sent on close instead of the rest: the other side sees a broken connection, not an end.
ABORT = struct.pack("ii", 1, 0)


class Line:
    """A connection to the server at `port` of this machine that can be cut at any byte."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._left: int | None = None
        self.broken = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break what is under way and refuse what comes."""
        with self._lock:
            self.broken, self._left = True, None
            open_, self._open = self._open, set()
        for each in open_:
            _abort(each)

    def cut_after(self, size: int) -> None:
        """Let `size` more bytes of the phone through, then cut."""
        with self._lock:
            self._left = size

    def mend(self) -> None:
        """Let everything through again."""
        with self._lock:
            self.broken, self._left = False, None

    def close(self) -> None:
        """Cut for good."""
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                phone, _address = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                _abort(phone)
                continue
            with self._lock:
                broken = self.broken
                self._open |= set() if broken else {phone, server}
            if broken:
                _abort(phone)
                _abort(server)
                continue
            for pair in ((phone, server), (server, phone)):
                threading.Thread(target=self._pump, args=pair, daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while content := source.recv(1 << 14):
                if sink.getpeername()[1] == self._target and self._used_up(len(content)):
                    sink.sendall(content[: len(content) // 2])
                    self.cut()
                    return
                sink.sendall(content)
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _used_up(self, size: int) -> bool:
        with self._lock:
            if self._left is None:
                return False
            self._left -= size
            return self._left < 0


class Handset:
    """A phone's browser with a memory of its own (`folder`), which outlives a kill."""

    def __init__(self, playwright: Playwright, folder: Path, address: str) -> None:
        self._playwright, self._folder, self.address = playwright, folder, address
        self.context: BrowserContext | None = None
        self.wrong: list[str] = []

    def start(self, path: str = "/phone/", *, language: str = "en") -> Page:
        """Open the browser at a page, which may come from the phone's own memory."""
        width, height = SIZES["phone"]
        self.context = self._playwright.chromium.launch_persistent_context(
            self._folder, executable_path=executable(), base_url=self.address,
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
            viewport={"width": width, "height": height}, locale=LANGUAGES[language],
            timezone_id="Asia/Shanghai", has_touch=True,
        )  # fmt: skip
        self.context.set_default_timeout(LONGEST_WAIT)
        page = self.context.pages[0]
        page.add_init_script(WATCH)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self._note(said.text) if said.type == "error" else None)
        page.goto(path)
        page.wait_for_selector("main[data-screen]")
        return page

    def kill(self) -> None:
        """End the browser at once, as the system does when it needs the memory."""
        process = self._process()
        os.kill(process, signal.SIGKILL)
        while Path(f"/proc/{process}").exists() and _alive(process):
            time.sleep(0.01)
        self.close()

    def close(self) -> None:
        """Close the browser, if it is still there."""
        if self.context is not None:
            with contextlib.suppress(Error):
                self.context.close()
            self.context = None

    def _process(self) -> int:
        mine = f"--user-data-dir={self._folder}".encode()
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = path.read_bytes().split(b"\0")
                if mine in words and not any(word.startswith(b"--type=") for word in words):
                    return int(path.parent.name)
        raise LookupError("the browser does not run")

    def _note(self, text: str) -> None:
        if text.startswith("CSP"):
            self.wrong.append(text)


def sign_in_here(page: Page, role: str = "inspector") -> None:
    """Sign in on the page that asks for it; it leads back to where one was."""
    page.fill("#email", f"{role}@example.org")
    page.fill("#password", seeds.PASSWORD)
    page.click("main form button")
    page.wait_for_selector("main[data-screen]")


def _alive(process: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def _abort(side: socket.socket) -> None:
    with contextlib.suppress(OSError):
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
    with contextlib.suppress(OSError):
        side.shutdown(socket.SHUT_RDWR)
    side.close()
