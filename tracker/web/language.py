"""Which language a page speaks: what was picked, else what the browser asks for."""

from flask import Blueprint, has_request_context, redirect, request, session
from flask.typing import ResponseReturnValue

from tracker.core.i18n import LANGUAGES
from tracker.web.access import public
from tracker.web.paths import same_site

bp = Blueprint("language", __name__)
#: Our two languages as Babel and HTML call them.
BABEL = {"zh": "zh_Hans", "en": "en"}
HTML = {"zh": "zh-Hans", "en": "en"}


@bp.get("/language/<any(zh, en):language>")
@public("somebody who cannot read the sign-in page must be able to change its language")
def pick(language: str) -> ResponseReturnValue:
    """Keep the choice in the visitor's own session and go back."""
    session["language"] = language
    return redirect(same_site(request.args.get("next")) or "/", 302)


def current() -> str:
    """Return zh or en for the page being answered; en outside of a request."""
    if not has_request_context():
        return "en"
    picked = session.get("language")
    if picked in LANGUAGES:
        return str(picked)
    wanted = request.accept_languages.best_match(["zh-CN", "zh-Hans", "zh", "en"], "zh")
    return "zh" if wanted.startswith("zh") else "en"


def babel_locale() -> str:
    """Return what Babel calls the language of the page being answered."""
    return BABEL[current()]
