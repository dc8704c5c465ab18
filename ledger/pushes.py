"""Commands of a push: send one to some grades, and count a right answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.learner import Learner, UnknownLearner
from domain.micro_class import Question
from domain.planning import must_be_of_one_stage
from domain.push import PushItem, PushPlan, PushRecord, UnknownPush, WithdrawnBecause
from domain.rulebook import Rulebook
from domain.session_refusals import NotInvited
from ledger.ledger import Ledger
from ledger.records import records_of
from ledger.registry import Registry
from ledger.rulebooks import Rulebooks
from ledger.streams import Streams
from ledger.unmoved import of_day


@dataclass(frozen=True)
class NewPush:
    """A push as a school hands it in."""

    school_code: str
    title: str
    link: str
    family: str
    stage: str
    carrier: str
    grades: tuple[str, ...]
    question: Question


class Pushes:
    def __init__(self, ledger: Ledger, registry: Registry, rulebooks: Rulebooks) -> None:
        self._ledger = ledger
        self._registry = registry
        self._rulebooks = rulebooks

    def publish(self, new: NewPush, by: Envelope) -> UUID:
        """Send an item in the running term; the same again is no news and has the same id.

        Raises UnknownSchool, what `must_be_of_one_stage` does, DayOutsideTerms,
        QuestionUnanswerable, PublishedOtherwise.
        """
        school = self._registry.school(new.school_code)
        must_be_of_one_stage(new.stage, new.grades, school.stages)
        term = self._registry.term_on(local_day(by.at, CITY_ZONE))
        plan = PushPlan(
            **vars(new),
            district_code=school.district_code,
            school_year=term.school_year,
            term_no=term.term_no,
        )
        key = PushItem.create_id(new.school_code, plan.term, new.title)

        def decide() -> list[LedgerAggregate]:
            there = self._ledger.find(PushItem, key)
            if there is not None:
                there.publish_again(plan)
                return []
            return [PushItem.publish(plan, by)]

        self._ledger.commit(by.command_id, decide)
        return key

    def get(self, item_id: UUID) -> PushItem:
        """One that is sent. Raises UnknownPush."""
        found = self._ledger.get(PushItem, item_id, UnknownPush)
        if found.is_withdrawn:
            raise UnknownPush(id=item_id)
        return found

    def withdraw(self, item_id: UUID, because: WithdrawnBecause, by: Envelope) -> int:
        """Send it to nobody any more; right answers given count. Raises UnknownPush."""

        def decide() -> list[LedgerAggregate]:
            found = self._ledger.get(PushItem, item_id, UnknownPush)
            found.withdraw(because, by)
            return [found]

        return self._ledger.commit(by.command_id, decide)

    def offer_again(self, item_id: UUID, by: Envelope) -> int:
        """Send what was withdrawn, as it was. Raises UnknownPush, DayOutsideTerms, PushOver."""
        running = self._registry.term_on(local_day(by.at, CITY_ZONE)).code

        def decide() -> list[LedgerAggregate]:
            found = self._ledger.get(PushItem, item_id, UnknownPush)
            found.offer_again(running, by)
            return [found]

        return self._ledger.commit(by.command_id, decide)

    def sent_to(self, item_id: UUID, learner_id: UUID) -> PushItem:
        """An item for a learner of its grades. Raises UnknownPush, UnknownLearner, NotInvited."""
        item = self.get(item_id)
        learner = self._ledger.get(Learner, learner_id, UnknownLearner)
        plan = item.plan
        places = learner.enrolments_at(plan.school_code, plan.school_year)
        if not any(not plan.grades or place.grade in plan.grades for place in places):
            raise NotInvited
        return item

    def has_answered(self, item: PushItem, learner_id: UUID) -> bool:
        """Whether a person answered it right, under whichever of their records."""
        return any(item.id in each.items for each in self._records(item.plan.term, learner_id))

    def rules_for(self, learner_id: UUID, term: str, day: date) -> Rulebook:
        """The rules that a person's right answers count by: those of their first one in the term.

        Raises NoRulebookInForce.
        """
        own = self._ledger.find(PushRecord, PushRecord.create_id(learner_id, term))
        version = own.rulebook_version if own else None
        return self._rulebooks.version(version) if version else self._rulebooks.on(day)

    def _records(self, term: str, learner_id: UUID) -> list[PushRecord]:
        """What a person answered right in a term, for each of their records that did."""
        records = records_of(self._ledger, learner_id)
        found = self._ledger.load(PushRecord.create_id(each, term) for each in records)
        return Streams(found).all(PushRecord)

    def answer(self, item_id: UUID, learner_id: UUID, choice: int, by: Envelope) -> int:
        """Count a right answer, once a person, under the record that answers.

        Not under another one of theirs: a merge may be undone.
        Raises UnknownPush, NotInvited, DayOutsideTerms, PushOver, AnswerNotRight.
        """
        day = local_day(by.at, CITY_ZONE)

        def decide() -> list[LedgerAggregate]:
            running = self._registry.term_on(day).code
            item = self.sent_to(item_id, learner_id)
            there = self._records(item.plan.term, learner_id)
            if any(item.id in each.items for each in there):
                return []
            own = (each for each in there if each.learner_id == learner_id)
            record = next(own, None) or PushRecord(
                learner_id=learner_id,
                term=item.plan.term,
                envelope=by.under(self._rulebooks.on(day).version),
            )
            record.answer(item, choice, running, by)
            return [record]

        return self._ledger.commit(by.command_id, decide, of_day(day))
