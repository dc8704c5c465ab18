"""The certificate as an Open Badges 3.0 credential: what is printed, in the terms of the standard.

The holder's name is not in it, but a salted hash of it: whoever has the printed name can compare.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from certificates import bitstring
from certificates.data_integrity import moment
from certificates.did import did_of
from certificates.encodings import Document
from certificates.kind import ExamResult, prefix_of, title_of
from certificates.linked_data import CREDENTIALS, OPEN_BADGES
from certificates.snapshot import Snapshot, StatementLine
from certificates.status import Place
from certificates.wording import NOTICE, arabic_date, hours_text, issuer_of, wording_of
from domain.certificate import CertificateKind

_TYPES = {
    CertificateKind.ANNUAL_COMPLETION: "CertificateOfCompletion",
    CertificateKind.STAGE_COMPLETION: "CertificateOfCompletion",
    CertificateKind.STAR_LEVEL: "Badge",
    CertificateKind.STATEMENT_OF_HOURS: "LearningProgram",
}
_ACHIEVEMENTS = UUID("6f0f7f0e-2c0b-5f5e-9a54-7d1f8f0b7b16")
_SALT_PURPOSE, _SUBJECT_PURPOSE = b"credential name salt 1:", b"credential subject 1:"
_STARS = ("一星级", "二星级", "三星级", "四星级", "五星级")
IDENTITY = "name"


def document(snapshot: Snapshot, place: Place, secret: bytes, base_url: str) -> Document:
    """Give the unsigned credential. `secret` is the person's: it salts the name and the subject."""
    return {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": snapshot.certificate_id.urn,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": title_of(snapshot.kind),
        "description": NOTICE,
        "issuer": {"id": did_of(base_url), "type": ["Profile"], "name": issuer_of(snapshot)},
        "validFrom": moment(snapshot.issued_at),
        **_until(snapshot),
        "awardedDate": _begin_of(snapshot.awarded_on, snapshot),
        "credentialSubject": _subject(snapshot, secret),
        **_evidence(snapshot),
        "credentialStatus": bitstring.entry(place, base_url),
    }


def identity_hash(name: str, salt: str) -> str:
    """The hash of a name by Open Badges: `sha256$` and the digits, the salt behind the name."""
    return f"sha256${hashlib.sha256((name + salt).encode()).hexdigest()}"


def _until(snapshot: Snapshot) -> Document:
    if snapshot.expires_at is None:
        return {}
    # The last second of the last day: who shows it as a date shows the day that is printed.
    return {"validUntil": (snapshot.expires_at - timedelta(seconds=1)).isoformat()}


def _subject(snapshot: Snapshot, secret: bytes) -> Document:
    salt = _derived(secret, _SALT_PURPOSE, snapshot.certificate_id).hex()
    subject = UUID(bytes=_derived(secret, _SUBJECT_PURPOSE, snapshot.certificate_id), version=4)
    return {
        "id": subject.urn,
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": identity_hash(snapshot.holder_name, salt),
                "identityType": IDENTITY,
                "salt": salt,
            }
        ],
        "licenseNumber": snapshot.number,
        **_days(snapshot),
        "creditsEarned": _hours(snapshot.hours),
        "narrative": _narrative(snapshot),
        "achievement": _achievement(snapshot),
        "result": _results(snapshot),
    }


def _days(snapshot: Snapshot) -> Document:
    said: dict[str, Any] = {}
    if snapshot.period:
        said["term"] = snapshot.period
    if snapshot.period_begins is not None:
        said["activityStartDate"] = _begin_of(snapshot.period_begins, snapshot)
    if snapshot.period_ends is not None:
        said["activityEndDate"] = _begin_of(snapshot.period_ends, snapshot)
    return said


def _narrative(snapshot: Snapshot) -> str:
    """The words of the sheet, without the name."""
    words = wording_of(snapshot)
    said = "".join(text for text, _ in words.body if text != snapshot.holder_name)
    return said + words.closing


def _achievement(snapshot: Snapshot) -> Document:
    achievement = _urn(snapshot, "achievement")
    return {
        "id": achievement,
        "type": ["Achievement"],
        "achievementType": _TYPES[snapshot.kind],
        "name": _name(snapshot),
        "description": NOTICE,
        "criteria": {"narrative": f"按家长学校学时规则 {snapshot.rulebook_version} 版认定。"},
        "humanCode": prefix_of(snapshot.kind),
        "inLanguage": "zh-CN",
        "version": snapshot.rulebook_version,
        "resultDescription": _described(snapshot),
    }


def _name(snapshot: Snapshot) -> str:
    stage = snapshot.stage.zh if snapshot.stage is not None else ""
    if snapshot.kind is CertificateKind.STAR_LEVEL and snapshot.level is not None:
        return f"{stage}{_STARS[snapshot.level - 1]}家长"
    if snapshot.kind is CertificateKind.STAGE_COMPLETION:
        return f"{stage}{title_of(snapshot.kind)}"
    return title_of(snapshot.kind)


def _described(snapshot: Snapshot) -> list[Document]:
    """What results there are: hours face to face always, an exam or a star where there is one."""
    described = [_description(snapshot, "face_to_face", "面授学时", "RawScore")]
    if snapshot.exam_result is not None:
        exam = _description(snapshot, "exam", "考核成绩", "Result")
        described.append({**exam, "allowedValue": [each.chinese for each in ExamResult]})
    if snapshot.level is not None:
        stars = _description(snapshot, "stars", "星级", "RubricCriterionLevel")
        described.append({**stars, "rubricCriterionLevel": _levels(snapshot)})
    return described


def _description(snapshot: Snapshot, of: str, name: str, kind: str) -> Document:
    return {
        "id": _urn(snapshot, of),
        "type": ["ResultDescription"],
        "name": name,
        "resultType": kind,
    }


def _levels(snapshot: Snapshot) -> list[Document]:
    return [
        {
            "id": _urn(snapshot, f"stars/{level}"),
            "type": ["RubricCriterionLevel"],
            "name": name,
            "level": str(level),
        }
        for level, name in enumerate(_STARS, start=1)
    ]


def _results(snapshot: Snapshot) -> list[Document]:
    results = [_result(snapshot, "face_to_face", hours_text(snapshot.face_to_face_hours))]
    if snapshot.exam_result is not None:
        results.append(_result(snapshot, "exam", snapshot.exam_result.chinese))
    if snapshot.level is not None:
        reached = _urn(snapshot, f"stars/{snapshot.level}")
        stars = _result(snapshot, "stars", str(snapshot.level))
        results.append({**stars, "achievedLevel": reached})
    return results


def _result(snapshot: Snapshot, of: str, value: str) -> Document:
    return {"type": ["Result"], "resultDescription": _urn(snapshot, of), "value": value}


def _evidence(snapshot: Snapshot) -> Document:
    """The lines of a statement of hours."""
    lines = [_line(snapshot, ordinal, line) for ordinal, line in enumerate(snapshot.lines, 1)]
    return {"evidence": lines} if lines else {}


def _line(snapshot: Snapshot, ordinal: int, line: StatementLine) -> Document:
    held, counted = hours_text(line.class_hours), hours_text(line.hours)
    return {
        "id": f"{snapshot.certificate_id.urn}#{ordinal}",
        "type": ["Evidence"],
        "name": line.title,
        "description": f"{arabic_date(line.on)}，{held} 课时，计 {counted} 学时",
    }


def _urn(snapshot: Snapshot, of: str) -> str:
    """One id for the same achievement under the same rules, wherever it was reached."""
    stage = snapshot.stage.value if snapshot.stage is not None else ""
    said = f"{snapshot.kind.value}/{stage}/{snapshot.rulebook_version}/{of}"
    if of == "achievement":
        said += f"/{snapshot.level or ''}"
    return uuid5(_ACHIEVEMENTS, said).urn


def _begin_of(day: date, snapshot: Snapshot) -> str:
    return datetime.combine(day, time(), ZoneInfo(snapshot.zone)).isoformat()


def _hours(hundredths: int) -> float:
    return hundredths // 100 if hundredths % 100 == 0 else hundredths / 100


def _derived(secret: bytes, purpose: bytes, certificate_id: UUID) -> bytes:
    return hmac.digest(secret, purpose + certificate_id.bytes, hashlib.sha256)[:16]
