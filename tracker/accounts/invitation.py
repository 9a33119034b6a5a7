"""The letter that brings a link by which somebody sets a password. Goes through the outbox."""

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from tracker.accounts.models import Account
from tracker.core import i18n
from tracker.outbox import queue
from tracker.outbox.message import Draft

#: How the keys of these letters begin: their text is for the reader alone.
KEY = "password-link:"
RECIPIENT = "sign-in"


def send(account: Account, *, address: str, until: datetime, at: datetime) -> None:
    """Queue the letter with the link `address`; it does not wait for office hours."""
    with force_locale(i18n.LOCALES[account.language]):
        draft = _draft(account, address, i18n.instant_text(until, account.language), at)
    queue.enqueue([draft], now=at, send_after=at)


def is_private(key: str) -> bool:
    """Tell whether a letter's text may be shown to nobody but its reader."""
    return key.startswith(KEY)


def _draft(account: Account, address: str, until: str, at: datetime) -> Draft:
    sentences = (
        _("Hello %(name)s,", name=account.name),
        _("With this link you choose your own password for the Foreign Expert Tracker:"),
        address,
        _("It works once, until %(until)s. You sign in with the address %(email)s.",
          until=until, email=account.email),
        _("If you did not expect this letter, tell the international office; nothing changes "
          "as long as nobody opens the link."),
    )  # fmt: skip
    paragraphs = [
        Markup('<p><a href="{0}">{0}</a></p>').format(text) if text == address
        else Markup("<p>{}</p>").format(text)
        for text in sentences
    ]  # fmt: skip
    return Draft(
        recipient=f"{RECIPIENT}:{account.id}", address=account.email,
        subject=_("Choose your password for the Foreign Expert Tracker"),
        text="\n\n".join(sentences) + "\n", html=str(Markup("\n").join(paragraphs)), ics=None,
        key=f"{KEY}{account.id}:{int(at.timestamp() * 1000)}", urgent=True,
    )  # fmt: skip
