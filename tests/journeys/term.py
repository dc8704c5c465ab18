"""The steps of a school's term as people take them, over HTTP: each presses what a page offers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import httpx

from api import arrivals
from api.pages.enrolment import NOTICE_VERSION
from projections.session_board import SessionOnBoard
from tests.acting import SCHOOL
from tests.journeys.site import Site

CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b")
FAMILIES = 12
ROSTER_HEAD = (
    "序号,学校标识码,年级,班级,学生姓名,校内学号,家长姓名,与学生关系,手机号码,是否监护人,备注"
)
PLAN_HEAD = (
    "序号,学年,学期,周次,计划日期,开始时间,结束时间,活动主题,课程类别,面向年级,载体,方式,课时,"
    "主讲人,主讲人身份,地点,责任人"
)
EXAM_HEAD = (
    "序号,考核名称,考核日期,班级,学生姓名,家长姓名,与学生关系,成绩,是否合格,阅卷人,复核人,备注"
)
EVENINGS = (
    ("2026-09-18", "读懂孩子的情绪", "心理健康指导课程"),
    ("2026-10-16", "陪孩子读一本书", "亲子共读课程"),
    ("2026-11-06", "家庭里的约定", "校本特色的协同育人活动课程"),
    ("2026-11-20", "压力与睡眠", "心理健康指导课程"),
)


# Names are letters and 汉字, so the families are told apart by a letter.
FAMILY_NAMES = tuple((f"示小{letter}", f"例家长{letter}") for letter in "甲乙丙丁戊己庚辛壬癸子丑")


def roster() -> str:
    rows = (
        f"{n},{SCHOOL},三年级,2班,{child},2023{n:04d},{adult},父亲,100{n:08d},是,"
        for n, (child, adult) in enumerate(FAMILY_NAMES, start=1)
    )
    return "\n".join((ROSTER_HEAD, *rows))


def plan() -> str:
    rows = (
        f"{n},2026,1,{n},{day},19:00,20:20,{topic},{family},三年级,校内家长学校,现场教学,2,"
        ",,报告厅,"
        for n, (day, topic, family) in enumerate(EVENINGS, start=1)
    )
    return "\n".join((PLAN_HEAD, *rows))


@dataclass
class Term:
    """One school's term on a running site."""

    site: Site
    phones: list[httpx.Client] = field(default_factory=list)

    def upload(self, user: str, kind: str, content: str, *, checking: bool = False) -> str:
        """Bring a file, look at the preview, confirm; the page with the result comes back."""
        browser = self.site.sign_in(user)
        answer = browser.post(
            f"/staff/imports/{SCHOOL}/{kind}",
            files={"file": (f"{kind}.csv", content.encode())},
            data={"checking": "yes"} if checking else {},
        )
        assert answer.status_code == 303, answer.text
        address = answer.headers["location"]
        assert browser.get(address).status_code == 200
        assert browser.post(address).status_code == 303
        return browser.get(address).text

    def enrol_everybody(self) -> None:
        """The class teacher prints slips; every parent opens the link and agrees to the notice."""
        teacher = self.site.sign_in("teacher")
        form = {"grade": "三年级", "group": "2班"}
        sheet = teacher.post(f"/staff/classes/{SCHOOL}/slips", data=form).text
        codes = sorted(set(CODE.findall(sheet)))
        assert len(codes) == FAMILIES
        for code in codes:
            phone = self.site.browser()
            assert phone.get(f"/enrol/{code}").status_code == 200
            answer = phone.post("/enrol", data={"code": code, "consent": NOTICE_VERSION})
            assert answer.headers.get("location") == "/me", answer.text
            self.phones.append(phone)

    def sessions(self) -> list[SessionOnBoard]:
        found = self.site.runtime.models.sessions.sessions_of(SCHOOL)
        return sorted(found, key=lambda session: session.begins_at)

    def scan(self, phone: httpx.Client, session_id: UUID) -> None:
        """Point the phone at the screen: the code becomes a ticket."""
        runtime = self.site.runtime
        session = runtime.book.sessions.get(session_id)
        token = arrivals.codes_ahead(runtime, session)[0].code
        answer = phone.get(f"/IN/{arrivals.session_text(session_id)}/{token}")
        assert answer.headers.get("location") == "/in", answer.text

    def hold(self, session: SessionOnBoard) -> None:
        """Open, twelve scans at once, the end, count and attestation by two persons."""
        session_id, clock = session.session_id, self.site.clock
        clock.move_to(session.begins_at - timedelta(minutes=10))
        self.press("host", f"/staff/sessions/{session_id}/open")
        for phone in self.phones:
            self.scan(phone, session_id)
        with ThreadPoolExecutor(FAMILIES) as crowd:
            answers = list(crowd.map(lambda phone: phone.post("/in"), self.phones))
        assert {answer.status_code for answer in answers} == {303}
        assert "已签到" in self.phones[0].get(answers[0].headers["location"]).text
        clock.move_to(session.ends_at)
        for phone in self.phones:
            self.scan(phone, session_id)
            assert phone.post("/out").status_code == 303
        self.press("host", f"/staff/sessions/{session_id}/close")
        self.press("host", f"/staff/sessions/{session_id}/head-count", present=FAMILIES)
        self.press("host", f"/staff/sessions/{session_id}/attest-as-host")
        self.press("coordinator", f"/staff/sessions/{session_id}/attest-as-coordinator")

    def press(self, user: str, address: str, **form: object) -> str:
        """Sign in and press one button; the page that follows comes back as its address."""
        answer = self.site.sign_in(user).post(address, data=form)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]


def exam(names: Sequence[tuple[str, str]]) -> str:
    rows = (
        f"{n},期末考核,2026-12-04,三年级2班,{child},{adult},父亲,{80 + n},是,示例老师,示例主任,"
        for n, (child, adult) in enumerate(names, start=1)
    )
    return "\n".join((EXAM_HEAD, *rows))
