"""What all outbox messages are: a small dataclass for each kind, stored as JSON with its kind."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import PlainSerializer

from models.enums import MessageKind
from services.typed_json import adapter_of

Moment = Annotated[datetime, PlainSerializer(datetime.isoformat, when_used="json")]
"""Instant in UTC."""

Payload = dict[str, Any]
M = TypeVar("M", bound="Message")


@dataclass(frozen=True)
class Message:
    """What is told to somebody; its words are made when it is sent (DESIGN 2, idea 6).

    A field that has a default is stored only where it differs from it, so that one can be added
    while messages of before wait.
    """

    kind: ClassVar[MessageKind]


@dataclass(frozen=True)
class AboutSession(Message):
    """Told of one session."""

    appointment_id: int


def payload_of(message: Message) -> Payload:
    """The fields of a message as JSON."""
    stored: Payload = adapter_of(type(message)).dump_python(
        message, mode="json", exclude_defaults=True
    )
    return stored


def read(of: type[M], payload: Payload) -> M:
    """The message that was stored as this JSON; what it does not know there is left out."""
    return adapter_of(of).validate_python(payload)
