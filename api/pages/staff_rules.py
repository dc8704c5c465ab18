"""Rules for officers: their level's editions, drafts, dry runs, announcements, reaching back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.access.policy import LoginRequired, PrincipalKind
from api.asking import InAsking
from api.language.catalogue import language_of
from api.pages.parent_words import say
from api.pages.rule_names import RUN_STATES, STATES
from api.pages.staff_words import staff_page
from api.problems import text_of
from api.reaching import may_in
from api.rulebooks.acting import RuleDesk, desk_and_run
from api.rulebooks.counting import SchoolRow, school_rows, tells_of_few
from api.rulebooks.run import Kind, RuleRun
from api.rulebooks.runs import RuleRuns
from api.rulebooks.showing import (
    before,
    change_rows,
    listed,
    reasons_in_words,
    rules_of,
    state_of,
)
from domain.calendar import CITY_ZONE, local_day
from domain.districts import UnknownDistrict
from domain.re_evaluation import ReEvaluation
from domain.refusals import Refused
from domain.rehearsal import Totals
from domain.rulebook_refusals import RulebookContradicts

router = APIRouter(include_in_schema=False)

REFUSED = 422


@dataclass(frozen=True)
class RunShown:
    """A run with what it found school by school, and where its re-evaluation stands."""

    run: RuleRun
    totals: Totals | None
    schools: list[SchoolRow]
    re_evaluation: ReEvaluation | None
    own: bool  # proposed by whoever asks: somebody else signs


@router.get("/staff/rules")
def places(request: Request, asking: InAsking) -> Response:
    """The levels that the asker makes or reads rules for."""
    if asking.principal is None or asking.principal.kind is not PrincipalKind.STAFF:
        raise LoginRequired
    now = asking.runtime.now()
    codes = sorted({grant.organisation for grant in asking.principal.grants if grant.holds(now)})
    shown = [desk for desk in (RuleDesk(asking, code) for code in codes) if may_read(desk)]
    if len(shown) == 1:
        return RedirectResponse(f"/staff/rules/{shown[0].code}", status_code=303)
    return staff_page(request, "rule_places.html", desks=shown)


def may_read(desk: RuleDesk) -> bool:
    with suppress(UnknownDistrict):  # releases before granted roles at a code that was mistyped
        return may_in(desk.asking, Action.RULEBOOK_READ, desk.organisation)
    return False


@router.get("/staff/rules/{organisation}")
def place(request: Request, asking: InAsking, organisation: str) -> Response:
    desk = RuleDesk(asking, organisation)
    desk.may(Action.RULEBOOK_READ)
    return place_page(request, desk, sample_of(desk))


@router.post("/staff/rules/{organisation}")
def draft(
    request: Request, asking: InAsking, organisation: str, rules: Annotated[str, Form()]
) -> Response:
    desk = RuleDesk(asking, organisation)
    desk.may(Action.RULEBOOK_DRAFT)
    try:
        version = desk.draft(read(rules))
    except Refused as refused:
        return place_page(request, desk, rules, refused)
    return RedirectResponse(f"/staff/rules/{organisation}/{version}", status_code=303)


@router.get("/staff/rules/{organisation}/{version}")
def edition_page(request: Request, asking: InAsking, organisation: str, version: str) -> Response:
    desk = RuleDesk(asking, organisation)
    by = desk.may(Action.RULEBOOK_READ)
    rulebooks = asking.runtime.book.rulebooks
    edition = rulebooks.edition(version, desk.place)
    new, old = rules_of(rulebooks, edition), before(rulebooks, edition)
    today = local_day(by.at, CITY_ZONE)
    return staff_page(
        request,
        "rule_edition.html",
        desk=desk,
        edition=edition,
        old=old,
        state=state_of(edition, rulebooks.editions(desk.place), today),
        states=STATES,
        run_states=RUN_STATES,
        changes=change_rows(old, new) if old else [],
        runs=runs_shown(desk, version, by.actor.id),
        earlier=[e.rulebook_version for e in rulebooks.editions(desk.place) if e.id != edition.id],
        reaches_back=new.retroactivity.better_backwards,
        may_draft=may_in(asking, Action.RULEBOOK_DRAFT, desk.organisation),
        may_publish=may_in(asking, Action.RULEBOOK_PUBLISH, desk.organisation),
        own=edition.drafted_by == by.actor.id,
        say=partial(say, language_of(request)),
    )


@router.post("/staff/rules/{organisation}/{version}/dry-runs")
def ask_dry_run(
    asking: InAsking,
    organisation: str,
    version: str,
    since: Annotated[str, Form()] = "beginning",
    from_version: Annotated[str, Form()] = "",
) -> Response:
    """Over everything, since the edition's own day, or instead of another version, backwards."""
    desk = RuleDesk(asking, organisation)
    desk.may(Action.RULEBOOK_DRAFT)
    edition = asking.runtime.book.rulebooks.edition(version, desk.place)
    day = edition.effective_from if since == "own_day" else None
    desk.ask_dry_run(version, day, from_version or None)
    return to(desk, version)


@router.post("/staff/rules/{organisation}/{version}/publish")
def publish(asking: InAsking, organisation: str, version: str) -> Response:
    desk = RuleDesk(asking, organisation)
    desk.publish(version)
    return to(desk, version)


@router.post("/staff/rules/{organisation}/{version}/withdraw")
def withdraw(asking: InAsking, organisation: str, version: str) -> Response:
    desk = RuleDesk(asking, organisation)
    desk.withdraw(version)
    return to(desk, version)


@router.post("/staff/dry-runs/{run_id}/cancel")
def cancel(asking: InAsking, run_id: UUID) -> Response:
    desk, run = desk_and_run(asking, run_id, Action.RULEBOOK_DRAFT)
    desk.may(Action.RULEBOOK_DRAFT)
    RuleRuns(asking.runtime.tables).cancel(run_id, asking.runtime.now())
    return to(desk, run.version)


@router.post("/staff/dry-runs/{run_id}/propose")
def propose(asking: InAsking, run_id: UUID) -> Response:
    desk, run = desk_and_run(asking, run_id, Action.RULEBOOK_DRAFT)
    desk.propose(run)
    return to(desk, run.version)


@router.post("/staff/dry-runs/{run_id}/start")
def start(asking: InAsking, run_id: UUID, sha256: Annotated[str, Form()]) -> Response:
    """Sign what was proposed, as the second officer."""
    desk, run = desk_and_run(asking, run_id, Action.RULEBOOK_PUBLISH)
    desk.may(Action.RULEBOOK_PUBLISH)
    desk.start(ReEvaluation.create_id(desk.plan_of(run)), sha256)
    return to(desk, run.version)


def to(desk: RuleDesk, version: str) -> Response:
    return RedirectResponse(f"/staff/rules/{desk.code}/{version}", status_code=303)


def read(text: str) -> dict[str, Any]:
    """Raises RulebookContradicts for what is no JSON object."""
    try:
        rules = json.loads(text)
    except ValueError:
        rules = None
    if not isinstance(rules, dict):
        raise RulebookContradicts(reasons=reasons_in_words([("no_json", "")]))
    return rules  # pyright: ignore[reportUnknownVariableType] - the shape is judged later


def place_page(
    request: Request, desk: RuleDesk, rules: str, refused: Refused | None = None
) -> Response:
    runtime, language = desk.runtime, language_of(request)
    today = local_day(runtime.now(), CITY_ZONE)
    facts = refused.facts if refused else {}
    return staff_page(
        request,
        "rule_place.html",
        REFUSED if refused else 200,
        desk=desk,
        school=runtime.models.schools.school(desk.code),
        editions=listed(runtime.book.rulebooks, desk.place, today),
        states=STATES,
        rules=rules,
        why=text_of(refused.code, language) if refused else None,
        reasons=facts.get("reasons", ()),
        refs=facts.get("refs", ()),
        language_code="zh" if language.value.startswith("zh") else "en",
        may_draft=may_in(desk.asking, Action.RULEBOOK_DRAFT, desk.organisation),
        say=partial(say, language),
    )


def sample_of(desk: RuleDesk) -> str:
    """Where to begin: the city's newest rules, or a supplement that sets nothing yet."""
    rulebooks = desk.runtime.book.rulebooks
    if desk.place:
        rules: dict[str, Any] = {
            "version": "", "title": "", "effective_from": "", "figures": {}, "basis": "LOCAL",
        }  # fmt: skip
    else:
        newest = max((e for e in rulebooks.editions() if e.binds), key=lambda e: e.effective_from)
        rules = {**newest.rules, "version": "", "effective_from": ""}
    return json.dumps(rules, ensure_ascii=False, indent=2)


def runs_shown(desk: RuleDesk, version: str, actor_id: UUID) -> list[RunShown]:
    runs = RuleRuns(desk.runtime.tables)
    return [
        run_shown(desk, runs, run, actor_id)
        for run in runs.of(desk.place, version)
        if run.kind is not Kind.APPLY
    ]


def run_shown(desk: RuleDesk, runs: RuleRuns, run: RuleRun, actor_id: UUID) -> RunShown:
    if run.totals is None:
        return RunShown(run, None, [], None, own=False)
    found_at = runs.by_school(run.run_id) if desk.level.value != "school" else {}
    totals = None if is_hidden(desk, run.totals, found_at) else run.totals
    found = None
    if run.kind is Kind.BACKWARDS:
        key = ReEvaluation.create_id(desk.plan_of(run))
        found = desk.runtime.book.ledger.find(ReEvaluation, key)
    is_own = found is not None and found.proposed_by == actor_id
    return RunShown(run, totals, school_rows(found_at), found, own=is_own)


def is_hidden(desk: RuleDesk, totals: Totals, schools: Mapping[str, Totals]) -> bool:
    """Totals of few are for the officers of these rules, who may list every learner."""
    may_list = may_in(desk.asking, Action.RULEBOOK_DRAFT, desk.organisation)
    return not may_list and tells_of_few(totals, schools)
