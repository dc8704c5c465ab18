"""Drawing a certificate: a pure function of what is printed, the same bytes each time."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from certificates import qr, typesetting
from certificates.snapshot import Snapshot, StatementLine
from certificates.typesetting import MissingGlyph, Template
from certificates.wording import NOTICE, Wording, addressed_as, hours_text, wording_of
from domain.certificate import CertificateKind

_BEYOND = re.compile("[\u0180-\u052f\u1e00-\u1fff]")

RENDERER_VERSION = "2026.1"

__all__ = ["RENDERER_VERSION", "Attachment", "MissingGlyph", "draw_pdf", "draw_png", "draw_svg"]


@dataclass(frozen=True)
class Attachment:
    """A file of text that travels inside the PDF."""

    name: str
    content: str = field(repr=False)
    mime: str
    description: str


def draw_pdf(
    snapshot: Snapshot,
    qr_text: str,
    check_code: str,
    *,
    attachments: Sequence[Attachment] = (),
    extra_fonts: Path | None = None,
) -> bytes:
    """Draw PDF/A-3a and PDF/UA-1. Raises MissingGlyph, after trying the folder `extra_fonts`."""
    data = _data(snapshot, qr_text, check_code, attachments)
    return typesetting.pdf(_template(snapshot), data, snapshot.issued_at, extra_fonts)


def draw_png(
    snapshot: Snapshot,
    qr_text: str,
    check_code: str,
    *,
    extra_fonts: Path | None = None,
    ppi: float = 150,
) -> tuple[bytes, ...]:
    """Draw one PNG for each page, for phones that show no PDF. Raises MissingGlyph."""
    data = _data(snapshot, qr_text, check_code, ())
    return typesetting.pictures(
        _template(snapshot), data, snapshot.issued_at, extra_fonts, "png", ppi
    )


def draw_svg(
    snapshot: Snapshot, qr_text: str, check_code: str, *, extra_fonts: Path | None = None
) -> tuple[str, ...]:
    """Draw one SVG for each page, its letters as outlines. Raises MissingGlyph."""
    data = _data(snapshot, qr_text, check_code, ())
    pages = typesetting.pictures(_template(snapshot), data, snapshot.issued_at, extra_fonts, "svg")
    return tuple(page.decode() for page in pages)


def is_foreign(text: str) -> bool:
    """Say whether it has letters that our first face lacks: Vietnamese, Greek, Cyrillic."""
    return _BEYOND.search(text) is not None


def _template(snapshot: Snapshot) -> Template:
    return "statement" if snapshot.kind is CertificateKind.STATEMENT_OF_HOURS else "certificate"


def _data(
    snapshot: Snapshot, qr_text: str, check_code: str, attachments: Sequence[Attachment]
) -> str:
    """Give the template its values as JSON: a name cannot become markup."""
    words = wording_of(snapshot)
    issued = snapshot.issued_at.astimezone(ZoneInfo(snapshot.zone))
    values = {
        **_texts(words),
        "plain_number": snapshot.number,
        "holder": snapshot.holder_name,
        "is_foreign": is_foreign(snapshot.holder_name),
        "holder_size": _size(snapshot.holder_name, largest=25, smallest=13, fitting=16),
        "addressed": addressed_as(snapshot),
        "issuer_size": _size(words.issuer, largest=15, smallest=11.5, fitting=17),
        "level": snapshot.level if snapshot.kind is CertificateKind.STAR_LEVEL else None,
        "lines": [_line(ordinal, line) for ordinal, line in enumerate(snapshot.lines, 1)],
        "check_code": check_code,
        "page": f"{snapshot.host}/verify",
        "link": f"{qr_text.partition('/c#')[0]}/verify",
        "rulebook": snapshot.rulebook_version,
        "notice": NOTICE,
        "qr": qr.svg(qr_text),
        "day": [issued.year, issued.month, issued.day],
        "attachments": [_attached(attachment) for attachment in attachments],
    }
    return json.dumps(values, ensure_ascii=False)


def _texts(words: Wording) -> dict[str, object]:
    return {
        "title": words.title,
        "title_in_english": words.title_in_english,
        "number": words.number,
        "body": [
            {"text": text, "strong": strong, "is_foreign": is_foreign(text)}
            for text, strong in words.body
        ],
        "closing": words.closing,
        "issuer": words.issuer,
        "date": words.date,
        "validity": words.validity,
    }


def _line(ordinal: int, line: StatementLine) -> dict[str, str]:
    return {
        "ordinal": str(ordinal),
        "on": line.on.isoformat(),
        "title": line.title,
        "class_hours": hours_text(line.class_hours),
        "hours": hours_text(line.hours),
    }


def _attached(attachment: Attachment) -> dict[str, object]:
    return {
        "name": attachment.name,
        "content": attachment.content,
        "mime": attachment.mime,
        "description": attachment.description,
    }


def _size(text: str, *, largest: float, smallest: float, fitting: int) -> float:
    """Give the type size, smaller for a text of more characters than fit on its line."""
    return max(smallest, round(min(largest, largest * fitting / max(len(text), 1)), 1))
