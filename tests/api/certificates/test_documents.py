"""Who gets the sheet itself, and that it is the same sheet each time."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from api.sharing import MOST_DAYS
from domain.envelope import Role
from domain.masking import mask_name
from tests.acting import DISTRICT, SCHOOL
from tests.api.certificates.conftest import Office
from tests.ledger.merging import merge_of, parting, signed_by_two
from tests.saying import says


def share(phone: TestClient, number: str, days: int = 30) -> str:
    """Make a link on the holder's own page and take it from the answer."""
    answer = phone.post(f"/me/certificates/{number}/share-links", data={"days": str(days)})
    assert answer.status_code == 200
    link = re.search(r'href="http://127\.0\.0\.1:8000(/certificates/[^"]+)"', answer.text)
    assert link is not None
    return link[1]


def test_every_reprint_has_the_same_bytes(office: Office) -> None:
    number = office.issued().number
    office.runtime.book.vault.put(office.issued().learner_id, "learner", {"name": "另一名"})
    first = office.pdf(number)
    office.clock.move(timedelta(days=400))
    assert office.pdf(number) == first


@pytest.mark.poppler
def test_the_sheet_says_what_was_achieved(office: Office, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is missing: apt-get install poppler-utils")
    sheet = tmp_path / "sheet.pdf"
    sheet.write_bytes(office.pdf(office.issued().number))
    read = subprocess.run(["pdftotext", "-raw", sheet, "-"], check=True, capture_output=True)
    text = read.stdout.decode().replace("\n", "").replace(" ", "")
    for words in (
        "于2026年9月至2027年1月参加",
        "2026学年课程学习",
        "累计修满2.0学时",
        "（示例）陈建2",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("role", "organisation"), [(Role.DISTRICT_OFFICER, DISTRICT), (Role.AUDITOR, "440100")]
)
def test_above_the_school_nobody_reads_the_name_off_a_sheet(
    office: Office, role: Role, organisation: str
) -> None:
    number, above = office.issued().number, office.screen(role, organisation)
    page = above.get(f"/staff/certificates/{number}")
    assert page.status_code == 200
    assert f"/certificates/{number}.pdf" not in page.text
    for ending in ("pdf", "png", "webp"):
        assert above.get(f"/certificates/{number}.{ending}").status_code == 403


def test_pictures_and_plain_names(office: Office) -> None:
    number, head = office.issued().number, office.head
    for ending, kind in (("png", "PNG"), ("webp", "WEBP")):
        answer = head.get(f"/certificates/{number}.{ending}")
        assert Image.open(BytesIO(answer.content)).format == kind
        assert answer.headers["content-disposition"] == f'inline; filename="{number}.{ending}"'
    assert head.get(f"/certificates/{number}.png?page=2").status_code == 404


def test_the_holders_own_device_gets_the_sheet_and_no_other(office: Office) -> None:
    certificate = office.issued()
    path = f"/certificates/{certificate.number}.pdf"
    own, other = (office.phone_of(learner) for learner in office.pilot.learners[:2])
    assert own.get(path).status_code == 200
    assert own.get(f"/me/certificates/{certificate.number}").status_code == 200
    assert other.get(path).status_code == 403
    assert other.get(f"/me/certificates/{certificate.number}").status_code == 403
    assert office.browser().get(path).status_code == 303


def test_the_certificate_of_a_record_merged_since_is_the_person_s(office: Office) -> None:
    number, (first, second, _) = office.issued().number, office.pilot.learners
    phone = office.phone_of(second)
    signed_by_two(office.pilot, merge_of(second, first))
    paths = (f"/me/certificates/{number}", f"/certificates/{number}.pdf")
    assert [phone.get(path).status_code for path in paths] == [200, 200]

    signed_by_two(office.pilot, parting(second, first))
    assert [phone.get(path).status_code for path in paths] == [403, 403]


def test_a_reissue_for_a_new_name_prints_that_of_the_record_that_speaks_now(
    office: Office,
) -> None:
    number, (first, second, _) = office.issued().number, office.pilot.learners
    signed_by_two(office.pilot, merge_of(second, first))
    office.runtime.book.vault.put(second, "learner", {"name": "（示例）陈新名"})
    head = office.head

    answer = head.post(f"/staff/certificates/{number}/reissue", data={"reason": "name_changed"})

    assert "（示例）陈新名" in head.get(answer.headers["location"]).text
    new = answer.headers["location"].split("/")[3].partition("?")[0]
    typed = {"number": new, "code": office.code(new), "name": "（示例）陈新名"}
    assert "姓名一致" in office.browser().post("/verify/name", data=typed).text


def test_a_share_link_shows_one_certificate_until_it_ends(office: Office) -> None:
    number, anybody = office.issued().number, office.browser()
    phone = office.phone_of(office.issued().learner_id)
    link = share(phone, number)
    assert anybody.get(link).status_code == 200
    other = office.issued("star_level").number
    assert anybody.get(link.replace(number, other)).status_code == 410
    office.clock.move(timedelta(days=30))
    ended = anybody.get(link)
    assert ended.status_code == 410
    assert says(ended, "share_link_ended")


def test_a_share_link_can_be_closed(office: Office) -> None:
    number, phone = office.issued().number, office.phone_of(office.issued().learner_id)
    link = share(phone, number, MOST_DAYS)
    page = phone.get(f"/me/certificates/{number}").text
    close = re.search(r'action="(/me/certificates/[^"]+/close)"', page)
    assert close is not None
    assert phone.post(close[1]).status_code == 303
    assert office.browser().get(link).status_code == 410


def test_nobody_closes_or_makes_a_link_of_somebody_else(office: Office) -> None:
    number = office.issued().number
    other = office.phone_of(office.pilot.learners[1])
    assert other.post(f"/me/certificates/{number}/share-links").status_code == 403
    assert other.post(f"/me/certificates/{number}/share-links/{uuid4()}/close").status_code == 403


@pytest.mark.parametrize("days", [0, MOST_DAYS + 1])
def test_a_link_lives_for_180_days_at_most(office: Office, days: int) -> None:
    number, phone = office.issued().number, office.phone_of(office.issued().learner_id)
    answer = phone.post(f"/me/certificates/{number}/share-links", data={"days": str(days)})
    assert answer.status_code == 422
    assert says(answer, "share_days_out_of_range")


def test_a_reading_by_staff_is_logged(office: Office) -> None:
    """A mask shows something of a name, too."""
    certificate = office.issued()
    coordinator = office.screen(Role.COORDINATOR, SCHOOL)
    coordinator.get(f"/certificates/{certificate.number}.pdf")
    assert (
        mask_name("（示例）陈建2")
        in office.officer.get(f"/staff/certificates/{certificate.number}").text
    )
    with psycopg.connect(office.runtime.connections.vault) as connection:
        logged = connection.execute(
            "SELECT role, subject_ids FROM ledger_vault.access_log"
            " WHERE purpose = %s ORDER BY entry",
            ("certificate_document",),
        ).fetchall()
    held = [certificate.learner_id]
    assert logged == [("coordinator", held), ("district_officer", held)]
