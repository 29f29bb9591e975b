"""Logs are one JSON object a line, on stderr, without what an exception may quote."""

import json
import logging
import sys
from collections.abc import Generator

import pytest

from pai_dsw_mcp.logs import LogLevel, configure_logs

OURS = "pai_dsw_mcp.test"


@pytest.fixture
def own_root() -> Generator[None]:
    root = logging.getLogger()
    ours = logging.getLogger("pai_dsw_mcp")
    handlers, level, our_level = root.handlers[:], root.level, ours.level
    yield
    ours.setLevel(our_level)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("own_root")
def test_a_message_cannot_forge_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    logging.getLogger(OURS).warning("first\n%s", '{"level": "info"}\x1b[31m')
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert told["message"] == 'first\n{"level": "info"}\x1b[31m'
    assert (told["level"], told["logger"]) == ("warning", OURS)


@pytest.mark.usefixtures("own_root")
def test_a_line_of_text_cannot_be_forged_either(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info", "text")
    logging.getLogger(OURS).info("first\n%s", "level=x", extra={"facts": {"tool": "a b\nc", "seconds": 0.25}})
    (line,) = capsys.readouterr().err.splitlines()
    assert line.partition(" ")[2] == rf'INFO {OURS} "first\nlevel=x" tool="a b\nc" seconds=0.25'


@pytest.mark.usefixtures("own_root")
@pytest.mark.parametrize("level", ["warning", "debug"])
def test_of_another_library_only_the_constant_part_of_a_warning_is_told(
    capsys: pytest.CaptureFixture[str], level: LogLevel
) -> None:
    configure_logs(level)
    logging.getLogger("mcp.server").debug("Received")
    logging.getLogger("mcp.server").warning("dropped %r", "secret-canary")
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: ValueError('secret-canary')")
    written = capsys.readouterr().err
    assert "secret-canary" not in written
    messages = [json.loads(line)["message"] for line in written.splitlines()]
    assert messages == ["dropped %r", "Task exception was never retrieved"]


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
