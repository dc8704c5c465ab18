"""The roster: which rows are taken, and why the others are not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api.files.roster import RosterFile, read_roster
from api.files.template import Kind

SCHOOL = "4401040001"
Build = Callable[..., bytes]


def read(build: Build, *changes: dict[str, str]) -> RosterFile:
    return read_roster(build(Kind.ROSTER, *changes), SCHOOL)


def test_a_sound_row_becomes_codes_and_one_spelling_of_everything(build: Build) -> None:
    file = read(
        build,
        {
            "年级": "初一",
            "班级": "（２）班",
            "学校标识码": "４４０１０４０００１",
            "学生姓名": "阿依古丽•买买提",
            "家长姓名": "王　伟",
            "与学生关系": "妈妈",
            "手机号码": "１００ 0000-0001",
            "校内学号": "ａ12",
        },
    )
    (row,) = file.rows
    assert (row.row, row.school_code, row.stage, row.grade) == (2, SCHOOL, "junior", "七年级")
    assert (row.class_group, row.child_name, row.name) == ("2班", "阿依古丽·买买提", "王伟")
    assert (row.relation_code, row.phone, row.student_no) == ("52", "10000000001", "A12")
    assert row.is_guardian
    assert (file.total, file.rejections) == (1, ())


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("学校标识码", "4401040002", "school_code_foreign"),
        ("学校标识码", "440104", "school_code_not_10_digits"),
        ("学校标识码", "", "value_missing"),
        ("年级", "十年级", "grade_unknown"),
        ("班级", "四年级2班", "class_contradicts_grade"),
        ("班级", "!", "class_unreadable"),
        ("学生姓名", "", "value_missing"),
        ("学生姓名", "陈小明2", "name_letters"),
        ("家长姓名", "陈", "name_length"),
        ("家长姓名", "（示例）陈", "name_length"),
        ("家长姓名", "··", "name_length"),
        ("家长姓名", "陈" * 41, "name_length"),
        ("家长姓名", "<b>陈</b>", "name_letters"),
        ("家长姓名", "=陈建国", "formula_in_cell"),
        ("校内学号", "2.02E+07", "digits_lost"),
        ("校内学号", "７" * 31, "student_no_unreadable"),
        ("与学生关系", "邻居", "relation_unknown"),
        ("与学生关系", "弟弟", "relation_not_a_learner"),
        ("手机号码", "1000000000", "phone_not_11_digits"),
        ("手机号码", "100000000000", "phone_not_11_digits"),
        ("手机号码", "1.00E+10", "digits_lost"),
        ("手机号码", "02000000000", "phone_not_mobile"),
        ("是否监护人", "也许", "not_yes_or_no"),
        ("是否监护人", "", "value_missing"),
        ("是否监护人", "否", "parent_is_guardian"),
        ("备注", "长" * 201, "value_too_long"),
    ],
)
def test_a_wrong_cell_is_named_and_the_other_rows_go_on(
    build: Build, column: str, value: str, code: str
) -> None:
    file = read(build, {column: value}, {"家长姓名": "（示例）李秀英", "与学生关系": "母亲"})
    assert [row.row for row in file.rows] == [3]
    (rejection,) = file.rejections
    assert (rejection.row, rejection.column, rejection.code) == (2, column, code)
    assert rejection.value == value[:79] + "…" if len(value) > 80 else rejection.value == value


@pytest.mark.parametrize("words", ["10012345678.0", "1.0012345678E+10", "１００１２３４５６７８"])
def test_a_phone_that_a_spreadsheet_took_for_a_number_is_read(build: Build, words: str) -> None:
    assert [row.phone for row in read(build, {"手机号码": words}).rows] == ["10012345678"]


def test_a_list_without_grades_school_code_and_numbers_says_them_otherwise() -> None:
    header = "班级,学生姓名,监护人,称谓,电话,是否监护人"
    rows = (
        "三年级2班,（示例）陈小明,（示例）陈建国,父亲,,是",
        "2班,（示例）林小红,（示例）林大,父亲,,是",
    )
    file = read_roster("\n".join((header, *rows)).encode(), SCHOOL)
    assert [(r.school_code, r.grade, r.class_group) for r in file.rows] == [
        (SCHOOL, "三年级", "2班")
    ]
    assert [(r.row, r.column, r.code) for r in file.rejections] == [(3, "班级", "grade_missing")]


def test_every_fault_of_a_row_is_told_at_once(build: Build) -> None:
    file = read(build, {"手机号码": "1", "与学生关系": "邻居", "年级": "?"})
    assert {(r.column, r.code) for r in file.rejections} == {
        ("手机号码", "phone_not_11_digits"),
        ("与学生关系", "relation_unknown"),
        ("年级", "grade_unknown"),
    }


@pytest.mark.parametrize(
    ("relation", "marked", "code"),
    [
        ("父亲", "是", None),
        ("母亲", "否", "parent_is_guardian"),
        ("祖父", "否", None),
        ("祖父", "是", None),
        ("继父", "否", None),
        ("姐姐", "是", None),
        ("委托照护人", "否", None),
        ("委托照护人", "是", "relation_not_a_guardian"),
        ("妹妹", "是", "relation_not_a_learner"),
    ],
)
def test_the_mark_of_a_guardian_fits_the_relation(
    build: Build, relation: str, marked: str, code: str | None
) -> None:
    file = read(build, {"与学生关系": relation, "是否监护人": marked})
    assert [r.code for r in file.rejections] == ([code] if code else [])
    assert [row.is_guardian for row in file.rows] == ([] if code else [marked == "是"])


@pytest.mark.parametrize(
    "phone", ["", "10000000000", "+86 100 0000 0000", "0086-10000000000", "\t10000000000"]
)
def test_a_phone_is_optional_and_may_carry_the_country(build: Build, phone: str) -> None:
    (row,) = read(build, {"手机号码": phone}).rows
    assert row.phone == ("10000000000" if phone else None)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("(示例)陈小明", "（示例）陈小明"),
        ("䶮𬍛", "䶮𬍛"),
        ("欧阳\U00032000", "欧阳\U00032000"),
        ("Anna  Müller", "Anna Müller"),
        ("O’Neil-Smith", "O'Neil-Smith"),
        ("Ｊｏｈｎ Ｄ.", "John D."),
        ("买买提.艾力", "买买提·艾力"),
    ],
)
def test_a_name_keeps_its_letters_in_one_spelling(build: Build, written: str, name: str) -> None:
    assert [row.name for row in read(build, {"家长姓名": written}).rows] == [name]


def test_the_same_child_and_person_twice_is_a_duplicate(build: Build) -> None:
    file = read(
        build,
        {"手机号码": "1"},
        {},
        {"班级": "（2）班", "家长姓名": "(示例)陈建国", "与学生关系": "爸爸"},
        {"家长姓名": "（示例）李秀英", "与学生关系": "母亲"},
        {"校内学号": "20230218"},
    )
    assert [row.row for row in file.rows] == [3, 5, 6]
    assert [(r.row, r.code) for r in file.rejections] == [
        (2, "phone_not_11_digits"),
        (4, "duplicate_row"),
    ]


def test_a_class_must_be_one_of_the_known_ones_if_they_are_known(build: Build) -> None:
    content = build(Kind.ROSTER, {"班级": "二班"}, {"班级": "三（3）班"}, {"年级": "初一"})
    known = frozenset({("三年级", "2班")})
    file = read_roster(content, SCHOOL, known_classes=known)
    assert [row.row for row in file.rows] == [2]
    assert [(r.row, r.column, r.code) for r in file.rejections] == [
        (3, "班级", "class_unknown"),
        (4, "班级", "class_unknown"),
    ]
    assert len(read_roster(content, SCHOOL).rows) == 3
