"""A dispute that somebody's answer has overtaken, offered as a problem report (SPEC 5)."""

from collections.abc import Mapping

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.cards.reason import given_reason, quoted
from chat.cards.session import headline
from chat.screen import Screen
from locales.parts import parts
from locales.reader import Reader
from models.enums import DisputeReason, PartKind, Role
from services.queries.sessions import SessionView


def written(
    reader: Reader,
    reason: DisputeReason | None,
    text: str | None,
    files: Mapping[PartKind, int],
) -> Markup:
    """What was chosen, written and sent so far."""
    told = [quoted(text) if text and reason is None else given_reason(reader, reason, text)]
    if files:
        told.append(Markup("📎 {}").format(parts(reader, files)))
    return Markup("\n").join(line for line in told if line)


def overtaken_screen(reader: Reader, view: SessionView, why: str, said: Markup) -> Screen:
    """Who was first, and what was written, with *Send it*."""
    lines = [
        *headline(reader, view, Role.PARENT),
        Markup(),
        Markup("<b>{}</b>").format(why),
        reader.text(
            "It cannot be disputed any more. What you wrote is not lost: send it to the "
            "coordinators?"
        ),
        said,
    ]
    rows = keyboards.in_pairs(
        keyboards.success(reader.label("Send it"), callbacks.ReportInstead(view.id)),
        keyboards.button(reader.label("Leave"), callbacks.LeaveDispute(view.id)),
    )
    return Screen(Markup("\n").join(lines), rows)
