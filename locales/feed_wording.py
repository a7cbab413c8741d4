"""Titles of calendar entries, and what is said about calendar feeds (SPEC 10)."""

from collections.abc import Iterable

from locales.reader import Reader
from models.enums import Role
from services.feeds.addresses import FeedAddresses
from services.feeds.sessions import FeedSession
from services.feeds.writing import Entry


def entries(
    reader: Reader, found: Iterable[FeedSession], addresses: FeedAddresses, pages: str
) -> list[Entry]:
    """Entries of a calendar; `pages` is the address of the pages, which each one links to."""
    return [
        Entry(
            uid=addresses.uid(f"session {one.id}"),
            sequence=one.sequence,
            changed_at=one.changed_at,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            title=_title(reader, one),
            place=one.address,
            url=f"{pages}/sessions/{one.id}",
            is_cancelled=one.is_cancelled,
        )
        for one in found
    ]


def _title(reader: Reader, one: FeedSession) -> str:
    if one.role is Role.TUTOR:
        return reader.label("{subject} with {child}", subject=one.subject, child=one.child)
    return reader.label(
        "{child}: {subject} with {tutor}", child=one.child, subject=one.subject, tutor=one.tutor
    )


def how_slow(reader: Reader) -> str:
    """How late calendars see a change."""
    return reader.label(
        "Calendars look only now and then: Apple's about every hour, Google's and Outlook's often "
        "a day late. For what changes today, trust the bot and these pages."
    )


def whom_it_shows(reader: Reader) -> str:
    """Who can read a feed."""
    return reader.label(
        "Whoever has the address can read when your sessions are, so keep it to yourself. It shows "
        "children by their first name."
    )
