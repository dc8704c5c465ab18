"""The lists of threats and of faults: what shows each, and every test that is named is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "threats.md").read_text()
FAULTS = (ROOT / "docs" / "faults.md").read_text()
ROW = re.compile(r"^\| (\d+) \| [STRIDE ]+ \| .+$", re.MULTILINE)
SHOWN = re.compile(r"`([\w/]+\.py)(?:::(\w+))?`")
KNOWN = 34


def test_every_threat_is_told_once() -> None:
    numbers = [int(found[1]) for found in ROW.finditer(PAGE)]
    assert len(numbers) == len(set(numbers))
    assert set(range(1, KNOWN + 1)) <= set(numbers)


def test_whatever_is_said_to_stand_is_shown() -> None:
    standing, _, _ = PAGE.partition("## Not yet")
    assert [line for line in ROW.finditer(standing) if not SHOWN.search(line[0])] == []


def test_every_fault_is_tried_somewhere() -> None:
    rows = [line for line in FAULTS.splitlines() if line.startswith("| ") and "---" not in line]
    assert [line for line in rows[1:] if not SHOWN.search(line)] == []
    assert len(rows) > 10


@pytest.mark.parametrize(("path", "name"), sorted(set(SHOWN.findall(PAGE + FAULTS))))
def test_a_test_that_is_named_is_there(path: str, name: str) -> None:
    text = (ROOT / "tests" / path).read_text()
    assert re.search(rf"^(async )?def {name or 'test_'}", text, re.MULTILINE)
    assert not name or f"def {name}(" in text
