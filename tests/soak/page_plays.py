"""What is played on the pages: forms that are sent, and sent again where no answer came."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from sqlmodel import select

from models import Appointment, Match, Person
from models.enums import Status
from tests import builders, files
from tests.faults.casts import Cast
from tests.faults.flows import AN_HOUR_AGO, AWAITING, OVER, SOON, TOMORROW, UNDER_WAY
from tests.soak.chat_plays import (
    NEXT_WEEK,
    WHY,
    YESTERDAY,
    add_tutor,
    at,
    day_from_now,
    offers_a_match,
)
from tests.soak.hours import ZONE
from tests.soak.play import (
    Form,
    Play,
    Step,
    Values,
    done,
    of_session,
    on_page,
    parent_id,
    priya_id,
    tutor_id,
)
from tests.soak.site import Site
from tests.web.importing import import_ended
from tests.web.visiting import hidden_in

PHOTO = ("door.jpg", files.jpeg_photo(), "image/jpeg")
SHEET = ("Ohm.pdf", files.pdf(), "application/pdf")
FIRST_MONTH = 2011 * 12
"""Months before this program are closed, one by each cast."""


def day(days: int) -> str:
    return day_from_now(days).date().isoformat()


def of_child(values: Mapping[str, str], name: str = "child") -> Values:
    return lambda _, cast: {name: str(cast.student_id), **values}


def of_child_and_tutor(values: Mapping[str, str]) -> Values:
    return lambda _, cast: {
        "child": str(cast.student_id),
        "tutor": str(cast.person_ids[0]),
        **values,
    }


def adhoc_row(_: Site, cast: Cast) -> Mapping[str, str]:
    values = (str(cast.student_id), day(-5), "15:00", "90", "exam revision")
    fields = ("student", "day", "start", "minutes", "topic")
    return {"step": "check"} | {f"{one}-1": it for one, it in zip(fields, values, strict=True)}


def slot(_: Site, __: Cast) -> str:
    """Three days from now at nine in the evening, as addresses have it."""
    local = day_from_now(3).replace(hour=21, minute=0)
    return f"{local.astimezone(UTC):%Y%m%dT%H%MZ}"


def month_of(site: Site, cast: Cast) -> date:
    """The month that a cast closes: each the next one."""
    number = FIRST_MONTH + int(site.kept.setdefault(cast, str(len(site.kept))))
    return date(number // 12, number % 12 + 1, 1)


def held_in_month(site: Site, cast: Cast) -> None:
    """An acknowledged session of the month."""
    first = month_of(site, cast)
    with site.database.unit_of_work() as session:
        builders.appointment(
            session,
            tutor=builders.tutor(session, telegram_user_id=None),
            student=builders.student(session),
            starts_at=datetime(first.year, first.month, 15, 12, tzinfo=ZONE),
            status=Status.APPROVED,
        )


def closing(site: Site, cast: Cast) -> str:
    return f"/admin/billing/{month_of(site, cast):%Y-%m}/close"


def accepting(site: Site, cast: Cast) -> str:
    with site.database.reading() as session:
        found = session.exec(select(Match.id).where(Match.student_id == cast.student_id)).one()
    return f"/family/matches/{found}/accept"


def tables(cast: Cast) -> dict[str, str]:
    """Tables of a family with its tutor, a session and a package."""
    mark = cast.appointment_id
    return {
        "people": f"ref,name,roles\nt{mark},Tan Wei,tutor\np{mark},Grace Lim,parent\n",
        "students": f"ref,name,guardian_refs\ns{mark},Ann Lim,p{mark}\n",
        "sessions": (
            "ref,tutor_ref,student_ref,subject,starts_at,duration_minutes,kind,origin,status\n"
            f"a{mark},t{mark},s{mark},Art,{day(5)} 16:00,60,regular,native,scheduled\n"
        ),
        "packages": f"ref,student_ref,sessions_total,starts_on\nk{mark},s{mark},10,{day(-5)}\n",
    }


async def checks_tables(site: Site, cast: Cast) -> None:
    """Choose the files of an import, and wait until they are checked."""
    browser = site.browser(site.priya_id)
    opened = await browser.get("/admin/import")
    given = [
        ("files", (f"{name}.csv", text.encode(), "text/csv")) for name, text in tables(cast).items()
    ]
    hidden = hidden_in(opened.text)
    answer = await browser.post("/admin/import", data={"csrf": hidden["csrf"]}, files=given)
    site.kept[cast] = answer.headers["Location"]
    assert "Nothing is saved yet" in await ended(site, cast)


async def ended(site: Site, cast: Cast) -> str:
    """The page of an import, once nothing runs there any more."""
    return await import_ended(site.browser(site.priya_id), site.kept[cast])


SAVING = Form(priya_id, lambda site, cast: site.kept[cast])


async def saves_tables(site: Site, cast: Cast) -> None:
    await done(SAVING.send()(site, cast))
    assert "Imported." in (page := await ended(site, cast)), page


def as_booked(site: Site, cast: Cast) -> Mapping[str, str]:
    """The attendance as the session was booked."""
    with site.database.reading() as session:
        row = session.get_one(Appointment, cast.appointment_id)
    came, went = row.starts_at.astimezone(ZONE), row.ends_at.astimezone(ZONE)
    return {"times": f"{came:%H:%M}-{went:%H:%M}", "text": WHY}


def to_another(site: Site, cast: Cast) -> Mapping[str, str]:
    with site.database.reading() as session:
        ben = session.exec(select(Person.id).where(Person.telegram_user_id == cast.new_phone)).one()
    return {"tutor": str(ben), "text": WHY}


def _plays() -> list[Play]:
    scheduled, approved = Status.SCHEDULED, Status.APPROVED
    page = of_session("")
    offered: tuple[Step, ...] = (offers_a_match(),)
    return [
        # the tutor's
        on_page(
            at("page: check in", scheduled, SOON),
            Form(tutor_id, of_session("/check-in"), on=page),
        ),
        on_page(
            at("page: check out", UNDER_WAY, AN_HOUR_AGO),
            Form(tutor_id, of_session("/check-out"), on=page),
        ),
        on_page(
            at("page: notes with files", AWAITING, OVER),
            Form(
                tutor_id,
                of_session("/add-notes"),
                {"text": "Halves and thirds.", "done": "1"},
                files=(PHOTO, SHEET),
            ),
        ),
        on_page(
            at("page: extra sessions", approved, YESTERDAY),
            Form(tutor_id, "/tutor/adhoc", {"step": "log"}, steps=(adhoc_row,)),
        ),
        on_page(
            at("page: leave with a session", scheduled, NEXT_WEEK),
            Form(
                tutor_id,
                "/tutor/leave",
                steps=(lambda *_: {"starts_on": day(7), "ends_on": day(9), "reason": "A wedding"},),
            ),
        ),
        # the family's
        on_page(
            at("page: acknowledge", AWAITING, OVER),
            Form(parent_id, of_session("/acknowledge"), on=page),
        ),
        on_page(
            at("page: a dispute with evidence", AWAITING, OVER),
            Form(
                parent_id,
                of_session("/dispute"),
                {"reason": "shorter_than_booked", "text": "He left early."},
                files=(PHOTO,),
            ),
        ),
        on_page(
            at("page: cancel", scheduled, TOMORROW),
            Form(parent_id, of_session("/cancel"), {"reason": "family_matter"}),
        ),
        on_page(
            at("page: a request", scheduled, TOMORROW),
            Form(
                parent_id,
                of_session("/propose"),
                lambda site, cast: {"at": slot(site, cast), "reason": "school_event"},
                on=lambda site, cast: (
                    f"/sessions/{cast.appointment_id}/propose?at={slot(site, cast)}"
                ),
            ),
        ),
        on_page(
            at("page: a match accepted", approved, YESTERDAY),
            Form(parent_id, accepting, on="/family"),
            *offered,
        ),
        # the coordinators'
        on_page(
            at("page: verify", AWAITING, OVER),
            Form(priya_id, of_session("/verify"), {"text": WHY}),
        ),
        on_page(
            at("page: attendance corrected", scheduled, YESTERDAY),
            Form(priya_id, of_session("/correct-attendance"), as_booked),
        ),
        on_page(
            at("page: hand over", scheduled, TOMORROW),
            Form(priya_id, of_session("/reassign"), to_another),
            add_tutor,
        ),
        on_page(
            at("page: schedule", approved, YESTERDAY),
            Form(
                priya_id,
                "/admin/sessions/new",
                of_child_and_tutor(
                    {"subject": "Art", "length": "60", "kind": "regular", "time": "21:00"}
                    | {"day": day(3)}
                ),
                on=lambda _, cast: f"/admin/sessions/new?child={cast.student_id}",
            ),
        ),
        on_page(
            at("page: a package", approved, YESTERDAY),
            Form(
                priya_id,
                "/admin/packages/new",
                of_child({"sessions": "10", "starts_on": day(-60)}),
            ),
        ),
        on_page(
            at("page: a match offered", approved, YESTERDAY),
            Form(
                priya_id,
                "/admin/matches/new",
                of_child_and_tutor(
                    {"subject": "Art", "kind": "regular", "starts_on": day(3)}
                    | {"weekday1": "1", "start1": "21:00", "minutes1": "60", "agreed": "1"}
                ),
            ),
        ),
        on_page(
            at("page: a month closed", approved, YESTERDAY),
            Form(priya_id, closing),
            held_in_month,
            is_alone=True,
        ),
        Play(
            at("page: an import", approved, YESTERDAY),
            (checks_tables, SAVING.fill_in()),
            saves_tables,
            is_alone=True,
        ),
    ]


PAGE_PLAYS = tuple(_plays())
