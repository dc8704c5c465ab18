"""A rehearsal: had these rules held, what would each learner have? Read, judged, never recorded.

Learners come in batches and go again: memory does not grow with the number of learners.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.assessing import Assessment, assess
from domain.attendance import Attendance
from domain.calendar import CITY_ZONE, local_day
from domain.completing import PassedExam
from domain.crediting import Credit, credited
from domain.envelope import Envelope
from domain.evaluation import Evaluation
from domain.exam import Exam, Outcome
from domain.exam_attempt import Attempt
from domain.grades import Stage
from domain.judging import RulesOfDay
from domain.learner import Learner
from domain.make_up import MakeUps
from domain.rehearsal import Reached, RuleEffects, Standing, compared
from domain.rulebook import Rulebook
from domain.session import Session
from domain.settling import Settled
from ledger.evaluating import exams_of, record_of, school_of, system_envelope
from ledger.judging import Run
from ledger.ledger import Ledger
from ledger.rulebooks import Rulebooks
from ledger.rulebooks_instead import Instead, Trial, granted, hours_of
from ledger.streams import Streams

KEPT_AT_MOST = 5_000

AttendancesOf = Callable[[Sequence[UUID]], Mapping[UUID, Sequence[UUID]]]


@dataclass(frozen=True)
class Seen:
    """One learner's facts: with the account, the attendances and their sessions."""

    learner: Learner
    account: Account
    attended: tuple[tuple[Attendance, Session], ...]
    streams: Streams

    def making_up(self, attendance: Attendance) -> MakeUps | None:
        """The person's make-ups, where this attendance may be one."""
        return self.streams.making_up(attendance.learner_id, attendance.session_id)


class Reading:
    """The facts of learners, many at a time; sessions and exams are kept for the next ones."""

    def __init__(self, ledger: Ledger, attendances_of: AttendancesOf) -> None:
        self._ledger = ledger
        self._attendances_of = attendances_of
        self._kept: dict[UUID, LedgerAggregate] = {}

    def learners(self, learner_ids: Sequence[UUID]) -> Iterator[Seen]:
        """In the order asked for.

        Whoever has no account has nothing to lose or to gain, and for a record that was merged
        into another one that other speaks.
        """
        streams = Streams.of_learners(self._ledger.load, learner_ids)
        found = [
            (learner, account)
            for key in learner_ids
            if (learner := streams.get(Learner, key)) is not None and learner.merged_into is None
            if (account := streams.get(Account, Account.create_id(key))) is not None
        ]
        records = {learner.id: streams.records_of(learner.id) for learner, _ in found}
        registered = self._attendances_of([each for own in records.values() for each in own])
        # Attendances of a merged record are claimed in the account that speaks for it now.
        keys = {
            account.id: {key for each in records[learner.id] for key in registered.get(each, ())}
            | set(sources_of(account))
            for learner, account in found
        }
        attended = self._attended({key for own in keys.values() for key in own})
        for learner, account in found:
            own = (attended[key] for key in sorted(keys[account.id]) if key in attended)
            yield Seen(learner, account, tuple(own), streams)

    def _attended(self, keys: set[UUID]) -> dict[UUID, tuple[Attendance, Session]]:
        loaded = Streams(self._ledger.load(keys)).all(Attendance)
        sessions = self.kept({each.session_id for each in loaded})
        return {each.id: (each, cast("Session", sessions[each.session_id])) for each in loaded}

    def kept(self, ids: set[UUID]) -> Mapping[UUID, LedgerAggregate]:
        """Aggregates that many learners share."""
        if len(self._kept) > KEPT_AT_MOST:
            self._kept.clear()
        if missing := ids - self._kept.keys():
            self._kept |= self._ledger.load(missing)
        return self._kept

    def forget(self) -> None:
        """What is applied is decided on what is recorded now."""
        self._kept.clear()

    def load(self, ids: Sequence[UUID]) -> Mapping[UUID, LedgerAggregate]:
        return self._ledger.load(ids)


class Rehearsal:
    def __init__(
        self, ledger: Ledger, rulebooks: Rulebooks, trial: Trial, attendances_of: AttendancesOf
    ) -> None:
        self._trial = trial
        self._instead = Instead(rulebooks, trial)
        self._reading = Reading(ledger, attendances_of)
        self._day = local_day(trial.at, CITY_ZONE)

    def effects(self, learner_ids: Sequence[UUID]) -> Iterator[RuleEffects]:
        """What would change for each learner, nothing included."""
        for seen in self._reading.learners(learner_ids):
            effects = self._effects(seen)
            asked = effects.certificates_in_question
            issued = (
                tuple(key for key in asked if key in self._reading.load(asked)) if asked else ()
            )
            yield effects.model_copy(update={"certificates": issued})

    def _effects(self, seen: Seen) -> RuleEffects:
        account, rules = seen.account, self._instead.rules
        asked = self._instead.claims(account, seen.attended, seen.making_up, self._judge)
        today, other = granted(account.claims, {}, rules), granted(account.claims, asked, rules)
        held, stages = held_by(seen), stages_of(seen)
        now = {stage: self._rules_on(seen.learner, stage) for stage in stages}
        new = {stage: self._new_rules(seen.learner, stage, now[stage]) for stage in stages}
        passes = self._passes(seen)
        same_lines = self._counted(today) == self._counted(other)
        if same_lines and passes is None and same_judgement(now, new):
            same = replace(held, hours=hours_of(today))
            return compared(seen.learner.id, held, same, same)
        return compared(
            seen.learner.id,
            held,
            self._standing(seen, today, now, None),
            self._standing(seen, other, new, passes),
        )

    def _counted(self, settled: Mapping[UUID, Settled]) -> dict[UUID, tuple[int, bool]]:
        """What an evaluation sees of each source: its hours, and whether they are in person."""
        lines = ((source, each.hours, each.claimed) for source, each in settled.items())
        rules = self._instead.rules
        return {
            source: (hours, rules(each.rulebook_version).mode(each.claim.mode)[1].face_to_face)
            for source, hours, each in lines
        }

    def _judge(self, run: Run, attendance: Attendance) -> Assessment:
        return assess(run.rulebook.attendance, run.times, attendance.presence, run.at)

    def _rules_on(self, learner: Learner, stage: str) -> Rulebook:
        return self._instead.on(self._day, school_of(learner, stage))

    def _new_rules(self, learner: Learner, stage: str, now: Rulebook) -> Rulebook:
        return self._instead.of(now.version, school_of(learner, stage), self._day) or now

    def _standing(
        self,
        seen: Seen,
        settled: Mapping[UUID, Settled],
        rules: Mapping[str, Rulebook],
        passes: tuple[PassedExam, ...] | None,
    ) -> Standing:
        """What a record is worth, evaluated as if for the first time."""
        credits = tuple(
            credited(
                each.claimed.claim, each.hours, self._instead.rules(each.claimed.rulebook_version)
            )
            for each in settled.values()
            if each.hours
        )
        evaluations = [
            self._evaluation(seen, stage, rulebook, credits, passes)
            for stage, rulebook in rules.items()
        ]
        return standing_of(hours_of(settled), evaluations)

    def _evaluation(
        self,
        seen: Seen,
        stage: str,
        rulebook: Rulebook,
        credits: tuple[Credit, ...],
        passes: tuple[PassedExam, ...] | None,
    ) -> Evaluation:
        learner, envelope = seen.learner, self._envelope
        record = record_of(seen.streams, learner, stage, rulebook, self._day)
        record = replace(
            record,
            credits=credits,
            exams_passed=record.exams_passed if passes is None else passes,
            held=frozenset(
                each.entry_id for each in credits if each.source_id in seen.account.holds
            ),
        )
        evaluation = Evaluation(learner_id=learner.id, stage=stage, envelope=envelope)
        credited_in = {credit.school_year for credit in credits if credit.stage == stage}
        years = learner.years_enrolled(stage) | credited_in
        rules = RulesOfDay(self._day, rulebook, dict.fromkeys(years, rulebook))
        evaluation.evaluate(record, rules, envelope)
        return evaluation

    @property
    def _envelope(self) -> Envelope:
        return system_envelope(self._trial.at, "", self._trial.run_id, "rehearsal")

    def _passes(self, seen: Seen) -> tuple[PassedExam, ...] | None:
        """The exams passed by other marks; None where no mark differs."""
        records = exams_of(seen.streams, seen.learner)
        attempts: dict[UUID, list[UUID]] = {}
        for record in records:
            for key, tried in record.attempts.items():
                attempts.setdefault(key, []).extend(t for t in tried if t not in record.gone)
        exams = self._reading.kept(set(attempts))
        marks = {key: self._mark(cast("Exam", exams[key])) for key in attempts}
        if not any(marks.values()):
            return None
        known = (passed for record in records for passed in record.passed)
        passed = {exam_id: year for exam_id, year in known if not marks[exam_id]}
        for key, mark in marks.items():
            if mark is not None:
                for each in self._reading.load(attempts[key]).values():
                    if isinstance(each, Attempt) and passes(each.outcome, mark):
                        passed[key] = each.school_year
        return tuple(PassedExam(exam_id=e, school_year=passed[e]) for e in sorted(passed))

    def _mark(self, exam: Exam) -> int | None:
        """The other pass mark of an exam, where there is one."""
        name = self._instead.on(exam.held_on, exam.school_code).version
        rules = self._instead.of(name, exam.school_code, exam.held_on)
        mark = rules.exam.pass_mark if rules else exam.pass_mark
        return mark if mark != exam.pass_mark else None


def sources_of(account: Account) -> Iterator[UUID]:
    """The attendances that an account has claims of."""
    for source, claimed in account.claims.items():
        if claimed is not None and claimed.claim.session_id is not None:
            yield source


def held_by(seen: Seen) -> Standing:
    """What a learner holds by what is recorded."""
    hours = {credit.source_id: credit.hours for credit in seen.account.standing}
    return standing_of(hours, evaluations_of(seen))


def evaluations_of(seen: Seen) -> list[Evaluation]:
    keys = (Evaluation.create_id(seen.learner.id, stage) for stage in Stage)
    found = (seen.streams.get(Evaluation, key) for key in keys)
    return [evaluation for evaluation in found if evaluation is not None]


def stages_of(seen: Seen) -> list[str]:
    """The stages that a learner is evaluated in."""
    enrolled = {place.stage for place in seen.learner.enrolments.values()}
    return sorted(enrolled | {evaluation.stage for evaluation in evaluations_of(seen)})


def standing_of(hours: Mapping[UUID, int], evaluations: Sequence[Evaluation]) -> Standing:
    return Standing(
        hours=hours,
        completions=frozenset(
            Reached(stage=evaluation.stage, kind=kind.value, period=period)
            for evaluation in evaluations
            for kind, period in evaluation.completions
        ),
        stars={each.stage: each.star_level for each in evaluations if each.star_level},
    )


def same_judgement(now: Mapping[str, Rulebook], new: Mapping[str, Rulebook]) -> bool:
    """Whether the same record is worth the same by both: evaluating it twice tells nothing."""
    shares = ("no_double_credit", "external")
    groups = ("completion", "stars", "course_families", "deductions", *shares)
    return all(
        getattr(now[stage], group) == getattr(new[stage], group)
        for stage in now
        for group in groups
    )


def passes(outcome: Outcome | None, mark: int) -> bool:
    """Whether a result that counts passes by another mark; a verdict without score stays."""
    if outcome is None:
        return False
    return outcome.passed if outcome.score is None else outcome.score >= mark
