"""Passwords: how strong, how kept, how checked."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from tracker.core.errors import Invalid

# OWASP's smallest Argon2id setting: 45 ms on a small server, where the library's takes 150.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Checked when there is no account, so that the answer takes as long.
_NOBODY = _HASHER.hash("nobody has this password")
SHORTEST, LONGEST, FEWEST_DIFFERENT = 12, 128, 5


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return _HASHER.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Tell whether `password` is the stored one; takes as long when nothing is stored."""
    try:
        return _HASHER.verify(stored or _NOBODY, _normal(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Tell whether a stored hash was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(stored)


def require_strong(password: str, *, email: str) -> None:
    """Raise Invalid when a password is too short, too long or too easily guessed."""
    normal = _normal(password)
    if len(normal) < SHORTEST:
        raise Invalid(password=_("Use at least %(count)s characters.", count=SHORTEST))
    if len(normal) > LONGEST:
        raise Invalid(password=_("Use at most %(count)s characters.", count=LONGEST))
    name = email.partition("@")[0].casefold()
    if len(set(normal)) < FEWEST_DIFFERENT or (len(name) > 3 and name in normal.casefold()):
        raise Invalid(
            password=_("This is easily guessed. Choose one that is not repetitive or your name.")
        )


def _normal(password: str) -> str:
    """The same password typed on another keyboard is the same password (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)
