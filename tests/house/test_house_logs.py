"""Logs are one JSON object a line, on stderr, without what an exception may quote."""

import json
import logging
import sys
from collections.abc import Generator

import pytest

from pai_dsw_mcp.logs import configure_logs


@pytest.fixture
def own_root() -> Generator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("own_root")
def test_a_message_cannot_forge_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    logging.getLogger("test").warning("first\n%s", '{"level": "info"}\x1b[31m')
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert told["message"] == 'first\n{"level": "info"}\x1b[31m'
    assert (told["level"], told["logger"]) == ("warning", "test")


@pytest.mark.usefixtures("own_root")
def test_of_an_exception_only_its_type_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    try:
        raise ValueError("secret-canary")
    except ValueError:
        logging.getLogger("test").exception("It failed")
    text = capsys.readouterr().err
    assert "secret-canary" not in text
    assert json.loads(text)["exception"] == "ValueError"


@pytest.mark.usefixtures("own_root")
def test_what_is_less_than_a_warning_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    logging.getLogger("test").info("chatter")
    assert capsys.readouterr().err == ""
    assert sys.stderr is not None
