"""The mesh of the net: for every table of the read models, whose rows a reader may see.

A learner's places, stays, hours, stars and certificates count wherever they are: the staff see them
whole, or a sum, and whose turn it is to certify, would be wrong without a word. Which of the staff
may open whose page is the pages' own affair. A school's own papers are for that school.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final, LiteralString

from psycopg.sql import SQL, Identifier

from ledger.migrations import Names
from projections.database import Tx

# Each is asked once for a statement, not once for a row.
_WHO: LiteralString = "(SELECT coalesce(current_setting('parent_credits.sight', true), ''))"
_SCHOOLS: LiteralString = (
    "((SELECT coalesce(nullif(current_setting('parent_credits.schools', true), ''), '{{}}'))"
    "::text[])"
)
_LEARNERS: LiteralString = (
    "((SELECT coalesce(nullif(current_setting('parent_credits.learners', true), ''), '{{}}'))"
    "::uuid[])"
)

# Nothing of a person in it, or nothing that the staff's and the parents' logins could do without.
OPEN: Final[LiteralString] = ""
OF_HOUSE: Final[LiteralString] = _WHO + " = 'all'"
OF_STAFF: Final[LiteralString] = _WHO + " IN ('all', 'staff')"
OF_SCHOOL: Final[LiteralString] = OF_HOUSE + " OR school_code = ANY " + _SCHOOLS
OF_TRANSFER: Final[LiteralString] = (
    OF_HOUSE
    + " OR from_school_code = ANY "
    + _SCHOOLS
    + " OR to_school_code = ANY "
    + _SCHOOLS
    + " OR child_id = ANY "
    + _LEARNERS
)
OF_LEARNER: Final[LiteralString] = OF_STAFF + " OR learner_id = ANY " + _LEARNERS
OF_LEARNER_AND_SCHOOL: Final[LiteralString] = OF_SCHOOL + " OR learner_id = ANY " + _LEARNERS


def _with(table: LiteralString, key: LiteralString, own: LiteralString) -> LiteralString:
    """Rows are seen with the row of the same projection that they belong to."""
    same = " w WHERE w." + key + " = " + own + "." + key + ")"
    return "EXISTS (SELECT FROM " + table + same  # nosec B608 - words of this module alone


MESH: Final[Mapping[str, LiteralString]] = {
    "account_line": OF_LEARNER,
    "achievement": OF_LEARNER,
    "attendance_register": OF_LEARNER,
    "attested_session": OPEN,
    "audit_finding": OF_STAFF,
    "audit_sample": OPEN,
    "case_file": OF_LEARNER_AND_SCHOOL,
    "case_step": _with("case_file", "case_id", "case_step"),
    "certificate": OF_LEARNER,
    "completion": _with("star_progress", "evaluation_id", "completion"),
    "compliance_session": OPEN,
    "correction": OF_SCHOOL,
    "course": OPEN,
    "custody_proposal": OF_LEARNER,
    "details_request": OF_LEARNER,
    "erasure_request": OF_LEARNER_AND_SCHOOL,
    "exam": OPEN,
    "exam_attempt": OF_LEARNER,
    "external_hours": OF_LEARNER_AND_SCHOOL,
    "history_mention": OPEN,
    "history_stream": OPEN,
    "home_visit": OF_SCHOOL,
    "household_place": OF_LEARNER,
    "irregularity": OF_SCHOOL + " OR learner_ids && " + _LEARNERS,
    "irregularity_step": _with("irregularity", "irregularity_id", "irregularity_step"),
    "leave": OF_LEARNER_AND_SCHOOL,
    "link": OF_LEARNER_AND_SCHOOL,
    "make_up": OF_LEARNER_AND_SCHOOL,
    "make_up_taken_back": OF_LEARNER_AND_SCHOOL,
    "merged_record": OPEN,
    "micro_class": OPEN,
    "micro_class_completed": OF_LEARNER,
    "push_answered": OF_LEARNER,
    "push_item": OPEN,
    "question": OF_STAFF,
    "question_bank": OF_STAFF,
    "roster_consent": OF_LEARNER,
    "roster_former_tie": OF_LEARNER,
    "roster_guardianship": OF_LEARNER,
    "roster_learner": OF_LEARNER,
    "roster_place": OF_LEARNER,
    "school": OPEN,
    "school_class": OPEN,
    "session_board": OPEN,
    "sheet": OF_SCHOOL,
    "staff_grant": OPEN,
    "staff_member": OPEN,
    "star_objection": OPEN,
    "star_progress": OF_LEARNER,
    "star_proposal": OPEN,
    "teacher": OF_STAFF,
    "teacher_award": OF_STAFF,
    "teacher_closing": OF_STAFF,
    "teacher_correction": OF_STAFF,
    "teacher_service": OF_STAFF,
    "term": OPEN,
    "term_closing": OF_SCHOOL,
    "told_apart": OF_STAFF,
    "transfer": OF_TRANSFER,
    "waiting_scan": OF_LEARNER,
    "year_closing": OF_SCHOOL,
}

_LAID: LiteralString = """
SELECT t.relname, t.relrowsecurity, coalesce(array_agg(p.polname::text)
       FILTER (WHERE p.polname IS NOT NULL), '{}') AS policies
  FROM unnest(%(tables)s::text[]) AS wanted JOIN pg_class t ON t.oid = to_regclass(wanted)
  LEFT JOIN pg_policy p ON p.polrelid = t.oid
 GROUP BY t.oid
"""


def lay(tx: Tx, names: Names, tables: Iterable[str]) -> None:
    """Give each of these tables that is there its policy, unless it has it already."""
    wanted = [table for table in tables if policy_text(table)]
    for table, is_on, policies in tx.execute(_LAID, {"tables": wanted}).fetchall():
        if not is_on or policies != [policy_of(table)]:
            for old in policies:
                tx.execute(SQL("DROP POLICY {} ON {}").format(*map(Identifier, (old, table))))
            _lay(tx, names, table)


def policy_text(table: str) -> LiteralString:
    """A table that nobody thought of is for the house alone."""
    return MESH.get(table, OF_HOUSE)


def policy_of(table: str) -> str:
    """The name of a table's policy, another one where its text is another."""
    return f"sight_{hashlib.sha256(policy_text(table).encode()).hexdigest()[:12]}"


def _lay(tx: Tx, names: Names, table: str) -> None:
    named = {
        "table": Identifier(table),
        "policy": Identifier(policy_of(table)),
        "reader": Identifier(names.reader_role),
        "seen": SQL(policy_text(table)).format(),
    }
    policy = SQL("CREATE POLICY {policy} ON {table} FOR SELECT TO {reader} USING ({seen})")
    tx.execute(policy.format(**named))
    tx.execute(SQL("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY").format(**named))
