"""Packages with their ledger for parents, and what is low for coordinators (SPEC 7)."""

from collections.abc import Sequence

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.cards.screens import and_more
from chat.screen import Screen
from locales.packages import credits_moved, entry_line, named_lines, owed_line, package_line
from locales.reader import Reader
from models import Student
from services.queries.packages import EntryView, Owed, PackageView

SHOWN = 20
"""Most packages and children in one message."""
PACKAGES = 5
"""Most packages of a child above its ledger: newest first."""


def ledger_screen(
    reader: Reader,
    child: Student,
    packages: Sequence[PackageView],
    owed: int,
    entries: tuple[Sequence[EntryView], bool],
    page: int,
    others: Sequence[Student],
) -> Screen:
    """A child's packages and a page of its ledger; `entries`: and whether older ones follow."""
    title = reader.text("<b>Prepaid sessions of {child}</b>", child=child.name)
    if not (packages or owed or entries[0]):
        nothing = reader.text(
            "No package yet. Once you have bought one, you see here what is left of it, and every "
            "session that it paid for."
        )
        return Screen(Markup("\n").join([title, nothing]), _buttons(reader, child, page, others))
    lines = [title, *(map(_line, named_lines(reader, packages)[:PACKAGES]))]
    if owed:
        lines.append(_line(owed_line(reader, owed)))
    shown, has_older = entries
    told = [
        Markup("<b>{}</b> {}").format(credits_moved(one), entry_line(reader, one, packages))
        for one in shown
    ]
    text = Markup("\n\n").join([Markup("\n").join(lines), Markup("\n").join(told)])
    return Screen(text, _buttons(reader, child, page, others, has_older=has_older))


def low_screen(
    reader: Reader, low: Sequence[PackageView], owed: Sequence[Owed], *, in_group: bool
) -> Screen:
    """Packages with under a fifth left, and children with sessions owed; the first name only in
    the group (UX 13).
    """
    if not (low or owed):
        return Screen(reader.text("No package is running low, and no session is owed."))

    def name(student: Student) -> str:
        return student.name.split()[0] if in_group else student.name

    blocks = []
    if low:
        lines = [reader.text("<b>Under a fifth left</b>")]
        for one in low[:SHOWN]:
            told = package_line(reader, one)
            lines.append(Markup("{}: {}").format(name(one.student), told))
        if len(low) > SHOWN:
            lines.append(and_more(reader, len(low) - SHOWN))
        blocks.append(Markup("\n").join(lines))
    if owed:
        lines = [reader.text("<b>Sessions owed</b>")]
        lines += [Markup("{}: {}").format(name(one.student), one.sessions) for one in owed[:SHOWN]]
        if len(owed) > SHOWN:
            lines.append(and_more(reader, len(owed) - SHOWN))
        blocks.append(Markup("\n").join(lines))
    return Screen(Markup("\n\n").join(blocks))


def _line(text: str) -> Markup:
    return Markup("{}").format(text)


def _buttons(
    reader: Reader,
    child: Student,
    page: int,
    others: Sequence[Student],
    *,
    has_older: bool = False,
) -> keyboards.Rows:
    newer, older = None, None
    if page > 1:
        newer = keyboards.button(reader.label("Newer"), callbacks.ShowLedger(child.id, page - 1))
    if has_older:
        older = keyboards.button(reader.label("Older"), callbacks.ShowLedger(child.id, page + 1))
    to_others = [keyboards.button(one.name, callbacks.ShowLedger(one.id, 1)) for one in others]
    return (*keyboards.in_pairs(newer, older), *keyboards.in_pairs(*to_others))
