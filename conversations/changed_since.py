"""What has changed since a question for confirmation was asked, for which it is asked again."""

from typing import Protocol

from chat.current_user import CurrentUser
from locales.penalties import penalty_changed
from locales.reader import Reader
from locales.refusals import refusal_text
from services.lifecycle.open_requests import OpenRequest, proposal_of
from services.rules.penalties import Guidance
from services.rules.refusals.requests import RequestUnseen


class Now(Protocol):
    """The session as it is now."""

    @property
    def reader(self) -> Reader: ...
    @property
    def user(self) -> CurrentUser: ...
    @property
    def guidance(self) -> Guidance | None: ...
    @property
    def request(self) -> OpenRequest | None: ...


class Asked(Protocol):
    """The draft: what the question shows."""

    @property
    def shown(self) -> Guidance | None: ...
    @property
    def ends(self) -> int | None: ...


def changed_since(now: Now, asked: Asked) -> str | None:
    """The penalty by the sheet, or a request that would end, too; None where the question says all
    that counts.
    """
    if now.guidance != asked.shown:
        return penalty_changed(now.reader)
    if proposal_of(now.request) not in (None, asked.ends):
        return refusal_text(now.reader, RequestUnseen(), now.user.person.id)
    return None
