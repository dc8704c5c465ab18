"""A random sample from its announcement to an auditor's finding, and drawn again by anybody."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from typer.testing import CliRunner

from api.cli import app
from domain.drawing import population_sha256
from ledger.access_log import Wanted
from tests.acting import DISTRICT, SCHOOL
from tests.api.desk import Desk
from tests.api.pilot_school import PilotSchool

LIST, API = f"/staff/samples/{DISTRICT}", f"/api/v1/districts/{DISTRICT}/audit-samples"
VALUE = "48213"
WANTED = {
    "begins": "2026-09-01", "ends": "2026-09-18", "size": "1", "seed_source": "pailie5",
    "seed_day": "2026-09-19",
}  # fmt: skip


@pytest.fixture(scope="session")
def beginning(attested: PilotSchool) -> PilotSchool:
    return attested


def announced(desk: Desk, asker: str = "auditor") -> str:
    answer = desk.browser(asker).post(LIST, data=WANTED)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]


def drawn(desk: Desk) -> str:
    sample_id = announced(desk)
    desk.clock.move_to(desk.clock.at + timedelta(days=2))
    page = f"/staff/samples/of/{sample_id}"
    answer = desk.browser("auditor").post(f"{page}/draw", data={"value": VALUE})
    assert answer.status_code == 303, answer.text
    return sample_id


def published(desk: Desk, sample_id: str) -> dict[str, Any]:
    told: dict[str, Any] = desk.browser("nobody").get(f"/api/v1/audit-samples/{sample_id}").json()
    return told


def test_anybody_draws_a_published_sample_again_from_its_file_alone(
    desk: Desk, tmp_path: Path
) -> None:
    sample_id = drawn(desk)
    told, nobody = published(desk, sample_id), desk.browser("nobody")
    assert told["seed"] == f"pailie5:2026-09-19:{VALUE}"
    assert told["session_ids"] == [str(desk.pilot.session_id)]
    population = tmp_path / "population.txt"
    population.write_bytes(nobody.get(f"/samples/{sample_id}/population.txt").content)
    again = CliRunner().invoke(
        app, ["sample", str(population), "--seed", told["seed"], "--size", "1", "--json"]
    )
    assert json.loads(again.output) == {
        "population_sha256": told["population_sha256"], "session_ids": told["session_ids"],
    }  # fmt: skip
    page = nobody.get(f"/samples/{sample_id}").text
    assert told["seed"] in page
    assert SCHOOL not in page
    assert told["session_ids"][0] in CliRunner().invoke(
        app, ["sample", str(population), "--seed", told["seed"], "--size", "1"]
    ).output  # fmt: skip


def test_the_population_is_fixed_before_its_seed_can_be_known(desk: Desk) -> None:
    sample_id = announced(desk, "district_officer")
    told, audit = published(desk, sample_id), desk.runtime.models.audit
    assert told["population_sha256"] == population_sha256([desk.pilot.session_id])
    assert (told["seed"], told["session_ids"]) == (None, [])
    drawable = desk.runtime.book.audit_samples.get(UUID(sample_id)).drawable
    assert drawable.upto == told["upto"]
    assert audit.population(drawable, DISTRICT) == [desk.pilot.session_id]
    assert audit.population(drawable.model_copy(update={"upto": 1}), DISTRICT) == []
    assert audit.population(drawable, "440105") == []
    officer = desk.browser("district_officer")
    early = officer.post(f"/api/v1/audit-samples/{sample_id}/draw", json={"value": VALUE})
    assert (early.status_code, early.json()["code"]) == (409, "audit_seed_awaited")
    assert 'name="value"' not in officer.get(f"/staff/samples/of/{sample_id}").text


def test_a_draw_that_is_put_off_is_seen_by_anybody(desk: Desk) -> None:
    """No seed of a day without trade; and the page says since when the draw is waiting."""
    weekend = {**WANTED, "seed_source": "sse_close"}  # 19 September is a Saturday
    refused = desk.browser("auditor").post(LIST, data=weekend)
    assert (refused.status_code, "不能作种子日期" in refused.text) == (422, True)
    page = f"/samples/{announced(desk)}"
    assert "那一天还没有过去" in desk.browser("nobody").get(page).text
    desk.clock.move_to(desk.clock.at + timedelta(days=3))
    assert "从 2026-09-20 起等待抽取" in desk.browser("nobody").get(page).text


def test_what_was_typed_of_an_announcement_stays(desk: Desk) -> None:
    answer = desk.browser("district_officer").post(LIST, data={**WANTED, "size": "7"})
    assert answer.status_code == 422
    assert "没有这么多场" in answer.text
    assert 'value="7"' in answer.text


def test_an_auditor_opens_every_session_and_writes_findings_alone(desk: Desk) -> None:
    page = f"/staff/samples/of/{drawn(desk)}"
    auditor, session_id = desk.browser("auditor"), desk.pilot.session_id
    text = auditor.get(page).text
    for address in (
        f"/staff/sessions/{session_id}", f"/staff/sessions/{session_id}/register",
        f"/staff/sessions/{session_id}/sheets", f"/staff/facts/{session_id}",
        f"/staff/corrections/{SCHOOL}",
    ):  # fmt: skip
        assert f'href="{address}"' in text
        assert auditor.get(address).status_code == 200
    found = {
        "session_id": str(session_id), "finding": "sheet_missing", "severity": "minor",
        "words": "签到表第二页未归档（示例）",
    }  # fmt: skip
    silent = auditor.post(f"{page}/findings", data={**found, "words": ""})
    assert silent.status_code == 422
    assert auditor.post(f"{page}/findings", data=found).status_code == 303
    assert found["words"] in desk.browser("district_officer").get(page).text
    [look] = desk.runtime.book.vault.access_log.looks(Wanted(role="district_officer"), 10)
    assert (look.purpose, look.subject_ids) == ("audit_sample", [UUID(page[-36:])])
    assert desk.browser("district_officer").post(f"{page}/findings", data=found).status_code == 403
    told = auditor.get(f"/api/v1/audit-samples/{page[-36:]}/findings")
    assert [each["finding"] for each in told.json()["findings"]] == ["sheet_missing"]
    assert found["words"] not in told.text
    cells = workbook_of(auditor.get(f"{page}/sessions.xlsx").content)
    assert {"缺签到表", "轻微", SCHOOL} <= cells
    assert f"pailie5:2026-09-19:{VALUE}" in workbook_of(auditor.get(f"{LIST}/list.xlsx").content)


def workbook_of(content: bytes) -> set[str]:
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    return {str(cell.value) for row in sheet.iter_rows() for cell in row}
