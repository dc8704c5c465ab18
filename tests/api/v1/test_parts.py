"""Long lists of corrections, cases and irregularities: asked for part by part, cut on pages."""

from __future__ import annotations

from typing import Any, LiteralString
from uuid import UUID

import pytest

from api.pages import paging
from tests.acting import DISTRICT, SCHOOL
from tests.api.desk import Desk

# Five of each, three of them at the same moment, and of each of those a second list.
IRREGULARITIES: LiteralString = """
INSERT INTO irregularity (irregularity_id, rule, rules_version, school_code, term, session_ids,
    learner_ids, staff_ids, score, facts, flagged_at, answer_until, stands, heard, corrections,
    decided_at)
SELECT gen_random_uuid(), 'same_phone', '1', %(school)s, '2026-1', '{}', '{}', '{}', n / 3, '{}',
       now(), current_date, stands, '{}', '{}',
       CASE stands WHEN 'cleared' THEN now() + n / 3 * interval '1 day' END
  FROM generate_series(1, 5) AS n, (VALUES ('flagged'), ('cleared')) AS them (stands)
"""
CASES: LiteralString = """
INSERT INTO case_file (case_id, kind, learner_id, school_code, term, subject_kind, subject_id,
    reason_code, stands, opened_at, due, due_estimated, acknowledged, corrections, ended_at)
SELECT gen_random_uuid(), 'appeal', gen_random_uuid(), %(school)s, '2026-1', 'attendance',
       gen_random_uuid(), 'there_longer', stands, now(), current_date + n / 3, false, true, '{}',
       CASE stands WHEN 'reviewed' THEN now() + n / 3 * interval '1 day' END
  FROM generate_series(1, 5) AS n, (VALUES ('escalated'), ('reviewed')) AS them (stands)
"""
CORRECTIONS: LiteralString = """
INSERT INTO correction (correction_id, kind, school_code, effective_term, "order", second, sha256,
    counts, state, proposed_by, proposed_at)
SELECT gen_random_uuid(), 'attendance', %(school)s, '2026-1', '{}', 'colleague', repeat('0', 64),
       '{}', stands, gen_random_uuid(), now() + n / 3 * interval '1 day'
  FROM generate_series(1, 5) AS n, (VALUES ('waiting'), ('applied')) AS them (stands)
"""
SCHOOLS, DISTRICTS = f"/api/v1/schools/{SCHOOL}", f"/api/v1/districts/{DISTRICT}"
ABOVE = f"/staff/districts/{DISTRICT}"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    with desk.runtime.views.transaction() as tx:
        for statement in (IRREGULARITIES, CASES, CORRECTIONS):
            tx.execute(statement, {"school": SCHOOL})
    return desk


def got(desk: Desk, path: str, **asked: object) -> dict[str, Any]:
    who = "district_officer" if "/districts/" in path else "head"
    answer = desk.browser(who).get(path, params={k: str(v) for k, v in asked.items()})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("path", "name", "after", "following"),
    [
        (f"{SCHOOLS}/corrections", "corrections", "after", "next_after"),
        ("/api/v1/corrections", "corrections", "after", "next_after"),
        (f"{SCHOOLS}/cases", "open", "after_open", "next_open"),
        (f"{SCHOOLS}/cases", "ended", "after_ended", "next_ended"),
        (f"{DISTRICTS}/cases", "open", "after_open", "next_open"),
        (f"{DISTRICTS}/cases", "ended", "after_ended", "next_ended"),
        (f"{SCHOOLS}/irregularities", "waiting", "after_waiting", "next_waiting"),
        (f"{DISTRICTS}/irregularities", "decided", "after_decided", "next_decided"),
    ],
)
def test_the_parts_of_a_list_are_the_list_each_row_once_and_in_order(
    desk: Desk, path: str, name: str, after: str, following: str
) -> None:
    whole = got(desk, path)
    assert len(whole[name]) >= 5
    assert whole[following] is None

    parts, asked = list[Any](), dict[str, object]()
    for _ in whole[name]:
        part = got(desk, path, limit=2, **asked)
        assert len(part[name]) <= 2
        parts += part[name]
        if part[following] is None:
            break
        asked = {after: part[following]}
    assert parts == whole[name]


@pytest.mark.parametrize(
    ("path", "name", "leaves"),
    [
        (f"{SCHOOLS}/irregularities", "waiting",
         "UPDATE irregularity SET stands = 'cleared' WHERE irregularity_id = %s"),
        (f"{DISTRICTS}/cases", "open",
         "UPDATE case_file SET stands = 'reviewed', ended_at = now() WHERE case_id = %s"),
        (f"{SCHOOLS}/cases", "ended",
         "UPDATE case_file SET stands = 'escalated', ended_at = NULL WHERE case_id = %s"),
    ],
)  # fmt: skip
def test_what_follows_a_row_that_left_the_list_follows_it_still(
    desk: Desk, path: str, name: str, leaves: LiteralString
) -> None:
    whole = got(desk, path)[name]
    assert left_behind(desk, path, name, leaves)[-len(whole[2:]) :] == whole[2:]


def test_what_follows_a_case_is_told_though_it_waits_longer_since(desk: Desk) -> None:
    path, longer = f"{SCHOOLS}/cases", "UPDATE case_file SET due = due + 30 WHERE case_id = %s"
    whole = [each["case_id"] for each in got(desk, path)["open"]]

    found = [each["case_id"] for each in left_behind(desk, path, "open", longer)]

    assert found == [*whole[2:], whole[1]]


def test_what_follows_a_case_may_be_asked_for_by_its_id_alone(desk: Desk) -> None:
    whole = got(desk, f"{SCHOOLS}/cases")["open"]
    assert got(desk, f"{SCHOOLS}/cases", after_open=whole[1]["case_id"])["open"] == whole[2:]


@pytest.mark.parametrize("after", ["2026-02-30_{id}", "_{id}", "2026-09-30_", "2026-09-30"])
def test_no_part_follows_what_is_no_place_in_a_list(desk: Desk, after: str) -> None:
    asked = {"after_open": after.format(id=UUID(int=1))}
    assert desk.browser("head").get(f"{SCHOOLS}/cases", params=asked).status_code == 400


def left_behind(desk: Desk, path: str, name: str, happens: LiteralString) -> list[dict[str, Any]]:
    """What follows the first two rows of a list, when something happened to the second."""
    part = got(desk, path, limit=2)
    last = next(value for key, value in part[name][-1].items() if key.endswith("_id"))
    with desk.runtime.views.transaction() as tx:
        tx.execute(happens, (last,))
    found: list[dict[str, Any]] = got(desk, path, **{f"after_{name}": part[f"next_{name}"]})[name]
    return found


@pytest.mark.parametrize("limit", [0, 501])
def test_no_part_is_empty_or_without_end(desk: Desk, limit: int) -> None:
    answer = desk.browser("head").get(f"{SCHOOLS}/corrections?limit={limit}")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("path", "address", "numbers"),
    [
        (f"/staff/corrections/{SCHOOL}", "/staff/corrections/of/", "page"),
        ("/staff/corrections", "/staff/corrections/of/", "page"),
        (f"/staff/cases/{SCHOOL}", "/staff/cases/of/", "page ended"),
        (f"{ABOVE}/cases", "/staff/cases/of/", "page ended"),
        (f"/staff/irregularities/{SCHOOL}", "/staff/irregularities/of/", "page decided"),
        (f"{ABOVE}/irregularities", "/staff/irregularities/of/", "page decided"),
    ],
)  # fmt: skip
def test_the_pages_of_the_staff_show_each_row_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, path: str, address: str, numbers: str
) -> None:
    browser = desk.browser("district_officer" if "/districts/" in path else "head")

    def links(number: int) -> set[str]:
        asked = "&".join(f"{name}={number}" for name in numbers.split())
        text = browser.get(f"{path}?{asked}").text
        return {each.split('"')[0] for each in text.split(f'href="{address}')[1:]}

    whole = links(1)
    monkeypatch.setattr(paging, "ON_A_PAGE", 2)
    pages = [links(number) for number in (1, 2, 3, 4, 5)]

    assert whole == set().union(*pages)
    assert max(map(len, pages)) <= 2 * len(numbers.split())
