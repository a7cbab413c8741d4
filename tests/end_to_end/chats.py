"""Somebody's chat with the bot, as they use it: what they send, tap and read."""

from dataclasses import dataclass

from sandbox.phone import Phone
from tests.end_to_end.scenes import all_text, answer_in_group, follow, press, write
from tests.end_to_end.stage import Stage, buttons, labels, text_of

Offers = list[tuple[str, list[str]]]
"""Messages with something to tap: the first two lines, and the buttons."""


@dataclass
class Chat:
    """A chat as one person has it, with the product that answers in it."""

    stage: Stage
    phone: Phone

    async def send(self, *written: str) -> None:
        """Send texts, one after the other."""
        for text in written:
            await write(self.stage, self.phone, text)

    async def tap(self, *wanted: str) -> None:
        """Tap buttons one after the other, of each the newest with this label."""
        for label in wanted:
            await press(self.stage, self.phone, label)

    async def reply(self, text: str) -> None:
        """Reply to what the bot asked last in the group."""
        await answer_in_group(self.stage, self.phone, text)

    async def open(self, link: str) -> None:
        """Follow the link t.me/…?start=… that is in a text, or behind a button."""
        await follow(self.stage, self.phone, link)

    def link(self, label: str) -> str:
        """The address behind the newest link button with this label."""
        rows = (row for one in reversed(self.phone.messages()) for row in buttons(one))
        return next(str(one["url"]) for row in rows for one in row if one["text"] == label)

    def reads(self, *words: str) -> None:
        """Require that the chat says this somewhere, as it stands now."""
        there = all_text(self.phone)
        assert [one for one in words if one not in there] == []

    def commands(self) -> set[str]:
        """The commands that they have sent so far."""
        own = [one for one in self.phone.messages() if one["from"]["id"] == self.phone.user_id]
        texts = [text_of(one) for one in own]
        return {text.split()[0].removeprefix("/") for text in texts if text.startswith("/")}

    def menu(self) -> set[str]:
        """The commands in the menu of their client."""
        profile, directory = self.phone.world.profile, self.phone.world.directory
        shown = profile.commands_for(directory, self.phone.user_id, self.phone.chat_id)
        return {one["command"] for one in shown}

    def offers(self) -> Offers:
        """The messages with something to tap: what each begins with, and its buttons."""
        return [
            ("\n".join(text_of(one).split("\n")[:2]), labels(one))
            for one in self.phone.messages()
            if labels(one)
        ]
