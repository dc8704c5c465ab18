"""The start page of those above a school: what waits for them, and the ways to their work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.access.actions import Action
from api.access.policy import CITY, Organisation
from api.access_log import may_read_looks, organisations_of
from api.asking import Asking
from api.compliance import region
from api.corrections_waiting import to_sign
from api.erasing import answered_for
from api.findings import State
from api.pages.parent_words import Words
from api.pages.staff_erasures import LIST as ERASURES
from api.pages.staff_password import PAGE as PASSWORD
from api.pages.staff_revocations import LIST as REVOCATIONS
from api.pages.staff_revocations import deciding_districts, waiting_for
from api.pages.staff_status import PAGE as STATUS
from api.pages.staff_todo import Todo
from api.reaching import may_in
from api.schools_above import organisation_of
from api.status import status_of
from certificates.districts import district_name
from domain.envelope import Role
from projections.schools import School


@dataclass(frozen=True)
class Tile:
    """A way to other work; `place` is a region by name, where the asker looks after several."""

    picture: str
    words: str
    address: str
    place: str = ""


@dataclass(frozen=True)
class Way:
    """The same for a school or a region, for whoever may do one of these things there."""

    picture: str
    words: str
    path: str
    actions: tuple[Action, ...]

    def tile(self, code: str, place: str = "") -> Tile:
        return Tile(self.picture, self.words, self.path.format(code=code), place)


A = Action
APPEALS, IRREGULARITIES = "/staff/districts/{code}/cases", "/staff/districts/{code}/irregularities"
CORRECTIONS = "/staff/corrections"
WAYS = (
    Way("check", "各校学期达标", "/staff/districts/{code}/compliance", (A.COMPLIANCE_OVERVIEW,)),
    Way("help", "区级复核", APPEALS, (A.CASE_OVERVIEW_READ,)),
    Way("shield", "异常提示", IRREGULARITIES, (A.IRREGULARITY_OVERVIEW_READ,)),
    Way("list", "随机抽查", "/staff/samples/{code}", (A.AUDIT_SAMPLE_READ,)),
    Way("user", "教师轮训情况", "/staff/teachers/regions/{code}", (A.TEACHER_COVERAGE_READ,)),
)


def todos_above(asking: Asking, schools: Sequence[School]) -> list[Todo]:
    """What waits for a district's officer, whichever school it is about."""
    return [todo for todo in waiting(asking, schools) if todo.count]


def waiting(asking: Asking, schools: Sequence[School]) -> Iterator[Todo]:
    models = asking.runtime.models
    for code in districts_where(asking, A.APPEAL_REVIEW):
        yield Todo("appeals", models.cases.how_many_before(code).waiting, APPEALS.format(code=code))
    for code in districts_where(asking, A.IRREGULARITY_REVIEW):
        count = models.irregularities.how_many(district_code=code)
        yield Todo("irregularities", count.waiting, IRREGULARITIES.format(code=code))
    if decides(asking):
        wanted = to_sign(asking, map(organisation_of, schools))
        yield Todo("corrections", models.corrections.how_many_awaited(wanted), CORRECTIONS)
    yield Todo("revocations", waiting_for(asking), REVOCATIONS)
    yield from external_hours(asking, schools)
    if organisations_of(asking, A.ERASURE_DECIDE):
        yield Todo("erasures", len(models.erasures.waiting(answered_for(asking))), ERASURES)
    if is_operator(asking):
        bad = [each for each in status_of(asking.runtime) if each.state is not State.GOOD]
        yield Todo("status", len(bad), STATUS)


def external_hours(asking: Asking, schools: Sequence[School]) -> Iterator[Todo]:
    """A line for each school, as each has its own list."""
    deciding = [
        each for each in schools if may_in(asking, A.EXTERNAL_CONFIRM, organisation_of(each))
    ]
    names = {each.school_code: each.name for each in deciding}
    for each in asking.runtime.models.external_hours.waiting_at(list(names)):
        address = f"/staff/external/{each.school_code}"
        yield Todo("external", each.waiting, address, Words(names[each.school_code]))


def is_operator(asking: Asking) -> bool:
    """Others read how the installation stands; it is the operator's to put right."""
    now, grants = asking.runtime.now(), asking.principal.grants if asking.principal else ()
    return any(each.role is Role.OPERATOR and each.holds(now) for each in grants)


def decides(asking: Asking) -> bool:
    """Whether the asker is an officer of a district, for whom things wait at all."""
    return bool(deciding_districts(asking))


def districts_where(asking: Asking, action: Action) -> list[str]:
    """The districts of the asker's own grants in which this may be done."""
    found = (code for code in asking.regions if code != CITY)
    return [code for code in found if may_in(asking, action, Organisation(district=code))]


def tiles_of(asking: Asking) -> list[Tile]:
    """Every way of the asker's that leads to no one school."""
    return [*tiles_of_regions(asking), *tiles_of_anybody(asking)]


def tiles_of_regions(asking: Asking) -> Iterator[Tile]:
    codes = asking.regions
    for code in codes:
        place = "" if len(codes) == 1 else "全市" if code == CITY else district_name(code) or code
        for way in WAYS:
            is_there = way.path != APPEALS or code != CITY  # the districts review, not the city
            if is_there and any(may_in(asking, each, region(code)) for each in way.actions):
                yield way.tile(code, place)


def tiles_of_anybody(asking: Asking) -> Iterator[Tile]:
    """What a right opens wherever it is held, then what is everybody's."""
    teachers = asking.runtime.models.teachers
    offered = (
        (Tile("undo", "待复核的更正", CORRECTIONS), districts_where(asking, A.CASE_OVERVIEW_READ)),
        (Tile("cert", "证书撤销", REVOCATIONS), decides(asking)),
        (
            Tile("lock", "删除个人信息的申请", ERASURES),
            organisations_of(asking, A.ERASURE_DECIDE),
        ),
        (Tile("search", "个人信息查看记录", "/staff/access-log"), may_read_looks(asking)),
        (
            Tile("link", "接口密钥", "/staff/api-keys"),
            may_in(asking, A.API_KEY_MANAGE, Organisation()),
        ),
        (Tile("check", "运行状况", STATUS), organisations_of(asking, A.STATUS_READ)),
        (Tile("book", "规则", "/staff/rules"), True),
        (Tile("clock", "工作日历", "/staff/calendar"), True),
        (Tile("user", "我的学时", "/staff/my-hours"), teachers.of_staff(asking.staff_id)),
        (Tile("key", "修改密码", PASSWORD), True),
    )
    return (tile for tile, is_offered in offered if is_offered)
