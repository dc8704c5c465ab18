"""Certificates drawn, coded and signed, and the list of a million of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import qrcode
import typst
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from qrcode.constants import ERROR_CORRECT_M

from bench import certificate_batch
from bench.credentials import AT, URL, snapshot
from bench.ground import Ground
from bench.measuring import Figure, Goal, Question, Sample, Scale, interleaved, timed
from certificates import cose, drawing, payload, qr, status
from certificates.keys import FileKeyStore, FileSigner
from certificates.snapshot import Snapshot
from certificates.status import Place, Status

NAME = "certificates"
CODE = "ABCD-EFGH"
SHEETS_A_SECOND, LIST_SECONDS = 50.0, 2.0
FONTS = Path(drawing.__file__).parent / "fonts"
DRAW = Question(
    NAME, "QR codes drawn as SVG, one mask for all", "1/s", "the library by itself, best mask of 8"
)
SIGN = Question(NAME, "COSE_Sign1 of a QR code signed", "1/s", "raw Ed25519 of the same bytes")
VERIFY = Question(NAME, "COSE_Sign1 taken apart and verified", "1/s", "raw Ed25519 verified")


def run(ground: Ground, scale: Scale) -> list[Figure]:
    with TemporaryDirectory() as folder:
        store = FileKeyStore(Path(folder) / "keys.json", bytes(32))
        key = store.create("k2026a", AT - timedelta(days=1), AT + timedelta(days=365))
        signer = store.signer(AT)
    coded = [code_of(snapshot(ordinal), signer) for ordinal in range(scale.pick(2, 40, 200))]
    return [
        *sheets(scale, coded),
        DRAW.answer(*codes(scale, [text for _, text in coded])),
        *signatures(scale, signer, key.public_bytes),
        a_million(scale, signer),
        certificate_batch.issued(ground, scale),
    ]


def code_of(said: Snapshot, signer: FileSigner) -> tuple[Snapshot, str]:
    claims = payload.claims_of(said, Place(1, 4711), bytes(16), URL)
    return said, qr.link(URL, payload.sealed(claims, signer))


def sheets(scale: Scale, coded: list[tuple[Snapshot, str]]) -> list[Figure]:
    """By the time that the processor spent: other work on the machine does not count."""
    with TemporaryDirectory() as folder:
        page = Path(folder) / "page.typ"
        page.write_text('#set document(title: "示例")\n#set text(font: "LXGW WenKai")\n示例慧\n')
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
        )
        compiler = typst.Compiler(page, root=Path(folder), font_paths=fonts)

        def ours(_: int) -> Sample:
            return spent(coded, lambda each: drawing.draw_pdf(*each, CODE))

        def one_word(_: int) -> Sample:
            return spent(coded, lambda _: compiler.compile(format="pdf", pdf_standards=["a-3a"]))

        drawing.draw_pdf(*coded[0], CODE)  # the first one reads the fonts
        samples = interleaved(scale.rounds, ours, one_word)
    what = "certificates drawn as PDF/A-3a and PDF/UA-1, a second of one processor"
    question = Question(NAME, what, "1/s", "the typesetter on a page with one word")
    return [question.answer(*samples), to_reach(what, SHEETS_A_SECOND, samples[0])]


def spent(
    coded: list[tuple[Snapshot, str]], work: Callable[[tuple[Snapshot, str]], object]
) -> Sample:
    began = time.process_time()
    for each in coded:
        work(each)
    return Sample(len(coded), time.process_time() - began)


def to_reach(what: str, value: float, samples: list[Sample]) -> Figure:
    goal, others = Goal(NAME, what, "1/s", value, more_is_better=True), [s.others for s in samples]
    return goal.answer(samples[0].amount, [sample.rate for sample in samples], None, others)


def codes(scale: Scale, texts: list[str]) -> list[list[Sample]]:
    def by_library(text: str) -> object:
        code: qrcode.QRCode[Any] = qrcode.QRCode(error_correction=ERROR_CORRECT_M)
        code.add_data(text)
        code.make(fit=True)
        return code

    few = texts[: max(1, len(texts) // 10)]
    return interleaved(
        scale.rounds,
        lambda _: timed(len(texts), lambda: [qr.svg(each) for each in texts]),
        lambda _: timed(len(few), lambda: [by_library(each) for each in few]),
    )


def signatures(scale: Scale, signer: FileSigner, public: bytes) -> list[Figure]:
    claims = payload.claims_of(snapshot(1), Place(1, 4711), bytes(16), URL).encode()
    signed, raw = cose.sign(claims, signer), signer.sign(claims)
    count = scale.pick(10, 1_000, 5_000)

    def verified() -> None:
        assert cose.take_apart(signed).is_signed_by(public, cose.EDDSA)

    def times(work: Callable[[], object], _: int) -> Sample:
        return timed(count, lambda: [work() for _ in range(count)])

    sides: list[tuple[Question, Callable[[], object], Callable[[], object]]] = [
        (SIGN, lambda: cose.sign(claims, signer), lambda: signer.sign(claims)),
        (VERIFY, verified, lambda: Ed25519PublicKey.from_public_bytes(public).verify(raw, claims)),
    ]
    return [
        question.answer(*interleaved(scale.rounds, partial(times, ours), partial(times, beside)))
        for question, ours, beside in sides
    ]


def a_million(scale: Scale, signer: FileSigner) -> Figure:
    """A list whose places are all taken, every tenth of them not in force any more."""
    places = Random(1).sample(range(status.SIZE), status.SIZE // 10)
    taken = {place: Status(1 + place % 4) for place in places}

    def rendered(_: int) -> Sample:
        return timed(1, lambda: status.sign_list(1, taken, URL, signer, AT))

    (samples,) = interleaved(scale.rounds, rendered)
    what = f"status list of {status.SIZE:,} places rendered and signed, a tenth not in force"
    goal, others = Goal(NAME, what, "s", LIST_SECONDS), [sample.others for sample in samples]
    return goal.answer(1, [sample.seconds for sample in samples], None, others)
