"""The presenter's codes and counts: who may have them, and what they are good for."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from domain.envelope import Role
from tests.acting import DISTRICT, ENDS, envelope
from tests.api.parents.conftest import Evening


def paths(evening: Evening) -> list[str]:
    session_id = evening.session_id
    return [
        f"/staff/sessions/{session_id}/present",
        f"/staff/sessions/{session_id}/live",
        f"/api/v1/sessions/{session_id}/codes",
        f"/api/v1/sessions/{session_id}/live",
    ]


def test_the_codes_ahead_last_five_minutes_and_follow_each_other(evening: Evening) -> None:
    found = evening.host_screen().get(paths(evening)[2]).json()
    scanned = found["scanned"]
    assert len(scanned) == 25
    begins = [datetime.fromisoformat(code["begins_at"]) for code in scanned]
    assert {b - a for a, b in pairwise(begins)} == {timedelta(seconds=12)}
    assert begins[0] <= datetime.fromisoformat(found["now"]) < begins[1]
    last = datetime.fromisoformat(found["typed"][-1]["ends_at"])
    assert last - begins[0] >= timedelta(minutes=5)


def test_the_code_has_only_letters_that_make_it_coarse(evening: Evening) -> None:
    [first, *_] = evening.host_screen().get(paths(evening)[2]).json()["scanned"]
    assert set(first["text"]) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ:/.")
    assert first["side"] <= 33 + 8  # version 4: readable from the last row
    assert first["path"].startswith("M4 4h7v1h-7z")


def test_a_code_ahead_is_good_when_its_time_has_come(evening: Evening) -> None:
    scanned = evening.host_screen().get(paths(evening)[2]).json()["scanned"]
    path = scanned[20]["text"].removeprefix("HTTP://127.0.0.1:8000")
    phone = evening.enrolled_phone()
    assert phone.get(path).status_code == 403
    evening.clock.move(timedelta(seconds=20 * 12))
    assert phone.get(path).headers["location"] == "/in"


def test_the_count_rises_with_every_check_in_and_names_nobody(evening: Evening) -> None:
    screen = evening.host_screen()
    count = paths(evening)[3]
    assert screen.get(count).json() == {"standing": "opened", "checked_in": 0, "invited": 3}
    for learner_id in evening.pilot.learners[:2]:
        phone = evening.enrolled_phone(learner_id)
        evening.scan(phone)
        phone.get("/in")
        phone.post("/in")
    evening.settle()
    assert screen.get(count).json() == {"standing": "opened", "checked_in": 2, "invited": 3}
    page = screen.get(paths(evening)[0])
    assert "（示例）" not in page.text


@pytest.mark.parametrize(
    ("role", "organisation"),
    [
        (Role.CLASS_TEACHER, "4401040001"),
        (Role.HEAD, "4401040001"),
        (Role.DISTRICT_OFFICER, DISTRICT),
        (Role.CITY_ADMINISTRATOR, "440100"),
        (Role.HOST, "4401040003"),
        (Role.COORDINATOR, "4401040003"),
    ],
)
def test_only_who_is_on_duty_at_this_school_may_present(
    evening: Evening, role: Role, organisation: str
) -> None:
    screen = evening.host_screen(role, organisation)
    assert {screen.get(path).status_code for path in paths(evening)} == {403}


def test_parents_and_strangers_have_no_codes(evening: Evening) -> None:
    parent, stranger = evening.enrolled_phone(), evening.phone()
    page, stream, *api = paths(evening)
    assert {parent.get(path).status_code for path in paths(evening)} == {403}
    assert {stranger.get(path).status_code for path in api} == {401}
    for path in (page, stream):
        assert stranger.get(path).headers["location"].startswith("/staff/login")


def test_an_unknown_session_looks_like_a_foreign_one(evening: Evening) -> None:
    screen = evening.host_screen()
    assert screen.get(f"/api/v1/sessions/{uuid4()}/codes").status_code == 403


def test_codes_are_shown_while_people_come_or_leave(evening: Evening) -> None:
    evening.clock.move_to(ENDS)
    screen, codes = evening.host_screen(), paths(evening)[2]
    assert screen.get(codes).status_code == 200
    by = envelope(evening.clock.at, Role.HOST)
    evening.runtime.book.sessions.close(evening.session_id, by)
    assert screen.get(codes).status_code == 200
    evening.clock.move(timedelta(minutes=20))
    refused = screen.get(codes)
    assert (refused.status_code, refused.json()["code"]) == (409, "session_not_open")
