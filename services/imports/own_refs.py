"""Refs of rows that have none of the agency's: made by an export, known again by an import.

Such a ref is made of the row's id and a digest of what never changes in it: it is known in the
database that it comes from, or a copy of that, and names a new row in any other. That of a match's
session also names the match, the slot and the day for which the session stands.
"""

import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

LONGEST_MATCH_REF = 120
"""Longest ref of a match, in characters, that fits into those of its sessions."""
_OWN = re.compile(
    r"(?:(?P<match>.+)~(?P<slot>\d{1,3})~(?P<day>\d{4}-\d\d-\d\d))?~(?P<id>\d{1,9})-[0-9a-f]{8}"
)


@dataclass(frozen=True)
class Stands:
    """For which day of which match a session stands."""

    match_ref: str
    slot: int
    """Number of the weekly slot, from 1; 0 where that slot is over."""
    day: date


def own_ref(table: str, row_id: int, fixed: object) -> str:
    """Ref of a row without one; `fixed` is what never changes in it."""
    digest = sha256(f"{table}:{row_id}:{fixed}".encode()).hexdigest()[:8]
    return f"~{row_id}-{digest}"


def session_ref(ref: str, stands: Stands | None) -> str:
    """Ref of a session without one that is of a match, from its own ref."""
    if stands is None or len(stands.match_ref) > LONGEST_MATCH_REF:
        return ref
    return f"{stands.match_ref}~{stands.slot}~{stands.day.isoformat()}{ref}"


def id_in(ref: str) -> int | None:
    """Id in an own ref; None for any other."""
    found = _OWN.fullmatch(ref)
    return int(found["id"]) if found else None


def stands_in(ref: str) -> Stands | None:
    """For which day of a match the session stands; None where its ref does not say."""
    found = _OWN.fullmatch(ref)
    if found is None or found["match"] is None:
        return None
    try:
        day = date.fromisoformat(found["day"])
    except ValueError:
        return None
    return Stands(found["match"], int(found["slot"]), day)
