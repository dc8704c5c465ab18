"""Coverage as it is shown: parent schools established, households reached, nobody recognisable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api.access.policy import CITY
from api.bootstrap import Runtime
from domain.calendar import CITY_ZONE, local_day
from domain.suppressing import (
    Share,
    hidden_rows,
    shown,
    sums_beside,
    total_of,
    without_small,
)
from projections.schools import School, standing_on


@dataclass(frozen=True)
class Reached:
    """A school's households; None where fewer than ten would be told."""

    school: School
    enrolled: int | None
    reached: int | None


@dataclass(frozen=True)
class Covered:
    """The schools of a district (or the city) by code, and all of them together."""

    schools: list[Reached]
    missing: list[School]
    enrolled: int | None
    reached: int | None


def coverage_of(
    runtime: Runtime, district_code: str, school_year: int, as_of: date | None
) -> Covered:
    """As of a day's end, or now: of whom is enrolled by then, without empty schools merged away."""
    models = runtime.models
    known = models.schools.schools(None if district_code == CITY else district_code)
    found = models.households.of_schools([s.school_code for s in known], school_year, as_of)
    schools = standing_on(known, as_of or local_day(runtime.now(), CITY_ZONE), found)
    shares = {
        code: Share(found[code].reached, found[code].enrolled) if code in found else Share(0, 0)
        for code in (school.school_code for school in schools)
    }
    public, total = without_small(shares), total_of(shares)
    sizes = {code: (share.whole,) for code, share in shares.items()}
    few, all_of = hidden_rows(sizes), sums_beside(sizes)
    return Covered(
        schools=[
            Reached(
                school,
                None if code in few else shown(shares[code].whole),
                share.part if share else None,
            )
            for school, (code, share) in zip(schools, public.items(), strict=True)
        ],
        missing=[school for school in schools if school.established_on is None],
        enrolled=shown(all_of[0]) if all_of else None,
        reached=total.part if total else None,
    )
