"""Which 400 of Telegram means what. It gives no codes, so that only its texts tell (DESIGN 3)."""

from telegram.error import BadRequest


def is_unchanged(error: BadRequest) -> bool:
    """The message shows exactly that already."""
    return "message is not modified" in error.message.lower()


def is_beyond_editing(error: BadRequest) -> bool:
    """The message is deleted, not ours, or no text message."""
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


def is_old_query(error: BadRequest) -> bool:
    """The tap is too old to be answered."""
    return "query is too old" in error.message.lower()
