"""Messages about packages: nearly used up, or about to expire (SPEC 7)."""

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.message_parts import Delivery, Nothing, Send
from chat.messages.context import MessageContext, Writer, Writers
from chat.screen import Screen
from locales.packages import package_line
from locales.reader import Reader
from services.messaging.messages.matches import AboutPackage, PackageExpires, PackageLow
from services.queries.packages import PackageView, package_view


def _low(context: MessageContext, told: PackageLow) -> Delivery:
    """For a parent, with the way to the ledger, and for the group."""
    view = _view(context, told)
    if not view.is_low:
        return Nothing("the package has credits again")
    reader, left = context.reader, package_line(context.reader, view)
    covered = [_covered(reader, view)] if told.is_new else []
    if context.person is None:
        title = (
            reader.text("<b>A package is nearly used up</b>")
            if view.left > 0
            else reader.text("<b>A package is used up</b>")
        )
        line = Markup("{}: {}").format(view.student.name.split()[0], left)
        return Send(Screen(Markup("\n").join([title, line, *covered])))
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
    way = reader.text(
        "{left}. Lessons go on as booked; ask your agency for the next package.", left=left
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
    view = _view(context, told)
    if view.is_over(context.reader.now):
        return Nothing("nothing is left of the package")
    child = view.student.name.split()[0]
    title = context.reader.text("<b>A package is about to expire</b>")
    line = Markup("{}: {}").format(child, package_line(context.reader, view))
    return Send(Screen(Markup("\n").join([title, line])))


def _view(context: MessageContext, told: AboutPackage) -> PackageView:
    view = package_view(context.session, told.package_id)
    if view is None:
        raise LookupError("the package of an outbox message is gone")
    return view


WRITERS: Writers = (
    Writer(PackageLow, _low),
    Writer(PackageExpires, _expires),
)
