"""Runs of rules on their way: asked for, taken by one worker, cancelled, finished, read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from api.access.web_tables import WebTables
from api.rulebooks.run import (
    Found,
    NewRun,
    RuleRun,
    RunUnderWay,
    RunUnfinished,
    State,
    UnknownRun,
    run_of,
)
from domain.rehearsal import Digest, Line, RuleEffects, Totals

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class RuleRuns:
    tables: WebTables

    def ask(self, new: NewRun) -> UUID:
        """Put a run on the list; the same one again is the same. Raises RunUnderWay."""
        values = {name: getattr(new, name) for name in NewRun.__slots__}
        self.tables.change(_ASK, values)
        if self.tables.row(_RUN + " where run_id = %(run)s", {"run": new.run_id}) is None:
            raise RunUnderWay
        return new.run_id

    def get(self, run_id: UUID) -> RuleRun:
        """Raises UnknownRun."""
        row = self.tables.row(_RUN + " where run_id = %(run)s", {"run": run_id})
        if row is None:
            raise UnknownRun
        return run_of(row)

    def finished(self, run_id: UUID) -> RuleRun:
        """Raises UnknownRun, RunUnfinished."""
        run = self.get(run_id)
        if run.state is not State.FINISHED:
            raise RunUnfinished(state=run.state.value)
        return run

    def of(self, place: str, version: str) -> list[RuleRun]:
        """The runs of an edition, the newest first."""
        where = " where place = %(place)s and version = %(version)s order by asked_at desc, run_id"
        return [
            run_of(r) for r in self.tables.rows(_RUN + where, {"place": place, "version": version})
        ]

    def take(self, run_id: UUID | None = None) -> RuleRun | None:
        """Take the next run, or a certain one: waiting, or left behind by a worker that died."""
        row = self.tables.row(_TAKE, {"run": run_id})
        return None if row is None else self.get(row[0])

    def count(self, run: RuleRun, total: int) -> None:
        self.tables.change(_COUNT, {"run": run.run_id, "total": total})

    def keep(self, run: RuleRun, found: Sequence[Found], looked_at: Sequence[UUID]) -> bool:
        """Keep what a batch found, and how far the run is; False where it is no longer ours."""
        values = {
            "run": run.run_id,
            "was": run.after_learner,
            "after": looked_at[-1],
            "count": len(looked_at),
            "learners": [each.learner_id for each in found],
            "schools": [each.school_code for each in found],
            "hashes": [each.effects.sha256 for each in found],
            "effects": [Jsonb(each.effects.model_dump(mode="json")) for each in found],
        }
        return self.tables.change(_KEEP, values) > 0

    def mark(self, run: RuleRun, outcomes: dict[UUID, str], after: UUID) -> bool:
        """Keep what became of a batch; False where the run is no longer ours."""
        values = {
            "run": run.run_id, "of": run.follows, "was": run.after_learner, "after": after,
            "count": len(outcomes), "learners": list(outcomes), "outcomes": list(outcomes.values()),
        }  # fmt: skip
        return self.tables.change(_MARK, values) > 0

    def finish(self, run: RuleRun, sha256: str, result: dict[str, Any], at: datetime) -> None:
        values = {"run": run.run_id, "sha256": sha256, "result": Jsonb(result), "at": at}
        self.tables.change(_FINISH, values)

    def cancel(self, run_id: UUID, at: datetime) -> None:
        """Stop a run that is not over; what it found so far is forgotten."""
        if self.tables.change(_END, {"run": run_id, "state": "cancelled", "at": at, "error": None}):
            self.tables.change(_FORGET_FOUND, {"run": run_id})

    def release(self, run: RuleRun) -> None:
        """Leave a run for the next worker: this one is told to end."""
        self.tables.change(_RELEASE, {"run": run.run_id})

    def fail(self, run_id: UUID, error: str, at: datetime) -> None:
        self.tables.change(_END, {"run": run_id, "state": "failed", "at": at, "error": error})

    def found(self, run_id: UUID, after: UUID | None, limit: int = AT_ONCE) -> list[Found]:
        """The learners who change, in the order of their ids, after one of them."""
        rows = self.tables.rows(_FOUND, {"run": run_id, "after": after, "limit": limit})
        return [Found(key, school, RuleEffects.model_validate(e)) for key, school, e in rows]

    def every(self, run_id: UUID) -> Iterator[Found]:
        """All of them, read in batches."""
        after: UUID | None = None
        while page := self.found(run_id, after):
            yield from page
            after = page[-1].learner_id

    def expected(self, run_id: UUID, after: UUID | None, limit: int) -> dict[UUID, str]:
        """The hashes of the next learners who change."""
        values = {"run": run_id, "after": after, "limit": limit}
        return dict(self.tables.rows(_EXPECTED, values))

    def count_found(self, run_id: UUID) -> int:
        """How many learners change."""
        [(count,)] = self.tables.rows(_COUNT_FOUND, {"run": run_id})
        return int(count)

    def outcome_counts(self, run_id: UUID) -> dict[str, int]:
        return dict(self.tables.rows(_OUTCOMES, {"run": run_id}))

    def added_up(self, run: RuleRun) -> tuple[str, Totals]:
        """The fingerprint of all that a run found, and the totals."""
        digest, totals = Digest(), Totals()
        for each in self.every(run.run_id):
            digest.add(Line(each.learner_id, each.effects.sha256))
            totals += Totals.of(each.effects)
        return digest.sha256, totals.model_copy(update={"learners": run.done})

    def by_school(self, run_id: UUID) -> dict[str, Totals]:
        """The totals of each school's learners who change."""
        schools: dict[str, Totals] = {}
        for each in self.every(run_id):
            schools[each.school_code] = schools.get(each.school_code, Totals()) + Totals.of(
                each.effects
            )
        return dict(sorted(schools.items()))


_ASK = """
insert into {web}.rule_run
    (run_id, kind, place, version, from_version, since, follows, asked_by, asked_at)
values (%(run_id)s, %(kind)s, %(place)s, %(version)s, %(from_version)s, %(since)s, %(follows)s,
        %(asked_by)s, %(asked_at)s)
on conflict do nothing
"""
_RUN = """
select run_id, kind, place, version, from_version, since, follows, asked_by, asked_at, state,
       total, done, after_learner, finished_at, sha256, result, error
from {web}.rule_run
"""
# A worker that runs shows a beat with every batch; one that was killed shows none.
_TAKE = """
update {web}.rule_run set state = 'running', beat_at = clock_timestamp()
where run_id = (
    select run_id from {web}.rule_run
    where (%(run)s::uuid is null or run_id = %(run)s)
      and (state = 'waiting'
           or (state = 'running' and beat_at < clock_timestamp() - interval '60 seconds'))
    order by asked_at, run_id limit 1 for update skip locked)
returning run_id
"""
_RELEASE = (
    "update {web}.rule_run set state = 'waiting' where run_id = %(run)s and state = 'running'"
)
_COUNT = "update {web}.rule_run set total = %(total)s where run_id = %(run)s"
_KEEP = """
with kept as (
    insert into {web}.rule_run_effect (run_id, learner_id, school_code, sha256, effects)
    select %(run)s, * from unnest(%(learners)s::uuid[], %(schools)s::text[], %(hashes)s::text[],
                                  %(effects)s::jsonb[])
    on conflict (run_id, learner_id) do nothing)
update {web}.rule_run
   set done = done + %(count)s, after_learner = %(after)s, beat_at = clock_timestamp()
 where run_id = %(run)s and state = 'running' and after_learner is not distinct from %(was)s::uuid
"""
_MARK = """
with marked as (
    update {web}.rule_run_effect e set outcome = m.outcome
      from unnest(%(learners)s::uuid[], %(outcomes)s::text[]) as m(learner_id, outcome)
     where e.run_id = %(of)s and e.learner_id = m.learner_id)
update {web}.rule_run
   set done = done + %(count)s, after_learner = %(after)s, beat_at = clock_timestamp()
 where run_id = %(run)s and state = 'running' and after_learner is not distinct from %(was)s::uuid
"""
_FINISH = """
update {web}.rule_run
   set state = 'finished', sha256 = %(sha256)s, result = %(result)s, finished_at = %(at)s
 where run_id = %(run)s and state = 'running'
"""
_END = """
update {web}.rule_run set state = %(state)s, error = %(error)s, finished_at = %(at)s
where run_id = %(run)s and state in ('waiting', 'running')
"""
_FORGET_FOUND = "delete from {web}.rule_run_effect where run_id = %(run)s"
_FOUND = """
select learner_id, school_code, effects from {web}.rule_run_effect
where run_id = %(run)s and (%(after)s::uuid is null or learner_id > %(after)s)
order by learner_id limit %(limit)s
"""
_EXPECTED = """
select learner_id, sha256 from {web}.rule_run_effect
where run_id = %(run)s and (%(after)s::uuid is null or learner_id > %(after)s)
order by learner_id limit %(limit)s
"""
_COUNT_FOUND = "select count(*) from {web}.rule_run_effect where run_id = %(run)s"
_OUTCOMES = """
select outcome, count(*) from {web}.rule_run_effect
where run_id = %(run)s and outcome is not null group by outcome
"""
