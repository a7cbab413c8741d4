"""Messages about packages: nearly used up, or about to expire (SPEC 7)."""

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.message_parts import Delivery, Nothing, Send
from chat.messages.context import MessageContext, Writer, Writers
from chat.screen import Screen
from locales.packages import package_line
from services.messaging.messages.matches import AboutPackage, PackageExpires, PackageLow
from services.queries.packages import PackageView, package_view


def _low(context: MessageContext, told: PackageLow) -> Delivery:
    """For a parent, with the way to the ledger, and for the group."""
    view = _view(context, told)
    if not view.is_low:
        return Nothing("the package has credits again")
    reader, left = context.reader, package_line(context.reader, view)
    if context.person is None:
        title = (
            reader.text("<b>A package is nearly used up</b>")
            if view.left > 0
            else reader.text("<b>A package is used up</b>")
        )
        line = Markup("{}: {}").format(view.student.name.split()[0], left)
        return Send(Screen(Markup("\n").join([title, line])))
    child = view.student.name
    title = (
        reader.text("<b>{child}'s package is nearly used up</b>", child=child)
        if view.left > 0
        else reader.text("<b>{child}'s package is used up</b>", child=child)
    )
    way = reader.text(
        "{left}. Lessons go on as booked; ask your agency for the next package.", left=left
    )
    text = Markup("\n").join([title, way])
    ledger = callbacks.ShowLedger(view.student.id, 1)
    return Send(Screen(text, ((keyboards.button(reader.label("Every entry"), ledger),),)))


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
