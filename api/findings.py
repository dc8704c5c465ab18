"""What a look at an installation found, and what is to be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    GOOD = "good"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `do` is empty where nothing is to be done."""

    what: str
    state: State
    found: str
    do: str = ""
