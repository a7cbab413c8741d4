"""The button on a session's page for siblings who are taught together (SPEC 3, 10)."""

from collections.abc import Sequence
from dataclasses import replace

from locales.reader import Reader
from services.queries.sessions import SessionView
from services.queries.together import MOST_TOGETHER
from web.navigation import TUTOR
from web.offers import Offer
from web.session_rows import TOGETHER, tap_of_all


def with_siblings(
    reader: Reader, possible: Sequence[Offer], view: SessionView, beside: Sequence[SessionView]
) -> list[Offer]:
    """The same offers, with the tap that is due for all before the one for this session alone.

    It leads to the tutor's list, which tells what became of each.
    """
    if not 1 < len(beside) <= MOST_TOGETHER:
        return list(possible)
    row, found = view.appointment, list[Offer]()
    others = [one.id for one in beside if one.id != view.id]
    for one in possible:
        if one.action in TOGETHER:
            slot = reader.slot(row.starts_at, row.ends_at)
            tap = tap_of_all(reader, one, [each.student.name for each in beside], others, slot)
            found += [replace(tap, fields=(*tap.fields, ("back", TUTOR))), replace(one, style="")]
        else:
            found.append(one)
    return found
