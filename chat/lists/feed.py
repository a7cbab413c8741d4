"""The message about a person's calendar address, which stands in a chat (SPEC 10; UX 17).

An address cannot be shown again: only its hash is stored. So the message that shows it stays as it
is as long as the address works; then it says how things stand, like one that never showed any.
"""

from markupsafe import Markup

from chat import callbacks, keyboards
from chat.lists.case import ListCase
from chat.screen import Screen
from locales.feed_wording import how_slow, whom_it_shows
from locales.reader import Reader
from models import CalendarFeed
from services.feeds.addresses import feed_of, mark_of


def feed_screen(reader: Reader, feed: CalendarFeed | None) -> Screen:
    """What a feed is, whether there is an address, and the buttons for it."""
    if feed is not None:
        stands = reader.text(
            "You have an address, made {when}. It was shown only once: if you have lost it, make a "
            "new one, which ends it.",
            when=reader.lasting_when(feed.created_at),
        )
    else:
        stands = reader.text("You have no address yet.")
    heading = reader.text("<b>Your sessions in your own calendar</b>")
    about = Markup("{}\n\n{}").format(whom_it_shows(reader), how_slow(reader))
    text = Markup("\n\n").join((heading + Markup("\n") + stands, about))
    return Screen(text, _rows(reader, feed))


def address_screen(reader: Reader, feed: CalendarFeed | None, address: str) -> Screen:
    """An address that was just made, shown this once."""
    told = reader.text(
        "<b>Your calendar address</b>\nPaste it where your calendar app lets you subscribe to a "
        "calendar by its address. Any earlier address no longer works."
    )
    shown = Markup("<code>{}</code>").format(address)
    slow = Markup("{}").format(how_slow(reader))
    return Screen(Markup("\n\n").join((told, shown, slow)), _rows(reader, feed))


def feed_now(case: ListCase, *, is_replaced: bool) -> Screen | None:
    """What the message has to say now; None while the address that it shows works.

    The argument is that address's mark; None where it shows none.
    """
    feed = feed_of(case.session, case.person)
    if case.of.argument == str(mark_of(feed)):
        return None
    if is_replaced:
        return Screen(case.reader.text("⬇️ Your calendar address: see below."))
    return feed_screen(case.reader, feed)


def _rows(reader: Reader, feed: CalendarFeed | None) -> keyboards.Rows:
    known = mark_of(feed)
    making = reader.label("New address") if feed else reader.label("Make an address")
    ending = keyboards.danger(reader.label("End it"), callbacks.RevokeFeed(known))
    return keyboards.in_pairs(
        keyboards.button(making, callbacks.MakeFeed(known)), ending if feed else None
    )
