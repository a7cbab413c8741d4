"""Signing in by opening the Mini App (SPEC 10)."""

from datetime import timedelta

from sqlmodel import select

from models import AuditEvent, Person
from models.enums import Action, Channel, Role
from services.people.mini_app import SESSION_LASTS, enter
from services.rules.init_data import Opening
from services.rules.refusals.links import AppUsed, NotSignedIn
from services.rules.refusals.standing import NotLinked
from tests import builders
from tests.builders import NOW, SIGN_IN
from tests.open_database import OpenDatabase
from tests.services.proofs import every_row, refused
from tests.services.scenes import carry_out

PAGE, OTHER_PAGE = "a-page", "another-page"


def grace_of(database: OpenDatabase) -> Person:
    with database.unit_of_work() as session:
        return builders.parent(session)


def opening(user_id: int | None, signature: str = "f00d") -> Opening:
    return Opening(user_id or 0, None, signature, NOW + timedelta(minutes=10))


def entered(database: OpenDatabase, given: Opening, page: str = PAGE) -> tuple[str, Person]:
    return carry_out(database, enter, SIGN_IN, given, page, NOW)


def test_who_opened_it_is_signed_in_for_a_day(database: OpenDatabase) -> None:
    grace = grace_of(database)

    cookie, person = entered(database, opening(grace.telegram_user_id))

    assert person.id == grace.id
    with database.reading() as session:
        almost = NOW + SESSION_LASTS - timedelta(seconds=1)
        assert SIGN_IN.signed_in(session, cookie, almost).id == grace.id
        with refused(NotSignedIn):
            SIGN_IN.signed_in(session, cookie, NOW + SESSION_LASTS)
        event = session.exec(select(AuditEvent)).one()
    assert (event.action, event.actor_id, event.role, event.channel) == (
        *(Action.SIGN_IN, grace.id, Role.PARENT, Channel.WEB),
    )


def test_an_opening_counts_once(database: OpenDatabase) -> None:
    grace = grace_of(database)
    entered(database, opening(grace.telegram_user_id))

    with refused(AppUsed, person_id=grace.id):
        entered(database, opening(grace.telegram_user_id), OTHER_PAGE)
    with refused(AppUsed, person_id=grace.id):
        entered(database, opening(grace.telegram_user_id), "")
    assert entered(database, opening(grace.telegram_user_id, "beef"), OTHER_PAGE)


def test_a_page_that_is_sent_twice_is_no_second_use(database: OpenDatabase) -> None:
    grace = grace_of(database)

    first, second = (entered(database, opening(grace.telegram_user_id))[0] for _ in range(2))

    with database.reading() as session:
        assert SIGN_IN.signed_in(session, second, NOW).id == grace.id
        assert len(session.exec(select(AuditEvent)).all()) == 1
    assert first != second


def test_who_is_not_linked_is_not_signed_in(database: OpenDatabase) -> None:
    grace_of(database)
    before = every_row(database)

    with refused(NotLinked):
        entered(database, opening(4_711))

    assert every_row(database) == before
