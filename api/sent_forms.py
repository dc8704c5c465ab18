"""What was asked for and could not be answered, to be asked again: address, fields of a form."""

from __future__ import annotations

from starlette.requests import Request

SECRETS = {"/staff/login", "/staff/password", "/enrol", "/door"}
KINDS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def sent_fields(request: Request) -> list[tuple[str, str]] | None:
    """In their order; None for what was no form, or holds a file: that is chosen again.

    None for a password or a code, too: it is typed again, and never kept or written into a page.
    """
    if request.url.path in SECRETS:
        return None
    kind = request.headers.get("content-type", "")
    if request.method != "POST" or not (kind == "" or kind.startswith(KINDS)):
        return None
    async with request.form() as form:
        pairs = form.multi_items()
    fields = [(name, value) for name, value in pairs if isinstance(value, str)]
    return fields if len(fields) == len(pairs) else None


def sent_address(request: Request) -> str:
    """Path and query, on our own host: with two slashes in front it would name another one."""
    path = "/" + request.url.path.lstrip("/")
    return f"{path}?{request.url.query}" if request.url.query else path
