"""Changes to a group: it becomes a supergroup, or the bot's status in it changes."""

from __future__ import annotations

from sandbox.people import FIRST_SUPERGROUP_ID, BotStatus, Group
from sandbox.wire import Json, PageError
from sandbox.world import World


def upgrade_group(world: World, group_id: int) -> int:
    """Upgrade a group to a supergroup; returns the new id. Both get the service messages."""
    with world.turn():
        group = world.directory.groups.get(group_id)
        if group is None or group.kind != "group" or group.migrated_to is not None:
            raise PageError(f"chat {group_id} is not a group that can be upgraded")
        new_id = min([FIRST_SUPERGROUP_ID, *world.directory.groups]) - 1
        world.directory.groups[new_id] = Group(
            new_id, group.title, group.member_ids, group.admin_ids, "supergroup", group.bot_status
        )
        actor = group.admin_ids[0] if group.admin_ids else group.member_ids[0]
        _service_message(world, group_id, actor, {"migrate_to_chat_id": new_id})
        _service_message(world, new_id, actor, {"migrate_from_chat_id": group_id})
        group.migrated_to = new_id
        world.events.add("reset")
    return new_id


def set_bot_status(world: World, group_id: int, status: BotStatus) -> None:
    """Make the bot a member or an administrator of a group, or throw it out."""
    with world.turn():
        group = world.directory.groups[group_id]
        before, group.bot_status = group.bot_status, status
        actor = group.admin_ids[0] if group.admin_ids else group.member_ids[0]
        world.push("my_chat_member", world.own_membership(group_id, actor, before), group_id)


def _service_message(world: World, chat_id: int, actor_id: int, content: Json) -> None:
    actor = world.directory.person(actor_id).as_user()
    message = world.post(chat_id, actor, content)
    if world.directory.groups[chat_id].bot_status in {"member", "administrator"}:
        world.push("message", message, chat_id)
