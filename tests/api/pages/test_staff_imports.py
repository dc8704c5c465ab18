"""Files through the pages and the JSON interface: preview, confirmation, result, refusals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.access.cookies import CookieKind
from api.app import create_app
from api.bootstrap import Runtime
from api.files.template import Kind
from tests.acting import SCHOOL
from tests.api.imports.conftest import IN_SEPTEMBER
from tests.api.imports.given import (
    COORDINATOR,
    STRANGER,
    TEACHER,
    establish,
    recorded,
    sheet,
)
from tests.clock import TestClock
from tests.database import Beginning
from tests.saying import says

PUBLIC = {"Origin": "http://127.0.0.1:8000"}
BAD_PHONE = {"学生姓名": "（示例）林小红", "校内学号": "2", "手机号码": "1000000000"}
SignIn = Callable[[str], TestClient]


@pytest.fixture(scope="session")
def beginning(nothing: Beginning) -> Beginning:
    return nothing


@pytest.fixture
def staff(runtime: Runtime, clock: TestClock) -> dict[str, UUID]:
    found = establish(runtime)
    clock.move_to(IN_SEPTEMBER)
    return found


@pytest.fixture
def browser(runtime: Runtime, staff: dict[str, UUID]) -> Iterator[SignIn]:
    """A browser of a member of staff, signed in, or of nobody."""
    app = create_app(runtime)
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=True):

        def sign_in(user: str) -> TestClient:
            client = TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=True)
            client.headers.update(PUBLIC)
            if user in staff:
                login = runtime.logins.begin_staff(staff[user], runtime.now())
                client.cookies.set(runtime.cookies.name(CookieKind.STAFF), login.token)
            return client

        yield sign_in


def bring(client: TestClient, kind: Kind, content: bytes, **words: str) -> Any:
    return client.post(
        f"/staff/imports/{SCHOOL}/{kind.value}",
        files={"file": ("file.csv", content, "text/csv")},
        data=words,
    )


def send(client: TestClient, kind: Kind, content: bytes, **query: Any) -> Any:
    return client.post(
        f"/api/v1/schools/{SCHOOL}/imports/{kind.value}",
        files={"file": ("file.csv", content, "text/csv")},
        params=query,
    )


def uploads(runtime: Runtime) -> list[tuple[Any, ...]]:
    with psycopg.connect(runtime.connections.owner) as connection:
        return connection.execute("SELECT sealed, taken_at FROM ledger_web.upload").fetchall()


def test_a_preview_shows_every_row_and_records_nothing(browser: SignIn, runtime: Runtime) -> None:
    before = recorded(runtime)

    client = browser(COORDINATOR)
    page = bring(client, Kind.ROSTER, sheet(Kind.ROSTER, {}, BAD_PHONE))

    assert page.status_code == 200
    assert "陈小明" not in page.text
    assert "陈小明" in client.get(f"{page.url.path}?rows=all").text
    assert "手机号码须为11位数字" in page.text
    assert recorded(runtime) == before


def test_a_kept_file_cannot_be_read_in_the_database(browser: SignIn, runtime: Runtime) -> None:
    bring(browser(COORDINATOR), Kind.ROSTER, sheet(Kind.ROSTER))

    [(sealed, taken_at)] = uploads(runtime)

    assert taken_at is None
    assert "陈小明".encode() not in bytes(sealed)


def test_confirming_records_the_good_rows_and_hands_back_the_others(browser: SignIn) -> None:
    client = browser(COORDINATOR)
    preview = bring(client, Kind.ROSTER, sheet(Kind.ROSTER, {}, BAD_PHONE))

    result = client.post(preview.url.path)
    failed = client.get(f"{preview.url.path}/failed")

    assert "已导入" in result.text
    assert "陈小明" not in result.text
    assert "林小红" in failed.content.decode("utf-8-sig")
    assert "attachment" in failed.headers["content-disposition"]


def test_confirming_twice_records_once(browser: SignIn, runtime: Runtime) -> None:
    client = browser(COORDINATOR)
    preview = bring(client, Kind.PLAN, sheet(Kind.PLAN))
    first = client.post(preview.url.path)
    before = recorded(runtime)

    second = client.post(preview.url.path)

    assert recorded(runtime) == before
    assert second.text == first.text


def test_the_same_file_again_shows_nothing_to_record(browser: SignIn, runtime: Runtime) -> None:
    client = browser(COORDINATOR)
    client.post(bring(client, Kind.ROSTER, sheet(Kind.ROSTER)).url.path)
    before = recorded(runtime)

    again = bring(client, Kind.ROSTER, sheet(Kind.ROSTER))
    client.post(again.url.path)

    assert "没有需要记录的行" in again.text
    assert recorded(runtime) == before


def test_a_file_is_gone_after_an_hour(browser: SignIn, runtime: Runtime, clock: TestClock) -> None:
    client = browser(COORDINATOR)
    preview = bring(client, Kind.ROSTER, sheet(Kind.ROSTER))
    clock.move(timedelta(minutes=20))
    assert client.get(preview.url.path).status_code == 200
    clock.move(timedelta(minutes=25))
    assert client.get(preview.url.path).status_code == 200
    clock.move(timedelta(minutes=16))

    gone = client.post(preview.url.path)
    bring(client, Kind.PLAN, sheet(Kind.PLAN))

    assert "陈小明" not in gone.text
    assert gone.status_code == 410
    assert says(gone, "upload_gone")
    assert len(uploads(runtime)) == 1


def test_a_file_that_is_given_up_leaves_nothing(browser: SignIn, runtime: Runtime) -> None:
    client = browser(COORDINATOR)
    before = recorded(runtime)
    preview = bring(client, Kind.ROSTER, sheet(Kind.ROSTER))

    client.post(f"{preview.url.path}/dropped")

    assert uploads(runtime) == []
    assert recorded(runtime) == before


def test_nobody_else_sees_a_file_that_waits(browser: SignIn) -> None:
    preview = bring(browser(COORDINATOR), Kind.ROSTER, sheet(Kind.ROSTER))

    for user in (TEACHER, STRANGER):
        assert browser(user).get(preview.url.path).status_code >= 400
    assert browser(COORDINATOR).get(f"/staff/uploads/{uuid4()}").status_code >= 400


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"是否监护人": "否"}, "parent_is_guardian"),
        ({"班级": "9班"}, "class_unknown"),
        ({"手机号码": "1000000000"}, "phone_not_11_digits"),
        ({"备注": "=1+1"}, "formula_in_cell"),
    ],
)
def test_what_is_wrong_in_a_roster_is_named_on_page_and_in_json(
    browser: SignIn, changes: dict[str, str], code: str
) -> None:
    client = browser(COORDINATOR)
    content = sheet(Kind.ROSTER, changes)

    page = bring(client, Kind.ROSTER, content)
    report = send(client, Kind.ROSTER, content, dry_run=True)

    [rejection] = report.json()["rejections"]
    assert (rejection["row"], rejection["code"]) == (2, code)
    assert rejection["column"] in page.text
    assert "有问题的行（1）" in page.text


def test_a_file_of_200_megabytes_is_refused_with_an_answer(
    browser: SignIn, runtime: Runtime
) -> None:
    client = browser(COORDINATOR)
    huge = b"0" * (200 * 1024 * 1024)

    page = bring(client, Kind.ROSTER, huge)
    answer = send(client, Kind.ROSTER, huge)

    assert (page.status_code, answer.status_code) == (413, 413)
    assert "文件过大" in page.text
    assert answer.json()["code"] == "file_too_large"
    assert uploads(runtime) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04...", "姓名\n".encode("gb18030")])
def test_an_unreadable_file_is_told_at_once(browser: SignIn, content: bytes) -> None:
    client = browser(COORDINATOR)

    page = bring(client, Kind.ROSTER, content)

    assert page.status_code == 422
    assert "文件无法读取" in page.text
    assert send(client, Kind.ROSTER, content).status_code == 422


def test_a_form_without_a_file_is_told_so(browser: SignIn) -> None:
    client = browser(COORDINATOR)

    page = client.post(f"/staff/imports/{SCHOOL}/roster", data={"school_year": "2026"})

    assert page.status_code == 422


@pytest.mark.parametrize(("user", "status"), [(STRANGER, 403), (TEACHER, 403), ("nobody", 401)])
def test_who_may_not_import_records_nothing(
    browser: SignIn, runtime: Runtime, user: str, status: int
) -> None:
    before = recorded(runtime)
    client = browser(user)

    answer = send(client, Kind.ROSTER, sheet(Kind.ROSTER))
    bring(client, Kind.ROSTER, sheet(Kind.ROSTER))

    assert answer.status_code == status
    assert (recorded(runtime), uploads(runtime)) == (before, [])


def test_a_teacher_is_offered_exams_only(browser: SignIn) -> None:
    page = browser(TEACHER).get(f"/staff/imports/{SCHOOL}")

    assert "考核成绩表" in page.text
    assert "家长学员花名册" not in page.text


def test_results_are_typed_and_checked_by_two_people(browser: SignIn) -> None:
    coordinator, teacher = browser(COORDINATOR), browser(TEACHER)
    send(coordinator, Kind.ROSTER, sheet(Kind.ROSTER))
    coordinator.post(bring(coordinator, Kind.EXAM, sheet(Kind.EXAM), checking="no").url.path)

    preview = bring(teacher, Kind.EXAM, sheet(Kind.EXAM), checking="yes")
    teacher.post(preview.url.path)
    again = send(teacher, Kind.EXAM, sheet(Kind.EXAM), checking=True)

    assert "复核" in preview.text
    assert again.json()["counts"]["same"] == 1


def test_a_dry_run_in_json_records_nothing(browser: SignIn, runtime: Runtime) -> None:
    before = recorded(runtime)

    report = send(browser(COORDINATOR), Kind.ROSTER, sheet(Kind.ROSTER), dry_run=True)

    assert report.json()["counts"]["new"] == 1
    assert recorded(runtime) == before


def test_the_templates_are_handed_out(browser: SignIn) -> None:
    client = browser(COORDINATOR)
    start = client.get("/staff/imports")

    links = re.findall(rf'href="(/staff/imports/{SCHOOL}/\w+\.(?:xlsx|csv))"', start.text)

    there = [link.rsplit("/", 1)[1] for link in links]
    kinds = ("roster", "plan", "exam", "questions")
    assert there == [f"{kind}.{form}" for kind in kinds for form in ("xlsx", "csv")]
    assert all(client.get(link).status_code == 200 for link in links)
