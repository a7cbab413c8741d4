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
from services.approvals.approvals import acknowledge
from services.approvals.disputes import dispute, latest_dispute, require_disputable
from services.lifecycle.actors import Source
from services.notes.batches import add_text, open_batch, remove_part
from services.rules.refusals.sessions import ActedFirst
from services.rules.refusals.standing import NotYourChild, OwnSession
from services.rules.refusals.typed import ReasonRequired, TextTooLong
from services.rules.texts import REASON_LIMIT
from tests.builders import NOW, acting
from tests.open_database import OpenDatabase
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


def disputed(
    database: OpenDatabase,
    there: Scene,
    why: DisputeReason = DisputeReason.CONDUCT,
    text: str | None = None,
) -> Dispute:
    """What Grace's objection left behind."""
    carry_out(database, dispute, there.id, acting(there.grace), why, text)
    with database.reading() as session:
        found = latest_dispute(session, there.id)
    assert found is not None
    return found


def test_a_dispute_is_kept_with_who_when_and_why_and_the_coordinators_are_alerted(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)

    found = disputed(database, there, DisputeReason.WRONG_TIME, "  It was 3 pm ")

    assert as_it_stands(database, there.id).status is Status.DISPUTED
    assert (found.opened_by_id, found.opened_at) == (there.grace.id, NOW)
    assert (found.reason, found.text) == (DisputeReason.WRONG_TIME, "It was 3 pm")
    assert found.status is DisputeStatus.OPEN
    alert = outbox_rows(database, MessageKind.DISPUTE_CARD)[0]
    assert alert.person_id is None
    assert alert.payload == {"appointment_id": there.id, "dispute_id": found.id}


def test_the_tutor_hears_of_it(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)

    disputed(database, there)

    assert recipients(database, MessageKind.APPOINTMENT_CARD) == [there.tutor.id]


@pytest.mark.parametrize("why", [w for w in DisputeReason if w is not DisputeReason.OTHER])
@pytest.mark.parametrize("text", [None, "", "  "])
def test_a_reason_from_the_list_needs_no_text(
    database: OpenDatabase, why: DisputeReason, text: str | None
) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)

    found = disputed(database, there, why, text)

    assert (found.reason, found.text) == (why, None)


@pytest.mark.parametrize("text", [None, "", "  "])
def test_other_needs_text(database: OpenDatabase, text: str | None) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    before = every_row(database)

    with refused(ReasonRequired):
        disputed(database, there, DisputeReason.OTHER, text)

    assert every_row(database) == before


def test_the_text_may_be_as_long_as_the_limit(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)

    with refused(TextTooLong, limit=REASON_LIMIT):
        disputed(database, there, DisputeReason.OTHER, "a" * (REASON_LIMIT + 1))
    found = disputed(database, there, DisputeReason.OTHER, "a" * REASON_LIMIT)

    assert found.text == "a" * REASON_LIMIT


def test_the_trail_has_the_reason_and_the_words(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)

    disputed(database, there, DisputeReason.OTHER, "We were abroad")

    event = trail(database, there.id)[-1]
    assert (event.action, event.reason) == (Action.DISPUTE, "other")
    assert event.details == {"text": "We were abroad"}


def test_only_a_parent_of_this_child_disputes(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    neighbours = scene(database)
    why = DisputeReason.CONDUCT

    with refused(NotYourChild):
        carry_out(database, dispute, there.id, acting(neighbours.grace), why, None)
    with refused(OwnSession):
        carry_out(database, dispute, there.id, acting(there.tutor), why, None)


def test_an_acknowledgement_is_final(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    carry_out(database, acknowledge, there.id, acting(there.grace))

    for parent in (there.grace, there.daniel):
        with refused(ActedFirst, who="Grace Lim", action=Action.ACKNOWLEDGE, at=NOW):
            carry_out(
                database, dispute, there.id, acting(parent, LATER), DisputeReason.CONDUCT, None
            )


def test_the_other_parent_is_told_of_the_dispute(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    disputed(database, there)

    with refused(ActedFirst, who="Grace Lim", action=Action.DISPUTE, role=Role.PARENT, at=NOW):
        carry_out(database, acknowledge, there.id, acting(there.daniel, LATER))


def test_a_dialogue_begins_only_where_a_dispute_is_possible(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    before = every_row(database)

    carry_out(database, require_disputable, there.id, acting(there.grace))

    assert every_row(database) == before
    disputed(database, there)
    for parent in (there.grace, there.daniel):
        with refused(ActedFirst, who="Grace Lim", action=Action.DISPUTE):
            carry_out(database, require_disputable, there.id, acting(parent, LATER))


def test_the_evidence_holds_attendance_notes_requests_events_and_when_messages_went_out(
    database: OpenDatabase,
) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT, student_absent=True)
    open_thread(database, there)
    with database.unit_of_work() as session:
        batch = open_batch(session, there.id, acting(there.tutor), CHAT)
        add_text(session, batch.id, acting(there.tutor), "Fractions", Source(CHAT, 1))
        for key, values in (
            ("sent", {"sent_at": NOW + timedelta(seconds=2)}),
            ("said by another", {"sent_at": NOW, "message_id": 5, "error": "said by message 1"}),
            ("nothing to say", {"sent_at": NOW, "error": "the session has moved on"}),
            ("an edit", {"sent_at": NOW, "kind": MessageKind.APPOINTMENT_CARD_REFRESH}),
            ("waiting", {}),
        ):
            session.add(
                OutboxMessage(
                    dedupe_key=key,
                    payload={},
                    person_id=there.grace.id,
                    appointment_id=there.id,
                    created_at=NOW,
                    due_at=NOW,
                    **({"kind": MessageKind.APPOINTMENT_CARD} | values),
                )
            )

    evidence = disputed(database, there).evidence

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


def test_later_notes_and_removals_do_not_change_the_evidence(database: OpenDatabase) -> None:
    there = scene(database, Status.AWAITING_APPROVAL_PARENT)
    tutor = acting(there.tutor)
    batch = carry_out(database, open_batch, there.id, tutor, CHAT)
    first = carry_out(database, add_text, batch.id, tutor, "Fractions", Source(CHAT, 1))
    assert first.last_part_id is not None
    frozen = disputed(database, there).evidence

    carry_out(database, add_text, batch.id, tutor, "She was there", Source(CHAT, 2))
    carry_out(database, remove_part, first.last_part_id, tutor)

    with database.reading() as session:
        found = latest_dispute(session, there.id)
        kept = session.get(NotePart, first.last_part_id)
    assert found is not None
    assert found.evidence == frozen
    assert [note["text"] for note in frozen["notes"]] == ["Fractions"]
    assert kept is not None
    assert (kept.kind, kept.text) == (PartKind.TEXT, "Fractions")
