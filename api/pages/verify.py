"""Anybody checks a certificate by its number and check code, and compares the name on the paper."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from api.asking import InRuntime
from api.bootstrap import Runtime
from api.certificate_checks import Checked, check, same_name
from api.language.catalogue import Language, language_of, translate
from api.pages.certificate_words import (
    EXAM_RESULTS,
    KINDS,
    STARS,
    certificate_page,
    stage_name,
)
from api.problems import status_of, text_of
from api.rendering import local
from certificates.number import InvalidNumber, printed
from certificates.snapshot import Snapshot
from certificates.verifying import State
from certificates.wording import hours_text, issuer_of
from domain.certificate import CertificateKind
from domain.masking import mask_name
from domain.refusals import Refused

router = APIRouter(include_in_schema=False)

Fact = tuple[str, str]


@router.get("/verify")
def verify_page(request: Request, runtime: InRuntime, number: str = "", code: str = "") -> Response:
    """The form, and its answer: the link with number and code works as well."""
    if not (number and code):
        return form(request, runtime, number, code)
    try:
        checked = check(runtime, number, code, address_of(request))
    except Refused as refusal:
        return form(request, runtime, number, code, refusal)
    return answer(request, runtime, checked, code)


@router.post("/verify/name")
def compare_name(
    request: Request,
    runtime: InRuntime,
    number: Annotated[str, Form()],
    code: Annotated[str, Form()],
    name: Annotated[str, Form()],
) -> Response:
    """Same or not the same. The name is in the body: an address is kept in logs and histories."""
    try:
        checked = check(runtime, number, code, address_of(request))
        same = same_name(runtime, checked, name) if checked.snapshot else None
    except Refused as refusal:
        return form(request, runtime, number, code, refusal)
    return answer(request, runtime, checked, code, same)


def form(
    request: Request, runtime: Runtime, number: str, code: str, refusal: Refused | None = None
) -> Response:
    """The empty form, or what is wrong with the number before anything was looked up."""
    language = language_of(request)
    problem = refusal.problem if isinstance(refusal, InvalidNumber) else None
    other = refusal is not None and problem is None
    return certificate_page(
        request,
        "verify.html",
        status_of(refusal.code) if refusal else 200,
        host=host_of(runtime),
        number=number,
        code=code,
        problem=problem,
        refusal=text_of(refusal.code, language) if refusal and other else None,
        checked=None,
    )


def answer(
    request: Request, runtime: Runtime, checked: Checked, code: str, same: bool | None = None
) -> Response:
    language = language_of(request)
    again = urlencode({"number": checked.number, "code": code})
    certificate = checked.certificate
    return certificate_page(
        request,
        "verify.html",
        host=host_of(runtime),
        number=checked.number,
        code=code,
        problem=None,
        checked=checked,
        holder=mask_name(checked.snapshot.holder_name) if checked.snapshot else None,
        kind=translate(language, KINDS[certificate.kind]) if certificate else None,
        facts=facts(checked, language),
        successor=certificate.successor_number if certificate else None,
        may_compare=checked.snapshot is not None and checked.state is not State.FORGED,
        same=same,
        here=f"/verify?{again}",
    )


def facts(checked: Checked, language: Language) -> list[Fact]:
    """What the certificate is worth: label and value, those without a value left out."""
    said = checked.snapshot
    if said is None:
        return []
    revoked_at = checked.certificate.revoked_at if checked.certificate else None
    forever = translate(language, "长期")
    rows: list[tuple[str, str | None]] = [
        ("证书编号", printed(said.number, said.kind)),
        ("录入编号", said.number),
        ("签发单位", issuer_of(said)),
        ("学校变更", school_text(said, checked.school_now, language)),
        ("学段", stage_name(language, said.stage.value) if said.stage else None),
        ("星级", translate(language, STARS[said.level]) if said.level else None),
        ("学习时段", period_text(said, language)),
        ("起止日期", days_text(said, language)),
        ("学时", translate(language, "{hours} 学时", hours=hours_text(said.hours))),
        ("其中面授", face_to_face(said, language)),
        (
            "考核成绩",
            translate(language, EXAM_RESULTS[said.exam_result]) if said.exam_result else None,
        ),
        ("证书日期", said.awarded_on.isoformat()),
        ("签发时间", local(said.issued_at, "%Y-%m-%d %H:%M:%S")),
        ("撤销日期", local(revoked_at, "%Y-%m-%d") if revoked_at else None),
        ("有效期至", said.valid_until.isoformat() if said.valid_until else forever),
        ("规则版本", said.rulebook_version),
        ("签发密钥", key_text(checked, language)),
    ]
    return [(label, value) for label, value in rows if value]


def school_text(said: Snapshot, now: str | None, language: Language) -> str | None:
    """Both names, where the school was renamed or merged since."""
    return (
        translate(language, "原{before}，现{now}", before=said.school_name, now=now)
        if now
        else None
    )


def key_text(checked: Checked, language: Language) -> str | None:
    """Whoever reads that a key was stolen must read, too, why this certificate stands."""
    if checked.key_given_up_at is None:
        return None
    day = local(checked.key_given_up_at, "%Y-%m-%d")
    return translate(language, "已于{day}作废；公开日志证明本证书签发在先", day=day)


def period_text(said: Snapshot, language: Language) -> str | None:
    """The school year of a completion; its stage is told by itself."""
    if said.period.endswith("学年"):
        return translate(language, "{year}学年", year=said.period.removesuffix("学年"))
    return None


def days_text(said: Snapshot, language: Language) -> str | None:
    """The first and the last day of a statement or a completion; a star level prints none."""
    first, last = said.period_begins, said.period_ends
    if said.kind is CertificateKind.STAR_LEVEL or first is None or last is None:
        return None
    return translate(language, "{first} 至 {last}", first=first, last=last)


def face_to_face(said: Snapshot, language: Language) -> str | None:
    if not said.face_to_face_hours:
        return None
    return translate(language, "{hours} 学时", hours=hours_text(said.face_to_face_hours))


def host_of(runtime: Runtime) -> str:
    """The address that certificates print: a page of a forger has another."""
    return urlsplit(runtime.settings.public_url).netloc


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""
