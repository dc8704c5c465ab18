"""Who may read the vault unlogged: the program's own work, and a parent's own pages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

ROOT = Path(__file__).parents[2]
UNLOGGED = {"open", "document"}
# What people wrote to irregularities, hearings, cases and samples is read by `words` of these.
DESKS = {"audit_samples", "cases", "hearings", "irregularities"}
# A page of staff is none of these: it asks `Vault.show`, which logs before it opens.
OWN_WORK = {
    "api/audit.py",  # hashes documents, and shows none
    "api/certificate_documents.py",  # signed bytes, for pages that logged their reading before
    "api/certificate_particulars.py",  # the names that certificates are made with
    "api/demo/loading.py",
    "api/imports/plan_people.py",  # compares a file with what is kept, and shows nobody
    "api/pages/check_in.py",
    "api/pages/parent_data.py",
    "api/pages/parent_home.py",
    "api/pages/parent_stars.py",
    "api/pages/staff_class_find.py",  # compares; the names that fit are shown, and logged, after
    "api/pages/staff_people.py",  # the same
    "api/pages/staff_teacher.py",  # what a programme is called, no person
    "api/pages/staff_teachers.py",
    "api/phone_persons.py",  # masked, to the phone on which they are enrolled
    "api/proposed.py",  # what a programme is called, no person
    "api/staffing.py",  # compares who comes back with who left, and shows nobody
    "api/plan_copying.py",  # who speaks is copied, and shown to nobody
}


# A page of staff among these logs its look at those who wrote before it reads.
WORDS_READ = {
    "api/changes.py",  # a parent's own; who prints them for the class logs the names on the paper
    "api/pages/parent_cases.py",
    "api/pages/parent_irregularities.py",
    "api/pages/staff_cases.py",  # `Vault.show` of the parent whose case it is
    "api/pages/staff_irregularities.py",  # `Vault.show` of everybody concerned
    "api/v1/own_cases.py",
}


def openings(held_by: AbstractSet[str], unlogged: AbstractSet[str]) -> Iterator[str]:
    for path in sorted((ROOT / "api").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        aliases = {
            target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and is_one_of(held_by, node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Attribute) or node.attr not in unlogged:
                continue
            held = node.value
            if is_one_of(held_by, held) or (isinstance(held, ast.Name) and held.id in aliases):
                yield str(path.relative_to(ROOT))


def is_one_of(names: AbstractSet[str], node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in names


def test_no_page_of_staff_opens_the_vault_unlogged() -> None:
    assert set(openings({"vault"}, UNLOGGED)) == OWN_WORK


def test_no_page_of_staff_reads_what_people_wrote_unlogged() -> None:
    assert set(openings(DESKS, {"words"})) == WORDS_READ
