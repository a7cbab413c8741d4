"""All that is wrong with a form is told at once, each beside its field; what was typed stays."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from models import Person
from tests.services.proofs import every_row
from tests.web.admin.test_packages import WithMoney
from tests.web.visiting import Pages, hidden_in
from tests.web.ways import populated

LONG = "x" * 1001
PROGRAM = ("times.exe", b"MZ" + b"\0" * 600, "application/octet-stream")


@dataclass(frozen=True)
class Wrong:
    """A form with several faults, and the fields beside which they are told."""

    who: str
    page: str
    typed: Mapping[str, str]
    fields: frozenset[str]
    act: str = ""
    """Where the form is sent, if not to its page."""
    has_program: bool = False
    kept: tuple[str, ...] = field(default=())
    """What was typed and stands in the form again."""


WRONG = {
    "cancel": Wrong(
        "tutor", "/sessions/{later}/cancel", {"reason": "", "text": LONG},
        frozenset({"reason", "text"}), kept=(LONG,),
    ),
    "propose": Wrong(
        "grace", "/sessions/{later}/propose?at=20261201T0700Z", {"reason": "no", "text": LONG},
        frozenset({"reason", "text"}), kept=("20261201T0700Z", LONG),
    ),
    "dispute": Wrong(
        "grace", "/sessions/{session}/dispute", {"reason": "", "text": LONG},
        frozenset({"reason", "text", "files"}), has_program=True, kept=(LONG,),
    ),
    "report": Wrong(
        "grace", "/sessions/{session}/report-problem", {"text": ""},
        frozenset({"text", "files"}), has_program=True,
    ),
    "correct": Wrong(
        "coordinator", "/sessions/{missed}/correct-attendance", {"times": "noon", "text": ""},
        frozenset({"times", "text"}), kept=("noon",),
    ),
    "hand over": Wrong(
        "coordinator", "/sessions/{later}/reassign", {"text": LONG},
        frozenset({"tutor", "text"}), kept=(LONG,),
    ),
    "person": Wrong(
        "coordinator", "/admin/people/new",
        {"name": " ", "time_zone": "Mars/Olympus", "ref": "r" * 121},
        frozenset({"name", "roles", "time_zone", "ref"}), kept=("Mars/Olympus", "r" * 121),
    ),
    "child": Wrong(
        "coordinator", "/admin/people/children/{child}/edit",
        {"name": "", "address": "a" * 301, "ref": "r" * 121},
        frozenset({"name", "address", "ref"}), kept=("a" * 301,),
    ),
    "package": Wrong(
        "coordinator", "/admin/packages/new",
        {"child": "{child}", "sessions": "ten", "starts_on": "soon", "expires_on": "late",
         "price": "?"},
        frozenset({"sessions", "starts_on", "expires_on", "price"}), kept=("ten", "soon", "late"),
    ),
    "adjustment": Wrong(
        "coordinator", "/admin/packages/{package}", {"sessions": "9" * 5000, "reason": ""},
        frozenset({"sessions", "reason"}),
    ),
    "match": Wrong(
        "coordinator", "/admin/matches/new",
        {"child": "{child}", "tutor": "1", "kind": "regular", "weekday1": "1", "start1": "?",
         "subject": "", "starts_on": "?", "ends_on": "?", "price": "?", "pay": "?"},
        frozenset({"times", "subject", "starts_on", "ends_on", "price", "pay"}),
    ),
    "times": Wrong(
        "coordinator", "/admin/matches/{match}/times",
        {"weekday1": "1", "start1": "?", "starts_on": "?", "reason": ""},
        frozenset({"times", "starts_on", "reason"}),
    ),
    "session": Wrong(
        "coordinator", "/admin/sessions/new?child={child}",
        {"tutor": "x", "subject": "", "day": "", "length": "long", "kind": "odd"},
        frozenset({"tutor", "subject", "day", "length", "kind"}), act="/admin/sessions/new",
        kept=("long",),
    ),
    "holiday": Wrong(
        "coordinator", "/admin/holidays", {"date": "", "name": "n" * 81},
        frozenset({"date", "name"}), kept=("n" * 81,),
    ),
    "leave": Wrong(
        "tutor", "/tutor/leave", {"starts_on": "", "ends_on": "?", "reason": ""},
        frozenset({"starts_on", "ends_on", "reason"}),
    ),
    "amount": Wrong(
        "coordinator", "/admin/billing/{statement}", {"amount": "a lot", "reason": ""},
        frozenset({"amount", "reason"}), act="/admin/billing/{statement}/amount", kept=("a lot",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", WRONG)
async def test_all_that_is_wrong_stands_beside_its_field(pages: Pages, form: str) -> None:
    there, wrong = populated(pages), WRONG[form]
    pages = WithMoney.of(pages)
    who: Person = there.people[wrong.who]
    page = wrong.page.format(**there.values)
    path = (wrong.act or wrong.page.partition("?")[0]).format(**there.values)
    typed = {name: value.format(**there.values) for name, value in wrong.typed.items()}
    files = [("files", PROGRAM)] if wrong.has_program else None
    async with pages.browser(who) as browser:
        opened = await browser.get(page)
        assert opened.status_code == 200
        before = every_row(pages.database)
        answer = await browser.post(path, data=hidden_in(opened.text) | typed, files=files)

    assert answer.status_code == 409
    assert set(re.findall(r'class="error" id="(\w+)-error"', answer.text)) == wrong.fields
    assert all(one in answer.text for one in wrong.kept)
    if not wrong.has_program:
        assert every_row(pages.database) == before
