"""Texts of refusals about people, and about looking through their eyes (SPEC 9, 10)."""

from collections.abc import Mapping
from types import MappingProxyType

from locales.catalogue import phrase
from locales.excerpts import short_name
from locales.reader import Reader
from services.rules.refusals import Refusal
from services.rules.refusals.links import (
    InvitationForOther,
    NothingToSee,
    OthersEyes,
    UsesTelegram,
)
from services.rules.refusals.people import (
    LastGuardian,
    RefTaken,
    StillGuardian,
    StillTeaches,
)

_NAMING: Mapping[type[Refusal], str] = MappingProxyType(
    {
        UsesTelegram: phrase(
            "{who} uses Telegram: when they send /web to the bot, it gives them a link."
        ),
        InvitationForOther: phrase(
            "This Telegram account is already linked to {who}, and the invitation is for somebody "
            "else. Please open it with their own account, or ask your agency."
        ),
        OthersEyes: phrase(
            "That is not possible while you see the pages as {who} sees them. Press Stop first."
        ),
        NothingToSee: phrase("{who} has no pages of a tutor or a parent that you could look at."),
        RefTaken: phrase("{who} has this reference already. Please choose another."),
        StillGuardian: phrase(
            "They are linked to {who}. Unlink them on the child's page first, then take this role."
        ),
    }
)
OF_PEOPLE = (*_NAMING, LastGuardian, StillTeaches)


def people_refusal_text(refusal: Refusal, reader: Reader, _: int | None) -> str:
    """Text of one of `OF_PEOPLE`."""
    match refusal:
        case StillTeaches():
            return reader.labels(
                "They teach {count} session to come. Give it to another tutor first.",
                "They teach {count} sessions to come. Give them to another tutor first.",
                refusal.count,
            )
        case LastGuardian():
            return reader.labels(
                "The child has {count} session that is not settled, and no other parent. Link "
                "another parent first.",
                "The child has {count} sessions that are not settled, and no other parent. Link "
                "another parent first.",
                refusal.count,
            )
    return reader.label(_NAMING[type(refusal)], who=short_name(vars(refusal)["who"]))
