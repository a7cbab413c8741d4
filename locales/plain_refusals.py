"""Texts of refusals that do not depend on the reader or the case."""

from collections.abc import Mapping
from types import MappingProxyType

from locales.catalogue import phrase
from models.enums import Status
from services.rules.refusals import Refusal
from services.rules.refusals.adhoc import NobodyTaught
from services.rules.refusals.attendance import (
    AttendanceImpossible,
    AttendanceMissing,
    NotCheckedIn,
    NothingToCheckIn,
    NothingToCheckOut,
)
from services.rules.refusals.billing import AlreadyMarked
from services.rules.refusals.links import (
    AgencyLinkExpired,
    AppExpired,
    AppForged,
    AppUsed,
    FeedChanged,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    NotSignedIn,
    SignedOut,
    SignInExpired,
    SignInUnknown,
    SignInUsed,
    TooManyGuesses,
)
from services.rules.refusals.matches import (
    MatchOver,
    PreviewOutdated,
    PriceWanted,
    SlotsOverlap,
)
from services.rules.refusals.notes import (
    FileOnItsWay,
    NoNotesToRemove,
    NotANote,
    NotesClosed,
    NothingForNotes,
)
from services.rules.refusals.packages import (
    AmountNotRead,
    DayNotRead,
    EntryNotReversible,
    ExpiresBeforeStart,
    NoCurrency,
)
from services.rules.refusals.people import (
    LastCoordinator,
    NameMissing,
    NoRoles,
    OwnCoordination,
    ZoneUnknown,
)
from services.rules.refusals.queue import FileOver, MessageOver, NobodyToNudge, NothingToNudge
from services.rules.refusals.requests import (
    NotYourProposal,
    OwnProposal,
    RequestExpired,
    RequestUnseen,
    SameTime,
    SlotPassed,
)
from services.rules.refusals.sessions import GivenAway, NoPenalty, NotFound, StaleButton
from services.rules.refusals.standing import (
    AccountLeft,
    NoSessionsOfOwn,
    NotCoordinator,
    NotLinked,
    NotParent,
    NotTutor,
    NotYourChild,
    NotYourSession,
    OwnSession,
)
from services.rules.refusals.typed import (
    NothingAnswered,
    ReasonRequired,
    TimeNotClear,
    TimesNotRead,
)

PLAIN: Mapping[type[Refusal], str] = MappingProxyType(
    {
        NotLinked: phrase(
            "We haven't met yet. Please ask your tutoring agency for an invitation link, "
            "and open it on this phone."
        ),
        AccountLeft: phrase(
            "You have moved to another Telegram account, so nothing can be done from this one any "
            "more. If that was not you, please tell your agency."
        ),
        NotFound: phrase("That is no longer here. Your list of sessions shows what there is now."),
        GivenAway: phrase(
            "Another tutor has taken over this session. Your list shows the sessions you have now."
        ),
        NotYourSession: phrase(
            "Only the session's own tutor can do this. If you are teaching it, a coordinator can "
            "give it to you."
        ),
        NotYourChild: phrase(
            "Only this child's parents can do this. If you are one, ask a coordinator to link "
            "you to your child."
        ),
        OwnSession: phrase(
            "You teach this child, so another parent or a coordinator has to answer for the family."
        ),
        NotCoordinator: phrase(
            "Only coordinators can do this. If you are one, ask a colleague for an invitation."
        ),
        NotTutor: phrase(
            "This is for tutors. If you teach with us, ask a coordinator to add you as one."
        ),
        NotParent: phrase(
            "This is for parents. If your child learns with us, ask a coordinator to link you."
        ),
        NoSessionsOfOwn: phrase(
            "A calendar shows sessions that you teach or that your children have: you have none."
        ),
        NotCheckedIn: phrase(
            "You haven't checked in to this session yet. Check in first, then check out."
        ),
        NothingToCheckIn: phrase(
            "You have no session to check in to. /upcoming shows your next ones."
        ),
        NothingToCheckOut: phrase(
            "You have no session to check out of. Check in with /checkin when one starts."
        ),
        NothingForNotes: phrase(
            "You have had no session in the last two weeks to write notes for. You can once you "
            "have checked in to one. An older one has Add notes on its card."
        ),
        AttendanceMissing: phrase(
            "A check-in or check-out time is missing. A coordinator has to correct the attendance "
            "first."
        ),
        AttendanceImpossible: phrase(
            "Those times can't both be right: check-out comes after check-in, and neither is in "
            "the future. Please enter them again."
        ),
        TimesNotRead: phrase("Please type two times, like 15:00-16:30 or 3pm-4:30pm."),
        TimeNotClear: phrase(
            "The clocks change on that day, and this time is skipped or comes twice. Please type "
            "another one."
        ),
        OwnProposal: phrase(
            "This is your own side's request, so the other side has to answer it. You can "
            "withdraw it."
        ),
        NotYourProposal: phrase(
            "Only the side that asked can withdraw this. You can accept it, decline it or "
            "suggest another time."
        ),
        SlotPassed: phrase("That time has passed. Please choose another."),
        RequestUnseen: phrase("There is a new request to move it: please read this again."),
        SameTime: phrase("That time is on the table already. Please choose another one."),
        RequestExpired: phrase(
            "The request to move this session ran out at its start, so it is about to be marked "
            "Not Completed. You can ask for a replacement then."
        ),
        SlotsOverlap: phrase("Two of the weekly times overlap. Please change one of them."),
        PriceWanted: phrase(
            "A price needs a unit, and can't be below zero. Please enter it again."
        ),
        MatchOver: phrase(
            "This match is not running, so it can't be changed. The list of matches shows the "
            "ones that are."
        ),
        PreviewOutdated: phrase(
            "Something has changed since you looked, so nothing was done. Please look again, and "
            "then confirm."
        ),
        NoPenalty: phrase("There is no penalty on this session to waive."),
        NothingAnswered: phrase(
            "Nothing is done yet. Please tap one of the buttons above, or send /stop."
        ),
        ReasonRequired: phrase("Please say why, in a few words."),
        NoNotesToRemove: phrase(
            "There is nothing left to remove. Send a text, photo, file or voice memo to add one."
        ),
        NotesClosed: phrase("These notes are finished. Send /notes to add more."),
        NotANote: phrase(
            "That can't go into the notes. Please send a text, photo, document, voice memo or "
            "audio file."
        ),
        InvitationUnknown: phrase(
            "We don't know this invitation. Please open the whole link again, or ask your agency "
            "for a new one."
        ),
        InvitationUsed: phrase(
            "This invitation has been used already. If that wasn't you, ask your agency for a "
            "new one."
        ),
        InvitationExpired: phrase(
            "This invitation has expired: each one lasts 72 hours, or until a newer one is "
            "made. Please ask your agency for a new one."
        ),
        StaleButton: phrase(
            "This button is out of date. Please use the newest message, or send /sessions."
        ),
        NotSignedIn: phrase(
            "To read this, send /web to the bot in Telegram and open the link that comes back. "
            "Without Telegram, ask your agency for a link."
        ),
        SignedOut: phrase(
            "You are signed out. To come back, send /web to the bot in Telegram and open the link "
            "that comes back. Without Telegram, ask your agency for a link."
        ),
        SignInUnknown: phrase(
            "We don't know this link. Please open the whole link again, or send /web for a new one."
        ),
        SignInUsed: phrase(
            "This link has been used already. Each works once: send /web to the bot for a new one, "
            "or ask your agency."
        ),
        SignInExpired: phrase(
            "This link has expired: each one lasts ten minutes. Send /web to the bot for a new one."
        ),
        AppForged: phrase(
            "This was not opened by our bot. Please open it with the button beside the text field "
            "of the bot's chat."
        ),
        AppExpired: phrase(
            "This was opened too long ago. Please close it and open it again from the bot's chat."
        ),
        AppUsed: phrase(
            "This has been opened already. Please close it and open it again from the bot's chat."
        ),
        FeedChanged: phrase("Your calendar has another address by now. A new one would end it."),
        TooManyGuesses: phrase(
            "Too many wrong links were opened from here. Please try again in ten minutes."
        ),
        ExpiresBeforeStart: phrase("The last day must not be before the first."),
        AlreadyMarked: phrase("This statement has that mark already."),
        DayNotRead: phrase("Please choose a day."),
        AmountNotRead: phrase("Please write an amount like 80 or 80.50."),
        NoCurrency: phrase(
            "Only sessions are counted here. Whoever runs the bot sets AGENCY_CURRENCY to use "
            "prices."
        ),
        EntryNotReversible: phrase("This entry can't be reversed: it is a correction itself."),
        AgencyLinkExpired: phrase(
            "This link has expired, or there is a newer one. Please ask your agency for a new link."
        ),
        NobodyTaught: phrase(
            "You have not taught anybody yet. You can log extra sessions for a child you teach."
        ),
        NothingToNudge: phrase(
            "The answer has come in the meantime, so nobody needs to be asked again."
        ),
        NobodyToNudge: phrase(
            "The bot cannot reach anybody who could answer. Please call them, or link a parent."
        ),
        MessageOver: phrase("This has been dealt with: it was sent, left unsent, or is too old."),
        FileOver: phrase("This file has been saved or removed in the meantime."),
        FileOnItsWay: phrase("This file is still being saved. Please try again in a minute."),
        NameMissing: phrase("Please enter a name."),
        NoRoles: phrase("Please choose at least one role."),
        ZoneUnknown: phrase(
            "There is no such time zone. Please type a big city such as London, or a name like "
            "Asia/Singapore; leave it empty for the agency's."
        ),
        LastCoordinator: phrase(
            "There would be no coordinator left. Make somebody else a coordinator first."
        ),
        OwnCoordination: phrase(
            "You cannot take this role from yourself. Ask another coordinator to do it."
        ),
    }
)

STANDS: Mapping[Status, str] = MappingProxyType(
    {
        Status.SCHEDULED: phrase(
            "This session is still ahead: there is no check-in yet. Try again once there is."
        ),
        Status.CHECKED_IN: phrase(
            "This session is in progress: there is no check-out yet. Try again once there is."
        ),
        Status.AWAITING_APPROVAL_PARENT: phrase(
            "This session is over and awaits the parents' acknowledgement. For anything else, "
            "ask a coordinator."
        ),
        Status.APPROVED: phrase(
            "This session has been acknowledged already. If something is wrong with it, tell a "
            "coordinator."
        ),
        Status.DISPUTED: phrase(
            "This session is disputed. A coordinator is looking into it and will be in touch."
        ),
        Status.CANCELLED_BY_TUTOR: phrase(
            "This session was cancelled by the tutor. If that is wrong, tell a coordinator."
        ),
        Status.CANCELLED_BY_PARENT: phrase(
            "This session was cancelled by the family. If that is wrong, tell a coordinator."
        ),
        Status.NOT_COMPLETED: phrase(
            "This session didn't take place: the request to move it wasn't settled in time. A "
            "coordinator can replace it."
        ),
    }
)
"""Refusals by the status that does not allow the action."""
