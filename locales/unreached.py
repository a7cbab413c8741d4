"""Words for a request that nobody can answer (SPEC 6)."""

from locales.reader import Reader
from services.queries.reach import Unreached


def nobody_answers(reader: Reader, unreached: Unreached) -> str:
    """Why nobody can answer."""
    if unreached.tutor is None:
        return reader.label("Nobody can answer: no parent of this child can be reached here.")
    if unreached.has_blocked:
        return reader.label(
            "{tutor} cannot answer: they have blocked the bot.", tutor=unreached.tutor
        )
    return reader.label("{tutor} cannot answer: they have not joined yet.", tutor=unreached.tutor)


def asked_in_vain(reader: Reader, unreached: Unreached, until: str) -> str:
    """For the side that has asked: nobody can answer, who knows of it, and what follows."""
    why = nobody_answers(reader, unreached)
    rest = reader.label(
        "The coordinators know. Without an answer by {until}, the session will not take place.",
        until=until,
    )
    return f"{why} {rest}"


def would_ask_in_vain(reader: Reader, unreached: Unreached, until: str) -> str:
    """For the side that is about to ask: nobody can answer, and what follows."""
    why = nobody_answers(reader, unreached)
    rest = reader.label(
        "The coordinators will be told. Without an answer by {until}, the session will not take "
        "place.",
        until=until,
    )
    return f"{why} {rest}"
