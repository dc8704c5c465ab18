"""The account statement: every line of a learner's account, as of any date on either clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.account import Account
from projections.account_lines import LINE, lines_of
from projections.database import Tx, Views
from projections.feed import Fact

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS account_line (
    position bigint,
    entry_id uuid,
    cap_ref text,
    learner_id uuid NOT NULL,
    kind text NOT NULL,
    hours bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    rulebook_version text,
    session_id uuid,
    course_id uuid,
    school_code text,
    day date,
    begins_at timestamptz,
    term text,
    school_year bigint,
    stage text,
    family text,
    mode text,
    class_hours bigint,
    minutes bigint,
    face_to_face boolean,
    rule_ref text,
    would_be bigint,
    awarded bigint,
    reason_code text,
    replaced_by uuid,
    PRIMARY KEY (position, entry_id, cap_ref)
);
CREATE INDEX IF NOT EXISTS account_line_learner ON account_line (learner_id, position);
CREATE INDEX IF NOT EXISTS account_line_entry ON account_line (entry_id);
CREATE INDEX IF NOT EXISTS account_line_term ON account_line (school_code, term);
"""
# A reversal and a hold name an entry; what they take back or hold is told by its award.
_TELL: LiteralString = """
UPDATE account_line l
   SET session_id = a.session_id, course_id = a.course_id, school_code = a.school_code,
       day = a.day, begins_at = a.begins_at, term = a.term, school_year = a.school_year,
       stage = a.stage, family = a.family, mode = a.mode, class_hours = a.class_hours,
       face_to_face = a.face_to_face
  FROM account_line a
 WHERE l.position = ANY(%s) AND a.entry_id = l.entry_id AND a.kind = 'awarded'
"""
_LINES: LiteralString = """
       l.position, l.kind, l.entry_id, l.session_id, b.title, l.school_code, l.day, l.begins_at,
       l.term, l.school_year, l.stage, l.family, l.mode, l.class_hours, l.minutes,
       l.face_to_face, l.hours,
       (sum(l.hours) OVER (PARTITION BY l.learner_id
                           ORDER BY l.occurred_at, l.position, l.entry_id, l.cap_ref))::bigint
           AS balance,
       l.rule_ref, nullif(l.cap_ref, '') AS cap_ref, l.would_be, l.awarded, l.reason_code,
       l.replaced_by, l.rulebook_version, l.occurred_at, l.recorded_at
  FROM account_line l LEFT JOIN session_board b USING (session_id)
 WHERE l.learner_id = ANY(%(learners)s)
   AND (%(as_of)s::date IS NULL OR l.day <= %(as_of)s)
   AND (%(known_by)s::timestamptz IS NULL OR l.recorded_at <= %(known_by)s)
 ORDER BY l.occurred_at, l.position, l.entry_id, l.cap_ref
"""
_STATEMENT: LiteralString = "SELECT" + _LINES
_STATEMENTS: LiteralString = "SELECT l.learner_id," + _LINES
_BALANCE: LiteralString = """
SELECT coalesce(sum(hours), 0)::bigint FROM account_line WHERE learner_id = %(learner)s
"""
_HELD: LiteralString = """
SELECT coalesce(sum(a.hours), 0)::bigint
  FROM account_line a
 WHERE a.learner_id = %(learner)s AND a.kind = 'awarded'
   AND (SELECT kind FROM account_line l
         WHERE l.learner_id = a.learner_id AND l.entry_id = a.entry_id
           AND l.kind IN ('held', 'released', 'reversed')
         ORDER BY l.position DESC LIMIT 1) = 'held'
"""
_TOTALS: LiteralString = """
SELECT school_year, stage, sum(hours)::bigint AS hours,
       coalesce(sum(hours) FILTER (WHERE face_to_face), 0)::bigint AS face_to_face
  FROM account_line
 WHERE learner_id = %(learner)s AND kind IN ('awarded', 'reversed')
 GROUP BY school_year, stage ORDER BY school_year, stage
"""


_LEARNER: LiteralString = "SELECT learner_id FROM account_line WHERE entry_id = %(entry)s LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """`hours` is what the line moves the balance by: notes (limited, held, released) by nothing."""

    position: int
    kind: str
    entry_id: UUID
    session_id: UUID | None
    title: str | None
    school_code: str | None
    day: date | None
    begins_at: datetime | None
    term: str | None
    school_year: int | None
    stage: str | None
    family: str | None
    mode: str | None
    class_hours: int | None
    minutes: int | None
    face_to_face: bool | None
    hours: int
    balance: int
    rule_ref: str | None
    cap_ref: str | None
    would_be: int | None
    awarded: int | None
    reason_code: str | None
    replaced_by: UUID | None
    rulebook_version: str | None
    occurred_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnersLine(StatementLine):
    """A line among those of many."""

    learner_id: UUID


@dataclass(frozen=True, slots=True)
class AccountTotal:
    school_year: int
    stage: str
    hours: int
    face_to_face: int


class AccountStatement:
    name = "account_statement"
    version = 1
    tables = ("account_line",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Account.CreditAwarded.TOPIC,
            Account.CreditLimited.TOPIC,
            Account.CreditReversed.TOPIC,
            Account.CreditHeld.TOPIC,
            Account.CreditReleased.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        lines = [line for fact in facts for line in lines_of(fact)]
        LINE.add(tx, lines)
        untold = [line.position for line in lines if line.course_id is None]
        if untold:
            tx.execute(_TELL, (untold,))

    def statement(
        self, learner_id: UUID, as_of: date | None = None, known_by: datetime | None = None
    ) -> list[StatementLine]:
        """What is true for a day, as far as it was known at a moment (see `projections.as_of`).

        A line stands on the day of its session: what was taken back later counts for that day too.
        """
        return self._views.rows(
            StatementLine, _STATEMENT, learners=[learner_id], as_of=as_of, known_by=known_by
        )

    def statements(self, learner_ids: Iterable[UUID]) -> dict[UUID, list[LearnersLine]]:
        """The whole statement of each, in one question."""
        found: dict[UUID, list[LearnersLine]] = {each: [] for each in learner_ids}
        rows = self._views.rows
        for line in rows(
            LearnersLine, _STATEMENTS, learners=list(found), as_of=None, known_by=None
        ):
            found[line.learner_id].append(line)
        return found

    def learner_of(self, entry_id: UUID) -> UUID | None:
        """Whose line an entry is."""
        return next(iter(self._views.cells(_LEARNER, entry=entry_id)), None)

    def balance(self, learner_id: UUID) -> int:
        return int(self._views.cells(_BALANCE, learner=learner_id)[0])

    def held(self, learner_id: UUID) -> int:
        """Hours under verification: part of the balance."""
        return int(self._views.cells(_HELD, learner=learner_id)[0])

    def totals(self, learner_id: UUID) -> list[AccountTotal]:
        """What stands, by school year and stage."""
        return self._views.rows(AccountTotal, _TOTALS, learner=learner_id)
