"""What organisations are called on a page: schools by name, districts, the city."""

from __future__ import annotations

from api.access.policy import CITY
from api.bootstrap import Runtime
from certificates.districts import district_name


def organisation_names(runtime: Runtime) -> dict[str, str]:
    """By code: every school and the districts they lie in; the city is 全市."""
    schools = runtime.models.schools.schools()
    districts = {each.district_code for each in schools}
    return {
        CITY: "全市",
        **{code: district_name(code) or code for code in districts},
        **{each.school_code: each.name for each in schools},
    }
