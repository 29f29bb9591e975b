"""The command `pai-emulator`: serve the two PAI APIs on loopback until told to stop."""

import argparse
import asyncio
import contextlib
import errno
import ipaddress
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pai_emulator.assumptions import check_alternative
from pai_emulator.clock import RealClock, rfc3339
from pai_emulator.fixture import FixtureError
from pai_emulator.serve import Emulator
from pai_emulator.types import JsonObject

_LAST_PORT: Final = 65_535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: 0 when stopped, 1 where it cannot serve, 2 for wrong use."""
    options = _parse(arguments)
    began_at = datetime.now(UTC)
    clock = RealClock(options.speed, began_at)
    try:
        emulator = Emulator(
            seed=options.seed,
            clock=clock,
            fixture=options.fixture,
            assume=dict(options.assume),
            host=options.host,
            port=options.port,
            tls=options.tls,
            proxy_port=options.proxy,
        )
    except (FixtureError, OSError) as error:
        sys.stderr.write(f"pai-emulator: {error}\n")
        return 2
    try:
        asyncio.run(_serve(emulator, began_at, exit_with_parent=options.exit_with_parent))
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, str(error))
        sys.stderr.write(
            f"pai-emulator: It cannot listen on {options.host} ({reason}). Name another --port (or --proxy), or 0 for a"
            " free one.\n"
        )
        return 1
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="pai-emulator",
        description="A stand-in for the PAI DSW and AIWorkSpace APIs; prints its address and test keys as a JSON line.",
    )
    parser.add_argument("--host", type=_loopback, default="127.0.0.1", help="loopback address (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=0, help="0 takes a free one (default: %(default)s)")
    parser.add_argument(
        "--tls", action="store_true", help="speak HTTPS; the line names the authority to trust (default: off)"
    )
    parser.add_argument(
        "--proxy",
        type=_port,
        nargs="?",
        const=0,
        metavar="PORT",
        help="also be an HTTPS proxy, which answers for the cloud's hosts and forwards nothing (default: off)",
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="the same seed gives the same keys and ids (default: %(default)s)"
    )
    parser.add_argument(
        "--fixture", type=Path, metavar="FILE", help="the world to begin with (default: the built-in one)"
    )
    parser.add_argument(
        "--speed",
        type=_positive,
        default=1.0,
        metavar="X",
        help="emulator seconds per real second (default: %(default)s)",
    )
    parser.add_argument(
        "--assume",
        type=_alternative,
        action="append",
        default=[],
        metavar="ID=VALUE",
        help="play another alternative of an assumption; may be repeated (default: those of the README)",
    )
    parser.add_argument("--exit-with-parent", action="store_true", help="stop when standard input ends (default: off)")
    return parser.parse_args(arguments)


def _loopback(text: str) -> str:
    with contextlib.suppress(ValueError):
        if text == "localhost" or ipaddress.ip_address(text).is_loopback:
            return text
    message = f"{text} is not a loopback address"
    raise argparse.ArgumentTypeError(message)


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) <= _LAST_PORT):
        message = f"{text} is not a port: give a number from 0 to {_LAST_PORT}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _alternative(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    try:
        check_alternative(name, value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return name, value


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        message = f"{text} is not a positive number"
        raise argparse.ArgumentTypeError(message)
    return value


async def _serve(emulator: Emulator, began_at: datetime, *, exit_with_parent: bool) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, stopped.set)
    async with emulator:
        _announce(emulator, began_at)
        if exit_with_parent:
            threading.Thread(target=stop_at_end_of, args=(0, loop, stopped), daemon=True).start()
        await stopped.wait()


def _announce(emulator: Emulator, began_at: datetime) -> None:
    shown = ("name", "access_key_id", "access_key_secret", "rights")
    users = [{name: getattr(user, name) for name in shown} for user in emulator.users]
    line: JsonObject = {
        "url": emulator.url,
        "control_key": emulator.control_key,
        "began_at": rfc3339(began_at),
        "users": users,
    }
    if emulator.ca_file is not None:
        line |= {"ca_file": str(emulator.ca_file)}
    if emulator.proxy_url:
        line |= {"proxy": emulator.proxy_url}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def stop_at_end_of(descriptor: int, loop: asyncio.AbstractEventLoop, stopped: asyncio.Event) -> None:
    """Read a pipe to its end, then set `stopped` on its loop."""
    # The descriptor itself: a thread that holds sys.stdin's lock at exit would abort the interpreter.
    while os.read(descriptor, 4096):
        pass
    # A signal may have ended the loop first.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(stopped.set)


if __name__ == "__main__":
    sys.exit(main())
