"""What a stranger's browser shows: the scanned code, the typed number, and every page's fit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, BrowserContext, Page

from api.certificate_documents import sheet_of
from api.sharing import ShareLinks
from projections.certificate_register import RegisteredCertificate
from tests.acting import SCHOOL
from tests.api.certificates.answering import answered_by
from tests.api.certificates.conftest import ORIGIN, PAGE, Office
from tests.browsing import PHONE

pytestmark = pytest.mark.browser

SIZES = {"phone": (390, 844), "desk": (1280, 800)}


@pytest.fixture
def phone(chromium: Browser) -> BrowserContext:
    return chromium.new_context(locale="zh-CN", viewport=PHONE, service_workers="block")


def verdict(page: Page, link: str) -> str:
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("html[data-verdict]", state="attached")
    return page.locator("#state").inner_text()


def revoke(office: Office, certificate: RegisteredCertificate) -> None:
    address = f"/staff/certificates/{certificate.number}/revocation"
    office.head.post(address, data={"reason": "wrong_person"})
    office.officer.post(f"{address}/confirm", data={"reason": "wrong_person"})


def test_a_scanned_code_is_valid_then_revoked_and_forged_when_a_digit_is_changed(
    office: Office, phone: BrowserContext
) -> None:
    certificate = office.issued()
    link = sheet_of(office.runtime, certificate).qr_text
    page = answered_by(office.browser(), phone).new_page()
    page.clock.set_fixed_time(office.clock.at)
    assert verdict(page, link) == "证书有效"
    for place in (-1, -40, -200):
        changed = list(link)
        changed[place] = str((int(changed[place]) + 1) % 10)
        assert verdict(page, "".join(changed)) == "伪造证书"
    revoke(office, certificate)
    assert verdict(page, link) == "证书已撤销"


def test_number_code_and_name_are_typed_by_hand(office: Office, phone: BrowserContext) -> None:
    number = office.issued().number
    page = answered_by(office.browser(), phone).new_page()
    page.goto(f"{ORIGIN}/verify")
    page.fill("#number", number)
    page.fill("#code", office.code(number).lower())
    page.get_by_role("button", name="核验").click()
    assert page.locator("#state").inner_text() == "证书有效"
    page.fill("#name", "（示例）陈建2")
    page.get_by_role("button", name="核对").click()
    assert page.get_by_role("status").last.inner_text() == "姓名一致"


def pages_of(office: Office) -> list[tuple[str, TestClient, str]]:
    """Each page once: a name for its picture, who looks, and the address."""
    certificate, star = office.issued(), office.issued("star_level")
    office.complete(office.pilot.learners[1])
    address = f"/staff/certificates/{star.number}"
    office.head.post(f"{address}/revocation", data={"reason": "wrong_person"})
    ShareLinks(office.runtime.tables).open(
        certificate.certificate_id, certificate.learner_id, office.clock.at
    )
    number, code = certificate.number, office.code(certificate.number)
    return [
        ("verify-form", office.browser(), "/verify"),
        ("verify-valid", office.browser(), f"/verify?number={number}&code={code}"),
        ("verify-none", office.browser(), f"/verify?number={number}&code=00000000"),
        ("verify-batch", office.browser(), "/verify/batch"),
        ("verify-digit", office.browser(), f"/verify?number={number[:-1]}0&code=1"),
        ("school", office.head, PAGE),
        ("certificate", office.head, f"/staff/certificates/{number}"),
        ("proposed", office.head, address),
        ("revocations", office.officer, "/staff/revocations"),
        ("schools", office.officer, "/staff/certificates"),
        ("statements", office.head, f"/staff/schools/{SCHOOL}/statements"),
        ("own", office.phone_of(certificate.learner_id), f"/me/certificates/{number}"),
        (
            "withdrawal",
            office.phone_of(certificate.learner_id),
            f"/me/certificates/{number}/withdrawal",
        ),
    ]


@pytest.mark.parametrize("size", SIZES)
def test_nothing_runs_off_the_screen(office: Office, phone: BrowserContext, size: str) -> None:
    """Every page, in both languages; with SCREENSHOTS set, pictures of them are left there."""
    page = phone.new_page()
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    for name, client, path in pages_of(office):
        phone.unroute_all()
        answered_by(client, phone)
        for language in ("zh-CN", "en"):
            joined = "&" if "?" in path else "?"
            page.goto(f"{ORIGIN}{path}{joined}lang={language}")
            main = page.locator("main")
            assert main.evaluate("main => main.scrollWidth") <= width, name
            leave_picture(page, f"{name}-{size}-{language}")


def leave_picture(page: Page, name: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
