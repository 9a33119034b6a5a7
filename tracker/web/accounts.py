"""Accounts: who may sign in as what; added, changed, invited and stopped by administrators."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from tracker import pipeline
from tracker.accounts import audit, invitation, links, service
from tracker.accounts.models import ROLES, Account
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound, TrackerError
from tracker.core.i18n import LANGUAGES
from tracker.facts.models import Person, Unit
from tracker.hazards import owners
from tracker.web import forms
from tracker.web.access import roles, viewer
from tracker.web.forms import asked, page_number

bp = Blueprint("accounts", __name__, url_prefix="/accounts")
PAGE = 50
#: Minutes a link lives, as the form offers them.
LIVES = {"30": _l("30 minutes"), "1440": _l("One day"), "4320": _l("Three days")}
ADDRESS = "/<int(max=2147483647):account_id>"


class Details(forms.Form):
    """What an account is called and may do."""

    name = forms.text(120)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    unit = fields.String(load_default="", validate=validate.Length(max=10))
    person = fields.String(load_default="", validate=validate.Length(max=10))
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    health = fields.String(load_default="", validate=validate.OneOf(("", "yes")))


class NewAccount(Details):
    """What a new account needs: an address besides."""

    email = forms.text()


class Link(forms.Form):
    """How long a link works, and how it reaches its reader."""

    minutes = fields.String(required=True, validate=validate.OneOf(sorted(LIVES)))
    way = fields.String(required=True, validate=validate.OneOf(["mail", "show"]))


@bp.get("")
@roles("admin")
def show() -> ResponseReturnValue:
    """List the accounts, found by name or address, of one role or of all."""
    page, role, text = page_number(), asked("role", 20), asked("q")
    wanted = [] if role not in ROLES else [Account.role == role]
    if text:
        found = (
            column.icontains(text, autoescape=True) for column in (Account.name, Account.email)
        )
        wanted.append(sa.or_(*found))
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Account).where(*wanted)) or 0
    accounts = db.session.execute(
        sa.select(Account, Unit, Person)
        .outerjoin(Unit, Unit.id == Account.unit_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(*wanted)
        .order_by(Account.active.desc(), Account.name, Account.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    ).all()
    return render_template(
        "accounts/list.html", accounts=accounts, count=count, page=page, pages=-(-count // PAGE),
        roles=ROLES, asked={"q": text, "role": role},
    )  # fmt: skip


@bp.get("/new")
@roles("admin")
def new() -> ResponseReturnValue:
    """Ask who is to get an account; of a person, what is known is filled in."""
    typed: dict[str, Any] = {"role": asked("role", 20) or "officer", "language": "zh"}
    number = asked("person", 10)
    person = db.session.get(Person, int(number)) if _is_number(number) else None
    if person is not None:
        typed |= {"role": "expert", "person": str(person.id), "name": person.name[:120],
                  "email": person.email or "",
                  "language": "en" if person.language == "en" else "zh"}  # fmt: skip
    return _form(None, {}, typed)


@bp.post("/new")
@roles("admin")
def add() -> ResponseReturnValue:
    """Make an account; a link by which its owner sets a password follows on its page."""
    try:
        typed = forms.typed(NewAccount())
        unit_id, person_id = _place(typed)
        account = service.create_account(
            email=typed["email"], name=typed["name"], role=typed["role"],
            language=typed["language"], at=clock.now(), unit_id=unit_id, person_id=person_id,
            health=bool(typed["health"]),
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        return _refused(None, error)
    _note("account added", account, role=account.role, health=account.health)
    db.session.commit()
    flash(_("The account is made. Send its owner a link to choose a password."))
    return _to(account)


@bp.get(ADDRESS)
@roles("admin")
def account(account_id: int) -> ResponseReturnValue:
    """Show one account: what it may do, the link, what was done to it."""
    found = _found(account_id)
    return _form(found, {}, _as_typed(found))


@bp.post(ADDRESS)
@roles("admin")
def change(account_id: int) -> ResponseReturnValue:
    """Change what an account is called and may do."""
    found = _found(account_id)
    before = _reach(found)
    try:
        typed = forms.typed(Details())
        unit_id, person_id = _place(typed)
        service.change(
            found, name=typed["name"], role=typed["role"], language=typed["language"],
            unit_id=unit_id, person_id=person_id, health=bool(typed["health"]),
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        return _refused(account_id, error)
    after = _reach(found)
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    _note("account changed", found, **changed)
    db.session.commit()
    flash(_("Saved."))
    return _to(found)


@bp.post(f"{ADDRESS}/deactivate")
@roles("admin")
def deactivate(account_id: int) -> ResponseReturnValue:
    """Stop an account from signing in; letters to it stop as well."""
    found = _found(account_id)
    try:
        _require_somebody_else(found)
        service.deactivate(found)
    except Conflict as error:
        return _refused(account_id, error)
    links.end_all(found, at=clock.now())
    # What they answered for falls to somebody else now, not with tomorrow's planning.
    theirs = owners.buildings_of(found.id)
    pipeline.refresh_buildings(theirs, today=clock.today(), now=clock.now())
    _note("account deactivated", found)
    db.session.commit()
    flash(_("The account can no longer sign in, and gets no letters."))
    return _to(found)


@bp.post(f"{ADDRESS}/reactivate")
@roles("admin")
def reactivate(account_id: int) -> ResponseReturnValue:
    """Let an account sign in again."""
    found = _found(account_id)
    service.reactivate(found)
    _note("account reactivated", found)
    db.session.commit()
    flash(_("The account can sign in again."))
    return _to(found)


@bp.post(f"{ADDRESS}/link")
@roles("admin")
def link(account_id: int) -> ResponseReturnValue:
    """Make a one-time link to set a password; mailed, or shown once to be handed over."""
    found, now, by = _found(account_id), clock.now(), audit.actor_of(viewer())
    try:
        typed = forms.typed(Link())
        life = timedelta(minutes=int(typed["minutes"]))
        token, until = links.make(found, valid_for=life, by=by, at=now)
        address = f"{current_app.config['PUBLIC_URL'].rstrip('/')}/password/{token}"
        if typed["way"] == "mail":
            invitation.send(found, address=address, until=until, at=now)
    except (Invalid, Conflict) as error:
        return _refused(account_id, error)
    _note("password link made", found, minutes=int(typed["minutes"]), way=typed["way"])
    db.session.commit()
    if typed["way"] == "mail":
        flash(_("A letter with the link is on its way to %(email)s.", email=found.email))
        return _to(found)
    return render_template("accounts/link.html", account=found, address=address, until=until)


def _form(
    account: Account | None, errors: dict[str, list[str]], typed: Any, status: int = 200
) -> ResponseReturnValue:
    units = db.session.scalars(sa.select(Unit).order_by(Unit.name_zh)).all()
    trail = audit.about(audit.actor_of(account), most=20) if account else []
    page = render_template(
        "accounts/account.html", account=account, errors=errors, typed=typed, roles=ROLES,
        units=units, lives=LIVES, person=_person(str(typed.get("person") or "")),
        trail=trail, names=audit.names_of(trail),
    )  # fmt: skip
    return page, status


def _refused(account_id: int | None, error: TrackerError) -> ResponseReturnValue:
    """Show the form again with what was typed and what is wrong with it."""
    db.session.rollback()
    found = _found(account_id) if account_id is not None else None
    typed = dict(_as_typed(found)) if found else {}
    typed |= {name: value for name, value in request.form.items() if name != "csrf_token"}
    return _form(found, error.messages, typed, error.status)


def _require_somebody_else(account: Account) -> None:
    if account.id == viewer().id:
        raise Conflict(_("Nobody stops their own account. Ask another administrator."))


def _reach(account: Account) -> dict[str, Any]:
    return {"role": account.role, "unit": account.unit_id, "person": account.person_id,
            "health": account.health}  # fmt: skip


def _as_typed(account: Account) -> dict[str, str]:
    return {
        "email": account.email, "name": account.name, "role": account.role,
        "unit": str(account.unit_id or ""), "person": str(account.person_id or ""),
        "language": account.language, "health": "yes" if account.health else "",
    }  # fmt: skip


def _place(typed: dict[str, Any]) -> tuple[int | None, int | None]:
    """Return the unit of a secretary and the person of an expert; Invalid if there is none."""
    if typed["role"] == "unit_secretary":
        unit = db.session.get(Unit, int(typed["unit"])) if _is_number(typed["unit"]) else None
        if unit is None:
            raise Invalid(unit=_("Say of which unit this secretary is."))
        return unit.id, None
    if typed["role"] == "expert":
        person = _person(typed["person"])
        if person is None:
            raise Invalid(
                person=_("There is nobody with this number. It is at the end of the address of "
                         "the person's page.")
            )  # fmt: skip
        return None, person.id
    return None, None


def _person(number: str) -> Person | None:
    return db.session.get(Person, int(number)) if _is_number(number) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _found(account_id: int) -> Account:
    found = db.session.get(Account, account_id)
    if found is None:
        raise NotFound
    return found


def _note(action: str, account: Account, **details: Any) -> None:
    audit.record(
        actor=audit.actor_of(viewer()), action=action, subject=audit.actor_of(account),
        at=clock.now(), details=details,
    )  # fmt: skip


def _to(account: Account) -> ResponseReturnValue:
    return redirect(url_for("accounts.account", account_id=account.id), 303)
