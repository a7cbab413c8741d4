"""A parent disputes a session: the reason, the alert, and the frozen evidence (SPEC 5)."""

from datetime import timedelta

import pytest

from models import Dispute, NotePart, OutboxMessage
from models.enums import (
    Action,
    DisputeReason,
    DisputeStatus,
    MessageKind,
    PartKind,
    Role,
    Status,
)
from services.actors import Source
from services.approvals import acknowledge
from services.db import Database
from services.disputes import dispute, latest_dispute, require_disputable
from services.notes import add_text, open_batch, remove_part
from services.rules.refusals import RefusalCode
from services.rules.texts import REASON_LIMIT
from tests.builders import NOW, acting
from tests.services.proofs import (
    as_it_stands,
    every_row,
    outbox_rows,
    recipients,
    refused,
    trail,
)
from tests.services.scenes import Scene, carry_out, open_thread, scene

LATER = NOW + timedelta(minutes=5)
CHAT = 4711


async def disputed(
    database: Database,
    there: Scene,
    why: DisputeReason = DisputeReason.CONDUCT,
    text: str | None = None,
) -> Dispute:
    """What Grace's objection left behind."""
    await carry_out(database, dispute, there.id, acting(there.grace), why, text)
    async with database.reading() as session:
        found = await latest_dispute(session, there.id)
    assert found is not None
    return found


async def test_a_dispute_is_kept_with_who_when_and_why_and_the_coordinators_are_alerted(
    database: Database,
) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)

    found = await disputed(database, there, DisputeReason.WRONG_TIME, "  It was 3 pm ")

    assert (await as_it_stands(database, there.id)).status is Status.DISPUTED
    assert (found.opened_by_id, found.opened_at) == (there.grace.id, NOW)
    assert (found.reason, found.text) == (DisputeReason.WRONG_TIME, "It was 3 pm")
    assert found.status is DisputeStatus.OPEN
    alert = (await outbox_rows(database, MessageKind.DISPUTE_CARD))[0]
    assert alert.person_id is None
    assert alert.payload == {"appointment_id": there.id, "dispute_id": found.id}


async def test_the_tutor_hears_of_it(database: Database) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)

    await disputed(database, there)

    assert await recipients(database, MessageKind.APPOINTMENT_CARD) == [there.tutor.id]


@pytest.mark.parametrize("why", [w for w in DisputeReason if w is not DisputeReason.OTHER])
@pytest.mark.parametrize("text", [None, "", "  "])
async def test_a_reason_from_the_list_needs_no_text(
    database: Database, why: DisputeReason, text: str | None
) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)

    found = await disputed(database, there, why, text)

    assert (found.reason, found.text) == (why, None)


@pytest.mark.parametrize("text", [None, "", "  "])
async def test_other_needs_text(database: Database, text: str | None) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    before = await every_row(database)

    with refused(RefusalCode.REASON_REQUIRED):
        await disputed(database, there, DisputeReason.OTHER, text)

    assert await every_row(database) == before


async def test_the_text_may_be_as_long_as_the_limit(database: Database) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)

    with refused(RefusalCode.TEXT_TOO_LONG, limit=REASON_LIMIT):
        await disputed(database, there, DisputeReason.OTHER, "a" * (REASON_LIMIT + 1))
    found = await disputed(database, there, DisputeReason.OTHER, "a" * REASON_LIMIT)

    assert found.text == "a" * REASON_LIMIT


async def test_the_trail_has_the_reason_and_the_words(database: Database) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)

    await disputed(database, there, DisputeReason.OTHER, "We were abroad")

    event = (await trail(database, there.id))[-1]
    assert (event.action, event.reason) == (Action.DISPUTE, "other")
    assert event.details == {"text": "We were abroad"}


async def test_only_a_parent_of_this_child_disputes(database: Database) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    neighbours = await scene(database)
    why = DisputeReason.CONDUCT

    with refused(RefusalCode.NOT_YOUR_CHILD):
        await carry_out(database, dispute, there.id, acting(neighbours.grace), why, None)
    with refused(RefusalCode.OWN_SESSION):
        await carry_out(database, dispute, there.id, acting(there.tutor), why, None)


async def test_an_acknowledgement_is_final(database: Database) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    await carry_out(database, acknowledge, there.id, acting(there.grace))

    for parent in (there.grace, there.daniel):
        with refused(RefusalCode.ACTED_FIRST, who="Grace Lim", action=Action.ACKNOWLEDGE, at=NOW):
            await carry_out(
                database, dispute, there.id, acting(parent, LATER), DisputeReason.CONDUCT, None
            )


async def test_the_other_parent_is_told_of_the_dispute(database: Database) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    await disputed(database, there)

    with refused(
        RefusalCode.ACTED_FIRST, who="Grace Lim", action=Action.DISPUTE, role=Role.PARENT, at=NOW
    ):
        await carry_out(database, acknowledge, there.id, acting(there.daniel, LATER))


async def test_a_dialogue_begins_only_where_a_dispute_is_possible(database: Database) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    before = await every_row(database)

    await carry_out(database, require_disputable, there.id, acting(there.grace))

    assert await every_row(database) == before
    await disputed(database, there)
    for parent in (there.grace, there.daniel):
        with refused(RefusalCode.ACTED_FIRST, who="Grace Lim", action=Action.DISPUTE):
            await carry_out(database, require_disputable, there.id, acting(parent, LATER))


async def test_the_evidence_holds_attendance_notes_requests_events_and_when_messages_went_out(
    database: Database,
) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT, student_absent=True)
    await open_thread(database, there)
    async with database.unit_of_work() as session:
        batch = await open_batch(session, there.id, acting(there.tutor), CHAT)
        await add_text(session, batch.id, acting(there.tutor), "Fractions", Source(CHAT, 1))
        for key, values in (
            ("sent", {"sent_at": NOW + timedelta(seconds=2)}),
            ("said by another", {"sent_at": NOW, "message_id": 5, "error": "said by message 1"}),
            ("nothing to say", {"sent_at": NOW, "error": "the session has moved on"}),
            ("waiting", {}),
        ):
            session.add(
                OutboxMessage(
                    dedupe_key=key,
                    kind=MessageKind.APPOINTMENT_CARD,
                    payload={},
                    person_id=there.grace.id,
                    appointment_id=there.id,
                    created_at=NOW,
                    due_at=NOW,
                    **values,
                )
            )

    evidence = (await disputed(database, there)).evidence

    row = there.session
    assert row.checked_in_at is not None
    assert row.checked_out_at is not None
    assert evidence["attendance"] == {
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "checked_in_at": row.checked_in_at.isoformat(),
        "checked_out_at": row.checked_out_at.isoformat(),
        "student_absent": True,
    }
    assert [(note["kind"], note["text"]) for note in evidence["notes"]] == [("text", "Fractions")]
    assert [(one["version"], one["side"]) for one in evidence["reschedules"]] == [(1, "parent")]
    assert evidence["messages"] == [
        {"kind": "appointment_card", "to": there.grace.id, "sent_at": sent_at.isoformat()}
        for sent_at in (NOW + timedelta(seconds=2), NOW)
    ]


async def test_later_notes_and_removals_do_not_change_the_evidence(database: Database) -> None:
    there = await scene(database, Status.AWAITING_APPROVAL_PARENT)
    tutor = acting(there.tutor)
    batch = await carry_out(database, open_batch, there.id, tutor, CHAT)
    first = await carry_out(database, add_text, batch.id, tutor, "Fractions", Source(CHAT, 1))
    assert first.last_part_id is not None
    frozen = (await disputed(database, there)).evidence

    await carry_out(database, add_text, batch.id, tutor, "She was there", Source(CHAT, 2))
    await carry_out(database, remove_part, first.last_part_id, tutor)

    async with database.reading() as session:
        found = await latest_dispute(session, there.id)
        kept = await session.get(NotePart, first.last_part_id)
    assert found is not None
    assert found.evidence == frozen
    assert [note["text"] for note in frozen["notes"]] == ["Fractions"]
    assert kept is not None
    assert (kept.kind, kept.text) == (PartKind.TEXT, "Fractions")
