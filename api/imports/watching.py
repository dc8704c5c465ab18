"""How far an import is, told now and then to the page that waits for it."""

from __future__ import annotations

import time
from typing import Final
from uuid import UUID

from api.imports.uploads import Uploads

EVERY: Final = 0.3  # seconds


class Watched:
    """A progress that is written down: at once, and then not more often than a page asks."""

    def __init__(self, uploads: Uploads, upload_id: UUID) -> None:
        self._uploads = uploads
        self._upload_id = upload_id
        self._told = time.monotonic()
        uploads.tell(upload_id, 0, 0)

    def __call__(self, done: int, in_all: int) -> None:
        if done == in_all or time.monotonic() - self._told > EVERY:
            self._told = time.monotonic()
            self._uploads.tell(self._upload_id, done, in_all)
