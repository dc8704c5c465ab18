"""A school's name with or without its district."""

from __future__ import annotations

from domain.districts import DISTRICTS

_CITY = "广州"


def district_name(code: str) -> str:
    """Give `广州市越秀区`, or nothing for a district of another city."""
    return DISTRICTS.get(code, "")


def formal_name(school_name: str, district_code: str) -> str:
    """Give the name as certificates print it: the district goes before it unless the city does."""
    if school_name.startswith(_CITY):
        return school_name
    return district_name(district_code) + school_name


def brief_name(school_name: str, district_code: str) -> str:
    """Leave out the district, which the certificate's number tells: `formal_name` undoes it."""
    rest = school_name.removeprefix(district_name(district_code))
    return school_name if rest.startswith(_CITY) else rest
