"""Who is told how many completed a micro-class or answered a push."""

from __future__ import annotations

from tests.acting import SCHOOL, STARTS
from tests.api.desk import Desk
from tests.api.earning.test_studies import publish, send


def test_above_the_school_few_are_not_counted(desk: Desk) -> None:
    desk.clock.move_to(STARTS)
    publish(desk)
    send(desk)
    for name, count in (("micro-classes", "completed"), ("pushes", "answered")):
        address = f"/api/v1/schools/{SCHOOL}/{name}"
        found = {
            asker: desk.browser(asker).get(address).json()[name.replace("-", "_")][0][count]
            for asker in ("coordinator", "district_officer")
        }
        assert found == {"coordinator": 0, "district_officer": None}
    page = f"/staff/studies/{SCHOOL}"
    assert desk.browser("district_officer").get(page).text.count("不足10，不显示") == 2
    assert "不足10" not in desk.browser("coordinator").get(page).text
