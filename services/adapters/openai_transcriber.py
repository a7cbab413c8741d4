"""Transcripts by a model behind OpenAI's API (SPEC 4)."""

from typing import TYPE_CHECKING

from services.adapters.openai_client import NUL, OpenAiClient
from services.ports import Recording, Transcript

if TYPE_CHECKING:
    from openai import AsyncOpenAI

EXTENSIONS = {
    "audio/ogg": "ogg",
    "audio/opus": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/wav": "wav",
    "audio/webm": "webm",
    "audio/flac": "flac",
}
"""Extensions from which a server recognises the type; it would refuse Telegram's `.oga`."""


class OpenAiTranscriber:
    """Asks `model` for the words; a recording in which nobody speaks has none."""

    def __init__(self, client: OpenAiClient, model: str) -> None:
        self._client = client
        self._model = model

    async def transcribe(self, recording: Recording) -> Transcript:
        file = (_name(recording), recording.content, recording.media_type)

        async def written_down(client: "AsyncOpenAI") -> str:
            answer = await client.audio.transcriptions.create(model=self._model, file=file)
            return answer.text.strip().replace(NUL, "")

        text = await self._client.ask(written_down, file_bytes=len(recording.content))
        return Transcript(text, self._model)

    async def close(self) -> None:
        """Close the connections; call it when no call is under way."""
        await self._client.close()


def _name(recording: Recording) -> str:
    """File name with the type only; the file's own name could identify a person."""
    return f"recording.{EXTENSIONS.get(recording.media_type, 'ogg')}"
