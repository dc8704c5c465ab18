"""The description of the interface (OpenAPI) with every answer that may come.

The framework describes what a route gives back; what is refused before, in and around a route is
the same for all of them and is told here, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field
from starlette.routing import BaseRoute

from api.problems import PROBLEM_JSON

WORDS: Final = {
    400: "What was sent is not what is asked for.",
    401: "Nobody is logged in.",
    403: "Somebody else may do this.",
    404: "There is no such thing, or not for who asks.",
    405: "The address has no such method.",
    409: "What is recorded forbids it.",
    410: "It is over.",
    413: "More than is read.",
    422: "A rule says no.",
    429: "Too many tries; `Retry-After` tells when again.",
    500: "A bug; it was logged.",
    502: "Whom we asked did not answer.",
    503: "Not now: the same command again, after `Retry-After`.",
}
INVALID: Final = "422"  # the framework's; an invalid request is a 400 here
SCHEMAS: Final = "#/components/schemas/"


class Fault(BaseModel):
    """A field that is not as it must be; what was sent is never sent back."""

    field: list[str]
    rule: str
    message: str


class Problem(BaseModel):
    """RFC 9457. A refusal adds its facts (`retry_after`, `most`, …) beside these."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="`/problems/` and the code.")
    title: str = Field(description="What it says to a person, in the asker's language.")
    status: int
    code: str = Field(description="Stable; docs/refusals.md lists them.")
    request_id: str = Field(description="As in `X-Request-Id`: what to name when asking about it.")
    errors: list[Fault] | None = Field(default=None, description="With `request_malformed`.")


def described(title: str, version: str, routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """OpenAPI of the routes, with every answer that may come."""
    found = get_openapi(title=title, version=version, routes=routes)
    components = found["components"]
    components["responses"] = refusals()
    schemas = components["schemas"]
    schemas["Problem"] = model = Problem.model_json_schema(ref_template=SCHEMAS + "{model}")
    schemas.update(model.pop("$defs"))
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for operation in operations(found):
        answers = operation["responses"]
        answers.pop(INVALID, None)
        for status in components["responses"]:
            answers.setdefault(status, {"$ref": f"#/components/responses/{status}"})
    return found


def operations(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in found["paths"].values():
        yield from methods.values()


def refusals() -> dict[str, Any]:
    """The answers of the table of refusals, and of a request that reaches no route."""
    content = {PROBLEM_JSON: {"schema": {"$ref": SCHEMAS + "Problem"}}}
    return {
        str(status): {"description": said, "content": content} for status, said in WORDS.items()
    }
