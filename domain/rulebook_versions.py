"""The name of composed rules: the city's version, and each supplement that was laid over it."""

from __future__ import annotations

from typing import NamedTuple, Self


class Versions(NamedTuple):
    """`2026.1+440104:2027.1+4401040001:1`, taken apart. A level that set nothing is empty."""

    city: str
    supplements: tuple[tuple[str, str], ...] = ()  # organisation and its version, in order

    @classmethod
    def named(cls, name: str) -> Self:
        city, *labels = name.split("+")
        parts = (label.partition(":") for label in labels)
        return cls(city, tuple((organisation, version) for organisation, _, version in parts))

    def of(self, organisation: str) -> str:
        """The version that a place's own rules had in it; the city is the empty place."""
        return dict(self.supplements).get(organisation, "") if organisation else self.city
