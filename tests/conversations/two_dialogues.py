"""Two small dialogues, and the conversation of a person with them."""
# ruff: noqa: ARG002 - steps have the signature with which they are called

from dataclasses import dataclass, field
from enum import StrEnum

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from chat.callbacks import Button
from chat.context import Context
from conversations.dialogue import Dialogue
from conversations.routing import add_handlers
from jobs.update_worker import UpdateWorker
from sandbox.phone import Phone
from tests.running import Bench

GRACE = 5_000_000_101
MEI = 5_000_000_102


class Order(StrEnum):
    DISH = "dish"
    COUNT = "count"


@dataclass(frozen=True)
class OrderDraft:
    dish: str


class Survey(StrEnum):
    WORD = "word"


@dataclass
class TwoDialogues:
    """Two small dialogues with the handlers around them; `said` has their answers."""

    said: list[str] = field(default_factory=list)
    fails: int = 0

    async def order(self, update: Update, context: Context) -> Order:
        draft = context.dialogues.draft(update, OrderDraft)
        self.said.append(f"order, draft {draft.dish if draft else None}")
        return Order.COUNT if draft else Order.DISH

    async def dish(self, update: Update, context: Context) -> Order:
        assert update.effective_message
        context.dialogues.set_draft(update, OrderDraft(update.effective_message.text or ""))
        self.said.append("how many")
        if self.fails:
            self.fails -= 1
            raise RuntimeError("a step fails")
        return Order.COUNT

    async def count(self, update: Update, context: Context) -> int:
        draft = context.dialogues.draft(update, OrderDraft)
        assert draft
        assert update.effective_message
        self.said.append(f"{update.effective_message.text} x {draft.dish}")
        return Dialogue.END

    async def survey(self, update: Update, context: Context) -> Survey:
        self.said.append("survey")
        return Survey.WORD

    async def word(self, update: Update, context: Context) -> int:
        self.said.append("thanks")
        return Dialogue.END

    async def menu(self, update: Update, context: Context) -> None:
        self.said.append("menu")

    async def stop(self, update: Update, context: Context) -> None:
        self.said.append(f"left {context.dialogues.leave(update)}")

    async def stale(self, update: Update, context: Context) -> None:
        self.said.append("stale")

    async def outside(self, update: Update, context: Context) -> None:
        self.said.append("outside")

    async def say_parked(
        self, update: Update, context: Context, name: str, way_back: Button | None
    ) -> None:
        self.said.append(f"parked {name}")

    def add_to(self, on: Bench) -> None:
        text = filters.TEXT & ~filters.COMMAND
        order = Dialogue(
            name="order",
            draft=OrderDraft,
            entry_points=[CommandHandler("order", self.order)],
            states={
                Order.DISH: [MessageHandler(text, self.dish)],
                Order.COUNT: [MessageHandler(text, self.count)],
            },
        )
        survey = Dialogue(
            name="survey",
            entry_points=[CallbackQueryHandler(self.survey, "^survey$")],
            states={Survey.WORD: [MessageHandler(text, self.word)]},
        )
        add_handlers(
            on.application,
            on.states,
            dialogues=[order, survey],
            handlers=[CommandHandler("menu", self.menu)],
            last_resorts=[
                CommandHandler("stop", self.stop),
                CallbackQueryHandler(self.stale),
                MessageHandler(text, self.outside),
            ],
            say_parked=self.say_parked,
        )


@dataclass
class Conversation:
    """A person in a chat with the two dialogues."""

    bench: Bench
    dialogues: TwoDialogues
    worker: UpdateWorker
    phone: Phone

    async def write(self, text: str) -> list[str]:
        """The answers to this text."""
        self.phone.send_text(text)
        return await self.answers()

    async def tap(self, data: str) -> list[str]:
        self.phone.press(data, await _message_with_buttons(self.bench, self.phone.chat_id))
        return await self.answers()

    async def answers(self) -> list[str]:
        self.dialogues.said.clear()
        self.bench.take_in()
        await self.worker.drain()
        return list(self.dialogues.said)


async def _message_with_buttons(on: Bench, chat_id: int) -> int:
    sent = await on.application.bot.send_message(chat_id, "tap")
    return sent.message_id


def converse(on: Bench, user_id: int = GRACE, chat_id: int | None = None) -> Conversation:
    dialogues = TwoDialogues()
    dialogues.add_to(on)
    return Conversation(on, dialogues, on.worker(), on.phone(user_id, chat_id))
