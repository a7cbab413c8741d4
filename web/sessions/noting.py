"""The page on which a tutor writes the notes of a session (SPEC 4; UX 8)."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.parts import parts
from locales.reader import Reader
from locales.refusals import refusal_text
from models.enums import Action, Role
from services.db import Session
from services.lifecycle.access import require_tutor
from services.lifecycle.facts import facts_of_row
from services.media.storing import StoredFile
from services.messaging.submitted_forms import counts_now
from services.notes import batches
from services.notes.batches import Tally
from services.notes.page_notes import add_from_page, batch_chat
from services.queries.changes import Mark, newest
from services.queries.notes import NoteView, notes_of
from services.queries.sessions import SessionView
from services.rules.actions import require
from services.rules.refusals.typed import TextTooLong
from services.rules.session_actions import SessionAction
from web.forms import Form, read_form
from web.note_parts import shown_notes
from web.offers import address_of, path_of
from web.sessions.seeing import SEE_OTHER, about, carry_out, done, form_page, refusals_on_page
from web.site import Site, id_in, row_id, site_of
from web.uploads import WITH_FILES, receive_files

PATH = path_of(SessionAction.ADD_NOTES)


@dataclass(frozen=True)
class Case:
    """The tutor, the session, and what this batch of notes holds so far."""

    user: CurrentUser
    view: SessionView
    tally: Tally | None
    notes: list[NoteView]
    mark: Mark


async def ask(request: Request) -> Response:
    """The page with the parts so far, and the form for more."""
    case = await site_of(request).database.read(_case, request)
    return _page(request, case, Form())


async def add(request: Request) -> Response:
    """Add what the form holds; *Done* ends the notes, unless a file was refused."""
    form = await read_form(request)
    site = site_of(request)
    case = await site.database.read(_case, request)
    reader = case.user.reader
    files = await _files(request, reader, form)
    if form.errors and not files:
        return _page(request, case, form)
    is_done = "done" in form.values and not form.errors
    try:
        _show_in_chat(site, await carry_out(request, _add, form, files, is_done=is_done))
    except TextTooLong as refusal:
        form.errors["text"] = refusal_text(reader, refusal, case.user.person.id)
        return _page(request, case, form)
    if is_done:
        return done(id_in(request), Action.ADD_NOTE)
    if not form.errors:
        return RedirectResponse(request.url.path, SEE_OTHER)
    case = await site.database.read(_case, request)
    return _page(request, case, Form(errors=form.errors))


async def remove(request: Request) -> Response:
    """Remove one part of the notes that are being written."""
    form = await read_form(request)
    _show_in_chat(site_of(request), await carry_out(request, _remove, form))
    return RedirectResponse(address_of(id_in(request), SessionAction.ADD_NOTES), SEE_OTHER)


async def _files(request: Request, reader: Reader, form: Form) -> list[StoredFile]:
    cannot_now = reader.label(
        "Files cannot be saved right now. Please try again in a few minutes, or send the text "
        "alone."
    )
    return await receive_files(site_of(request), reader, form, cannot_now)


def _add(
    session: Session,
    user: CurrentUser,
    appointment_id: int,
    form: Form,
    files: list[StoredFile],
    *,
    is_done: bool,
) -> set[int]:
    """Add the parts; ids of the batches that have changed, one that ended by this included."""
    if not counts_now(session, form.id, user.person.id, user.actor.now):
        return set()
    chat_id = batch_chat(user.person)
    before = batches.open_batch_of(session, user.actor, chat_id)
    tally = add_from_page(session, appointment_id, user.actor, chat_id, form["text"], files)
    if is_done:
        batches.close_batch(session, tally.batch.id, user.actor)
    return {tally.batch.id} | ({before.id} if before else set())


def _remove(session: Session, user: CurrentUser, _: int, form: Form) -> set[int]:
    """Remove the part; id of its batch."""
    return {batches.remove_part(session, row_id(form["part"]), user.actor).batch.id}


def _show_in_chat(site: Site, batch_ids: set[int]) -> None:
    for batch_id in batch_ids:
        for each in site.after_notes:
            each(batch_id)


def _case(session: Session, request: Request) -> Case:
    """The case, if they can add notes now. Refused: NotYourSession, WrongStatus."""
    user, view = about(session, request)
    mark = newest(session)
    require_tutor(session, view.appointment, user.actor)
    facts = facts_of_row(view.appointment)
    require(facts, SessionAction.ADD_NOTES, Role.TUTOR, user.actor.now)
    batch = batches.open_batch_of(session, user.actor, batch_chat(user.person))
    if batch is None or batch.appointment_id != view.id:
        return Case(user, view, None, [], mark)
    tally = batches.tally(session, batch.id)
    if not tally.takes_parts(user.actor.now):
        return Case(user, view, None, [], mark)
    notes = [one for one in notes_of(session, view.id) if one.part.batch_id == batch.id]
    return Case(user, view, tally, notes, mark)


def _page(request: Request, case: Case, form: Form) -> Response:
    reader = case.user.reader
    return form_page(
        request,
        "write_notes.html",
        case.user,
        case.view,
        form,
        so_far=parts(reader, case.tally.counts) if case.tally else "",
        notes=shown_notes(reader, case.notes),
        removing=_removing(case.view.id),
        mark=case.mark,
    )


def _removing(appointment_id: int) -> str:
    return f"/sessions/{appointment_id}/remove-note"


def routes() -> list[Route]:
    """Routes of this module."""
    return [
        Route(PATH, refusals_on_page(ask)),
        Route(PATH, refusals_on_page(add), methods=["POST"], middleware=WITH_FILES),
        Route("/sessions/{id}/remove-note", refusals_on_page(remove), methods=["POST"]),
    ]
