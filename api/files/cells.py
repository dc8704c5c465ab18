"""The words of one cell into a value, or the code that says why not."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time
from typing import Final, TypeVar

from domain.carriers import Named
from domain.grades import Grade, class_called, grade_called
from domain.hours import from_text
from domain.relation import Relation, relation_called

N = TypeVar("N", bound=Named)


class WrongCell(Exception):
    """The cell cannot be taken. Caught where the cell is read; leaves this package never."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text(cell: str, *, longest: int = 80) -> str:
    """Words that must be there."""
    if not cell:
        raise WrongCell("value_missing")
    return note(cell, longest=longest)


def note(cell: str, *, longest: int = 80) -> str:
    """Words that may be there."""
    if len(cell) > longest:
        raise WrongCell("value_too_long")
    return cell


def _folded(cell: str) -> str:
    return unicodedata.normalize("NFKC", text(cell))


EXAMPLE_MARK: Final = "（示例）"
_DOTS: Final = dict.fromkeys(map(ord, "•‧∙・･⋅.．"), "·")
_APOSTROPHES: Final = {ord("’"): "'", ord("‐"): "-", ord("＇"): "'", ord("－"): "-"}
_LATER_HANZI: Final = range(0x20000, 0x33480)  # newer than the Unicode that Python knows
_NAME_LENGTHS: Final = range(2, 41)


def person_name(cell: str) -> str:
    """A name: hanzi or letters, · inside; one spelling of dots and widths, spaces only in Latin."""
    words = unicodedata.normalize("NFC", text(cell).replace("(示例)", EXAMPLE_MARK))
    mark = EXAMPLE_MARK if words.startswith(EXAMPLE_MARK) else ""
    name = _one_spelling(words.removeprefix(mark).strip())
    if not all(_belongs_in_a_name(letter) for letter in name):
        raise WrongCell("name_letters")
    if len(name) not in _NAME_LENGTHS or not any(_is_letter(letter) for letter in name):
        raise WrongCell("name_length")
    return mark + name


def _one_spelling(name: str) -> str:
    narrow = "".join(_narrow(letter) for letter in name).translate(_APOSTROPHES)
    dotted = narrow if narrow.isascii() else narrow.translate(_DOTS)
    return dotted if any("a" <= letter.lower() <= "z" for letter in dotted) else _close(dotted)


def _narrow(letter: str) -> str:
    return unicodedata.normalize("NFKC", letter) if "！" <= letter <= "～" else letter


def _close(name: str) -> str:
    """王  伟, set apart to fill the cell, is 王伟."""
    return name.replace(" ", "")


def _is_letter(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "L" or ord(letter) in _LATER_HANZI


def _belongs_in_a_name(letter: str) -> bool:
    return _is_letter(letter) or letter in "·'-. " or unicodedata.category(letter) in {"Mn", "Mc"}


_AS_NUMBER: Final = re.compile(r"([0-9]+)\.([0-9]+)(?:E\+?([0-9]{1,2}))?", re.IGNORECASE)


def digits_typed(words: str) -> str:
    """10012345678.0 and 1.0012345678E+10 as the digits that were typed.

    Raises WrongCell where a spreadsheet has rounded them away: 1.00E+10.
    """
    found = _AS_NUMBER.fullmatch(words)
    if not found:
        return words
    whole, part, power = found.groups()
    if power is None:
        return words if part.strip("0") else str(whole)
    if len(part) < int(power):
        raise WrongCell("digits_lost")
    return f"{whole}{part}" if len(part) == int(power) else words


_SCHOOL_CODE: Final = re.compile(r"[0-9]{10}")


def school_code(cell: str) -> str:
    """A school identification code (学校标识码): 10 digits."""
    code = digits_typed(_folded(cell).replace(" ", ""))
    if not _SCHOOL_CODE.fullmatch(code):
        raise WrongCell("school_code_not_10_digits")
    return code


_STUDENT_NO: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z/_-]{0,29}")


def student_no(cell: str) -> str | None:
    """The child's number inside the school, if there is one."""
    if not cell:
        return None
    number = digits_typed(_folded(cell).replace(" ", ""))
    if not _STUDENT_NO.fullmatch(number):
        raise WrongCell("student_no_unreadable")
    return number.upper()


def phone(cell: str) -> str | None:
    """A mobile phone: 11 digits, begins with 1; +86, spaces and hyphens are left out."""
    if not cell:
        return None
    digits = re.sub(r"[\s()-]", "", digits_typed(_folded(cell)))
    digits = re.sub(r"^(?:\+|00)86(?=1)", "", digits)
    if not re.fullmatch(r"[0-9]{11}", digits):
        raise WrongCell("phone_not_11_digits")
    if not digits.startswith("1"):
        raise WrongCell("phone_not_mobile")
    return digits


def yes_no(cell: str) -> bool:
    match _folded(cell).lower():
        case "是" | "合格" | "y" | "yes" | "true" | "1" | "√" | "✓":
            return True
        case "否" | "不合格" | "n" | "no" | "false" | "0" | "×":
            return False
        case _:
            raise WrongCell("not_yes_or_no")


def whole_number(cell: str, lowest: int, highest: int, *, outside: str) -> int:
    """A whole number within bounds; 第3周, 2课时 and 8.0 are numbers too."""
    found = re.fullmatch(r"第?([0-9]{1,6})(?:\.0+)?(?:周|课时|分)?", _folded(cell), re.ASCII)
    if not found:
        raise WrongCell("not_a_whole_number")
    number = int(found[1])
    if not lowest <= number <= highest:
        raise WrongCell(outside)
    return number


def hundredths(cell: str, unit: str, *, wrong: str) -> int:
    """Hours with two decimals at most, their unit behind them or not: 12, 1.5, 2课时."""
    try:
        return from_text(_folded(cell).replace(" ", "").removesuffix(unit))
    except ValueError:
        raise WrongCell(wrong) from None


def score(cell: str) -> int:
    """Whole marks from 0 to 100."""
    if re.fullmatch(r"[0-9]{1,3}\.[0-9]*[1-9][0-9]*分?", _folded(cell), re.ASCII):
        raise WrongCell("score_not_whole")
    return whole_number(cell, 0, 100, outside="score_out_of_range")


_DATE: Final = re.compile(
    r"([0-9]{4})(?:年|[-/.])([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})日?(?: 0?0:00(?::00)?)?", re.ASCII
)


def day(cell: str) -> date:
    """A date: 2026-11-22, 2026/11/22, 2026.11.22 or 2026年11月22日."""
    if not (found := _DATE.fullmatch(_folded(cell))):
        raise WrongCell("date_unreadable")
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise WrongCell("date_unreadable") from None


def clock(cell: str) -> time | None:
    """A time of day, HH:MM, if there is one."""
    if not cell:
        return None
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::00)?", _folded(cell), re.ASCII)
    if not found or int(found[1]) not in range(24) or int(found[2]) not in range(60):
        raise WrongCell("time_unreadable")
    return time(int(found[1]), int(found[2]))


_SCHOOL_YEAR: Final = re.compile(r"(20[0-9]{2})(?:[-—–~至]+(20[0-9]{2}))?(?:学年度?)?", re.ASCII)


def school_year(cell: str) -> int:
    """The year in which the school year begins: 2026, 2026学年, 2026-2027学年度."""
    found = _SCHOOL_YEAR.fullmatch(_folded(cell).replace(" ", ""))
    if not found or (found[2] and int(found[2]) != int(found[1]) + 1):
        raise WrongCell("school_year_unreadable")
    return int(found[1])


def term_no(cell: str) -> int:
    match _folded(cell).removesuffix("学期").removeprefix("第"):
        case "1" | "一" | "上":
            return 1
        case "2" | "二" | "下":
            return 2
        case _:
            raise WrongCell("term_unknown")


def grade(cell: str) -> Grade:
    """One grade, in any usual spelling."""
    if not (found := grade_called(text(cell))):
        raise WrongCell("grade_unknown")
    return found


def class_of(cell: str) -> tuple[Grade | None, str]:
    """A class, with its grade if the cell names it: 三年级2班, 三（2）班, 2班."""
    if not (found := class_called(text(cell))):
        raise WrongCell("class_unreadable")
    return found


def class_group(cell: str, of: Grade | None) -> str:
    """A class group; a grade repeated in it must be the grade of its row."""
    repeated, group = class_of(cell)
    if None not in {repeated, of} and repeated != of:
        raise WrongCell("class_contradicts_grade")
    return group


def relation(cell: str) -> Relation:
    """A relation to the child that may learn."""
    if not (found := relation_called(text(cell))):
        raise WrongCell("relation_unknown")
    if not found.may_be_learner:
        raise WrongCell("relation_not_a_learner")
    return found


def member(cell: str, of: type[N], unknown: str) -> N:
    """A code, by its code or one of its names."""
    if not (found := of.called(text(cell))):
        raise WrongCell(unknown)
    return found
