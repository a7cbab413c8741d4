"""What a coordinator's search by name found (SPEC 9; UX 16)."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from chat import callbacks, keyboards
from chat.cards.screens import ROOM, length_of, session_label
from chat.cards.session import headline_in_list, status_line, turns_over
from chat.screen import Screen
from locales.packages import named_lines
from locales.people_words import way_in
from locales.reader import Reader
from locales.wording import role_label
from models import Person, Student
from models.enums import Role
from services.queries.found_people import Found, FoundStudent
from services.queries.packages import PackageView

FOUND = 10
"""The most people, children and sessions that one answer shows of each."""
PACKAGES = 2
"""The most packages of a child: newest first."""


def ask_screen(reader: Reader) -> Screen:
    """The question for a name; in a private chat the next message may be it."""
    return Screen(reader.text("Send /find with a name or part of it, like <i>/find tan</i>."))


def found_screen(
    reader: Reader, found: Found, name: str, packages: Mapping[int, Sequence[PackageView]]
) -> Screen:
    """People with their roles, children with their parents and `packages`, and a button for each
    session.
    """
    if found.alike:
        told = reader.text(
            "There is nobody called “{name}” here. Do you mean one of these?", name=name
        )
        return Screen(told, keyboards.one_a_row(*map(_find, found.alike)))
    if not (found.people or found.students):
        return Screen(
            reader.text(
                "There is nobody called “{name}” here. Send /find with another part of the name.",
                name=name,
            )
        )
    blocks = []
    if found.people:
        lines = [person_line(reader, one) for one in found.people[:FOUND]]
        blocks.append(Markup("\n").join([reader.text("<b>People</b>"), *lines]))
    if found.students:
        lines = []
        for one in found.students[:FOUND]:
            left = named_lines(reader, packages.get(one.student.id, ())[:PACKAGES])
            lines += [_student_line(reader, one), *map(escape, left)]
        blocks.append(Markup("\n").join([reader.text("<b>Children</b>"), *lines]))
    last = _more(reader, found)
    room = ROOM - sum(map(length_of, blocks)) - (length_of(last) if last else 0)
    buttons = []
    blocks.append(
        reader.text("<b>Sessions since two weeks ago, the nearest first</b>")
        if found.sessions
        else reader.text("No session in the last two weeks, and none to come.")
    )
    for view in found.sessions[:FOUND]:
        state = status_line(reader, view, Role.COORDINATOR)
        block = Markup("\n").join([*headline_in_list(reader, view, Role.COORDINATOR), state])
        room -= length_of(block)
        if room < 0:
            break
        blocks.append(block)
        label = session_label(reader, view)
        buttons.append(keyboards.button(label, callbacks.ShowSession(view.id)))
    text = Markup("\n\n").join([*blocks, *([last] if last else [])])
    turns = (turns_over(reader, view, Role.COORDINATOR) for view in found.sessions[:FOUND])
    true_until = min((at for at in turns if at is not None), default=None)
    return Screen(text, keyboards.one_a_row(*buttons), true_until)


def _more(reader: Reader, found: Found) -> Markup | None:
    """The way to what is not shown: a longer name tells people apart, not one child's sessions."""
    if any(len(one) > FOUND for one in (found.people, found.students)):
        return reader.text("There are more. Send /find with more of the name.")
    if len(found.sessions) > FOUND:
        return reader.text("There are more sessions: /web shows all of them, under Sessions.")
    return None


def _find(one: Person | Student) -> keyboards.InlineButton:
    if isinstance(one, Student):
        return keyboards.button(one.name, callbacks.FindStudent(one.id))
    return keyboards.button(one.name, callbacks.FindPerson(one.id))


def person_line(reader: Reader, person: Person) -> Markup:
    """A person with their roles, and whether messages reach them."""
    known = [role_label(reader, role) for role in Role if role in person.roles]
    return Markup("{} ({})").format(person.name, reader.listed([*known, way_in(reader, person)]))


def _student_line(reader: Reader, one: FoundStudent) -> Markup:
    if not one.parents:
        return reader.text("{student}: no parent yet", student=one.student.name)
    return reader.text(
        "{student}: {parents}",
        student=one.student.name,
        parents=reader.listed(parent.name for parent in one.parents),
    )
