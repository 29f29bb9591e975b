"""Ports for programs that have to be told a number."""

import os
import socket
from collections.abc import Iterator
from itertools import count
from typing import Final

_LANES: Final = 120
# Below what the system gives to those who take any port (Linux: from 32768): one that only was free before could be
# somebody else's by the time its program listens. Processes that run together have numbers of their own.
_PORTS: Final[Iterator[int]] = count(20_000 + os.getpid() % _LANES * 100)


def fixed_port() -> int:
    """A port on which nothing listens, and which nothing else is given while its program starts."""
    for port in _PORTS:
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
    raise AssertionError
