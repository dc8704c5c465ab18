"""Our own style sheets and scripts run in browsers as old as Chromium 92 and Safari 14."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import ROOT

STATIC = ROOT / "api" / "pages" / "static"
TOO_NEW = re.compile(r":has\(|:is\(|@layer|@container|@scope|color-mix\(|oklch\(|\bdvh\b|&[.:\s]")


@pytest.mark.parametrize("sheet", sorted(path.name for path in STATIC.glob("*.css")))
def test_a_style_sheet_uses_nothing_newer(sheet: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", (STATIC / sheet).read_text(encoding="utf-8"), flags=re.DOTALL)

    assert TOO_NEW.findall(text) == []
