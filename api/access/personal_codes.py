"""Personal codes: what a learner shows to be checked in by staff who look at the person.

A code names a learner by their random id and is signed; it opens nothing else.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from api.access import codes
from domain.refusals import Refused

PREFIX: Final = "PC1."
# 128 bits of the learner's id, 16 of the edition, 86 of the signature.
CHARACTERS: Final = 46
_BITS: Final = CHARACTERS * codes.BITS
_EDITION_BITS: Final = 16
_SIGNATURE_BYTES: Final = 11
_PURPOSE: Final = b"personal-code/1|"

EditionsOf = Callable[[Iterable[UUID]], Mapping[UUID, int]]


class ScanCodeUnknown(Refused):
    """Not a code that this program made for scanning, or a damaged one."""

    code = "scan_code_unknown"


class PersonalCodeVoid(Refused):
    """The slip was lost and replaced: only the newest one counts."""

    code = "personal_code_void"


@dataclass(frozen=True, slots=True)
class PersonalCodes:
    """Write and read. `editions_of` answers, by the ledger, which edition of each learner counts.

    The key is that of enrolment codes, under a purpose of its own: no code fits both.
    """

    key: bytes
    editions_of: EditionsOf

    def of(self, learner_ids: Iterable[UUID]) -> dict[UUID, str]:
        """The code of each learner as it counts now; printed again it is the same."""
        editions = self.editions_of(learner_ids)
        return {learner_id: self._text(learner_id, n) for learner_id, n in editions.items()}

    def learner_of(self, text: str) -> UUID:
        """Whose code it is. Raises ScanCodeUnknown, PersonalCodeVoid."""
        learner_id, edition = _parts(text)
        if not hmac.compare_digest(self._text(learner_id, edition), canonical(text)):
            raise ScanCodeUnknown
        if edition != self.editions_of([learner_id])[learner_id]:
            raise PersonalCodeVoid
        return learner_id

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
