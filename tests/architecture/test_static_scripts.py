"""Our own scripts keep to what the old browsers of school computers read (Chromium 92: ES2017)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "api" / "pages" / "static"
NEWER = {
    "optional chaining": r"\?\.(?!\d)",
    "nullish coalescing": r"\?\?",
    "assignment with logic": r"(\|\||&&)=",
    "catch without a name": r"\bcatch\s*\{",
    "spread in an object": r"[({,=:]\s*\{[^{}]*\.\.\.",
    "private field": r"\.#|^\s*#\w",
    "big integer or separator": r"\b\d+n\b|\b\d+_\d",
    "waiting outside a function": r"^await\b|\bfor await\b",
    "module": r"^\s*(import|export)\b|\bimport\(",
}
# A comment, a text, or a regular expression behind something that a value follows.
NO_CODE = re.compile(
    r"/\*.*?\*/|//[^\n]*|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\])*`"
    r"|(?<=[=(,:!&|?])\s*/(?:\\.|[^/\\\n])+/\w*",
    re.DOTALL,
)


def newer(script: str) -> list[str]:
    code = NO_CODE.sub(" 0 ", script)
    return [name for name, sign in NEWER.items() if re.search(sign, code, re.MULTILINE)]


@pytest.mark.parametrize("script", sorted(SCRIPTS.glob("*.js")), ids=lambda path: path.name)
def test_a_script_uses_nothing_that_old_browsers_do_not_read(script: Path) -> None:
    assert newer(script.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("a?.b", ["optional chaining"]),
        ("a ?? b", ["nullish coalescing"]),
        ("a ||= b", ["assignment with logic"]),
        ("try { f(); } catch { g(); }", ["catch without a name"]),
        ("f({ ...a, b: 1 })", ["spread in an object"]),
        ("this.#a = 1", ["private field"]),
        ("x = 10n", ["big integer or separator"]),
        ("await f();", ["waiting outside a function"]),
        ("import { a } from 'b';", ["module"]),
        ("a ? .5 : f('a?.b ?? c') // x ??= 1", []),
        ("[...list].filter((each) => each); s.replace(/a?.b/, '')", []),
        ("try { f(); } catch (error) { g(); }", []),
    ],
)
def test_the_signs_find_what_is_too_new_and_nothing_else(line: str, names: list[str]) -> None:
    assert newer(line) == names
