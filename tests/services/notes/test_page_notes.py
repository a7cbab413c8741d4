"""Notes that come from a page join the batch of the chat (SPEC 4, 10)."""

from datetime import timedelta

from sqlmodel import select

from models import MediaReservation, NotePart
from models.enums import Channel, PartKind, Status
from services.lifecycle.actors import Source
from services.media.reservations import reserve
from services.media.storing import StoredFile
from services.notes import batches
from services.notes.page_notes import add_from_page, batch_chat
from services.rules.refusals.sessions import WrongStatus
from services.rules.refusals.standing import NotYourSession
from services.rules.refusals.typed import TextTooLong
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
from tests.services.proofs import refused
from tests.services.scenes import carry_out, scene

PHOTO = StoredFile(PartKind.PHOTO, "notes/ab/abcdef.jpg", "image/jpeg", "board.jpg", 900)


def test_a_text_and_a_file_are_parts_whose_key_is_no_longer_reserved(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.CHECKED_IN)
    actor = acting(there.tutor, channel=Channel.WEB)
    carry_out(database, reserve, PHOTO.key, NOW)

    tally = carry_out(database, add_from_page, there.id, actor, 5, "Halves.", [PHOTO])

    assert tally.counts == {PartKind.TEXT: 1, PartKind.PHOTO: 1}
    assert tally.on_its_way == 0
    with database.reading() as session:
        text, photo = session.exec(select(NotePart).order_by(NotePart.id)).all()  # type: ignore[arg-type]
        assert session.exec(select(MediaReservation)).all() == []
    assert (text.text, text.chat_id, text.message_id) == ("Halves.", None, None)
    assert (photo.media_key, photo.stored_at, photo.size_bytes) == (PHOTO.key, NOW, 900)


def test_they_join_the_batch_that_the_chat_began(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    actor, chat_id = acting(there.tutor), batch_chat(there.tutor)
    assert chat_id == there.tutor.telegram_user_id
    batch = carry_out(database, batches.open_batch, there.id, actor, chat_id)
    carry_out(database, batches.add_text, batch.id, actor, "In the chat.", Source(chat_id, 5))

    tally = carry_out(database, add_from_page, there.id, actor, chat_id, "On the page.", [])

    assert (tally.batch.id, tally.counts) == (batch.id, {PartKind.TEXT: 2})


def test_what_is_refused_leaves_no_batch_behind(database: OpenDatabase) -> None:
    there = scene(database, Status.CHECKED_IN)
    ahead = scene(database, starts_at=NOW + timedelta(hours=2))
    with refused(TextTooLong, limit=4096):
        carry_out(database, add_from_page, there.id, acting(there.tutor), 5, "x" * 4097, [])
    with refused(NotYourSession):
        carry_out(database, add_from_page, there.id, acting(there.grace), 5, "Halves.", [])
    with refused(WrongStatus):
        carry_out(database, add_from_page, ahead.id, acting(ahead.tutor), 5, "Halves.", [])
