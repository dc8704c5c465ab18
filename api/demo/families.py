"""Invented families, the same on every machine: surnames 示 and 例, phones beginning 100."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

SURNAMES = "示例"
CHILDREN = (
    "小宇", "子涵", "欣怡", "浩然", "思琪", "梓轩", "雨桐", "俊杰", "诗涵", "嘉豪", "可馨", "天佑",
    "晓彤", "明轩", "悦然", "家乐", "语晨", "泽楷", "静怡", "睿哲", "若曦", "宇航", "佳颖", "景行",
)  # fmt: skip
FATHERS = (
    "建国", "志强", "国华", "伟明", "海涛", "文斌", "永康", "家明", "振宇", "少峰", "启航", "卫东",
)  # fmt: skip
MOTHERS = (
    "淑芬", "丽华", "慧敏", "婉仪", "嘉慧", "燕玲", "秀珍", "美琪", "晓云", "敏仪", "雪梅", "佩珊",
)  # fmt: skip

ROSTER_HEADER = (
    "序号", "学校标识码", "年级", "班级", "学生姓名", "校内学号", "家长姓名", "与学生关系",
    "手机号码", "是否监护人", "备注",
)  # fmt: skip


@dataclass(frozen=True)
class Family:
    """One row of a roster: a child of a class, and one adult."""

    school_code: str
    number: int
    class_group: str
    child: str
    adult: str
    relation: str
    phone: str

    @property
    def student_no(self) -> str:
        return f"D{self.school_code[-1]}{self.number:04d}"


def families(school_code: str, classes: tuple[str, ...], each: int) -> list[Family]:
    """So many families in every class; every fifth adult is a grandmother without a phone."""
    return [
        family(school_code, place * each + number, group)
        for place, group in enumerate(classes)
        for number in range(each)
    ]


def family(school_code: str, number: int, class_group: str) -> Family:
    """No two adults of a school have the same name; children bear their father's surname."""
    block, place = divmod(number, len(FATHERS))
    surname, other = SURNAMES[block % 2], SURNAMES[1 - block % 2]
    relation = ("父亲", "母亲", "父亲", "母亲", "奶奶")[number % 5]
    adult = surname + FATHERS[place] if relation == "父亲" else other + MOTHERS[place]
    phone = "" if relation == "奶奶" else f"100{school_code[-1]}{number:07d}"
    child = surname + CHILDREN[number % len(CHILDREN)]
    return Family(school_code, number, class_group, child, adult, relation, phone)


def roster_file(rows: list[Family], grade: str) -> bytes:
    """The families as the file a school would bring."""
    return table(ROSTER_HEADER, roster_rows(rows, grade))


def roster_rows(rows: list[Family], grade: str) -> Iterator[tuple[object, ...]]:
    for ordinal, row in enumerate(rows, start=1):
        guardian = "否" if row.relation == "奶奶" else "是"
        yield (
            ordinal, row.school_code, grade, row.class_group, row.child, row.student_no,
            row.adult, row.relation, row.phone, guardian, "",
        )  # fmt: skip


def table(header: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")
