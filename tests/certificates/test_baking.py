"""A picture with its credential inside is still a picture, and gives the credential back."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from certificates.baking import bake_png, bake_svg, from_png, from_svg
from certificates.drawing import draw_png, draw_svg
from certificates.snapshot import Snapshot

CREDENTIAL = '{"name":"示例 <&]]> \\" 证书"}'.encode()
CODE = "ABCDEFGH"


def plain() -> bytes:
    picture = BytesIO()
    Image.new("RGB", (3, 2), "white").save(picture, "PNG")
    return picture.getvalue()


def test_a_png_carries_a_credential(
    snapshot: Callable[..., Snapshot], qr_text: Callable[..., str]
) -> None:
    said = snapshot()
    [picture] = draw_png(said, qr_text(said), CODE, ppi=40)
    baked = bake_png(picture, CREDENTIAL)
    assert from_png(baked) == CREDENTIAL
    assert Image.open(BytesIO(baked)).tobytes() == Image.open(BytesIO(picture)).tobytes()
    assert from_png(picture) is None


def test_an_svg_carries_a_credential(
    snapshot: Callable[..., Snapshot], qr_text: Callable[..., str]
) -> None:
    said = snapshot()
    [picture] = draw_svg(said, qr_text(said), CODE)
    assert from_svg(bake_svg(picture, CREDENTIAL)) == CREDENTIAL
    assert from_svg(picture.encode()) is None
    assert len(picture) < 2_000_000


def test_an_svg_of_somebody_else_may_carry_a_token() -> None:
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:o="https://purl.imsglobal.org/ob/v3p0"'
    for inside in ("", " \n"):
        baked = f'<svg {space}><o:credential verify="a.b.c">{inside}</o:credential></svg>'
        assert from_svg(baked.encode()) == b"a.b.c"


@pytest.mark.parametrize("content", [b"", b"GIF89a", plain()[:40], plain() + b"x", b"<svg/>"])
def test_what_is_no_picture_is_an_error_and_nothing_else(content: bytes) -> None:
    for read, whole in ((from_png, plain()), (from_svg, b"<svg/>")):
        if content in (whole, whole + b"x"):
            assert read(content) is None
        else:
            with pytest.raises(ValueError, match="not a"):
                read(content)


@pytest.mark.parametrize("name", ["foo", "hex"])
def test_a_spelling_that_nobody_knows_is_an_error_and_nothing_else(name: str) -> None:
    with pytest.raises(ValueError, match="not an SVG"):
        from_svg(f'<?xml version="1.0" encoding="{name}"?><svg/>'.encode())


def test_entities_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>&a;</svg>'
    with pytest.raises(ValueError, match="not an SVG"):
        from_svg(bomb)
