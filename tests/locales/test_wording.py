from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum

import pytest

from locales.catalogue import codes
from locales.parts import part_label, parts
from locales.pseudo import PSEUDO
from locales.wording import (
    action_done,
    attendance_line,
    dispute_reason,
    role_label,
    settlement_done,
    status_label,
)
from models import Appointment
from models.enums import (
    Action,
    DisputeReason,
    DisputeStatus,
    MissedKind,
    PartKind,
    Role,
    Status,
)
from tests.locales.readers import at, reader
from tests.pseudo import leaked_english

LANGUAGES = (*codes(), PSEUDO)
LABELS: dict[type[StrEnum], Callable[..., str]] = {
    DisputeReason: dispute_reason,
    PartKind: part_label,
    Role: role_label,
}


def session(
    came: datetime | None = None, went: datetime | None = None, *, absent: bool = False
) -> Appointment:
    return Appointment(
        tutor_id=1,
        student_id=1,
        subject="Maths",
        starts_at=at(25, 15),
        ends_at=at(25, 16, 30),
        checked_in_at=came,
        checked_out_at=went,
        student_absent=absent,
    )


@pytest.mark.parametrize(
    ("status", "role", "shown"),
    [
        (Status.AWAITING_APPROVAL_PARENT, Role.TUTOR, "Awaiting acknowledgement"),
        (Status.AWAITING_APPROVAL_PARENT, Role.PARENT, "Awaiting Your Acknowledgement"),
        (Status.AWAITING_APPROVAL_PARENT, Role.COORDINATOR, "Awaiting acknowledgement"),
        (Status.APPROVED, Role.PARENT, "Acknowledged"),
        (Status.APPROVED, Role.TUTOR, "Acknowledged"),
        (Status.NOT_COMPLETED, Role.PARENT, "Not Completed"),
        (Status.SCHEDULED, Role.TUTOR, "Scheduled"),
        (Status.CHECKED_IN, Role.PARENT, "In progress"),
        (Status.DISPUTED, Role.TUTOR, "Disputed"),
    ],
)
def test_a_status_reads_as_its_readers_role_asks(status: Status, role: Role, shown: str) -> None:
    assert status_label(reader(), status, role) == shown


def test_coordinators_read_that_attendance_was_missed_and_others_the_status() -> None:
    def shown(status: Status, role: Role, missed: MissedKind) -> str:
        return status_label(reader(), status, role, missed)

    assert shown(Status.SCHEDULED, Role.COORDINATOR, MissedKind.CHECK_IN) == "Missed check-in"
    assert shown(Status.CHECKED_IN, Role.COORDINATOR, MissedKind.CHECK_OUT) == "Missed check-out"
    assert shown(Status.SCHEDULED, Role.PARENT, MissedKind.CHECK_IN) == "Scheduled"


def test_who_did_what_when() -> None:
    grace = action_done(reader(), Action.ACKNOWLEDGE, "Grace", at(25, 20, 14), is_reader=False)
    you = action_done(reader(), Action.CHECK_IN, "Tan", at(24, 15, 2), is_reader=True)
    assert grace == "Grace acknowledged this at 20:14"
    assert you == "You checked in on Tue 24 Nov at 15:02"


def test_somebody_whose_name_is_gone_is_the_agency() -> None:
    shown = action_done(reader(), Action.VERIFY, "", at(25, 20, 14), is_reader=False)
    assert shown == "The agency verified this at 20:14"


def test_how_a_dispute_was_settled() -> None:
    shown = settlement_done(reader(), DisputeStatus.UPHELD, "Priya", at(25, 20, 14))
    assert shown == "Priya upheld the dispute at 20:14"


def test_the_tally_counts_each_kind_of_part() -> None:
    counts = {PartKind.TEXT: 1, PartKind.VOICE: 1, PartKind.PHOTO: 2, PartKind.AUDIO: 0}
    assert parts(reader(), counts) == "2 photos, 1 voice memo, 1 text"
    assert parts(reader(), {PartKind.DOCUMENT: 3, PartKind.AUDIO: 1}) == "3 documents, 1 audio file"
    assert parts(reader(), {}) == ""


@pytest.mark.parametrize(
    ("appointment", "shown"),
    [
        (session(), ""),
        (session(at(25, 15, 2)), "Checked in 15:02"),
        (session(at(25, 15, 2), at(25, 16, 31)), "Checked in 15:02, checked out 16:31"),
        (
            session(at(25, 15, 2), at(26, 9), absent=True),
            "Checked in 15:02, checked out Thu 26 Nov 09:00, student absent",
        ),
    ],
)
def test_attendance_in_one_line(appointment: Appointment, shown: str) -> None:
    assert attendance_line(reader(), appointment) == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_every_set_has_a_label(language: str) -> None:
    shown = list(_labels(language))
    assert [label for label in shown if not label or "{" in label] == []
    if language == PSEUDO:
        assert [label for label in shown if leaked_english(label, ["Grace"])] == []


def test_labels_of_a_set_tell_its_words_apart() -> None:
    for words, label in LABELS.items():
        assert len({label(reader(), word) for word in words}) == len(words)
    assert len({status_label(reader(), each, Role.TUTOR) for each in Status}) == len(Status)


def _labels(language: str) -> Iterator[str]:
    eyes = reader(language)
    for words, label in LABELS.items():
        yield from (label(eyes, word) for word in words)
    for status in Status:
        for role in Role:
            for missed in (None, *MissedKind):
                yield status_label(eyes, status, role, missed)
    for action in Action:
        for is_reader in (True, False):
            yield action_done(eyes, action, "Grace", at(20, 9), is_reader)
    for settled in DisputeStatus:
        yield settlement_done(eyes, settled, "Grace", at(20, 9))
    yield parts(eyes, dict.fromkeys(PartKind, 2))
    yield attendance_line(eyes, session(at(25, 15), at(26, 9), absent=True))
