"""Who may open the vault unlogged: the program's own work, and a parent's own pages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
UNLOGGED = {"open", "document"}
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


def openings() -> Iterator[str]:
    for path in sorted((ROOT / "api").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        aliases = {
            target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and is_vault(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Attribute) or node.attr not in UNLOGGED:
                continue
            held = node.value
            if is_vault(held) or (isinstance(held, ast.Name) and held.id in aliases):
                yield str(path.relative_to(ROOT))


def is_vault(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "vault"


def test_no_page_of_staff_opens_the_vault_unlogged() -> None:
    assert set(openings()) == OWN_WORK
