"""What organisations are called on a page: schools by name, districts, the city."""

from __future__ import annotations

from collections.abc import Iterable

from api.access.policy import CITY
from api.bootstrap import Runtime
from certificates.districts import district_name


def organisation_names(runtime: Runtime, codes: Iterable[str]) -> dict[str, str]:
    """Of these codes those that have a name; the city is 全市."""
    wanted = set(codes)
    districts = {code: name for code in wanted if (name := district_name(code))}
    schools = {each.school_code: each.name for each in runtime.models.schools.of_codes(wanted)}
    return {CITY: "全市", **districts, **schools}
