"""Texts of refusals that do not depend on the reader or the case."""

from types import MappingProxyType

from locales.catalogue import phrase
from services.rules.refusals import RefusalCode

PLAIN = MappingProxyType(
    {
        RefusalCode.NOT_LINKED: phrase(
            "We haven't met yet. Please ask your tutoring agency for an invitation link, "
            "and open it on this phone."
        ),
        RefusalCode.NOT_FOUND: phrase(
            "That is no longer here. Your list of sessions shows what there is now."
        ),
        RefusalCode.NOT_YOUR_SESSION: phrase(
            "This session belongs to another tutor. If you are teaching it, ask a coordinator "
            "to give it to you."
        ),
        RefusalCode.NOT_YOUR_CHILD: phrase(
            "Only this child's parents can do this. If you are one, ask a coordinator to link "
            "you to your child."
        ),
        RefusalCode.OWN_SESSION: phrase(
            "You teach this child, so another parent or a coordinator has to answer for the family."
        ),
        RefusalCode.NOT_COORDINATOR: phrase(
            "Only coordinators can do this. If you are one, ask a colleague for an invitation."
        ),
        RefusalCode.NOT_TUTOR: phrase(
            "This is for tutors. If you teach with us, ask a coordinator to add you as one."
        ),
        RefusalCode.NOT_PARENT: phrase(
            "This is for parents. If your child learns with us, ask a coordinator to link you."
        ),
        RefusalCode.NOT_CHECKED_IN: phrase(
            "You haven't checked in to this session yet. Check in first, then check out."
        ),
        RefusalCode.NOTHING_TO_CHECK_IN: phrase(
            "You have no session to check in to. /upcoming shows your next ones."
        ),
        RefusalCode.NOTHING_TO_CHECK_OUT: phrase(
            "You have no session to check out of. Check in with /checkin when one starts."
        ),
        RefusalCode.NOTHING_FOR_NOTES: phrase(
            "You have no session to write notes for yet. You can once you have checked in to one."
        ),
        RefusalCode.ATTENDANCE_MISSING: phrase(
            "A check-in or check-out time is missing. A coordinator has to correct the attendance "
            "first."
        ),
        RefusalCode.ATTENDANCE_IMPOSSIBLE: phrase(
            "Those times can't both be right: check-out comes after check-in, and neither is in "
            "the future. Please enter them again."
        ),
        RefusalCode.TIMES_NOT_READ: phrase(
            "Please type two times, like 15:00-16:30 or 3pm-4:30pm."
        ),
        RefusalCode.TIME_NOT_CLEAR: phrase(
            "The clocks change on that day, and this time is skipped or comes twice. Please type "
            "another one."
        ),
        RefusalCode.OWN_PROPOSAL: phrase(
            "This is your own side's request, so the other side has to answer it. You can "
            "withdraw it."
        ),
        RefusalCode.NOT_YOUR_PROPOSAL: phrase(
            "Only the side that asked can withdraw this. You can accept it, decline it or "
            "suggest another time."
        ),
        RefusalCode.SLOT_PASSED: phrase("That time has passed. Please choose another."),
        RefusalCode.SLOT_NOT_READ: phrase(
            "Please type a day and a time, like thu 4pm or 26/11 16:00."
        ),
        RefusalCode.TIME_DOES_NOT_EXIST: phrase(
            "The clocks go forward that night and skip this time. Please type another one."
        ),
        RefusalCode.TIME_TWICE: phrase(
            "The clocks go back that night, so this time comes twice. Please type another one."
        ),
        RefusalCode.SAME_TIME: phrase(
            "That time is on the table already. Please choose another one."
        ),
        RefusalCode.REQUEST_EXPIRED: phrase(
            "The request to move this session ran out at its start, so it is about to be marked "
            "Not Completed. You can ask for a replacement then."
        ),
        RefusalCode.NO_PENALTY: phrase(
            "No penalty stands for this session, so there is none to waive."
        ),
        RefusalCode.REASON_REQUIRED: phrase("Please say why, in a few words."),
        RefusalCode.NO_NOTES_TO_REMOVE: phrase(
            "There is nothing left to remove. Send a text, photo, file or voice memo to add one."
        ),
        RefusalCode.NOTES_CLOSED: phrase("These notes are finished. Send /notes to add more."),
        RefusalCode.NOT_A_NOTE: phrase(
            "That can't go into the notes. Please send a text, photo, document, voice memo or "
            "audio file."
        ),
        RefusalCode.INVITATION_UNKNOWN: phrase(
            "We don't know this invitation. Please open the whole link again, or ask your agency "
            "for a new one."
        ),
        RefusalCode.INVITATION_USED: phrase(
            "This invitation has been used already. If that wasn't you, ask your agency for a "
            "new one."
        ),
        RefusalCode.INVITATION_EXPIRED: phrase(
            "This invitation works no more: each lasts 72 hours, or until a newer one is made. "
            "Please ask your agency for a new one."
        ),
        RefusalCode.INVITATION_FOR_OTHER: phrase(
            "This Telegram account is already linked to somebody else. Please use your own, or "
            "ask your agency."
        ),
        RefusalCode.STALE_BUTTON: phrase(
            "This button is out of date. Please use the newest message, or send /sessions."
        ),
        RefusalCode.NOT_SIGNED_IN: phrase(
            "To read this, send /web to the bot in Telegram and open the link that comes back."
        ),
        RefusalCode.SIGN_IN_UNKNOWN: phrase(
            "We don't know this link. Please open the whole link again, or send /web for a new one."
        ),
        RefusalCode.SIGN_IN_USED: phrase(
            "This link has been used already. Each works once: send /web to the bot for a new one."
        ),
        RefusalCode.SIGN_IN_EXPIRED: phrase(
            "This link works no more: each lasts ten minutes. Send /web to the bot for a new one."
        ),
        RefusalCode.FILE_ON_ITS_WAY: phrase(
            "This file is still being saved. Please try again in a minute."
        ),
    }
)
