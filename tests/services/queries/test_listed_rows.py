"""Sessions of a page's list: all that their rows tell, and not the whole rows of their tables."""

from models.enums import Kind, Status
from services.db import Session
from services.queries.family import Tab, sessions_in
from services.queries.listed_rows import ListedRow, rows_of
from services.queries.sessions import views_of
from services.queries.teaching import taught_before, taught_later
from tests.builders import AGENCY, NOW
from tests.open_database import OpenDatabase
from tests.services.matters import DAY, over
from tests.services.scenes import Scene, another_session, scene


def lists(session: Session, there: Scene) -> list[ListedRow]:
    """The rows of lists of both sides."""
    return [
        *taught_before(session, there.tutor, AGENCY, NOW, 1)[0],
        *taught_later(session, there.tutor, AGENCY, NOW, 1)[0],
        *sessions_in(session, there.student.id, Tab.PAST, NOW, 1)[0],
        *sessions_in(session, there.student.id, Tab.FUTURE, NOW, 1)[0],
    ]


def some_sessions(database: OpenDatabase) -> Scene:
    there = scene(database, Status.APPROVED)
    another_session(database, there, **over(status=Status.DISPUTED, student_absent=True))
    another_session(
        database, there, **over(starts_at=NOW - 2 * DAY, kind=Kind.ADHOC, billed_as_addon=1)
    )
    another_session(database, there, starts_at=NOW + 9 * DAY, kind=Kind.TRIAL)
    return there


def test_a_row_of_a_list_tells_what_the_session_s_whole_row_does(database: OpenDatabase) -> None:
    there = some_sessions(database)
    with database.reading() as session:
        found = lists(session, there)
        views = {view.id: view for view in views_of(session, [row.id for row in found])}
        whole = rows_of(views[row.id] for row in found)

    assert {row.kind for row in found} == set(Kind)
    assert found == whole


def test_a_list_is_read_without_the_whole_rows_of_its_tables(database: OpenDatabase) -> None:
    there = some_sessions(database)
    with database.reading() as session:
        assert len(lists(session, there)) > 4
        assert list(session.identity_map.values()) == []
