"""What is played in the chat, beyond the flows of the fault matrix."""

from datetime import UTC, datetime, time, timedelta

from sqlmodel import col, select

from models import ProblemReport
from models.enums import Channel, Kind, Status
from sandbox.phone import Phone
from services.lifecycle.actors import Actor
from services.matches.offers import Terms, offer
from services.packages.purchases import Purchase, buy
from services.people import accounts
from services.rules.weekly import WeeklyTime
from tests import builders, files
from tests.faults.casts import Cast, Flow
from tests.faults.flows import (
    AN_HOUR_AGO,
    AWAITING,
    DISPUTE,
    OVER,
    SOON,
    TOMORROW,
    UNDER_WAY,
)
from tests.soak.hours import AGENCY, ZONE
from tests.soak.play import (
    Play,
    Step,
    group,
    opens,
    parent,
    played,
    priya,
    replies,
    says,
    taps,
    taps_first,
    tutor,
)
from tests.soak.site import Site

NEXT_WEEK = timedelta(days=8)
YESTERDAY = timedelta(hours=-25)
IN_THREE_HOURS = timedelta(hours=3)
WHY = "The tutor showed the app log."


def day_from_now(days: int) -> datetime:
    """So many days from now, in the agency's zone."""
    return datetime.now(ZONE) + timedelta(days=days)


def typed_day(days: int) -> str:
    """As people type it: 7/12."""
    day = day_from_now(days)
    return f"{day.day}/{day.month}"


def typed_leave(_: Site, __: Cast) -> str:
    """Three days with the session of next week in their midst, as people type them."""
    return f"{day_from_now(7):%Y-%m-%d} - {day_from_now(9):%Y-%m-%d}"


def typed_lines(_: Site, __: Cast) -> str:
    return f"{typed_day(-5)} 15:00 90 exam revision\n{typed_day(-4)} 16:00 60 fractions"


def of_priya(site: Site) -> Actor:
    return Actor(site.priya_id, Channel.WEB, datetime.now(UTC))


def offers_a_match(kind: Kind = Kind.REGULAR) -> Step:
    """A coordinator offers a lesson each week, which nothing stands against."""

    def offers(site: Site, cast: Cast) -> None:
        day = day_from_now(3)
        terms = Terms(
            tutor_id=cast.person_ids[0],
            student_id=cast.student_id,
            subject="Physics",
            times=(WeeklyTime(day.isoweekday(), time(21), 60),),
            starts_on=day.date(),
            kind=kind,
        )
        with site.database.unit_of_work() as session:
            offer(session, of_priya(site), terms, AGENCY)

    return offers


def buys_a_package(site: Site, cast: Cast) -> None:
    """Two sessions: nearly used up once one of them is taken."""
    purchase = Purchase(cast.student_id, 2, day_from_now(-60).date(), day_from_now(60).date())
    with site.database.unit_of_work() as session:
        buy(session, purchase, AGENCY, of_priya(site))


def invites_another_parent(site: Site, cast: Cast) -> None:
    """The parent has a new phone, and an invitation for it."""
    with site.database.unit_of_work() as session:
        site.kept[cast] = accounts.invite(session, of_priya(site), cast.person_ids[1])
    site.world.add_person("Mei", "Lim", user_id=cast.new_phone)


def opens_invitation(site: Site, cast: Cast) -> None:
    Phone(site.world, cast.new_phone).start(site.kept[cast])


def newest_report(site: Site, _: Cast) -> str:
    """The link by which a coordinator reads the newest problem report."""
    with site.database.reading() as session:
        found = session.exec(select(ProblemReport.id).order_by(col(ProblemReport.id).desc()))
        return f"problem_{found.first()}"


def add_tutor(site: Site, cast: Cast) -> None:
    """Another tutor, who is free."""
    site.world.add_person("Ben", "Ong", user_id=cast.new_phone, started=True)
    with site.database.unit_of_work() as session:
        builders.tutor(session, name="Ben Ong", telegram_user_id=cast.new_phone)


def card_of_session(_: Site, cast: Cast) -> str:
    """The link by which a coordinator opens the card of the session."""
    return f"replace_{cast.appointment_id}"


def at(name: str, status: Status, starts_in: timedelta) -> Flow:
    """Where casts begin; what they do is said by the play."""
    return Flow(name, status, starts_in, (), lambda _: None)


# ------------------------------------------------------------------------- what leads somewhere

IN_DISPUTE = (
    *played(Flow("", AWAITING, OVER, DISPUTE, lambda _: None)).before,
    taps(parent, "Dispute"),
)
ACKNOWLEDGED = (says(parent, "/pending"), taps(parent, "Acknowledge"))
REPORTED = (*ACKNOWLEDGED, taps(parent, "Report a problem"), says(parent, "He did not come."))
CHANGES = (says(parent, "/change"), taps_first(parent), taps(parent, "Change time"))
WANTS_TO_MOVE = (
    *CHANGES,
    says(parent, lambda *_: f"{typed_day(3)} 9pm"),
    taps(parent, "School event"),
)
ASKED_TO_MOVE = (*WANTS_TO_MOVE, taps(parent, "Send"))
COUNTERS = (
    *ASKED_TO_MOVE,
    taps(tutor, "Suggest another"),
    says(tutor, lambda *_: f"{typed_day(4)} 8pm"),
)
CHECKED_OUT = (says(tutor, "/checkout"),)
EVIDENCE = (says(parent, "/pending"), taps(parent, "Dispute"), taps(parent, "Conduct"))
ADHOC = (says(tutor, "/adhoc"), says(tutor, typed_lines))
LEAVE = (says(tutor, "/leave"), says(tutor, typed_leave), says(tutor, "A wedding"))


def sends_photo(_: Site, cast: Cast) -> object:
    return cast.parent.send_photo(files.jpeg_photo(), "The clock")


def sends_album(_: Site, cast: Cast) -> object:
    return cast.tutor.send_album([files.jpeg_photo()] * 3)


def sends_document(_: Site, cast: Cast) -> object:
    return cast.tutor.send_document(files.pdf(), "sheet.pdf", "application/pdf")


def _plays() -> list[Play]:
    scheduled, approved = Status.SCHEDULED, Status.APPROVED
    return [
        # matches
        Play(
            at("a match accepted", approved, YESTERDAY), (offers_a_match(),), taps(parent, "Accept")
        ),
        Play(
            at("a trial accepted", approved, YESTERDAY),
            (offers_a_match(Kind.TRIAL),),
            taps(parent, "Accept"),
        ),
        Play(
            at("a match declined", approved, YESTERDAY),
            (offers_a_match(), taps(parent, "Decline")),
            taps(parent, "Decline without a reason"),
        ),
        # extra sessions, packages, leave
        Play(at("extra sessions", approved, YESTERDAY), ADHOC, taps(tutor, "Log 2 sessions")),
        Play(
            at("a package that is nearly used up", AWAITING, OVER),
            (buys_a_package, says(parent, "/pending")),
            taps(parent, "Acknowledge"),
        ),
        Play(at("leave with a session", scheduled, NEXT_WEEK), LEAVE, taps(tutor, "Enter leave")),
        Play(
            at("leave taken back", approved, YESTERDAY),
            (*LEAVE, taps(tutor, "Enter leave"), says(tutor, "/leave")),
            taps_first(tutor, "Take back"),
        ),
        # requests
        Play(at("a request", scheduled, TOMORROW), WANTS_TO_MOVE, taps(parent, "Send")),
        Play(at("a counter", scheduled, TOMORROW), COUNTERS, taps(tutor, "Send")),
        Play(at("a request accepted", scheduled, TOMORROW), ASKED_TO_MOVE, taps(tutor, "Accept")),
        Play(at("a request declined", scheduled, TOMORROW), ASKED_TO_MOVE, taps(tutor, "Decline")),
        Play(
            at("a request withdrawn", scheduled, TOMORROW), ASKED_TO_MOVE, taps(parent, "Withdraw")
        ),
        Play(
            at("a counter accepted", scheduled, TOMORROW),
            (*COUNTERS, taps(tutor, "Send")),
            taps(parent, "Accept"),
        ),
        Play(
            at("a tutor cancels", scheduled, TOMORROW),
            (
                says(tutor, "/upcoming"),
                taps_first(tutor),
                taps(tutor, "Cancel"),
                taps(tutor, "Unwell"),
            ),
            taps(tutor, "Cancel session"),
        ),
        Play(
            at("the coordinators are told", scheduled, IN_THREE_HOURS),
            (says(parent, "/sessions"), taps_first(parent), taps(parent, "Tell the coordinators")),
            taps(parent, "Child unwell"),
        ),
        # disputes and problem reports
        Play(at("evidence", AWAITING, OVER), EVIDENCE, sends_photo),
        Play(
            at("a dispute with evidence", AWAITING, OVER),
            (*EVIDENCE, sends_photo, says(parent, "He left early.")),
            taps(parent, "Dispute"),
        ),
        Play(
            at("a dispute claimed", AWAITING, OVER), IN_DISPUTE, taps(group, "Claim"), is_alone=True
        ),
        *(
            Play(
                at(f"a dispute settled: {label}", AWAITING, OVER),
                (*IN_DISPUTE, taps(group, label)),
                replies(WHY),
                is_alone=True,
            )
            for label in ("Verify", "Uphold", "Return")
        ),
        Play(at("a problem report", AWAITING, OVER), REPORTED[:-1], REPORTED[-1]),
        Play(at("a report claimed", AWAITING, OVER), REPORTED, taps(group, "Claim"), is_alone=True),
        Play(
            at("a report answered", AWAITING, OVER),
            (*REPORTED, taps(group, "Reply")),
            replies("We are sorry."),
            is_alone=True,
        ),
        Play(at("a report closed", AWAITING, OVER), REPORTED, taps(group, "Close"), is_alone=True),
        Play(
            at("a report read", AWAITING, OVER),
            REPORTED,
            opens(priya, newest_report),
            is_alone=True,
        ),
        # notes
        Play(at("an album for notes", UNDER_WAY, AN_HOUR_AGO), CHECKED_OUT, sends_album),
        Play(at("a document for notes", UNDER_WAY, AN_HOUR_AGO), CHECKED_OUT, sends_document),
        Play(
            at("a note removed", UNDER_WAY, AN_HOUR_AGO),
            (*CHECKED_OUT, says(tutor, "Fractions.")),
            taps(tutor, "Remove last"),
        ),
        Play(
            at("the child was absent", UNDER_WAY, AN_HOUR_AGO),
            (*CHECKED_OUT, says(tutor, "/sessions")),
            taps(tutor, "Student absent"),
        ),
        # coordinators
        Play(
            at("a session moved", scheduled, TOMORROW),
            (
                opens(priya, card_of_session),
                taps(priya, "Move"),
                says(priya, lambda *_: f"{typed_day(3)} 9pm"),
                says(priya, WHY),
            ),
            taps(priya, "Move session"),
            is_alone=True,
        ),
        Play(
            at("a missed check-in corrected", scheduled, YESTERDAY),
            (
                opens(priya, card_of_session),
                taps(priya, "Correct attendance"),
                taps(priya, "As booked"),
            ),
            says(priya, WHY),
            is_alone=True,
        ),
        # people, settings, lists
        Play(at("a new phone", AWAITING, OVER), (invites_another_parent,), opens_invitation),
        Play(
            at("a language", approved, YESTERDAY),
            (says(parent, "/settings"),),
            lambda _, cast: cast.parent.press("la.1:en", cast.parent.last()["message_id"]),
        ),
        Play(
            at("a time zone", approved, YESTERDAY),
            (says(parent, "/settings"), taps(parent, "Time zone")),
            lambda _, cast: cast.parent.press(cast.parent.buttons()[3]),
        ),
        *(
            Play(at(f"{command} of the {role}", scheduled, SOON), (), says(who, command))
            for role, who, commands in (
                ("tutor", tutor, "/sessions /todos /mystudents /statement /web /stop"),
                ("parent", parent, "/sessions /pending /package /statement /settings /help"),
            )
            for command in commands.split()
        ),
    ]


CHAT_PLAYS = tuple(_plays())
