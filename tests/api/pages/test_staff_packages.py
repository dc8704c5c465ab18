"""A package of files at the door for rosters: its preview, its confirmation, and its refusal."""

from __future__ import annotations

from typing import Any

from api.bootstrap import Runtime
from tests.acting import SCHOOL
from tests.api.desk import Desk
from tests.api.files.packages import SDS, package

ADDRESS = f"/staff/imports/{SCHOOL}/roster"


def bring(desk: Desk, content: bytes) -> Any:
    desk.at_the_door()
    client = desk.browser("coordinator")
    answer = client.post(ADDRESS, files={"file": ("sds.zip", content, "application/zip")})
    return client, answer


def test_a_package_is_previewed_and_confirmed_like_a_roster(desk: Desk, runtime: Runtime) -> None:
    client, answer = bring(desk, package(SDS))
    preview = client.get(answer.headers["location"])
    assert "（示例）李秀英" in preview.text
    before = runtime.book.ledger.position()
    assert client.post(answer.headers["location"]).status_code == 303
    assert runtime.book.ledger.position() > before


def test_a_package_that_lacks_a_file_is_refused_with_its_name(desk: Desk) -> None:
    _, answer = bring(desk, package({k: v for k, v in SDS.items() if k != "roles.csv"}))
    assert answer.status_code == 422
    assert "压缩包里缺少这个文件" in answer.text
    assert "roles.csv" in answer.text
