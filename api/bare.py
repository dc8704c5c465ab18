"""A route that a whole city calls at once: documented as all are, run without what it does not use.

The framework's dependencies, form readers and exit stacks cost more than a check-in itself. A plain
request comes by the short way (`api.short_way`), every other one through the layers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast, get_type_hints

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.whole_bodies import whole_body

JSON: Final = "application/json"
MOST_BYTES: Final = 16 * 1024
FAILED: Final = "failed"  # in a scope: what the short way ended with


class BareRoute(APIRoute):
    """For an endpoint of a `request`, values of the path and a JSON `body`; it makes its answer.

    That is shorter than what is zipped.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = get_type_hints(self.endpoint)
        self._body: TypeAdapter[Any] = TypeAdapter(kinds["body"])
        self._values = {name: TypeAdapter[Any](kinds[name]) for name in self.param_convertors}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises RequestValidationError, and what the endpoint refuses."""
        if scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)
            return
        if (failed := scope.pop(FAILED, None)) is not None:  # kept there, it would keep its request
            raise failed
        request = Request(scope, receive)
        must_bring_json(request)
        response = await self.answer(request, await whole_body(receive, MOST_BYTES))
        await response(scope, receive, send)

    async def answer(self, request: Request, body: bytes) -> Response:
        """Raises RequestValidationError, and what the endpoint refuses."""
        values = self._read(request.scope["path_params"])
        read = checked(self._body.validate_json, body, "body")
        return cast("Response", await self.endpoint(request=request, body=read, **values))

    def _read(self, texts: dict[str, str]) -> dict[str, Any]:
        kinds = self._values
        return {
            name: checked(kinds[name].validate_strings, text, "path", name)
            for name, text in texts.items()
        }


def must_bring_json(request: Request) -> None:
    kind = request.headers.get("content-type", "")
    if kind != JSON and kind.partition(";")[0].strip().lower() != JSON:
        expected = {"type": "json_expected", "loc": ("body",), "msg": "application/json expected"}
        raise RequestValidationError([expected])


def checked(read: Callable[[Any], Any], sent: object, *where: str) -> Any:
    """What was sent, as its type has it; what is wrong is not kept, only its place and rule."""
    try:
        return read(sent)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError(
            [{**each, "loc": (*where, *each["loc"])} for each in faults]
        ) from None
