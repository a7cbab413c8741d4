"""The first page of coordinators: the queue beside the matter that is chosen (SPEC 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from locales.current_user import CurrentUser
from locales.reader import Reader
from locales.wording import action_done
from services.db import Session
from services.queries.changes import Mark, newest
from services.queries.people import person_with
from services.queries.queue import QueueCounts, QueueItem, queue_counts, queue_item, queue_page
from services.queries.queue_filter import QueueFilter
from services.queries.queue_rows import QueueRow, queue_rows
from services.queries.scheduling import student_with
from services.queries.sessions import SessionView, session_view
from services.queries.subjects import session_of_matter
from services.queries.trail import Done, done_by
from services.rules.agency import Agency
from services.rules.queue import BULK, QueueKind
from services.rules.refusals.sessions import NotFound
from web.admin.frame import admin_page, coordinator
from web.admin.queue.acts import Act, ListPlace
from web.admin.queue.filters import (
    PATH,
    address_of,
    filter_in,
    number_in,
    query_of,
    read_key,
)
from web.admin.queue.pane import Case, read_case, told_pane
from web.admin.queue.telling import told_row
from web.forms import Form
from web.site import page_number, site_of

Named = tuple[str, str]
"""A session in words, and its address."""


@dataclass(frozen=True)
class Found:
    """What the page shows."""

    wanted: QueueFilter
    number: int
    counts: QueueCounts
    rows: list[QueueRow]
    has_more: bool
    case: Case | None
    is_chosen: bool
    """Whether the address names the matter; otherwise it is the first."""
    gone: SessionView | None
    """Session of the matter that the address names, where that does not wait any more."""
    names: tuple[str, str]
    """Of the person and the child that the filter names."""
    done: Done | None
    mark: Mark


async def show(request: Request) -> Response:
    """The page. Refused: NotSignedIn."""
    if page_number(request) > 1:
        found = await site_of(request).database.read(look, request, request.query_params)
        if not found[1].rows:
            return RedirectResponse(address_of(found[1].wanted))
    return await queue_response(request, request.query_params)


async def queue_response(
    request: Request,
    given: Mapping[str, str],
    *,
    form: Form | None = None,
    refused: str = "",
    already: str = "",
    unsent: Sequence[str] | None = None,
) -> Response:
    """The page for an address's parameters; `form`, `refused`: of an act that was refused.

    `already`: of one that its reader had done before. `unsent`: what was written for it in vain, as
    `web.site.page` has it; a form that stands on the page again has it in its field.
    """
    user, found = await site_of(request).database.read(look, request, given)
    reader, agency = user.reader, site_of(request).agency
    wanted, query = found.wanted, query_of(found.wanted, found.number)
    place = ListPlace.of(query)
    asks = given.get("do", "")
    act = Act(asks) if asks in set(Act) and found.is_chosen else None
    rows = [told_row(reader, row, agency, user.person.id, place) for row in found.rows]
    key, pane, is_listed = "", None, False
    if found.case:
        key = found.case.row.item.key
        listed = next((one for one in rows if one.key == key), None)
        told = listed or told_row(reader, found.case.row, agency, user.person.id, place)
        pane, is_listed = told_pane(user, found.case, told, agency, place, act), told is listed
    return admin_page(
        request,
        "admin/queue.html",
        user,
        status_code=409 if refused or (form and form.errors) else 200,
        rows=rows,
        pane=pane,
        is_listed=is_listed,
        is_chosen=found.is_chosen,
        next=_next([row.key for row in rows], key),
        query=query,
        form=form or Form(),
        refused=refused,
        unsent=() if pane and pane.asks else unsent,
        gone=_about(reader, found.gone) if refused or asks else None,
        read_at=address_of(
            wanted, found.number, item=given.get("item", ""), do=asks if asks in set(Act) else ""
        ),
        done=(already, _about(reader, found.gone)) if already else _told(reader, found.done),
        chips=_chips(reader, found),
        wanted=wanted,
        named=_named(found),
        bulk=f"/admin/bulk?{query_of(wanted)}" if wanted.kind in BULK and found.rows else None,
        plain=address_of(QueueFilter(wanted.kind, is_snoozed=wanted.is_snoozed)),
        newer=address_of(wanted, found.number - 1) if found.number > 1 else None,
        older=address_of(wanted, found.number + 1) if found.has_more else None,
        at_key=key,
        path=place.path,
        mark=found.mark,
    )


def look(session: Session, request: Request, given: Mapping[str, str]) -> tuple[CurrentUser, Found]:
    """What the page shows. Refused: NotSignedIn."""
    user, mark = coordinator(session, request), newest(session)
    agency, now = site_of(request).agency, user.actor.now
    wanted, number = filter_in(given), number_in(given)
    items, has_more = queue_page(session, wanted, agency, now, number=number)
    chosen, is_named = _chosen(session, given.get("item", ""), items, agency, user)
    others = [chosen] if chosen is not None and chosen not in items else []
    rows = queue_rows(session, [*items, *others], now)
    row = next((one for one in rows if one.item == chosen), None)
    gone = None if is_named else _session_of(session, given.get("item", ""))
    person, child = person_with(session, wanted.person_id), student_with(session, wanted.student_id)
    return user, Found(
        wanted,
        number,
        queue_counts(session, wanted, agency, now),
        rows[: len(items)],
        has_more,
        read_case(session, row, user) if row else None,
        is_named,
        gone,
        (person.name if person else "", child.name if child else ""),
        done_by(session, user.person.id, given.get("done", ""), now),
        mark,
    )


def _chosen(
    session: Session, given: str, items: list[QueueItem], agency: Agency, user: CurrentUser
) -> tuple[QueueItem | None, bool]:
    """The matter that the address names, wherever it is in the queue; otherwise the first."""
    first = items[0] if items else None
    key = read_key(given)
    if key is None:
        return first, False
    for item in items:
        if item.key == given:
            return item, True
    found = queue_item(session, *key, agency, user.actor.now)
    return (found, True) if found else (first, False)


def _session_of(session: Session, given: str) -> SessionView | None:
    """The session of the matter that the address names."""
    try:
        key = read_key(given)
        appointment_id = session_of_matter(session, *key) if key else None
    except NotFound:
        return None
    return session_view(session, appointment_id) if appointment_id else None


def _next(keys: Sequence[str], key: str) -> str:
    """The row after the chosen one, which is chosen once something is done about this one."""
    if key not in keys:
        return ""
    place = keys.index(key)
    after = keys[place + 1 : place + 2] or keys[max(place - 1, 0) : place]
    return after[0] if after else ""


def _told(reader: Reader, done: Done | None) -> tuple[str, Named | None] | None:
    """What was just done, and to which session."""
    if done is None:
        return None
    return action_done(reader, done.action, "", done.at, is_reader=True), _about(reader, done.view)


def _about(reader: Reader, view: SessionView | None) -> Named | None:
    """A session in words, and its address."""
    if view is None:
        return None
    row = view.appointment
    about = f"{view.student.name} · {row.subject}, {reader.slot(row.starts_at, row.ends_at)}"
    return about, f"/sessions/{view.id}"


def _chips(reader: Reader, found: Found) -> list[tuple[str, str, int, bool]]:
    """Filters by kind with their counts, and what is put off: address, name, count, is open."""
    wanted, counts = found.wanted, found.counts
    names = {
        QueueKind.REQUEST: reader.label("Requests"),
        QueueKind.LATE_CHANGE: reader.label("Late changes"),
        QueueKind.DISPUTE: reader.label("Disputes"),
        QueueKind.PROBLEM: reader.label("Problems"),
        QueueKind.ATTENDANCE: reader.label("Attendance"),
        QueueKind.REPLACEMENT: reader.label("Replacements"),
        QueueKind.UNANSWERED: reader.label("Unanswered"),
        QueueKind.DELIVERY: reader.label("Deliveries"),
        QueueKind.FILE: reader.label("Files"),
    }

    rest = query_of(replace(wanted, kind=None, is_snoozed=False))

    def chip(
        name: str, count: int, kind: QueueKind | None, *, is_snoozed: bool = False
    ) -> tuple[str, str, int, bool]:
        named = f"kind={kind.value}" if kind else ""
        query = "&".join(filter(None, (named, rest, "snoozed=1" if is_snoozed else "")))
        is_open = (kind, is_snoozed) == (wanted.kind, wanted.is_snoozed)
        return f"{PATH}?{query}" if query else PATH, name, count, is_open

    return [
        chip(reader.label("All"), counts.all, None),
        *(chip(name, counts.of[kind], kind) for kind, name in names.items()),
        chip(reader.label("Put off"), counts.snoozed, None, is_snoozed=True),
    ]


def _named(found: Found) -> list[tuple[str, str]]:
    """The person and the child of the filter, each with the address without them."""
    wanted, (person, child) = found.wanted, found.names
    rest = (wanted.words, wanted.since, wanted.until, wanted.is_snoozed)
    named = []
    if person:
        without = QueueFilter(wanted.kind, None, wanted.student_id, *rest)
        named.append((person, address_of(without)))
    if child:
        without = QueueFilter(wanted.kind, wanted.person_id, None, *rest)
        named.append((child, address_of(without)))
    return named
