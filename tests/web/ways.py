"""Every address of the pages: who may go there, and an address of the kind that leads nowhere.

A route that is added to the pages gets a row in `WAYS`; tests that go through all of them fail
until it has one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlmodel import select
from starlette.routing import BaseRoute, Mount, Route

from models import EvidenceFile, Holiday, Person, RescheduleProposal, TutorLeave, WebSession
from models.enums import EntryKind, PartKind, Status
from services.approvals.approvals import acknowledge
from services.feeds.addresses import FeedAddresses
from tests import builders
from tests.builders import NOW, SIGN_IN, acting
from tests.fakes import MemoryMedia
from tests.services.matches.stage import Stage, offered
from tests.services.matters import matters
from tests.services.packages.scenes import bought, entries
from tests.services.scenes import another_session, carry_out, open_thread
from tests.web.test_notes import summed_up
from tests.web.visiting import KEY, Pages

TUTORS = frozenset({"tutor", "other_tutor"})
PARENTS = frozenset({"grace", "daniel", "other_parent"})
COORDINATORS = frozenset({"coordinator"})
EVERYBODY = TUTORS | PARENTS | COORDINATORS
FAMILY = frozenset({"grace", "daniel"})
THEIRS = FAMILY | {"tutor", "coordinator"}
"""Those of the scene's session."""
STRANGER = "stranger"
NOBODY = "999999999"
"""An id that no row has."""


@dataclass(frozen=True)
class Way:
    """What is at an address."""

    who: frozenset[str]
    """Those who may go there, by their names in `People`."""
    name: str = ""
    """Name of the value that stands in the braces of the path; empty where there are none."""
    absent: str = NOBODY
    """A value of this kind that nothing has."""
    query: str = ""
    """A query that names a row of somebody's, with `{name}` in it."""
    needs_more: bool = False
    """Whether it is there only at certain times, as an answer to an open request."""
    is_public: bool = False
    """Whether it needs no session in a browser."""
    has_token: bool = True
    """Whether its form carries the token of the browser."""


SECRET = "a-secret-that-was-never-made"

WAYS: Mapping[str, Way] = {
    "/": Way(EVERYBODY),
    "/sign-in": Way(EVERYBODY),
    "/signed-out": Way(EVERYBODY),
    "/sign-in/{token}": Way(EVERYBODY, "token", SECRET, is_public=True, has_token=False),
    "/sign-out": Way(EVERYBODY, is_public=True, has_token=False),
    "/stop-seeing": Way(EVERYBODY, has_token=False),
    "/app": Way(EVERYBODY, is_public=True, has_token=False),
    "/tutor": Way(TUTORS),
    "/tutor/leave/{id}": Way(frozenset({"tutor"}), "leave"),
    "/family": Way(FAMILY, "child", query="child={child}"),
    "/family/matches/{id}": Way(FAMILY, "match", needs_more=True),
    "/notes": Way(EVERYBODY),
    "/notes/{id}": Way(THEIRS, "session"),
    "/files/{id}": Way(THEIRS, "file"),
    "/evidence/{id}": Way(FAMILY | COORDINATORS, "evidence"),
    "/calendar": Way(TUTORS | PARENTS),
    "/calendar/revoke": Way(EVERYBODY),
    "/feeds/{secret}.ics": Way(EVERYBODY, "secret", SECRET, is_public=True),
    "/devices": Way(EVERYBODY),
    "/devices/settings": Way(EVERYBODY),
    "/devices/{id}": Way(frozenset({"grace"}), "device"),
    "/live": Way(THEIRS, "session", query="session={session}"),
    "/sessions/{id}": Way(THEIRS, "session"),
    "/sessions/{id}/": Way(THEIRS, "session", needs_more=True),
    "/admin": Way(COORDINATORS),
    "/admin/queue/{key}/{act}": Way(COORDINATORS, "matter", "dispute-4711/verify"),
    "/admin/bulk": Way(COORDINATORS, needs_more=True),
    "/admin/holidays/{id}": Way(COORDINATORS, "holiday"),
    "/admin/leave/{id}": Way(COORDINATORS, "leave"),
    "/admin/disputes/{id}": Way(COORDINATORS, "dispute"),
    "/admin/problems/{id}": Way(COORDINATORS, "problem"),
    "/admin/people/{id}": Way(COORDINATORS, "person"),
    "/admin/people/children/{id}": Way(COORDINATORS, "child"),
    "/admin/people/children/{id}/unlink": Way(COORDINATORS, "child", needs_more=True),
    "/admin/matches/{id}": Way(COORDINATORS, "match"),
    "/admin/packages/{id}": Way(COORDINATORS, "package"),
    "/admin/packages/entries/{id}": Way(COORDINATORS, "entry"),
    "/admin/billing/{month}": Way(COORDINATORS, "month", "2031-01"),
    "/admin/billing/{month}/close": Way(COORDINATORS, "month", "2031-01", needs_more=True),
    "/admin/billing/{month}/{side}/{id}": Way(
        COORDINATORS, "statement", f"2026-11/family/{NOBODY}"
    ),
    "/admin/billing/extra/{id}/price": Way(COORDINATORS, "session", needs_more=True),
    "/admin/import/{token}": Way(COORDINATORS, "import", "f" * 64, needs_more=True),
    "/admin/export/{kind}": Way(COORDINATORS, "kind", "pdf"),
}
"""Row of each path, and of those below it that have none of their own."""


def way_of(path: str) -> str | None:
    """The path in `WAYS` whose row counts for this one; None where there is none.

    A value in a path has to be known: `/admin/new/{id}` is not what `/admin` is.
    """
    below = {one: path.removeprefix(one if one.endswith("/") else f"{one}/") for one in WAYS}
    above = [
        one
        for one, rest in below.items()
        if one == path or (one != "/" and rest != path and "{" not in rest)
    ]
    return max(above, key=len, default=None)


STREAMS = frozenset({"/live"})
"""Answers without an end, for those who may go there."""


def paths_of(routes: Sequence[BaseRoute], before: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of every route."""
    for route in routes:
        if isinstance(route, Mount) and route.routes:
            yield from paths_of(route.routes, before + route.path)
        elif isinstance(route, Route):
            for method in sorted(route.methods or ()):
                if method != "HEAD":
                    yield method, before + route.path


def filled(path: str, way: Way, value: str) -> str:
    """The address of a path, with a value where it wants one."""
    address = re.sub(r"\{.*\}", value, path)
    return f"{address}?{way.query.format(**{way.name: value})}" if way.query else address


@dataclass
class Populated:
    """People with something at every address."""

    people: dict[str, Person] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    """What stands in the braces of paths, by name."""


def populated(pages: Pages) -> Populated:
    """The scene with one of everything, and a tutor and a parent of another family."""
    there, database = pages.there, pages.database
    with database.unit_of_work() as session:
        other_tutor = builders.tutor(session, name="Ravi Kumar")
        other_parent = builders.parent(session, name="Nora Ong")
        child = builders.student(session, [other_parent], name="Zoe Ong")
        newcomer = builders.parent(session, name="New Comer")
        builders.appointment(session, tutor=other_tutor, student=child, status=Status.APPROVED)
    if isinstance(pages.media, MemoryMedia):
        pages.media.contents[KEY] = b"photograph"
    file = pages.photo()
    pages.note(text="Halves and thirds. " * 20)
    pages.note(text="https://example.org/" + "x" * 200)
    summed_up(pages)
    waiting = matters(database, there)
    with database.unit_of_work() as session:
        evidence = EvidenceFile(
            appointment_id=waiting.sessions["dispute"],
            dispute_id=1,
            author_id=there.grace.id,
            kind=PartKind.PHOTO,
            created_at=NOW,
            file_name="door.jpg",
            media_type="image/jpeg",
            media_key=KEY,
            stored_at=NOW,
        )
        session.add(evidence)
        session.flush()
        evidence_id = evidence.id
    package = bought(database, there)
    stage = Stage(
        *(there.tutor, other_tutor, there.grace, there.daniel, there.coordinator, there.student)
    )
    match = offered(database, stage)
    held = another_session(
        database, there, starts_at=NOW - timedelta(days=1), status=Status.AWAITING_APPROVAL_PARENT
    )
    carry_out(database, acknowledge, held.id, acting(there.grace))
    ahead = another_session(database, there, starts_at=NOW + timedelta(days=3))
    thread = open_thread(database, ahead)
    later = another_session(database, there, starts_at=NOW + timedelta(days=4))
    secret = carry_out(
        database, FeedAddresses(SIGN_IN.secret).make, there.grace, acting(there.grace)
    )
    with database.unit_of_work() as session:
        leave = TutorLeave(
            tutor_id=there.tutor.id,
            starts_on=date(2026, 12, 21),
            ends_on=date(2026, 12, 23),
            asked_by_id=there.tutor.id,
            asked_at=NOW,
        )
        holiday = Holiday(date=date(2026, 12, 25), name="Christmas")
        session.add_all([leave, holiday])
        SIGN_IN.begin_session(session, there.grace, NOW)
        session.flush()
        device = session.exec(select(WebSession.id)).one()
        proposal = session.exec(
            select(RescheduleProposal.id).where(RescheduleProposal.thread_id == thread.id)
        ).one()
    return Populated(
        {
            **{name: getattr(there, name) for name in ("tutor", "grace", "daniel", "coordinator")},
            "other_tutor": other_tutor,
            "other_parent": other_parent,
        },
        {
            "session": str(there.id),
            "ahead": str(ahead.id),
            "held": str(held.id),
            "later": str(later.id),
            "soon": str(waiting.sessions["request"]),
            "proposal": str(proposal),
            "disputed": str(waiting.sessions["dispute"]),
            "missed": str(waiting.sessions["attendance"]),
            "child": str(there.student.id),
            "file": str(file),
            "evidence": str(evidence_id),
            "matter": f"{waiting['dispute']}/verify",
            "dispute": "1",
            "leave": str(leave.id),
            "holiday": str(holiday.id),
            "problem": waiting["problem"].partition("-")[2],
            "person": str(other_parent.id),
            "match": str(match.id),
            "device": str(device),
            "package": str(package.id),
            "month": "2026-11",
            "statement": f"2026-11/family/{there.student.id}",
            "entry": str(entries(database, EntryKind.DEDUCTION)[0].id),
            "secret": secret,
            "import": "0" * 64,
            "kind": "xlsx",
            "token": pages.link(newcomer).rpartition("/")[2],
        },
    )
