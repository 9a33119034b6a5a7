"""Who may open which page: every route says so, and what says nothing stays shut."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from tracker.accounts import first_run
from tracker.accounts.models import ROLES, Account

View = TypeVar("View", bound=Callable[..., Any])
#: Everybody, signed in or not.
PUBLIC: frozenset[str] = frozenset({"anonymous", *ROLES})
OFFICE = ("admin", "officer")
READERS = (*OFFICE, "head", "auditor")


def roles(*names: str) -> Callable[[View], View]:
    """Open a route to signed-in accounts of these roles."""
    if unknown := set(names) - set(ROLES):
        raise ValueError(f"there is no role {', '.join(sorted(unknown))}")
    return _declare(frozenset(names))


def public(reason: str) -> Callable[[View], View]:
    """Open a route to everybody; `reason` says why that is right."""
    if not reason:
        raise ValueError("say why everybody may open it")
    return _declare(PUBLIC)


def identified_by(identify: Callable[[], Account]) -> Callable[[View], View]:
    """Let visitors of a route show who they are in another way than by a session.

    `identify` returns the account, or raises what the visitor is to be told.
    """

    def mark(view: View) -> View:
        view.identify = identify  # type: ignore[attr-defined]
        return view

    return mark


def declared(view: Callable[..., Any] | None) -> frozenset[str] | None:
    """Return who may open a view; None if it does not say."""
    return getattr(view, "open_to", None)


def viewer() -> Account:
    """Return the signed-in account; only in views that @roles opens."""
    account: Account = g.viewer
    return account


def init_app(app: Flask) -> None:
    """Ask before every view, Flask's own for static files included."""
    public("styles and icons hold nothing personal")(app.view_functions["static"])
    app.before_request(_guard)
    app.context_processor(lambda: {"viewer": g.get("viewer")})


def _declare(open_to: frozenset[str]) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.open_to = open_to  # type: ignore[attr-defined]
        return view

    return mark


def _guard() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    open_to = declared(view)
    if open_to == PUBLIC:
        return None
    if identify := getattr(view, "identify", None):
        g.viewer = identify()
    elif current_user.is_authenticated:
        g.viewer = current_user._get_current_object()
    if view is None:  # 404 and 405 follow; their pages show the menu to who is signed in
        return None
    if "viewer" not in g:
        return _ask_to_sign_in()
    if open_to is None or g.viewer.role not in open_to:
        abort(403)
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if first_run.is_open():
        return redirect(url_for("setup.show"), 303)
    if request.method != "GET":
        flash(_("Your session had ended and nothing was changed. Sign in and do it again."))
        return redirect(url_for("session.show"), 303)
    wanted = request.full_path.removesuffix("?")
    return redirect(url_for("session.show", next=None if wanted == "/" else wanted), 302)
