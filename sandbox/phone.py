"""A person's phone showing one chat, for tests and the demo."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox import person_actions
from sandbox.bot_api.files import StatedSize
from sandbox.bot_api.media import MediaDetails
from sandbox.person_actions import PersonInChat
from sandbox.wire import Json, Upload
from sandbox.world import World


class Phone:
    """What a person does and sees in one chat: with the bot, or in the group `chat_id`.

    Raises PageError for what Telegram would not let them do, LookupError for a button that is
    not there.
    """

    def __init__(self, world: World, user_id: int, chat_id: int | None = None) -> None:
        self.world = world
        self.user_id = user_id
        self.chat_id = user_id if chat_id is None else chat_id
        self._actor = PersonInChat(world, self.user_id, self.chat_id)

    # What the person does

    def send_text(self, text: str, reply_to: int | None = None) -> Json:
        return person_actions.send_text(self._actor, text, reply_to)

    def start(self, payload: str | None = None) -> Json:
        """Open t.me/<bot>?start=<payload> and press Start."""
        return person_actions.start(self.world, self.user_id, payload)

    def press(self, label_or_data: str, message_id: int | None = None) -> str:
        """Tap the newest button with this label or callback data; returns the query's id.

        With a `message_id`, taps there; where that message has no such button, the data is sent
        all the same, as from an old screen or by a forged tap.
        """
        found = self._find_button(label_or_data, message_id)
        if found is None and message_id is None:
            raise LookupError(f"no button {label_or_data!r}; there are {self.buttons()}")
        place, data = found or (message_id or 0, label_or_data)
        return person_actions.press(self._actor, place, data)

    def send_photo(self, data: bytes, caption: str | None = None) -> Json:
        return self._send("photo", Upload("photo.jpg", "image/jpeg", data), caption)

    def send_album(
        self,
        photos: Sequence[bytes],
        caption: str | None = None,
        arrival: Sequence[int] | None = None,
    ) -> list[Json]:
        """Send photos as one album; `arrival` is the order in which the bot receives them."""
        uploads = [
            Upload(f"photo{number}.jpg", "image/jpeg", data) for number, data in enumerate(photos)
        ]
        return person_actions.send_media(
            self._actor, "photo", uploads, caption=caption or "", arrival=arrival
        )

    def send_document(
        self,
        data: bytes,
        name: str,
        mime: str,
        caption: str | None = None,
        stated_size: StatedSize = "true",
    ) -> Json:
        """Send a file; `stated_size` makes Telegram say another size than it has, or none."""
        details = MediaDetails(stated_size=stated_size)
        return self._send("document", Upload(name, mime, data), caption, details)

    def send_voice(self, data: bytes, duration: int, stated_size: StatedSize = "true") -> Json:
        """Send a voice memo of so many seconds."""
        details = MediaDetails(duration=duration, stated_size=stated_size)
        return self._send("voice", Upload("voice.oga", "audio/ogg", data), None, details)

    def send_audio(
        self,
        data: bytes,
        name: str = "audio.mp3",
        mime: str = "audio/mpeg",
        duration: int = 1,
        stated_size: StatedSize = "true",
    ) -> Json:
        details = MediaDetails(duration=duration, stated_size=stated_size)
        return self._send("audio", Upload(name, mime, data), None, details)

    def send_video(self, data: bytes = b"\0" * 64, duration: int = 1) -> Json:
        details = MediaDetails(duration=duration)
        return self._send("video", Upload("video.mp4", "video/mp4", data), None, details)

    def send_sticker(self, data: bytes = b"RIFF\0\0\0\0WEBP") -> Json:
        return self._send("sticker", Upload("sticker.webp", "image/webp", data), None)

    def send_location(self, latitude: float = 1.3521, longitude: float = 103.8198) -> Json:
        return person_actions.send_location(self._actor, latitude, longitude)

    def edit_text(self, message_id: int, text: str) -> Json:
        return person_actions.edit_text(self._actor, message_id, text)

    def block(self) -> None:
        person_actions.set_blocked(self.world, self.user_id, blocked=True)

    def unblock(self) -> None:
        person_actions.set_blocked(self.world, self.user_id, blocked=False)

    def _send(
        self, kind: str, upload: Upload, caption: str | None, details: MediaDetails | None = None
    ) -> Json:
        sent = person_actions.send_media(
            self._actor, kind, [upload], caption=caption or "", details=details
        )
        return sent[0]

    # What the person sees

    def messages(self) -> list[Json]:
        """The chat's messages, oldest first."""
        with self.world.turn():
            return self.world.messages.of(self.chat_id)

    def last(self) -> Json:
        """The newest message; raises IndexError in an empty chat."""
        return self.messages()[-1]

    def buttons(self) -> list[str]:
        """The labels of the newest message that has inline buttons, row by row."""
        for message in reversed(self.messages()):
            if labels := [button["text"] for button in _buttons(message)]:
                return labels
        return []

    def reply_keyboard(self) -> Json | None:
        """The keyboard below the chat."""
        key = self.world.keyboards.key(self.user_id, self.chat_id)
        return self.world.keyboards.shown.get(key)

    def toasts(self) -> list[Json]:
        """The bot's answers to this person's taps, oldest first."""
        return [toast for toast in self.world.toasts if toast["user_id"] == self.user_id]

    def _find_button(self, label_or_data: str, message_id: int | None) -> tuple[int, str] | None:
        for message in reversed(self.messages()):
            if message_id is not None and message["message_id"] != message_id:
                continue
            for button in _buttons(message):
                data = button.get("callback_data")
                if data is not None and label_or_data in {button["text"], data}:
                    return message["message_id"], data
        return None


def _buttons(message: Json) -> list[Json]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]
