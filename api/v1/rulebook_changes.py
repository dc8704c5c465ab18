"""Changing rules as JSON, for the officers of a level: draft, dry run, publish, reach back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query, status
from pydantic import BaseModel, ConfigDict, JsonValue

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.reaching import may_in
from api.rulebooks.acting import RuleDesk, desk_and_re_evaluation, desk_and_run, desk_of_run
from api.rulebooks.counting import tells_of_few
from api.rulebooks.run import RuleRun
from api.rulebooks.runs import RuleRuns
from api.rulebooks.showing import listed
from api.v1.recorded import Recorded
from api.v1.rulebooks import EditionState, heading
from domain.calendar import CITY_ZONE, local_day
from domain.re_evaluation import Outcomes, ReEvaluation
from domain.rehearsal import RuleEffects, Totals

router = APIRouter(prefix="/api/v1", tags=["rulebooks"])


class Drafted(BaseModel):
    version: str


class Editions(BaseModel):
    """Every edition of a place, drafts and withdrawn ones included."""

    rulebooks: list[EditionState]


class NewDryRun(BaseModel):
    """Over everything; or since a day; or what was judged by another version, backwards."""

    model_config = ConfigDict(extra="forbid")

    since: date | None = None
    from_version: str | None = None


class RunState(BaseModel):
    """A run as it stands. `totals` are there when a dry run is finished; hours are hundredths.

    To readers who may not list the learners they are null where they would tell of few.
    """

    model_config = ConfigDict(from_attributes=True)

    run_id: UUID
    kind: str
    version: str
    from_version: str | None
    since: date | None
    state: str
    percent: int
    total: int
    done: int
    asked_at: datetime
    finished_at: datetime | None
    sha256: str | None
    totals: Totals | None
    outcomes: Outcomes | None


class LearnerPage(BaseModel):
    """Learners who change, by id; `next_after` continues the list."""

    learners: list[RuleEffects]
    next_after: UUID | None


class Signature(BaseModel):
    """The hash of the dry run that is signed."""

    model_config = ConfigDict(extra="forbid")

    dry_run_sha256: str


class ReEvaluationState(BaseModel):
    re_evaluation_id: UUID
    from_version: str
    to_version: str
    organisation: str
    dry_run_id: UUID
    dry_run_sha256: str
    totals: Totals
    started: bool
    outcomes: Outcomes | None


@router.get("/organisations/{organisation}/rulebooks")
def editions(organisation: str, asking: InAsking) -> Editions:
    desk = RuleDesk(asking, organisation)
    desk.may(Action.RULEBOOK_READ)
    today = local_day(asking.runtime.now(), CITY_ZONE)
    found = listed(asking.runtime.book.rulebooks, desk.place, today)
    return Editions(rulebooks=[EditionState(**heading(each)) for each in found])


@router.post("/organisations/{organisation}/rulebooks", status_code=status.HTTP_201_CREATED)
def draft(
    organisation: str, rules: Annotated[dict[str, JsonValue], Body()], asking: InAsking
) -> Drafted:
    """Put rules on the table: whole for the city, sparse for a district or school.

    Sparse are `version`, `title`, `effective_from`, `figures` (reference and value), `basis` and
    `basis_of`. The same draft again is no news.
    """
    return Drafted(version=RuleDesk(asking, organisation).draft(rules))


@router.post("/organisations/{organisation}/rulebooks/{version}/dry-runs", status_code=202)
def ask_dry_run(organisation: str, version: str, body: NewDryRun, asking: InAsking) -> RunState:
    desk = RuleDesk(asking, organisation)
    run_id = desk.ask_dry_run(version, body.since, body.from_version)
    return state_of(RuleRuns(asking.runtime.tables).get(run_id))


@router.post("/organisations/{organisation}/rulebooks/{version}/publish", status_code=201)
def publish(organisation: str, version: str, asking: InAsking) -> Recorded:
    """By a second officer, after a finished dry run, in time."""
    return Recorded(position=RuleDesk(asking, organisation).publish(version))


@router.post("/organisations/{organisation}/rulebooks/{version}/withdraw", status_code=201)
def withdraw(organisation: str, version: str, asking: InAsking) -> Recorded:
    """Before it takes effect."""
    return Recorded(position=RuleDesk(asking, organisation).withdraw(version))


@router.get("/dry-runs/{run_id}")
def dry_run(run_id: UUID, asking: InAsking) -> RunState:
    run = run_for(asking, run_id, Action.RULEBOOK_READ)
    found, runs, desk = state_of(run), RuleRuns(asking.runtime.tables), desk_of_run(asking, run)
    may_list = may_in(asking, Action.RULEBOOK_DRAFT, desk.organisation)
    if found.totals and not may_list and tells_of_few(found.totals, runs.by_school(run_id)):
        return found.model_copy(update={"totals": None})
    return found


@router.get("/dry-runs/{run_id}/learners")
def learners(
    run_id: UUID,
    asking: InAsking,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> LearnerPage:
    """Who changes and how: ids and figures, for the officers who make these rules."""
    run = run_for(asking, run_id, Action.RULEBOOK_DRAFT)
    found = RuleRuns(asking.runtime.tables).found(run.run_id, after, limit)
    last = found[-1].learner_id if len(found) == limit else None
    return LearnerPage(learners=[each.effects for each in found], next_after=last)


@router.post("/dry-runs/{run_id}/cancel")
def cancel(run_id: UUID, asking: InAsking) -> RunState:
    run_for(asking, run_id, Action.RULEBOOK_DRAFT)
    runs = RuleRuns(asking.runtime.tables)
    runs.cancel(run_id, asking.runtime.now())
    return state_of(runs.get(run_id))


@router.post("/dry-runs/{run_id}/re-evaluation", status_code=status.HTTP_201_CREATED)
def propose(run_id: UUID, asking: InAsking) -> ReEvaluationState:
    """Put what reaches back forward, as it was rehearsed."""
    run = run_for(asking, run_id, Action.RULEBOOK_DRAFT)
    key = desk_of_run(asking, run).propose(run)
    return as_state(asking.runtime.book.re_evaluations.get(key))


@router.get("/re-evaluations/{re_evaluation_id}")
def re_evaluation(re_evaluation_id: UUID, asking: InAsking) -> ReEvaluationState:
    desk, found = desk_and_re_evaluation(asking, re_evaluation_id, Action.RULEBOOK_READ)
    desk.may(Action.RULEBOOK_READ)
    return as_state(found)


@router.post("/re-evaluations/{re_evaluation_id}/start", status_code=status.HTTP_201_CREATED)
def start(re_evaluation_id: UUID, body: Signature, asking: InAsking) -> RunState:
    """Sign as the second officer; the worker applies it learner by learner."""
    desk, _ = desk_and_re_evaluation(asking, re_evaluation_id, Action.RULEBOOK_PUBLISH)
    run_id = desk.start(re_evaluation_id, body.dry_run_sha256)
    return state_of(RuleRuns(asking.runtime.tables).get(run_id))


def run_for(asking: Asking, run_id: UUID, action: Action) -> RuleRun:
    """A run, for whoever may. Raises UnknownRun, Forbidden."""
    desk, run = desk_and_run(asking, run_id, action)
    desk.may(action)
    return run


def state_of(run: RuleRun) -> RunState:
    return RunState.model_validate(run)


def as_state(found: ReEvaluation) -> ReEvaluationState:
    plan: Any = found.plan.model_dump(include=set(ReEvaluationState.model_fields))
    return ReEvaluationState(
        **plan, re_evaluation_id=found.id, started=found.is_started, outcomes=found.outcomes
    )
