"""Logs: one JSON line an event, to standard error; never a name, a phone, a code or a key."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(level: str) -> None:
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=to_standard_error,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)


def to_standard_error(*_: object) -> structlog.PrintLogger:
    """Where standard error is now: whoever redirects it later is followed."""
    return structlog.PrintLogger(sys.stderr)
