"""Pages: one template environment, and what every page knows (language, size, who asks)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.status import HTTP_503_SERVICE_UNAVAILABLE

from api.access.record_codes import learner_code
from api.language.catalogue import Language, language_of, translate
from domain.calendar import CITY_ZONE
from domain.hours import as_short_text, as_text

CITY = ZoneInfo(CITY_ZONE)
SECONDS_TO_WAIT = "5"  # where no refusal says another number
SIZE_COOKIE = "pc_size"
LOCALES = {Language.CHINESE.value: "zh_CN", Language.ENGLISH.value: "en"}


@cache
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("api.pages", "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        auto_reload=False,  # a page would ask the disk for each of its parts
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static
    made.globals["icon"] = icon  # pyright: ignore[reportArgumentType]
    filters: dict[str, Callable[..., Any]] = {
        "learner_code": learner_code,
        "hours": as_text,
        "class_hours": as_short_text,
        "clock": partial(local, form="%H:%M"),
        "day": partial(local, form="%Y-%m-%d"),
        "last_day": last_day,
        "short_day": short_day,
        "month": month,
        "moment": partial(local, form="%Y-%m-%d %H:%M"),
    }
    made.filters.update(filters)
    return made


def local(at: datetime, form: str) -> str:
    """A time as the city's clocks show it."""
    return at.astimezone(CITY).strftime(form)


def last_day(ends: datetime) -> str:
    """The last day on which something holds that ends at a moment, mostly at midnight."""
    return local(ends - timedelta(microseconds=1), "%Y-%m-%d")


@pass_context
def short_day(context: Context, at: datetime) -> str:
    """Day and month as the page's language writes them: 12月3日, Dec 3."""
    return format_skeleton("MMMd", at, CITY, locale=LOCALES[context["language"]])


@pass_context
def month(context: Context, at: datetime) -> str:
    """The month on a calendar sheet: 12月, Dec."""
    return format_skeleton("MMM", at, CITY, locale=LOCALES[context["language"]])


def icon(name: str) -> Markup:
    return Markup('<svg class="ic" aria-hidden="true"><use href="#i-{}"/></svg>').format(name)


@cache
def static_files() -> dict[str, Traversable]:
    """What is served by its name: our own files, and those of others under vendor/."""
    own = files("api.pages") / "static"
    folders = (own, own / "vendor")
    return {entry.name: entry for each in folders for entry in each.iterdir() if entry.is_file()}


@cache
def static(name: str) -> str:
    """The address of a static file, with its hash: kept by browsers for ever."""
    content = static_files()[name].read_bytes()
    return f"/static/{hashlib.sha256(content).hexdigest()[:12]}/{name}"


def size_of(request: Request) -> str:
    return "large" if request.cookies.get(SIZE_COOKIE) == "large" else "normal"


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a page in the asker's language. `refusal` and `notice` may be given as texts."""
    language = language_of(request)
    known: dict[str, Any] = {
        "language": language.value,
        "other_language": language.other.value,
        "size": size_of(request),
        "principal": getattr(request.state, "principal", None),
        "here": here(request),
        "home": "/",
        "is_behind": getattr(request.state, "is_behind", False),
        "kept_waits": request.query_params.get("next") == "/kept",
        "refusal": None,
        "notice": None,
        "_": partial(translate, language),
        "zh": language is Language.CHINESE,
    }
    html = environment().get_template(template).render({**known, **values})
    again = {"Retry-After": SECONDS_TO_WAIT} if status == HTTP_503_SERVICE_UNAVAILABLE else {}
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store", **again})


def here(request: Request) -> str:
    """The address of this page, to come back to; of a form's answer, the page it was sent from."""
    return request.url.path if request.method == "GET" else "/"
