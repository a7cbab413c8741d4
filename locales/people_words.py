"""What is done to people and their ways in, in words (SPEC 9, 10)."""

from collections.abc import Mapping
from types import MappingProxyType

from locales.catalogue import phrase
from locales.reader import Reader
from models import Person, WebSession
from models.enums import Action

PEOPLE_DONE: Mapping[Action, tuple[str, str]] = MappingProxyType(
    {
        Action.INVITE_BY_WEB: (
            phrase("{who} made a sign-in link {when}"),
            phrase("You made a sign-in link {when}"),
        ),
        Action.REVOKE_INVITATION: (
            phrase("{who} revoked an invitation {when}"),
            phrase("You revoked an invitation {when}"),
        ),
        Action.END_SIGN_IN: (
            phrase("{who} ended a sign-in {when}"),
            phrase("You ended a sign-in {when}"),
        ),
        Action.ADD_PERSON: (
            phrase("{who} added a person {when}"),
            phrase("You added a person {when}"),
        ),
        Action.EDIT_PERSON: (
            phrase("{who} changed a person's entry {when}"),
            phrase("You changed a person's entry {when}"),
        ),
        Action.ADD_STUDENT: (
            phrase("{who} added a child {when}"),
            phrase("You added a child {when}"),
        ),
        Action.EDIT_STUDENT: (
            phrase("{who} changed a child's entry {when}"),
            phrase("You changed a child's entry {when}"),
        ),
        Action.ADD_GUARDIAN: (
            phrase("{who} linked a parent and a child {when}"),
            phrase("You linked a parent and a child {when}"),
        ),
        Action.REMOVE_GUARDIAN: (
            phrase("{who} unlinked a parent and a child {when}"),
            phrase("You unlinked a parent and a child {when}"),
        ),
        Action.SEE_AS: (
            phrase("{who} began to see the pages as somebody else {when}"),
            phrase("You began to see the pages as somebody else {when}"),
        ),
        Action.STOP_SEEING: (
            phrase("{who} stopped seeing the pages as somebody else {when}"),
            phrase("You stopped seeing the pages as somebody else {when}"),
        ),
    }
)
"""Who did it, by others and by the reader; see `locales.wording.action_done`."""


def way_in(reader: Reader, person: Person) -> str:
    """How a person comes in, and whether messages reach them: "linked", "by web only"."""
    if person.is_by_web_only:
        return reader.label("by web only")
    if person.telegram_user_id is None:
        return reader.label("not linked")
    if person.started_at is None:
        return reader.label("has never pressed Start")
    if person.unreachable_since is not None:
        return reader.label("has blocked the bot")
    return reader.label("linked")


def choice_of(reader: Reader, person: Person) -> str:
    """A name to choose, and why no message reaches them, if so: "Arjun Rao (not linked)"."""
    if person.is_in_reach:
        return person.name
    return reader.label("{name} ({why})", name=person.name, why=way_in(reader, person))


def to_be_called(reader: Reader, person: Person) -> str | None:
    """That somebody is not told by a message; None where the bot can write to them."""
    if person.is_in_reach:
        return None
    return reader.label(
        "⚠️ Please call {name}: no message reaches them ({why}).",
        name=person.name,
        why=way_in(reader, person),
    )


def way_in_tone(person: Person) -> str:
    """Tone of `way_in`: what a coordinator has to do about it."""
    if person.is_by_web_only:
        return "now"
    if not person.has_chat:
        return "warn"
    return "bad" if person.unreachable_since is not None else "good"


def device_words(reader: Reader, device: WebSession) -> str:
    """A browser as its user knows it: "Chrome on Android"."""
    match device.browser, device.system:
        case str(browser), str(system):
            return reader.label("{browser} on {system}", browser=browser, system=system)
        case str(name), None:
            return name
        case None, str(name):
            return name
    return reader.label("Unknown browser")
