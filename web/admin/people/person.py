"""A person's page: who they are, whom they belong to, and how they come in (SPEC 9, 10)."""

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from locales.catalogue import languages
from locales.current_user import CurrentUser
from locales.people_words import device_words, way_in, way_in_tone
from locales.reader import Reader
from locales.wording import role_label
from models import Person
from models.enums import Role
from services.db import Session
from services.queries.person_page import OpenWay, PersonPage, person_page
from services.rules.refusals.sessions import NotFound
from web.admin.frame import admin_page, coordinator
from web.admin.people_rows import CHILDREN, PATH
from web.forms import Form
from web.site import id_in, site_of


@dataclass(frozen=True)
class Made:
    """A link that was just made: shown this once."""

    address: str
    qr: Markup
    is_for_web: bool


async def show(request: Request) -> Response:
    """A person's page. Refused: NotFound."""
    return await shown_person(request)


async def shown_person(
    request: Request, made: Made | None = None, *, is_gone: bool = False
) -> Response:
    """A person's page, with a link that was just made; `is_gone`: it was shown once before."""
    user, found = await site_of(request).database.read(_found, request)
    reader, person = user.reader, found.person
    return admin_page(
        request,
        "admin/person.html",
        user,
        shown=found,
        made=made,
        is_gone=is_gone,
        form=Form(),
        read_at=f"{PATH}/{person.id}",
        path=f"{PATH}/{person.id}",
        children_path=CHILDREN,
        state=way_in(reader, person),
        tone=way_in_tone(person),
        roles=reader.listed(role_label(reader, role) for role in Role if role in person.roles),
        facts=_facts(reader, person, site_of(request).agency.zone.key),
        telegram=_told(reader, found.invitation),
        web_link=_told(reader, found.web_link),
        devices=[
            (one.id, device_words(reader, one), reader.dated_moment(one.created_at))
            for one in found.devices
        ],
        can_have_link=not person.is_in_reach,
        can_be_seen=(person.is_tutor or person.is_parent) and person.id != user.person.id,
    )


def _found(session: Session, request: Request) -> tuple[CurrentUser, PersonPage]:
    user = coordinator(session, request)
    found = person_page(session, id_in(request), user.actor.now)
    if found is None:
        raise NotFound
    return user, found


def _facts(reader: Reader, person: Person, agency_zone: str) -> list[tuple[str, str]]:
    own_names = dict(languages())
    language = own_names.get(person.language or "") or reader.label("not known: English")
    agencys = reader.label("{zone} (the agency's)", zone=agency_zone)
    facts = [
        (reader.label("Language"), language),
        (reader.label("Time zone"), person.time_zone or agencys),
    ]
    if person.ref:
        facts.append((reader.label("Reference"), person.ref))
    if person.has_chat and person.started_at is not None:
        facts.append((reader.label("Linked to Telegram"), reader.dated_moment(person.started_at)))
    if person.unreachable_since is not None:
        since = reader.dated_moment(person.unreachable_since)
        facts.append((reader.label("Has blocked the bot since"), since))
    if person.web_since is not None:
        since = reader.dated_moment(person.web_since)
        facts.append((reader.label("First signed in by link"), since))
    return facts


def _told(reader: Reader, way: OpenWay | None) -> str:
    """Who made an open invitation or link, and until when it works; empty for none."""
    if way is None:
        return ""
    return reader.label(
        "Made by {who} on {made}, works until {until}.",
        who=way.made_by or reader.label("the system"),
        made=reader.dated_moment(way.created_at),
        until=reader.dated_moment(way.expires_at),
    )


def routes() -> list[Route]:
    """Routes of this module."""
    return [Route(f"{PATH}/{{id}}", show)]
