"""An emulator in a process of its own, so that the time it takes is not the time of what is measured."""

from types import TracebackType
from typing import Self

from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from pai_emulator.call import User
from pai_emulator.policy import users_from_seed
from tests.support.steering import Steering

REGION = "cn-hangzhou"
ADMIN: User = next(user for user in users_from_seed(0) if user.name == "admin")


class EmulatorProcess:
    """Runs while the `with` block does."""

    def __enter__(self) -> Self:
        self._process = EmbeddedEmulator().start()
        self.url = self._process.url
        self.steering = Steering(self.url, self._process.control_key)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._process.stop()
