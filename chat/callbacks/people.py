"""Buttons of settings and invitations (SPEC 1, 9)."""

from dataclasses import dataclass

from chat.callbacks.codec import Button


@dataclass(frozen=True)
class SetLanguage(Button):
    code = "la"
    language: str


@dataclass(frozen=True)
class ShowLanguages(Button):
    code = "lg"


@dataclass(frozen=True)
class ShowZones(Button):
    code = "zs"


@dataclass(frozen=True)
class SetZone(Button):
    """A time zone; none: the agency's."""

    code = "zo"
    zone: str


@dataclass(frozen=True)
class AskForZone(Button):
    """The coordinators are told the place that was typed."""

    code = "zp"


@dataclass(frozen=True)
class LeaveZones(Button):
    code = "zl"


@dataclass(frozen=True)
class Invite(Button):
    code = "in"
    person_id: int


@dataclass(frozen=True)
class InviteByWeb(Button):
    """A sign-in link for a person without Telegram."""

    code = "iw"
    person_id: int


@dataclass(frozen=True)
class InvitePage(Button):
    code = "ip"
    offset: int


@dataclass(frozen=True)
class RunCommand(Button):
    """The command that a mistyped one was probably meant for."""

    code = "cm"
    name: str
