"""Lines on stdin that are no messages: each is answered, none costs more than bounded memory."""

import json
import re
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from pai_dsw_mcp.stdin import LONGEST
from tests.process.conftest import Start
from tests.process.conversation import MODERN, Conversation
from tests.process.processes import INSTALLED_SERVER, Message, ServerProcess, measured_environment, private

INVALID = -32600
PARSE = -32700
PARAMS = -32602


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[ServerProcess]:
    home = private(tmp_path_factory.mktemp("stdin"))
    with ServerProcess(["--state-dir", str(private(home / "state"))], measured_environment(home)) as running:
        # The first request settles the era of the connection, whichever test comes first.
        Conversation(running, MODERN).open()
        yield running
        assert running.stop() == 0


def replies(server: ServerProcess, line: str) -> list[Message]:
    """What the server wrote between this line and the answer to the request after it."""
    before = len(server.lines)
    server.send(line)
    assert "result" in Conversation(server, MODERN).answered("tools/list", {})
    return [json.loads(each) for each in server.lines[before:-1]]


@pytest.mark.parametrize(
    ("line", "code", "number"),
    [
        ("", PARSE, None),
        ("{", PARSE, None),
        ("\x00\x07", PARSE, None),
        ("[" * 50_000, PARSE, None),
        ("[]", INVALID, None),
        ("17", INVALID, None),
        ('{"jsonrpc": "2.0"}', INVALID, None),
        ('{"jsonrpc": "1.0", "id": 4711, "method": "ping"}', INVALID, 4711),
        ('{"jsonrpc": "2.0", "id": "mine", "method": 7}', INVALID, "mine"),
        ('{"jsonrpc": "1.0", "id": true, "method": "ping"}', INVALID, None),
        ('{"jsonrpc": "2.0", "id": 4711, "result": 7}', INVALID, None),
        (json.dumps({"jsonrpc": "2.0", "id": 4711, "method": "x" * LONGEST}), INVALID, None),
        ('{"jsonrpc": "2.0", "id": 4711, "method": "\\ud83d"', PARSE, None),
        ('{"jsonrpc": "1.0", "id": 4711, "method": "\\ud83d"}', INVALID, 4711),
        ('{"jsonrpc": "2.0", "id": 4711, "method": "\\ud83d"}', PARAMS, 4711),
    ],
    ids=range(15),
)
def test_a_line_that_is_no_message_is_answered_with_an_error(
    server: ServerProcess, line: str, code: int, number: Any
) -> None:
    (reply,) = replies(server, line)
    assert (reply["jsonrpc"], reply["id"], reply["error"]["code"]) == ("2.0", number, code)


def test_the_longest_line_is_read(server: ServerProcess) -> None:
    request = '{"jsonrpc": "2.0", "id": 4711, "method": "none", "params": {"text": "%s"}}'
    (reply,) = replies(server, request % ("x" * (LONGEST - len(request % "") - 1)))
    assert reply["id"] == 4711


def peak_kilobytes(server: ServerProcess) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text("ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1])


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of the memory from /proc")
def test_a_line_without_an_end_takes_bounded_memory(start: Start) -> None:
    server = start(command=INSTALLED_SERVER)
    Conversation(server, MODERN).open()
    before = peak_kilobytes(server)
    (reply,) = replies(server, "x" * 200_000_000)
    assert reply["error"]["code"] == INVALID
    # Half of the line: the vendor's SDK, which is imported meanwhile, takes its part too.
    assert peak_kilobytes(server) - before < 100_000
