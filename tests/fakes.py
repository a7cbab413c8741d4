"""Stand-ins for the ports, for tests."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from models.enums import SummarySource
from services.ports import (
    MediaMissingError,
    MediaUnavailableError,
    Presentation,
    Recording,
    SignedLink,
    SummaryReply,
    SummaryRequest,
    Transcript,
)
from services.rules.summaries import Summary
from tests.builders import NOW


class FixedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> datetime:
        """Move on, as in `forward(minutes=5)`; the new instant."""
        self.at += timedelta(**by)
        return self.at


class ScriptedSummariser:
    """Answers with what a test has written down, or fails as it says; keeps what it was asked."""

    source = SummarySource.MODEL

    def __init__(
        self, *answers: Summary | Exception, readings: Mapping[int, str] | None = None
    ) -> None:
        self.answers = list(answers)
        self.readings = readings or {}
        self.asked: list[SummaryRequest] = []

    async def summarise(self, request: SummaryRequest) -> SummaryReply:
        """The next answer; the last one again and again."""
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return SummaryReply(answer, self.readings, "scripted-1", "test", 900, 80)


class ScriptedTranscriber:
    """Hears what a test has written down, or fails as it says."""

    def __init__(self, answer: str | Exception) -> None:
        self.answer = answer
        self.heard: list[Recording] = []

    async def transcribe(self, recording: Recording) -> Transcript:
        """The words."""
        self.heard.append(recording)
        if isinstance(self.answer, Exception):
            raise self.answer
        return Transcript(self.answer, "listening-1")


class MemoryMedia:
    """A media store in memory, that can be out of reach."""

    def __init__(self, contents: Mapping[str, bytes] | None = None) -> None:
        self.contents = dict(contents or {})
        self.is_down = False

    async def put(self, key: str, content: bytes, media_type: str) -> None:
        """Keep it."""
        assert media_type
        if self.is_down:
            raise MediaUnavailableError("down")
        self.contents[key] = content

    async def get(self, key: str) -> bytes:
        """What is kept."""
        if self.is_down:
            raise MediaUnavailableError("down")
        try:
            return self.contents[key]
        except KeyError:
            raise MediaMissingError(key) from None

    async def exists(self, key: str) -> bool:
        """Whether it is kept."""
        return key in self.contents

    async def delete(self, key: str) -> None:
        """Forget it."""
        self.contents.pop(key, None)

    async def give(self, key: str, presentation: Presentation, lasts: timedelta) -> SignedLink:
        """A link that tells what was asked for."""
        if self.is_down:
            raise MediaUnavailableError("down")
        if key not in self.contents:
            raise MediaMissingError(key)
        seconds = int(lasts.total_seconds())
        return SignedLink(f"https://store.example/{key}?{presentation.disposition}&{seconds}")
