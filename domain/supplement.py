"""A supplement: what a district or a school sets for itself where the level above leaves room.

City before district before school. A supplement is sparse: a figure's reference and its value.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, cast

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from domain.contradictions import Contradiction, contradictions
from domain.figures import Group
from domain.rulebook import Rulebook
from domain.rulebook_refusals import RulebookContradicts, RulebookOutsideMargins


class RuleLevel(StrEnum):
    """Who sets rules: the city all of them, a district and a school what is left open."""

    CITY = "city"
    DISTRICT = "district"
    SCHOOL = "school"


class Supplement(BaseModel):
    """One version of what a district or school sets. Without figures it sets nothing any more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rulebook_id: str
    version: str
    title: str
    level: RuleLevel
    organisation: str
    effective_from: date
    figures: dict[str, JsonValue]
    basis: str = "LOCAL"
    basis_of: dict[str, str] = {}

    @property
    def label(self) -> str:
        """How the name of composed rules says that this supplement was laid over them."""
        return f"{self.organisation}:{self.version}"

    def as_data(self) -> dict[str, JsonValue]:
        return self.model_dump(mode="json", exclude_defaults=True)


class Composed(NamedTuple):
    """The rules of a place: the city's with what was laid over, and which figures that were."""

    rulebook: Rulebook
    laid: frozenset[str] = frozenset()

    def is_open(self, ref: str, level: RuleLevel) -> bool:
        """Whether a level may set a figure: in its margin, and not set by the level above."""
        margins = self.rulebook.margins
        patterns = margins.district if level is RuleLevel.DISTRICT else margins.school
        return ref not in self.laid and any(_matches(pattern, ref) for pattern in patterns)

    def add(self, supplement: Supplement) -> Composed:
        """Lay a new supplement over. Raises RulebookOutsideMargins, RulebookContradicts."""
        level = supplement.level
        if outside := [ref for ref in supplement.figures if not self.is_open(ref, level)]:
            raise RulebookOutsideMargins(refs=tuple(outside))
        laid = self.recall(supplement)
        if reasons := contradictions(laid.rulebook):
            raise RulebookContradicts(reasons=reasons)
        return laid

    def lay(self, supplement: Supplement) -> Composed:
        """Lay a published one over: what is no longer open falls away, a contradiction wholly."""
        try:
            laid = self.recall(supplement)
        except RulebookContradicts:
            return self
        return self if contradictions(laid.rulebook) else laid

    def recall(self, supplement: Supplement) -> Composed:
        """The same for rules that were in force once: what they say is not judged again."""
        level, version = supplement.level, f"{self.rulebook.version}+{supplement.label}"
        figures = {r: v for r, v in supplement.figures.items() if self.is_open(r, level)}
        if not figures:
            return self
        rules = self.rulebook.model_dump(mode="json") | {"version": version}
        wrong = [ref for ref, value in figures.items() if not _set(rules, ref, value, supplement)]
        if wrong:
            raise RulebookContradicts(
                reasons=tuple(Contradiction("rule_unknown", r) for r in wrong)
            )
        return Composed(read_rulebook(json.dumps(rules)), self.laid | figures.keys())


def read_rulebook(text: str | bytes) -> Rulebook:
    """A whole rulebook from JSON. Raises RulebookContradicts with the path of each error."""
    try:
        return Rulebook.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise RulebookContradicts(reasons=tuple(_reasons(error))) from None


def read_supplement(text: str | bytes) -> Supplement:
    """A supplement from JSON. Raises RulebookContradicts with the path of each error."""
    try:
        return Supplement.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise RulebookContradicts(reasons=tuple(_reasons(error))) from None


_CODES = {"missing": "figure_missing", "extra_forbidden": "rule_unknown", "json_invalid": "no_json"}


def _reasons(error: ValidationError) -> Iterable[Contradiction]:
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        code = _CODES.get(each["type"], "value_malformed")
        yield Contradiction(code, ".".join(map(str, each["loc"])))


def _matches(pattern: str, ref: str) -> bool:
    return ref == pattern or (pattern.endswith(".*") and ref.startswith(pattern[:-1]))


def _set(rules: dict[str, Any], ref: str, value: JsonValue, supplement: Supplement) -> bool:
    """Put a figure with its basis into the rules; False where there is no place for it."""
    *path, name = ref.split(".")
    node, group, field = rules, rules, ""
    for step in path:
        inner = node.get(step)
        if not isinstance(inner, dict):
            return False
        node = cast("dict[str, Any]", inner)
        group, field = (node, "") if "basis_of" in node else (group, field or step)
    if "basis_of" not in group or name in Group.model_fields:
        return False
    node[name] = value
    group["basis_of"][field or name] = supplement.basis_of.get(ref, supplement.basis)
    return True
