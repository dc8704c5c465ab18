"""WebP pictures of a certificate: WeChat shows them inline where it shows no PDF."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

_QUALITY = 82


def webp(png: bytes) -> bytes:
    """Give a quarter of the bytes of a drawn PNG."""
    picture = BytesIO()
    with Image.open(BytesIO(png)) as image:
        image.convert("RGB").save(picture, "WEBP", quality=_QUALITY, method=4)
    return picture.getvalue()
