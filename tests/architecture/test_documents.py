"""The documents say what the code does: generated ones fit it, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, files, name_of
from tools import docs, event_docs
from tools.inventory import commands, event_classes, refusals, rejections, settings

PAGES = [path for path in files() if path.suffix == ".md"]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def _text(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_the_generated_documents_fit_the_code() -> None:
    assert docs.outdated(docs.documents()) == [], "make schemas writes them anew"
    assert event_docs.problems() == []


def test_every_topic_is_documented_with_a_schema() -> None:
    text = _text("events.md")
    missing = {one for one in event_classes() if f"(events/{one}.json)" not in text}
    assert missing == set()


def test_every_refusal_code_is_documented_once() -> None:
    codes = [kind.code for kind in refusals()]
    assert sorted(codes) == sorted(set(codes))
    text = _text("refusals.md")
    assert {code for code in codes if f"| `{code}` |" not in text} == set()


def test_every_rejection_code_is_documented_in_both_languages() -> None:
    text = _text("refusals.md")
    wanted = {f"| `{code}` | {zh} | {en} |" for code, (zh, en) in rejections().items()}
    assert {line for line in wanted if line not in text} == set()


def test_every_setting_is_documented_and_explained() -> None:
    text = _text("settings.md")
    assert {one.name for one in settings() if f"`{one.name}`" not in text} == set()
    assert [one.name for one in settings() if not one.says] == []


def test_every_command_is_documented_and_explained() -> None:
    text = _text("commands.md")
    assert {
        one.name for one in commands() if f"## `parent-credits {one.name}`" not in text
    } == set()
    assert [one.name for one in commands() if not one.says] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_between_documents_leads_to_a_file(page: Path) -> None:
    targets = [one for one in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in one]
    assert [one for one in targets if not (page.parent / one).exists()] == []


def test_every_test_that_a_document_names_is_there() -> None:
    named = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
    missing = {
        f"{page.name}: {file}::{test}"
        for page in PAGES
        for file, test in named.findall(page.read_text(encoding="utf-8"))
        if not (ROOT / file).is_file()
        or f"def {test}(" not in (ROOT / file).read_text(encoding="utf-8")
    }
    assert missing == set()
