"""Every kind of message has one function that writes it."""

from collections import Counter

from chat.messages.registry import BY_NOUN
from models.enums import MessageKind


def test_every_kind_of_message_has_exactly_one_writer() -> None:
    written = Counter(kind for writers in BY_NOUN for kind in writers)
    assert written == Counter(MessageKind)


def test_no_function_writes_two_kinds() -> None:
    writers = [write for of_noun in BY_NOUN for write in of_noun.values()]
    assert len(writers) == len(set(writers))
