"""Matches on the coordinators' pages: the list, and offering a new one (SPEC 7, 10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from locales.match_wording import days_of_match, match_status, times_of_match
from locales.reader import Reader
from models.enums import Kind, MatchStatus, PriceUnit
from services.db import Session
from services.matches.news import REPORTED
from services.matches.offers import foreseen, offer
from services.messaging.submitted_forms import counts_now
from services.queries.matches import MatchView, counts_by_status, matches_listed
from services.queries.people import students_by_name, tutors_by_name
from services.rules.refusals import Refusal
from services.rules.refusals.matches import PreviewOutdated
from services.rules.weekly import Occurrence, days_digest
from web.admin import holidays, leave, match_end, match_pages, match_times
from web.admin.frame import admin_page, coordinator
from web.admin.match_forms import PATH, day_line, refuse, rows_of, terms_of, weekdays, why
from web.admin.match_pages import TONES
from web.forms import Form, read_form
from web.navigation import Section
from web.site import page_number, site_of

SEE_OTHER = 303
DAY = timedelta(days=1)
TABS: dict[str, tuple[MatchStatus, ...]] = {
    "waiting": (MatchStatus.OFFERED,),
    "going": (MatchStatus.ACCEPTED,),
    "over": (MatchStatus.DECLINED, MatchStatus.WITHDRAWN, MatchStatus.ENDED),
}


@dataclass(frozen=True)
class Row:
    """A match in the list."""

    address: str
    title: str
    times: str
    dates: str
    status: str
    tone: str
    booked: str


async def show(request: Request) -> Response:
    """Matches of one tab, newest first; by default those that go on."""
    site, number = site_of(request), page_number(request)
    given = request.query_params.get("show", "")
    name = given if given in TABS else "going"
    search = request.query_params.get("name", "").replace("\0", "")[:100]

    def query(session: Session) -> tuple[CurrentUser, list[Row], bool, dict[str, int]]:
        user = coordinator(session, request)
        found, more = matches_listed(session, user.reader.now, TABS[name], search, number)
        counts = counts_by_status(session)
        by_tab = {tab: sum(counts.get(one, 0) for one in those) for tab, those in TABS.items()}
        return user, [_row(user.reader, one) for one in found], more, by_tab

    user, rows, more, counts = await site.database.read(query)
    here = f"{PATH}?{urlencode({'show': name, **({'name': search} if search else {})})}"
    return admin_page(
        request,
        "admin/matches.html",
        user,
        tabs=_tabs(user.reader, name, counts),
        tab=name,
        search=search,
        rows=rows,
        newer=f"{here}&page={number - 1}" if number > 1 else None,
        older=f"{here}&page={number + 1}" if more else None,
    )


async def ask_to_offer(request: Request) -> Response:
    """The form for a new match."""
    values = {name: request.query_params.get(name, "") for name in ("child", "tutor")}
    return await _new_page(request, Form({"kind": Kind.REGULAR.value, **values}))


async def make_offer(request: Request) -> Response:
    """Offer the match to the parents, or book it at once where they have agreed; once a form.

    Where somebody has another session at these times, that is shown first, and offered only as it
    was read.
    """
    site = site_of(request)
    await site.database.read(coordinator, request)
    form = await read_form(request)

    def transaction(session: Session) -> int | None:
        user = coordinator(session, request)
        terms = terms_of(form, user, site.agency)
        if terms is None or not counts_now(session, form.id, user.person.id, user.actor.now):
            return None
        found = foreseen(session, user.actor, terms, site.agency)
        if days_digest(_in_the_way(found)) != form["seen"]:
            raise PreviewOutdated
        is_agreed = form["agreed"] == "1"
        return offer(session, user.actor, terms, site.agency, is_agreed=is_agreed).match.id

    try:
        match_id = await site.database.write(transaction)
    except PreviewOutdated:
        return await _new_page(request, form, is_preview=True)
    except Refusal as refusal:
        user = await site.database.read(coordinator, request)
        refuse(form, user, refusal)
    if form.errors:
        return await _new_page(request, form)
    site.has_acted()
    return RedirectResponse(f"{PATH}/{match_id}" if match_id else PATH, SEE_OTHER)


async def _new_page(request: Request, form: Form, *, is_preview: bool = False) -> Response:
    site = site_of(request)

    def query(session: Session) -> tuple[CurrentUser, Choices, Choices, list[Occurrence]]:
        user = coordinator(session, request)
        children = [(str(one.id), one.name) for one in students_by_name(session)]
        tutors = [(str(one.id), one.name) for one in tutors_by_name(session)]
        terms = terms_of(form, user, site.agency) if is_preview else None
        found = foreseen(session, user.actor, terms, site.agency) if terms else []
        return user, children, tutors, found

    user, children, tutors, found = await site.database.read(query)
    reader, in_the_way = user.reader, _in_the_way(found)
    form.values.setdefault("starts_on", (reader.agency_today + DAY).isoformat())
    return admin_page(
        request,
        "admin/match_new.html",
        user,
        status_code=409 if form.errors else 200,
        form=form,
        seen=days_digest(in_the_way),
        unbooked=[
            (day_line(reader, one), why(reader, one.hindrance)) for one in found if one.hindrance
        ],
        is_clash=bool(in_the_way),
        free=sum(one.hindrance is None for one in found),
        children=children,
        tutors=tutors,
        kinds=[
            (Kind.REGULAR.value, reader.label("Weekly lessons")),
            (Kind.TRIAL.value, reader.label("One trial session")),
        ],
        weekdays=weekdays(reader),
        slot_rows=rows_of(form),
        units=[
            (PriceUnit.SESSION.value, reader.label("a session")),
            (PriceUnit.HOUR.value, reader.label("an hour")),
        ],
        currency=site.agency.currency.code if site.agency.currency else "",
    )


Choices = list[tuple[str, str]]


def _in_the_way(found: list[Occurrence]) -> list[Occurrence]:
    """Days that somebody would have to deal with."""
    return [one for one in found if one.hindrance in REPORTED]


def _tabs(
    reader: Reader, open_tab: str, counts: dict[str, int]
) -> Sequence[tuple[str, str, int | None, bool]]:
    names = {
        "going": reader.label("Going on"),
        "waiting": reader.label("Waiting for the parents"),
        "over": reader.label("Over"),
    }
    return [
        (f"{PATH}?show={tab}", words, counts[tab] if tab != "over" else None, tab == open_tab)
        for tab, words in names.items()
    ]


def _row(reader: Reader, view: MatchView) -> Row:
    match = view.match
    booked, count = "", view.booked.count
    if match.status is MatchStatus.ACCEPTED:
        booked = (
            reader.labels("{count} session to come", "{count} sessions to come", count)
            if count
            else reader.label("Nothing is booked")
        )
    kind = f" · {reader.label('Trial')}" if match.kind is Kind.TRIAL else ""
    return Row(
        f"{PATH}/{view.id}",
        f"{view.student.name} · {match.subject} · {view.tutor.name}",
        times_of_match(reader, view) + kind,
        days_of_match(reader, match),
        match_status(reader, match.status),
        TONES[match.status],
        booked,
    )


def routes() -> list[Route]:
    """Routes of this section."""
    return [
        Route(PATH, show),
        Route(f"{PATH}/new", ask_to_offer),
        Route(f"{PATH}/new", make_offer, methods=["POST"]),
        *match_pages.routes(),
        *match_end.routes(),
        *match_times.routes(),
        *holidays.routes(),
        *leave.routes(),
    ]


SECTION = Section(
    PATH,
    lambda reader: reader.label("Matches"),
    routes,
    also=(holidays.PATH, leave.PATH),
)
