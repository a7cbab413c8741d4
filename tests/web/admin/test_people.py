"""People and children on the coordinators' pages (SPEC 1, 9, 10)."""

import re
from typing import Any

import pytest
from sqlmodel import col, select

from chat.deep_links import UseInvitation, address
from models import AuditEvent, Guardianship, Person, Student
from models.enums import Action
from services.erasure.erasing import erase_child, erase_person
from services.people import accounts
from tests import builders
from tests.builders import NOW, SIGN_IN
from tests.services.newcomers import newcomer
from tests.services.proofs import every_row
from tests.services.scenes import carry_out
from tests.web.test_costs import hops, statements
from tests.web.visiting import Pages, press, send

__all__ = ["hops"]

PEOPLE = "/admin/people"
CHILDREN = "/admin/people/children"


def unlinked(pages: Pages, **over: Any) -> Person:
    with pages.database.unit_of_work() as session:
        return newcomer(session, **({"name": "Mei Lim"} | over))


def person(pages: Pages, person_id: int) -> Person:
    with pages.database.reading() as session:
        found = session.get(Person, person_id)
    assert found is not None
    return found


def actions_about(pages: Pages, who: Person) -> list[Action]:
    with pages.database.reading() as session:
        found = session.exec(
            select(AuditEvent).where(AuditEvent.person_id == who.id).order_by(col(AuditEvent.id))
        )
        return [one.action for one in found]


def names_in(page: str) -> list[str]:
    return re.findall(r'<a class="what" href="/admin/people/[^"]*"><b>([^<]*)</b>', page)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (PEOPLE, ["Daniel Lim", "Grace Lim", "Priya Nair", "Tan Wei Ming"]),
        (f"{PEOPLE}?role=tutor", ["Tan Wei Ming"]),
        (f"{PEOPLE}?role=parent", ["Daniel Lim", "Grace Lim"]),
        (f"{PEOPLE}?role=nonsense&q=PRIYA", ["Priya Nair"]),
        (f"{PEOPLE}?q=emily", ["Daniel Lim", "Grace Lim"]),
        (f"{PEOPLE}?q=%25", []),
        (f"{PEOPLE}?q=%00&after=x", ["Daniel Lim", "Grace Lim", "Priya Nair", "Tan Wei Ming"]),
        (CHILDREN, ["Emily Lim"]),
        (f"{CHILDREN}?q=mil", ["Emily Lim"]),
        (f"{CHILDREN}?q=nobody", []),
    ],
)
async def test_the_list_is_by_name_role_and_child(
    pages: Pages, path: str, names: list[str]
) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await browser.get(path)

    assert (answer.status_code, names_in(answer.text)) == (200, names)


@pytest.mark.parametrize("path", [PEOPLE, CHILDREN])
async def test_the_list_goes_on_after_a_name_and_costs_the_same(
    pages: Pages, path: str, hops: list[str]
) -> None:
    with pages.database.unit_of_work() as session:
        for number in range(60):
            builders.parent(session, name="Same Name")
            builders.student(session, name=f"Zoe {number:02}")
    async with pages.browser(pages.there.coordinator) as browser:
        seen: list[str] = []
        counts, following = [], path
        while following:
            with statements() as executed:
                text = (await browser.get(following)).text
            counts.append(len(executed))
            seen += names_in(text)
            found = re.search(r'rel="next" href="([^"]+)"', text)
            following = found[1].replace("&amp;", "&") if found else ""
        again = (await browser.get(path)).text

    expected = 64 if path == PEOPLE else 61
    assert (len(seen), seen) == (expected, sorted(seen))
    assert counts == [3, 3]
    assert 'rel="prev"' not in again


async def test_a_person_is_added_with_what_was_typed_and_a_refusal_keeps_it(pages: Pages) -> None:
    typed: dict[str, Any] = {"name": "Mei   Lim", "parent": "yes", "language": "en", "ref": "P-9"}
    async with pages.browser(pages.there.coordinator) as browser:
        refused = await send(browser, f"{PEOPLE}/new", **typed, time_zone="Mars/Base")
        unclear = await send(browser, f"{PEOPLE}/new", **typed, time_zone="Tokio")
        added = await send(browser, f"{PEOPLE}/new", **typed, time_zone="tokyo")
        page = await browser.get(added.headers["Location"])

    assert refused.status_code == 409
    assert "There is no such time zone" in refused.text
    assert 'aria-describedby="time_zone-error"' in refused.text
    assert 'value="Mei   Lim"' in refused.text
    assert unclear.status_code == 409
    assert 'name="parent" value="yes" checked' in refused.text
    assert added.status_code == 303
    assert all(words in page.text for words in ("Mei Lim", "Parent", "not linked", "Asia/Tokyo"))


async def test_a_form_sent_twice_adds_one_person(pages: Pages) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        opened = (await browser.get(f"{PEOPLE}/new")).text
        form = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', opened))
        typed = form | {"name": "Mei Lim", "tutor": "yes"}
        for _ in range(2):
            answer = await browser.post(f"{PEOPLE}/new", data=typed)
            assert answer.status_code == 303

    with pages.database.reading() as session:
        assert len(session.exec(select(Person).where(Person.name == "Mei Lim")).all()) == 1


async def test_an_entry_is_changed_and_a_needed_role_stays(pages: Pages) -> None:
    grace, tutor = pages.there.grace, pages.there.tutor
    async with pages.browser(pages.there.coordinator) as browser:
        path = f"{PEOPLE}/{grace.id}/edit"
        shown = (await browser.get(path)).text
        assert 'value="Grace Lim"' in shown
        assert 'name="parent" value="yes" checked' in shown
        done = await send(browser, path, name="Grace Tan", parent="yes", tutor="yes")
        refused = await send(browser, path, name="Grace Ong", tutor="yes")
        other = await send(browser, f"{PEOPLE}/{tutor.id}/edit", name="", tutor="yes")

    assert done.status_code == 303
    assert refused.status_code == 409
    assert "They are linked to Emily Lim" in refused.text
    assert 'value="Grace Ong"' in refused.text
    assert "Please enter a name." in other.text
    assert (person(pages, grace.id).name, person(pages, grace.id).is_tutor) == ("Grace Tan", True)
    assert actions_about(pages, grace) == [Action.EDIT_PERSON]


async def test_all_that_is_wrong_with_an_entry_is_told_at_once(pages: Pages) -> None:
    there = pages.there
    async with pages.browser(there.coordinator) as browser:
        taken: dict[str, Any] = {"ref": "A-1"}
        await send(browser, f"{PEOPLE}/new", name="Mei Lim", parent="yes", **taken)
        new = await send(browser, f"{PEOPLE}/new", name="", time_zone="Mars/Base", **taken)
        path = f"{PEOPLE}/{there.grace.id}/edit"
        changed = await send(browser, path, name="", tutor="yes", time_zone="Mars/Base", **taken)
        kept = await send(browser, f"{PEOPLE}/new", name="Mei Lim", parent="yes", ref="A-2")
        await send(browser, f"{kept.headers['Location']}/edit", name="Mei", parent="yes", ref="A-2")
        await send(browser, f"{CHILDREN}/new", name="Ryan", **taken)
        child = f"{CHILDREN}/{there.student.id}/edit"
        children = [
            await send(browser, one, name="", address="x" * 2000, **taken)
            for one in (f"{CHILDREN}/new", child)
        ]

    for answer, fields in (
        (new, ["name", "ref", "roles", "time_zone"]),
        (changed, ["name", "ref", "roles", "time_zone"]),
        *((one, ["address", "name", "ref"]) for one in children),
    ):
        assert answer.status_code == 409
        assert sorted(re.findall(r'id="(\w+)-error"', answer.text)) == fields
    assert "They are linked to Emily Lim" in changed.text
    assert "Mei Lim" in changed.text
    assert person(pages, there.grace.id).name == "Grace Lim"
    assert person(pages, int(kept.headers["Location"].rpartition("/")[2])).name == "Mei"


async def test_a_child_is_added_to_a_parent_changed_and_unlinked(pages: Pages) -> None:
    there = pages.there
    async with pages.browser(there.coordinator) as browser:
        new = f"{CHILDREN}/new?guardian={there.grace.id}"
        added = await send(browser, f"{CHILDREN}/new", on=new, name="Ryan", address="1 Orchard")
        path = added.headers["Location"]
        changed = await send(browser, f"{path}/edit", name="Ryan Lim", address="2 Orchard")
        page = (await browser.get(path)).text
        guardians = f"{path}/guardians"
        found = (await browser.get(f"{guardians}?q=daniel")).text
        linked = await send(
            browser, guardians, on=f"{guardians}?q=daniel", guardian=str(there.daniel.id)
        )
        unlinked_one = await send(
            browser, f"{path}/unlink", on=f"{path}/unlink?guardian={there.grace.id}"
        )
        empty = await send(browser, f"{CHILDREN}/new", name=" ")

    assert (added.status_code, changed.status_code) == (303, 303)
    assert all(words in page for words in ("Ryan Lim", "2 Orchard", "Grace Lim"))
    assert names_in(found) == ["Daniel Lim"]
    assert (linked.status_code, unlinked_one.status_code) == (303, 303)
    assert (empty.status_code, "Please enter a name." in empty.text) == (409, True)
    student_id = int(path.rpartition("/")[2])
    with pages.database.reading() as session:
        rows = session.exec(
            select(Guardianship.person_id).where(Guardianship.student_id == student_id)
        ).all()
        assert rows == [there.daniel.id]


async def test_a_parent_is_unlinked_only_after_a_question_that_says_what_it_means(
    pages: Pages,
) -> None:
    there = pages.there
    path = f"{CHILDREN}/{there.student.id}"
    question = f"{path}/unlink?guardian={there.grace.id}"
    async with pages.browser(there.coordinator) as browser:
        page = (await browser.get(path)).text
        asked = (await browser.get(question)).text
        still = names_in((await browser.get(path)).text)
        stranger = await browser.get(f"{path}/unlink?guardian={there.tutor.id}")
        done = await send(browser, f"{path}/unlink", on=question)
        gone = await browser.get(question)

    assert f'href="{question}"' in page
    assert f'action="{path}/unlink"' not in page
    assert "<h1>Unlink Grace Lim from Emily Lim?</h1>" in asked
    assert "Still linked to Emily Lim: Daniel Lim" in asked
    assert still == ["Daniel Lim", "Grace Lim"]
    assert (stranger.status_code, done.status_code, gone.status_code) == (404, 303, 404)


async def test_a_coordinator_cannot_take_the_role_from_herself(pages: Pages) -> None:
    priya = pages.there.coordinator
    with pages.database.unit_of_work() as session:
        builders.coordinator(session, name="Ben Ho")
    async with pages.browser(priya) as browser:
        path = f"{PEOPLE}/{priya.id}/edit"
        refused = await send(browser, path, name="Priya Nair", coordinator="", parent="yes")

    assert refused.status_code == 409
    assert "You cannot take this role from yourself." in refused.text
    assert 'id="roles-error"' in refused.text
    assert person(pages, priya.id).is_coordinator


async def test_the_last_parent_of_a_child_with_open_sessions_stays(pages: Pages) -> None:
    there = pages.there
    path = f"{CHILDREN}/{there.student.id}"
    async with pages.browser(there.coordinator) as browser:
        await send(browser, f"{path}/unlink", on=f"{path}/unlink?guardian={there.grace.id}")
        refused = await send(
            browser, f"{path}/unlink", on=f"{path}/unlink?guardian={there.daniel.id}"
        )

    assert refused.status_code == 409
    assert "Link another parent first." in refused.text
    assert 'id="guardian-error"' in refused.text


async def test_a_child_is_linked_from_its_parents_page(pages: Pages) -> None:
    mei = unlinked(pages)
    path = f"{PEOPLE}/{mei.id}/children"
    async with pages.browser(pages.there.coordinator) as browser:
        assert names_in((await browser.get(f"{path}?q=emi")).text) == ["Emily Lim"]
        done = await send(browser, path, on=f"{path}?q=emi", child=str(pages.there.student.id))
        page = (await browser.get(done.headers["Location"])).text

    assert "Emily Lim" in page
    assert actions_about(pages, mei) == [Action.ADD_GUARDIAN]


async def test_an_invitation_is_shown_once_with_a_code_to_scan(pages: Pages) -> None:
    pages.options["invitations"] = [lambda token: address("tutor_bot", UseInvitation(token))]
    mei = unlinked(pages)
    path = f"{PEOPLE}/{mei.id}"
    async with pages.browser(pages.there.coordinator) as browser:
        made = await send(browser, f"{path}/invite", on=path)
        form = dict(re.findall(r'name="(csrf|form)" value="([^"]*)"', made.text))
        later = await browser.get(path)

    link = re.search(r'id="made-link">(https://t.me/tutor_bot\?start=([\w-]{22}))<', made.text)
    assert link, made.text
    assert '<svg width="' in made.text
    assert "style=" not in made.text
    assert form
    assert link[2] not in later.text
    assert "There is an invitation that nobody has opened." in later.text
    carry_out(pages.database, accounts.accept_invitation, link[2], 9_111, "en", NOW)
    assert person(pages, mei.id).telegram_user_id == 9_111


async def test_the_same_form_again_shows_no_link_and_makes_none(pages: Pages) -> None:
    mei = unlinked(pages)
    path = f"{PEOPLE}/{mei.id}"
    async with pages.browser(pages.there.coordinator) as browser:
        opened = (await browser.get(path)).text
        form = dict(re.findall(r'name="(csrf|form)" value="([^"]*)"', opened))
        first = await browser.post(f"{path}/web-link", data=form)
        again = await browser.post(f"{path}/web-link", data=form)

    assert "/sign-in/" in first.text
    assert "/sign-in/" not in again.text
    assert "A link is shown once" in again.text
    assert actions_about(pages, mei) == [Action.INVITE_BY_WEB]


async def test_a_web_link_signs_a_parent_in_who_is_then_by_web_only(pages: Pages) -> None:
    mei = unlinked(pages)
    with pages.database.unit_of_work() as session:
        session.add(Guardianship(person_id=mei.id, student_id=pages.there.student.id))
    path = f"{PEOPLE}/{mei.id}"
    async with pages.browser(pages.there.coordinator) as browser:
        made = await send(browser, f"{path}/web-link", on=path)
        link = re.search(r'id="made-link">https://pages.example(/sign-in/[\w-]+)<', made.text)
        assert link, made.text
        before = every_row(pages.database)
        async with pages.browser() as preview:
            assert (await preview.get(link[1])).status_code == 200
        assert every_row(pages.database) == before
        agent = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
        async with pages.browser(None, **{"User-Agent": agent}) as phone:
            signed_in = await press(phone, link[1])
            awaiting = await phone.get("/family")
            acknowledged = await send(
                phone, f"/sessions/{pages.there.id}/acknowledge", on="/family"
            )
            devices = await phone.get("/devices")
        page = (await browser.get(path)).text

    assert "max-age=15552000" in signed_in.headers["Set-Cookie"].lower()
    assert "Emily" in awaiting.text
    assert acknowledged.status_code == 303
    assert "Firefox on Windows" in devices.text
    assert "by web only" in page
    assert "Firefox on Windows" in page


async def test_a_replayed_or_revoked_web_link_opens_nothing(pages: Pages) -> None:
    mei = unlinked(pages)
    path = f"{PEOPLE}/{mei.id}"
    async with pages.browser(pages.there.coordinator) as browser, pages.browser() as other:
        links = []
        for _ in range(2):
            made = await send(browser, f"{path}/web-link", on=path)
            links.append(re.findall(r'id="made-link">https://pages.example([^<]+)<', made.text)[0])
        replaced = await other.get(links[0])
        await send(browser, f"{path}/revoke", on=path, way="web")
        revoked = await other.get(links[1])
        pressed = await other.post(links[1], data={"page": "x"})
        made = await send(browser, f"{path}/web-link", on=path)
        used = re.findall(r'id="made-link">https://pages.example([^<]+)<', made.text)[0]
        async with pages.browser() as phone:
            await press(phone, used)
        replayed = await other.post(used, data={"page": "x"})

    assert [one.status_code for one in (replaced, revoked, pressed, replayed)] == [410] * 4
    assert "ask your agency for a new link" in revoked.text
    assert not other.cookies


async def test_who_uses_telegram_is_offered_to_move_and_no_web_link(pages: Pages) -> None:
    grace = pages.there.grace
    path = f"{PEOPLE}/{grace.id}"
    async with pages.browser(pages.there.coordinator) as browser:
        page = (await browser.get(path)).text
        forced = await send(browser, f"{path}/web-link", on=path)

    assert "Move to another account" in page
    assert "The old account loses access at once" in page
    assert f'action="{path}/web-link"' not in page
    assert forced.status_code == 409
    assert "Grace Lim uses Telegram" in forced.text


async def test_a_coordinator_ends_a_persons_sessions_and_the_cookie_stops_at_once(
    pages: Pages,
) -> None:
    grace = pages.there.grace
    path = f"{PEOPLE}/{grace.id}"
    async with (
        pages.browser(pages.there.coordinator) as browser,
        pages.browser(grace) as phone,
        pages.browser(grace) as tablet,
    ):
        listed = (await browser.get(path)).text
        numbers = re.findall(r'name="device" value="(\d+)"', listed)
        assert len(numbers) == 2
        await send(browser, f"{path}/devices", on=path, device=numbers[-1])
        assert (await phone.get("/family")).status_code == 401
        assert (await tablet.get("/family")).status_code == 200
        await send(browser, f"{path}/devices", on=path, device="")
        assert (await tablet.get("/family")).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        f"{PEOPLE}/9999",
        f"{PEOPLE}/x",
        f"{PEOPLE}/9999/edit",
        f"{PEOPLE}/9999/children",
        f"{CHILDREN}/9999",
        f"{CHILDREN}/9999/edit",
        f"{CHILDREN}/9999/guardians",
    ],
)
async def test_who_is_not_there_is_not_found(pages: Pages, path: str) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        assert (await browser.get(path)).status_code == 404


async def test_forms_without_the_token_of_the_browser_do_nothing(pages: Pages) -> None:
    mei = unlinked(pages)
    path = f"{PEOPLE}/{mei.id}"
    before = every_row(pages.database)
    acts = ("invite", "web-link", "revoke", "devices", "see-as", "edit", "children")
    async with pages.browser(pages.there.coordinator) as browser:
        for act in acts:
            for forged in ({}, {"csrf": SIGN_IN.form_token("another")}):
                answer = await browser.post(f"{path}/{act}", data=forged)
                assert answer.status_code == 403, act

    after = every_row(pages.database)
    for name in ("person", "invitation", "sign_in_link", "guardianship"):
        assert len(after[name]) - len(before[name]) == (1 if name == "sign_in_link" else 0)


async def test_reading_the_pages_writes_nothing_and_costs_the_same(
    pages: Pages, hops: list[str]
) -> None:
    there = pages.there
    paths = [f"{PEOPLE}/{there.grace.id}", f"{CHILDREN}/{there.student.id}", f"{PEOPLE}/new"]
    async with pages.browser(there.coordinator) as browser:
        before = every_row(pages.database)
        costs = []
        for path in paths:
            hops.clear()
            with statements() as executed:
                assert (await browser.get(path)).status_code == 200
            assert hops == ["read"]
            costs.append(len(executed))
        assert every_row(pages.database) == before

    assert costs[0] <= 6
    assert costs[1] <= 3
    assert costs[2] == 1


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("lim", ["Daniel Lim", "Grace Lim", "Emily Lim"]),
        ("#1", []),
        ("1", []),
        ("", []),
        ("99999999999999", []),
    ],
)
async def test_anybody_and_anything_is_found(pages: Pages, search: str, found: list[str]) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await browser.get("/admin/find", params={"q": search})

    assert (answer.status_code, names_in(answer.text)) == (200, found)
    assert ("/sessions/1" in answer.text) is (search in {"1", "#1"})


async def test_a_child_of_a_parent_who_is_not_there_is_not_added(
    pages: Pages,
) -> None:
    async with pages.browser(pages.there.coordinator) as browser:
        answer = await send(browser, f"{CHILDREN}/new", name="Ryan", guardian="9999")

    assert answer.status_code == 404
    with pages.database.reading() as session:
        assert len(session.exec(select(Student)).all()) == 1


async def test_who_was_erased_is_listed_nowhere(pages: Pages) -> None:
    mei = unlinked(pages)
    with pages.database.unit_of_work() as session:
        child = builders.student(session, [mei], name="Ryan Ong")
        erase_child(session, f"#{child.id}", NOW)
        erase_person(session, f"#{mei.id}", NOW)
    async with pages.browser(pages.there.coordinator) as browser:
        for path in (PEOPLE, CHILDREN, f"{PEOPLE}?q=erased", "/admin/find?q=erased"):
            assert "(erased)" not in names_in((await browser.get(path)).text), path
        for path in (f"{PEOPLE}/{mei.id}", f"{PEOPLE}/{mei.id}/edit", f"{CHILDREN}/{child.id}"):
            assert (await browser.get(path)).status_code == 404, path


async def test_every_link_of_their_pages_leads_somewhere(pages: Pages) -> None:
    there = pages.there
    async with pages.browser(there.coordinator) as browser:
        for path in (f"{PEOPLE}/{there.grace.id}", f"{CHILDREN}/{there.student.id}", "/admin/log"):
            text = (await browser.get(path)).text
            main = text[text.index("<main") :]
            links = set(re.findall(r'href="(/[^"]+)"', main))
            assert links
            for link in links:
                answer = await browser.get(link.replace("&amp;", "&"))
                assert answer.status_code == 200, link
