"""What officers do about rules, for pages and JSON alike: draft, try, publish, apply backwards."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from api.access.actions import Action
from api.access.policy import CITY, Organisation
from api.asking import Asking
from api.bootstrap import Runtime
from api.machines import placed
from api.reaching import unknown
from api.rulebooks.run import Kind, NewRun, RuleRun, RunUnfinished, UnknownRun
from api.rulebooks.runs import RuleRuns
from api.rulebooks.showing import reasons_in_words
from domain.envelope import Envelope
from domain.identity import derived
from domain.re_evaluation import Plan, ReEvaluation, UnknownReEvaluation
from domain.rulebook import Rulebook
from domain.rulebook_edition import RulebookEdition
from domain.rulebook_refusals import RulebookContradicts, UnknownRulebook
from domain.supplement import RuleLevel, Supplement, read_rulebook, read_supplement
from ledger.mapper import TextNotKept


@dataclass(frozen=True)
class RuleDesk:
    """The rules of one place under somebody's hands. Every use of it names an action."""

    asking: Asking
    code: str  # 440100, a district or a school

    @property
    def runtime(self) -> Runtime:
        return self.asking.runtime

    @property
    def place(self) -> str:
        """As the ledger names it: the city is empty."""
        return "" if self.code == CITY else self.code

    @property
    def level(self) -> RuleLevel:
        return RuleLevel(self.organisation.level.value)

    @property
    def organisation(self) -> Organisation:
        """Raises UnknownDistrict, UnknownSchool."""
        return placed(self.runtime, self.code)

    def may(self, action: Action) -> Envelope:
        """Raises Forbidden, LoginRequired, UnknownDistrict, UnknownSchool."""
        return self.asking.may_in(action, self.organisation)

    def draft(self, rules: dict[str, Any]) -> str:
        """Put rules on the table: whole for the city, sparse below. Returns their version.

        Raises RulebookContradicts with each path and reason in both languages,
        RulebookOutsideMargins, RulebookVersionTaken.
        """
        by = self.may(Action.RULEBOOK_DRAFT)
        rulebooks = self.runtime.book.rulebooks
        with reasons_said():
            read = self._read(rules)
            if isinstance(read, Rulebook):
                position = rulebooks.draft(read, by)
            else:
                position = rulebooks.draft_supplement(read, by)
        self.runtime.settle(position)
        return read.version

    def judge(self, rules: dict[str, Any], by: Envelope) -> None:
        """What a draft would be refused for. Raises RulebookContradicts, RulebookOutsideMargins."""
        shelves = self.runtime.book.rulebooks.shelves
        with reasons_said():
            read = self._read(rules)
            if isinstance(read, Rulebook):
                RulebookEdition.draft(read, by)
            else:
                above = shelves.above(read.effective_from, shelves.places(self.place)[:-1])
                RulebookEdition.draft_supplement(read, above, by)

    def _read(self, rules: dict[str, Any]) -> Rulebook | Supplement:
        """Rules as they are brought: whose they are, the place says. Raises RulebookContradicts."""
        given = {**rules, "rulebook_id": self.runtime.book.rulebooks.rulebook_id}
        if not self.place:
            return read_rulebook(as_text(given))
        given |= {"level": self.level.value, "organisation": self.place}
        return read_supplement(as_text(given))

    def publish(self, version: str) -> int:
        by = self.may(Action.RULEBOOK_PUBLISH)
        return self.runtime.settle(self.runtime.book.rulebooks.publish(version, by, self.place))

    def withdraw(self, version: str) -> int:
        by = self.may(Action.RULEBOOK_PUBLISH)
        return self.runtime.settle(self.runtime.book.rulebooks.withdraw(version, by, self.place))

    def ask_dry_run(
        self, version: str, since: date | None = None, from_version: str | None = None
    ) -> UUID:
        """Put a dry run on the worker's list: of a draft, or of what reaches back.

        Raises RunUnderWay, UnknownRulebook; only what is published can reach back.
        """
        by = self.may(Action.RULEBOOK_DRAFT)
        edition = self.runtime.book.rulebooks.edition(version, self.place)
        if from_version is not None and not edition.binds:
            raise UnknownRulebook(version=version)
        kind = Kind.DRY_RUN if from_version is None else Kind.BACKWARDS
        new = NewRun(
            run_id=derived("rule_run", by.command_id),
            kind=kind,
            place=self.place,
            version=version,
            asked_by=by.actor.id,
            asked_at=by.at,
            from_version=from_version,
            since=since,
        )
        return RuleRuns(self.runtime.tables).ask(new)

    def propose(self, run: RuleRun) -> UUID:
        """Put a finished dry run backwards forward.

        Raises UnknownRun for another kind of run, RunUnfinished, RulesReachNotBack.
        """
        by = self.may(Action.RULEBOOK_DRAFT)
        plan = self.plan_of(RuleRuns(self.runtime.tables).get(run.run_id))
        key = self.runtime.book.re_evaluations.propose(plan, by)
        self.runtime.settle(self.runtime.book.ledger.position())
        return key

    def plan_of(self, done: RuleRun) -> Plan:
        """What a dry run backwards would apply. Raises UnknownRun, RunUnfinished."""
        if done.kind is not Kind.BACKWARDS:
            raise UnknownRun
        if done.totals is None:
            raise RunUnfinished(state=done.state.value)
        return Plan(
            rulebook_id=self.runtime.book.rulebooks.rulebook_id,
            level=self.level,
            organisation=self.place,
            from_version=done.from_version or "",
            to_version=done.version,
            judged_at=done.asked_at,
            dry_run_id=done.run_id,
            dry_run_sha256=done.sha256 or "",
            totals=done.totals,
        )

    def start(self, re_evaluation_id: UUID, dry_run_sha256: str) -> UUID:
        """Sign as the second officer: the worker applies it. Raises DryRunDiffers, UnknownRun."""
        by = self.may(Action.RULEBOOK_PUBLISH)
        book, runs = self.runtime.book, RuleRuns(self.runtime.tables)
        plan = book.re_evaluations.get(re_evaluation_id).plan
        runs.finished(plan.dry_run_id)  # what is forgotten is rehearsed again
        book.re_evaluations.start(re_evaluation_id, dry_run_sha256, by)
        return runs.ask(
            NewRun(
                run_id=re_evaluation_id,
                kind=Kind.APPLY,
                place=plan.organisation,
                version=plan.to_version,
                asked_by=by.actor.id,
                asked_at=by.at,
                from_version=plan.from_version,
                follows=plan.dry_run_id,
            )
        )


@contextmanager
def reasons_said() -> Generator[None]:
    """A contradiction leaves with each figure and reason in both languages."""
    try:
        yield
    except RulebookContradicts as refused:
        raise RulebookContradicts(reasons=reasons_in_words(refused.facts["reasons"])) from None


def desk_of_run(asking: Asking, run: RuleRun) -> RuleDesk:
    return RuleDesk(asking, run.place or CITY)


def desk_and_run(asking: Asking, run_id: UUID, action: Action) -> tuple[RuleDesk, RuleRun]:
    """A run and who makes its rules. One that is not there looks like a foreign one.

    Raises UnknownRun, Forbidden, LoginRequired.
    """
    try:
        run = RuleRuns(asking.runtime.tables).get(run_id)
    except UnknownRun as refusal:
        raise unknown(asking, action, refusal) from None
    return desk_of_run(asking, run), run


def desk_and_re_evaluation(
    asking: Asking, re_evaluation_id: UUID, action: Action
) -> tuple[RuleDesk, ReEvaluation]:
    """The same of what was put forward. Raises UnknownReEvaluation, Forbidden, LoginRequired."""
    try:
        found = asking.runtime.book.re_evaluations.get(re_evaluation_id)
    except UnknownReEvaluation as refusal:
        raise unknown(asking, action, refusal) from None
    return RuleDesk(asking, found.plan.organisation or CITY), found


def as_text(given: dict[str, Any]) -> bytes:
    """Raises TextNotKept for half a character."""
    try:
        return orjson.dumps(given)
    except orjson.JSONEncodeError as error:
        raise TextNotKept from error
