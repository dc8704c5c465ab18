"""Personal codes: what a learner shows to be checked in by staff who look at the person.

A code names a learner by their random id and is signed; it opens nothing else.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from api.access import codes
from api.access.web_tables import WebTables
from domain.refusals import Refused

PREFIX: Final = "PC1."
FIRST_EDITION: Final = 1
# 128 bits of the learner's id, 16 of the edition, 86 of the signature.
CHARACTERS: Final = 46
_BITS: Final = CHARACTERS * codes.BITS
_EDITION_BITS: Final = 16
_SIGNATURE_BYTES: Final = 11
_PURPOSE: Final = b"personal-code/1|"


class ScanCodeUnknown(Refused):
    """Not a code that this program made for scanning, or a damaged one."""

    code = "scan_code_unknown"


class PersonalCodeVoid(Refused):
    """The slip was lost and replaced: only the newest one counts."""

    code = "personal_code_void"


@dataclass(frozen=True, slots=True)
class PersonalCodes:
    """Write and read. Nothing but the number of the edition is stored, and only after a loss.

    The key is that of enrolment codes, under a purpose of its own: no code fits both.
    """

    tables: WebTables
    key: bytes

    def of(self, learner_ids: Iterable[UUID]) -> dict[UUID, str]:
        """The code of each learner as it counts now; printed again it is the same."""
        wanted = list(learner_ids)
        editions = self._editions(wanted)
        return {key: self._text(key, editions.get(key, FIRST_EDITION)) for key in wanted}

    def learner_of(self, text: str) -> UUID:
        """Whose code it is. Raises ScanCodeUnknown, PersonalCodeVoid."""
        learner_id, edition = _parts(text)
        if not hmac.compare_digest(self._text(learner_id, edition), canonical(text)):
            raise ScanCodeUnknown
        if edition != self._editions([learner_id]).get(learner_id, FIRST_EDITION):
            raise PersonalCodeVoid
        return learner_id

    def renew(self, learner_id: UUID, staff_id: UUID, at: datetime) -> None:
        """Make every slip of a learner void; the next one printed counts."""
        self.tables.change(_RENEW, {"learner": learner_id, "by": staff_id, "at": at})

    def _editions(self, learner_ids: list[UUID]) -> dict[UUID, int]:
        return dict(self.tables.rows(_EDITIONS, {"learners": learner_ids}))

    def _text(self, learner_id: UUID, edition: int) -> str:
        fields = learner_id.bytes + edition.to_bytes(_EDITION_BITS // 8)
        signature = hmac.digest(self.key, _PURPOSE + fields, "sha256")[:_SIGNATURE_BYTES]
        return PREFIX + codes.encode(fields + signature, CHARACTERS)


def canonical(text: str) -> str:
    """A code as it was printed, whatever a wedge scanner's keyboard layout made of it."""
    return unicodedata.normalize("NFKC", text).strip().upper().replace("。", ".")


def _parts(text: str) -> tuple[UUID, int]:
    """The learner and the edition that a text claims. Raises ScanCodeUnknown."""
    plain = canonical(text) if len(text) <= codes.MOST_TYPED else ""
    body = plain.removeprefix(PREFIX)
    if body == plain or len(body) != CHARACTERS or not set(body) <= set(codes.ALPHABET):
        raise ScanCodeUnknown
    number = 0
    for character in body:
        number = number << codes.BITS | codes.ALPHABET.index(character)
    learner = number >> _BITS - 128
    edition = number >> _BITS - 128 - _EDITION_BITS & (1 << _EDITION_BITS) - 1
    return UUID(int=learner), edition


_EDITIONS = (
    "select learner_id, edition from {web}.personal_code where learner_id = any(%(learners)s)"
)
_RENEW = """
insert into {web}.personal_code (learner_id, edition, renewed_at, renewed_by)
values (%(learner)s, 2, %(at)s, %(by)s)
on conflict (learner_id) do update
set edition = personal_code.edition + 1, renewed_at = excluded.renewed_at,
    renewed_by = excluded.renewed_by
"""
