"""Every figure of a rulebook has a name, a value and a basis in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest

from api.language.catalogue import Language
from api.pages.parent_words import Words, say
from api.pages.rule_names import GROUPS, REASONS, RUN_STATES, STATES
from api.pages.rule_words import name_of_rule, rule_of, says, words_of
from domain.figures import Group
from domain.rulebook import HEADING, Rulebook
from ledger.rulebooks import default_rulebook

RULES = default_rulebook()
ROOT = Path(__file__).parents[3]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def references(kind: type[Any], ref: str = "") -> Iterator[str]:
    """Every figure that a rulebook could have, set or not; `x` is any code."""
    for name, field in kind.model_fields.items():
        if name not in (HEADING if kind is Rulebook else Group.model_fields):
            yield from below(field.annotation, f"{ref}.{name}".lstrip("."))


def below(kind: Any, ref: str) -> Iterator[str]:
    if get_origin(kind) is dict:
        yield from below(get_args(kind)[1], f"{ref}.x")
    elif isinstance(kind, type) and issubclass(kind, Group):
        yield from references(kind, ref)
    else:
        yield ref


def test_every_figure_that_a_rulebook_could_have_has_a_name() -> None:
    known = list(references(Rulebook))
    assert len(known) > 80
    assert [ref for ref in known if name_of_rule(ref).text == "{ref}"] == []


@pytest.mark.parametrize("figure", list(RULES.figures()), ids=lambda figure: figure.ref)
def test_every_figure_is_said_in_both_languages(figure: Any) -> None:
    for words in words_of(figure):
        chinese, english = (str(say(language, words)) for language in Language)
        assert chinese
        assert english
        assert "{" not in chinese + english
        assert not CHINESE.search(english), english


@pytest.mark.parametrize(
    ("ref", "zh", "en"),
    [
        (
            "modes.on_site.cap_per_session",
            "现场教学每场上限 4.00 学时 地方默认规则，可修改",
            "on-site teaching: most in a session 4.00 credit hours Local default, can be changed",
        ),
        (
            "school_term_compliance.min_class_hours",
            "学校每学期至少开展的课时 8.00 课时 依据：广州市协同育人行动计划（2024—2026年）第6项",
            (
                "Class hours a school holds in a term, at least 8.00 class hours"
                " Basis: Guangzhou's action plan 2024–2026, item 6"
            ),
        ),
        (
            "stars.tracks.six_year.levels.4.families",
            "4星（六年制）所需课程类别 5 地方默认规则，可修改",
            "4 stars (six-year): course families 5 Local default, can be changed",
        ),
        (
            "no_double_credit.same_session",
            "同一场活动 只计一次 地方默认规则，可修改",
            "The same session counted once Local default, can be changed",
        ),
        (
            "margins.school",
            "学校可以自行规定的项目 需要签退的活动长度、每份试卷的题数 地方默认规则，可修改",
            (
                "What a school may set Length from which check-out is needed, Questions in an exam"
                " Local default, can be changed"
            ),
        ),
    ],
)
def test_a_rule_is_said_by_its_reference(ref: str, zh: str, en: str) -> None:
    said = [" ".join(str(say(lang, w)) for w in rule_of(RULES, ref)) for lang in Language]
    assert said == [zh, en]


def test_a_rule_that_nobody_knows_is_its_own_name() -> None:
    name, value, basis = rule_of(RULES, "no.such_rule")
    assert (say(Language.CHINESE, name), value) == ("no.such_rule", "")
    assert basis.text == "地方默认规则，可修改"


def test_an_applied_rule_is_a_sentence() -> None:
    said = [
        str(say(Language.CHINESE, says(RULES.figure(ref))))
        for ref in (
            "attendance.full_credit_min_percent",
            "modes.on_site.cap_per_day",
            "modes.micro_class.rate_per_class_hour",
            "exam.questions",
            "deductions.no_star_terms_after_fraud",
        )
    ]
    assert said == [
        "在场时间达到75%，全部计入",
        "现场教学每天最多计8.00 学时",
        "微课看完并答对，每课时计1.00 学时",
        "每份试卷的题数：20",
        "有学时经核实不实的，当学期及之后1个学期暂停评星",
    ]


def test_every_reason_to_refuse_rules_has_its_words_in_both_languages() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "domain").glob("*.py")]
    codes = {code for text in sources for code in re.findall(r'Contradiction\("(\w+)"', text)}
    assert len(codes) > 15
    assert codes - REASONS.keys() == set()
    for table in (REASONS, STATES, RUN_STATES, GROUPS):
        for words in table.values():
            assert not CHINESE.search(str(say(Language.ENGLISH, Words(words)))), words
