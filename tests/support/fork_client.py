"""What a program of `forking` does: it has the fork server start the process, and lives and ends as that does.

Each start of a process costs what is imported here: so neither `socket`, `pathlib`, `typing` nor what is not built in.
"""

import _socket
import os
import signal
import sys

_FORWARDED = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def start(server: str, program: str) -> None:
    """Becomes the program itself where the process must begin in a new interpreter. Does not return."""
    arguments = sys.argv[1:]
    if not _can_be_forked(program, arguments):
        os.execv(program, [program, *arguments])
    request = {
        "program": program,
        "arguments": arguments,
        "environment": dict(os.environ),
        "folder": os.getcwd(),  # noqa: PTH109  # no `pathlib`
        "leads_a_session": os.getsid(0) == os.getpid(),
    }
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    connection.connect(server)
    descriptors = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    connection.sendmsg([b"\0"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, descriptors)])
    connection.sendall(f"{request}\n".encode())
    for each in _FORWARDED:
        signal.signal(each, lambda number, _: connection.sendall(bytes([number])))
    # What the process closes is closed.
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    code = int(connection.recv(16) or b"1")
    if code < 0:
        if -code in _FORWARDED:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


def _can_be_forked(program: str, arguments: list[str]) -> bool:
    """Not where coverage is measured or modules are found elsewhere: both are settled as an interpreter begins."""
    if any(name == "PYTHONPATH" or name.startswith("COVERAGE_") for name in os.environ):
        return False
    return not program.endswith("/python") or arguments[:1] == ["-m"]
