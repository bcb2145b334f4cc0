"""Logs: one line an event, without secrets and without places."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SECRET_KEY_PARTS = re.compile(
    r"password|secret|token|authorization|cookie|latitude|longitude|address|vin$", re.IGNORECASE
)
QUERY_STRING = re.compile(r"\?\S*")

# The rich form of a traceback shows local variables, and those hold secrets.
PLAIN_LINES = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
# One line for each of the many bells that beat rings would bury the rest.
QUIETER = {
    "axes": "WARNING",
    "celery.beat": "WARNING",
    "celery.worker.strategy": "WARNING",
    "celery.app.trace": "WARNING",
    "celery.worker.consumer.connection": "WARNING",
    "celery.worker.control": "ERROR",
    "kombu.connection": "ERROR",
    # It tells the address of every request, and with it the tokens in the query.
    "httpx": "WARNING",
    "httpcore": "WARNING",
}


def leave_out_private_values(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """The event with private values replaced and query strings (searches, coordinates, link tokens) cut off."""
    for name, value in event_dict.items():
        if SECRET_KEY_PARTS.search(name):
            event_dict[name] = "[left out]"
        elif name == "request" and isinstance(value, str):
            event_dict[name] = QUERY_STRING.sub("", value)
    return event_dict


def leave_out_tracebacks_of_the_forbidden(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """The event without its traceback where somebody was told no: that is an answer, not a fault."""
    if getattr(event_dict.get("_record"), "status_code", None) == 403:
        event_dict.pop("exc_info", None)
    return event_dict


def logging_settings(*, level: str, is_json: bool) -> dict[str, Any]:
    """Django's LOGGING for plain or JSON lines on standard error, and structlog set up to go the same way."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        leave_out_private_values,
        leave_out_tracebacks_of_the_forbidden,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processor": structlog.processors.JSONRenderer() if is_json else PLAIN_LINES,
        "foreign_pre_chain": shared,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {name: {"level": level} for name, level in QUIETER.items()},
    }
