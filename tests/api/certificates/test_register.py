"""The register of a school, statements of hours, and the list of what one may look at."""

from __future__ import annotations

import re
import subprocess
from dataclasses import fields
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest
from httpx2 import Response
from openpyxl import load_workbook

from api.certificate_register import COLUMNS
from domain.envelope import Role
from projections.account_statement import StatementLine
from tests.acting import DISTRICT, SCHOOL
from tests.api.certificates.conftest import OTHER_SCHOOL, PAGE, Office
from tests.api.parents.test_questions import overheard
from tests.saying import says

STATEMENTS = f"/staff/schools/{SCHOOL}/statements"


def ask_for(office: Office, learner_id: UUID, request_id: UUID | None = None) -> Response:
    form = {"learner_id": str(learner_id), "request_id": str(request_id or uuid4())}
    return office.screen(Role.COORDINATOR).post(STATEMENTS, data=form)


def number_in(answer: Response) -> str:
    return answer.headers["location"].split("/")[3].partition("?")[0]


def register(office: Office, role: Role, organisation: str = SCHOOL) -> list[dict[str, object]]:
    answer = office.screen(role, organisation).get(f"{PAGE}/register.xlsx")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    header, *rows = sheet.iter_rows(min_row=3, values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def test_the_register_lists_every_certificate_with_its_state(office: Office) -> None:
    old = office.issued()
    office.head.post(f"/staff/certificates/{old.number}/reissue", data={"reason": "lost"})
    rows = register(office, Role.COORDINATOR)
    assert tuple(rows[0]) == (*COLUMNS, "账本编号")
    assert {row["家长姓名"] for row in rows} == {"（示例）陈建2"}
    assert {row["学生班级"] for row in rows} == {"三年级2班"}
    states = {row["证书编号"]: (row["状态"], str(row["备注"])) for row in rows}
    assert len(states) == 3
    assert states[old.number][0] == "证书已换发"
    new = states[old.number][1].removeprefix("换发为 ")
    assert states[new] == ("证书有效", f"换发自 {old.number}")


def test_the_day_of_a_revocation_is_in_the_register_and_told_to_who_checks(office: Office) -> None:
    certificate = office.issued()
    number, address = certificate.number, f"/staff/certificates/{certificate.number}"
    office.head.post(f"{address}/revocation", data={"reason": "issued_in_error"})
    office.clock.move(timedelta(days=3))
    office.officer.post(f"{address}/revocation/confirm", data={"reason": "issued_in_error"})
    day, asked = "2027-01-23", {"code": office.code(number)}

    notes = {row["证书编号"]: row["备注"] for row in register(office, Role.HEAD)}
    assert {key for key, note in notes.items() if f"撤销于 {day}" in str(note)} == {number}
    told = office.browser().get(f"/api/v1/certificates/{number}", params=asked).json()
    assert told["revoked_at"].startswith(day)
    page = office.browser().get("/verify", params={"number": number, **asked}).text
    assert f'<dt>撤销日期</dt><dd class="num">{day}</dd>' in page


def test_above_the_school_names_are_masked(office: Office) -> None:
    office.issued()
    rows = register(office, Role.DISTRICT_OFFICER, DISTRICT)
    assert all("*" in str(row["家长姓名"]) for row in rows)


def test_a_name_that_is_a_formula_does_nothing_in_a_spreadsheet(office: Office) -> None:
    learner = office.pilot.learners[0]
    office.runtime.book.vault.put(learner, "learner", {"name": "=1+2"})
    office.issued()
    assert {row["家长姓名"] for row in register(office, Role.HEAD)} == {"'=1+2"}


def test_a_statement_lists_the_hours_of_the_school_for_180_days(office: Office) -> None:
    answer = ask_for(office, office.pilot.learners[0])
    number = number_in(answer)
    found = office.runtime.models.certificates.by_number(number)
    assert found is not None
    assert (found.kind, found.hours) == ("statement_of_hours", 200)
    assert office.pdf(number).startswith(b"%PDF")
    assert office.verified(number) == "证书有效"
    office.clock.move(timedelta(days=180))
    assert office.verified(number) == "证书有效"
    office.clock.move(timedelta(days=1))
    assert office.verified(number) == "证书已过期"


def test_a_statement_pressed_twice_is_one_and_asked_again_another(office: Office) -> None:
    learner, request_id = office.pilot.learners[0], uuid4()
    first, again = (number_in(ask_for(office, learner, request_id)) for _ in range(2))
    assert first == again
    assert number_in(ask_for(office, learner)) != first


def test_a_reissued_statement_keeps_its_lines_and_its_last_day(office: Office) -> None:
    old = number_in(ask_for(office, office.pilot.learners[0]))
    office.clock.move(timedelta(days=30))
    answer = office.head.post(f"/staff/certificates/{old}/reissue", data={"reason": "lost"})
    by_number = office.runtime.models.certificates.by_number
    before, after = by_number(old), by_number(number_in(answer))
    assert before is not None
    assert after is not None
    assert (after.hours, after.valid_until) == (before.hours, before.valid_until)


def test_without_hours_there_is_nothing_to_state(office: Office) -> None:
    answer = ask_for(office, office.pilot.learners[-1])
    assert answer.status_code == 409
    assert says(answer, "statement_empty")


@pytest.mark.parametrize(
    ("role", "organisation"),
    [(Role.HEAD, OTHER_SCHOOL), (Role.DISTRICT_OFFICER, DISTRICT), (Role.HOST, SCHOOL)],
)
def test_only_the_school_itself_issues_statements(
    office: Office, role: Role, organisation: str
) -> None:
    form = {"learner_id": str(office.pilot.learners[0]), "request_id": str(uuid4())}
    assert office.screen(role, organisation).post(STATEMENTS, data=form).status_code == 403


def test_a_class_is_chosen_and_its_learners_are_offered(office: Office) -> None:
    page = office.screen(Role.COORDINATOR).get(f"{STATEMENTS}?grade=三年级&group=2班").text
    assert page.count('name="learner_id"') == 3
    assert "（示例）陈建2" in page


def test_the_hours_of_a_class_are_asked_for_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, asked_about = office.screen(Role.COORDINATOR), f"{STATEMENTS}?grade=三年级&group=2班"
    with overheard(monkeypatch) as asked:
        page = screen.get(asked_about).text
    assert page.count('name="learner_id"') == 3
    assert len([each for each in asked if "account_line" in each]) == 1


def test_the_statements_of_many_are_those_of_each(office: Office) -> None:
    accounts, learners = office.runtime.models.accounts, office.pilot.learners
    together = accounts.statements(learners)
    assert {each: [vars_of(line) for line in lines] for each, lines in together.items()} == {
        each: [vars_of(line) for line in accounts.statement(each)] for each in learners
    }
    assert len([lines for lines in together.values() if lines]) > 1


def vars_of(line: StatementLine) -> list[object]:
    return [getattr(line, each.name) for each in fields(StatementLine)]


def test_one_school_is_gone_to_directly_and_several_are_listed(office: Office) -> None:
    assert office.head.get("/staff/certificates").headers["location"] == PAGE
    listed = office.officer.get("/staff/certificates").text
    assert re.findall(r"/staff/schools/(\d+)/certificates", listed) == [SCHOOL, OTHER_SCHOOL]
    assert office.browser().get("/staff/certificates").status_code == 303


def test_a_certificate_is_found_by_its_number(office: Office) -> None:
    number, head = office.issued().number, office.head
    found = head.get(f"{PAGE}/find", params={"number": number.replace("-", "")})
    assert found.headers["location"] == f"/staff/certificates/{number}"
    assert head.get(f"{PAGE}/find", params={"number": "1"}).status_code == 400


def test_the_sheets_of_a_day_come_in_one_archive(office: Office) -> None:
    office.issued()
    head = office.head
    asked = f"{PAGE}/sheets.zip?issued_on=2027-01-20"
    archive = ZipFile(BytesIO(head.get(asked).content))
    assert archive.namelist() == ["440104-2027-0000002-2.pdf", "440104-2027-0000001-4.pdf"]
    assert archive.read("440104-2027-0000001-4.pdf") == office.pdf("440104-2027-0000001-4")
    assert office.officer.get(asked).status_code == 403


@pytest.mark.poppler
def test_the_sheets_of_a_day_are_printed_from_one_file(office: Office, tmp_path: Path) -> None:
    office.issued()
    file = tmp_path / "all.pdf"
    file.write_bytes(office.head.get(f"{PAGE}/sheets.pdf?issued_on=2027-01-20").content)
    read = subprocess.run(
        ["pdftotext", "-raw", file, "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = read.split("\f")[:-1]
    assert [re.findall(r"440104-0000\d+-\d", page)[0] for page in pages] == [
        "440104-0000001-4",
        "440104-0000002-2",
    ]
    assert office.head.get(f"{PAGE}/sheets.pdf?issued_on=2027-01-21").content[:4] == b"%PDF"
    assert office.officer.get(f"{PAGE}/sheets.pdf?issued_on=2027-01-20").status_code == 403
