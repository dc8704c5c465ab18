"""The scanner's pages by plain forms, the slips that are printed for it, and what it is served."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from httpx2 import Response

from api.rendering import static
from tests.acting import envelope
from tests.api.desk import Desk

SCHOOL_CLASSES = "/staff/classes/4401040001"
CLASS = {"grade": "三年级", "group": "2班"}


def code_of(desk: Desk, learner_id: UUID) -> str:
    return desk.runtime.personal_codes.of([learner_id])[learner_id]


def type_in(desk: Desk, client: TestClient, code: str, way: str = "in") -> Response:
    form = {"scan_id": str(uuid4()), "code": code, "way": way}
    answer = client.post(f"{desk.session}/scan", data=form)
    desk.catch_up(desk.runtime.book.ledger.position())
    return answer


def test_a_wedge_scanner_types_a_code_and_the_name_stands_there_with_class_and_time(
    desk: Desk,
) -> None:
    desk.open()
    host, learner = desk.browser("host"), desk.pilot.learners[0]

    answer = type_in(desk, host, code_of(desk, learner) + "\r\n")
    page = host.get(answer.headers["location"])

    assert answer.status_code == 303
    for words in ("（示例）陈建2", "三年级2班", "已签到 18:50"):
        assert words in page.text
    [line] = desk.runtime.models.attendances.register_of(desk.pilot.session_id)
    assert (line.learner_id, line.channel) == (learner, "staff_scan")


def test_a_second_scan_says_since_when_and_out_is_a_way_of_its_own(desk: Desk) -> None:
    desk.open()
    host, code = desk.browser("host"), code_of(desk, desk.pilot.learners[0])
    type_in(desk, host, code)
    desk.clock.move_seconds(600)

    again = host.get(type_in(desk, host, code).headers["location"])
    out = host.get(type_in(desk, host, code, "out").headers["location"])

    assert "已签到 18:50" in again.text
    assert "已签退 19:00" in out.text
    assert len(desk.runtime.models.attendances.register_of(desk.pilot.session_id)) == 1


def test_a_code_that_does_not_count_says_what_to_do_and_stays_in_the_field(desk: Desk) -> None:
    desk.open()
    host, learner = desk.browser("host"), desk.pilot.learners[0]
    lost = code_of(desk, learner)
    desk.runtime.book.personal_codes.replace(learner, envelope())

    void, unknown = type_in(desk, host, lost), type_in(desk, host, "https://示例.example/1")

    assert (void.status_code, unknown.status_code) == (410, 422)
    assert "请用新码" in void.text
    assert f'value="{lost}"' in void.text
    assert "请在名单里点姓名" in unknown.text
    assert desk.runtime.models.attendances.register_of(desk.pilot.session_id) == []


def test_an_address_shows_no_name_of_somebody_who_is_not_in(desk: Desk) -> None:
    desk.open()
    page = desk.browser("host").get(f"{desk.session}/scan?told={desk.pilot.learners[0]}")

    assert "陈建" not in page.text


def test_the_list_for_the_device_holds_no_code_and_no_phone_and_is_logged(desk: Desk) -> None:
    desk.open()
    learner = desk.pilot.learners[0]
    host = desk.browser("host", learner_id=learner)
    desk.tap(desk.pilot.learners[1], by="coordinator")

    kept = host.get(f"{desk.session}/scan/list")

    people = {each["id"]: each for each in kept.json()["people"]}
    assert len(people) == 3
    assert (people[str(learner)]["own"], people[str(learner)]["in"]) == (True, None)
    assert people[str(desk.pilot.learners[1])]["in"].startswith("2026-09-18T10:50")
    code = code_of(desk, learner)
    assert people[str(learner)]["code"] == hashlib.sha256(code.encode()).hexdigest()[:32]
    assert "PC1." not in kept.text
    assert re.search(r"100\d{8}", kept.text) is None
    assert desk.readings("session_scan_list") == 1


def test_only_the_scanner_may_compile_a_reader_and_it_is_served_as_one(desk: Desk) -> None:
    host = desk.browser("host")
    scanner, session = host.get(f"{desk.session}/scan"), host.get(desk.session)

    wasm = host.get(static("zxing_reader.wasm"))

    policy = scanner.headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert "wasm-unsafe-eval" not in session.headers["content-security-policy"]
    assert wasm.headers["content-type"] == "application/wasm"
    assert "immutable" in wasm.headers["cache-control"]


def test_the_worker_keeps_the_files_that_are_served_now(desk: Desk) -> None:
    nobody = desk.browser("nobody")
    worker = nobody.get("/staff/scanner-worker.js")

    kept = re.findall(r'"(/static/[^"]+)"', worker.text)

    assert static("scanner.js") in kept
    assert {nobody.get(address).status_code for address in kept} == {200}
    assert worker.headers["cache-control"] == "no-cache"


def test_what_others_wrote_is_what_its_checksums_say() -> None:
    vendor = files("api.pages") / "static" / "vendor"
    lines = (vendor / "checksums.txt").read_text(encoding="utf-8").splitlines()
    said = {line[66:]: line[:64] for line in lines if not line.startswith("#")}
    found = {
        entry.name: hashlib.sha256(entry.read_bytes()).hexdigest()
        for entry in vendor.iterdir()
        if entry.name != "checksums.txt"
    }
    assert found == said


def test_slips_of_a_class_are_the_same_each_time_and_a_lost_one_is_replaced(desk: Desk) -> None:
    desk.at_the_door()
    teacher, learner = desk.browser("class_teacher"), desk.pilot.learners[0]
    lost = code_of(desk, learner)
    address = f"{SCHOOL_CLASSES}/personal-codes"

    first, again = (teacher.get(address, params=CLASS) for _ in range(2))
    renewed = teacher.post(f"{address}/renewals", data={**CLASS, "learner": str(learner)})
    one = teacher.get(renewed.headers["location"])

    assert first.text.count('class="slip personal"') == 3
    assert "（示例）陈建2" in first.text
    assert paths(first) == paths(again)
    assert len(paths(one)) == 1
    assert paths(one)[0] not in paths(first)
    assert code_of(desk, learner) != lost
    stranger = teacher.post(f"{address}/renewals", data={**CLASS, "learner": str(uuid4())})
    assert stranger.status_code == 404


def test_a_parent_shows_the_code_that_the_school_prints(desk: Desk) -> None:
    desk.at_the_door()
    learner = desk.pilot.learners[0]
    page = desk.browser("parent", learner).get("/me/code")
    slip = desk.browser("class_teacher").get(
        f"{SCHOOL_CLASSES}/personal-codes", params={**CLASS, "learner": str(learner)}
    )

    assert "（示例）陈建2" in page.text
    assert paths(page) == paths(slip)
    assert "src=" not in page.text.split('class="card personal-code"')[1].split("</div>")[0]


def paths(page: Response) -> list[str]:
    """The dark modules of each code on a page."""
    return re.findall(r'<path fill="#000" d="([^"]+)"', page.text)
