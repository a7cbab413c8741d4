"""Saving matches, packages and holidays, through their use cases (SPEC 7)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import col, select

from models import Appointment, Match, MatchSlot, Person, Student
from models.enums import Action, Kind, Origin, Role
from services.closures.holidays import Day, make_known
from services.db import Session
from services.imports.own_refs import stands_in
from services.imports.record_rows import Document, HolidayRow, MatchRow, PackageRow
from services.imports.sources import Table
from services.lifecycle.actors import Actor
from services.lifecycle.status import record
from services.matches.offers import Terms, make_match
from services.packages.purchases import Purchase, add_package
from services.queries.matches import agreed_with
from services.rules.agency import Agency


@dataclass(frozen=True)
class RecordSaver:
    """Writes records that name people and children, which are saved before."""

    session: Session
    agency: Agency
    actor: Actor
    people: Mapping[str, Person]
    students: Mapping[str, Student]

    def save_holidays(self, rows: Iterable[HolidayRow]) -> None:
        """Write dates on which no new sessions are made."""
        make_known(self.session, [Day(row.date, row.name) for row in rows])

    def save_matches(self, rows: Iterable[MatchRow]) -> None:
        """Make matches; the parents are asked, or, where they have agreed, sessions are made.

        Sessions of the match that were imported with it stand for their days already.
        """
        for row in rows:
            terms = Terms(
                tutor_id=self.people[row.tutor_ref].id,
                student_id=self.students[row.student_ref].id,
                subject=row.subject,
                times=row.times,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                kind=row.kind,
                price=row.price,
                pay=row.pay,
                price_unit=row.price_unit,
                ref=row.ref,
            )
            made = make_match(
                self.session,
                self.actor,
                terms,
                self.agency,
                is_agreed=row.is_accepted,
                before_booking=self._adopting(row.ref),
            )
            document = row.document(self.agency.currency)
            self._record(Table.MATCHES, document, match_id=made.match.id)

    def price_extra_sessions(self) -> None:
        """Give extra sessions that were imported now what the tutor's match with the child says."""
        found = self.session.exec(
            select(Appointment).where(
                Appointment.kind == Kind.ADHOC,
                Appointment.origin == Origin.NATIVE,
                Appointment.created_at == self.actor.now,
                col(Appointment.price_unit).is_(None),
            )
        )
        for one in found.all():
            agreed = agreed_with(self.session, one.tutor_id, one.student_id)
            one.price, one.pay, one.price_unit = agreed.price, agreed.pay, agreed.price_unit
        self.session.flush()

    def save_packages(self, rows: Iterable[PackageRow]) -> None:
        """Record packages that families have bought; each takes up what is owed."""
        for row in rows:
            purchase = Purchase(
                student_id=self.students[row.student_ref].id,
                sessions_total=row.sessions_total,
                starts_on=row.starts_on,
                expires_on=row.expires_on,
                price=row.price,
                ref=row.ref,
            )
            package = add_package(self.session, purchase, self.agency, self.actor)
            document = row.document(self.agency.currency)
            self._record(Table.PACKAGES, document, package_id=package.id)

    def _adopting(self, ref: str) -> Callable[[Match, list[MatchSlot]], None]:
        """Give what lets imported sessions stand for the days that their refs tell."""

        def adopt(match: Match, slots: list[MatchSlot]) -> None:
            found = self.session.exec(
                select(Appointment)
                .where(
                    col(Appointment.ref).startswith(f"{ref}~", autoescape=True),
                    Appointment.tutor_id == match.tutor_id,
                    Appointment.student_id == match.student_id,
                    col(Appointment.match_id).is_(None),
                )
                .order_by(col(Appointment.id))
            )
            taken = set()
            for one in found.all():
                stands = stands_in(one.ref or "")
                if stands is None or stands.match_ref != ref:
                    continue
                one.match_id = match.id
                if one.origin is Origin.NATIVE:
                    one.price, one.pay, one.price_unit = match.price, match.pay, match.price_unit
                about = (stands.slot, stands.day)
                if 1 <= stands.slot <= len(slots) and about not in taken:
                    taken.add(about)
                    one.match_slot_id, one.match_day = slots[stands.slot - 1].id, stands.day
            self.session.flush()

        return adopt

    def _record(self, table: Table, document: Document, **ids: int) -> None:
        details = {"table": table.value, "row": document, **ids}
        record(self.session, Action.IMPORT, Role.COORDINATOR, self.actor, details=details)
