"""Evaluating a learner: the record that an evaluation looks at, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, last_day_of, local_day, whole_terms_since
from domain.closing import YearClosing
from domain.completing import Completions, LearningRecord, PassedExam, StageEnrolment
from domain.envelope import Actor, Channel, Envelope, Role
from domain.evaluation import Evaluation
from domain.exam import ExamRecord
from domain.grades import Stage, grade_called, is_last_grade
from domain.identity import derived
from domain.judging import RulesOfDay
from domain.learner import Enrolment, Learner
from domain.rulebook import Rulebook
from domain.rulebook_refusals import NoRulebookInForce
from domain.stars import terms_remaining
from domain.term import SchoolTerm
from ledger.registry import dates_of
from ledger.rulebooks import RulesOn
from ledger.streams import Streams

RulesOf = Callable[[date, str], Rulebook]  # the rules of a day in a school


def evaluated(
    streams: Streams,
    learner: Learner,
    stage: str,
    school_years: Iterable[int],
    rules_on: RulesOn,
    command: Envelope,
) -> Evaluation:
    """A learner's evaluation in a stage, with what follows now."""
    case = case_of(streams, learner, stage, school_years, rules_on, command)
    case.evaluation.evaluate(case.record, case.rules, case.by)
    return case.evaluation


def evaluated_after(
    streams: Streams,
    learner: Learner,
    stage: str,
    school_year: int,
    rules_on: RulesOn,
    command: Envelope,
) -> list[Evaluation]:
    """The evaluations of a learner with hours of a stage in a school year.

    A year's hours complete it in every stage that they had a child in then. They count for the star
    of their own stage, if there ever was a child in it.
    """
    found: list[Evaluation] = []
    for each in sorted({place.stage for place in learner.enrolments.values()}):
        years = learner.years_enrolled(each) & {school_year}
        if years or each == stage:
            found.append(evaluated(streams, learner, each, years, rules_on, command))
    return found


def year_closed(
    streams: Streams, learner: Learner, school_year: int, rules_on: RulesOn, command: Envelope
) -> list[LedgerAggregate]:
    """The evaluations of a closed school year in each stage of a learner, recorded in any case."""
    places = learner.enrolments.values()
    found: list[LedgerAggregate] = []
    for stage in sorted({each.stage for each in places if each.school_year == school_year}):
        case = case_of(streams, learner, stage, [school_year], rules_on, command)
        rulebook = case.rules.years[school_year]
        case.evaluation.evaluate_on_request(case.record, case.rules, case.by)
        case.evaluation.close_year(case.record, rulebook, school_year, case.by)
        found.append(case.evaluation)
    return found


@dataclass(frozen=True, slots=True)
class Case:
    """One learner's evaluation in a stage, what it looks at, and by which rules."""

    evaluation: Evaluation
    record: LearningRecord
    rules: RulesOfDay
    by: Envelope


def case_of(
    streams: Streams,
    learner: Learner,
    stage: str,
    school_years: Iterable[int],
    rules_on: RulesOn,
    command: Envelope,
) -> Case:
    """The record is read as it is now, whatever moment is asked about.

    Later facts are not judged by its rules, and what follows from them is not dated before them.
    """
    key = Evaluation.create_id(learner.id, stage)
    at = max(command.at, latest_of(streams, learner.id, key))
    by = command.model_copy(update={"occurred_at": at})
    evaluation = streams.get(Evaluation, key) or Evaluation(
        learner_id=learner.id, stage=stage, envelope=by
    )
    streams.put(evaluation)
    day = local_day(at, CITY_ZONE)
    schools = {year: school_of(learner, stage, year) for year in school_years}
    today = rules_on(day, school_of(learner, stage))
    merged = tuple(completed_by_others(streams, learner, stage))
    rules = replace(
        rules_of_day(day, today, schools, rules_on),
        then=reached_under((evaluation.completions, *merged), rules_on),
        ends=rules_of_day(day, today, finished_in(streams, learner, stage), rules_on).years,
    )
    record = record_of(streams, learner, stage, today, day)
    return Case(evaluation, replace(record, merged=merged), rules, by)


def reached_under(completed: Iterable[Completions], rules_on: RulesOn) -> dict[str, Rulebook]:
    """The rules, by version, under which something was completed before."""
    versions = {each.rulebook_version for own in completed for each in own.values()} - {""}
    return {each: rules_on.named(each) for each in versions}


def completed_by_others(streams: Streams, learner: Learner, stage: str) -> Iterator[Completions]:
    """What each record that was merged into a learner's had completed in a stage."""
    for other in sorted(learner.merged_ids):
        found = streams.get(Evaluation, Evaluation.create_id(other, stage))
        if found is not None:
            yield found.completions


def rules_of_day(
    day: date, today: Rulebook, schools: Mapping[int, str], rules_on: RulesOf
) -> RulesOfDay:
    """Later rules never reach back: a school year is judged by those of its last day.

    They are those of the school in that year. A year before the installation's first rulebook is
    judged by today's.
    """

    def rules_of(school_year: int) -> Rulebook:
        last = last_day_of(school_year, today.calendar.school_year_begins)
        try:
            return rules_on(min(last, day), schools[school_year])
        except NoRulebookInForce:
            return today

    return RulesOfDay(day, today, {year: rules_of(year) for year in schools})


def evaluated_everywhere(
    streams: Streams, learner: Learner, rules_on: RulesOn, command: Envelope
) -> list[LedgerAggregate]:
    """A learner's evaluations in every stage and school year they were enrolled in.

    What was completed through places that another person took back is judged, too.
    """
    found: list[LedgerAggregate] = []
    for stage in sorted(Stage):
        known = streams.get(Evaluation, Evaluation.create_id(learner.id, stage))
        years = learner.years_enrolled(stage) | (
            known.completed_years if known else frozenset[int]()
        )
        if years:
            judged = evaluated(streams, learner, stage.value, sorted(years), rules_on, command)
            found.append(judged)
    return found


def record_of(
    streams: Streams, learner: Learner, stage: str, rulebook: Rulebook, day: date
) -> LearningRecord:
    """All that an evaluation looks at on a day, of one learner in one stage."""
    account = streams.get(Account, Account.create_id(learner.id))
    passed = sorted(set[tuple[UUID, int]]().union(*(r.passed for r in exams_of(streams, learner))))
    return LearningRecord(
        credits=account.standing if account else (),
        exams_passed=tuple(PassedExam(exam_id=e, school_year=year) for e, year in passed),
        enrolment=StageEnrolment(
            stage,
            tuple(sorted(learner.years_enrolled(stage))),
            terms_remaining_at_entry=terms_ahead(learner, stage, rulebook),
            finished=tuple(sorted(finished_in(streams, learner, stage))),
        ),
        held=frozenset(account.held) if account else frozenset(),
        offered=offers_to(streams, learner),
        terms_since_fraud=terms_since_fraud(streams, learner, day),
    )


def terms_since_fraud(streams: Streams, learner: Learner, day: date) -> int | None:
    """The whole announced terms since fraud was last confirmed of a person; None: it never was."""
    keys = (Account.create_id(each) for each in streams.records_of(learner.id))
    accounts = (streams.get(Account, key) for key in keys)
    confirmed = [at for account in accounts if account and (at := account.frauds.latest)]
    if not confirmed:
        return None
    terms = map(dates_of, streams.all(SchoolTerm))
    return whole_terms_since(local_day(max(confirmed), CITY_ZONE), day, terms)


def offers_to(streams: Streams, learner: Learner) -> dict[int, int]:
    """The hours offered to a learner in each school year that all of their schools have closed.

    Of several places the largest offer counts: they could have gone to any of it. A grade that a
    closing does not name was offered nothing.
    """
    offers: dict[int, list[int | None]] = {}
    for place in learner.enrolments.values():
        closing = closing_of(streams, place)
        offer = closing.offered.get(place.grade, 0) if closing else None
        offers.setdefault(place.school_year, []).append(offer)
    return {
        year: max(known)
        for year, made in offers.items()
        if len(known := [offer for offer in made if offer is not None]) == len(made)
    }


def finished_in(streams: Streams, learner: Learner, stage: str) -> dict[int, str]:
    """The closed school years with a child of the learner in the stage's last grade, and where."""
    return {
        place.school_year: place.school_code
        for place in learner.enrolments.values()
        if place.stage == stage
        and is_last_grade(place.grade, stage)
        and closing_of(streams, place) is not None
    }


def closing_of(streams: Streams, place: Enrolment) -> YearClosing | None:
    return streams.get(YearClosing, YearClosing.create_id(place.school_code, place.school_year))


def school_of(learner: Learner, stage: str, until: int | None = None) -> str:
    """The school whose rules a learner is evaluated by: the last one in that stage, or none.

    Whose child moved within a year is the new school's. `until` names the school year that is
    judged; None: today.
    """
    places = [
        place
        for place in learner.enrolments.values()
        if place.stage == stage and (until is None or place.school_year <= until)
    ]
    ended = learner.enrolments.ended
    last = max(places, key=lambda p: (p.school_year, p.key not in ended), default=None)
    return last.school_code if last else ""


def exams_of(streams: Streams, learner: Learner) -> list[ExamRecord]:
    """What a person's exams count for, under every record they were ever known by."""
    keys = (ExamRecord.create_id(each) for each in streams.records_of(learner.id))
    return [found for key in keys if (found := streams.get(ExamRecord, key))]


def latest_of(streams: Streams, learner_id: UUID, evaluation_id: UUID) -> datetime:
    """The date of the last fact that an evaluation rests on."""
    exams = (ExamRecord.create_id(each) for each in streams.records_of(learner_id))
    keys = (learner_id, Account.create_id(learner_id), evaluation_id, *exams)
    found = (streams.get(LedgerAggregate, key) for key in keys)
    return max(aggregate.latest_at for aggregate in found if aggregate is not None)


def terms_ahead(learner: Learner, stage: str, rulebook: Rulebook) -> int | None:
    """Terms of the stage that lay ahead of the learner at the first enrolment; None for all.

    Of several children the one with most terms ahead counts. An enrolment names no term: whoever
    came in the second one is taken to have had the first one, too.
    """
    grades = [grade_called(place.grade) for place in learner.first_places(stage)]
    years = [grade.year for grade in grades if grade is not None and grade.stage == stage]
    return terms_remaining(rulebook, stage, min(years), term_no=1) if years else None


def system_envelope(at: datetime, organisation: str, cause: UUID, *parts: UUID | str) -> Envelope:
    """The envelope of what the program itself does as a consequence of a command."""
    return Envelope(
        command_id=derived("system", cause, *parts),
        actor=Actor(id=derived("system"), role=Role.SYSTEM, organisation=organisation),
        channel=Channel.SYSTEM,
        occurred_at=at,
        causation_id=cause,
    )
