"""Both languages are complete: every text has its English, every code has both."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import babel_extract

from api.language.catalogue import Language, preferred, translate
from api.language.refusals import ANSWERS
from tools.inventory import refusals
from tools.words import said

ROOT = Path(__file__).parents[2]


def texts_of_templates() -> Iterator[tuple[str, str]]:
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    assert Environment(autoescape=True) is not None
    for path in sorted((ROOT / "api" / "pages" / "templates").rglob("*.html")):
        with path.open("rb") as file:
            for _, _, message, _ in babel_extract(file, ["_"], [], options):
                # None: the text is a value, and its words are found where the value is made.
                text = message[0] if isinstance(message, tuple) else message
                if text is not None:
                    yield str(path.relative_to(ROOT)), text


def texts_of_code() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "api").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in {"_", "text"}
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                yield str(path.relative_to(ROOT)), node.args[0].value


def test_every_text_has_its_english() -> None:
    with (ROOT / "api" / "language" / "en.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    known = {message.id for message in catalogue if message.id and message.string}

    missing = {
        f"{where}: {text}"
        for where, text in (*texts_of_templates(), *texts_of_code())
        if text not in known
    }

    assert missing == set()


def test_no_text_is_kept_that_nobody_says() -> None:
    with (ROOT / "api" / "language" / "en.po").open("rb") as file:
        known = {message.id for message in read_po(file, locale="en") if message.id}

    assert known - said() == set(), "python -m tools.words drops them"


def test_every_refusal_has_a_text_in_both_languages() -> None:
    codes = {kind.code for kind in refusals()}

    assert codes - set(ANSWERS) == set()
    assert all(answer.zh and answer.en for answer in ANSWERS.values())


def test_an_apostrophe_is_narrow() -> None:
    """The other one is as wide as a character in the font of both languages."""
    with (ROOT / "api" / "language" / "en.po").open("rb") as file:
        english = [str(each.string) for each in read_po(file, locale="en")]

    english += [answer.en for answer in ANSWERS.values()]
    assert [each for each in english if "\u2019" in each] == []


@pytest.mark.parametrize(
    ("header", "language"),
    [("", Language.CHINESE), ("en-GB,en;q=0.9", Language.ENGLISH), ("zh-HK", Language.CHINESE)],
)
def test_a_browser_s_first_wish_is_heard(header: str, language: Language) -> None:
    assert preferred(header) is language


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 row"), ("1", "1 row"), (2, "2 rows"), (0, "0 rows"), ("0.5", "0.5 rows")],
)
def test_one_has_another_word_than_more(count: object, words: str) -> None:
    text = "导出 Excel（{count} 行）"

    assert translate(Language.ENGLISH, text, count=count) == f"Export to Excel ({words})"
    assert translate(Language.CHINESE, text, count=count) == f"导出 Excel（{count} 行）"


def test_what_english_counts_is_told_in_chinese_too() -> None:
    """Each field is known to whoever fills in the text; of two words none is missing."""
    with (ROOT / "api" / "language" / "en.po").open("rb") as file:
        counting = [each for each in read_po(file, locale="en") if "|" in str(each.string)]
    assert counting

    for message in counting:
        fields = {name: spec for _, name, spec, _ in Formatter().parse(str(message.string)) if spec}
        assert fields.keys() <= {name for _, name, _, _ in Formatter().parse(str(message.id))}
        assert all(all(spec.split("|")) and spec.count("|") == 1 for spec in fields.values())


def test_an_unknown_text_stays_as_it_is() -> None:
    assert translate(Language.ENGLISH, "没有译文") == "没有译文"
