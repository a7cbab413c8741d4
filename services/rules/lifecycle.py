"""Status machine: every transition that exists (SPEC 2).

`ARROWS` maps (status, action, role) to the next status. A status of None stands for an appointment
that does not exist yet. Only `services.lifecycle.status` writes what the table says.
"""

from types import MappingProxyType

from models.enums import Action, Role, Status

Step = tuple[Status | None, Action, Role]

ARROWS: MappingProxyType[Step, Status] = MappingProxyType(
    {
        (None, Action.CREATE, Role.SYSTEM): Status.SCHEDULED,
        (None, Action.REPLACE, Role.COORDINATOR): Status.SCHEDULED,
        (None, Action.SCHEDULE, Role.COORDINATOR): Status.SCHEDULED,
        (None, Action.LOG_ADHOC, Role.TUTOR): Status.AWAITING_APPROVAL_PARENT,
        (Status.SCHEDULED, Action.CHECK_IN, Role.TUTOR): Status.CHECKED_IN,
        (Status.SCHEDULED, Action.CANCEL, Role.TUTOR): Status.CANCELLED_BY_TUTOR,
        (Status.SCHEDULED, Action.CANCEL, Role.PARENT): Status.CANCELLED_BY_PARENT,
        (Status.SCHEDULED, Action.EXPIRE, Role.SYSTEM): Status.NOT_COMPLETED,
        (
            Status.SCHEDULED,
            Action.CANCEL_FOR_TUTOR,
            Role.COORDINATOR,
        ): Status.CANCELLED_BY_TUTOR,
        (
            Status.SCHEDULED,
            Action.CANCEL_FOR_PARENT,
            Role.COORDINATOR,
        ): Status.CANCELLED_BY_PARENT,
        (
            Status.SCHEDULED,
            Action.CORRECT_ATTENDANCE,
            Role.COORDINATOR,
        ): Status.AWAITING_APPROVAL_PARENT,
        (
            Status.CHECKED_IN,
            Action.CHECK_OUT,
            Role.TUTOR,
        ): Status.AWAITING_APPROVAL_PARENT,
        (
            Status.CHECKED_IN,
            Action.CORRECT_ATTENDANCE,
            Role.COORDINATOR,
        ): Status.AWAITING_APPROVAL_PARENT,
        (Status.CHECKED_IN, Action.CLEAR_CHECK_IN, Role.COORDINATOR): Status.SCHEDULED,
        (Status.AWAITING_APPROVAL_PARENT, Action.ACKNOWLEDGE, Role.PARENT): Status.APPROVED,
        (Status.AWAITING_APPROVAL_PARENT, Action.DISPUTE, Role.PARENT): Status.DISPUTED,
        (Status.AWAITING_APPROVAL_PARENT, Action.VERIFY, Role.COORDINATOR): Status.APPROVED,
        (Status.DISPUTED, Action.VERIFY, Role.COORDINATOR): Status.APPROVED,
        (Status.DISPUTED, Action.RETURN, Role.COORDINATOR): Status.AWAITING_APPROVAL_PARENT,
    }
)
"""Transitions. An import (SPEC 2, last row) may create any status, and is not in the table."""

REASON_REQUIRED = frozenset(
    {
        Action.VERIFY,
        Action.RETURN,
        Action.UPHOLD,
        Action.CANCEL,
        Action.CANCEL_FOR_TUTOR,
        Action.CANCEL_FOR_PARENT,
        Action.CORRECT_ATTENDANCE,
        Action.CLEAR_CHECK_IN,
        Action.REPLACE,
        Action.DISPUTE,
    }
)
"""Actions that need a reason."""


def next_status(status: Status | None, action: Action, role: Role) -> Status | None:
    """Status after `action` by `role`; None where there is no such transition."""
    return ARROWS.get((status, action, role))
