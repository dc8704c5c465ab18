"""The words for each state of a certificate: one table for every page, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from certificates.verifying import State


@dataclass(frozen=True)
class Words:
    """How a state looks and reads. `colour`: ok, warn, bad or mute; never colour alone."""

    colour: str
    icon: str
    heading: str
    heading_in_english: str
    explanation: str
    explanation_in_english: str


WORDS = {
    State.VALID: Words(
        "ok", "check", "证书有效", "Valid",
        "与签发记录一致，未被撤销", "As it was issued, and not revoked",
    ),
    State.EXPIRED: Words(
        "warn", "clock", "证书已过期", "Expired",
        "签发属实，有效期已满", "Genuine, but past its last valid day",
    ),
    State.SUSPENDED: Words(
        "warn", "pause", "证书已暂停", "Suspended",
        "签发单位正在复核，暂请勿采信", "The issuer is reviewing it; do not rely on it for now",
    ),
    State.REVOKED: Words(
        "bad", "cross", "证书已撤销", "Revoked",
        "请勿采信", "Do not rely on it",
    ),
    State.REPLACED: Words(
        "warn", "again", "证书已换发", "Replaced",
        "请持证人出示新证书", "Ask the holder for the new certificate",
    ),
    State.WITHDRAWN: Words(
        "mute", "minus", "证书已注销", "Withdrawn",
        "持证人已自行注销", "Withdrawn by its holder",
    ),
    State.FORGED: Words(
        "bad", "cross", "伪造证书", "Forged",
        "内容与签名不符，请勿采信", "Content and signature do not match; do not rely on it",
    ),
    State.NOT_FOUND: Words(
        "mute", "help", "查无此证", "Not found",
        "编号或验证码不对，也可能是伪造", "Number or check code is wrong, or the paper is false",
    ),
    State.STATUS_UNKNOWN: Words(
        "mute", "help", "签名有效，状态未核", "Signature valid, status unknown",
        "签发属实，现在查不到是否已被撤销",
        "Genuine, but whether it was revoked cannot be told now",
    ),
}  # fmt: skip
