"""Files of a person: shown and handed out only to who may read the numbers in them."""

from flask import Blueprint, Response, flash, redirect, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import fields

from tracker.accounts.scope import reads_numbers
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.files import service, store
from tracker.files.models import Attachment
from tracker.web import forms
from tracker.web.access import OFFICE, roles, viewer
from tracker.web.editing import aside, within
from tracker.web.editing.sheet import actor, record, way_back
from tracker.web.headers import LOCKED

bp = Blueprint("files", __name__)
FILE = "/files/" + within.ID.format("file_id")


class Upload(forms.Form):
    """What goes with a file: the document it shows, and where to go afterwards."""

    document = fields.String(load_default="")
    next = fields.String(load_default="")


class Back(forms.Form):
    """Where to go afterwards."""

    next = fields.String(load_default="")


@bp.post(within.PERSON + "/files")
@roles(*OFFICE)
def upload(person_id: int) -> ResponseReturnValue:
    """Keep a file of a person."""
    person = within.person(person_id)
    typed, now, sent = forms.typed(Upload()), clock.now(), aside.received()
    if sent is None:
        flash(_("Choose a file first."), "warning")
        return redirect(way_back(person), 303)
    try:
        ref = _ref(person_id, typed["document"])
        with service.uploading() as written:
            service.add(person.id, sent.data, title=sent.title, fact_ref=ref, by=actor(), at=now,
                        written=written)  # fmt: skip
            record("add file", person, now=now, ref=ref)
            db.session.commit()
        flash(_("The file is kept."))
    except (Invalid, Conflict) as error:
        db.session.rollback()
        flash(" ".join(text for texts in error.messages.values() for text in texts), "warning")
    return redirect(way_back(within.person(person_id)), 303)


@bp.get(FILE)
@roles(*OFFICE, "expert")
def show(file_id: int) -> Response:
    """Hand out a file, to be saved."""
    row = _readable(file_id)
    answer = send_file(
        store.present(store.path_of(row.stored_as)), mimetype=row.media_type, as_attachment=True,
        download_name=row.title, etag=row.sha256, max_age=0,
    )  # fmt: skip
    answer.headers.update(LOCKED)
    return answer


@bp.get(FILE + "/preview")
@roles(*OFFICE, "expert")
def preview(file_id: int) -> Response:
    """Hand out the small picture of an image."""
    row = _readable(file_id)
    if not row.has_preview:
        raise NotFound
    answer = send_file(
        store.present(store.preview_of(row.stored_as)), mimetype="image/jpeg", as_attachment=True,
        download_name="preview.jpg", max_age=0,
    )  # fmt: skip
    answer.headers.update(LOCKED)
    return answer


@bp.post(FILE + "/remove")
@roles(*OFFICE)
def remove(file_id: int) -> ResponseReturnValue:
    """Remove a file; that it was there, and who removed it, stays on record."""
    row = _readable(file_id)
    forms.typed(Back())
    person, now = within.person(row.person_id), clock.now()
    name = service.remove(row, by=actor(), at=now)
    record("remove file", person, now=now, ref=row.fact_ref)
    db.session.commit()
    store.drop(name)
    flash(_("The file is removed."))
    return redirect(way_back(person), 303)


def shown_to(person_id: int) -> list[Attachment] | None:
    """Return the files the reader may see; None for a reader who sees none."""
    if not reads_numbers(viewer(), person_id=person_id):
        return None
    return service.of_person(person_id)


def _readable(file_id: int) -> Attachment:
    row = service.get(file_id)
    if not reads_numbers(viewer(), person_id=within.person(row.person_id).id):
        raise NotFound
    return row


def _ref(person_id: int, document: str) -> str | None:
    kind, _slash, number = document.partition("/")
    if not (number.isascii() and number.isdecimal() and len(number) < 6):
        return None
    return within.document(person_id, kind, int(number)).ref
