"""The eleven districts of Guangzhou, and a school's name with or without its district."""

from __future__ import annotations

_CITY = "广州"
_DISTRICTS = {
    "440103": "广州市荔湾区",
    "440104": "广州市越秀区",
    "440105": "广州市海珠区",
    "440106": "广州市天河区",
    "440111": "广州市白云区",
    "440112": "广州市黄埔区",
    "440113": "广州市番禺区",
    "440114": "广州市花都区",
    "440115": "广州市南沙区",
    "440117": "广州市从化区",
    "440118": "广州市增城区",
}


def district_name(code: str) -> str:
    """Give `广州市越秀区`, or nothing for a district of another city."""
    return _DISTRICTS.get(code, "")


def formal_name(school_name: str, district_code: str) -> str:
    """Give the name as certificates print it: the district goes before it unless the city does."""
    if school_name.startswith(_CITY):
        return school_name
    return district_name(district_code) + school_name


def brief_name(school_name: str, district_code: str) -> str:
    """Leave out the district, which the certificate's number tells: `formal_name` undoes it."""
    rest = school_name.removeprefix(district_name(district_code))
    return school_name if rest.startswith(_CITY) else rest
