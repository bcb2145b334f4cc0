"""Logs: one line an event, without secrets and without places."""

import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from config.log_privacy import leave_out_private_values

# The rich form of a traceback shows local variables, and those hold secrets.
PLAIN_LINES = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
REQUEST_LOGGERS = frozenset({"django.request", "django_structlog.middlewares.request"})
OUTAGES = frozenset({"OperationalError", "InterfaceError"})
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


def leave_out_tracebacks_of_the_forbidden(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """The event without its traceback where somebody was told no: that is an answer, not a fault."""
    if getattr(event_dict.get("_record"), "status_code", None) == 403:
        event_dict.pop("exc_info", None)
    return event_dict


def leave_out_tracebacks_of_outages(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """The event with one line in place of the traceback of a request that found no database: each request has one."""
    given = event_dict.get("exc_info")
    if not given or event_dict.get("logger") not in REQUEST_LOGGERS:
        return event_dict
    fault = given[1] if isinstance(given, tuple) else sys.exc_info()[1]
    if type(fault).__name__ in OUTAGES:
        del event_dict["exc_info"]
        event_dict["reason"] = str(fault)
    return event_dict


def logging_settings(*, level: str, is_json: bool) -> dict[str, Any]:
    """Django's LOGGING for plain or JSON lines on standard error, and structlog set up to go the same way."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        leave_out_tracebacks_of_the_forbidden,
        leave_out_tracebacks_of_outages,
    ]
    # Last of all: then tracebacks are text, and nothing is added any more.
    written: list[Processor] = [
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        leave_out_private_values,
        structlog.processors.JSONRenderer() if is_json else PLAIN_LINES,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": written,
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
