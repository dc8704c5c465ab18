"""Who may import whom, beyond the layers that import-linter holds."""

from __future__ import annotations

import ast
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import grimp
import pytest

from tests.architecture.source import PACKAGES, ROOT, imported, name_of, python_files, tree

# What the rules may know of the world. Whoever adds a name has thought of the clock, of chance, of
# the disk and of the network.
DOMAIN_MAY_IMPORT = {
    "__future__", "abc", "base64", "bisect", "collections", "dataclasses", "datetime", "decimal",
    "enum", "eventsourcing", "fractions", "functools", "hashlib", "hmac", "itertools", "json",
    "math", "operator", "pydantic", "re", "string", "types", "typing", "unicodedata", "uuid",
    "zoneinfo",
}  # fmt: skip
OF_EVENTSOURCING = {"eventsourcing.domain", "eventsourcing.utils"}
NEVER_IN_DOMAIN = {"now", "utcnow", "today", "uuid1", "uuid4", "open", "input", "print"}
WORKSHOP = {"bench", "tests", "tools"}


def test_the_domain_imports_only_what_the_list_allows() -> None:
    graph = grimp.build_graph("domain", include_external_packages=True, cache_dir=None)
    own = {module for module in graph.modules if module.partition(".")[0] == "domain"}
    outside = {
        found for module in own for found in graph.find_modules_directly_imported_by(module)
    } - own
    assert outside <= DOMAIN_MAY_IMPORT, outside - DOMAIN_MAY_IMPORT


def test_the_domain_takes_only_the_aggregates_of_eventsourcing() -> None:
    taken = {
        module
        for path in python_files("domain")
        for module in imported(path)
        if module.startswith("eventsourcing")
    }
    assert taken <= OF_EVENTSOURCING, taken - OF_EVENTSOURCING


def test_the_domain_never_asks_for_the_time_for_chance_or_for_the_disk() -> None:
    asked = [
        f"{name_of(path)}:{call.lineno} {name}()"
        for path in python_files("domain")
        for call, name in _calls(path)
        if name in NEVER_IN_DOMAIN
    ]
    assert asked == []


def _calls(path: Path) -> list[tuple[ast.Call, str]]:
    found = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    return [(call, _called(call.func)) for call in found]


def _called(function: ast.expr) -> str:
    match function:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def test_the_program_never_imports_the_workshop() -> None:
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in python_files(*PACKAGES)
        for module in imported(path)
        if module.partition(".")[0] in WORKSHOP
    ]
    assert wrong == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_package_name_belongs_to_us(package: str) -> None:
    found = find_spec(package)
    assert found is not None
    assert found.origin == str(ROOT / package / "__init__.py")
    others = set(packages_distributions().get(package, [])) - {"parent-credits"}
    assert others == set()


def test_only_the_settings_read_the_environment() -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files(*PACKAGES)
        if name_of(path) != "api/settings.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"}
    ]
    assert wrong == []
