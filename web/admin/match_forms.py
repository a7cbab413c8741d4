"""What the pages of matches share: their forms as they are typed, and lines (SPEC 7, 10)."""

import re
from collections.abc import Sequence

from starlette.requests import Request

from locales.current_user import CurrentUser
from locales.match_wording import hindrance_label, wall_span
from locales.reader import Reader
from models.enums import Kind, PriceUnit, Role
from services.db import Session
from services.matches.offers import Terms
from services.queries.matches import MatchView, match_of
from services.rules.agency import Agency
from services.rules.money import read_amount
from services.rules.refusals import Refusal
from services.rules.refusals.matches import (
    DatesWanted,
    PriceWanted,
    SlotsWanted,
)
from services.rules.refusals.packages import DayNotRead
from services.rules.scheduling import require_subject
from services.rules.weekly import (
    MOST_SLOTS,
    WEEKDAYS,
    Hindrance,
    Occurrence,
    WeeklyTime,
    require_slots,
)
from web.admin.frame import coordinator
from web.days import day_of, time_if_any
from web.forms import Form, attempt, beside
from web.site import id_in, row_id, site_of

PATH = "/admin/matches"
USUAL_MINUTES = "60"
SPARE_ROWS = 2
"""Empty rows for weekly times below those that there are."""
MOST_ROWS = 7
SHORT_NUMBER = re.compile("[0-9]{1,4}")
MONEY = ("price", "pay")

FIELDS: dict[type[Refusal], str] = {
    SlotsWanted: "times",
    DatesWanted: "starts_on",
    DayNotRead: "starts_on",
    PriceWanted: "price",
}
"""Field beside which a refusal stands."""


def refuse(form: Form, user: CurrentUser, refusal: Refusal) -> None:
    """Put a refusal beside its field; one that has none is raised again."""
    beside(form, user, refusal, FIELDS)


def terms_of(form: Form, user: CurrentUser, agency: Agency) -> Terms | None:
    """The match that was typed; None where something cannot be, which stands beside its field.

    Refused: NotFound.
    """
    price, pay = (attempt(form, user, name, amount_if_any, form[name], agency) for name in MONEY)
    has_money = price is not None or pay is not None
    check_subject(form, user)
    times = attempt(form, user, "times", lambda: require_slots(times_of(form)))
    starts_on = attempt(form, user, "starts_on", day_of, form["starts_on"])
    ends_on = attempt(form, user, "ends_on", day_of, form["ends_on"]) if form["ends_on"] else None
    if times is None or starts_on is None or form.errors:
        return None
    return Terms(
        tutor_id=row_id(form["tutor"]),
        student_id=row_id(form["child"]),
        subject=form["subject"],
        times=tuple(times),
        starts_on=starts_on,
        ends_on=ends_on,
        kind=Kind.TRIAL if form["kind"] == Kind.TRIAL else Kind.REGULAR,
        price=price,
        pay=pay,
        price_unit=unit_of(form["unit"]) if has_money else None,
        is_tutor_held_back=form["held_back"] == "1",
    )


def check_subject(form: Form, user: CurrentUser) -> None:
    """Put beside the subject what is wrong with it."""
    if not form["subject"]:
        form.errors["subject"] = user.reader.label("Please enter a subject.")
    else:
        attempt(form, user, "subject", require_subject, form["subject"])


def times_of(form: Form) -> tuple[WeeklyTime, ...]:
    """Weekly times that were typed, a row each; rows without a weekday are empty.

    Refused: SlotsWanted, where a row cannot be read.
    """
    found = []
    for row in range(1, MOST_ROWS + 1):
        weekday = form[f"weekday{row}"]
        if not weekday:
            continue
        start = time_if_any(form[f"start{row}"])
        minutes = form[f"minutes{row}"] or USUAL_MINUTES
        if start is None or not all(map(SHORT_NUMBER.fullmatch, (weekday, minutes))):
            raise SlotsWanted(most=MOST_SLOTS)
        found.append(WeeklyTime(int(weekday), start, int(minutes)))
    return tuple(found)


def typed_times(times: Sequence[WeeklyTime]) -> dict[str, str]:
    """Weekly times as the fields of a form have them."""
    values = {}
    for row, one in enumerate(times[:MOST_ROWS], start=1):
        values[f"weekday{row}"] = str(one.weekday)
        values[f"start{row}"] = f"{one.start_time:%H:%M}"
        values[f"minutes{row}"] = str(one.minutes)
    return values


def rows_of(form: Form) -> range:
    """Rows of weekly times that a form shows: those that are filled in, and some more."""
    filled = [row for row in range(1, MOST_ROWS + 1) if form[f"weekday{row}"]]
    return range(1, min(MOST_ROWS, max(filled, default=0) + SPARE_ROWS) + 1)


def weekdays(reader: Reader) -> list[tuple[str, str]]:
    """Weekdays to choose from; the first is none."""
    return [("", "—"), *((str(number), reader.weekday(number)) for number in WEEKDAYS)]


def amount_if_any(typed: str, agency: Agency) -> int | None:
    """Minor units that were typed; None for nothing, and without a currency.

    Refused: AmountNotRead.
    """
    if not typed or agency.currency is None:
        return None
    return read_amount(typed, agency.currency)


def unit_of(given: str) -> PriceUnit:
    """What an amount is for, as a form gives it: the session, where it is none of the units."""
    return PriceUnit(given) if given in set(PriceUnit) else PriceUnit.SESSION


def found_match(session: Session, request: Request, match_id: int) -> tuple[CurrentUser, MatchView]:
    """The coordinator and the match. Refused: NotSignedIn, NotFound."""
    user = coordinator(session, request)
    return user, match_of(session, match_id, user.reader.now)


async def read_match(request: Request) -> tuple[CurrentUser, MatchView]:
    """The coordinator, and the match of the address. Refused: NotSignedIn, NotFound."""
    match_id = id_in(request)
    return await site_of(request).database.read(lambda one: found_match(one, request, match_id))


def sides(reader: Reader) -> list[tuple[str, str]]:
    """Sides for which sessions can be cancelled: values and names."""
    return [
        (Role.PARENT.value, reader.label("The family")),
        (Role.TUTOR.value, reader.label("The tutor")),
    ]


def side_of(form: Form) -> Role:
    """The side that was chosen."""
    return Role.TUTOR if form["side"] == Role.TUTOR else Role.PARENT


def slot_line(reader: Reader, one: Occurrence) -> str:
    """Time of a session to come: "Thu 3 Dec 15:00-16:30"."""
    if one.starts_at is None or one.ends_at is None:
        return day_line(reader, one)
    return reader.dated_slot(one.starts_at, one.ends_at)


def day_line(reader: Reader, one: Occurrence) -> str:
    """Day and wall time of a slot, whether it has a session or not."""
    span = reader.at_the_agency(wall_span(one.at.start_time, one.at.minutes))
    return f"{reader.dated_day(one.day)} {span}"


def why(reader: Reader, hindrance: Hindrance | None) -> str:
    """Why a day has no session."""
    return hindrance_label(reader, hindrance) if hindrance else reader.label("free by now")
