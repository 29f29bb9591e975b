"""From request to reply: find the operation, check who asks, apply the faults, run the handler, keep the journal."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import cast

from pai_emulator import alternatives, errors, policy
from pai_emulator.call import Call, User
from pai_emulator.clock import Clock, rfc3339
from pai_emulator.exchange import Exchange
from pai_emulator.faults.effects import deliver, hold, prevent
from pai_emulator.faults.model import Faults
from pai_emulator.journal import Journal, without_secrets
from pai_emulator.message import Disconnect, Reply, Request
from pai_emulator.old_signing import parameters_of
from pai_emulator.recorded import Replay
from pai_emulator.routes import Operation, RouteTable, locate
from pai_emulator.signing import Verifier
from pai_emulator.types import JsonObject
from pai_emulator.world import World


class App:
    """The two products behind one entry, apart from any HTTP server.

    `make_world` builds the world as it is at the start; `reset` builds it again.
    """

    def __init__(
        self,
        operations: Iterable[Operation],
        make_world: Callable[[], World],
        clock: Clock,
        faults: Faults,
        users: tuple[User, ...],
        seed: int,
        replay: Replay | None = None,
    ) -> None:
        self.clock = clock
        self.faults = faults
        self.journal = Journal()
        self.world = make_world()
        self._replay = replay or Replay()
        self._routes = RouteTable(operations)
        self._make_world = make_world
        self._verifier = Verifier(users)
        self._seed = seed
        self._requests = 0

    def reset(self) -> None:
        """Back to the start: the clock, the world, no faults, no journal, no nonces, the first request id."""
        self.clock.restart()
        self.faults.clear()
        self.world = self._make_world()
        self.journal.clear()
        self._verifier.forget()
        self._replay.restart()
        self._requests = 0

    def answer(self, request: Request) -> Reply | Disconnect:
        """Carry a request out and say what to send; every request leaves an entry in the journal."""
        exchange = Exchange(request, self._next_request_id(), without_secrets(request.query))
        try:
            return self._carry_out(exchange)
        except errors.ApiError as error:
            return exchange.refuse(error)
        finally:
            self.journal.add(exchange.entry(len(self.journal) + 1, rfc3339(self.clock.now())))

    def _next_request_id(self) -> str:
        self._requests += 1
        digest = hashlib.blake2b(f"{self._seed}/{self._requests}".encode(), digest_size=16).digest()
        return str(uuid.UUID(bytes=digest, version=4)).upper()

    def _carry_out(self, exchange: Exchange) -> Reply | Disconnect:
        request = exchange.request
        product, region_id = exchange.product, exchange.region_id = locate(request)
        asked = parameters_of(request) if product == "sts" else request.query
        action = request.headers.get("x-acs-action") or asked.get("Action")
        route = self._routes.match(product, request.method, request.path, action)
        exchange.operation = route and route[0].name
        exchange.user = user = self.world.with_policy(self._verifier.verify(request, self.world.sessions))
        if route is None or action not in {None, route[0].name}:
            raise errors.action_not_found()
        operation, path = route
        body = {} if product == "sts" else _decode(request.body)
        exchange.parameters = without_secrets({**path, **asked, **body})
        recorded = self._replay.next(operation.name)
        if recorded is not None:
            return exchange.play(recorded)
        call = Call(user, region_id, product, operation.name, path, asked, body)
        faults = self.faults.for_request(operation.name, region_id)
        answer = prevent(exchange, faults)
        if answer is None:
            answer = deliver(exchange, faults, self._run(exchange, operation, call))
        return replace(answer, hold=hold(faults))

    def _run(self, exchange: Exchange, operation: Operation, call: Call) -> Reply:
        try:
            policy.authorize(operation.action, call, self.world.points_of(call))
            body = operation.handler(self.world, alternatives.asked(self.faults, call))
            return exchange.succeed(alternatives.shown(self.faults, call, body), operation.without)
        except errors.ApiError as error:
            return exchange.refuse(alternatives.refused(self.faults, call, error))


def _decode(body: bytes) -> JsonObject:
    """The JSON object of a request; an empty body stands for one without fields."""
    if not body:
        return {}
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise errors.malformed_body()
    return cast("JsonObject", value)
