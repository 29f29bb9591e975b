"""What this server tells of its work: log lines, spans, and durations where somebody measures them.

It tells names that stand in this code and kinds of errors. It never tells an argument, an id of a person, or the text
of an error: that may quote anything.
"""

import logging
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Literal, TypeAlias

from opentelemetry.context import Context
from opentelemetry.trace import SpanKind, StatusCode, get_tracer

Facts: TypeAlias = dict[str, str]
Measured: TypeAlias = Literal[
    "mcp.server.operation.duration", "http.server.request.duration", "pai_dsw_mcp.cloud.call.duration"
]
"""The durations that are measured, in seconds; the first two are OpenTelemetry's names."""
Measure: TypeAlias = Callable[[Measured, float, Mapping[str, str]], None]

ERROR: Final = "error.type"
"""The fact that OpenTelemetry calls so; without it all went well."""
measures: Final[list[Measure]] = []
"""Who is told of every duration. Nobody, unless there are an admin address or a collector."""
_LOGGER: Final = logging.getLogger(__name__)
_TRACER: Final = get_tracer("pai-dsw-mcp")
_FACTS: ContextVar[Facts] = ContextVar("facts")


def tell(measured: Measured, name: str, seconds: float, facts: Facts, level: int) -> None:
    """Measures it, and writes a log line of this level."""
    for measure in measures:
        measure(measured, seconds, facts)
    _LOGGER.log(level, name, extra={"facts": {**facts, "seconds": round(seconds, 3)}})


@contextmanager
def span(
    measured: Measured, name: str, facts: Facts, *, kind: SpanKind, level: int, parent: Context | None = None
) -> Generator[Facts]:
    """One piece of work. What is added to the facts before it ends is told as well."""
    began = time.perf_counter()
    with _TRACER.start_as_current_span(
        name, kind=kind, context=parent, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield facts
        except BaseException as error:
            facts.setdefault(ERROR, type(error).__name__)
            raise
        finally:
            current.set_attributes(facts)
            if ERROR in facts:
                current.set_status(StatusCode.ERROR)
            tell(measured, name, time.perf_counter() - began, facts, level)


@contextmanager
def notes(facts: Facts) -> Generator[None]:
    """What is noted inside becomes part of these facts."""
    token = _FACTS.set(facts)
    try:
        yield
    finally:
        _FACTS.reset(token)


def note(name: str, value: str) -> None:
    """Adds a fact to the request that is being answered; outside of one it is told nowhere."""
    _FACTS.get({})[name] = value
