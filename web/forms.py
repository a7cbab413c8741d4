"""Forms: their values as typed, their refusals beside the fields, and protection (SPEC 10)."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from locales.current_user import CurrentUser
from locales.refusals import refusal_text
from services.rules.refusals import Refusal
from services.rules.texts import require_reason
from web.kept_forms import KeptForm, keep, remember
from web.site import current_user, site_of

P = ParamSpec("P")
T = TypeVar("T")

FILES_AT_ONCE = 20
"""Most files in one form."""
FIELDS = 50
FORM_ID_BYTES = 16
FORM_ID_LIMIT = 64


class ForgedFormError(HTTPException):
    """The form has no token of this browser: it comes from another site, or from an old page."""

    def __init__(self, kept: KeptForm | None) -> None:
        super().__init__(403)
        self.kept = kept
        """What was typed in it."""


@dataclass
class Form:
    """A form as it is shown: what was typed, and what is wrong with it."""

    values: dict[str, str] = field(default_factory=dict)
    errors: defaultdict[str, str] = field(default_factory=lambda: defaultdict(str))
    """What is wrong, by field."""
    id: str = field(default_factory=lambda: secrets.token_urlsafe(FORM_ID_BYTES))
    """The same in every sending of one form: it counts once."""
    files: list[UploadFile] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "").strip()


def beside(
    form: Form, user: CurrentUser, refusal: Refusal, fields: Mapping[type[Refusal], str]
) -> None:
    """Put a refusal beside its field; one that has none is raised again."""
    name = fields.get(type(refusal))
    if name is None:
        raise refusal
    form.errors[name] = refusal_text(user.reader, refusal, user.person.id)


def attempt(
    form: Form,
    user: CurrentUser,
    name: str,
    read: Callable[P, T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T | None:
    """What `read` finds; None where it refuses, which is put beside the field `name`.

    With one for each field, all that is wrong with a form is told at once.
    """
    try:
        return read(*args, **kwargs)
    except Refusal as refusal:
        form.errors[name] = refusal_text(user.reader, refusal, user.person.id)
        return None


def check_text(
    form: Form, user: CurrentUser, name: str = "text", *, is_needed: bool, missing: str = ""
) -> None:
    """Put beside a reason or a report what is wrong with it; `missing`: where it is no reason."""
    if is_needed or form[name]:
        attempt(form, user, name, require_reason, form[name])
    if is_needed and missing and not form[name]:
        form.errors[name] = missing


def check_reason(form: Form, user: CurrentUser, among: Iterable[str], other: str) -> None:
    """Put beside a chosen reason, and its text, what is wrong with them; `other` needs a text."""
    if form["reason"] not in set(among):
        form.errors["reason"] = user.reader.label("Please choose a reason.")
    check_text(form, user, is_needed=form["reason"] == other)


async def read_form(request: Request, *, max_fields: int = FIELDS) -> Form:
    """The form that was sent. Raises ForgedFormError where its token is not this browser's.

    Refused: NotSignedIn, before anything of the form is read.
    """
    site = site_of(request)
    await site.database.read(current_user, request)
    try:
        data = await request.form(max_files=FILES_AT_ONCE, max_fields=max_fields)
    except UnicodeError:  # a charset that no browser uses
        raise HTTPException(400) from None
    values = {
        name: value.replace("\0", "")
        for name, value in data.multi_items()
        if isinstance(value, str)
    }
    cookie = site.cookies.session(request.cookies)
    if not site.sign_in.is_form_token(cookie, values.get("csrf", "")):
        raise ForgedFormError(keep(data.multi_items()))
    remember(request, data.multi_items())
    form = Form(values, files=list(_files(data)))
    form.id = values.get("form", "")[:FORM_ID_LIMIT] or form.id
    return form


def _files(data: FormData) -> Iterable[UploadFile]:
    """The files that were chosen: a browser sends an empty one where none was."""
    for _, value in data.multi_items():
        if isinstance(value, UploadFile) and (value.filename or value.size):
            yield value
