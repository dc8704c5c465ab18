"""The README's ten minutes, in the demo that `parent-credits run` brings up."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest

from api.language.catalogue import Language
from api.pages.enrolment import NOTICE_VERSION
from tests.acting import SCHOOL
from tests.database import Copies
from tests.journeys.demo import Demo, running_demo
from tests.journeys.site import until
from tools.looking import WIDTHS, View, chromium, looked_at
from tools.walking import Pilot

ENDED_TODAY = "亲子沟通的五个习惯"
CERTIFICATES = f"/staff/schools/{SCHOOL}/certificates"


MOST_BYTES = 60_000  # a first visit on a slow network, compressed
PEOPLE = (
    "anybody",
    "coordinator",
    "teacher",
    "district",
    "city",
    "auditor",
    "dpo",
    "parent",
    "accused",
)
SEEN = {"/staff/password", "/staff/calendar", "/staff/hearings/*", "/me/proposals/*"}


@pytest.fixture(scope="module")
def demo(copies: Copies, blank: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with (
        copies.of(blank) as database,
        running_demo(database, tmp_path_factory.mktemp("demo")) as made,
    ):
        yield made


# In English every fourth page: the same templates, longer words.
VIEWS = ((View(), WIDTHS, 1), (View(Language.ENGLISH), (390,), 4))


@pytest.fixture(scope="module")
def pilot(demo: Demo) -> Iterator[Pilot]:
    made = Pilot(demo.base, demo.told)
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.timeout(600)
def test_every_page_fits_every_screen_and_is_read_aloud_rightly(pilot: Pilot) -> None:
    """By axe (wcag2a to wcag22aa and best practice), no overflow from 320 to 1920 px, no error."""
    pages = pilot.pages(PEOPLE)
    assert len(pages) > 80
    assert {found.shape for found in pages} >= SEEN
    with chromium() as browser:
        faults = [
            f"{view} {found.who} {found.path}: {fault}"
            for view, widths, one_in in VIEWS
            for found, _, said in looked_at(browser, pilot, pages[::one_in], view, widths)
            for fault in said
        ]
    assert faults == []


@pytest.mark.slow
def test_a_parents_first_page_is_light(pilot: Pilot) -> None:
    parent = pilot.browser("parent")
    page = parent.get(pilot.home("parent"))
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    weighed = [page, *(parent.get(file) for file in files)]
    assert sum(answer.num_bytes_downloaded for answer in weighed) <= MOST_BYTES


@pytest.mark.slow
def test_a_newcomer_walks_from_the_roster_to_a_revoked_certificate(demo: Demo) -> None:
    a_roster_is_brought(demo)
    a_parent_checks_in(demo)
    hours_follow_two_attestations(demo)
    number = a_certificate_is_issued(demo)
    a_certificate_is_checked_and_revoked(demo, number)


def a_roster_is_brought(demo: Demo) -> None:
    """The template that the page offers, filled in; what cannot be taken comes back as a file."""
    coordinator = demo.staff("coordinator")
    template = coordinator.get(f"/staff/imports/{SCHOOL}").text
    offered = re.search(r'href="([^"]*roster[.]csv)"', template)
    assert offered is not None
    head = next(csv.reader(io.StringIO(coordinator.get(offered[1]).text.lstrip("\ufeff"))))
    row = {
        "学校标识码": SCHOOL, "年级": "三年级", "班级": "1班", "学生姓名": "示新来",
        "校内学号": "20269001", "家长姓名": "例新来", "与学生关系": "母亲",
        "手机号码": "10000009001", "是否监护人": "是",
    }  # fmt: skip
    lines = [",".join(head), *(",".join((row | two).get(name, "") for name in head) for two in (
        {}, {"学生姓名": "示电话", "手机号码": "1000000900"},
    ))]  # fmt: skip
    upload = coordinator.post(
        f"/staff/imports/{SCHOOL}/roster", files={"file": ("roster.csv", "\n".join(lines).encode())}
    )
    address = upload.headers["location"]
    assert coordinator.post(address).status_code == 303
    failed = coordinator.get(f"{address}/failed").text
    assert "示电话" in failed
    assert "示新来" not in failed
    assert "示新来" in coordinator.get(f"/staff/classes/{SCHOOL}/families", params={
        "grade": "三年级", "group": "1班"}).text  # fmt: skip


def a_parent_checks_in(demo: Demo) -> None:
    """By a link of `/demo`: agree to the notice, follow the code of the screen, tap once."""
    parent, told = demo.browser("parent"), demo.told
    code = told["learners"][1]["enrolment_url"].rsplit("/", 1)[1]
    assert code in demo.browser("anybody").get("/demo").text
    enrolled = parent.post("/enrol", data={"code": code, "consent": NOTICE_VERSION})
    assert enrolled.headers["location"] == "/me"
    screen = demo.staff("host")
    assert screen.get(told["open_session"]["presenter_url"]).status_code == 200
    scanned = parent.get(screen.get(told["open_session"]["codes_url"]).json()["url"])
    assert scanned.headers["location"] == "/in"
    assert "已签到" in parent.get(parent.post("/in").headers["location"]).text


def hours_follow_two_attestations(demo: Demo) -> None:
    found = re.search(
        rf'href="(/staff/sessions/[0-9a-f-]+)"[^>]*>{ENDED_TODAY}',
        demo.staff("host").get("/staff").text,
    )
    assert found is not None
    address = found[1]
    present = demo.staff("host").get(f"{address}/counts").json()["checked_in"]
    demo.press("host", f"{address}/head-count", present=present)
    demo.press("host", f"{address}/attest-as-host")
    before = len(due(demo))
    demo.press("coordinator", f"{address}/attest-as-coordinator")
    until(lambda: len(due(demo)) > before)
    assert "结业证书" in demo.staff("head").get(CERTIFICATES).text


def due(demo: Demo) -> list[str]:
    page = demo.staff("head").get(CERTIFICATES).text
    return re.findall(r'name="certificate_id" value="([0-9a-f-]+)"', page)


def a_certificate_is_issued(demo: Demo) -> str:
    """The newest one of the register, with its sheet."""
    page = demo.staff("head").get(CERTIFICATES).text
    before = set(numbers_on(page))
    demo.press("head", CERTIFICATES, certificate_id=due(demo))
    number = max(set(numbers_on(demo.staff("head").get(CERTIFICATES).text)) - before)
    assert demo.staff("head").get(f"/certificates/{number}.pdf").content.startswith(b"%PDF-")
    return number


def numbers_on(page: str) -> list[str]:
    return re.findall(r'href="/staff/certificates/([0-9-]+)"', page)


def a_certificate_is_checked_and_revoked(demo: Demo, number: str) -> None:
    page = demo.staff("head").get(f"/staff/certificates/{number}").text
    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", page)
    assert code is not None
    asked = {"number": number, "code": code[0]}
    anybody = demo.browser("anybody")
    assert "证书有效" in anybody.get("/verify", params=asked).text
    address = f"/staff/certificates/{number}/revocation"
    demo.press("head", address, reason="wrong_person")
    assert "证书有效" in anybody.get("/verify", params=asked).text
    demo.press("district", f"{address}/confirm", reason="wrong_person")
    assert "证书已撤销" in anybody.get("/verify", params=asked).text
