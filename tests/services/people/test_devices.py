"""Browsers in which somebody is signed in, ended by them or by a coordinator (SPEC 10)."""

from dataclasses import dataclass

import pytest
from sqlmodel import col, select

from models import AuditEvent, Person, WebSession
from models.enums import Action, Channel
from services.lifecycle.actors import Actor
from services.people import devices
from services.people.seeing import see_as, stop_seeing
from services.people.sign_in import Looking
from services.rules.refusals import Refusal
from services.rules.refusals.links import NothingToSee, SignInUnknown
from services.rules.refusals.sessions import NotFound
from services.rules.refusals.standing import NotCoordinator
from tests.builders import NOW, SIGN_IN, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import refused
from tests.services.scenes import Scene, carry_out, scene


@dataclass
class Browser:
    """A browser in which somebody is signed in."""

    database: OpenDatabase
    cookie: str

    @property
    def row(self) -> WebSession:
        with self.database.reading() as session:
            return SIGN_IN.browser_session(session, self.cookie, NOW)

    @property
    def looking(self) -> Looking:
        with self.database.reading() as session:
            return SIGN_IN.looking(session, self.cookie, NOW)

    @property
    def is_signed_in(self) -> bool:
        try:
            return self.looking.person.id > 0
        except Refusal:
            return False


def browser(database: OpenDatabase, person: Person) -> Browser:
    token = carry_out(database, SIGN_IN.make_link, person, NOW)
    return Browser(database, carry_out(database, SIGN_IN.use_link, token, "page", NOW))


def events(database: OpenDatabase, *actions: Action) -> list[tuple[Action, int | None, int | None]]:
    with database.reading() as session:
        found = session.exec(
            select(AuditEvent)
            .where(col(AuditEvent.action).in_(actions))
            .order_by(col(AuditEvent.id))
        )
        return [(one.action, one.actor_id, one.person_id) for one in found]


def web(person: Person) -> Actor:
    return acting(person, channel=Channel.WEB)


def test_one_is_ended_and_the_others_stay(database: OpenDatabase) -> None:
    there = scene(database)
    phone, tablet = browser(database, there.grace), browser(database, there.grace)

    for _ in range(2):  # the second time there is nothing to end
        carry_out(database, devices.end_device, web(there.grace), 1)

    assert (phone.is_signed_in, tablet.is_signed_in) == (False, True)
    assert events(database, Action.END_SIGN_IN) == [
        (Action.END_SIGN_IN, there.grace.id, there.grace.id)
    ]


def test_nobody_ends_somebody_elses_by_its_number(database: OpenDatabase) -> None:
    there = scene(database)
    phone = browser(database, there.grace)
    for other in (there.daniel, there.tutor, there.coordinator):
        carry_out(database, devices.end_device, web(other), phone.row.id)
        if not other.is_coordinator:
            with refused(NotCoordinator):
                carry_out(database, devices.end_all_of, web(other), there.grace.id)
            with refused(NotCoordinator):
                carry_out(database, devices.end_one_of, web(other), there.grace.id, phone.row.id)

    assert phone.is_signed_in


def test_all_others_are_ended(database: OpenDatabase) -> None:
    there = scene(database)
    kept, *rest = (browser(database, there.grace) for _ in range(3))
    of_other = browser(database, there.daniel)

    carry_out(database, devices.end_others, web(there.grace), kept.row)

    assert kept.is_signed_in
    assert of_other.is_signed_in
    assert not any(one.is_signed_in for one in rest)


def test_a_coordinator_ends_one_or_all_of_a_persons_and_their_unused_links(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    one, two, three = (browser(database, there.grace) for _ in range(3))
    of_other = browser(database, there.daniel)
    unused = carry_out(database, SIGN_IN.make_link, there.grace, NOW)

    carry_out(database, devices.end_one_of, web(there.coordinator), there.grace.id, one.row.id)
    assert [each.is_signed_in for each in (one, two, three)] == [False, True, True]
    carry_out(  # a number that is another person's ends nothing
        database, devices.end_one_of, web(there.coordinator), there.grace.id, of_other.row.id
    )
    carry_out(database, devices.end_all_of, web(there.coordinator), there.grace.id)

    assert [each.is_signed_in for each in (two, three, of_other)] == [False, False, True]
    with refused(SignInUnknown):
        carry_out(database, SIGN_IN.use_link, unused, "page", NOW)
    ended = (Action.END_SIGN_IN, there.coordinator.id, there.grace.id)
    assert events(database, Action.END_SIGN_IN) == [ended, ended]


def test_signing_out_ends_this_browsers_session_and_no_other(database: OpenDatabase) -> None:
    there = scene(database)
    phone, tablet = browser(database, there.grace), browser(database, there.grace)

    carry_out(database, devices.end_this, web(there.grace), phone.row)

    assert (phone.is_signed_in, tablet.is_signed_in) == (False, True)


def looking_as(database: OpenDatabase, there: Scene, person: Person) -> Browser:
    """A coordinator's browser that sees the pages as somebody else does."""
    mine = browser(database, there.coordinator)
    with database.unit_of_work() as session:
        device = SIGN_IN.browser_session(session, mine.cookie, NOW)
        see_as(session, web(there.coordinator), device, person.id)
    return mine


def test_a_coordinator_sees_as_somebody_else_until_they_stop(database: OpenDatabase) -> None:
    there = scene(database)
    other_browser = browser(database, there.coordinator)
    mine = looking_as(database, there, there.grace)

    seen = mine.looking
    assert seen.seen_as is not None
    assert (seen.person.id, seen.seen_as.id) == (there.coordinator.id, there.grace.id)
    assert other_browser.looking.seen_as is None
    with database.unit_of_work() as session:
        device = SIGN_IN.browser_session(session, mine.cookie, NOW)
        assert see_as(session, web(there.coordinator), device, there.grace.id) == seen.seen_as
        assert stop_seeing(session, web(there.coordinator), device) == there.grace.id
        assert stop_seeing(session, web(there.coordinator), device) is None
    assert mine.looking.seen_as is None
    assert events(database, Action.SEE_AS, Action.STOP_SEEING) == [
        (Action.SEE_AS, there.coordinator.id, there.grace.id),
        (Action.STOP_SEEING, there.coordinator.id, there.grace.id),
    ]


def test_going_on_to_somebody_else_and_signing_out_are_recorded_as_stopping(
    database: OpenDatabase,
) -> None:
    there = scene(database)
    mine = looking_as(database, there, there.grace)
    with database.unit_of_work() as session:
        device = SIGN_IN.browser_session(session, mine.cookie, NOW)
        see_as(session, web(there.coordinator), device, there.tutor.id)
    carry_out(database, devices.end_this, web(there.coordinator), mine.row)

    by = there.coordinator.id
    assert events(database, Action.SEE_AS, Action.STOP_SEEING) == [
        (Action.SEE_AS, by, there.grace.id),
        (Action.STOP_SEEING, by, there.grace.id),
        (Action.SEE_AS, by, there.tutor.id),
        (Action.STOP_SEEING, by, there.tutor.id),
    ]


@pytest.mark.parametrize(
    ("who", "whom", "refusal"),
    [
        ("grace", "daniel", NotCoordinator),
        ("tutor", "grace", NotCoordinator),
        ("coordinator", "coordinator", NothingToSee),
        ("coordinator", None, NotFound),
    ],
)
def test_who_may_not_see_as_whom(
    database: OpenDatabase, who: str, whom: str | None, refusal: type[Refusal]
) -> None:
    there = scene(database)
    person = getattr(there, who)
    mine = browser(database, person)
    person_id = getattr(there, whom).id if whom else 99_999

    with refused(refusal), database.unit_of_work() as session:
        see_as(session, web(person), SIGN_IN.browser_session(session, mine.cookie, NOW), person_id)
    assert mine.looking.seen_as is None


def test_who_is_no_coordinator_any_more_sees_with_their_own_eyes(database: OpenDatabase) -> None:
    there = scene(database)
    mine = looking_as(database, there, there.grace)
    with database.unit_of_work() as session:
        row = session.get(Person, there.coordinator.id)
        assert row is not None
        row.is_coordinator = False

    assert mine.looking.seen_as is None
    assert mine.looking.person.id == there.coordinator.id
