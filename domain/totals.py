"""Totals of credits: what an evaluation, a statement or a certificate adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.crediting import Credit
from domain.rulebook import Rulebook

THEME_ACTIVITY = "theme_activity"
PARENT_LECTURER = "parent_lecturer"
EXTERNAL = "external_recognised"
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Totals:
    """Hours, and how they were earned. `external` ones were recognised from elsewhere."""

    hours: int
    face_to_face: int
    families: Mapping[str, int]  # how many credits of each course family
    theme_activities: int
    shares: int
    external: int
    external_face_to_face: int

    @classmethod
    def of(cls, credits: Iterable[Credit]) -> Totals:
        lines = tuple(credits)
        return cls(
            hours=sum(line.hours for line in lines),
            face_to_face=sum(line.hours for line in lines if line.face_to_face),
            families=Counter(line.family for line in lines),
            theme_activities=sum(line.mode == THEME_ACTIVITY for line in lines),
            shares=sum(line.mode == PARENT_LECTURER for line in lines),
            external=sum(line.hours for line in lines if line.mode == EXTERNAL),
            external_face_to_face=sum(
                line.hours for line in lines if line.mode == EXTERNAL and line.face_to_face
            ),
        )

    @property
    def online(self) -> int:
        return self.hours - self.face_to_face

    def counted(self, rulebook: Rulebook, requirement: int | None = None) -> int:
        """Hours that count where so many are asked for (None: where none are).

        Two shares bind, one after the other: what was recognised from elsewhere makes at most its
        share of what is asked for; then online hours, recognised ones among them, make at most
        theirs of what counts. Nothing else that keeps both shares is more.
        """
        in_person, online = self._within_share(rulebook, requirement)
        percent = rulebook.no_double_credit.online_max_percent
        if percent >= _WHOLE:
            return in_person + online
        return in_person + min(online, in_person * percent // (_WHOLE - percent))

    def in_person(self, rulebook: Rulebook, requirement: int | None = None) -> int:
        """Hours in person that count where so many are asked for (None: where none are)."""
        in_person, _ = self._within_share(rulebook, requirement)
        return in_person

    def _within_share(self, rulebook: Rulebook, requirement: int | None) -> tuple[int, int]:
        """Hours in person and online, without what was recognised beyond its share.

        Recognised hours in person are counted first: each of them makes room for one online.
        """
        if requirement is None:
            return self.face_to_face, self.online
        room = requirement * rulebook.external.max_percent_of_requirement // _WHOLE
        external_online = self.external - self.external_face_to_face
        in_person = min(self.external_face_to_face, room)
        return (
            self.face_to_face - self.external_face_to_face + in_person,
            self.online - external_online + min(external_online, room - in_person),
        )
