"""Commands of home visits: record that children were visited, take back what was wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.home_visit import HomeVisit, HomeVisitToNobody, UnknownHomeVisit, Visit
from domain.learner import Learner
from domain.transfer import ChildNotHere
from ledger.custody import refuse_own_children
from ledger.ledger import Ledger

# Each child, and the adults who are enrolled through it: the roster names them.
Families = Mapping[UUID, Iterable[UUID]]


class HomeVisits:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def record(self, visit: Visit, families: Families, by: Envelope) -> int:
        """Record that all these children were visited, or none; the same again is no news.

        Raises HomeVisitToNobody, HomeVisitInFuture, HomeVisitOfOtherYear, OwnCase, ChildNotHere,
        HomeVisitCounted.
        """
        if not families:
            raise HomeVisitToNobody
        visit.must_fit(local_day(by.at, CITY_ZONE))

        def decide() -> list[LedgerAggregate]:
            refuse_own_children(self._ledger, by, families)
            self._refuse_absent(visit, families)
            return self._recorded(visit, families, by)

        return self._ledger.commit(by.command_id, decide)

    def withdraw(self, visit_id: UUID, by: Envelope) -> int:
        """Take back what was entered in error, also by a colleague; it stays in the history.

        Raises UnknownHomeVisit, OwnCase.
        """

        def decide() -> list[LedgerAggregate]:
            visit = self._ledger.get(HomeVisit, visit_id, UnknownHomeVisit)
            refuse_own_children(self._ledger, by, [visit.child_id])
            visit.withdraw(by)
            return [visit]

        return self._ledger.commit(by.command_id, decide)

    def _refuse_absent(self, visit: Visit, families: Families) -> None:
        """Raises ChildNotHere for a child without a place at the school on the day."""
        here, on = (visit.school_code, visit.school_year), visit.placed_on
        found = self._ledger.load({adult for adults in families.values() for adult in adults})
        learners = [each for each in found.values() if isinstance(each, Learner)]
        for child_id in families:
            if not any(
                (child_id in each.guardianships or each.guardianships.held(child_id, on))
                and each.enrolments.holds(child_id, *here, on)
                for each in learners
            ):
                raise ChildNotHere

    def _recorded(
        self, visit: Visit, child_ids: Iterable[UUID], by: Envelope
    ) -> list[LedgerAggregate]:
        told = (visit.on, visit.form, visit.way)
        keys = {each: HomeVisit.create_id(visit.school_code, each, *told) for each in child_ids}
        known = self._ledger.load(keys.values())
        visits: list[LedgerAggregate] = []
        for child_id, key in keys.items():
            found = known.get(key)
            if isinstance(found, HomeVisit):
                found.record_again(visit.school_year, by)
            else:
                found = HomeVisit(
                    school_code=visit.school_code, school_year=visit.school_year,
                    child_id=child_id, on=visit.on, form=visit.form, way=visit.way, envelope=by,
                )  # fmt: skip
            visits.append(found)
        return visits
