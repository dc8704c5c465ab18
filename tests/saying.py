"""What a page says when it refuses: the text of a refusal's code, in Chinese."""

from __future__ import annotations

from html import unescape

from httpx2 import Response

from api.language.catalogue import Language
from api.problems import text_of


def says(answer: Response, code: str) -> bool:
    """Whether a page gives the reason with that code."""
    return text_of(code, Language.CHINESE) in unescape(answer.text)
