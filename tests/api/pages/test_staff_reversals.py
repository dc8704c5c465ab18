"""The report of reversals: who, why, how late, with what effect; by school and by person (P6.4)."""

from __future__ import annotations

import re
from datetime import timedelta

from api.access.record_codes import learner_code
from tests.acting import DISTRICT
from tests.api.desk import Desk

REPORT = f"/staff/districts/{DISTRICT}/reversals"


def cells(page: str, heading: str) -> list[list[str]]:
    """The rows of the table under a heading, as plain text."""
    table = page[page.index(f'id="{heading}"') :].split("</table>", maxsplit=1)[0]
    rows = re.findall(r"<tr><td>(.*?)</tr>", table, re.DOTALL)
    return [[re.sub(r"<[^>]*>", " ", cell).strip() for cell in row.split("<td")] for row in rows]


def test_a_reversal_is_told_with_who_why_how_late_and_effect(desk: Desk) -> None:
    desk.attested()
    desk.clock.move_to(desk.clock.at + timedelta(days=6))
    desk.put_right(45)
    auditor = desk.browser("auditor")

    page = auditor.get(REPORT).text

    [school] = cells(page, "h-schools")
    assert [school[0][:4], *(cell.split(">")[-1].strip() for cell in school[1:])] == [
        "示例小学", "2", "1", "50%", "2.00",
    ]  # fmt: skip
    [person] = cells(page, "h-persons")
    assert re.match(r"家长学校管理员 +S[0-9A-Z]{3}-", person[0])
    [line] = cells(page, "h-lines")
    told = " ".join(line)
    for words in ("读懂孩子的情绪", "家长学校管理员", "录入有误", ">6", "-2.00", "1.00",
                  learner_code(desk.pilot.learners[0])):  # fmt: skip
        assert words in told
    assert "陈" not in page

    [position] = re.findall(r"#f-(\d+)", page)
    assert f'id="f-{position}"' in auditor.get(
        f"/staff/facts/{desk.pilot.learners[0]}?at={position}"
    ).text  # fmt: skip
    [correction] = re.findall(r"/staff/corrections/of/[0-9a-f-]+", page)
    assert "录入有误" in auditor.get(correction).text
    assert "没有冲正。" in auditor.get(f"{REPORT}?school=4401040003").text
    assert REPORT in auditor.get(f"/staff/districts/{DISTRICT}/compliance").text


def test_a_term_without_reversals_says_so_to_those_who_may_ask(desk: Desk) -> None:
    assert "没有冲正。" in desk.browser("district_officer").get(REPORT).text
    for asker in ("auditor_elsewhere", "coordinator", "head", "operator"):
        assert desk.browser(asker).get(REPORT).status_code == 403
