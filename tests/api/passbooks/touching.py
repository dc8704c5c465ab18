"""Touching a passbook: a copy in which somebody changes a fact, a figure or the order of things."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from api.passbook.checking import derived
from api.passbook.file import Passbook
from ledger.recomputing.figures import Figure, Verdict, worst

Change = Callable[[dict[str, Any]], None]


class Touched:
    """The file as JSON, and what checking it comes to after it was changed."""

    def __init__(self, written: bytes) -> None:
        self.data: dict[str, Any] = json.loads(written)

    @property
    def facts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.data["facts"]
        return found

    def change(self, topic: str, change: Change, number: int = -1) -> Touched:
        """Have the last or n-th event of a topic say something else."""
        fact = [each for each in self.facts if each["topic"] == topic][number]
        state = json.loads(fact["state"])
        change(state)
        fact["state"] = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
        return self

    def leave_out(self, topic: str, number: int = 0) -> Touched:
        gone = [each for each in self.facts if each["topic"] == topic][number]
        self.data["facts"] = [each for each in self.facts if each is not gone]
        return self

    def leave_out_stream(self, topic: str) -> Touched:
        gone = next(each["stream"] for each in self.facts if each["topic"] == topic)
        self.data["facts"] = [each for each in self.facts if each["stream"] != gone]
        return self

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(self.data), encoding="utf-8")

    @property
    def book(self) -> Passbook:
        return Passbook.model_validate(self.data)

    @property
    def figures(self) -> list[Figure]:
        """What the facts come to, as if the log vouched for all of them."""
        return derived(self.book)

    @property
    def verdict(self) -> Verdict:
        return worst(self.figures)

    def wrong(self) -> set[str]:
        """The kinds of figures that are not the same."""
        return {each.what.value for each in self.figures if each.verdict is not Verdict.SAME}
