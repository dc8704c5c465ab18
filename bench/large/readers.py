"""Who reads on a kept set: anybody of its people by chance, signed in as the program would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from random import Random
from typing import Any
from uuid import UUID

from api.access.cookies import CookieKind
from api.access.record_codes import learner_code
from api.certificate_documents import check_code_of
from bench.city import city
from bench.data import ISSUING, officer_of
from bench.district import Institution, Size
from bench.ground import Ground
from bench.making import Plan, district
from bench.people import families, staff_id_of
from domain.envelope import Role
from domain.term_plan import TermPlan


@dataclass(frozen=True)
class Look:
    """An address and the cookie it is asked with."""

    path: str
    cookie: str = ""


class Readers:
    """The people of one set; the same seed asks for the same of them."""

    def __init__(self, ground: Ground, name: str, size: Size, seed: int) -> None:
        self.ground = ground
        self.plan: Plan = district(size) if name == "district" else city(size)
        self.chance = Random(seed)
        self.places = list(self.plan.institutions())

    def parent(self, path: str) -> Look:
        """A parent's own page, on a phone of theirs."""
        learner_id = self._learner(self.chance.choice(self.places))
        new = self._logins.begin_device(learner_id, self._now, confirmed=True)
        return Look(path, self._cookie(CookieKind.DEVICE, new.token))

    def of_session(self, path: str) -> Look:
        """A session of a school, by its coordinator."""
        place = self.chance.choice(self.places)
        return Look(path.format(self._session(place)), self._staff(place))

    def of_learner(self, path: str) -> Look:
        place = self.chance.choice(self.places)
        return Look(path.format(self._learner(place)), self._staff(place))

    def by_code(self, path: str) -> Look:
        place = self.chance.choice(self.places)
        return Look(path.format(learner_code(self._learner(place))), self._staff(place))

    def of_school(self, path: str) -> Look:
        place = self.chance.choice(self.places)
        return Look(path.format(place.school_code), self._staff(place))

    def of_district(self, path: str) -> Look:
        """A district, by its officer."""
        code = self.chance.choice(self._districts)
        new = self._logins.begin_staff(officer_of(code), self._now)
        return Look(path.format(code), self._cookie(CookieKind.STAFF, new.token))

    def of_certificate(self, path: str) -> Look:
        """A certificate with its check code, by anybody."""
        number = self.chance.choice(self._numbers)
        return Look(path.format(number, check_code_of(self.ground.runtime, number)))

    @property
    def _logins(self) -> Any:
        return self.ground.runtime.logins

    @property
    def _now(self) -> datetime:
        return datetime.now(UTC)

    @cached_property
    def _districts(self) -> list[str]:
        return sorted({place.district for place in self.places})

    @cached_property
    def _numbers(self) -> list[str]:
        """Of the schools that have issued any."""
        register = self.ground.runtime.models.certificates
        found = [register.certificates_of(place.school_code) for place in self.places[:ISSUING]]
        return [each.number for some in found for each in some]

    def _learner(self, place: Institution) -> UUID:
        known = families(self.plan.size.seed, place, self.plan.size.families)
        return self.chance.choice(known).learner_id

    def _session(self, place: Institution) -> UUID:
        key = TermPlan.create_id(place.school_code, 2025, self.chance.choice((1, 2)))
        found = self.ground.runtime.book.ledger.find(TermPlan, key)
        assert found is not None
        return self.chance.choice(list(found.sessions.values()))

    def _staff(self, place: Institution) -> str:
        person = staff_id_of(self.plan.size.seed, place, Role.COORDINATOR)
        new = self._logins.begin_staff(person, self._now)
        return self._cookie(CookieKind.STAFF, new.token)

    def _cookie(self, kind: CookieKind, token: str) -> str:
        return f"{self.ground.runtime.cookies.name(kind)}={token}"


Asked = Callable[[Readers], Look]
