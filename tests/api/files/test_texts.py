"""Every code has a sentence in both languages, and every sentence a code."""

from __future__ import annotations

import ast
from importlib.resources import files

from api.files.texts import TEXTS, reason


def strings_of_the_readers() -> set[str]:
    """All string constants of the package's modules, texts apart."""
    modules = (m for m in files("api.files").iterdir() if m.name.endswith(".py"))
    trees = [ast.parse(m.read_text("utf-8")) for m in modules if m.name != "texts.py"]
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def test_every_text_belongs_to_a_code_that_is_used() -> None:
    assert set(TEXTS) <= strings_of_the_readers()


def test_every_text_is_there_in_both_languages() -> None:
    for code in TEXTS:
        zh, en = reason(code, "zh"), reason(code, "en")
        assert any("\u4e00" <= letter <= "\u9fff" for letter in zh)
        assert en.strip()
        assert zh != en
