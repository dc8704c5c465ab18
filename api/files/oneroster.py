"""OneRoster 1.2 and Microsoft SDS 2.1, as ZIPs of CSV files, into the roster that they amount to.

Column names: 1EdTech OneRoster 1.2 CSV binding; Microsoft, "SDS v2.1 CSV file format".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from api.files.rejection import unreadable
from api.files.zipped import Line, Zipped
from domain.grades import GRADES, class_called, class_group_called

VERSION: Final = "1.2"
PUPIL: Final = "student"
SCHOOL_DIGITS: Final = 10
USERS = ("sourcedId", "givenName", "familyName")
CLASSES = ("sourcedId", "title")
ENROLLED = ("classSourcedId", "userSourcedId", "role")
ROLES = ("userSourcedId", "orgSourcedId", "role")
RELATED = ("userSourcedId", "relationshipUserSourcedId", "relationshipRole")
# What each role is to the child, and whether it is a guardian. Neither format knows the sex.
ADULTS: Final = {
    "parent": ("其他父母关系", "是"),
    "guardian": ("其他亲属", "是"),
    "relative": ("其他亲属", "否"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """An adult of a child: their ids, the adult's role, and where it is said."""

    child: str
    adult: str
    role: str
    line: Line
    column: str


@dataclass(frozen=True, slots=True)
class Package:
    """What the files say, by their ids; rows that say a thing twice are in `twice`."""

    orgs: dict[str, Line]
    users: dict[str, Line]
    classes: dict[str, Line]
    enrolled: dict[str, list[Line]]
    pupils: list[Line]
    links: dict[str, list[Link]]
    twice: list[Line] = field(default_factory=list[Line])


def is_package(content: bytes) -> bool:
    """Whether a file is a ZIP with users in it; a broken ZIP is none."""
    if not content.startswith(b"PK"):
        return False
    # The names lie in the clear at the end of a ZIP: a workbook is not opened twice.
    return b"users.csv" in content and b"[Content_Types].xml" not in content


def package_of(content: bytes) -> Package:
    """Raises UnreadableFile."""
    files = Zipped.opened(content)
    if "manifest.csv" in files.parts:
        check_version(files.lines("manifest.csv", ("propertyName", "value")))
    twice: list[Line] = []
    users = by_id(files.lines("users.csv", USERS), twice)
    roles = list(files.lines("roles.csv", ROLES))
    enrolled: dict[str, list[Line]] = defaultdict(list)
    for line in files.lines("enrollments.csv", ENROLLED):
        if line.get("role").lower() == PUPIL:
            enrolled[line.get("userSourcedId")].append(line)
    related = (
        files.lines("relationships.csv", RELATED) if "relationships.csv" in files.parts else ()
    )
    links: dict[str, list[Link]] = defaultdict(list)
    for link in (*links_of_agents(users, roles), *links_of_relationships(related)):
        links[link.child].append(link)
    return Package(
        orgs=by_id(files.lines("orgs.csv", ("sourcedId", "name")), twice),
        users=users,
        classes=by_id(files.lines("classes.csv", CLASSES), twice),
        enrolled=dict(enrolled),
        pupils=[line for line in roles if line.get("role").lower() == PUPIL],
        links=dict(links),
        twice=twice,
    )


def check_version(lines: Iterable[Line]) -> None:
    for line in lines:
        if line.get("propertyName") == "oneroster.version" and line.get("value") != VERSION:
            raise unreadable("package_version", line.get("value"), row=line.row, column=line.file)


def by_id(lines: Iterable[Line], twice: list[Line]) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for line in lines:
        key = line.get("sourcedId")
        if key in found:
            twice.append(line)
        else:
            found[key] = line
    return found


def links_of_agents(users: dict[str, Line], roles: list[Line]) -> Iterator[Link]:
    """OneRoster: a pupil's row names the agents, and the agents' roles say what they are."""
    known: dict[str, set[str]] = defaultdict(set)
    for line in roles:
        known[line.get("userSourcedId")].add(line.get("role").lower())
    for child, line in users.items():
        for adult in filter(None, (a.strip() for a in line.get("agentSourcedIds").split(","))):
            of_adult = known[adult]
            role = next((role for role in ADULTS if role in of_adult), ",".join(sorted(of_adult)))
            yield Link(child, adult, role, line, "agentSourcedIds")


def links_of_relationships(lines: Iterable[Line]) -> Iterator[Link]:
    """SDS: a file of its own says who is what to whom."""
    for line in lines:
        yield Link(
            line.get("userSourcedId"),
            line.get("relationshipUserSourcedId"),
            line.get("relationshipRole").lower(),
            line,
            "relationshipUserSourcedId",
        )


def school_in(package: Package, school_code: str | None) -> tuple[str, str]:
    """The id and the code of the school that is meant. Raises UnreadableFile."""
    codes = {code_of(line): key for key, line in package.orgs.items() if code_of(line)}
    if school_code is None and len(codes) == 1:
        school_code = next(iter(codes))
    if school_code is not None and school_code in codes:
        return codes[school_code], school_code
    used = {org_of(line) for line in package.classes.values()}
    if school_code is not None and len(used) == 1 and not codes:
        return used.pop(), school_code
    raise unreadable("package_of_another_school", "、".join(codes))


def code_of(org: Line) -> str:
    """A school's 10-digit code: its identifier, or its id where that is the code."""
    told = (org.get("identifier"), org.get("sourcedId"))
    return next((c for c in told if len(c) == SCHOOL_DIGITS and c.isascii() and c.isdigit()), "")


def org_of(of_class: Line) -> str:
    return of_class.get("schoolSourcedId") or of_class.get("orgSourcedId")


def class_cells(of_class: Line, grade_of_pupil: str = "") -> tuple[str, str] | None:
    """Grade and class group as a roster writes them; None for a course that is no class."""
    title = of_class.get("title")
    grade, group = class_called(title) or (None, class_group_called(title))
    told = grade.name if grade else grade_coded(of_class.get("grades") or grade_of_pupil)
    return (told, group) if group and told else None


def grade_coded(code: str) -> str:
    """01 to 12 as the years of schooling are counted; empty for what has no one year here."""
    schooled = [grade.name for grade in GRADES if grade.stage != "kindergarten"]
    years = code.strip()
    if not (years.isascii() and years.isdigit()) or not 0 < int(years) <= len(schooled):
        return ""
    return schooled[int(years) - 1]
