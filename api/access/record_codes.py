"""Codes of records as they are printed and typed: made of the id alone, they tell of nobody.

A letter for the kind, the first 50 bits of the id, and a check character: `P7QX-2M4F-9K3C`.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from api.access.codes import ALPHABET, BITS, CodeMalformed, check_character, encode, typed

LEARNER: Final = "P"
STAFF: Final = "S"
_CHARACTERS: Final = 10
_LENGTH: Final = 1 + _CHARACTERS + 1
_GROUP: Final = 4
_REST: Final = 128 - _CHARACTERS * BITS


def learner_code(learner_id: UUID) -> str:
    return _code(LEARNER, learner_id)


def staff_code(staff_id: UUID) -> str:
    return _code(STAFF, staff_id)


def is_code(text: str, kind: str) -> bool:
    """Whether a text is the code of such a record, in any case and grouping."""
    code = typed(text)
    fits = code is not None and len(code) == _LENGTH and code.startswith(kind)
    return code is not None and fits and check_character(code[:-1]) == code[-1]


def ids_of(text: str, kind: str) -> tuple[UUID, UUID]:
    """The first and the last id that a code may stand for. Refuses CodeMalformed."""
    code = typed(text)
    if code is None or not is_code(text, kind):
        raise CodeMalformed
    number = 0
    for character in code[1:-1]:
        number = number << BITS | ALPHABET.index(character)
    return UUID(int=number << _REST), UUID(int=(number + 1 << _REST) - 1)


def _code(kind: str, record_id: UUID) -> str:
    code = kind + encode(record_id.bytes, _CHARACTERS)
    code += check_character(code)
    return "-".join(code[first : first + _GROUP] for first in range(0, _LENGTH, _GROUP))
