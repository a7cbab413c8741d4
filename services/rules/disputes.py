"""Which reasons a parent can dispute a session for (SPEC 5)."""

from models.enums import DisputeReason


def dispute_reasons(*, has_notes: bool) -> tuple[DisputeReason, ...]:
    """Reasons to choose from: that notes do not match only where there are notes."""
    return tuple(
        one for one in DisputeReason if has_notes or one is not DisputeReason.NOTES_DO_NOT_MATCH
    )
