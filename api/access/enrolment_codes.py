"""Enrolment codes: what a school hands to a parent, used once, to bind a device to one learner."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from api.access import codes
from api.access.codes import CodeExpired, CodeMalformed
from api.access.web_tables import WebTables
from domain.identity import derived
from domain.refusals import Refused

LIFE: Final = timedelta(days=14)
SAME_PHONE_AGAIN: Final = timedelta(minutes=10)  # an answer that got lost is asked for again
RANDOM_CHARACTERS: Final = 12  # 60 bits: guessing at the permitted rate finds none in a lifetime
_RANDOM_BYTES: Final = 8
_PURPOSE: Final = b"enrolment-code/1|"


class CodeUnknown(Refused):
    code = "code_unknown"


class CodeUsed(Refused):
    code = "code_used"


@dataclass(frozen=True, slots=True)
class EnrolmentCodes:
    """Issue and redeem. Only an HMAC under `key` is stored: the table alone gives no code away."""

    tables: WebTables
    key: bytes

    def issue(self, learner_id: UUID, at: datetime) -> str:
        """Make a code like ABCD-EFGH-JKMN-P, shown once and valid for `LIFE`."""
        code = codes.encode(secrets.token_bytes(_RANDOM_BYTES), RANDOM_CHARACTERS)
        values = {"hmac": self._stored(code), "learner": learner_id, "at": at, "ends": at + LIFE}
        self.tables.change(_ISSUE, values)
        return "-".join((code[:4], code[4:8], code[8:], codes.check_character(code)))

    def redeem(
        self,
        text: str,
        at: datetime,
        phone: bytes | None = None,
        again: timedelta = SAME_PHONE_AGAIN,
    ) -> UUID:
        """Return whose code it is; the same phone may ask again for a while.

        `phone` is `tickets.device_hash`, or another hash of what the asker alone holds.
        Refuses CodeMalformed, CodeUnknown, CodeUsed, CodeExpired.
        """
        values = {
            "hmac": self._stored(_parsed(text)),
            "at": at,
            "phone": phone,
            "used_since": at - again,
        }
        # One statement: of many attempts at once, the row's lock lets the first through.
        row = self.tables.row(_REDEEM, values)
        if row is not None:
            learner_id: UUID = row[0]
            return learner_id
        raise self._why_not(values)

    def redemption_id(self, text: str) -> UUID:
        """Name the one redemption of a code, however often repeated. Refuses CodeMalformed."""
        return derived("enrolment code redeemed", self._stored(_parsed(text)).hex())

    def withdraw(self, learner_id: UUID) -> int:
        """Forget every code of a learner, used or not; say how many."""
        return self.tables.change(_WITHDRAW, {"learner": learner_id})

    def _why_not(self, values: Mapping[str, object]) -> Refused:
        row = self.tables.row(_STATE, values)
        if row is None:
            return CodeUnknown()
        ends_at, used_at = row
        return CodeUsed() if used_at else CodeExpired(ended_at=ends_at)

    def _stored(self, code: str) -> bytes:
        return hmac.digest(self.key, _PURPOSE + code.encode("ascii"), "sha256")


def _parsed(text: str) -> str:
    code = codes.typed(text)
    if code is None or len(code) != RANDOM_CHARACTERS + 1:
        raise CodeMalformed
    if codes.check_character(code[:-1]) != code[-1]:
        raise CodeMalformed
    return code[:-1]


_ISSUE = """
insert into {web}.enrolment_code (code_hmac, learner_id, issued_at, ends_at)
values (%(hmac)s, %(learner)s, %(at)s, %(ends)s)
"""
_REDEEM = """
update {web}.enrolment_code set used_at = coalesce(used_at, %(at)s), used_by = %(phone)s
where code_hmac = %(hmac)s
    and ((used_at is null and %(at)s < ends_at)
        or (used_by = %(phone)s and used_at > %(used_since)s))
returning learner_id
"""
_STATE = "select ends_at, used_at from {web}.enrolment_code where code_hmac = %(hmac)s"
_WITHDRAW = "delete from {web}.enrolment_code where learner_id = %(learner)s"
