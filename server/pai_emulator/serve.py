"""The emulator as one object: on a background thread with a loop of its own, or on the running loop."""

import asyncio
import secrets
import threading
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pai_emulator.app import App
from pai_emulator.call import User
from pai_emulator.clock import Clock, VirtualClock
from pai_emulator.control import PREFIX, Control
from pai_emulator.faults.model import Faults
from pai_emulator.fixture import load_fixture, read_fixture
from pai_emulator.http_server import HttpServer
from pai_emulator.journal import Journal
from pai_emulator.message import Disconnect, Reply, Request
from pai_emulator.operations import OPERATIONS
from pai_emulator.policy import users_from_seed
from pai_emulator.recorded import Replay
from pai_emulator.world import World


class Emulator:
    """The two PAI APIs on a loopback port.

    `with` and `start`/`stop` run it on a background thread, `async with` and `open`/`close` on the running loop.
    The same `seed` gives the same users, keys and ids. The clock is a virtual one unless another is given. `fixture`
    is a file with the world to begin with; raises `FixtureError` or OSError where it cannot be used. `assume` has the
    alternatives of `assumptions.toml` to play, ids with values; ValueError where there is no such one. `tls` makes the
    address that of HTTPS, and `proxy_port` (0 takes a free one) opens an HTTPS proxy beside it: `ca_file` has the
    authority to trust.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        clock: Clock | None = None,
        fixture: Path | None = None,
        assume: Mapping[str, str] | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: bool = False,
        proxy_port: int | None = None,
    ) -> None:
        self.url = ""
        self.proxy_url = ""
        self.ca_file: Path | None = None
        self.control_key = secrets.token_urlsafe(24)
        self.clock: Clock = clock or VirtualClock()
        self.users: tuple[User, ...] = users_from_seed(seed)
        self._seed = seed
        self._fixture = None if fixture is None else read_fixture(fixture)
        of_fixture = {} if self._fixture is None else self._fixture.assume
        self.faults = Faults({**of_fixture, **(assume or {})})
        replay = Replay(() if self._fixture is None else self._fixture.recorded)
        self._app = App(OPERATIONS, self._make_world, self.clock, self.faults, self.users, seed, replay)
        self._control = Control(self._app, self.control_key)
        self._server = HttpServer(self._answer, self.clock)
        self._address = host, port
        self._is_tls = tls
        self._proxy_port = proxy_port
        self._opened = AsyncExitStack()
        self._background: _LoopThread | None = None

    @property
    def world(self) -> World:
        """The world as it is now; `reset` puts another in its place."""
        return self._app.world

    @property
    def journal(self) -> Journal:
        """Every request so far, control requests left out."""
        return self._app.journal

    def user(self, name: str) -> User:
        """The test user of that name: `admin`, `developer` or `viewer`; raises KeyError for another."""
        return {user.name: user for user in self.users}[name]

    def _make_world(self) -> World:
        world = World(self.clock, self._seed, self.faults)
        if self._fixture is not None:
            # A copy, because the world changes what it holds.
            load_fixture(world, self._fixture.model_copy(deep=True))
        return world

    async def open(self) -> None:
        """Serve on the running loop; raises OSError where a port is taken."""
        async with AsyncExitStack() as opened:
            opened.push_async_callback(self._server.stop)
            if self._is_tls or self._proxy_port is not None:
                await self._open_secured(opened)
            else:
                self.url = await self._server.start(*self._address)
            self._opened = opened.pop_all()

    async def _open_secured(self, opened: AsyncExitStack) -> None:
        # Few need certificates, and what makes them takes a tenth of the time that a start takes.
        from pai_emulator.proxy import Proxy  # noqa: PLC0415
        from pai_emulator.tls import Tls  # noqa: PLC0415

        tls = Tls()
        opened.callback(tls.close)
        self.ca_file = tls.ca_file
        self.url = await self._server.start(*self._address, tls.context if self._is_tls else None)
        if self._proxy_port is not None:
            proxy = Proxy(tls.context, self._server.protocol)
            self.proxy_url = await proxy.start(self._address[0], self._proxy_port)
            opened.push_async_callback(proxy.stop)

    async def close(self) -> None:
        """Stop serving on the running loop."""
        await self._opened.aclose()

    def start(self) -> None:
        """Serve on a background thread; returns when the port is open, raises OSError where it is taken."""
        self._background = _LoopThread()
        try:
            self._background.run(self.open())
        except OSError:
            self._background.end()
            raise

    def stop(self) -> None:
        """Stop serving and end the background thread."""
        if self._background is not None:
            self._background.run(self.close())
            self._background.end()
            self._background = None

    def reset(self) -> None:
        """Back to the start, between two requests: clock, world, faults, journal, nonces and ids."""
        if self._background is None:
            self._app.reset()
        else:
            self._background.run(self._reset())

    async def _reset(self) -> None:
        self._app.reset()

    def _answer(self, request: Request) -> Reply | Disconnect:
        entry = self._control if request.path.startswith(PREFIX) else self._app
        return entry.answer(request)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _tb: TracebackType | None
    ) -> None:
        await self.close()


class _LoopThread:
    """A daemon thread that runs an event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._main, name="pai-emulator", daemon=True)
        self._thread.start()

    def _main(self) -> None:
        # The runner cancels what is left at the end, such as replies held back for clients that have gone.
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._wait())

    async def _wait(self) -> None:
        await self._ended.wait()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Do the work on the thread's loop and wait for it; raises what it raises."""
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def end(self) -> None:
        """Stop the loop and wait for the thread."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()
