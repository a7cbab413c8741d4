"""Inviting a person, ending their sign-ins, and seeing the pages as they do (SPEC 9, 10)."""

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from locales.current_user import CurrentUser
from services.db import Session
from services.people.accounts import invite, revoke_invitation
from services.people.devices import end_all_of, end_one_of
from services.people.seeing import see_as
from services.people.sign_in import revoke_link
from web.admin.frame import coordinator
from web.admin.people.forms import SEE_OTHER, carry_out
from web.admin.people.person import Made, shown_person
from web.admin.people_rows import PATH
from web.forms import Form, read_form
from web.site import id_in, row_id, site_of


async def invite_to_telegram(request: Request) -> Response:
    """Make an invitation to Telegram, and show it this once. Refused: NotFound."""
    person_id = id_in(request)

    def use_case(session: Session, user: CurrentUser, _: Form) -> str:
        return invite(session, user.actor, person_id)

    _, token = await carry_out(request, use_case)
    if token is None:
        return await shown_person(request, is_gone=True)
    links = [make(token) for make in site_of(request).invitations]
    return await _shown(request, next(filter(None, links), ""), is_for_web=False)


async def make_web_link(request: Request) -> Response:
    """Make a sign-in link for a person without Telegram, and show it this once.

    Refused: NotFound, UsesTelegram.
    """
    site, person_id = site_of(request), id_in(request)

    def use_case(session: Session, user: CurrentUser, _: Form) -> str:
        return site.sign_in.make_link_for(session, user.actor, person_id)

    _, token = await carry_out(request, use_case)
    if token is None:
        return await shown_person(request, is_gone=True)
    return await _shown(request, f"{site.address_for(request)}/sign-in/{token}", is_for_web=True)


async def revoke(request: Request) -> Response:
    """Revoke a person's open invitation, or their open sign-in link. Refused: NotFound."""
    person_id = id_in(request)

    def use_case(session: Session, user: CurrentUser, form: Form) -> None:
        if form["way"] == "web":
            revoke_link(session, user.actor, person_id)
        else:
            revoke_invitation(session, user.actor, person_id)

    await carry_out(request, use_case)
    return RedirectResponse(f"{PATH}/{person_id}", SEE_OTHER)


async def end_devices(request: Request) -> Response:
    """End one of a person's browser sessions, or all of them. Refused: NotFound."""
    person_id = id_in(request)

    def use_case(session: Session, user: CurrentUser, form: Form) -> None:
        if form["device"]:
            end_one_of(session, user.actor, person_id, row_id(form["device"]))
        else:
            end_all_of(session, user.actor, person_id)

    await carry_out(request, use_case)
    return RedirectResponse(f"{PATH}/{person_id}", SEE_OTHER)


async def start_seeing(request: Request) -> Response:
    """See the pages as a person does. Refused: NotFound, NothingToSee."""
    site, person_id = site_of(request), id_in(request)
    await read_form(request)

    def transaction(session: Session) -> str:
        user = coordinator(session, request)
        cookie = site.cookies.session(request.cookies)
        device = site.sign_in.browser_session(session, cookie, user.actor.now, locked=True)
        person = see_as(session, user.actor, device, person_id)
        return "/tutor" if person.is_tutor else "/family"

    return RedirectResponse(await site.database.write(transaction), SEE_OTHER)


async def _shown(request: Request, address: str, *, is_for_web: bool) -> Response:
    return await shown_person(request, Made(address, qr_of(address), is_for_web))


def qr_of(address: str) -> Markup:
    """A QR code as SVG, dark on light in any light, so that every phone reads it."""
    if not address:
        return Markup()
    import segno  # noqa: PLC0415 - seldom needed

    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(scale=4, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 - made of squares only


def routes() -> list[Route]:
    """Routes of this module."""
    acts = {
        "invite": invite_to_telegram,
        "web-link": make_web_link,
        "revoke": revoke,
        "devices": end_devices,
        "see-as": start_seeing,
    }
    return [Route(f"{PATH}/{{id}}/{name}", act, methods=["POST"]) for name, act in acts.items()]
