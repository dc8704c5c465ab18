"""The words on a certificate, made from its snapshot; the templates only lay them out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from certificates import number as numbers
from certificates.districts import formal_name
from certificates.kind import title_of
from certificates.snapshot import Snapshot
from domain.certificate import CertificateKind

WORDING_VERSION = "2026.1"
NOTICE = "本证书是家长学习经历的证明，不是职业资格或行政许可，不与子女入学、编班、评优挂钩。"
_NUMERALS = "〇一二三四五六七八九"
_ENGLISH = {
    CertificateKind.ANNUAL_COMPLETION: "Certificate of Completion",
    CertificateKind.STAGE_COMPLETION: "Certificate of Completion",
    CertificateKind.STAR_LEVEL: "Star Parent Certificate",
    CertificateKind.STATEMENT_OF_HOURS: "Statement of Hours",
}

Run = tuple[str, bool]


@dataclass(frozen=True)
class Wording:
    """Texts as they are printed. A run is a piece of text and whether it stands out."""

    title: str
    title_in_english: str
    number: str
    body: tuple[Run, ...]
    closing: str
    issuer: str
    date: str
    validity: str


def wording_of(snapshot: Snapshot) -> Wording:
    """Give the words of a snapshot. The child's name is never among them."""
    # A certificate says the same for ever: other words than it was issued with would be false.
    if snapshot.wording_version != WORDING_VERSION:
        raise ValueError(f"no wording of version {snapshot.wording_version!r}")
    body, closing = _BODIES[snapshot.kind](snapshot)
    return Wording(
        title=_title(snapshot.kind),
        title_in_english=_ENGLISH[snapshot.kind],
        number=numbers.printed(snapshot.number, snapshot.kind),
        body=body,
        closing=closing,
        issuer=issuer_of(snapshot),
        date=chinese_date(snapshot.awarded_on),
        validity=_validity(snapshot.valid_until),
    )


def issuer_of(snapshot: Snapshot) -> str:
    return f"{formal_name(snapshot.school_name, snapshot.district_code)}家长学校"


def chinese_date(day: date) -> str:
    """Give `二〇二六年七月十日`, with 〇 and never 零 or 0."""
    year = "".join(_NUMERALS[int(digit)] for digit in str(day.year))
    return f"{year}年{chinese_number(day.month)}月{chinese_number(day.day)}日"


def chinese_number(value: int) -> str:
    """Give the Chinese numeral of 1 to 99."""
    tens, ones = divmod(value, 10)
    if tens == 0:
        return _NUMERALS[ones]
    return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")


def hours_text(hundredths: int, places: int = 1) -> str:
    """Give `12.5`, `8.0` or `0.25`: at least so many places, and no more than it takes."""
    whole, rest = divmod(hundredths, 100)
    decimals = f"{rest:02d}".rstrip("0").ljust(places, "0")
    return f"{whole}.{decimals}" if decimals else str(whole)


def addressed_as(snapshot: Snapshot) -> str:
    return f"（{snapshot.relation or '家长'}）"


def arabic_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _title(kind: CertificateKind) -> str:
    return "结业证书" if kind is CertificateKind.STAGE_COMPLETION else title_of(kind)


def _completion(snapshot: Snapshot) -> tuple[tuple[Run, ...], str]:
    result = snapshot.exam_result
    exam = "" if result is None else f"，考核成绩{result.chinese}"
    body = (
        (
            f"{_months(snapshot)}参加{issuer_of(snapshot)}{snapshot.period}课程学习，累计修满 ",
            False,
        ),
        (hours_text(snapshot.hours), True),
        (
            f" 学时（其中面授 {hours_text(snapshot.face_to_face_hours)} 学时）{exam}，准予结业。",
            False,
        ),
    )
    return body, "特发此证。"


def _star(snapshot: Snapshot) -> tuple[tuple[Run, ...], str]:
    assert snapshot.stage is not None
    assert snapshot.level is not None
    body = (
        ("您在家长学校学习中勤学善思、言传身教，", False),
        (f"{snapshot.stage.zh}学段累计修满 ", False),
        (hours_text(snapshot.hours, 0), True),
        (" 学时并完成规定课程，经评定为 ", False),
        (f"{_NUMERALS[snapshot.level]}星级家长", True),
        ("。", False),
    )
    return body, "特发此证，以资鼓励。"


def _statement(snapshot: Snapshot) -> tuple[tuple[Run, ...], str]:
    first, last = snapshot.period_begins, snapshot.period_ends
    time = snapshot.period
    if first is not None and last is not None:
        time = f"自{arabic_date(first)}至{arabic_date(last)}"
    body = (
        ("兹证明 ", False),
        (snapshot.holder_name, True),
        (f"{addressed_as(snapshot)}{time}在我校家长学校学习，明细如下：", False),
    )
    total, face = hours_text(snapshot.hours), hours_text(snapshot.face_to_face_hours)
    return body, f"共计 {total} 学时（其中面授 {face} 学时）。特此证明。"


def _months(snapshot: Snapshot) -> str:
    first, last = snapshot.period_begins, snapshot.period_ends
    if first is None or last is None:
        return ""
    return f"于{first.year}年{first.month}月至{last.year}年{last.month}月"


def _validity(valid_until: date | None) -> str:
    return "长期有效" if valid_until is None else f"有效期至{arabic_date(valid_until)}"


_BODIES = {
    CertificateKind.ANNUAL_COMPLETION: _completion,
    CertificateKind.STAGE_COMPLETION: _completion,
    CertificateKind.STAR_LEVEL: _star,
    CertificateKind.STATEMENT_OF_HOURS: _statement,
}
