"""Stages, grades and classes as schools name them: many spellings in, one name out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """A stage of schooling (学段)."""

    KINDERGARTEN = "kindergarten"
    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"
    VOCATIONAL = "vocational"
    SPECIAL = "special"

    @property
    def zh(self) -> str:
        return _STAGE_NAMES[self][0]

    @property
    def en(self) -> str:
        return _STAGE_NAMES[self][1]


_STAGE_NAMES = {
    Stage.KINDERGARTEN: ("学前", "kindergarten"),
    Stage.PRIMARY: ("小学", "primary school"),
    Stage.JUNIOR: ("初中", "junior secondary school"),
    Stage.SENIOR: ("高中", "senior secondary school"),
    Stage.VOCATIONAL: ("中职", "vocational school"),
    Stage.SPECIAL: ("特教", "special school"),
}


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade: its stage, its year within the stage (from 1) and the one name we write."""

    stage: Stage
    year: int
    name: str
    en: str


_DIGITS = "〇一二三四五六七八九"
_KINDERGARTEN = (("小", "K1"), ("中", "K2"), ("大", "K3"))
_JUNIOR_BEGINS_AFTER = 6


def _grades() -> tuple[Grade, ...]:
    small = [
        Grade(Stage.KINDERGARTEN, year, f"{size}班", en)
        for year, (size, en) in enumerate(_KINDERGARTEN, start=1)
    ]
    primary = [Grade(Stage.PRIMARY, y, f"{_DIGITS[y]}年级", f"grade {y}") for y in range(1, 7)]
    junior = [
        Grade(Stage.JUNIOR, y, f"{_DIGITS[_JUNIOR_BEGINS_AFTER + y]}年级", f"grade {6 + y}")
        for y in range(1, 4)
    ]
    senior = [Grade(Stage.SENIOR, y, f"高{_DIGITS[y]}", f"senior {y}") for y in range(1, 4)]
    return (*small, *primary, *junior, *senior)


GRADES: tuple[Grade, ...] = _grades()
_YEARS = {grade.stage: grade.year for grade in GRADES}  # the last one's, as they are in order
_BY_NAME = {grade.name: grade for grade in GRADES}


def _spellings(grade: Grade) -> tuple[str, ...]:
    digit = _DIGITS[grade.year]
    match grade.stage:
        case Stage.KINDERGARTEN:
            return (grade.name, f"幼儿园{grade.name}")
        case Stage.PRIMARY:
            return (grade.name, f"{digit}年", f"小学{digit}年级", f"小{digit}", f"小学{digit}")
        case Stage.JUNIOR:
            year = f"{grade.name[0]}年"
            return (grade.name, year, f"初{digit}", f"初{digit}年级", f"初中{digit}年级")
        case _:
            return (grade.name, f"高{digit}年级", f"高中{digit}年级")


_BY_SPELLING = {spelling: grade for grade in GRADES for spelling in _spellings(grade)}


def _bare(words: str) -> str:
    """Width folded, without spaces and brackets."""
    return re.sub(r"[\s()\[\]【】〔〕]", "", unicodedata.normalize("NFKC", words))


def _plain(words: str) -> str:
    """Bare, with Chinese numbers up to 99 as Arabic digits; 三2 is not 32."""
    return re.sub(r"(?<![0-9])[〇零一二三四五六七八九十]+(?![0-9])", _arabic, _bare(words))


def _arabic(found: re.Match[str]) -> str:
    words = found.group().replace("零", "〇")
    if "十" not in words:
        return "".join(str(_DIGITS.index(digit)) for digit in words)
    tens, _, ones = words.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return found.group()
    return str((_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0))


_BY_PLAIN = {_plain(spelling): grade for spelling, grade in _BY_SPELLING.items()}
_LONGEST_FIRST = sorted(
    {**_BY_SPELLING, **_BY_PLAIN}.items(), key=lambda pair: (-len(pair[0]), pair[0])
)
_CLASS_NUMBER = re.compile(r"第?0*([1-9][0-9]?)班?", re.ASCII)
_CLASS_NAME = re.compile(r"(?!第?[0-9]*班?$)[^\W_]{1,20}")
_SIZE_AND_NUMBER = re.compile(r"(?:幼儿园)?([小中大])(0*[1-9][0-9]?班)", re.ASCII)
_DIGIT_AND_NUMBER = re.compile(r"([一二三四五六七八九])(0*[1-9][0-9]?班?)", re.ASCII)
_BRACKETED = re.compile(r"([^()]+)\(([^()]+)\)班?")


def grade_named(name: str) -> Grade:
    """The grade with a name that was recorded. An unknown one is a bug: KeyError."""
    return _BY_NAME[name]


def grade_after(grade: Grade) -> Grade | None:
    """The next grade of the same stage; None after its last one, whose children leave it."""
    return next((g for g in GRADES if (g.stage, g.year) == (grade.stage, grade.year + 1)), None)


def grade_called(words: str) -> Grade | None:
    """The grade that a school means (三年级, 3年级, 初一, 七年级, 高三, 小班), or None."""
    return _BY_PLAIN.get(_plain(words))


def is_last_grade(name: str, stage: str) -> bool:
    """Whether a stage ends with a grade. What has no year of its own (启智班) ends none."""
    grade = grade_called(name)
    return grade is not None and grade.stage == stage and grade.year == _YEARS[grade.stage]


def class_group_called(words: str) -> str | None:
    """The class group in its one spelling: 2班, 二班, （2）班 and 02 are "2班"; 苹果班 stays."""
    if number := _CLASS_NUMBER.fullmatch(_plain(words)):
        return f"{number[1]}班"
    name = _bare(words)
    return name if _CLASS_NAME.fullmatch(name) else None


def class_called(words: str) -> tuple[Grade | None, str] | None:
    """Grade and class group of a class written in one cell: 三年级2班, 三（2）班, 初一3班, 大二班.

    The grade is None where the cell does not name it (2班). None where nothing can be read.
    """
    if alone := grade_called(words):
        return (alone, alone.name) if alone.stage is Stage.KINDERGARTEN else None
    group = class_group_called(words)
    return (
        _in_brackets(words)
        or _sized(words)
        or _split(words)
        or (None if group is None else (None, group))
    )


def _in_brackets(words: str) -> tuple[Grade, str] | None:
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", words))
    if not (parts := _BRACKETED.fullmatch(folded)):
        return None
    before, inside = parts.groups()
    grade = grade_called(before) or grade_called(f"{before}年级") or grade_called(f"{before}班")
    group = class_group_called(inside)
    return (grade, group) if grade and group else None


def _sized(words: str) -> tuple[Grade, str] | None:
    if sized := _SIZE_AND_NUMBER.fullmatch(_plain(words)):
        grade = grade_called(f"{sized[1]}班")
    elif sized := _DIGIT_AND_NUMBER.fullmatch(_bare(words)):
        grade = grade_called(f"{sized[1]}年级")
    else:
        return None
    group = class_group_called(sized[2])
    return (grade, group) if grade and group else None


def _split(words: str) -> tuple[Grade, str] | None:
    bare = _bare(words)
    for spelling, grade in _LONGEST_FIRST:
        if bare.startswith(spelling) and (group := class_group_called(bare[len(spelling) :])):
            return grade, group
    return None
