"""How a refusal is told on the command line."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import ClassVar, Self

from api.language.refusals import ANSWERS
from domain.refusals import Refused


@dataclass(frozen=True)
class Failed:
    """Code, text in both languages, facts; exit status 5."""

    EXIT: ClassVar[int] = 5

    code: str
    text: str
    facts: str

    @classmethod
    def of(cls, refusal: Refused) -> Self:
        answer = ANSWERS[refusal.code]
        facts = " ".join(f"{name}={value}" for name, value in refusal.facts.items())
        return cls(refusal.code, f"{answer.zh} {answer.en}", facts)

    def tell(self) -> None:
        print(f"{self.code}: {self.text} {self.facts}".rstrip(), file=sys.stderr)  # noqa: T201 - the command line speaks
