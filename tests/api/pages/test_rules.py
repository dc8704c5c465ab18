"""The rules pages: read by anybody, made by officers, two of them, after a dry run."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient

from domain.envelope import Role
from tests.acting import DISTRICT, ENDS, SCHOOL
from tests.api.desk import CITY, Desk
from tests.api.rule_desk import NEXT, an_evening, officer, rules, work

STAFF = f"/staff/rules/{CITY}"


def drafted(desk: Desk, client: TestClient, draft: dict[str, Any], at: str = STAFF) -> str:
    answer = client.post(at, data={"rules": json.dumps(draft)})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def tried(desk: Desk, client: TestClient, edition: str, **form: str) -> str:
    assert client.post(f"{edition}/dry-runs", data=form).status_code == 303
    work(desk)
    return client.get(edition).text


def run_of(page: str) -> str:
    return page.split('<article id="')[1].split('"', maxsplit=1)[0]


def test_anybody_reads_the_rules_and_links_to_each_figure(desk: Desk) -> None:
    nobody = desk.browser("nobody")
    page = nobody.get("/rules").text
    for words in (
        'id="attendance.full_credit_min_percent"', "全部计入所需的在场比例", "75%",
        "地方默认规则，可修改", "依据：广州市协同育人行动计划（2024—2026年）第6项",
    ):  # fmt: skip
        assert words in page
    english = nobody.get("/rules/2026.1?lang=en").text
    assert "Presence for full credit" in english
    assert "Local default, can be changed" in english
    assert nobody.get("/rules/2031.1").status_code == 404


def test_a_statement_links_to_the_rule_it_names(desk: Desk) -> None:
    an_evening(desk)
    page = desk.browser("parent").get("/me/statement").text
    assert '/rules/2026.1#attendance.full_credit_min_percent"' in page


def test_rules_go_from_draft_over_dry_run_to_announcement(desk: Desk) -> None:
    an_evening(desk)
    first, second = officer(desk), officer(desk, 2)
    edition = drafted(desk, first, rules(modes__on_site__cap_per_session=150))
    assert "草稿" in first.get(edition).text
    waiting = first.post(f"{edition}/dry-runs", data={})
    assert waiting.status_code == 303
    assert "排队中" in first.get(edition).text

    work(desk)
    page = first.get(edition).text
    assert "已完成" in page
    assert ">0.50<" in page  # the hours that would be lost
    assert "不足10" in page  # of one school
    read = officer(desk, 1, Role.AUDITOR).get(edition).text
    assert "少于10人的数字不显示" in read
    assert ">0.50<" not in read  # one person's hours
    assert "等待另一人发布" in page
    assert second.post(f"{edition}/publish").status_code == 303
    assert "已公告" in second.get(edition).text
    public = desk.browser("nobody").get("/rules/2026.2").text
    assert "与 2026.1 相比的变化" in public
    assert "1.50 学时" in public
    assert second.post(f"{edition}/withdraw").status_code == 303
    assert "已撤回" in second.get(edition).text


def test_a_draft_that_cannot_be_comes_back_with_the_reasons(desk: Desk) -> None:
    client = officer(desk)
    answer = client.post(STAFF, data={"rules": json.dumps(rules(exam__merit_mark=50))})
    assert answer.status_code == 422
    assert "合格线、优秀线、满分须依次递增" in answer.text
    assert "考核优秀线" in answer.text
    assert "2026.2" in answer.text  # what was typed is still there
    for text in ("{", "[1]"):
        assert "不是有效的 JSON" in client.post(STAFF, data={"rules": text}).text


def test_a_district_and_a_school_see_and_make_their_own(desk: Desk) -> None:
    desk.open()
    district = officer(desk, 1, Role.DISTRICT_OFFICER)
    assert district.get("/staff/rules").headers["location"] == f"/staff/rules/{DISTRICT}"
    sparse: dict[str, Any] = {
        "version": "1", "title": "示例区规则", "effective_from": NEXT.isoformat(),
        "figures": {"units.award_step": 100},
    }  # fmt: skip
    outside = district.post(f"/staff/rules/{DISTRICT}", data={"rules": json.dumps(sparse)})
    assert "units.award_step" in outside.text
    sparse["figures"] = {"exam.pass_mark": 70}
    page = district.get(drafted(desk, district, sparse, f"/staff/rules/{DISTRICT}")).text
    assert "70 分" in page
    assert district.get(STAFF).status_code == 403
    page = officer(desk, 1, Role.HEAD).get(f"/staff/rules/{SCHOOL}").text
    assert "figures" in page
    assert desk.browser("nobody").get("/staff/rules").status_code == 303


def test_a_dry_run_is_cancelled(desk: Desk) -> None:
    client = officer(desk)
    edition = drafted(desk, client, rules())
    client.post(f"{edition}/dry-runs", data={"since": "own_day"})
    page = client.get(edition).text
    assert f"自 {NEXT} 起的记录" in page
    client.post(f"/staff/dry-runs/{run_of(page)}/cancel")
    assert "已取消" in client.get(edition).text


def test_better_rules_reach_back_by_two_officers(desk: Desk) -> None:
    on = (ENDS + timedelta(days=2)).date()
    better = rules(on=on, modes__on_site__rate_per_class_hour=200)
    better["retroactivity"]["better_backwards"] = True
    better["stars"]["tracks"]["six_year"]["levels"]["1"]["hours"] = 700
    first, second = officer(desk), officer(desk, 2)
    edition = drafted(desk, first, better)
    tried(desk, first, edition)
    second.post(f"{edition}/publish")
    an_evening(desk)
    first, second = officer(desk), officer(desk, 2)
    page = tried(desk, first, edition, from_version="2026.1")
    run = run_of(page)
    assert "提议按此追溯" in page

    first.post(f"/staff/dry-runs/{run}/propose")
    assert "等待另一人确认" in first.get(edition).text
    sha256 = second.get(edition).text.split('name="sha256" value="')[1].split('"')[0]
    assert second.post(f"/staff/dry-runs/{run}/start", data={"sha256": sha256}).status_code == 303
    assert "正在逐人重新计算" in second.get(edition).text
    work(desk)
    assert "2 人增加，1 人不变" in second.get(edition).text
    assert desk.runtime.models.accounts.balance(desk.pilot.learners[0]) == 400
