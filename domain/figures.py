"""Figures with the basis they stand on, and how a tree of groups is walked to show each of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

from pydantic import BaseModel, ConfigDict


class Figure(NamedTuple):
    """One figure as pages show it: what it is, and on what it stands."""

    ref: str
    value: object
    basis: str


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
                yield from figures_in(f"{ref}.{name}", value, basis)


def figures_in(ref: str, value: object, basis: str = "") -> Iterator[Figure]:
    """Walk groups and tables of groups; whatever is neither is a figure."""
    if isinstance(value, Group):
        yield from value.figures_under(ref, basis)
    elif isinstance(value, dict):
        for key, inner in cast("dict[str, object]", value).items():
            yield from figures_in(f"{ref}.{key}", inner, basis)
    else:
        yield Figure(ref, value, basis)
