"""Judgements: a recorded word on completions and stars, judged again on what stood before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from domain.aggregate import LedgerEvent
from domain.completing import CompletionKind
from domain.evaluation import Evaluation
from domain.evaluation_facts import StarNotRenewed, StarRenewed
from domain.judging import CompletionJudgement, judge_stage, judge_year
from domain.learner import Learner, UnknownLearner
from domain.refusals import Refused
from domain.stars import StarJudgement, judge_stars
from domain.upkeep import upkeep_of
from ledger.evaluating import Case, case_of
from ledger.recomputing.figures import Because, Figure, Value, What, compared, underived, why
from ledger.recomputing.given import GivenLedger
from ledger.rulebooks import Rulebooks, RulesOn
from ledger.streams import Streams

OnCompletion = Evaluation.CompletionReached | Evaluation.CompletionWithdrawn
OnUpkeep = StarRenewed | StarNotRenewed
WITHDRAWN = "withdrawn"
OnEvaluation = OnCompletion | OnUpkeep | Evaluation.StarEvaluated | Evaluation.StarAwarded


def judged_again(then: GivenLedger, event: LedgerEvent) -> Iterator[Figure]:
    """One figure for each word; `then` is the ledger as it stood when that was recorded."""
    if not isinstance(event, OnEvaluation):
        return
    try:
        yield _figure(then, event)
    except Refused as missing:
        yield underived(*named(event), because=why(missing))


def named(event: OnEvaluation) -> tuple[What, str, Value]:
    """What a word is on, which one, and what it says."""
    at = f"{event.envelope.at:%Y-%m-%dT%H:%M:%SZ}"
    match event:
        case Evaluation.CompletionReached():
            return What.COMPLETION, f"{event.stage} {event.kind} {event.period} {at}", event.hours
        case Evaluation.CompletionWithdrawn():
            return What.COMPLETION, f"{event.stage} {event.kind} {event.period} {at}", WITHDRAWN
        case Evaluation.StarEvaluated():
            return What.STAR, f"{event.stage} {at}", event.level_after
        case Evaluation.StarAwarded():
            return What.STAR, f"{event.stage} {event.level} {at}", event.level
        case StarRenewed() | StarNotRenewed():
            upkeep = event.upkeep
            of = f"{event.stage} {upkeep.school_year} {at}"
            return What.UPKEEP, of, f"{upkeep.hours}/{upkeep.threshold}"


def _figure(then: GivenLedger, event: OnEvaluation) -> Figure:
    match event:
        case Evaluation.CompletionReached() | Evaluation.CompletionWithdrawn():
            return _completion(then, event)
        case Evaluation.StarEvaluated():
            return _evaluated(then, event)
        case Evaluation.StarAwarded():
            return _awarded(then, event)
        case StarRenewed() | StarNotRenewed():
            return _upkeep(then, event)


def _case(then: GivenLedger, event: OnEvaluation, years: Iterable[int] = ()) -> Case:
    streams = Streams.of_learners(then.load, [event.learner_id])
    learner = streams.get(Learner, event.learner_id)
    if learner is None:
        raise UnknownLearner(id=event.learner_id)
    return case_of(streams, learner, event.stage, years, RulesOn(Rulebooks(then)), event.envelope)


def _completion(then: GivenLedger, event: OnCompletion) -> Figure:
    if event.kind is CompletionKind.ANNUAL:
        found = [_year(_case(then, event, [int(event.period)]), int(event.period))]
    else:
        found = [_stage(case) for case in _as_ruled(_case(then, event))]
    right = next((each for each in found if _says(event, each)), None)
    what, of, recorded = named(event)
    if right is not None:
        return compared(what, of, recorded, recorded)
    derived = found[-1].hours if found[-1].reaches else None
    return compared(what, of, recorded, derived, Because.OTHER_CONDITIONS)


def _year(case: Case, school_year: int) -> CompletionJudgement:
    return judge_year(case.record, case.rules, school_year, case.evaluation.completions)


def _as_ruled(case: Case) -> Iterator[Case]:
    """By the rules of each end; once by those of the last end, or of the day, for all of them."""
    ends = case.rules.ends
    yield replace(case, rules=replace(case.rules, ends={}))
    for last in ends and [max(ends)]:
        yield replace(case, rules=replace(case.rules, ends=dict.fromkeys(ends, ends[last])))
    yield case


def _stage(case: Case) -> CompletionJudgement:
    done, known = case.evaluation.completed_years, case.evaluation.completions
    return judge_stage(case.record, case.rules, done, known)


def _says(event: OnCompletion, judged: CompletionJudgement) -> bool:
    """Whether a judgement comes to what was recorded, condition by condition."""
    same = (event.conditions, event.envelope.rulebook_version) == (
        judged.conditions,
        judged.rulebook_version,
    )
    if isinstance(event, Evaluation.CompletionWithdrawn):
        return same and not judged.reaches and not judged.stands
    figures = (judged.hours, judged.face_to_face_hours, judged.last_year)
    told = (event.hours, event.face_to_face_hours, event.last_year)
    return same and judged.reaches and figures == told


def _evaluated(then: GivenLedger, event: Evaluation.StarEvaluated) -> Figure:
    """By the rules alone, or as a school granted what the rules let it propose."""
    case = _case(then, event)
    known, rulebook = case.evaluation, case.rules.rulebook
    done = len(known.completed_years)
    judged = judge_stars(case.record.free(), rulebook, done, known.star_level)
    granted = StarJudgement(judged.proposable or judged.level, False, judged.conditions)
    said = StarJudgement(event.level_after, event.needs_proposal, event.conditions)
    right = said if said in (judged, granted) else judged
    rules = (event.level_before, event.as_of, event.envelope.rulebook_version)
    same = said == right and rules == (known.star_level, case.rules.day, rulebook.version)
    because = Because.NOTHING if same else Because.OTHER_CONDITIONS
    return compared(*named(event), derived=right.level, because=because)


def _awarded(then: GivenLedger, event: Evaluation.StarAwarded) -> Figure:
    """With the evaluation before it, or as another record of the person had it."""
    case = _case(then, event)
    if event.taken_over_from is None:
        judged = case.evaluation.judged_by == event.envelope.command_id
        level = case.evaluation.last_judged.level if judged else None
        return compared(*named(event), derived=level)
    theirs = _taken_over(then, event)
    return compared(*named(event), derived=theirs.star_level if theirs else None)


def _taken_over(then: GivenLedger, event: Evaluation.StarAwarded) -> Evaluation | None:
    """The evaluation of a record that was merged into the person's."""
    streams = Streams.of_learners(then.load, [event.learner_id])
    other = event.taken_over_from
    if other is None or other not in streams.records_of(event.learner_id):
        return None
    return streams.get(Evaluation, Evaluation.create_id(other, event.stage))


def _upkeep(then: GivenLedger, event: OnUpkeep) -> Figure:
    """The hours of a school year, or what another record of the person lacked."""
    year = event.upkeep.school_year
    case = _case(then, event, [year])
    found = upkeep_of(case.record, case.rules.years[year], year)
    streams = Streams.of_learners(then.load, [event.learner_id])
    keys = (
        Evaluation.create_id(each, event.stage) for each in streams.records_of(event.learner_id)
    )
    others = (streams.get(Evaluation, key) for key in keys)
    lacked = [each.upkeep.lacked for each in others if each is not None]
    right = event.upkeep if event.upkeep in (found, *lacked) else found
    fits = right.met is isinstance(event, StarRenewed)
    because = Because.NOTHING if fits else Because.OTHER_CONDITIONS
    return compared(*named(event), f"{right.hours}/{right.threshold}", because)
