"""OneRoster and SDS: whom a package means, what of it hangs in the air, what is never unpacked."""

from __future__ import annotations

import warnings
from datetime import date

import pytest

from api.files.package_roster import from_package
from api.files.rejection import UnreadableFile
from api.files.roster import RosterRow, read_roster
from api.files.zipped import Zipped
from tests.acting import SCHOOL
from tests.api.files.packages import ONEROSTER, SDS, Files, package, sheet, zipped

TODAY = date(2026, 9, 10)
Change = tuple[str, int, dict[str, str]]


def rows(content: bytes) -> list[RosterRow]:
    found = from_package(content, SCHOOL, TODAY)
    assert found is not None
    assert not found.faults
    return list(read_roster(found.content, SCHOOL).rows)


def rejected(content: bytes) -> list[tuple[str, str, str]]:
    """Where, what and why; where is the file, the row and the column of the package."""
    found = from_package(content, SCHOOL, TODAY)
    assert found is not None
    file = read_roster(found.content, SCHOOL)
    return [(each.column, each.value, each.code) for each in found.placed(file.rejections)]


def refused(content: bytes) -> tuple[str, str]:
    with pytest.raises(UnreadableFile) as error:
        from_package(content, SCHOOL, TODAY)
    [first, *_] = error.value.rejections
    return first.code, first.value or first.column


def test_oneroster_says_who_learns_for_whom_in_which_class() -> None:
    father, relative = rows(package(ONEROSTER))

    assert (father.child_name, father.student_no) == ("（示例）陈小明", "20230217")
    assert (father.grade, father.class_group, father.stage) == ("三年级", "2班", "primary")
    assert (father.name, father.phone) == ("（示例）陈建国", "10000000001")
    assert (father.relation_code, father.is_guardian) == ("59", True)
    assert (relative.name, relative.phone) == ("Anna Example", "10000000002")
    assert (relative.relation_code, relative.is_guardian) == ("97", False)


def test_sds_says_it_in_relationships_and_its_ids_are_the_pupil_s_numbers() -> None:
    [guardian] = rows(package(SDS))

    assert (guardian.grade, guardian.class_group) == ("三年级", "2班")
    assert (guardian.name, guardian.student_no) == ("（示例）李秀英", "20230217")
    assert (guardian.relation_code, guardian.is_guardian) == ("97", True)


def test_a_package_may_lie_in_a_folder_of_its_own() -> None:
    assert len(rows(package(SDS, folder="导出/"))) == 1


@pytest.mark.parametrize(
    ("files", "change", "where", "value", "code"),
    [
        (ONEROSTER, ("users.csv", 1, {"sms": "123"}), "users.csv:3:sms", "123",
         "phone_not_11_digits"),
        (ONEROSTER, ("users.csv", 1, {"givenName": "9"}), "users.csv:3:familyName", "（示例）陈9",
         "name_letters"),
        (ONEROSTER, ("users.csv", 0, {"agentSourcedIds": "a-1,a-7"}),
         "users.csv:2:agentSourcedIds", "a-1,a-7", "reference_missing"),
        (ONEROSTER, ("users.csv", 0, {"agentSourcedIds": ""}), "users.csv:2:sourcedId", "p-1",
         "adult_missing"),
        (ONEROSTER, ("users.csv", 1, {"status": "tobedeleted"}), "users.csv:3:status",
         "tobedeleted", "record_deleted"),
        (ONEROSTER, ("users.csv", 4, {"sourcedId": "a-1"}), "users.csv:6:sourcedId", "a-1",
         "record_twice"),
        (ONEROSTER, ("roles.csv", 1, {"role": "teacher"}), "users.csv:2:agentSourcedIds",
         "a-1,a-2", "role_is_no_family"),
        (ONEROSTER, ("roles.csv", 4, {"userSourcedId": "p-7", "role": "student",
         "orgSourcedId": "o-1"}), "roles.csv:6:userSourcedId", "p-7", "reference_missing"),
        (ONEROSTER, ("enrollments.csv", 0, {"endDate": "bald"}), "enrollments.csv:2:endDate",
         "bald", "date_unreadable"),
        (SDS, ("enrollments.csv", 0, {"endDate": "2026-09-09"}), "enrollments.csv:2:endDate",
         "2026-09-09", "class_ended"),
        (SDS, ("enrollments.csv", 0, {"classSourcedId": "c7"}),
         "enrollments.csv:2:classSourcedId", "c7", "reference_missing"),
        (SDS, ("relationships.csv", 0, {"relationshipUserSourcedId": "g7"}),
         "relationships.csv:2:relationshipUserSourcedId", "g7", "reference_missing"),
        (SDS, ("relationships.csv", 0, {"relationshipRole": "doctor"}),
         "relationships.csv:2:relationshipUserSourcedId", "g1", "role_is_no_family"),
        (SDS, ("classes.csv", 0, {"title": "2班!?"}), "enrollments.csv:2:userSourcedId",
         "20230217", "class_missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_file_row_column_value_and_code(
    files: Files, change: Change, where: str, value: str, code: str
) -> None:
    assert (where, value, code) in rejected(package(files, change))


def test_a_pupil_in_two_classes_is_in_neither_until_one_has_ended() -> None:
    second = ("classes.csv", 3, {"sourcedId": "c-3", "title": "四年级1班", "schoolSourcedId": "o-1",
                                 "classType": "homeroom"})  # fmt: skip
    moved = ("enrollments.csv", 3, {"classSourcedId": "c-3", "userSourcedId": "p-1",
                                    "role": "student"})  # fmt: skip
    both = rejected(package(ONEROSTER, second, moved))
    assert {code for _, _, code in both} == {"class_ambiguous"}

    for days in ({"endDate": "2026-09-09T00:00:00Z"}, {"beginDate": "2026-09-11"}):
        other = ("enrollments.csv", 0, days)
        assert {row.grade for row in rows(package(ONEROSTER, second, moved, other))} == {"四年级"}


@pytest.mark.parametrize(
    "days", [{"endDate": "2026-09-10"}, {"endDate": "2027-07-10"}, {"beginDate": "2026-09-11"}]
)
def test_a_class_that_goes_on_or_begins_soon_is_the_pupil_s(days: dict[str, str]) -> None:
    assert len(rows(package(SDS, ("enrollments.csv", 0, days)))) == 1


def test_what_stands_beside_a_fault_is_taken() -> None:
    broken = package(ONEROSTER, ("users.csv", 0, {"agentSourcedIds": "a-1,a-7"}))
    found = from_package(broken, SCHOOL, TODAY)
    assert found is not None
    sound = [r for r in read_roster(found.content, SCHOOL).rows if r.row not in found.faults]
    assert [row.name for row in sound] == ["（示例）陈建国"]


def test_what_is_no_package_is_read_as_before() -> None:
    assert from_package("序号\n".encode(), SCHOOL, TODAY) is None
    assert (
        from_package(zipped([("[Content_Types].xml", b""), ("a.xml", b"")]), SCHOOL, TODAY) is None
    )


def test_a_package_that_lacks_something_says_what() -> None:
    assert refused(package({k: v for k, v in SDS.items() if k != "classes.csv"})) == (
        "package_file_missing", "classes.csv",
    )  # fmt: skip
    nameless = {**SDS, "users.csv": [{"sourcedId": "1", "givenName": "小明"}]}
    assert refused(package(nameless)) == ("column_missing", "users.csv:1:familyName")
    old = package(ONEROSTER, ("manifest.csv", 0, {"value": "1.1"}))
    assert refused(old) == ("package_version", "1.1")
    foreign = package(ONEROSTER, ("orgs.csv", 0, {"identifier": "4401990009"}))
    assert refused(foreign)[0] == "package_of_another_school"


def test_what_bursts_leads_outside_or_is_broken_is_not_unpacked() -> None:
    users = ("users.csv", sheet(SDS["users.csv"]))
    assert refused(zipped([users, ("a.csv", b"0" * 97 * 1024 * 1024)])) == ("package_bursts", "")
    assert refused(zipped([users, ("a.csv", b"0" * 2 * 1024 * 1024)])) == ("package_bursts", "")
    assert refused(zipped([users, ("../orgs.csv", b"")])) == ("package_broken", "../orgs.csv")
    many = ((f"{number}.csv", b"") for number in range(101))
    assert refused(zipped([users, *many])) == ("package_bursts", "")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert refused(zipped([users, users]))[0] == "package_broken"
    assert refused(package(SDS)[:-30])[0] == "package_broken"
    gbk = "sourcedId,givenName,familyName\n1,小明,陈\n".encode("gb18030")
    assert refused(zipped([("users.csv", gbk)])) == ("package_not_utf8", "users.csv")
    ragged = b"sourcedId,givenName,familyName\n1,2\n"
    assert refused(zipped([("users.csv", ragged)])) == ("row_ragged", "1,2")


def test_a_row_is_neither_wide_nor_without_end() -> None:
    head = "sourcedId,givenName,familyName"
    wide = head + "".join(f",x{number}" for number in range(198)) + "\n"
    assert refused(zipped([("users.csv", wide.encode())])) == ("package_bursts", "users.csv")
    for end in ("," * 70_000, '"\n",' * 20_000):
        endless = f"{head}\n1,小明,{end}".encode()
        assert refused(zipped([("users.csv", endless)])) == ("package_bursts", "")


def test_of_a_row_only_what_is_asked_for_is_kept() -> None:
    users = {"sourcedId": "1", "givenName": "小明", "familyName": "（示例）陈"}
    rows = sheet([{**users, **{f"x{number}": "y" for number in range(197)}}])
    [line] = Zipped.opened(zipped([("users.csv", rows)])).lines("users.csv", ("sourcedId",))
    assert line.cells == users
