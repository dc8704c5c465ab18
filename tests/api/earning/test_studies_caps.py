"""What study at home counts is said by the rules, and where a cap leaves nothing of it."""

from __future__ import annotations

import pytest

from tests.acting import STARTS
from tests.api.desk import Desk
from tests.api.earning.following import balance, follow
from tests.api.earning.test_studies import pass_seconds, publish, send, watch

FULL = "本学期的 1 学时已经计满，再完成的不计学时"


@pytest.fixture(autouse=True)
def in_term(desk: Desk) -> None:
    desk.clock.move_to(STARTS)


def test_what_a_push_earns_is_said_before_and_after_the_term_is_full(desk: Desk) -> None:
    parent = desk.browser("parent")
    for number in range(10):
        item = send(desk, title=f"第{number}篇")
        shown = parent.get(f"/me/pushes/{item}").text
        assert "每答对 5 条推送计 0.5 学时。 每学期最多计 1 学时。" in shown
        assert FULL not in shown
        parent.post(f"/me/pushes/{item}/answers", data={"choice": "0"})
        pass_seconds(desk, 1)
    follow(desk)
    assert balance(desk) == 100
    assert FULL in parent.get(f"/me/pushes/{item}").text
    assert FULL in parent.get("/me/studies").text
    in_english = parent.get("/me/studies", headers={"Accept-Language": "en"}).text
    assert "Every 5 items answered right earn 0.5 credit hours." in in_english
    assert parent.get("/api/v1/me/studies").json()["pushes_earn"] == {
        "count": 5, "hours": 50, "cap_per_day": None, "cap_per_term": 100,
        "left": 0, "left_by": "cap_per_term",
    }  # fmt: skip


def test_what_a_micro_class_earns_above_a_cap_is_said_before_and_after(desk: Desk) -> None:
    parent, keys = desk.browser("parent"), [publish(desk, title=f"微课{n}") for n in range(3)]
    for key in keys[:2]:
        assert "今天的 2 学时已经计满" not in parent.get(f"/me/micro-classes/{key}").text
        assert parent.get(f"/api/v1/me/micro-classes/{key}").json()["earns"]["left"] >= 100
        watch(desk, key)
        parent.post(f"/me/micro-classes/{key}/quiz", data={"q0": "0"})
    follow(desk)
    for key in keys[1:]:
        shown = parent.get(f"/me/micro-classes/{key}").text
        assert "每天最多计 2 学时。 每学期最多计 4 学时。 今天的 2 学时已经计满" in shown
        assert parent.get(f"/api/v1/me/micro-classes/{key}").json()["earns"] == {
            "count": 1, "hours": 100, "cap_per_day": 200, "cap_per_term": 400,
            "left": 0, "left_by": "cap_per_day",
        }  # fmt: skip
