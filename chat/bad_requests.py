"""The meaning of Telegram's 400 errors, told by their texts: they have no codes (DESIGN 3)."""

from telegram.error import BadRequest


def is_unchanged(error: BadRequest) -> bool:
    """Whether the message shows exactly this already."""
    return "message is not modified" in error.message.lower()


def is_beyond_editing(error: BadRequest) -> bool:
    """Whether the message is deleted, not ours, or not a text message."""
    text = error.message.lower()
    return any(
        reason in text
        for reason in (
            "message to edit not found",
            "message can't be edited",
            "message_id_invalid",
            "there is no text in the message to edit",
        )
    )


_ABOUT_CHAT = (
    "chat not found",
    "chat was deactivated",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_admin_required",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_send_",
    "channel_private",
    "peer_id_invalid",
    "user_banned_in_channel",
    "topic_closed",
    "topic_deleted",
    "message thread not found",
)


def is_about_chat(error: BadRequest) -> bool:
    """Whether it is about the chat or the bot's rights there, whatever the message."""
    text = error.message.lower()
    return any(reason in text for reason in _ABOUT_CHAT)


def is_old_query(error: BadRequest) -> bool:
    """Whether the tap is too old to be answered."""
    return "query is too old" in error.message.lower()
