"""The words on a certificate are those of the form, and never say the child's name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from certificates.snapshot import Snapshot
from certificates.wording import (
    NOTICE,
    Wording,
    addressed_as,
    chinese_date,
    hours_text,
    wording_of,
)

Make = Callable[..., Snapshot]


def _sentence(words: Wording) -> str:
    return "".join(text for text, _ in words.body) + words.closing


def test_a_completion_reads_like_the_form(snapshot: Make) -> None:
    words = wording_of(snapshot())
    assert words.title == "结业证书"
    assert words.number == "穗家结〔2026〕440104-0000123-7"
    assert _sentence(words) == (
        "于2025年9月至2026年7月参加广州市越秀区示例小学家长学校2025学年课程学习，"
        "累计修满 12.5 学时（其中面授 8.0 学时），考核成绩合格，准予结业。特发此证。"
    )
    assert words.issuer == "广州市越秀区示例小学家长学校"
    assert words.date == "二〇二六年七月十日"
    assert words.validity == "长期有效"


def test_a_star_level_reads_like_the_form(snapshot: Make) -> None:
    words = wording_of(snapshot("star"))
    assert words.title == "星级家长证书"
    assert words.number.startswith("穗家星〔2026〕")
    assert _sentence(words) == (
        "您在家长学校学习中勤学善思、言传身教，小学学段累计修满 36 学时并完成规定课程，"
        "经评定为 三星级家长。特发此证，以资鼓励。"
    )
    assert words.validity == "有效期至2028年8月31日"


def test_a_statement_reads_like_the_form(snapshot: Make) -> None:
    words = wording_of(snapshot("statement"))
    assert words.title == "学时证明"
    assert words.number.startswith("穗家学〔2026〕")
    assert _sentence(words) == (
        "兹证明 示例慧（家长）自2025年9月1日至2026年7月10日在我校家长学校学习，明细如下："
        "共计 12.5 学时（其中面授 8.0 学时）。特此证明。"
    )


def test_what_is_not_known_is_not_said(snapshot: Make) -> None:
    words = wording_of(snapshot(exam_result=None, period_begins=None, period=""))
    assert _sentence(words) == (
        "参加广州市越秀区示例小学家长学校课程学习，"
        "累计修满 12.5 学时（其中面授 8.0 学时），准予结业。特发此证。"
    )


def test_merit_and_the_stage_are_said(snapshot: Make) -> None:
    words = wording_of(snapshot("stage", exam_result="merit"))
    assert words.title == "结业证书"
    assert "小学学段课程学习" in _sentence(words)
    assert "考核成绩优秀" in _sentence(words)


def test_the_holder_is_a_parent_unless_the_parent_chose_another_word(snapshot: Make) -> None:
    assert addressed_as(snapshot()) == "（家长）"
    assert addressed_as(snapshot(relation="祖母")) == "（祖母）"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 22), "二〇二六年十一月二十二日"),
        (date(2030, 10, 10), "二〇三〇年十月十日"),
        (date(2026, 1, 31), "二〇二六年一月三十一日"),
        (date(2026, 12, 20), "二〇二六年十二月二十日"),
    ],
)
def test_dates_are_written_with_the_round_zero(day: date, text: str) -> None:
    assert chinese_date(day) == text


@pytest.mark.parametrize(
    ("hundredths", "places", "text"),
    [
        (1250, 1, "12.5"),
        (800, 1, "8.0"),
        (800, 0, "8"),
        (25, 1, "0.25"),
        (3605, 0, "36.05"),
        (0, 1, "0.0"),
    ],
)
def test_hours_are_exact_and_short(hundredths: int, places: int, text: str) -> None:
    assert hours_text(hundredths, places) == text


def test_the_notice_says_what_a_certificate_is_not() -> None:
    assert NOTICE == (
        "本证书是家长学习经历的证明，不是职业资格或行政许可，不与子女入学、编班、评优挂钩。"
    )


def test_a_wording_that_is_gone_is_not_replaced_by_another(snapshot: Make) -> None:
    with pytest.raises(ValueError, match="no wording"):
        wording_of(snapshot(wording_version="2025.9"))
