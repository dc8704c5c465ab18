"""How long a file and a function may be: over budget means that two ideas live together."""

from __future__ import annotations

from statistics import median

from tests.architecture.source import files, functions, name_of, python_files

LINES_OF_A_FILE = 300
LINES_OF_A_FUNCTION = 30
LINES_OF_THE_MEDIAN_FUNCTION = 10
FORBIDDEN_NAMES = {"base", "common", "helpers", "manager", "misc", "services", "utils"}


def test_no_file_is_longer_than_its_budget() -> None:
    sizes = {name_of(path): len(path.read_bytes().splitlines()) for path in python_files()}
    assert {name: size for name, size in sizes.items() if size > LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_its_budget() -> None:
    sizes = dict(size for path in python_files() for size in functions(path))
    assert {name: size for name, size in sizes.items() if size > LINES_OF_A_FUNCTION} == {}


def test_the_median_function_is_shorter_than_ten_lines() -> None:
    program = [path for path in python_files() if not name_of(path).startswith("tests/")]
    sizes = [size for path in program for _, size in functions(path)]
    assert median(sizes) < LINES_OF_THE_MEDIAN_FUNCTION


def test_no_module_has_a_name_that_says_nothing() -> None:
    wrong = [
        name_of(path)
        for path in files()
        if path.suffix in {".py", ".js", ".css"}
        for part in (path.stem, path.parent.name)
        if part.strip("_") in FORBIDDEN_NAMES
    ]
    assert wrong == []


def test_every_module_opens_with_a_sentence() -> None:
    mute = [
        name_of(path)
        for path in python_files()
        if (text := path.read_text(encoding="utf-8").lstrip())
        and not text.startswith(('"""', "#!"))
    ]
    assert mute == []
