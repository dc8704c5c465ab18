"""The form of one planned session: its fields, and the columns of a plan file that they fill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from api.files.rejection import Rejection
from api.imports.order import Language as Spoken
from api.imports.texts import reason
from api.language.catalogue import Language
from api.problems import text_of
from api.rendering import local
from domain.carriers import Carrier, CourseFamily, LecturerKind, Mode
from domain.hours import as_short_text
from domain.refusals import Refused
from projections.session_board import SessionRow

COLUMNS: Final = {
    "topic": "活动主题", "family": "课程类别", "mode": "方式", "carrier": "载体", "day": "计划日期",
    "starts": "开始时间", "ends": "结束时间", "class_hours": "课时", "lecturer": "主讲人",
    "lecturer_kind": "主讲人身份", "place": "地点", "responsible": "责任人",
}  # fmt: skip
FIELDS: Final = {"面向年级": "grades", **{column: name for name, column in COLUMNS.items()}}
# Where a refusal of the ledger is told: beside the field that can put it right.
FIELD_OF: Final = {
    "session_clashes": "starts",
    "session_not_announced_in_time": "day",
    "course_retired": "topic",
}
CHOICES: Final[Mapping[str, list[str]]] = {
    "family": [family.value for family in CourseFamily],
    "mode": [mode.value for mode in Mode if mode.is_a_session],
    "carrier": [carrier.value for carrier in Carrier],
    "lecturer_kind": [kind.value for kind in LecturerKind],
}


class SessionForm(BaseModel):
    """A session as it is typed; what is wrong is said beside its field, and nothing is lost."""

    topic: str = ""
    family: str = ""
    mode: str = ""
    carrier: str = ""
    grades: list[str] = []
    day: str = ""
    starts: str = ""
    ends: str = ""
    class_hours: str = ""
    lecturer: str = ""
    lecturer_kind: str = ""
    place: str = ""
    responsible: str = ""
    confirmed: bool = False

    @property
    def cells(self) -> dict[str, str]:
        """By the columns of a plan file."""
        said = {column: str(getattr(self, name)).strip() for name, column in COLUMNS.items()}
        return {**said, "面向年级": "、".join(self.grades) or "全校"}


USUAL: Final = SessionForm(starts="19:00", ends="20:30", class_hours="2")


def form_of(session: SessionRow, people: Mapping[str, str]) -> SessionForm:
    """A session as its form shows it before anything is changed."""
    return SessionForm(
        topic=session.title,
        family=session.family,
        mode=session.mode,
        carrier=session.carrier,
        grades=list(session.grades),
        day=local(session.begins_at, "%Y-%m-%d"),
        starts=local(session.begins_at, "%H:%M"),
        ends=local(session.ends_at, "%H:%M"),
        class_hours=as_short_text(session.class_hours),
        place=session.place,
        lecturer=people.get("lecturer", ""),
        lecturer_kind=people.get("lecturer_kind", ""),
        responsible=people.get("responsible", ""),
    )


def wrong_fields(rejections: list[Rejection], spoken: Spoken) -> dict[str, str]:
    """What is wrong, by the name of the field."""
    return {FIELDS.get(each.column, ""): reason(each.code, spoken) for each in rejections}


def refused_field(refusal: Refused, language: Language) -> dict[str, str]:
    field = FIELD_OF.get(refusal.code)
    return {field: text_of(refusal.code, language)} if field else {}
