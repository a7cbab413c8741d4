"""Methods that ask about chats and their members."""

from __future__ import annotations

from sandbox.bot_api.call import Call
from sandbox.groups import set_bot_status
from sandbox.people import Group
from sandbox.wire import ApiError, Json
from sandbox.world import World, chat_member

_NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription",
     "gifts_from_channels"), False,
)  # fmt: skip
_PERMISSIONS = dict.fromkeys(
    ("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos",
     "can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls",
     "can_send_other_messages", "can_add_web_page_previews", "can_change_info",
     "can_invite_users", "can_pin_messages", "can_manage_topics"), True,
)  # fmt: skip


def get_chat(world: World, call: Call) -> Json:
    """A chat as the bot may know it."""
    chat_id = world.directory.readable(call.fields["chat_id"])
    full = world.directory.chat_json(chat_id) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": _NO_GIFTS,
    }
    if world.directory.is_group(chat_id):
        _check_member(world, chat_id)
        full["permissions"] = _PERMISSIONS
    return full


def get_chat_member(world: World, call: Call) -> Json:
    """The status of a person, or of the bot itself, in a chat."""
    chat_id = world.directory.readable(call.fields["chat_id"])
    user_id = call.number("user_id")
    if not world.directory.is_group(chat_id):
        return _private_member(world, chat_id, user_id)
    group = world.directory.groups[chat_id]
    if user_id == world.bot.id:
        return chat_member(world.bot.as_user(), group.bot_status)
    _check_member(world, chat_id)
    person = world.directory.persons.get(user_id)
    if person is None:
        raise ApiError("user not found")
    return chat_member(person.as_user(), _status(group, user_id))


def _private_member(world: World, chat_id: int, user_id: int) -> Json:
    if user_id == world.bot.id:
        return chat_member(world.bot.as_user(), "member")
    if user_id != chat_id:
        raise ApiError("member not found")
    return chat_member(world.directory.person(chat_id).as_user(), "member")


def get_chat_administrators(world: World, call: Call) -> list[Json]:
    """A group's owner and administrators, the bot too if it is one."""
    chat_id = world.directory.readable(call.fields["chat_id"])
    if not world.directory.is_group(chat_id):
        raise ApiError("there are no administrators in the private chat")
    group = _check_member(world, chat_id)
    administrators = [
        chat_member(world.directory.person(user_id).as_user(), _status(group, user_id))
        for user_id in group.admin_ids
    ]
    if group.bot_status == "administrator":
        administrators.append(chat_member(world.bot.as_user(), "administrator"))
    return administrators


def get_chat_member_count(world: World, call: Call) -> int:
    """How many are in a chat, the bot among them."""
    chat_id = world.directory.readable(call.fields["chat_id"])
    if not world.directory.is_group(chat_id):
        return 2
    return len(_check_member(world, chat_id).member_ids) + 1


def leave_chat(world: World, call: Call) -> bool:
    """Take the bot out of a group."""
    chat_id = world.directory.readable(call.fields["chat_id"])
    if not world.directory.is_group(chat_id):
        raise ApiError("chat member status can't be changed in private chats")
    _check_member(world, chat_id)
    set_bot_status(world, chat_id, "left")
    return True


def _check_member(world: World, chat_id: int) -> Group:
    """The group; raises ApiError where the bot is not in it."""
    world.directory.writable(chat_id)
    return world.directory.groups[chat_id]


def _status(group: Group, user_id: int) -> str:
    if user_id not in group.member_ids:
        return "left"
    if user_id not in group.admin_ids:
        return "member"
    return "creator" if user_id == group.admin_ids[0] else "administrator"
