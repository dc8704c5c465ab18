"""Packages of invented people, as OneRoster 1.2 and as SDS 2.1; cells are replaced by name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from zipfile import ZIP_DEFLATED, ZipFile

from tests.acting import SCHOOL

Rows = list[dict[str, str]]
Files = Mapping[str, Rows]

ONEROSTER: Files = {
    "manifest.csv": [{"propertyName": "oneroster.version", "value": "1.2"}],
    "orgs.csv": [
        {"sourcedId": "o-1", "status": "", "name": "示例小学", "type": "school",
         "identifier": SCHOOL},
        {"sourcedId": "o-2", "status": "", "name": "示例二小", "type": "school",
         "identifier": "4401060001"},
    ],
    "classes.csv": [
        {"sourcedId": "c-1", "status": "", "title": "三年级2班", "grades": "03",
         "classType": "homeroom", "schoolSourcedId": "o-1"},
        {"sourcedId": "c-2", "status": "", "title": "数学", "grades": "03",
         "classType": "scheduled", "schoolSourcedId": "o-1"},
        {"sourcedId": "c-9", "status": "", "title": "三年级1班", "grades": "03",
         "classType": "homeroom", "schoolSourcedId": "o-2"},
    ],
    "users.csv": [
        {"sourcedId": "p-1", "status": "", "givenName": "小明", "familyName": "（示例）陈",
         "identifier": "20230217", "sms": "", "phone": "", "agentSourcedIds": "a-1,a-2"},
        {"sourcedId": "a-1", "status": "", "givenName": "建国", "familyName": "（示例）陈",
         "identifier": "", "sms": "10000000001", "phone": "", "agentSourcedIds": ""},
        {"sourcedId": "a-2", "status": "", "givenName": "Anna", "familyName": "Example",
         "identifier": "", "sms": "", "phone": "+86 10000000002", "agentSourcedIds": ""},
        {"sourcedId": "p-9", "status": "", "givenName": "小红", "familyName": "（示例）林",
         "identifier": "20230900", "sms": "", "phone": "", "agentSourcedIds": ""},
    ],
    "roles.csv": [
        {"sourcedId": "r-1", "status": "", "userSourcedId": "p-1", "role": "student",
         "orgSourcedId": "o-1"},
        {"sourcedId": "r-2", "status": "", "userSourcedId": "a-1", "role": "parent",
         "orgSourcedId": "o-1"},
        {"sourcedId": "r-3", "status": "", "userSourcedId": "a-2", "role": "relative",
         "orgSourcedId": "o-1"},
        {"sourcedId": "r-9", "status": "", "userSourcedId": "p-9", "role": "student",
         "orgSourcedId": "o-2"},
    ],
    "enrollments.csv": [
        {"sourcedId": "e-1", "status": "", "classSourcedId": "c-1", "userSourcedId": "p-1",
         "role": "student", "endDate": ""},
        {"sourcedId": "e-2", "status": "", "classSourcedId": "c-2", "userSourcedId": "p-1",
         "role": "student", "endDate": ""},
        {"sourcedId": "e-9", "status": "", "classSourcedId": "c-9", "userSourcedId": "p-9",
         "role": "student", "endDate": ""},
    ],
    "demographics.csv": [{"sourcedId": "p-1", "birthDate": "2017-01-01", "sex": "male"}],
}  # fmt: skip

SDS: Files = {
    "orgs.csv": [{"sourcedId": SCHOOL, "name": "示例小学", "type": "school"}],
    "users.csv": [
        {"sourcedId": "20230217", "username": "s1", "givenName": "小明",
         "familyName": "（示例）陈", "phone": ""},
        {"sourcedId": "g1", "username": "g1", "givenName": "秀英", "familyName": "（示例）李",
         "phone": "10000000003"},
    ],
    "roles.csv": [
        {"userSourcedId": "20230217", "orgSourcedId": SCHOOL, "role": "student", "grade": "3"},
    ],
    "classes.csv": [{"sourcedId": "c1", "orgSourcedId": SCHOOL, "title": "2班"}],
    "enrollments.csv": [{"classSourcedId": "c1", "userSourcedId": "20230217", "role": "student"}],
    "relationships.csv": [
        {"userSourcedId": "20230217", "relationshipUserSourcedId": "g1",
         "relationshipRole": "guardian"},
    ],
}  # fmt: skip


def package(files: Files, *changes: tuple[str, int, dict[str, str]], folder: str = "") -> bytes:
    """The files as a ZIP; a change replaces cells of a row of one file, or adds a row."""
    made = {name: [dict(row) for row in rows] for name, rows in files.items()}
    for name, place, cells in changes:
        rows = made[name]
        if place == len(rows):
            rows.append({**dict.fromkeys(rows[0], ""), **cells})
        else:
            rows[place].update(cells)
    return zipped((folder + name, sheet(rows)) for name, rows in made.items())


def sheet(rows: Rows) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def zipped(parts: Iterable[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return file.getvalue()
