"""The districts of Guangzhou by their codes (GB/T 2260), and what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from domain.refusals import Refused

DISTRICTS: Final[Mapping[str, str]] = MappingProxyType(
    {
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
)


class UnknownDistrict(Refused):
    """No district of the city has that code."""

    code = "district_unknown"
