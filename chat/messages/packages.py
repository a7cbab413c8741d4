"""Messages about packages: nearly used up, or about to expire (SPEC 7)."""

from dataclasses import replace

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.message_parts import Delivery, Nothing, Refresh, Send
from chat.messages.context import MessageContext, Writer, Writers
from chat.messages.standing import edit_of
from chat.screen import Screen
from locales.packages import package_line
from locales.reader import Reader
from services.messaging.deliveries import place_of
from services.messaging.messages.matches import (
    AboutPackage,
    PackageExpires,
    PackageLow,
    PackageTold,
)
from services.messaging.standing import told_of_package
from services.queries.packages import PackageView, has_another, is_bought, package_view


def _low(context: MessageContext, told: PackageLow) -> Delivery:
    """For a parent, with the way to the ledger, and for the group."""
    view, stands = _view(context, told), context.together is not None
    reader, left = context.reader, package_line(context.reader, view)
    if not is_bought(context.session, view.id):
        return _reversed(context, view)
    if not view.is_low:
        line = reader.text(
            "✅ No longer low: {child}, {left}", child=_child(context, view), left=left
        )
        return Nothing("the package has credits again", Screen(line))
    covered = [_covered(reader, view)] if told.is_new and not stands else []
    is_followed = has_another(context.session, view, reader.now)
    if context.person is None:
        title = (
            reader.text("<b>A package is nearly used up</b>")
            if view.left > 0
            else reader.text("<b>A package is used up</b>")
        )
        line = Markup("{}: {}").format(_child(context, view), left)
        after = [reader.text("The next package is recorded.")] if is_followed else []
        return Send(Screen(Markup("\n").join([title, line, *covered, *after])))
    child = view.student.name
    if covered:
        title = reader.texts(
            "<b>A package of {count} session is recorded for {child}</b>",
            "<b>A package of {count} sessions is recorded for {child}</b>",
            view.package.sessions_total,
            child=child,
        )
    elif view.left > 0:
        title = reader.text("<b>{child}'s package is nearly used up</b>", child=child)
    else:
        title = reader.text("<b>{child}'s package is used up</b>", child=child)
    way = (
        reader.text("{left}. Lessons go on as booked; the next package is recorded.", left=left)
        if is_followed
        else reader.text(
            "{left}. Lessons go on as booked; ask your agency for the next package.", left=left
        )
    )
    text = Markup("\n").join([title, *covered, way])
    ledger = callbacks.ShowLedger(view.student.id, 1)
    return Send(Screen(text, ((keyboards.button(reader.label("Every entry"), ledger),),)))


def _covered(reader: Reader, view: PackageView) -> Markup:
    """How many sessions that were owed a package covered as it was bought."""
    return reader.texts(
        "{count} session that was owed is covered by it.",
        "{count} sessions that were owed are covered by it.",
        view.package.sessions_total - view.left,
    )


def _expires(context: MessageContext, told: PackageExpires) -> Delivery:
    """For the group, while there is something left to lose."""
    view, reader = _view(context, told), context.reader
    if not is_bought(context.session, view.id):
        return _reversed(context, view)
    line = Markup("{}: {}").format(_child(context, view), package_line(reader, view))
    if view.is_over(reader.now):
        title = (
            reader.text("<b>A package has expired</b>")
            if view.left > 0
            else reader.text("✅ Nothing is left of this package that could expire")
        )
        left = Screen(Markup("\n").join([title, line]))
        return Nothing("nothing is left of the package", left)
    title = reader.text("<b>A package is about to expire</b>")
    return Send(Screen(Markup("\n").join([title, line])))


def _reversed(context: MessageContext, view: PackageView) -> Nothing:
    line = context.reader.text(
        "✅ The purchase of this package was reversed: {child}", child=_child(context, view)
    )
    return Nothing("the purchase was reversed", Screen(line))


def _told(context: MessageContext, told: PackageTold) -> Delivery:
    """Edits of what the reader was told of the package before."""
    person_id = context.message.person_id
    edits = [
        edit_of(*place, replace(context, message=sent, together=(sent,)))
        for sent in told_of_package(context.session, told.package_id, person_id)
        if (place := place_of(context.session, sent.id)) is not None
    ]
    return Refresh([], edits) if edits else Nothing("nothing was told of the package")


def _child(context: MessageContext, view: PackageView) -> str:
    """The child's name; in the group the first name only (UX 13)."""
    name = view.student.name
    return name.split()[0] if context.person is None else name


def _view(context: MessageContext, told: AboutPackage) -> PackageView:
    view = package_view(context.session, told.package_id)
    if view is None:
        raise LookupError("the package of an outbox message is gone")
    return view


WRITERS: Writers = (
    Writer(PackageLow, _low),
    Writer(PackageExpires, _expires),
    Writer(PackageTold, _told),
)
