"""Figures with the basis they stand on, and how a tree of groups is walked to show each of them."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple, cast

from pydantic import BaseModel, ConfigDict


class Unit(StrEnum):
    """What a figure counts. Hours (学时) and class hours (课时) are hundredths."""

    HOURS = "hours"
    CLASS_HOURS = "class_hours"
    PERCENT = "percent"
    SECONDS = "seconds"
    MINUTES = "minutes"
    CLOCK_HOURS = "clock_hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    YEARS = "years"
    MARKS = "marks"


class Figure(NamedTuple):
    """One figure as pages show it: what it is, its basis, and what it counts, if anything."""

    ref: str
    value: object
    basis: str
    unit: Unit | None = None


class Group(BaseModel):
    """Figures that belong together. A group without a basis stands on that of the outer group.

    `basis` begins with SEED, SEED-SOFT, LAW, PRACTICE or LOCAL and names the clause or the reason;
    `basis_of` names the figures of the group that stand on something else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    basis: str = ""
    basis_of: dict[str, str] = {}

    def figures_under(self, ref: str, inherited: str) -> Iterator[Figure]:
        """The group's figures; one that is not set (no cap, no such condition) is no figure."""
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if name not in Group.model_fields and value != field.default:
                basis = self.basis_of.get(name) or self.basis or inherited
                unit = next((mark for mark in field.metadata if isinstance(mark, Unit)), None)
                yield from figures_in(f"{ref}.{name}", value, basis, unit)


def figures_in(
    ref: str, value: object, basis: str = "", unit: Unit | None = None
) -> Iterator[Figure]:
    """Walk groups and tables of groups; whatever is neither is a figure."""
    if isinstance(value, Group):
        yield from value.figures_under(ref, basis)
    elif isinstance(value, dict):
        for key, inner in cast("dict[str, object]", value).items():
            yield from figures_in(f"{ref}.{key}", inner, basis, unit)
    else:
        yield Figure(ref, value, basis, unit)
