"""What the forms about people share: refusals beside their fields, and each form counts once."""

from collections.abc import Callable
from typing import TypeVar

from starlette.requests import Request

from locales.current_user import CurrentUser
from services.db import Session
from services.messaging.submitted_forms import counts_now
from services.rules.refusals import Refusal
from services.rules.refusals.people import LastGuardian
from web.admin.frame import coordinator
from web.forms import Form, beside, read_form
from web.site import site_of

SEE_OTHER = 303
FIELDS: dict[type[Refusal], str] = {LastGuardian: "guardian"}
"""Field beside which a refusal stands that no check foresees."""

T = TypeVar("T")


async def carry_out(
    request: Request,
    use_case: Callable[[Session, CurrentUser, Form], T],
    check: Callable[[Session, Form, CurrentUser], None] | None = None,
) -> tuple[Form, T | None]:
    """Run a use case for a form of a coordinator's, once; None where it had counted before.

    `check` puts beside each field what is wrong with it, and nothing is run then. A refusal
    stands beside its field; one that has none is raised.
    """
    form = await read_form(request)
    site = site_of(request)

    def transaction(session: Session) -> T | None:
        user = coordinator(session, request)
        if check is not None:
            check(session, form, user)
        if form.errors or not counts_now(session, form.id, user.person.id, user.actor.now):
            return None
        return use_case(session, user, form)

    done = None
    try:
        done = await site.database.write(transaction)
    except Refusal as refusal:
        beside(form, await site.database.read(coordinator, request), refusal, FIELDS)
    else:
        site.has_acted()
    return form, done
