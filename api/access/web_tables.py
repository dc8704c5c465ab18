"""The tables of the web schema, reached through a pool: one statement, one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, LiteralString

from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from ledger.pooling import Pool

USED_CODE_IS_REMEMBERED = timedelta(days=90)  # so that a late second use still hears "used"
ANSWER_IS_KEPT = timedelta(hours=24)
LOGIN_IS_REMEMBERED = timedelta(days=1)  # whose it was, so that a form it ended under finds them


@dataclass(frozen=True, slots=True)
class WebTables:
    """Where logins, codes and counters live; `{web}` in a statement is the schema."""

    pool: Pool
    schema: str

    def row(self, statement: LiteralString, values: Mapping[str, Any]) -> TupleRow | None:
        with self.pool.connection() as connection:
            return connection.execute(self._filled(statement), values).fetchone()

    def rows(self, statement: LiteralString, values: Mapping[str, Any]) -> list[TupleRow]:
        with self.pool.connection() as connection:
            return connection.execute(self._filled(statement), values).fetchall()

    def change(self, statement: LiteralString, values: Mapping[str, Any]) -> int:
        """Run a statement that answers nothing; return how many rows it touched."""
        with self.pool.connection() as connection:
            return connection.execute(self._filled(statement), values).rowcount

    def forget_what_ended(self, at: datetime) -> int:
        """Delete what can no longer be used: dead logins, old codes, paid tries, kept answers."""
        values = {
            "at": at,
            "codes": at - USED_CODE_IS_REMEMBERED,
            "answers": at - ANSWER_IS_KEPT,
            "logins": at - LOGIN_IS_REMEMBERED,
        }
        return sum(
            (
                self.change(_DEAD_LOGINS, values),
                self.change(_OLD_CODES, values),
                self.change(_PAID_TRIES, values),
                self.change(_OLD_ANSWERS, values),
                self.change(_OLD_FORMS, values),
                self.change(_DEAD_KEYS, values),
                self.change(_DEAD_DEVICES, values),
                self.change(_DEAD_SIGN_ONS, values),
                self.change(_OLD_LOGOUTS, values),
            )
        )

    def _filled(self, statement: LiteralString) -> bytes:
        return filled(statement, self.schema)


@cache
def filled(statement: LiteralString, schema: str) -> bytes:
    return SQL(statement).format(web=Identifier(schema)).as_bytes()


_DEAD_LOGINS = """
delete from {web}.login
where ends_at <= %(logins)s or last_seen_at + idle_limit <= %(logins)s
"""
_OLD_CODES = "delete from {web}.enrolment_code where ends_at <= %(codes)s"
_PAID_TRIES = "delete from {web}.tries where full_at <= %(at)s"
_OLD_FORMS = "delete from {web}.kept_form where ends_at <= %(at)s"
_DEAD_KEYS = "delete from {web}.machine_key where ends_at <= %(codes)s"
_DEAD_DEVICES = "delete from {web}.door_device where key_ends_at <= %(codes)s"
_DEAD_SIGN_ONS = "delete from {web}.sign_on where ends_at <= %(at)s"
_OLD_LOGOUTS = "delete from {web}.logout_token where ends_at <= %(at)s"
_OLD_ANSWERS = "delete from {web}.kept_answer where claimed_at <= %(answers)s"
