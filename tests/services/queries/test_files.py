"""Who is given the file of a note part, and as what (SPEC 4, 9)."""

from typing import Any

import pytest

from models import Person
from models.enums import PartKind, Status
from services.db import Database
from services.ports import Presentation
from services.queries.files import NoteFile, file_for
from services.rules.refusals import RefusalCode
from tests import builders
from tests.builders import NOW
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
async def there(database: Database) -> Scene:
    return await scene(database, Status.AWAITING_APPROVAL_PARENT)


async def a_part(database: Database, there: Scene, **over: Any) -> int:
    async with database.unit_of_work() as session:
        return (await builders.note_part(session, there.session, **(STORED | over))).id


async def given(database: Database, viewer: Person, part_id: int) -> NoteFile:
    async with database.reading() as session:
        return await file_for(session, viewer, part_id)


@pytest.mark.parametrize("who", ["tutor", "grace", "daniel", "coordinator"])
async def test_tutor_parents_and_coordinators_are_given_it(
    database: Database, there: Scene, who: str
) -> None:
    part_id = await a_part(database, there)

    assert await given(database, getattr(there, who), part_id) == NoteFile(
        KEY, Presentation("board.jpg", "image/jpeg", is_shown=True)
    )


async def test_nobody_else_is_told_that_it_exists(database: Database, there: Scene) -> None:
    part_id = await a_part(database, there)
    async with database.unit_of_work() as session:
        others = [
            await builders.tutor(session),
            await builders.parent(session),
            await builders.person(session, is_tutor=True, is_parent=True),
        ]
        await builders.student(session, others[1:])

    for other in others:
        with refused(RefusalCode.NOT_FOUND):
            await given(database, other, part_id)


async def test_the_tutor_before_is_given_it_no_more(database: Database, there: Scene) -> None:
    part_id = await a_part(database, there)
    async with database.unit_of_work() as session:
        row = await session.merge(there.session)
        row.tutor_id = (await builders.tutor(session)).id

    with refused(RefusalCode.NOT_FOUND):
        await given(database, there.tutor, part_id)


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"removed_at": NOW}, RefusalCode.NOT_FOUND),
        ({"kind": PartKind.TEXT, "media_key": None, "text": "Sums"}, RefusalCode.NOT_FOUND),
        ({"media_key": None, "stored_at": None}, RefusalCode.FILE_ON_ITS_WAY),
    ],
)
async def test_what_is_not_there_to_be_given(
    database: Database, there: Scene, over: dict[str, Any], code: RefusalCode
) -> None:
    part_id = await a_part(database, there, **over)

    with refused(code):
        await given(database, there.grace, part_id)


async def test_there_is_no_file_of_no_part(database: Database, there: Scene) -> None:
    with refused(RefusalCode.NOT_FOUND):
        await given(database, there.grace, 4711)


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
async def test_only_pictures_and_sound_open_in_a_page(
    database: Database, there: Scene, media_type: str | None, is_shown: bool
) -> None:
    part_id = await a_part(
        database, there, kind=PartKind.DOCUMENT, media_type=media_type, file_name=None
    )

    presentation = (await given(database, there.grace, part_id)).presentation

    assert presentation == Presentation(
        "document", media_type or "application/octet-stream", is_shown
    )
