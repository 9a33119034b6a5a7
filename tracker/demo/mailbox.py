"""A mail server for the demonstration: takes every letter by SMTP and lays it into a folder."""

import asyncio
import html
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

PAGE = """<!doctype html>
<html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ font: 16px/1.5 sans-serif; max-width: 60rem; margin: 1rem auto; padding: 0 1rem }}
td, th {{ text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top }}
iframe {{ width: 100%; height: 75vh; border: 1px solid #999 }}</style>
<h1>{title}</h1>
{body}
</html>
"""


class Mailbox:
    """Receives on a free loopback port, in a thread of its own; index.html lists the letters."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.rows: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def count(self) -> int:
        """Return how many letters have arrived."""
        return len(self.rows)

    def start(self) -> None:
        """Begin to receive; `port` says where."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write_index()
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Stop receiving; what has arrived stays in the folder."""
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a letter. aiosmtpd calls this by its name and sends the answer."""
        self._keep(envelope.original_content or b"", envelope.rcpt_tos)
        return f"250 letter {self.count} is in the folder"

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(self._protocol, "127.0.0.1", 0)

    def _protocol(self) -> SMTP:
        return SMTP(self, hostname="demo.localhost", loop=self._loop, enable_SMTPUTF8=True)

    def _keep(self, content: bytes, recipients: list[str]) -> None:
        name = f"{self.count + 1:05}"
        message: EmailMessage = message_from_bytes(content, policy=policy.default)
        (self.folder / f"{name}.eml").write_bytes(content)
        (self.folder / f"{name}.html").write_text(_letter_page(message, name), "utf-8")
        self.rows.append(
            f"<tr><td>{name}<td>{_safe(', '.join(recipients))}"
            f'<td><a href="{name}.html">{_safe(message["subject"])}</a>'
        )
        self._write_index()

    def _write_index(self) -> None:
        rows = "\n".join(reversed(self.rows))
        body = f"<table><tr><th>no.<th>收件人 to<th>主题 subject\n{rows}\n</table>"
        title = f"演示信箱 Demo mailbox: {self.count}"
        arriving = self.folder / "index.new"
        arriving.write_text(PAGE.format(title=title, body=body), "utf-8")
        arriving.replace(self.folder / "index.html")


def _letter_page(message: EmailMessage, name: str) -> str:
    part = message.get_body(("html", "plain"))
    content = part.get_content() if part is not None else ""
    if part is not None and part.get_content_type() == "text/plain":
        content = f"<pre>{html.escape(content)}</pre>"
    heads = "".join(
        f"<tr><th>{head}<td>{_safe(message[head])}" for head in ("From", "To", "Date", "Message-ID")
    )
    body = (
        f'<p><a href="index.html">信箱 Mailbox</a> · <a href="{name}.eml">{name}.eml</a></p>'
        f"<table>{heads}</table>"
        # The sandbox lets nothing in a letter run.
        f'<iframe sandbox title="letter" srcdoc="{html.escape(content)}"></iframe>'
    )
    return PAGE.format(title=_safe(message["subject"]), body=body)


def _safe(value: Any) -> str:
    return html.escape(str(value or ""))
