"""The emulator of `--emulator`: a child process that lives exactly as long as this one."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class TestUser:
    """A user of the emulator; the keys are made up and worth nothing."""

    name: str
    access_key_id: str
    access_key_secret: str

    @property
    def access_key(self) -> tuple[str, str]:
        """Id and secret."""
        return self.access_key_id, self.access_key_secret

    def as_environment(self) -> dict[str, str]:
        """The variables in which the vendor's credential chain looks first."""
        return {
            "ALIBABA_CLOUD_ACCESS_KEY_ID": self.access_key_id,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": self.access_key_secret,
        }


class EmbeddedEmulator:
    """Starts `pai-emulator` on a free loopback port; `start` returns at once, `url` waits for the port."""

    def __init__(self, *, speed: float = 1.0) -> None:
        self._speed = speed
        self._arguments = ["--port", "0", "--speed", str(speed), "--exit-with-parent"]
        self._process: subprocess.Popen[bytes] | None = None
        self._announced: Mapping[str, Any] | None = None
        self._began = 0.0

    def start(self) -> Self:
        """Starts the child, once. It ends when its stdin, which we hold open, is closed."""
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603  # our own module, with arguments from here
                [sys.executable, "-m", "pai_emulator", *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # Ctrl-C of a terminal is for us: what we still have to end needs the emulator.
                start_new_session=True,
            )
        return self

    @property
    def url(self) -> str:
        """Where it answers."""
        return str(self._first_line()["url"])

    @property
    def control_key(self) -> str:
        """The key of its control routes."""
        return str(self._first_line()["control_key"])

    @property
    def user(self) -> TestUser:
        """The user with every right."""
        first: Mapping[str, Any] = self._first_line()["users"][0]
        return TestUser(first["name"], first["access_key_id"], first["access_key_secret"])

    def time_at(self, moment: float) -> float:
        """Which time it is, or was, in the emulator at this moment of the clock; both in seconds since the epoch."""
        began_at = datetime.fromisoformat(self._first_line()["began_at"]).timestamp()
        # Its clock is monotonic too, and so this stays right where the clock of the machine is set.
        now = began_at + (time.monotonic() - self._began) * self._speed
        return now - (time.time() - moment) * self._speed

    def _first_line(self) -> Mapping[str, Any]:
        if self._announced is None:
            self.start()
            assert self._process is not None  # noqa: S101  # start() made it
            assert self._process.stdout is not None  # noqa: S101  # it was asked for
            announced: Mapping[str, Any] = json.loads(self._process.stdout.readline())
            age = time.time() - datetime.fromisoformat(announced["began_at"]).timestamp()
            self._began, self._announced = time.monotonic() - age, announced
        return self._announced

    def stop(self) -> None:
        """Ends it and waits until it is gone."""
        if self._process is not None:
            self._process.terminate()
            self._process.communicate()
            self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
