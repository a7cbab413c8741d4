"""A session's summary that somebody has opened: it stands in the chat as it is true (UX 17)."""

from chat.cards.summary import summary_screen, withdrawn_screen
from chat.lists.case import ListCase
from chat.screen import Screen
from services.queries.sessions import session_detail
from services.queries.summaries import is_withdrawn_from


def summary_now(case: ListCase, *, is_replaced: bool) -> Screen | None:
    """The newest summary with its tutor's judgement, of which parents read no more if it is wrong.

    The argument is the session's id. None for who may not see it any more: it is left as it is.
    """
    detail = session_detail(case.session, int(case.argument), case.person)
    role = detail.role if detail else None
    if detail is None or role is None or detail.summary is None:
        return None
    if is_replaced:
        row, reader = detail.view.appointment, case.reader
        slot, name = reader.dated_slot(row.starts_at, row.ends_at), detail.view.student.name
        return Screen(reader.text("⬇️ {student}, {slot}: see below.", student=name, slot=slot))
    if is_withdrawn_from(detail.summary, role):
        return withdrawn_screen(case.reader, detail.view)
    return summary_screen(case.reader, detail.view, detail.summary, role)
