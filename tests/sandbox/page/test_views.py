"""What the page knows of a message beside Telegram's own object."""

from sandbox.page.views import clock_view, state_view
from sandbox.people import Person
from sandbox.world import World
from tests.sandbox.clients import BotClient


async def test_a_silent_message_is_marked_for_the_page_alone(
    world: World, bot: BotClient, grace: Person
) -> None:
    sent = await bot.ok(
        "sendMessage", chat_id=grace.id, text="Good night", disable_notification=True
    )
    shown = state_view(world)["chats"][f"{grace.id}:{grace.id}"]["messages"][-1]
    assert shown == sent | {"disable_notification": True}


def test_the_page_is_told_the_zone_in_which_times_are_meant() -> None:
    assert clock_view(World(zone="Asia/Singapore"))["zone"] == "Asia/Singapore"
    assert "zone" not in clock_view(World())
