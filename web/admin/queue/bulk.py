"""Acting on everything of a filter: first what will change and what cannot, then row by row
what became of it (SPEC 7, 10).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from locales.current_user import CurrentUser
from locales.reader import Reader
from locales.refusals import refusal_text
from services.db import Session
from services.queries.queue import QueueItem, queue_counts, queue_page
from services.queries.queue_bulk import Foreseen, foresee
from services.queries.queue_filter import QueueFilter
from services.queries.queue_rows import QueueRow, queue_rows
from services.queries.subjects import session_of_matter
from services.rules.queue import AT_ONCE, BULK, BulkAct, Doubt, QueueKind
from services.rules.refusals import Refusal
from services.rules.refusals.sessions import NotFound
from services.rules.texts import require_reason
from web.admin.frame import admin_page, coordinator
from web.admin.queue.acts import WRITTEN, Act, acts_on, words_of
from web.admin.queue.doing import DOINGS, Task, task_of
from web.admin.queue.filters import address_of, filter_in, query_of, read_key, read_query
from web.admin.queue.telling import slot_of, title_of
from web.forms import Form, read_form
from web.site import site_of

GATHERED = timedelta(seconds=30)
"""How much later people are told of what is done at once: each of them then gets one message."""


@dataclass(frozen=True)
class Plan:
    """What is about to be done, and to what."""

    user: CurrentUser
    wanted: QueueFilter
    kind: QueueKind
    act: BulkAct
    possible: list[Foreseen]
    refused: list[Foreseen]
    total: int


async def show(request: Request) -> Response:
    """The preview. Refused: NotSignedIn; 404 where nothing can be done about the filter at once."""
    given = dict(request.query_params)
    plan = await site_of(request).database.read(_plan, request, given, given.get("do", ""))
    return _page(request, plan, Form())


async def press(request: Request) -> Response:
    """Do it to what was shown, each by itself; a missing reason is asked for before anything."""
    form = await read_form(request)
    given = read_query(form["query"])
    site = site_of(request)
    plan = await site.database.read(_plan, request, given, form["do"])
    if Act(plan.act.value) in WRITTEN:
        try:
            require_reason(form["text"])
        except Refusal as refusal:
            form.errors["text"] = refusal_text(plan.user.reader, refusal, None)
            return _page(request, plan, form)
    told_at = plan.user.actor.now + GATHERED
    keys = _keys(form["keys"])
    named = await site.database.read(_named, plan, keys)
    results = [(named.get(key, ""), await _do(request, plan, key, form, told_at)) for key in keys]
    site.has_acted()
    return admin_page(
        request,
        "admin/bulk_done.html",
        plan.user,
        back=address_of(plan.wanted),
        done=[about for about, refusal in results if not refusal],
        failed=[(about, refusal) for about, refusal in results if refusal],
        title=_title(plan.user.reader, plan.act),
    )


async def _do(request: Request, plan: Plan, key: str, form: Form, told_at: datetime) -> str:
    """Do it to one matter, in a unit of work of its own; why it was refused, if it was."""
    named = read_key(key)
    doing, matters = DOINGS[Act(plan.act.value)]
    reader = plan.user.reader
    if named is None or named[0] not in matters:
        return reader.label("This is not in the list any more.")

    def transaction(session: Session) -> None:
        user = coordinator(session, request)
        task: Task = task_of(session, named, user.actor, form, site_of(request).agency)
        doing(session, replace(task, told_at=told_at))

    try:
        await site_of(request).database.write(transaction)
    except Refusal as refusal:
        return refusal_text(reader, refusal, plan.user.person.id)
    return ""


def _named(session: Session, plan: Plan, keys: Sequence[str]) -> dict[str, str]:
    """The names of matters by key, also of those that the filter no longer has."""
    reader, now = plan.user.reader, plan.user.actor.now
    names = {one.row.item.key: _about(reader, one.row) for one in plan.possible}
    gone = []
    for matter in filter(None, (read_key(key) for key in keys if key not in names)):
        try:
            gone.append(QueueItem(0, *matter, session_of_matter(session, *matter), now))
        except NotFound:
            continue
    return names | {row.item.key: _about(reader, row) for row in queue_rows(session, gone, now)}


def _plan(session: Session, request: Request, given: dict[str, str], named: str) -> Plan:
    """What the filter has, and what would become of it."""
    user = coordinator(session, request)
    wanted, agency, now = filter_in(given), site_of(request).agency, user.actor.now
    if wanted.kind is None or wanted.kind not in BULK:
        raise HTTPException(404)
    acts = BULK[wanted.kind]
    act = BulkAct(named) if named in {one.value for one in acts} else acts[0]
    items, _ = queue_page(session, wanted, agency, now, length=AT_ONCE)
    rows = [row for row in queue_rows(session, items, now) if Act(act.value) in acts_on(row)]
    found = foresee(session, act, rows, now)
    return Plan(
        user,
        wanted,
        wanted.kind,
        act,
        [one for one in found if one.refusal is None],
        [one for one in found if one.refusal is not None],
        queue_counts(session, wanted, agency, now).of[wanted.kind],
    )


def _page(request: Request, plan: Plan, form: Form) -> Response:
    reader = plan.user.reader
    query = query_of(plan.wanted)
    return admin_page(
        request,
        "admin/bulk.html",
        plan.user,
        status_code=409 if form.errors else 200,
        form=form,
        query=query,
        back=address_of(plan.wanted),
        act=plan.act.value,
        title=_title(reader, plan.act),
        acts=[
            (f"/admin/bulk?{query}&do={one.value}", words_of(reader, Act(one.value)), None,
             one is plan.act)
            for one in BULK[plan.kind]
        ],
        will=_will(reader, plan.act, len(plan.possible)),
        rows=[_about(reader, one.row) for one in plan.possible],
        keys=",".join(one.row.item.key for one in plan.possible),
        reasons=_reasons(plan.user, plan.refused),
        doubts=_doubts(reader, plan.possible),
        asks=Act(plan.act.value) in WRITTEN,
        button=reader.label(
            "{act}: {count}", act=words_of(reader, Act(plan.act.value)), count=len(plan.possible)
        ),
        rest=max(plan.total - AT_ONCE, 0),
    )  # fmt: skip


def _keys(given: str) -> Sequence[str]:
    """The matters that were shown, each once."""
    return list(dict.fromkeys(filter(None, given.split(","))))[:AT_ONCE]


def _about(reader: Reader, row: QueueRow) -> str:
    return ", ".join(filter(None, (title_of(reader, row), slot_of(reader, row))))


def _reasons(user: CurrentUser, refused: list[Foreseen]) -> list[tuple[str, list[str]]]:
    """Why something cannot be done, each with the matters that it holds for."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in refused:
        if one.refusal is not None:
            why = refusal_text(user.reader, one.refusal, user.person.id)
            found[why].append(_about(user.reader, one.row))
    return list(found.items())


def _doubts(reader: Reader, possible: list[Foreseen]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What speaks against doing it to some of them: each with names and addresses of sessions."""
    words = {
        Doubt.PROBLEM: reader.label("A problem report is still open"),
        Doubt.RETURNED: reader.label("A parent disputed this, and it was returned to them"),
    }
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in possible:
        for doubt in one.doubts:
            about = (_about(reader, one.row), f"/sessions/{one.row.session_id}")
            found[words[doubt]].append(about)
    return list(found.items())


def _title(reader: Reader, act: BulkAct) -> str:
    return {
        BulkAct.NUDGE: reader.label("Nudge all of these"),
        BulkAct.VERIFY: reader.label("Verify all of these"),
        BulkAct.CLOSE: reader.label("Close all of these"),
        BulkAct.SEND_AGAIN: reader.label("Try all of these again"),
        BulkAct.SET_ASIDE: reader.label("Leave all of these unsent"),
        BulkAct.DONE: reader.label("All of these are dealt with"),
    }[act]


def _will(reader: Reader, act: BulkAct, count: int) -> str:
    """What will change, counted."""
    return {
        BulkAct.NUDGE: reader.labels("{count} will be nudged", "{count} will be nudged", count),
        BulkAct.VERIFY: reader.labels(
            "{count} will be verified", "{count} will be verified", count
        ),
        BulkAct.CLOSE: reader.labels("{count} will be closed", "{count} will be closed", count),
        BulkAct.SEND_AGAIN: reader.labels(
            "{count} will be tried again", "{count} will be tried again", count
        ),
        BulkAct.SET_ASIDE: reader.labels(
            "{count} will be left unsent", "{count} will be left unsent", count
        ),
        BulkAct.DONE: reader.labels(
            "{count} will leave the queue", "{count} will leave the queue", count
        ),
    }[act]
