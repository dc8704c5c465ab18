"""What a command answers: how far the feed has to be read to see it."""

from __future__ import annotations

from pydantic import BaseModel


class Recorded(BaseModel):
    """The position in the feed up to which the read models show the change."""

    position: int
