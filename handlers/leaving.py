"""`/stop`, and the sentence that says that a dialogue was laid aside (SPEC 9)."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler

from chat import replies
from chat.context import Context
from chat.menus import on_command
from chat.screen import Screen
from chat.visitors import visitor_of


async def stop(update: Update, context: Context) -> None:
    """`/stop`: out of whatever is going on; what was kept stays kept."""
    async with context.house.database.reading() as session:
        visitor = await visitor_of(session, update, context)
    reader = visitor.reader
    left = context.dialogues.leave(update)
    text = (
        reader.text("Left. What was saved before stays; all else is under /help.")
        if left
        else reader.text("You are not in the middle of anything. /help tells what I can do.")
    )
    await replies.say(update, context, Screen(text))


async def say_parked(update: Update, context: Context, name: str) -> None:
    """Another command or button came first; the draft is kept (SPEC 9)."""
    async with context.house.database.reading() as session:
        visitor = await visitor_of(session, update, context)
    reader = visitor.reader
    told = {
        "notes": reader.text("I have put your notes aside; nothing is lost. /notes goes on."),
        "dispute": reader.text(
            "I have put the dispute aside; nothing is disputed yet. Tap Dispute to go on."
        ),
        "problem": reader.text("I have put your report aside. Tap Report a problem to go on."),
        "settlement": reader.text("I have put that aside; nothing is settled yet."),
        "correction": reader.text("I have put the correction aside; nothing is changed yet."),
    }
    await replies.say(update, context, Screen(told[name]))


def handlers() -> list[BaseHandler[Update, Context, Any]]:
    """What this file takes."""
    return [on_command("stop", stop)]
