"""Results: a person's exams, and what the rules would make of them and of the hours today."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from domain.envelope import Envelope
from domain.evaluation import Evaluation
from domain.exam import Exam, ExamRecord, UnknownExam
from domain.exam_attempt import Attempt
from domain.exam_refusals import UnknownAttempt
from domain.grades import Stage
from domain.learner import Learner
from domain.refusals import Refused
from domain.rulebook_refusals import NoRulebookInForce
from ledger.evaluating import evaluated_everywhere
from ledger.exams import rules_of_exam
from ledger.recomputing.figures import Because, Figure, What, compared, due, underived, why
from ledger.recomputing.given import Given, GivenLedger
from ledger.recomputing.judgements import OnEvaluation, judged_again, named
from ledger.rulebooks import Rulebooks, RulesOn
from ledger.streams import Streams


class Results:
    """What one record of a person was ever judged to have reached, and what it would be now."""

    def __init__(self, given: Given, ledger: GivenLedger) -> None:
        self._given = given
        self._ledger = ledger

    def figures(self, learner_id: UUID, by: Envelope) -> Iterator[Figure]:
        yield from self._exams(learner_id)
        for stage in Stage:
            key = Evaluation.create_id(learner_id, stage)
            for row in self._given.of([key])[key]:
                then = GivenLedger(self._given, row.position)
                yield from judged_again(then, then.events_mapper.to_domain_event(row.stored))
        yield from self._not_recorded(learner_id, by)

    def _exams(self, learner_id: UUID) -> Iterator[Figure]:
        """Every attempt that counts, by the marks of its exam."""
        record = self._ledger.find(ExamRecord, ExamRecord.create_id(learner_id))
        for exam_id, attempts in record.attempts.items() if record else ():
            for key in attempts:
                if record is None or key in record.gone:
                    continue  # voided, or withdrawn before anybody else had read it
                counted = key in record.passing
                try:
                    yield self._exam(exam_id, key, counted=counted)
                except Refused as missing:
                    yield underived(What.EXAM, str(key), int(counted), why(missing))

    def _exam(self, exam_id: UUID, attempt_id: UUID, *, counted: bool) -> Figure:
        """Whether an attempt passes, as it counts, as it says, and by marks that are the rules'.

        Raises UnknownExam, UnknownAttempt, UnknownRulebook, NoRulebookInForce.
        """
        exam = self._ledger.get(Exam, exam_id, UnknownExam)
        attempt = self._ledger.get(Attempt, attempt_id, UnknownAttempt)
        known, rules = attempt.outcome, rules_of_exam(Rulebooks(self._ledger), exam)
        because = Because.NOTHING
        if (exam.pass_mark, exam.merit_mark) != (rules.pass_mark, rules.merit_mark):
            because = Because.OTHER_RULES
        passes = (
            known is not None
            and exam.outcome(
                attempt_id, attempt.learner_id, score=known.score, passed=known.passed
            ).passed
        )
        says = known is not None and known.passed
        recorded = counted if says == passes else says
        return compared(What.EXAM, str(attempt_id), int(recorded), int(passes), because)

    def _not_recorded(self, learner_id: UUID, by: Envelope) -> Iterator[Figure]:
        """What would be said of the person now, beside all that is said already."""
        streams = Streams.of_learners(self._ledger.load, [learner_id])
        learner = streams.get(Learner, learner_id)
        if learner is None or learner.merged_into is not None:
            return
        rules_on = RulesOn(Rulebooks(self._ledger))
        try:
            found = evaluated_everywhere(streams, learner, rules_on, by)
        except NoRulebookInForce:
            return  # nothing is judged before the first rules
        except Refused as missing:
            yield underived(What.COMPLETION, str(learner_id), None, why(missing))
            return
        for event in (event for each in found for event in each.pending_events):
            if isinstance(event, OnEvaluation):
                what, of, value = named(event)
                yield due(what, of, value)
