"""A child's prepaid sessions, as its parents read them (SPEC 7; UX 17)."""

from dataclasses import replace

from chat.cards.packages import ledger_screen
from chat.lists.case import Composers, ListCase
from chat.screen import Screen
from models import Student
from models.enums import ListKind
from services.queries.family import children, teaches_own
from services.queries.packages import entries_of, owed_by_child, packages_of, soon_in_ledger
from services.rules.refusals.sessions import NotFound
from services.rules.windows import end_of_day


def _package(case: ListCase) -> Screen | None:
    """What is left, and a page of the ledger. Refused: NotFound for a child that is not theirs."""
    student_id, page = map(int, case.argument.split(":"))
    every = children(case.session, case.person)
    if not every and teaches_own(case.session, case.person):
        return Screen(
            case.reader.text(
                "You teach your own child, and act as its tutor there. Please ask your agency "
                "about its prepaid sessions."
            )
        )
    if not every:
        return Screen(
            case.reader.text(
                "No child is linked to you yet. Please ask your agency: packages will then appear "
                "here."
            )
        )
    child = next((one for one in every if one.id == (student_id or every[0].id)), None)
    if child is None:
        if case.stands:
            return None
        raise NotFound
    return _ledger(case, child, page, [one for one in every if one is not child])


def _ledger(case: ListCase, child: Student, page: int, others: list[Student]) -> Screen:
    session = case.session
    screen = ledger_screen(
        case.reader,
        child,
        packages_of(session, child.id),
        sum(one.sessions for one in owed_by_child(session, [child.id])),
        entries_of(session, student_id=child.id, page=page),
        page,
        others,
    )
    until = end_of_day(case.now, case.agency.zone)
    return replace(screen, about=soon_in_ledger(session, child.id, until))


COMPOSERS: Composers = {ListKind.PACKAGE: _package}
