"""The buttons of a session, one for each action that `services.rules.actions` allows."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from chat import callbacks, keyboards
from chat.callbacks import Button, CoordinatorChange, Settlement
from chat.callbacks.cancellations import WishReplacement
from chat.callbacks.late_changes import ExplainMissed
from chat.deep_links import DeepLink, OpenChange, OpenSession
from chat.keyboards import InlineButton, Rows
from locales.reader import Reader
from models.enums import Role, Status
from services.queries.facts import facts_of
from services.queries.sessions import SessionDetail
from services.rules.actions import available_actions
from services.rules.agency import Agency
from services.rules.session_actions import ANSWERS, SETTLEMENTS, SessionAction

_FIRST = frozenset({*ANSWERS, *SETTLEMENTS})
"""Actions that answer a request or a dispute."""

_Label = Callable[[Reader, SessionDetail], str]


def card_buttons(reader: Reader, detail: SessionDetail, role: Role, agency: Agency) -> Rows:
    """The buttons of the session's card for this role.

    A coordinator who also has another role in the session gets a coordinator's buttons below.
    """
    rows = _buttons_of(reader, detail, role, agency)
    if role is not Role.COORDINATOR and Role.COORDINATOR in detail.roles:
        rows += _only_new(_buttons_of(reader, detail, Role.COORDINATOR, agency), rows)
    return rows


def settlement_buttons(
    reader: Reader, detail: SessionDetail, agency: Agency
) -> tuple[InlineButton, ...]:
    """The buttons with which a coordinator may settle a dispute now (SPEC 5)."""
    actions = available_actions(facts_of(detail, agency.zone), Role.COORDINATOR, reader.now)
    return _buttons(reader, detail, (one for one in actions if one in SETTLEMENTS))


def links_for_group(
    reader: Reader, detail: SessionDetail, agency: Agency, address: Callable[[DeepLink], str]
) -> Rows:
    """A coordinator's buttons, as links into their private chat, where the child is named.

    Each leads to the questions that it asks; where it asks none, to the session's card.
    """
    rows = _buttons_of(reader, detail, Role.COORDINATOR, agency)
    return keyboards.in_pairs(
        *(
            keyboards.link(one.text, address(_link(one.callback_data, detail.view.id)))
            for row in rows
            for one in row
        )
    )


def _link(data: object, appointment_id: int) -> DeepLink:
    match callbacks.decode(str(data)):
        case callbacks.Coordinate(change=change):
            return OpenChange(change, appointment_id)
    return OpenSession(appointment_id)


def _buttons_of(reader: Reader, detail: SessionDetail, role: Role, agency: Agency) -> Rows:
    """The buttons of a role: first those that answer a request or dispute, below them the rest.

    Who is a coordinator need not tell the coordinators.
    """
    actions = available_actions(facts_of(detail, agency.zone), role, reader.now)
    first = [one for one in actions if one in _FIRST]
    told = (SessionAction.EXPLAIN_MISSED,) if Role.COORDINATOR in detail.roles else ()
    rest = [one for one in actions if one not in _FIRST and one not in told]
    return keyboards.in_pairs(*_buttons(reader, detail, first)) + keyboards.in_pairs(
        *_buttons(reader, detail, rest)
    )


def _buttons(
    reader: Reader, detail: SessionDetail, actions: Iterable[SessionAction]
) -> tuple[InlineButton, ...]:
    return tuple(
        _STYLES.get(one, keyboards.button)(_LABELS[one](reader, detail), _does(one, detail))
        for one in actions
        if one in _LABELS
    )


def _only_new(more: Rows, rows: Rows) -> Rows:
    """The rows of `more`, without the buttons that are in `rows` already."""
    there = {button.callback_data for row in rows for button in row}
    left = (tuple(one for one in row if one.callback_data not in there) for row in more)
    return tuple(row for row in left if row)


# ------------------------------------------------------------------------------------------ labels


def _absent_label(reader: Reader, detail: SessionDetail) -> str:
    if detail.view.appointment.student_absent:
        return reader.label("Student present")
    return reader.label("Student absent")


def _cancel_label(reader: Reader, detail: SessionDetail) -> str:
    """The label, which beside a request says what is cancelled: not the request."""
    return reader.label("Cancel session") if detail.request else reader.label("Cancel")


def _cancel_for_label(reader: Reader, detail: SessionDetail) -> str:
    """The label, which differs where the coordinator has a *Cancel* as a tutor or parent, too."""
    is_theirs = detail.roles - {Role.COORDINATOR}
    return reader.label("Cancel for…") if is_theirs else _cancel_label(reader, detail)


def _has_chosen_time(detail: SessionDetail) -> bool:
    """Whether a replacement is asked for at a time that the family chooses."""
    return detail.view.status is Status.CANCELLED_BY_TUTOR


def _replacement_label(reader: Reader, detail: SessionDetail) -> str:
    if _has_chosen_time(detail):
        return reader.label("Another time")
    return reader.label("Ask for replacement")


_LABELS: Mapping[SessionAction, _Label] = MappingProxyType(
    {
        SessionAction.WITHDRAW: lambda reader, _: reader.label("Withdraw"),
        SessionAction.ACCEPT: lambda reader, _: reader.label("Accept"),
        SessionAction.COUNTER: lambda reader, _: reader.label("Suggest another"),
        SessionAction.REJECT: lambda reader, _: reader.label("Decline"),
        SessionAction.CHECK_IN: lambda reader, _: reader.label("Check in"),
        SessionAction.CHECK_OUT: lambda reader, _: reader.label("Check out"),
        SessionAction.ADD_NOTES: lambda reader, _: reader.label("Add notes"),
        SessionAction.VIEW_NOTES: lambda reader, _: reader.label("View notes"),
        SessionAction.VIEW_SUMMARY: lambda reader, _: reader.label("Summary"),
        SessionAction.MARK_ABSENT: _absent_label,
        SessionAction.ACKNOWLEDGE: lambda reader, _: reader.label("Acknowledge"),
        SessionAction.DISPUTE: lambda reader, _: reader.label("Dispute"),
        SessionAction.REPORT_PROBLEM: lambda reader, _: reader.label("Report a problem"),
        SessionAction.PROPOSE: lambda reader, _: reader.label("Change time"),
        SessionAction.CANCEL: _cancel_label,
        SessionAction.TELL_COORDINATORS: lambda reader, _: reader.label("Tell the coordinators"),
        SessionAction.EXPLAIN_MISSED: lambda reader, _: reader.label("Tell the coordinators"),
        SessionAction.ASK_REPLACEMENT: _replacement_label,
        SessionAction.CLAIM_DISPUTE: lambda reader, _: reader.label("Claim"),
        SessionAction.VERIFY_DISPUTE: lambda reader, _: reader.label("Verify"),
        SessionAction.UPHOLD_DISPUTE: lambda reader, _: reader.label("Uphold"),
        SessionAction.RETURN_DISPUTE: lambda reader, _: reader.label("Return"),
        SessionAction.CORRECT_ATTENDANCE: lambda reader, _: reader.label("Correct attendance"),
        SessionAction.CLEAR_CHECK_IN: lambda reader, _: reader.label("Clear check-in"),
        SessionAction.VERIFY: lambda reader, _: reader.label("Verify"),
        SessionAction.CANCEL_FOR_TUTOR: _cancel_for_label,
        SessionAction.MOVE: lambda reader, _: reader.label("Move"),
        SessionAction.REASSIGN: lambda reader, _: reader.label("Other tutor"),
        SessionAction.WAIVE_PENALTY: lambda reader, _: reader.label("Waive penalty"),
        SessionAction.REPLACE: lambda reader, _: reader.label("Replace"),
    }
)
"""The label of every action that has a button; the button to cancel asks for which side."""

_STYLES: Mapping[SessionAction, Callable[[str, Button], InlineButton]] = MappingProxyType(
    {
        SessionAction.ACCEPT: keyboards.success,
        SessionAction.CHECK_IN: keyboards.success,
        SessionAction.CHECK_OUT: keyboards.success,
        SessionAction.ACKNOWLEDGE: keyboards.success,
        SessionAction.DISPUTE: keyboards.danger,
        SessionAction.CANCEL: keyboards.danger,
        SessionAction.CLEAR_CHECK_IN: keyboards.danger,
        SessionAction.CANCEL_FOR_TUTOR: keyboards.danger,
    }
)
"""The function that makes a coloured button, for actions that have one."""


# ----------------------------------------------------------------------------------- callback data

_OF_SESSION: Mapping[SessionAction, Callable[[int], Button]] = MappingProxyType(
    {
        SessionAction.CHECK_IN: callbacks.CheckIn,
        SessionAction.CHECK_OUT: callbacks.CheckOut,
        SessionAction.ADD_NOTES: callbacks.WriteNotes,
        SessionAction.VIEW_NOTES: callbacks.ViewNotes,
        SessionAction.VIEW_SUMMARY: callbacks.ShowSummary,
        SessionAction.ACKNOWLEDGE: callbacks.Acknowledge,
        SessionAction.DISPUTE: callbacks.StartDispute,
        SessionAction.REPORT_PROBLEM: callbacks.ReportProblem,
        SessionAction.PROPOSE: callbacks.StartMove,
        SessionAction.CANCEL: callbacks.StartCancel,
        SessionAction.TELL_COORDINATORS: callbacks.TellCoordinators,
        SessionAction.EXPLAIN_MISSED: ExplainMissed,
        SessionAction.ASK_REPLACEMENT: callbacks.AskReplacement,
        SessionAction.CORRECT_ATTENDANCE: callbacks.CorrectAttendance,
        SessionAction.CLEAR_CHECK_IN: callbacks.ClearCheckIn,
        SessionAction.VERIFY: callbacks.VerifySession,
        SessionAction.CANCEL_FOR_TUTOR: lambda about: callbacks.Coordinate(
            about, CoordinatorChange.CANCEL
        ),
        SessionAction.MOVE: lambda about: callbacks.Coordinate(about, CoordinatorChange.MOVE),
        SessionAction.REASSIGN: lambda about: callbacks.Coordinate(about, CoordinatorChange.GIVE),
        SessionAction.REPLACE: lambda about: callbacks.Coordinate(about, CoordinatorChange.REPLACE),
        SessionAction.WAIVE_PENALTY: callbacks.WaivePenalty,
    }
)
_OF_PROPOSAL: Mapping[SessionAction, Callable[[int], Button]] = MappingProxyType(
    {
        SessionAction.WITHDRAW: callbacks.WithdrawRequest,
        SessionAction.ACCEPT: callbacks.AcceptSlot,
        SessionAction.COUNTER: callbacks.SuggestSlot,
        SessionAction.REJECT: callbacks.DeclineSlot,
    }
)
_OF_DISPUTE: Mapping[SessionAction, Callable[[int], Button]] = MappingProxyType(
    {
        SessionAction.CLAIM_DISPUTE: callbacks.Claim,
        SessionAction.VERIFY_DISPUTE: lambda about: callbacks.Settle(about, Settlement.VERIFY),
        SessionAction.UPHOLD_DISPUTE: lambda about: callbacks.Settle(about, Settlement.UPHOLD),
        SessionAction.RETURN_DISPUTE: lambda about: callbacks.Settle(about, Settlement.RETURN),
    }
)


def _does(action: SessionAction, detail: SessionDetail) -> Button:
    """The callback data of the action's button."""
    row = detail.view.appointment
    if action is SessionAction.MARK_ABSENT:
        return callbacks.MarkAbsent(row.id, int(not row.student_absent))
    if action is SessionAction.ASK_REPLACEMENT and _has_chosen_time(detail):
        return WishReplacement(row.id)
    if action in _OF_PROPOSAL and detail.request is not None:
        return _OF_PROPOSAL[action](detail.request.proposal.id)
    if action in _OF_DISPUTE and detail.dispute is not None:
        return _OF_DISPUTE[action](detail.dispute.id)
    return _OF_SESSION[action](row.id)
