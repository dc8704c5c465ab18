"""Totals of credits: what an evaluation, a statement or a certificate adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.crediting import Credit

THEME_ACTIVITY = "theme_activity"
PARENT_LECTURER = "parent_lecturer"
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Totals:
    """Hours, and how they were earned."""

    hours: int
    face_to_face: int
    families: Mapping[str, int]  # how many credits of each course family
    theme_activities: int
    shares: int

    @classmethod
    def of(cls, credits: Iterable[Credit]) -> Totals:
        lines = tuple(credits)
        return cls(
            hours=sum(line.hours for line in lines),
            face_to_face=sum(line.hours for line in lines if line.face_to_face),
            families=Counter(line.family for line in lines),
            theme_activities=sum(line.mode == THEME_ACTIVITY for line in lines),
            shares=sum(line.mode == PARENT_LECTURER for line in lines),
        )

    @property
    def online(self) -> int:
        return self.hours - self.face_to_face

    def counted(self, online_max_percent: int) -> int:
        """Hours that count for a completion or star: online ones are at most so much of them."""
        if online_max_percent >= _WHOLE:
            return self.hours
        room = self.face_to_face * online_max_percent // (_WHOLE - online_max_percent)
        return self.face_to_face + min(self.online, room)
