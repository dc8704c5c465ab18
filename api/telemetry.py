"""Traces of requests and of what they ask the database, for an OTLP receiver; off without one.

A span knows a route's template, a statement's first word and a status: no address, no value.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from psycopg import Connection, Cursor
from psycopg.sql import Composable
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import request_ids

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

NAME = "parent-credits"
BUG = 500


class TelemetryNotInstalled(RuntimeError):
    """A receiver is named in the settings, and what would speak to it is not here."""


@dataclass(frozen=True)
class Telemetry:
    provider: TracerProvider

    @property
    def tracer(self) -> Tracer:
        return self.provider.get_tracer(NAME)

    def cursors(self) -> type[Cursor[Any]]:
        """The kind of cursor that makes a span of each statement."""
        tracer = self.tracer

        class Traced(Cursor[Any]):
            def execute(self, query: Any, params: Any = None, **how: Any) -> Self:
                with spanned(tracer, word_of(query, self.connection), SpanKind.CLIENT) as span:
                    span.set_attribute("db.system.name", "postgresql")
                    return super().execute(query, params, **how)

        return Traced

    def close(self) -> None:
        self.provider.shutdown()


def begin(url: str | None) -> Telemetry | None:
    """Raises TelemetryNotInstalled."""
    if url is None:
        return None
    try:
        # Imported where it is wanted: it is an extra, and its HTTP client looks about at once.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - an extra
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise TelemetryNotInstalled("pip install parent-credits[telemetry]") from error
    provider = TracerProvider(resource=Resource({"service.name": NAME}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    return Telemetry(provider)


@contextmanager
def spanned(tracer: Tracer, name: str, kind: SpanKind, context: Any = None) -> Generator[Span]:
    """A span around a block; of an error it keeps the kind: what libraries say quotes values."""
    with tracer.start_as_current_span(
        name, context, kind, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield span
        except Exception as error:
            span.set_status(StatusCode.ERROR)
            span.set_attribute("error.type", type(error).__qualname__)
            raise


def word_of(query: object, connection: Connection[Any]) -> str:
    """What a statement does, by its first word."""
    if isinstance(query, Composable):
        query = query.as_string(connection)
    text = query.decode() if isinstance(query, bytes) else str(query)
    return next(iter(text.split(None, 1)), "nothing").upper()[:20]


class Traced:
    """A span around each request, in the trace that the caller began."""

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer
        self._callers: Callable[[dict[str, str]], Any] = TraceContextTextMapPropagator().extract

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        context = self._callers({"traceparent": sent.get("traceparent", "")})
        with spanned(self._tracer, scope["method"], SpanKind.SERVER, context) as span:

            async def send_told(message: Message) -> None:
                if message["type"] == "http.response.start":
                    tell(span, scope, message["status"])
                await send(message)

            await self._app(scope, receive, send_told)


def tell(span: Span, scope: Scope, status: int) -> None:
    route = scope.get("route_path", "")
    span.update_name(f"{scope['method']} {route}".strip())
    span.set_attributes(
        {
            "http.request.method": scope["method"],
            "http.route": route,
            "http.response.status_code": status,
            **request_ids.current(),
        }
    )
    if status >= BUG:
        span.set_status(StatusCode.ERROR)
