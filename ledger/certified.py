"""Certified: what a certificate says of an award by all that the ledger knows when it is signed.

When an award was reached decides nothing about its figures: hours were corrected since, or came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from domain.account import Account
from domain.certificate import Award, CertificateKind
from domain.certificate_refusals import NotAchieved
from domain.completing import Completion, CompletionKind, LearningRecord
from domain.envelope import Envelope
from domain.evaluation import Evaluation
from domain.grades import Stage
from domain.judging import CompletionJudgement, judge_stage, judge_year
from domain.learner import Learner
from domain.refusals import Refused
from domain.rulebook import Rulebook
from domain.stars import Star
from domain.totals import Totals
from ledger.evaluating import Case, case_of, school_of
from ledger.ledger import Ledger
from ledger.rulebooks import Rulebooks, RulesOn
from ledger.streams import Streams


class HoursUnderVerification(Refused):
    """The award hangs on hours that are under verification: their case is decided first."""

    code = "certificate_hours_held"


class Certified:
    """The awards of one decision, with everything that they rest on, read together."""

    def __init__(
        self, ledger: Ledger, rulebooks: Rulebooks, awards: Iterable[Award], by: Envelope
    ) -> None:
        self._streams = Streams.of_learners(ledger.load, {each.learner_id for each in awards})
        self._rules_on = RulesOn(rulebooks)
        self._by = by

    def speaks_for_itself(self, award: Award) -> bool:
        """Whether the record that is certified is the one that speaks for the person."""
        return self._streams.speaker(award.learner_id) == award.learner_id

    def said_of(self, award: Award) -> Award:
        """The award with the day, figures, years and rules that stand; a statement brings its own.

        Hours under verification count for nothing. Raises NotAchieved, HoursUnderVerification.
        """
        learner = self._streams.get(Learner, self._streams.speaker(award.learner_id))
        if learner is None:
            raise NotAchieved(kind=award.kind.value)
        match award.kind:
            case CertificateKind.ANNUAL_COMPLETION:
                return self._annual(award, learner)
            case CertificateKind.STAGE_COMPLETION:
                return self._stage(award, learner)
            case CertificateKind.STAR_LEVEL:
                return self._star(award, learner)
            case CertificateKind.STATEMENT_OF_HOURS:  # pragma: no branch - each kind has its case
                return self._statement(award, learner)

    def _annual(self, award: Award, learner: Learner) -> Award:
        """A school year may stand in another stage than that which it was certified in."""
        year = award.school_year or 0
        stages = (award.stage, *(each for each in Stage if each != award.stage))
        evaluation, reached = self._reached(award, learner, stages)
        case = self._case(learner, evaluation.stage, [year])
        judged = standing(award, case, lambda record: of_year(case, record, year))
        asked, rulebook = judged.conditions[0].threshold, self._named(judged, reached)
        return said(award, reached, case.record.free().of_year(year), rulebook, asked)

    def _stage(self, award: Award, learner: Learner) -> Award:
        """Its hours are those of the school years in which it was completed."""
        evaluation, reached = self._reached(award, learner, [award.stage])
        case = self._case(learner, award.stage, sorted(evaluation.completed_years))
        judged = standing(award, case, lambda record: of_stage(case, record))
        last = reached.last_year or judged.last_year or 0
        years = [year for year in learner.years_enrolled(award.stage) if year <= last]
        totals = Totals.of(
            credit
            for credit in case.record.free().credits
            if credit.stage == award.stage and credit.school_year <= last
        )
        anew = said(award, reached, totals, self._named(judged, reached))
        return anew.model_copy(update={"first_year": min(years, default=last), "last_year": last})

    def _star(self, award: Award, learner: Learner) -> Award:
        """A star is never taken back; its hours are those of its stage up to its own day."""
        star = next(iter(sorted(self._stars(award, learner), key=was_taken_over)), None)
        account = self._account(learner)
        lines = [
            line
            for line in (account.standing if account else ())
            if star and line.stage == award.stage and line.day <= star.from_day
        ]
        if account is None or star is None:
            raise NotAchieved(kind=award.kind.value)
        rulebook = self._rules_of(star, learner, award.stage)
        free = [line for line in lines if line.entry_id not in account.held]
        hours = Totals.of(free).counted(rulebook, star.min_hours)
        if hours < (star.min_hours or 1) and len(free) < len(lines):
            raise HoursUnderVerification
        if not hours:
            raise NotAchieved(kind=award.kind.value)
        return award.model_copy(
            update={
                "hours": hours,
                "achieved_on": star.from_day,
                "rulebook_version": rulebook.version,
            }
        )

    def _statement(self, award: Award, learner: Learner) -> Award:
        account = self._account(learner)
        if account is None or not 0 < award.hours <= account.balance:
            raise NotAchieved(kind=award.kind.value)
        return award

    def _reached(
        self, award: Award, learner: Learner, stages: Iterable[str]
    ) -> tuple[Evaluation, Completion]:
        """Raises NotAchieved."""
        key = completion_of(award)
        for stage in stages:
            found = self._streams.get(Evaluation, Evaluation.create_id(learner.id, stage))
            if found is not None and key in found.completions:
                return found, found.completions[key]
        raise NotAchieved(kind=award.kind.value)

    def _stars(self, award: Award, learner: Learner) -> Iterator[Star]:
        """The star as each record of the person was awarded it, first the one that is certified."""
        for record in (award.learner_id, *self._streams.records_of(learner.id)):
            found = self._streams.get(Evaluation, Evaluation.create_id(record, award.stage))
            if found is not None and (star := found.stars.get(award.level or 0)):
                yield star

    def _account(self, learner: Learner) -> Account | None:
        return self._streams.get(Account, Account.create_id(learner.id))

    def _case(self, learner: Learner, stage: str, years: Iterable[int]) -> Case:
        return case_of(self._streams, learner, stage, years, self._rules_on, self._by)

    def _named(self, judged: CompletionJudgement, reached: Completion) -> Rulebook:
        return self._rules_on.named(reached.rulebook_version or judged.rulebook_version)

    def _rules_of(self, star: Star, learner: Learner, stage: str) -> Rulebook:
        """Those it was judged by; a star of a record that was parted again does not tell."""
        if star.rulebook_version:
            return self._rules_on.named(star.rulebook_version)
        return self._rules_on(star.from_day, school_of(learner, stage))


def completion_of(award: Award) -> tuple[CompletionKind, str]:
    """The completion that a certificate of a school year or a stage is about."""
    if award.kind is CertificateKind.STAGE_COMPLETION:
        return CompletionKind.STAGE, award.stage
    return CompletionKind.ANNUAL, str(award.school_year)


def standing(
    award: Award, case: Case, judge: Callable[[LearningRecord], CompletionJudgement]
) -> CompletionJudgement:
    """What stands without the hours under verification.

    Raises NotAchieved, HoursUnderVerification.
    """
    judged = judge(case.record.free())
    if not judged.stands:
        is_held = judge(case.record).stands
        raise HoursUnderVerification if is_held else NotAchieved(kind=award.kind.value)
    return judged


def of_year(case: Case, record: LearningRecord, year: int) -> CompletionJudgement:
    return judge_year(record, case.rules, year, case.evaluation.completions)


def of_stage(case: Case, record: LearningRecord) -> CompletionJudgement:
    """By the school years that stand on the same record."""
    years = [year for year in case.rules.years if of_year(case, record, year).stands]
    return judge_stage(record, case.rules, years, case.evaluation.completions)


def said(
    award: Award, reached: Completion, totals: Totals, rulebook: Rulebook, asked: int | None = None
) -> Award:
    return award.model_copy(
        update={
            "hours": totals.counted(rulebook, asked),
            "face_to_face_hours": totals.in_person(rulebook, asked),
            "achieved_on": reached.reached_on or award.achieved_on,
            "rulebook_version": rulebook.version,
        }
    )


def was_taken_over(star: Star) -> bool:
    return star.taken_over_from is not None
