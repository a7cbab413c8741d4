"""A session of SPEC 3, the instants at which something changes for it, and facts of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from models.enums import Action, DisputeStatus, Role, Status
from services.rules.actions import available_actions, refusal_of
from services.rules.refusals import Refusal
from services.rules.session_actions import SessionAction
from services.rules.session_facts import DisputeRecord, Done, OpenProposal, SessionFacts

SECOND = timedelta(seconds=1)

# A session from 20:00 to 21:30 in Singapore, and the instants at which something changes.
LONG_BEFORE = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
FOUR_HOURS_BEFORE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
NEW_START = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)  # that of a request to have it earlier
HALF_AN_HOUR_BEFORE = datetime(2026, 11, 25, 11, 30, tzinfo=UTC)
START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
HALF_AN_HOUR_BEFORE_END = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
END = datetime(2026, 11, 25, 13, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
DAY_AFTER_END = datetime(2026, 11, 26, 13, 30, tzinfo=UTC)
LONG_AFTER = datetime(2026, 12, 25, 0, 0, tzinfo=UTC)

BOUNDARIES = (
    LONG_BEFORE,
    FOUR_HOURS_BEFORE,
    NEW_START,
    HALF_AN_HOUR_BEFORE,
    START,
    HALF_AN_HOUR_BEFORE_END,
    END,
    MIDNIGHT,
    DAY_AFTER_END,
    LONG_AFTER,
)


def instants() -> Iterator[datetime]:
    """A second before each of them, the instant itself, and a second after it."""
    for boundary in BOUNDARIES:
        yield from (boundary - SECOND, boundary, boundary + SECOND)


def a_session(status: Status, **over: object) -> SessionFacts:
    """One in this status, with the attendance that goes with it; `over` are its facts."""
    attended = status in (Status.AWAITING_APPROVAL_PARENT, Status.APPROVED, Status.DISPUTED)
    facts = SessionFacts(
        appointment_id=7,
        status=status,
        starts_at=START,
        ends_at=END,
        zone=ZoneInfo("Asia/Singapore"),
        checked_in_at=START if attended or status is Status.CHECKED_IN else None,
        checked_out_at=END if attended else None,
        dispute=DisputeRecord(DisputeStatus.OPEN) if status is Status.DISPUTED else None,
    )
    return replace(facts, **over)  # type: ignore[arg-type]  # the test names what it is about


def a_request(side: Role) -> OpenProposal:
    """To have it two hours earlier."""
    return OpenProposal(
        id=5,
        side=side,
        new_starts_at=NEW_START,
        new_ends_at=NEW_START + (END - START),
        proposer_id=1,
        proposer="Tan Wei Ming",
        expires_at=START,
    )


def done(action: Action, role: Role = Role.COORDINATOR) -> Done:
    """Somebody has done it."""
    return Done(action, role, START, 1, "Priya Nair")


def buttons(facts: SessionFacts, role: Role, now: datetime = END) -> str:
    """What the card offers, in its order."""
    return " ".join(available_actions(facts, role, now))


def told(
    facts: SessionFacts, action: SessionAction, role: Role, now: datetime = END
) -> tuple[type[Refusal], dict[str, object]] | None:
    """The refusal and its fields, None where it is possible."""
    refusal = refusal_of(facts, action, role, now)
    return None if refusal is None else (type(refusal), vars(refusal))


def kind_of(
    facts: SessionFacts, action: SessionAction, role: Role, now: datetime = END
) -> type[Refusal] | None:
    """The refusal without its fields, None where it is possible."""
    refusal = refusal_of(facts, action, role, now)
    return None if refusal is None else type(refusal)
