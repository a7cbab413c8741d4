"""Who is given the file of a note part, and as what (SPEC 4, 9)."""

from typing import Any

import pytest

from models import Person
from models.enums import PartKind, Status
from services.ports import Presentation
from services.queries.files import NoteFile, file_for
from services.rules.refusals import Refusal
from services.rules.refusals.notes import FileOnItsWay
from services.rules.refusals.sessions import NotFound
from tests import builders
from tests.builders import NOW
from tests.open_database import OpenDatabase
from tests.services.proofs import refused
from tests.services.scenes import Scene, scene

KEY = "notes/ab/abcdef.jpg"
STORED: dict[str, Any] = {
    "kind": PartKind.PHOTO,
    "text": None,
    "telegram_file_id": "telegram-1",
    "file_name": "board.jpg",
    "media_type": "image/jpeg",
    "media_key": KEY,
    "stored_at": NOW,
}


@pytest.fixture
def there(database: OpenDatabase) -> Scene:
    return scene(database, Status.AWAITING_APPROVAL_PARENT)


def a_part(database: OpenDatabase, there: Scene, **over: Any) -> int:
    with database.unit_of_work() as session:
        return builders.note_part(session, there.session, **(STORED | over)).id


def given(database: OpenDatabase, viewer: Person, part_id: int) -> NoteFile:
    with database.reading() as session:
        return file_for(session, viewer, part_id)


@pytest.mark.parametrize("who", ["tutor", "grace", "daniel", "coordinator"])
def test_tutor_parents_and_coordinators_are_given_it(
    database: OpenDatabase, there: Scene, who: str
) -> None:
    part_id = a_part(database, there)

    assert given(database, getattr(there, who), part_id) == NoteFile(
        KEY, Presentation("board.jpg", "image/jpeg", is_shown=True)
    )


def test_nobody_else_is_told_that_it_exists(database: OpenDatabase, there: Scene) -> None:
    part_id = a_part(database, there)
    with database.unit_of_work() as session:
        others = [
            builders.tutor(session),
            builders.parent(session),
            builders.person(session, is_tutor=True, is_parent=True),
        ]
        builders.student(session, others[1:])

    for other in others:
        with refused(NotFound):
            given(database, other, part_id)


def test_the_tutor_before_is_given_it_no_more(database: OpenDatabase, there: Scene) -> None:
    part_id = a_part(database, there)
    with database.unit_of_work() as session:
        row = session.merge(there.session)
        row.tutor_id = builders.tutor(session).id

    with refused(NotFound):
        given(database, there.tutor, part_id)


@pytest.mark.parametrize(
    ("over", "refusal"),
    [
        ({"removed_at": NOW}, NotFound),
        ({"kind": PartKind.TEXT, "media_key": None, "text": "Sums"}, NotFound),
        ({"media_key": None, "stored_at": None}, FileOnItsWay),
    ],
)
def test_what_is_not_there_to_be_given(
    database: OpenDatabase, there: Scene, over: dict[str, Any], refusal: type[Refusal]
) -> None:
    part_id = a_part(database, there, **over)

    with refused(refusal):
        given(database, there.grace, part_id)


def test_there_is_no_file_of_no_part(database: OpenDatabase, there: Scene) -> None:
    with refused(NotFound):
        given(database, there.grace, 4711)


@pytest.mark.parametrize(
    ("media_type", "is_shown"),
    [
        ("image/png", True),
        ("audio/ogg", True),
        ("application/pdf", False),
        ("text/csv", False),
        ("text/html", False),
        (None, False),
    ],
)
def test_only_pictures_and_sound_open_in_a_page(
    database: OpenDatabase, there: Scene, media_type: str | None, is_shown: bool
) -> None:
    part_id = a_part(database, there, kind=PartKind.DOCUMENT, media_type=media_type, file_name=None)

    presentation = given(database, there.grace, part_id).presentation

    assert presentation == Presentation(
        "document", media_type or "application/octet-stream", is_shown
    )
