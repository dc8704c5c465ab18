"""The code of a real sheet, read by readers that share no code with its writer."""

from __future__ import annotations

import base64
from io import BytesIO

import pytest
from PIL import Image, ImageFilter

from certificates import payload, qr
from certificates.drawing import draw_png
from certificates.snapshot import Snapshot
from certificates.status import Place
from tests.certificates.conftest import ANNUAL, KINDS
from tests.interop.foreign import Foreign
from tools.vectors.issuer import ACTIVE, SALT, URL

pytestmark = pytest.mark.npm


def text_and_sheet(form: str) -> tuple[str, Image.Image]:
    printed = Snapshot.model_validate(ANNUAL | KINDS[form])
    claims = payload.claims_of(printed, Place(1, 4711), SALT, URL)
    text = qr.link(URL, payload.sealed(claims, ACTIVE))
    [sheet] = draw_png(printed, text, "ABCD-EFGH", ppi=200)
    return text, Image.open(BytesIO(sheet)).convert("RGB")


def read(foreign: Foreign, reader: str, picture: Image.Image) -> str | None:
    png = BytesIO()
    picture.save(png, "PNG")
    text: str | None = foreign.ask(
        "pictures", reader, png=base64.b64encode(png.getvalue()).decode()
    )
    return text


@pytest.mark.parametrize("form", ["star", "statement"])
def test_two_readers_read_the_code_of_a_sheet(foreign: Foreign, form: str) -> None:
    text, sheet = text_and_sheet(form)
    assert read(foreign, "jsqr", sheet) == text
    assert read(foreign, "zxing", sheet) == text


def test_a_bad_photograph_is_read_as_well(foreign: Foreign) -> None:
    text, sheet = text_and_sheet("annual")
    tilted = sheet.convert("L").rotate(7, expand=True, fillcolor=255)
    blurred = tilted.filter(ImageFilter.GaussianBlur(1)).convert("RGB")
    assert read(foreign, "zxing", blurred) == text
