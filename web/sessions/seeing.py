"""What a person sees of one session, and the page that shows it (SPEC 10)."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec, TypeVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from locales.current_user import CurrentUser
from locales.refusals import refusal_text
from locales.results import result_of
from locales.summaries import worded_summary
from models import Appointment, EvidenceFile, NoteSummary
from models.enums import Action, Role
from services.billing.prices import can_have_own_price
from services.db import Session
from services.lifecycle.former_tutors import given_away
from services.queries import family, teaching
from services.queries.changes import Mark, newest
from services.queries.evidence import READERS, evidence_of_dispute
from services.queries.facts import facts_of
from services.queries.history import Happening, history_of
from services.queries.problems import ReportedProblem, problems_by
from services.queries.sessions import (
    SessionDetail,
    SessionView,
    roles_in,
    session_detail,
    session_view,
)
from services.queries.summaries import is_withdrawn_from
from services.queries.together import beside
from services.rules.actions import available_judgements, due_tap
from services.rules.refusals import Refusal
from services.rules.refusals.links import NotSignedIn
from services.rules.refusals.sessions import ActedFirst, GivenAway, NotFound
from services.rules.session_actions import ANSWERS, SessionAction
from services.rules.session_facts import SessionFacts
from web.forms import Form
from web.kept_forms import field_sent, words_sent
from web.lists import family_address, tutor_address
from web.navigation import ADMIN
from web.note_parts import shown_notes
from web.offers import address_of, not_now, offers
from web.session_rows import TONES
from web.sessions.siblings import with_siblings
from web.sessions.wishing import wished_in, with_wish
from web.site import current_user, id_in, page, page_number, site_of
from web.telling import (
    happened,
    no_notes,
    told_evidence,
    told_facts,
    told_history,
    told_report,
    told_request,
)

P = ParamSpec("P")
T = TypeVar("T")
Endpoint = Callable[[Request], Awaitable[Response]]

SEE_OTHER = 303
A_LIST = re.compile(r"/admin(?:/sessions)?(?:\?[^\s\\]*)?", re.ASCII)
"""The coordinators' list or their queue, as it was filtered."""
SEEN_BACK = {Role.TUTOR: "/tutor", Role.PARENT: "/family", Role.COORDINATOR: "/admin/sessions"}
"""The list to which a session's page leads back."""


@dataclass(frozen=True)
class Seen:
    """One session, as somebody sees it in the first of their roles."""

    user: CurrentUser
    role: Role
    detail: SessionDetail
    facts: SessionFacts
    history: list[Happening]
    evidence: list[EvidenceFile]
    reports: list[ReportedProblem]
    """Problems that the viewer has reported, and where they stand."""
    mark: Mark
    beside: list[SessionView]
    """Sessions of siblings taught together, this one included, where a tap of the tutor is due."""
    wished: datetime | None
    """Time that they chose for another session, where it can be asked for in its place now."""

    @property
    def view(self) -> SessionView:
        return self.detail.view

    @property
    def id(self) -> int:
        return self.detail.view.id

    @property
    def summary(self) -> NoteSummary | None:
        """The summary, where it is not withdrawn from this reader."""
        found = self.detail.summary
        return None if found is None or is_withdrawn_from(found, self.role) else found


def look(session: Session, request: Request) -> Seen:
    """The session of the address. Refused: NotSignedIn, GivenAway, NotFound (also where it is not
    theirs).
    """
    user, mark = current_user(session, request), newest(session)
    detail = session_detail(session, id_in(request), user.person)
    role = detail.role if detail else None
    if detail is None or role is None:
        raise _not_theirs(session, request, user)
    dispute, zone = detail.dispute if role in READERS else None, site_of(request).agency.zone
    facts = facts_of(detail, zone)
    is_due = role is Role.TUTOR and due_tap(facts, user.actor.now) is not None
    return Seen(
        user,
        role,
        detail,
        facts,
        history_of(session, detail.view.id, role, user.person.id),
        evidence_of_dispute(session, dispute.id) if dispute else [],
        problems_by(session, detail.view.id, user.person.id) if role is Role.PARENT else [],
        mark,
        beside(session, detail.view) if is_due else [],
        wished_in(session, request, detail.view.id, user, zone),
    )


async def show(request: Request) -> Response:
    """The page of a session."""
    seen = await site_of(request).database.read(look, request)
    return session_page(request, seen, told=_just_done(request, seen))


def session_page(
    request: Request,
    seen: Seen,
    *,
    told: str = "",
    refused: str = "",
    typed: Mapping[int, Form] = MappingProxyType({}),
) -> Response:
    """The page of a session; `told`: what was just done, `refused`: why it was not. `typed`: a form
    that adds to a report and was refused, by the report's id.
    """
    reader, view, role = seen.user.reader, seen.view, seen.role
    record = reader.dated()
    row, viewer_id, back = view.appointment, seen.user.person.id, _back(request, seen)
    facts = replace(seen.facts, summary=seen.facts.summary if seen.summary else None)
    possible = offers(reader, facts, role, is_absent=row.student_absent)
    possible = with_wish(reader, possible, row, seen.wished)
    possible = with_siblings(reader, possible, view, seen.beside)
    return page(
        request,
        "session.html",
        reader,
        seen.user.person,
        status_code=409 if refused or typed else 200,
        seen=seen,
        view=view,
        record=record,
        slot=record.slot(row.starts_at, row.ends_at),
        back=back,
        back_to=(
            reader.label("Queue")
            if back.partition("?")[0] == ADMIN
            else reader.label("All sessions")
        ),
        section=f"/{SEEN_BACK[role].split('/')[1]}",
        told=told,
        refused=refused,
        read_at=f"/sessions/{seen.view.id}",
        unsent=_unsent(request, seen),
        tone=TONES[row.status],
        result=result_of(reader, seen.detail, role),
        facts=told_facts(record, seen.detail, role, viewer_id),
        asked=told_request(reader, seen.detail, role, viewer_id),
        answers=[one for one in possible if one.action in ANSWERS],
        offers=[one for one in possible if one.action not in ANSWERS],
        dispute=seen.detail.dispute if role is Role.COORDINATOR else None,
        not_now=not_now(reader, facts, role, viewer_id),
        summary=worded_summary(reader, seen.summary) if seen.summary else None,
        is_withdrawn=seen.detail.summary is not None and seen.summary is None,
        judgements=[
            (one.value, address_of(view.id, one)) for one in available_judgements(facts, role)
        ],
        notes=shown_notes(reader, seen.detail.notes),
        no_notes=no_notes(reader, row.status, role),
        reports=[
            (told_report(record, one, viewer_id), typed.get(one.report.id) or Form())
            for one in seen.reports
        ],
        can_report=any(one.action is SessionAction.REPORT_PROBLEM for one in possible),
        evidence=told_evidence(reader, seen.evidence),
        history=told_history(record, seen.history, viewer_id, says_how=role is Role.COORDINATOR),
        log=f"/admin/log?session={view.id}" if role is Role.COORDINATOR else "",
        mark=seen.mark,
        pricing=_pricing(request, row, role),
    )


def _unsent(request: Request, seen: Seen) -> list[str]:
    """What the reader has written in vain: not what a form that came twice has recorded."""
    own = [one for one in seen.history if one.actor_id == seen.user.person.id]
    recorded = {words for one in own for words in (one.reason, one.text)}
    return [words for words in words_sent(request) if words.strip() not in recorded]


def _pricing(request: Request, row: Appointment, role: Role) -> str:
    """Address at which a coordinator sets the price of an extra session; empty for others."""
    has_currency = site_of(request).agency.currency is not None
    is_theirs = role is Role.COORDINATOR and can_have_own_price(row) and has_currency
    return f"/admin/billing/extra/{row.id}/price" if is_theirs else ""


def form_page(
    request: Request,
    template: str,
    user: CurrentUser,
    view: SessionView,
    form: Form,
    *,
    told: str = "",
    **values: Any,
) -> Response:
    """The page of a form about a session; `told`: why it is shown in place of another."""
    row = view.appointment
    return page(
        request,
        template,
        user.reader,
        user.person,
        status_code=409 if form.errors or told else 200,
        told=told,
        form=form,
        view=view,
        slot=user.reader.dated_slot(row.starts_at, row.ends_at),
        **values,
    )


def _just_done(request: Request, seen: Seen) -> str:
    """What the reader has just done, by the record of the session; empty where they have not."""
    done = request.query_params.get("done")
    person, reader = seen.user.person, seen.user.reader
    for one in reversed(seen.history):
        if one.action.value == done and one.actor_id == person.id:
            return "" if _is_overtaken(one, seen.history) else happened(reader, one, person.id)
    if done == Action.REPORT_PROBLEM.value and seen.role is Role.PARENT:
        return reader.label("Thank you. The coordinators have it and will look into it.")
    return ""


def _is_overtaken(mine: Happening, history: list[Happening]) -> bool:
    """Whether somebody else has done something to the session since."""
    return any(one.at > mine.at and one.actor_id != mine.actor_id for one in history)


def _back(request: Request, seen: Seen) -> str:
    """The list on which the session is: of a family its child and tab, of a tutor the tab."""
    given, number, now = request.query_params, page_number(request), seen.user.actor.now
    if seen.role is Role.PARENT:
        is_done = "done" in given  # what awaits an answer comes first then, if anything does
        tab = None if is_done else family.tab_of(seen.view, now)
        return family_address(seen.view.student.id, tab, number)
    if seen.role is Role.TUTOR:
        return tutor_address(teaching.tab_of(seen.view, site_of(request).agency, now), number)
    wanted = given.get("back", "") or field_sent(request, "back")
    return wanted if A_LIST.fullmatch(wanted) else SEEN_BACK[seen.role]


def back_with(address: str, *event_ids: int) -> Response:
    """The way back to a list, which tells what was done in these events."""
    joined, events = "&" if "?" in address else "?", "-".join(map(str, event_ids))
    return RedirectResponse(f"{address}{joined}done={events}", SEE_OTHER)


def done(seen_id: int, action: Action) -> Response:
    """The way to the session's page, which tells what was done."""
    return RedirectResponse(f"/sessions/{seen_id}?done={action.value}", SEE_OTHER)


def refusals_on_page(endpoint: Endpoint) -> Endpoint:
    """Show a refusal on the session's page, with what can be done instead."""

    @wraps(endpoint)
    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (NotSignedIn, NotFound):
            raise
        except Refusal as refusal:
            seen = await site_of(request).database.read(look, request)
            reader, person = seen.user.reader, seen.user.person
            words = refusal_text(reader, refusal, person.id)
            if isinstance(refusal, ActedFirst) and refusal.actor_id == person.id:
                return session_page(request, seen, told=words)  # they have done it already
            return session_page(request, seen, refused=words)
        finally:
            await request.close()  # the files of its form, if there are any

    return guarded


def about(session: Session, request: Request) -> tuple[CurrentUser, SessionView]:
    """The user, and the session of the address.

    Refused: NotSignedIn, and GivenAway or NotFound where they may not see it.
    """
    user, view = current_user(session, request), session_view(session, id_in(request))
    if view is None or not roles_in(session, view.appointment, user.person):
        raise _not_theirs(session, request, user)
    return user, view


def _not_theirs(session: Session, request: Request, user: CurrentUser) -> Refusal:
    """Why somebody does not see a session: it is another tutor's now, or never was theirs."""
    is_anothers_now = given_away(session, id_in(request), user.person.id) is not None
    return GivenAway() if is_anothers_now else NotFound()


async def carry_out(
    request: Request,
    use_case: Callable[Concatenate[Session, CurrentUser, int, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run a use case on the session of the address; chats and open pages show it at once.

    Refused as the use case, and NotFound where the user may not see the session.
    """
    site = site_of(request)

    def transaction(session: Session) -> T:
        user, view = about(session, request)
        return use_case(session, user, view.id, *args, **kwargs)

    result = await site.database.write(transaction)
    site.has_acted()
    return result
