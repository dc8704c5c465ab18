"""Whatever a file holds: reading raises one error only; no data row is lost or counted twice."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.files.exam import ExamFile, read_exam_results
from api.files.failed import failed_rows
from api.files.plan import PlanFile, read_plan
from api.files.questions import QuestionFile, read_questions
from api.files.rejection import UnreadableFile
from api.files.roster import RosterFile, read_roster
from api.files.sign_in_sheet import SignInFile, read_sign_in_sheet
from api.files.teacher_hours import TeacherHoursFile, read_teacher_hours
from api.files.template import TEMPLATES, Kind
from api.files.texts import TEXTS
from tests.api.files.conftest import SOUND

AnyFile = RosterFile | PlanFile | ExamFile | QuestionFile | TeacherHoursFile | SignInFile


def read(kind: Kind, content: bytes) -> AnyFile:
    match kind:
        case Kind.ROSTER:
            return read_roster(content, "4401040001")
        case Kind.PLAN:
            return read_plan(content, minutes_per_class_hour={"primary": 40})
        case Kind.EXAM:
            return read_exam_results(content, pass_mark=lambda *_: 60)
        case Kind.QUESTIONS:
            return read_questions(content)
        case Kind.TEACHER_HOURS:
            return read_teacher_hours(content, "4401040001")
        case Kind.SIGN_IN_SHEET:
            return read_sign_in_sheet(content)


def check(file: AnyFile) -> None:
    taken = Counter(row.row for row in file.rows)
    refused = {rejection.row for rejection in file.rejections}
    assert set(taken.values()) <= {1}
    assert not taken.keys() & refused
    assert taken.keys() | refused == file.table.as_written.keys()
    assert len(taken) + len(refused) == file.total
    assert {rejection.code for rejection in file.rejections} <= TEXTS.keys()
    assert all(len(rejection.value) <= 80 for rejection in file.rejections)


VALUES = sorted({value for row in SOUND.values() for value in row.values()})
NASTY = ["=1", "+1", "-", "@", "\t1", "'=1", "\0", '"', ",", "\n", "\r", "\ufeff", "\u202e", "十十"]
CELL = st.one_of(
    st.sampled_from(VALUES),
    st.sampled_from(NASTY),
    st.text(max_size=12),
    st.integers().map(str),
    st.floats().map(str),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Kind, list[list[str]]]:
    """Sound rows with some cells replaced, and some cut or made longer."""
    kind = draw(st.sampled_from(Kind))
    rows = []
    for _ in range(draw(st.integers(0, 5))):
        row = list(SOUND[kind].values())
        for place in draw(st.lists(st.integers(0, len(row) - 1), max_size=4)):
            row[place] = draw(CELL)
        rows.append(draw(st.sampled_from([row, row, row, row[:-1], [*row, "多"]])))
    return kind, rows


@given(table=tables())
def test_every_row_of_a_well_formed_file_is_taken_or_refused_exactly_once(
    table: tuple[Kind, list[list[str]]],
) -> None:
    kind, rows = table
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([TEMPLATES[kind].columns, *rows])
    result = read(kind, file.getvalue().encode())
    check(result)
    whole = [row for row in rows if len(row) == len(TEMPLATES[kind].columns)]
    if len(whole) == len(rows):  # a ragged row with a line break in it is more than one row
        assert result.total == sum(any(cell.strip() for cell in row) for row in rows)


@pytest.mark.parametrize("kind", list(Kind))
@given(data=st.data())
def test_any_text_below_the_header_is_taken_or_refused_line_by_line(
    kind: Kind, data: st.DataObject
) -> None:
    body = data.draw(st.text(alphabet='",\r\n\0=+ 1陈\t', max_size=200))
    header = ",".join(TEMPLATES[kind].columns)
    check(read(kind, f"{header}\n{body}".encode()))


@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
@example(content=b"\xef\xbb")
@example(content=b"\xef\xbb\xbf\xef\xbb\xbf")
@example(content=b'"')
def test_any_bytes_at_all_raise_one_error_only(content: bytes) -> None:
    for kind in Kind:
        with pytest.raises(UnreadableFile) as refused:
            read(kind, content)
        assert {rejection.code for rejection in refused.value.rejections} <= TEXTS.keys()


@settings(max_examples=50)
@given(table=tables())
def test_the_failed_rows_of_any_file_can_be_read_again(
    table: tuple[Kind, list[list[str]]],
) -> None:
    kind, rows = table
    file = io.StringIO(newline="")
    csv.writer(file).writerows([TEMPLATES[kind].columns, *rows])
    first = read(kind, file.getvalue().encode())
    again = read(kind, failed_rows(first.table, first.rejections))
    check(again)
    refused = {rejection.row for rejection in first.rejections}
    assert again.total <= len(refused)
