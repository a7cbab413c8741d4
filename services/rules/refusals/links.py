"""Refusals of invitations, and of links that sign in on the web (SPEC 1, 9)."""

from services.rules.refusals import Refusal


class InvitationUnknown(Refusal):
    """We did not make this invitation."""


class InvitationUsed(Refusal):
    """Another Telegram account has used it."""


class InvitationExpired(Refusal):
    """It is too old, or there is a newer one."""


class InvitationForOther(Refusal):
    """This Telegram account is already linked to another person."""

    who: str
    """Name of the person to whom it is linked."""


class NotSignedIn(Refusal):
    """Nobody is signed in on this browser."""


class SignedOut(NotSignedIn):
    """They have just signed out on this browser."""


class SignInUnknown(Refusal):
    """We did not make this link."""


class SignInUsed(Refusal):
    """The link has been used."""

    person_id: int
    """Whom it signed in."""


class SignInExpired(Refusal):
    """The link is too old."""


class TooManyGuesses(Refusal):
    """Too many wrong links came from the same place."""


class AgencyLinkExpired(Refusal):
    """A coordinator's sign-in link is too old, or was revoked."""


class UsesTelegram(Refusal):
    """Somebody whom the bot can write to needs no link by a coordinator."""

    who: str


class OthersEyes(Refusal):
    """A coordinator looks at the pages as somebody else: nothing can be done there."""

    who: str


class NothingToSee(Refusal):
    """Somebody without pages of their own cannot be looked at through their eyes."""

    who: str


class FeedChanged(Refusal):
    """There is another calendar address than the one that was looked at, or than none."""


class AppForged(Refusal):
    """What opened the Mini App was not signed by Telegram for our bot."""


class AppExpired(Refusal):
    """The Mini App was opened too long ago."""


class AppUsed(Refusal):
    """This opening of the Mini App has signed somebody in already."""

    person_id: int
    """Whom it signed in."""
