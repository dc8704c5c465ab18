"""The whole way: a roster file, sessions, hours, a certificate that verifies and is revoked."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from api.certificate_documents import check_code_of
from api.signing import create_key
from projections.certificate_register import RegisteredCertificate
from tests.acting import SCHOOL
from tests.journeys.site import Site
from tests.journeys.term import EVENINGS, FAMILIES, FAMILY_NAMES, Term, exam, plan, roster

CHROMIUM = "/usr/bin/chromium"


@pytest.mark.browser
@pytest.mark.zbar
@pytest.mark.poppler
def test_from_a_roster_file_to_a_certificate_that_is_revoked(site: Site, tmp_path: Path) -> None:
    term = Term(site)
    create_key(site.runtime, site.clock())
    site.clock.move_to(datetime(2026, 9, 10, 7, 0, tzinfo=UTC))

    term.upload("coordinator", "roster", roster())
    before = site.runtime.book.ledger.position()
    term.upload("coordinator", "roster", roster())  # the same file again records nothing
    assert site.runtime.book.ledger.position() == before
    term.upload("coordinator", "plan", plan())
    assert [each.title for each in term.sessions()] == [topic for _, topic, _ in EVENINGS]

    term.enrol_everybody()
    for session in term.sessions():
        term.hold(session)
    hours_arrive(term)
    completion_follows_the_exam(term)

    certificate = head_authorises(term)
    link = read_from_paper(term, certificate, tmp_path)
    assert_verdict(site, link, "证书有效")
    assert "有效" in verified(site, certificate)

    revoke(term, certificate)
    assert_verdict(site, link, "证书已撤销")
    assert "已撤销" in verified(site, certificate)


def hours_arrive(term: Term) -> None:
    """The worker credits what was attested; a parent's own page shows it."""
    runtime = term.site.runtime
    learners = runtime.models.roster.learners_of(SCHOOL, 2026)
    assert len(learners) == FAMILIES
    term.site.until(
        lambda: all(runtime.models.accounts.balance(learner) == 800 for learner in learners)
    )
    home = term.phones[0].get("/me").text
    assert "8" in home
    statement = term.phones[0].get("/me/statement").text
    assert all(topic in statement for _, topic, _ in EVENINGS)


def completion_follows_the_exam(term: Term) -> None:
    """Typed by one, checked by another: only then does it count."""
    term.site.clock.move_to(datetime(2026, 12, 5, 2, 0, tzinfo=UTC))
    certificates = term.site.runtime.models.certificates
    term.upload("coordinator", "exam", exam(FAMILY_NAMES))
    assert certificates.due_of(SCHOOL) == []
    term.upload("teacher", "exam", exam(FAMILY_NAMES), checking=True)
    term.site.until(lambda: len(completions_due(term)) == FAMILIES)


def completions_due(term: Term) -> list[str]:
    due = term.site.runtime.models.certificates.due_of(SCHOOL)
    return [str(each.certificate_id) for each in due if each.kind == "annual_completion"]


def head_authorises(term: Term) -> RegisteredCertificate:
    address = f"/staff/schools/{SCHOOL}/certificates"
    term.press("head", address, certificate_id=completions_due(term))
    issued = term.site.runtime.models.certificates.certificates_of(SCHOOL)
    assert len(issued) == FAMILIES
    assert len({each.number for each in issued}) == FAMILIES
    return issued[0]


def read_from_paper(term: Term, certificate: RegisteredCertificate, folder: Path) -> str:
    """Print the sheet, take its picture, and read the code as a stranger's reader does."""
    office = term.site.sign_in("coordinator")
    sheet = office.get(f"/certificates/{certificate.number}.pdf")
    assert sheet.headers["content-type"] == "application/pdf"
    assert office.get(f"/certificates/{certificate.number}.pdf").content == sheet.content
    (folder / "sheet.pdf").write_bytes(sheet.content)
    subprocess.run(
        ["pdftoppm", "-r", "200", "-png", "-singlefile", "sheet.pdf", "sheet"],
        cwd=folder, check=True,
    )  # fmt: skip
    read = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "sheet.png"],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return read.stdout.strip()


def assert_verdict(site: Site, link: str, heading: str) -> None:
    """Open the code's link in a browser that has never been here."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
        page = context.new_page()
        page.clock.set_fixed_time(site.clock())
        page.goto(link)
        wait_for_heading(page, heading)
        browser.close()


def wait_for_heading(page: Page, heading: str) -> None:
    page.wait_for_function(
        "wanted => document.getElementById('state').textContent === wanted", arg=heading,
        timeout=10_000,
    )  # fmt: skip


def verified(site: Site, certificate: RegisteredCertificate) -> str:
    """What anybody reads who types number and check code."""
    code = check_code_of(site.runtime, certificate.number)
    answer = site.browser().get("/verify", params={"number": certificate.number, "code": code})
    assert answer.status_code == 200
    return answer.text


def revoke(term: Term, certificate: RegisteredCertificate) -> None:
    """The head proposes, and it still verifies; the district confirms."""
    address = f"/staff/certificates/{certificate.number}/revocation"
    term.press("head", address, reason="wrong_person")
    assert "已撤销" not in verified(term.site, certificate)
    term.press("district", f"{address}/confirm", reason="wrong_person")
    # The signed list is made anew every hour.
    term.site.clock.move_seconds(3700)
