"""A school's name keeps its meaning with and without its district."""

from __future__ import annotations

import pytest

from certificates.districts import brief_name, district_name, formal_name


@pytest.mark.parametrize(
    ("registered", "brief", "formal"),
    [
        ("示例小学", "示例小学", "广州市越秀区示例小学"),
        ("广州市越秀区示例小学", "示例小学", "广州市越秀区示例小学"),
        ("广州市示例中学", "广州市示例中学", "广州市示例中学"),
        ("广州市越秀区广州示例学校", "广州市越秀区广州示例学校", "广州市越秀区广州示例学校"),
    ],
)
def test_the_brief_name_prints_like_the_registered_one(
    registered: str, brief: str, formal: str
) -> None:
    assert brief_name(registered, "440104") == brief
    assert formal_name(registered, "440104") == formal
    assert formal_name(brief, "440104") == formal


def test_a_district_elsewhere_has_no_name_here() -> None:
    assert district_name("110101") == ""
    assert formal_name("示例小学", "110101") == "示例小学"
