"""The pages on which a parent disputes a session, or reports a problem (SPEC 5)."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.reader import Reader
from locales.refusals import refusal_text
from locales.wording import dispute_reason
from models.enums import Action, DisputeReason
from services.approvals import disputes, problem_reports, report_additions
from services.db import Session
from services.media.storing import StoredFile
from services.messaging.submitted_forms import counts_now
from services.queries.evidence import evidence_for
from services.queries.files import NoteFile
from services.queries.notes import has_notes
from services.queries.sessions import SessionView
from services.rules.disputes import dispute_reasons
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import ActedFirst, NotFound
from services.rules.session_actions import SessionAction
from web.file_answers import give
from web.forms import Form, check_reason, check_text, read_form
from web.offers import path_of
from web.sessions.seeing import (
    about,
    carry_out,
    done,
    form_page,
    look,
    refusals_on_page,
    session_page,
)
from web.site import current_user, id_in, row_id, site_of
from web.uploads import WITH_FILES, receive_files


@dataclass(frozen=True)
class Case:
    """The parent and the session."""

    user: CurrentUser
    view: SessionView
    reasons: tuple[DisputeReason, ...] = ()
    report_id: int | None = None
    """Their report of the session that nobody has closed."""


async def ask_dispute(request: Request) -> Response:
    """The page with the reasons, a text, and evidence."""
    case = await site_of(request).database.read(_disputable, request)
    return _dispute_page(request, case, Form())


async def dispute(request: Request) -> Response:
    """Dispute the session; where somebody acted first, offer what was written as a report."""
    form = await read_form(request)
    try:
        return await _dispute_as_written(request, form)
    except ActedFirst as first:
        try:
            case = await site_of(request).database.read(_reportable, request)
        except Refusal:
            raise first from None
        if first.actor_id == case.user.person.id:
            raise
        told = refusal_text(case.user.reader, first, case.user.person.id)
        return _problem_page(request, case, form, told)


async def _dispute_as_written(request: Request, form: Form) -> Response:
    """Dispute. Files that cannot be kept are refused first; what was typed stays."""
    site = site_of(request)
    case = await site.database.read(_disputable, request)
    check_reason(form, case.user, case.reasons, DisputeReason.OTHER)
    files = await _files(request, case.user.reader, form)
    if form.errors:
        return _dispute_page(request, case, form)
    await carry_out(request, _dispute, DisputeReason(form["reason"]), form["text"], files)
    return done(case.view.id, Action.DISPUTE)


async def ask_problem(request: Request) -> Response:
    """The page with the question what the problem is, or what is added to an open report."""
    case = await site_of(request).database.read(_reportable, request)
    adds_to = {} if case.report_id is None else {"report": str(case.report_id)}
    return _problem_page(request, case, Form(adds_to))


async def add(request: Request) -> Response:
    """Add to an open report, on the session's page; once for each form."""
    form = await read_form(request)
    seen = await site_of(request).database.read(look, request)
    missing = seen.user.reader.label("Please write a few words first.")
    check_text(form, seen.user, is_needed=True, missing=missing)
    if form.errors:
        return session_page(request, seen, typed={row_id(form["report"]): form})
    await carry_out(request, _add, form, [])
    return done(seen.id, Action.ADD_TO_REPORT)


async def report(request: Request) -> Response:
    """Report the problem, or add to the report that was open; once for each form."""
    form = await read_form(request)
    case = await site_of(request).database.read(_reportable, request)
    missing = case.user.reader.label("Please say what the problem is, in a few words.")
    is_needed = form["reason"] not in set(DisputeReason)
    check_text(form, case.user, is_needed=is_needed, missing=missing)
    files = await _files(request, case.user.reader, form)
    if form.errors:
        return _problem_page(request, case, form)
    adds = bool(form["report"])
    await carry_out(request, _add if adds else _report, form, files)
    return done(case.view.id, Action.ADD_TO_REPORT if adds else Action.REPORT_PROBLEM)


async def _files(request: Request, reader: Reader, form: Form) -> list[StoredFile]:
    cannot_now = reader.label(
        "Files cannot be saved right now. Please try again in a few minutes, or send it without "
        "files."
    )
    stored = await receive_files(site_of(request), reader, form, cannot_now)
    if stored and "files" in form.errors:  # a browser does not fill in a field of files again
        form.errors["files"] += " " + reader.label("Please choose the other files once more, too.")
    return stored


def _dispute(
    session: Session,
    user: CurrentUser,
    appointment_id: int,
    reason: DisputeReason,
    text: str,
    files: list[StoredFile],
) -> None:
    disputes.dispute(session, appointment_id, user.actor, reason, text, files)


def _report(
    session: Session, user: CurrentUser, appointment_id: int, form: Form, files: list[StoredFile]
) -> None:
    if not counts_now(session, form.id, user.person.id, user.actor.now):
        return
    given = form["reason"]
    reason = DisputeReason(given) if given in set(DisputeReason) else None
    problem_reports.report_problem(
        session, appointment_id, user.actor, form["text"], None, reason=reason, files=files
    )


def _add(
    session: Session, user: CurrentUser, appointment_id: int, form: Form, files: list[StoredFile]
) -> None:
    """Add to the report that the form names. Refused: NotFound, also where it is not theirs."""
    if not counts_now(session, form.id, user.person.id, user.actor.now):
        return
    added_to = report_additions.add_to_report(
        session, row_id(form["report"]), user.actor, form["text"], None, files=files
    )
    if added_to.appointment_id != appointment_id:
        raise NotFound


def _disputable(session: Session, request: Request) -> Case:
    """The case, if they could dispute now. Refused as the dispute would be."""
    user, view = about(session, request)
    disputes.require_disputable(session, view.id, user.actor)
    return Case(user, view, dispute_reasons(has_notes=has_notes(session, view.id)))


def _reportable(session: Session, request: Request) -> Case:
    """The case, if they could report a problem now. Refused as the report would be."""
    user, view = about(session, request)
    problem_reports.require_reportable(session, view.id, user.actor)
    is_open = report_additions.open_report_of(session, view.id, user.person.id)
    return Case(user, view, report_id=None if is_open is None else is_open.id)


def _evidence(session: Session, request: Request) -> NoteFile:
    user = current_user(session, request)
    return evidence_for(session, user.person, id_in(request))


def _dispute_page(request: Request, case: Case, form: Form) -> Response:
    reasons = [(one.value, dispute_reason(case.user.reader, one)) for one in case.reasons]
    return form_page(request, "dispute.html", case.user, case.view, form, reasons=reasons)


def _problem_page(request: Request, case: Case, form: Form, told: str = "") -> Response:
    """The form of a report; `told`: why it takes the place of a dispute."""
    given = form["reason"]
    words = [
        (one.value, dispute_reason(case.user.reader, one)) for one in DisputeReason if one == given
    ]
    return form_page(
        request, "problem.html", case.user, case.view, form,
        told=told, reasons=words, adds_to=form["report"],
    )  # fmt: skip


async def give_evidence(request: Request) -> Response:
    """A file of a dispute, for the family and coordinators."""
    site = site_of(request)
    return await give(site, await site.database.read(_evidence, request))


def routes() -> list[Route]:
    """Routes of this module."""
    disputing = path_of(SessionAction.DISPUTE)
    reporting = path_of(SessionAction.REPORT_PROBLEM)
    return [
        Route(disputing, refusals_on_page(ask_dispute)),
        Route(disputing, refusals_on_page(dispute), methods=["POST"], middleware=WITH_FILES),
        Route(reporting, refusals_on_page(ask_problem)),
        Route(reporting, refusals_on_page(report), methods=["POST"], middleware=WITH_FILES),
        Route("/sessions/{id}/add-to-report", refusals_on_page(add), methods=["POST"]),
        Route("/evidence/{id}", give_evidence),
    ]
