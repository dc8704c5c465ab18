"""Every list of the staff pages is handed out as a workbook with as many rows as the page tells."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from openpyxl import Workbook, load_workbook

from api.app import create_app
from api.bootstrap import Runtime
from api.exports.handing_out import ABOUT_PARENTS
from tests.acting import ENDS, SCHOOL
from tests.api.doors.exports import PAGE_OF
from tests.api.doors.table import DOORS
from tests.api.doors.test_doors import filled
from tests.api.doors.world import World, build_world
from tests.clock import TestClock
from tests.database import Beginning

# Staff pages with a table or people on them that are no lists to hand out.
NO_LISTS = {
    "/staff": "today's work: each list that it leads to is handed out",
    "/staff/schools/{school_code}": "the same of one school",
    "/staff/status": "how the installation stands, no records",
    "/staff/sessions/{session_id}/list": "who is absent is not handed out (P3.2, N3)",
    "/staff/sessions/{session_id}/services": "a form to name somebody; their hours are in accounts",
    "/staff/classes/{school_code}/changes": "letters, one for each parent",
    "/staff/merges/{school_code}": "guesses, no records",
    "/staff/merges/{school_code}/pair": "two records side by side",
    "/staff/corrections/of/{correction_id}": "one correction, signed as it stands",
    "/staff/corrections/of/{correction_id}/question": "one question, handed over on paper",
    "/staff/irregularities/of/{irregularity_id}/questions/{learner_id}": "the same",
    "/staff/sessions/{session_id}/voiding": "one correction before it is asked for",
    "/staff/exams/of/{exam_id}/attempts/{attempt_id}/correction": "the same",
    "/staff/schools/{school_code}/years/{school_year}": "one closing, signed as it stands",
    "/staff/rules": "the way to one's own rules",
    "/staff/rules/{organisation}": "editions, each handed out as JSON",
    "/staff/rules/{organisation}/{version}": "one edition",
    "/staff/certificates": "the way to one's own school",
    "/staff/imports/{school_code}": "a form",
    "/staff/uploads/{upload_id}": "a preview; what failed is a file of its own",
    "/staff/uploads/{upload_id}/failed": "a file already",
    "/staff/api-keys": "no records; the command line lists them",
    "/staff/access-log": "nobody who asks here answers for it",
    "/staff/links/{school_code}": "what phones said of persons, until it is answered",
    "/staff/schools/{school_code}/archive": "the way to the archive of the term",
    "/staff/plans/{school_code}": "the way to the plan of the term",
    "/staff/plans/{school_code}/{term}/copy": "a form",
    "/staff/plans/{school_code}/{term}/check": "what a plan would bring, worked out at once",
    "/staff/sessions/{session_id}/scan": "the desk's own work",
    "/staff/sessions/{session_id}/inbox": "scans until somebody decides",
    "/staff/sessions/{session_id}/sheets": "sheets to print, each one page",
    "/staff/sessions/{session_id}/sheets/print": "paper",
    "/staff/sign-on": "the way to the provider",
    "/staff/sign-on/return": "the way back from it",
    "/staff/erasures": "nobody who asks here answers for it",
    "/staff/erasures/{erasure_request_id}": "nobody who asks here answers for it",
    "/staff/my-hours": "nobody who asks here is a teacher",
}
LIST = re.compile(r"<table|class=\"(?:people|families|card choices|plain num)")
LINK = re.compile(r'href="([^"]+\.xlsx[^"]*)" download>(?:.*?（(\d+) 行）|.*?)</a>')


@pytest.fixture(scope="session")
def beginning(nothing: Beginning) -> Beginning:
    return nothing


@pytest.fixture
def world(runtime: Runtime, clock: TestClock) -> World:
    made = build_world(runtime)
    clock.move_to(ENDS + timedelta(days=1))
    runtime.projector.catch_up()
    return made


@pytest.fixture
def house(world: World) -> TestClient:
    return TestClient(
        create_app(world.runtime), headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False
    )


def workbook(house: TestClient, address: str) -> Workbook:
    answer = house.get(address)
    assert answer.status_code == 200, (address, answer.text[:300])
    return load_workbook(BytesIO(answer.content))


def rows_in(book: Workbook) -> int:
    return sum(max(sheet.max_row - 3, 0) for sheet in book)


def visit(world: World, house: TestClient, name: str) -> None:
    house.cookies.clear()
    house.cookies.update(next(v for v in world.visitors if v.name == name).cookies)


def pages() -> list[str]:
    """Every page of the staff that is read."""
    files = (".csv", ".xlsx", ".zip", "/live", "/counts", "/present", "/login", "/find")
    named = [address.removeprefix("GET ") for address in DOORS if address.startswith("GET /staff")]
    return [path for path in named if not path.endswith(files)]


def test_every_list_has_its_file_and_the_file_has_the_rows_of_the_page(
    world: World, house: TestClient
) -> None:
    wrong: list[str] = []
    for path in pages():
        query = {k: str(filled(v, world)) for k, v in DOORS[f"GET {path}"].query.items()}
        for name in ("coordinator", "district_officer"):
            visit(world, house, name)
            answer = house.get(filled(path, world), params=query)
            if answer.status_code == 200:
                wrong += complaints(house, path, answer.text)
                break
        else:
            wrong += [f"{path}: nobody could open it"] * (path not in NO_LISTS)
    assert not wrong, "\n".join(wrong)


def complaints(house: TestClient, path: str, page: str) -> list[str]:
    """What is wrong with a page and its files, in words."""
    links = LINK.findall(page)
    is_list = path in PAGE_OF.values() or LIST.search(page)
    if not links and is_list and path not in NO_LISTS:
        return [f"{path}: a list without an export"]
    found: list[str] = []
    for address, count in links:
        book = workbook(house, unquote(address.replace("&amp;", "&")))
        if count and int(count) != rows_in(book):
            found.append(f"{path}: {count} rows on the page, {rows_in(book)} in the file")
        for sheet in book:
            ends = {str(row[-1] or "") for row in sheet.iter_rows(min_row=4, values_only=True)}
            found += [f"{path}: a row without its ledger id"] * ("" in ends)
    return found


def test_a_file_is_named_for_the_archive_says_its_use_and_speaks_the_asker_s_language(
    world: World, house: TestClient
) -> None:
    visit(world, house, "coordinator")
    for file in PAGE_OF:
        query = {k: str(filled(v, world)) for k, v in DOORS[f"GET {file}"].query.items()}
        answer = house.get(filled(file, world), params={**query, "lang": "en"})
        if answer.status_code != 200:
            continue
        for sheet in load_workbook(BytesIO(answer.content)):
            header = [str(cell.value) for cell in sheet[3]]
            assert not re.search("[\u4e00-\u9fff]", "".join(header)), (file, header)
            assert header[-1] == "Ledger id"
            assert sheet.freeze_panes == "A4"
            assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    families = workbook(house, f"/staff/classes/{SCHOOL}/families.xlsx?grade=三年级&group=2班")
    assert ABOUT_PARENTS in str(families.worksheets[0]["A2"].value)
    answer = house.get(f"/staff/schools/{SCHOOL}/terms/2026-1/plan.xlsx")
    named = unquote(answer.headers["content-disposition"].partition("''")[2])
    assert named == "440104-示例小学-2026学年第一学期-02教学计划.xlsx"
    assert answer.headers["cache-control"] == "private, no-store"


def test_a_file_has_the_names_that_its_page_shows_and_none_of_them_runs(
    world: World, house: TestClient
) -> None:
    register = filled("/staff/sessions/{session_id}/register.xlsx", world)

    def names_for(visitor: str) -> set[str]:
        visit(world, house, visitor)
        sheet = workbook(house, register).worksheets[0]
        return {str(row[3]) for row in sheet.iter_rows(min_row=4, values_only=True)}

    in_full, masks = names_for("coordinator"), names_for("auditor")
    assert all("*" not in name for name in in_full)
    assert all("*" in name for name in masks)
    visit(world, house, "district_officer")
    assert house.get(register).status_code == 403
    learner = world.things["learner_id"]
    visit(world, house, "coordinator")
    for name in ("=cmd|' /C calc'!A0", "@SUM(A1)", "+1+cmd", "-2+3", "＝1＋2"):
        world.runtime.book.vault.put(UUID(learner), "learner", {"name": name})
        book = workbook(house, register)
        cells = [cell for row in book.worksheets[0].iter_rows(min_row=4) for cell in row]
        assert any(cell.value == f"'{name}" for cell in cells), name
        assert all(cell.data_type != "f" for cell in cells)
