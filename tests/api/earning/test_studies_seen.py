"""Who is told how many completed a micro-class or answered a push, and what is over."""

from __future__ import annotations

from datetime import UTC, date, datetime

from domain.calendar import Term
from tests.acting import SCHOOL, STARTS, envelope
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


def test_what_is_of_an_earlier_year_or_term_is_offered_no_more(desk: Desk) -> None:
    desk.until = date(2028, 8, 31)
    desk.clock.move_to(STARTS)
    micro_class, push = publish(desk), send(desk)
    term = Term(school_year=2027, term_no=1, begins=date(2027, 9, 1), ends=date(2028, 1, 31))
    desk.runtime.book.registry.open_term(term, envelope())
    desk.clock.move_to(datetime(2027, 10, 1, 3, tzinfo=UTC))
    parent = desk.browser("parent")

    offers = parent.get("/api/v1/me/studies").json()
    assert (offers["micro_classes"], offers["pushes"]) == ([], [])
    assert parent.get(f"/api/v1/me/micro-classes/{micro_class}").json()["earns"] is None
    page = parent.get(f"/me/micro-classes/{micro_class}").text
    assert "这节微课是别的学年的，不再计学时。" in page
    assert "/quiz" not in page
    told = parent.post(f"/me/pushes/{push}/answers", data={"choice": "0"})
    assert told.status_code == 409
    assert "这条推送属于别的学期，不再计学时。" in told.text
