"""The city brings the holidays of a year as a file: a short one wipes nothing unasked."""

from __future__ import annotations

import re

import pytest
from httpx2 import Response

from api.language.catalogue import Language, translate
from tests.api.desk import Desk

WHOLE = "日期,类型\n2026-10-01,休\n2026-10-02,休\n2026-10-10,班\n"
SHORT = "日期,类型\n2026-10-01,休\n2026-10-11,班\n"


def bring(desk: Desk, content: str, **ticked: str) -> Response:
    files = {"file": ("2026.csv", content.encode())}
    city = desk.browser("city_administrator")
    return city.post("/staff/calendar/import", files=files, data=ticked, follow_redirects=False)


def tick(asked: Response) -> str:
    """What the box of a page stands for."""
    [box] = re.findall(r'name="may_drop" value="([0-9a-f]{64})"', asked.text)
    return str(box)


def test_a_file_that_leaves_out_published_days_is_asked_about_once(desk: Desk) -> None:
    assert bring(desk, WHOLE).status_code == 303
    asked = bring(desk, SHORT)
    assert asked.status_code == 409
    assert "2026-10-02" in asked.text
    assert "2026-10-10" in asked.text
    assert asked.text.index("2026-10-02") < asked.text.index("放假</h2>")
    published = desk.runtime.book.calendars.year(2026)
    assert published is not None
    assert published.revision == 1

    assert bring(desk, SHORT, may_drop=tick(asked)).status_code == 303
    assert desk.browser("nobody").get("/api/v1/calendar/2026").json()["revision"] == 2


def test_the_tick_holds_for_the_file_and_the_days_that_were_shown_and_for_no_other(
    desk: Desk,
) -> None:
    city = desk.browser("city_administrator")
    assert "may_drop" not in city.get("/staff/calendar?year=2026").text
    bring(desk, WHOLE)
    ticked = tick(bring(desk, SHORT))

    assert bring(desk, "日期,类型\n2026-10-11,班\n", may_drop=ticked).status_code == 409
    assert bring(desk, SHORT, may_drop="true").status_code == 409
    bring(desk, f"{WHOLE}2026-10-03,休\n")
    again = bring(desk, SHORT, may_drop=ticked)
    assert again.status_code == 409
    assert "2026-10-03" in again.text
    assert bring(desk, SHORT, may_drop=tick(again)).status_code == 303


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2026-10-01,班", "这一天写了两次"),
        ("2027-01-01,休", "一个文件只写一年的日子"),
        ("2026-10-12,班", "这天不是周末，本来就上班"),
        ("2026-10-12,半天", "类型写“休”或“班”"),
    ],
)
def test_what_a_row_may_not_be_is_said_in_words(desk: Desk, row: str, words: str) -> None:
    told = bring(desk, f"日期,类型\n2026-10-01,休\n{row}\n")
    assert told.status_code == 422
    assert "第 3 行" in told.text
    assert words in told.text
    assert translate(Language.ENGLISH, words) != words
