"""Logs: one event a line, to standard error; never a name, a phone, a code or a key.

What the libraries log goes the same way, by the same rules.
"""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType
from typing import Literal, cast

import structlog
from structlog.typing import EventDict, Processor

from api import request_ids
from api.traces import said_of, sayable, trace_of

Form = Literal["json", "text"]
SAID_ALREADY = "Exception in ASGI application"  # by our own answer to a bug, once


def configure(level: str, form: Form = "json") -> None:
    """For the whole process. `json` for machines, `text` to be read."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        request_ids.joined,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        traced,
    ]
    structlog.configure(
        processors=[*shared, written(form)],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=to_standard_error,
    )
    foreign = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, foreign_said, *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, written(form)],
    )
    handler = ToStandardError()
    handler.setFormatter(foreign)
    handler.addFilter(lambda record: not record.getMessage().startswith(SAID_ALREADY))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def written(form: Form) -> Processor:
    if form == "text":
        return structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def foreign_said(_logger: object, _method: str, line: EventDict) -> EventDict:
    """A library quotes what it was given, in its messages as in its errors."""
    line["event"] = sayable(str(line["event"]))
    return line


def catch_the_rest() -> None:
    """What nobody catches, in a thread or at the end of a process, is a line like any other."""
    log = structlog.get_logger(__name__)

    def of_process(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, Exception):
            log.error("uncaught", exc_info=error)
        else:
            sys.__excepthook__(kind, error, trace)

    def of_thread(told: threading.ExceptHookArgs) -> None:
        name = told.thread.name if told.thread else ""
        log.error("uncaught", thread=name, exc_info=told.exc_value)

    sys.excepthook, threading.excepthook = of_process, of_thread


def traced(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Errors as what may be written of them: an `exc_info`, or an `error` as a field."""
    raised = line.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    error: object = (
        cast("tuple[object, object]", raised)[1] if isinstance(raised, tuple) else raised
    )
    if isinstance(error, BaseException):
        line["exception"] = trace_of(error)
    if isinstance(line.get("error"), BaseException):
        line["error"] = said_of(line["error"])
    return line


class ToStandardError(logging.StreamHandler):  # type: ignore[type-arg]  # generic in its stub alone
    """Where standard error is now: whoever redirects it later is followed."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def to_standard_error(*_: object) -> structlog.PrintLogger:
    """The same for our own lines."""
    return structlog.PrintLogger(sys.stderr)
