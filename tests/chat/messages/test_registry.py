"""Every kind of message has one function that writes it."""

from collections import Counter

from chat.messages.registry import BY_NOUN
from models.enums import MessageKind


def test_every_kind_of_message_has_exactly_one_writer() -> None:
    written = Counter(one.of.kind for writers in BY_NOUN for one in writers)
    assert written == Counter(MessageKind)


def test_no_function_writes_two_kinds() -> None:
    writers = [one.compose for of_noun in BY_NOUN for one in of_noun]
    assert len(writers) == len(set(writers))
