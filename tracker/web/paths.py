"""Where a link or a form may lead: only our own pages."""

import re

_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def same_site(target: str | None) -> str | None:
    """Return `target` if it is a path on this site, else None."""
    if not target or not _OWN_PATH.fullmatch(target) or "//" in target.partition("?")[0]:
        return None
    return target
