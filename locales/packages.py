"""Packages and entries of their ledger in words, in chats and on pages (SPEC 7).

Plain text: escape it for HTML.
"""

from collections.abc import Sequence
from types import MappingProxyType

from locales.catalogue import phrase
from locales.reader import Reader
from models import Appointment, Package
from models.enums import EntryKind
from services.queries.packages import EntryView, PackageView

_UNDONE = MappingProxyType(
    {
        EntryKind.PURCHASE: phrase("{entry} (reversed later)"),
        EntryKind.DEDUCTION: phrase("{entry} (given back later)"),
        EntryKind.ADJUSTMENT: phrase("{entry} (reversed later)"),
        EntryKind.OWED: phrase("{entry} (settled since)"),
    }
)


def package_line(reader: Reader, view: PackageView) -> str:
    """What is left, and until when: "7 of 10 sessions left, until Sun 20 Dec"."""
    package = view.package
    if view.left < 0:
        left = reader.labels(
            "{count} more session was used than the package has",
            "{count} more sessions were used than the package has",
            -view.left,
        )
    elif view.left > package.sessions_total:
        left = reader.labels("{count} session left", "{count} sessions left", view.left)
    else:
        left = reader.labels(
            "{left} of {count} session left",
            "{left} of {count} sessions left",
            package.sessions_total,
            left=view.left,
        )
    if package.expires_on is None:
        return left
    day = reader.dated_day(package.expires_on)
    if view.has_expired(reader.now):
        return reader.label("{left}, expired after {day}", left=left, day=day)
    return reader.label("{left}, until {day}", left=left, day=day)


def named_lines(reader: Reader, packages: Sequence[PackageView]) -> list[str]:
    """What is left of each package of a child; of several, each with its name."""
    lines = [package_line(reader, one) for one in packages]
    if len(packages) < 2:
        return lines
    return [
        reader.label("{package}: {left}", package=package_name(reader, one.package), left=line)
        for one, line in zip(packages, lines, strict=True)
    ]


def package_name(reader: Reader, package: Package) -> str:
    """The name of one of several packages: "Package from Sun 1 Nov"."""
    return reader.label("Package from {day}", day=reader.dated_day(package.starts_on))


def package_state(reader: Reader, view: PackageView) -> str:
    """What is to be noticed about a package that has not expired; empty where enough is left."""
    if view.has_expired(reader.now) or not view.is_low:
        return ""
    return reader.label("Nearly used up") if view.left > 0 else reader.label("Used up")


def credits_moved(entry: EntryView) -> str:
    """Credits that an entry moved: "+10", "−1"; "0" for a session that is owed."""
    sessions = entry.entry.sessions
    return f"+{sessions}" if sessions > 0 else str(sessions).replace("-", "−")


def entry_line(reader: Reader, view: EntryView, packages: Sequence[PackageView] = ()) -> str:
    """What an entry is about, with its session, and whether it holds.

    `packages`: those of the child; where there are several, it says which one it is of.
    """
    told = _told(reader, view)
    mine = next((one for one in packages if one.id == view.entry.package_id), None)
    if mine is not None and len(packages) > 1:
        name = package_name(reader, mine.package)
        told = reader.label("{entry}. {package}", entry=told, package=name)
    if view.is_settled:
        return reader.label(_UNDONE[view.entry.kind], entry=told)
    return told


def _told(reader: Reader, view: EntryView) -> str:
    entry, row = view.entry, view.appointment
    session = _session(reader, row, view.tutor or "") if row else ""
    match entry.kind:
        case EntryKind.PURCHASE:
            return reader.label("Package bought {when}", when=reader.when(entry.at))
        case EntryKind.DEDUCTION:
            return session
        case EntryKind.OWED:
            return reader.label("Owed, no package covered it: {session}", session=session)
        case EntryKind.ADJUSTMENT:
            return reader.label("Adjusted: {reason}", reason=entry.reason)
        case EntryKind.REVERSAL if row:
            return reader.label(
                "Given back for {session}: {reason}", session=session, reason=entry.reason
            )
    return reader.label("Reversed: {reason}", reason=entry.reason)


def _session(reader: Reader, row: Appointment, tutor: str) -> str:
    slot = reader.dated_slot(row.starts_at, row.ends_at)
    return reader.label("{subject}, {slot}, {tutor}", subject=row.subject, slot=slot, tutor=tutor)


def owed_line(reader: Reader, sessions: int) -> str:
    """Sessions that no package has covered, and what becomes of them."""
    return reader.labels(
        "{count} session is owed: the next package will cover it",
        "{count} sessions are owed: the next package will cover them",
        sessions,
    )
