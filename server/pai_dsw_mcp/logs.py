"""Logs: one JSON object a line on stderr, never on stdout, and never a traceback's local values."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final

_CAP: Final = 2_000


class JsonLines(logging.Formatter):
    """Time, level, logger and message; escaped by JSON, so that no message can forge a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as one line; of an exception only its type, because its text may quote a credential."""
        line: dict[str, str] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage()[:_CAP],
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
        return json.dumps(line)


def configure_logs(level: int = logging.WARNING) -> None:
    """Sends every record of this process to stderr. Called before the MCP SDK, which keeps existing handlers."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
