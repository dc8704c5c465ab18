"""Every change has its sentence in both languages, its reason, and its way to what it is about."""

from __future__ import annotations

from uuid import uuid4

import pytest

from api.changes import About, Change
from api.language.catalogue import Language
from api.pages.change_words import told
from api.pages.parent_words import say
from tests.acting import ENDS

KEY = uuid4()
OLD, NEW = "440104-2027-0000001-2", "440104-2027-0000009-1"


def change(about: About, became: str, kind: str, **more: object) -> Change:
    return Change(about=about, at=ENDS, id=KEY, became=became, kind=kind, **more)  # type: ignore[arg-type]  # many types


def line(before: int, after: int, title: str | None = "读懂孩子的情绪") -> Change:
    return change(
        About.LINE, "corrected", "on_site", title=title, hours_before=before, hours_after=after
    )


def certificate(became: str, code: str | None = None, **more: object) -> Change:
    return change(
        About.CERTIFICATE, became, "annual_completion", number=OLD, reason_code=code, **more
    )


def case(became: str, **more: object) -> Change:
    return change(About.CASE, became, "certificate", outcome="refused", **more)


def leave(became: str) -> Change:
    return change(About.LEAVE, became, "illness", title="读懂孩子的情绪")


TOLD = [
    (line(200, 100), "“读懂孩子的情绪”的学时由 2.00 更正为 1.00。"),
    (line(200, 0), "“读懂孩子的情绪”的 2.00 学时已冲正，不再计入。"),
    (line(0, 200), "“读懂孩子的情绪”补记 2.00 学时。"),
    (line(200, 200), "“读懂孩子的情绪”重新记账，学时不变（2.00）。"),
    (certificate("under_review"), "学年结业证书正在由学校复核，没有撤销"),
    (certificate("valid"), "学年结业证书已复核，保持不变。"),
    (certificate("revoked"), f"学年结业证书已撤销。编号 {OLD}"),
    (certificate("replaced", successor_number=NEW), f"编号 {OLD}，新编号 {NEW}"),
    (case("answered"), "学校答复了您对“证书”的异议：维持原记录。"),
    (case("decided"), "学校对您就“证书”的申诉作了决定：维持原记录。"),
    (case("reviewed"), "区里对您就“证书”的申诉作了最后决定：维持原记录。"),
    (leave("granted"), "“读懂孩子的情绪”的请假已准。"),
    (leave("turned_down"), "“读懂孩子的情绪”的请假未准。"),
]


@pytest.mark.parametrize(("change", "sentence"), TOLD)
def test_a_change_is_one_sentence_in_both_languages(change: Change, sentence: str) -> None:
    says = told(change).says
    assert sentence in str(say(Language.CHINESE, says))
    english = str(say(Language.ENGLISH, says)).replace("读懂孩子的情绪", "")
    assert not any("一" <= letter <= "鿿" for letter in english), english


def test_what_was_earned_without_a_session_is_called_by_its_way() -> None:
    says = told(line(200, 100, title=None)).says
    assert "“现场教学”的学时" in str(say(Language.CHINESE, says))
    assert "“on-site teaching”: 2.00" in str(say(Language.ENGLISH, says))


def test_a_star_says_which() -> None:
    star = change(About.CERTIFICATE, "revoked", "star_level", number=OLD, level=3)
    assert "星级家长证书（三星家长）已撤销" in str(say(Language.CHINESE, told(star).says))


@pytest.mark.parametrize(
    ("change", "chinese", "english"),
    [
        (
            certificate("under_review", "completion_withdrawn"),
            "学时更正后，结业条件不再满足",
            "After a correction the conditions of completion are no longer met",
        ),
        (certificate("replaced", "lost"), "证书遗失", "Lost"),
        (case("answered", reason_code="record_right"), "记录无误", "The record is right"),
    ],
)
def test_a_reason_stands_in_words(change: Change, chinese: str, english: str) -> None:
    why = told(change).why
    assert (say(Language.CHINESE, why), say(Language.ENGLISH, why)) == (chinese, english)


def test_each_leads_to_what_it_is_about() -> None:
    assert told(line(200, 100)).link == f"/me/statement/{KEY}/why"
    assert told(certificate("revoked")).link == f"/me/certificates/{OLD}"
    assert told(certificate("replaced", successor_number=NEW)).link == f"/me/certificates/{NEW}"
    assert told(case("answered")).link == f"/me/cases/{KEY}"
    assert told(leave("granted")).link is None
