"""The line to the provider of single sign-on: few at once, each within one time, from its own loop.

Whoever waits here holds a thread that pages are made in, too: a provider that hangs, or sends a
byte now and then, must never hold many of them, and none for long.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Lock, Thread
from typing import Any, Final, cast

import httpx

from domain.refusals import Refused

PATIENCE: Final = 5.0  # seconds, for one answer from its beginning to its last byte
MOST_AT_ONCE: Final = 4
MOST_BYTES: Final = 256 * 1024
AGAIN_IN: Final = 5  # seconds


class SignOnAway(Refused):
    """The provider does not answer, or makes no sense."""

    code = "sign_on_away"


class SignOnBusy(Refused):
    """As many as may wait for the provider do: try again in `retry_after` seconds."""

    code = "sign_on_busy"

    def __init__(self) -> None:
        super().__init__(retry_after=AGAIN_IN)


@dataclass
class Line:
    """Its loop runs in a thread of its own from the first question on, until it is closed."""

    patience: float = PATIENCE
    most: int = MOST_AT_ONCE
    _places: BoundedSemaphore = field(init=False)
    _beginning: Lock = field(default_factory=Lock, init=False)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, init=False)
    _client: httpx.AsyncClient | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._places = BoundedSemaphore(self.most)

    @contextmanager
    def place(self) -> Generator[None]:
        """Be one of the few who wait for the provider. Raises SignOnBusy at once."""
        if not self._places.acquire(blocking=False):
            raise SignOnBusy
        try:
            yield
        finally:
            self._places.release()

    def get(self, url: str) -> tuple[int, Mapping[str, Any]]:
        """A status, and the object it came with. Raises SignOnAway."""
        return self._asked("GET", url, None, None)

    def post(
        self, url: str, sent: Mapping[str, str], own: httpx.Auth
    ) -> tuple[int, Mapping[str, Any]]:
        """A form's answer: a status, and the object it came with. Raises SignOnAway."""
        return self._asked("POST", url, sent, own)

    def close(self) -> None:
        with self._beginning:
            loop, client, self._loop, self._client = self._loop, self._client, None, None
        if loop is not None and client is not None:
            asyncio.run_coroutine_threadsafe(client.aclose(), loop).result(self.patience)
            loop.call_soon_threadsafe(loop.stop)

    def _asked(
        self, method: str, url: str, sent: Mapping[str, str] | None, own: httpx.Auth | None
    ) -> tuple[int, Mapping[str, Any]]:
        client = self._begun()
        try:
            request = client.build_request(method, url, data=sent)
            status, content = self._waited_for(self._answer(client, request, own))
            told = json.loads(content)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
            raise SignOnAway from error
        if not isinstance(told, dict):
            raise SignOnAway
        return status, cast("dict[str, Any]", told)

    def _waited_for(self, answer: Coroutine[Any, Any, tuple[int, bytes]]) -> tuple[int, bytes]:
        """Also where the loop itself should hang, whoever waits here waits no longer."""
        assert self._loop is not None
        running = asyncio.run_coroutine_threadsafe(answer, self._loop)
        try:
            return running.result(self.patience + 1)
        except TimeoutError as error:
            running.cancel()
            raise SignOnAway from error

    async def _answer(
        self, client: httpx.AsyncClient, request: httpx.Request, own: httpx.Auth | None
    ) -> tuple[int, bytes]:
        """Every step of it within one time; no more is read than what makes sense may have."""
        content = bytearray()
        async with asyncio.timeout(self.patience):
            answer = await client.send(request, stream=True, auth=own)
            try:
                async for part in answer.aiter_bytes():
                    content += part
                    if len(content) > MOST_BYTES:
                        raise SignOnAway
            finally:
                await answer.aclose()
        return answer.status_code, bytes(content)

    def _begun(self) -> httpx.AsyncClient:
        with self._beginning:
            if self._loop is None or self._client is None:
                self._client = httpx.AsyncClient(timeout=self.patience)
                self._loop = asyncio.new_event_loop()
                Thread(target=run, args=(self._loop,), name="sign-on", daemon=True).start()
            return self._client


def run(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()
