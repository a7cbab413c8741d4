"""Which sessions take notes, and when a note batch is over by itself (SPEC 4)."""

from datetime import timedelta

from models.enums import Status
from services.rules.notes import WITH_NOTES, is_over
from tests.builders import NOW


def test_a_batch_is_over_after_ten_quiet_minutes() -> None:
    assert not is_over(NOW, NOW + timedelta(minutes=9, seconds=59))
    assert is_over(NOW, NOW + timedelta(minutes=10))
    assert is_over(NOW, NOW + timedelta(minutes=10, seconds=1))


def test_notes_are_for_sessions_that_took_place() -> None:
    assert set(WITH_NOTES) == {
        Status.CHECKED_IN,
        Status.AWAITING_APPROVAL_PARENT,
        Status.APPROVED,
        Status.DISPUTED,
    }
