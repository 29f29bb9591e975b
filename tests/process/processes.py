"""The two commands as processes, in a world of their own: no keys, proxies or home of whoever runs the tests."""

import json
import os
import subprocess
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self, TypeAlias

from tests.support.programs import BIN, INSTALLED
from tests.support.steering import Steering

SERVER: Final = str(BIN / "pai-dsw-mcp")
INSTALLED_SERVER: Final = str(INSTALLED / "pai-dsw-mcp")
EMULATOR: Final = str(BIN / "pai-emulator")
DEADLINE: Final = 120.0
"""Seconds; only a busy machine needs many of them."""

Message: TypeAlias = dict[str, Any]


def environment(home: Path, **variables: str) -> dict[str, str]:
    """Everything that a process finds in its environment."""
    return {"PATH": f"{INSTALLED}:/usr/bin:/bin", "HOME": str(home), **variables}


def measured_environment(home: Path, **variables: str) -> dict[str, str]:
    """The same for a process whose coverage counts: those alone that run lines which no test in this process can.

    Measuring doubles the time of a process, so of several that run the same lines one is measured.
    """
    coverage = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
    return environment(home, **coverage, **variables)


def run(
    home: Path, *arguments: str, command: str = SERVER, measured: bool = True, **variables: str
) -> subprocess.CompletedProcess[str]:
    """A process with nothing on its stdin, to its end."""
    return subprocess.run(
        [command, *arguments],
        env=(measured_environment if measured else environment)(home, **variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


def private(folder: Path) -> Path:
    """The folder, made for one user alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@dataclass(frozen=True, slots=True)
class RunningEmulator:
    """What a `pai-emulator` said of itself."""

    url: str
    control_key: str
    began_at: str
    users: list[dict[str, Any]]

    @property
    def steering(self) -> Steering:
        return Steering(self.url, self.control_key)

    @property
    def keys(self) -> dict[str, str]:
        """The user with every right, in the variables in which the vendor's chain looks first."""
        return {
            "ALIBABA_CLOUD_ACCESS_KEY_ID": self.users[0]["access_key_id"],
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": self.users[0]["access_key_secret"],
        }


@contextmanager
def running_emulator(home: Path, *arguments: str) -> Generator[RunningEmulator]:
    """A `pai-emulator` that ends with the block."""
    with subprocess.Popen(
        [EMULATOR, "--port", "0", *arguments], env=environment(home), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield RunningEmulator(**json.loads(process.stdout.readline()))
        finally:
            process.terminate()


@dataclass
class ServerProcess:
    """One `pai-dsw-mcp`, and every line that it wrote. Calls may come from several threads."""

    arguments: Sequence[str]
    env: dict[str, str]
    command: str = SERVER
    cwd: Path | None = None
    lines: list[str] = field(default_factory=list[str])
    errors: list[str] = field(default_factory=list[str])
    notifications: list[Message] = field(default_factory=list[Message])
    answer: Callable[[Message], Message] | None = None
    """What becomes of a request of the server to its client."""

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            [self.command, *self.arguments],
            env=self.env,
            cwd=self.cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._waiting: dict[int, Future[Message]] = {}
        self._turn = threading.Lock()
        self._readers = [threading.Thread(target=read) for read in (self._read, self._read_errors)]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def send(self, line: str | Message) -> None:
        """Writes one line, whatever it says."""
        assert self.process.stdin is not None
        with self._turn:
            self.process.stdin.write((line if isinstance(line, str) else json.dumps(line)) + "\n")
            self.process.stdin.flush()

    def begin(self, method: str, params: Message) -> Future[Message]:
        """Sends a request; the answer, a whole JSON-RPC message, comes later. Cancelled when the process ends."""
        with self._turn:
            number = len(self._waiting) + 1
            self._waiting[number] = Future()
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return self._waiting[number]

    def ask(self, method: str, params: Message) -> Message:
        """Sends a request and waits for the answer."""
        return self.begin(method, params).result(DEADLINE)

    def kill(self) -> None:
        """kill -9, and gone."""
        self.process.kill()
        self._gone()

    def stop(self) -> int:
        """Ends as clients end it: by the end of its input. Returns the exit code."""
        if self.process.stdin is not None and not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            return self.process.wait(DEADLINE)
        finally:
            self.kill()

    def _gone(self) -> None:
        self.process.wait(DEADLINE)
        for reader in self._readers:
            reader.join(DEADLINE)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            # Nobody is left to read what may still be buffered.
            with suppress(BrokenPipeError):
                stream.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            message: Message = json.loads(line)
            waiting = self._waiting.get(message.get("id") or 0)
            if "method" not in message:
                # Errors about lines that were no requests come with no id, or with somebody else's.
                if waiting is not None and not waiting.done():
                    waiting.set_result(message)
            elif "id" not in message:
                self.notifications.append(message)
            elif self.answer is not None:
                self.send({"jsonrpc": "2.0", "id": message["id"], "result": self.answer(message)})
        for each in self._waiting.values():
            each.cancel()

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        self.errors.extend(self.process.stderr)
