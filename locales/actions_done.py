"""Sentences of who did what, and when."""

from types import MappingProxyType

from locales.catalogue import phrase
from locales.people_words import PEOPLE_DONE
from models.enums import Action

DONE = MappingProxyType(
    {
        Action.CREATE: (phrase("This was scheduled {when}"), phrase("You scheduled this {when}")),
        Action.CHECK_IN: (phrase("{who} checked in {when}"), phrase("You checked in {when}")),
        Action.CHECK_OUT: (phrase("{who} checked out {when}"), phrase("You checked out {when}")),
        Action.ACKNOWLEDGE: (
            phrase("{who} acknowledged this {when}"),
            phrase("You acknowledged this {when}"),
        ),
        Action.DISPUTE: (phrase("{who} disputed this {when}"), phrase("You disputed this {when}")),
        Action.VERIFY: (phrase("{who} verified this {when}"), phrase("You verified this {when}")),
        Action.UPHOLD: (
            phrase("{who} upheld the dispute {when}"),
            phrase("You upheld the dispute {when}"),
        ),
        Action.RETURN: (
            phrase("{who} asked for another look {when}"),
            phrase("You asked for another look {when}"),
        ),
        Action.CANCEL: (phrase("{who} cancelled this {when}"), phrase("You cancelled this {when}")),
        Action.EXPIRE: (
            phrase("This expired {when}: the request to move it was never settled"),
            phrase("This expired {when}: the request to move it was never settled"),
        ),
        Action.CANCEL_FOR_TUTOR: (
            phrase("{who} cancelled this for the tutor {when}"),
            phrase("You cancelled this for the tutor {when}"),
        ),
        Action.CANCEL_FOR_PARENT: (
            phrase("{who} cancelled this for the family {when}"),
            phrase("You cancelled this for the family {when}"),
        ),
        Action.CORRECT_ATTENDANCE: (
            phrase("{who} corrected the attendance {when}"),
            phrase("You corrected the attendance {when}"),
        ),
        Action.CLEAR_CHECK_IN: (
            phrase("{who} cleared the check-in {when}"),
            phrase("You cleared the check-in {when}"),
        ),
        Action.REPLACE: (
            phrase("{who} booked the replacement {when}"),
            phrase("You booked the replacement {when}"),
        ),
        Action.SCHEDULE: (
            phrase("{who} scheduled this {when}"),
            phrase("You scheduled this {when}"),
        ),
        Action.LOG_ADHOC: (
            phrase("{who} logged this extra session {when}"),
            phrase("You logged this extra session {when}"),
        ),
        Action.IMPORT: (phrase("This was imported {when}"), phrase("You imported this {when}")),
        Action.CLAIM: (
            phrase("{who} claimed the dispute {when}"),
            phrase("You claimed the dispute {when}"),
        ),
        Action.REPORT_PROBLEM: (
            phrase("{who} reported a problem {when}"),
            phrase("You reported a problem {when}"),
        ),
        Action.MARK_ABSENT: (
            phrase("{who} marked the student absent {when}"),
            phrase("You marked the student absent {when}"),
        ),
        Action.ADD_NOTE: (phrase("{who} added notes {when}"), phrase("You added notes {when}")),
        Action.REMOVE_NOTE: (
            phrase("{who} removed a note {when}"),
            phrase("You removed a note {when}"),
        ),
        Action.LINK: (phrase("{who} joined {when}"), phrase("You joined {when}")),
        Action.INVITE: (
            phrase("{who} made an invitation {when}"),
            phrase("You made an invitation {when}"),
        ),
        Action.EDIT_NOTE: (
            phrase("{who} edited a note {when}"),
            phrase("You edited a note {when}"),
        ),
        Action.DECLINE_NOTES: (
            phrase("{who} had no notes {when}"),
            phrase("You had no notes {when}"),
        ),
        Action.JUDGE_SUMMARY: (
            phrase("{who} judged the summary {when}"),
            phrase("You judged the summary {when}"),
        ),
        Action.CLAIM_PROBLEM: (
            phrase("{who} claimed the report {when}"),
            phrase("You claimed the report {when}"),
        ),
        Action.ANSWER_PROBLEM: (
            phrase("{who} replied to the report {when}"),
            phrase("You replied to the report {when}"),
        ),
        Action.ADD_TO_REPORT: (
            phrase("{who} added to the report {when}"),
            phrase("You added to the report {when}"),
        ),
        Action.CLOSE_PROBLEM: (
            phrase("{who} closed the report {when}"),
            phrase("You closed the report {when}"),
        ),
        Action.SIGN_IN: (
            phrase("{who} signed in to the pages {when}"),
            phrase("You signed in to the pages {when}"),
        ),
        Action.MAKE_FEED: (
            phrase("{who} made a calendar address {when}"),
            phrase("You made a calendar address {when}"),
        ),
        Action.REVOKE_FEED: (
            phrase("{who} ended the calendar address {when}"),
            phrase("You ended the calendar address {when}"),
        ),
        Action.CLOSE_MONTH: (
            phrase("{who} closed a month {when}"),
            phrase("You closed a month {when}"),
        ),
        Action.ENTER_AMOUNT: (
            phrase("{who} entered an amount {when}"),
            phrase("You entered an amount {when}"),
        ),
        Action.MARK_PAY: (phrase("{who} marked pay {when}"), phrase("You marked pay {when}")),
        Action.SET_PRICE: (phrase("{who} set a price {when}"), phrase("You set a price {when}")),
        Action.BUY_PACKAGE: (
            phrase("{who} recorded a package {when}"),
            phrase("You recorded a package {when}"),
        ),
        Action.ADJUST_PACKAGE: (
            phrase("{who} adjusted a package {when}"),
            phrase("You adjusted a package {when}"),
        ),
        Action.REVERSE_ENTRY: (
            phrase("{who} gave back the package's credit {when}"),
            phrase("You gave back the package's credit {when}"),
        ),
        Action.NUDGE: (
            phrase("{who} asked for the answer again {when}"),
            phrase("You asked for the answer again {when}"),
        ),
        Action.SNOOZE: (phrase("{who} put this off {when}"), phrase("You put this off {when}")),
        Action.WAKE: (
            phrase("{who} put this back into the queue {when}"),
            phrase("You put this back into the queue {when}"),
        ),
        Action.SEND_AGAIN: (
            phrase("{who} retried this {when}"),
            phrase("You retried this {when}"),
        ),
        Action.SET_ASIDE: (
            phrase("{who} left a message unsent {when}"),
            phrase("You left a message unsent {when}"),
        ),
        Action.DEAL_WITH: (
            phrase("{who} dealt with this {when}"),
            phrase("You dealt with this {when}"),
        ),
        Action.ERASE: (phrase("{who} was erased {when}"), phrase("You were erased {when}")),
        Action.PROPOSE: (
            phrase("{who} asked to move this {when}"),
            phrase("You asked to move this {when}"),
        ),
        Action.COUNTER: (
            phrase("{who} suggested another time {when}"),
            phrase("You suggested another time {when}"),
        ),
        Action.ACCEPT: (
            phrase("{who} accepted the new time {when}"),
            phrase("You accepted the new time {when}"),
        ),
        Action.REJECT: (
            phrase("{who} declined the new time {when}"),
            phrase("You declined the new time {when}"),
        ),
        Action.WITHDRAW: (
            phrase("{who} withdrew the request {when}"),
            phrase("You withdrew the request {when}"),
        ),
        Action.MOVE: (phrase("{who} moved this {when}"), phrase("You moved this {when}")),
        Action.REASSIGN: (
            phrase("{who} gave this to another tutor {when}"),
            phrase("You gave this to another tutor {when}"),
        ),
        Action.WAIVE_PENALTY: (
            phrase("{who} waived the penalty {when}"),
            phrase("You waived the penalty {when}"),
        ),
        Action.TELL_COORDINATORS: (
            phrase("{who} told the coordinators {when}"),
            phrase("You told the coordinators {when}"),
        ),
        Action.ASK_REPLACEMENT: (
            phrase("{who} asked for a replacement {when}"),
            phrase("You asked for a replacement {when}"),
        ),
        Action.OFFER_MATCH: (
            phrase("{who} offered this {when}"),
            phrase("You offered this {when}"),
        ),
        Action.ACCEPT_MATCH: (
            phrase("{who} accepted this {when}"),
            phrase("You accepted this {when}"),
        ),
        Action.DECLINE_MATCH: (
            phrase("{who} declined this {when}"),
            phrase("You declined this {when}"),
        ),
        Action.CHANGE_MATCH: (
            phrase("{who} changed the weekly times {when}"),
            phrase("You changed the weekly times {when}"),
        ),
        Action.END_MATCH: (phrase("{who} ended this {when}"), phrase("You ended this {when}")),
        Action.TAKE_LEAVE: (
            phrase("{who} entered leave {when}"),
            phrase("You entered leave {when}"),
        ),
        Action.WITHDRAW_LEAVE: (
            phrase("{who} took the leave back {when}"),
            phrase("You took the leave back {when}"),
        ),
        Action.ADD_HOLIDAY: (
            phrase("{who} added the holiday {when}"),
            phrase("You added the holiday {when}"),
        ),
        Action.REMOVE_HOLIDAY: (
            phrase("{who} removed the holiday {when}"),
            phrase("You removed the holiday {when}"),
        ),
        **PEOPLE_DONE,
    }
)
"""Actions that were done by somebody else, and by the reader. `{when}` is like "at 20:14"."""
