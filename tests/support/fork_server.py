"""Starts processes by fork: everything that takes long to import is imported here, once for all of them.

`python -m tests.support.fork_server LISTENER`, with the number of a listening socket. Ends when its stdin ends, and all
that it started with it. A request is one byte with the three descriptors, and a line, a dictionary as Python writes it.
After that each byte is a signal for the process, and the end of the connection kills it. The answer is its exit code,
or minus the number of the signal that ended it.
"""

import ast
import gc
import importlib
import os
import runpy
import selectors
import signal
import socket
import sys
import threading
import time
from contextlib import ExitStack, suppress
from types import FrameType
from typing import Any, Final

_PRELOADED: Final = (
    "apscheduler.schedulers.background",
    "alibabacloud_aiworkspace20210204.models",
    "alibabacloud_pai_dsw20220101.models",
    "alibabacloud_paistudio20220112.models",
    "darabonba.utils.form",
    "darabonba.utils.stream",
    "darabonba.utils.xml",
    "darabonba.websocket",
    "evals.serving",
    "pai_dsw_mcp.cloud.member_replies",
    "pai_dsw_mcp.cloud.monitoring_replies",
    "pai_dsw_mcp.cloud.replies",
    "pai_dsw_mcp.cloud.write_replies",
    "pai_dsw_mcp.commands.approve",
    "pai_dsw_mcp.commands.audit",
    "pai_dsw_mcp.commands.demo",
    "pai_dsw_mcp.commands.doctor",
    "pai_dsw_mcp.commands.run",
    "pai_dsw_mcp.commands.serve",
    "pai_dsw_mcp.commands.serve_http",
    "pai_emulator.serve",
    "tests.journal.journal_desk",
)
_WHERE_INSTALLED: Final = ("pai_dsw_mcp.journal.postgres", "pai_dsw_mcp.http.exporters")
_READS_THE_ENVIRONMENT: Final = "alibabacloud_credentials"
"""At its import, and so it must not be imported here."""
_SECONDS: Final = 60.0


def preload() -> None:
    for name in _PRELOADED:
        importlib.import_module(name)
    for name in _WHERE_INSTALLED:
        with suppress(ImportError):
            importlib.import_module(name)
    # Servers share the tools that are made.
    app, settings = (importlib.import_module(f"pai_dsw_mcp.{name}") for name in ("app", "settings"))
    app.tools_for(settings.read_settings(["--toolsets=all"], {}))
    assert _READS_THE_ENVIRONMENT not in sys.modules
    assert threading.active_count() == 1
    # A collection would write to all the memory that the processes share.
    gc.collect()
    gc.freeze()


def _wake(number: int, frame: FrameType | None) -> None:
    """What counts is that the descriptor of the wakeup becomes readable."""


class Forks:
    """The processes that run, each with the connection on which its end is told."""

    def __init__(self, listener: socket.socket, stack: ExitStack) -> None:
        self._stack = stack
        self._listener = stack.enter_context(listener)
        self._connections: dict[int, socket.socket] = {}
        # Not one that lives on in the kernel: a child would share it.
        self._selector = stack.enter_context(selectors.PollSelector())
        self._selector.register(listener, selectors.EVENT_READ, self._accept)
        self._selector.register(0, selectors.EVENT_READ, self._end)
        awake, waker = socket.socketpair()
        for each in (awake, waker):
            stack.enter_context(each).setblocking(False)
        self._awake = awake
        self._selector.register(awake, selectors.EVENT_READ, self._reap)
        signal.signal(signal.SIGCHLD, _wake)
        signal.set_wakeup_fd(waker.fileno())

    def serve(self) -> dict[str, Any]:
        """Returns in a child only: what it is to become."""
        while True:
            # One at a time: what it leads to may close what the next one is about.
            for key, _ in self._selector.select()[:1]:
                if (request := key.data()) is not None:
                    return request

    def _accept(self) -> dict[str, Any] | None:
        connection, _ = self._listener.accept()
        if "pai_dsw_mcp" not in sys.modules:
            preload()
        descriptors, line = list[int](), b""
        connection.settimeout(_SECONDS)
        with suppress(OSError):
            _, descriptors, *_ = socket.recv_fds(connection, 1, 3)
            with connection.makefile("rb") as lines:
                line = lines.readline()
        if not line.endswith(b"\n"):
            pid = None
        elif not (pid := os.fork()):
            connection.close()
            self._leave(descriptors)
            return ast.literal_eval(line.decode())
        for descriptor in descriptors:
            os.close(descriptor)
        if pid is None:
            connection.close()
            return None
        self._connections[pid] = connection
        self._selector.register(connection, selectors.EVENT_READ, lambda: self._signal(pid, connection))
        return None

    def _leave(self, descriptors: list[int]) -> None:
        """A child has nothing of the server but what is imported."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for each in self._connections.values():
            each.close()
        self._stack.close()
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
            os.close(descriptor)

    def _signal(self, pid: int, connection: socket.socket) -> None:
        numbers = b""
        with suppress(ConnectionError):
            numbers = connection.recv(16)
        if not numbers:
            self._selector.unregister(connection)
            numbers = bytes([signal.SIGKILL])
        for number in numbers:
            os.kill(pid, number)

    def _reap(self) -> None:
        self._awake.recv(1024)
        for pid, connection in [*self._connections.items()]:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del self._connections[pid]
                with suppress(KeyError):
                    self._selector.unregister(connection)
                # Whoever was killed hears nothing any more.
                with connection, suppress(ConnectionError):
                    connection.sendall(str(os.waitstatus_to_exitcode(status)).encode())

    def _end(self) -> None:
        for pid in self._connections:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        sys.exit()


def become(request: dict[str, Any]) -> None:
    """What an interpreter has done when it begins to run the program, and the program."""
    if request["leads_a_session"]:
        os.setsid()
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        before = getattr(sys, name)
        mode, buffering = ("r" if number == 0 else "w"), (1 if number == 2 else -1)
        stream = open(  # noqa: SIM115  # it lives as long as the process
            number, mode, buffering, encoding=before.encoding, errors=before.errors, closefd=False
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    program, arguments = request["program"], request["arguments"]
    if os.path.basename(program) == "python":  # noqa: PTH119  # as little as possible
        _, module, *arguments = arguments
        sys.path[0] = request["folder"]
        sys.argv[:] = [module, *arguments]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    else:
        sys.path[0] = os.path.dirname(program)  # noqa: PTH120  # as above
        sys.argv[:] = [program, *arguments]
        runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    with ExitStack() as everything:
        asked = Forks(socket.socket(fileno=int(sys.argv[1])), everything).serve()
    become(asked)
