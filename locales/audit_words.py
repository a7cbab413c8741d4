"""The audit trail in words: names of actions and channels, and what was changed (SPEC 2)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from locales.catalogue import phrase
from locales.reader import Reader
from models.enums import Action, Channel

ACTIONS: Mapping[Action, str] = MappingProxyType(
    {
        Action.CREATE: phrase("Session made"),
        Action.CHECK_IN: phrase("Check-in"),
        Action.CHECK_OUT: phrase("Check-out"),
        Action.ACKNOWLEDGE: phrase("Acknowledgement"),
        Action.DISPUTE: phrase("Dispute"),
        Action.VERIFY: phrase("Verified"),
        Action.UPHOLD: phrase("Dispute upheld"),
        Action.RETURN: phrase("Returned to the parent"),
        Action.CANCEL: phrase("Cancellation"),
        Action.EXPIRE: phrase("Request expired"),
        Action.CANCEL_FOR_TUTOR: phrase("Cancelled for the tutor"),
        Action.CANCEL_FOR_PARENT: phrase("Cancelled for the family"),
        Action.CORRECT_ATTENDANCE: phrase("Attendance corrected"),
        Action.CLEAR_CHECK_IN: phrase("Check-in cleared"),
        Action.REPLACE: phrase("Replacement"),
        Action.SCHEDULE: phrase("Session scheduled"),
        Action.LOG_ADHOC: phrase("Ad-hoc session logged"),
        Action.IMPORT: phrase("Import"),
        Action.CLAIM: phrase("Dispute claimed"),
        Action.REPORT_PROBLEM: phrase("Problem reported"),
        Action.MARK_ABSENT: phrase("Student's absence"),
        Action.ADD_NOTE: phrase("Notes added"),
        Action.REMOVE_NOTE: phrase("Note removed"),
        Action.LINK: phrase("Linked to Telegram"),
        Action.INVITE: phrase("Invitation"),
        Action.PROPOSE: phrase("Asked to move"),
        Action.COUNTER: phrase("Another time suggested"),
        Action.ACCEPT: phrase("New time accepted"),
        Action.REJECT: phrase("New time declined"),
        Action.WITHDRAW: phrase("Request withdrawn"),
        Action.MOVE: phrase("Moved"),
        Action.REASSIGN: phrase("Given to another tutor"),
        Action.WAIVE_PENALTY: phrase("Penalty waived"),
        Action.ASK_REPLACEMENT: phrase("Asked for a replacement"),
        Action.TELL_COORDINATORS: phrase("Coordinators told"),
        Action.EDIT_NOTE: phrase("Note edited"),
        Action.DECLINE_NOTES: phrase("No notes"),
        Action.JUDGE_SUMMARY: phrase("Summary judged"),
        Action.SIGN_IN: phrase("Signed in to the pages"),
        Action.CLAIM_PROBLEM: phrase("Report claimed"),
        Action.ANSWER_PROBLEM: phrase("Report answered"),
        Action.ADD_TO_REPORT: phrase("Report added to"),
        Action.CLOSE_PROBLEM: phrase("Report closed"),
        Action.ERASE: phrase("Erased"),
        Action.MAKE_FEED: phrase("Calendar address made"),
        Action.REVOKE_FEED: phrase("Calendar address ended"),
        Action.CLOSE_MONTH: phrase("Month closed"),
        Action.ENTER_AMOUNT: phrase("Amount entered"),
        Action.MARK_PAY: phrase("Pay marked"),
        Action.SET_PRICE: phrase("Price set"),
        Action.BUY_PACKAGE: phrase("Package recorded"),
        Action.ADJUST_PACKAGE: phrase("Package adjusted"),
        Action.REVERSE_ENTRY: phrase("Package entry reversed"),
        Action.OFFER_MATCH: phrase("Match offered"),
        Action.ACCEPT_MATCH: phrase("Match accepted"),
        Action.DECLINE_MATCH: phrase("Match declined"),
        Action.CHANGE_MATCH: phrase("Match changed"),
        Action.END_MATCH: phrase("Match ended"),
        Action.TAKE_LEAVE: phrase("Leave taken"),
        Action.WITHDRAW_LEAVE: phrase("Leave withdrawn"),
        Action.ADD_HOLIDAY: phrase("Holiday added"),
        Action.REMOVE_HOLIDAY: phrase("Holiday removed"),
        Action.SNOOZE: phrase("Put off in the queue"),
        Action.WAKE: phrase("Put back into the queue"),
        Action.DEAL_WITH: phrase("Dealt with in the queue"),
        Action.SET_ASIDE: phrase("Message given up"),
        Action.NUDGE: phrase("Reminded by a coordinator"),
        Action.SEND_AGAIN: phrase("Message sent again"),
        Action.INVITE_BY_WEB: phrase("Sign-in link"),
        Action.REVOKE_INVITATION: phrase("Invitation revoked"),
        Action.END_SIGN_IN: phrase("Sign-in ended"),
        Action.ADD_PERSON: phrase("Person added"),
        Action.EDIT_PERSON: phrase("Person changed"),
        Action.ADD_STUDENT: phrase("Child added"),
        Action.EDIT_STUDENT: phrase("Child changed"),
        Action.ADD_GUARDIAN: phrase("Parent and child linked"),
        Action.REMOVE_GUARDIAN: phrase("Parent and child unlinked"),
        Action.SEE_AS: phrase("Began to see as somebody"),
        Action.STOP_SEEING: phrase("Stopped seeing as somebody"),
    }
)
_CHANNELS: Mapping[Channel, str] = MappingProxyType(
    {
        Channel.TELEGRAM: phrase("Telegram"),
        Channel.WEB: phrase("page"),
        Channel.SYSTEM: phrase("by itself"),
        Channel.IMPORT: phrase("import"),
    }
)
_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "name": phrase("Name"),
        "is_tutor": phrase("Tutor"),
        "is_parent": phrase("Parent"),
        "is_coordinator": phrase("Coordinator"),
        "language": phrase("Language"),
        "time_zone": phrase("Time zone"),
        "ref": phrase("Reference"),
        "address": phrase("Address"),
    }
)


def action_name(reader: Reader, action: Action) -> str:
    """Name of an action: "Check-in"; for one without, the word that the database holds."""
    named = ACTIONS.get(action)
    return reader.label(named) if named else action.value.replace("_", " ").capitalize()


def channel_name(reader: Reader, channel: Channel) -> str:
    """Name of the channel through which something was done."""
    return reader.label(_CHANNELS[channel])


def change_lines(reader: Reader, details: Mapping[str, Any] | None) -> list[str]:
    """What an entry was and became, a line a column; empty where nothing is told so."""
    before, after = (details or {}).get("before"), (details or {}).get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    return [
        f"{reader.label(name)}: {_value(reader, before[key])} → {_value(reader, after[key])}"
        for key, name in _COLUMNS.items()
        if key in before and key in after
    ]


def _value(reader: Reader, value: object) -> str:
    if isinstance(value, bool):
        return reader.label("yes") if value else reader.label("no")
    return str(value) if value else "–"
