"""Logs: one line for each record on stderr, never on stdout, and never a traceback's local values.

What other libraries log may quote what a client sent. Of their records only the constant part is told.
"""

import json
import logging
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias

LogLevel: TypeAlias = Literal["error", "warning", "info", "debug"]
LogFormat: TypeAlias = Literal["json", "text"]

_CAP: Final = 2_000
_OURS: Final = ("pai_dsw_mcp", "pai_emulator", "py.warnings")
"""Loggers whose whole messages are told; the last one has what Python warns of."""


def add_log_flags(flag: Callable[..., None]) -> None:
    """Adds them with `flag`, as the other flags are."""
    flag(
        "log-level",
        "what is told on stderr; info: a line for each MCP request; debug: for each call of the cloud, too",
        choices=("error", "warning", "info", "debug"),
        default="warning",
    )
    flag("log-format", "how it is told: a JSON object a line, or text", choices=("json", "text"), default="json")


def _told(record: logging.LogRecord) -> dict[str, Any]:
    """What is told of a record; of an exception only its type, because its text may quote a credential."""
    is_ours = record.name.partition(".")[0] in _OURS or record.name in _OURS
    message = record.getMessage() if is_ours else str(record.msg).partition("\n")[0]
    facts: Mapping[str, Any] = getattr(record, "facts", {})
    line: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": message[:_CAP],
        **facts,
    }
    if record.exc_info and record.exc_info[0] is not None:
        line["exception"] = record.exc_info[0].__name__
    return line


class JsonLines(logging.Formatter):
    """One JSON object; escaped, so that no message can forge a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as one line."""
        return json.dumps(_told(record))


class TextLines(logging.Formatter):
    """Time, level, logger and message, then `name=value`; values are escaped as in JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as one line."""
        line = _told(record)
        first = f"{line.pop('time')} {line.pop('level').upper()} {line.pop('logger')} {json.dumps(line.pop('message'))}"
        return " ".join([first, *(f"{name}={json.dumps(value)}" for name, value in line.items())])


def configure_logs(level: LogLevel = "warning", form: LogFormat = "json") -> None:
    """Sends every record of this process to stderr. Called before the MCP SDK, which keeps existing handlers.

    Other libraries never tell less than warnings: that would be what clients send.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    number = logging.getLevelNamesMapping()[level.upper()]
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.WARNING))
    logging.getLogger("pai_dsw_mcp").setLevel(number)
    logging.captureWarnings(True)
