"""The routes under `/_emulator/`, by which a test or a demo steers the emulator; they need the control key."""

import hmac
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, NonNegativeFloat, NonNegativeInt, PositiveInt, ValidationError

from pai_emulator.app import App
from pai_emulator.clock import rfc3339
from pai_emulator.errors import ApiError
from pai_emulator.faults.model import Fault
from pai_emulator.message import Reply, Request, json_reply
from pai_emulator.types import JsonObject

PREFIX = "/_emulator/"
KEY_HEADER = "x-emulator-key"


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Page(_Arguments):
    after: NonNegativeInt = 0


class _FaultChange(_Arguments):
    clear: bool = False
    faults: list[Fault] = []


class _Advance(_Arguments):
    advance: NonNegativeFloat = 0


class _Generate(_Arguments):
    count: PositiveInt
    region_id: str


class _Visit(_Arguments):
    instance_id: str | None = None
    set: JsonObject = {}
    generate: _Generate | None = None


class Control:
    """Answers control requests about one app, each with a JSON object."""

    def __init__(self, app: App, key: str) -> None:
        self._app = app
        self._key = key.encode()
        self._routes: dict[tuple[str, str], Callable[[Request], JsonObject]] = {
            ("GET", PREFIX + "journal"): self._journal,
            ("POST", PREFIX + "faults"): self._faults,
            ("POST", PREFIX + "clock"): self._clock,
            ("POST", PREFIX + "state"): self._state,
            ("POST", PREFIX + "reset"): self._reset,
        }

    def answer(self, request: Request) -> Reply:
        """403 without the key, 404 for an unknown route, 400 for arguments that do not fit."""
        if not hmac.compare_digest(request.headers.get(KEY_HEADER, "").encode(), self._key):
            return _problem(403, f"the header {KEY_HEADER} does not carry the control key")
        route = self._routes.get((request.method, request.path))
        if route is None:
            return _problem(404, f"no control route {request.method} {request.path}")
        try:
            return json_reply(200, route(request))
        except ValidationError as error:
            return _problem(400, str(error))
        except ApiError as error:
            return _problem(error.status, error.message)

    def _journal(self, request: Request) -> JsonObject:
        """The entries, or those after the sequence number `after`."""
        page = _Page.model_validate(request.query)
        return {"entries": self._app.journal.to_json(page.after)}

    def _faults(self, request: Request) -> JsonObject:
        """Switch all faults off (`clear`), then the given ones on; answer with those that are on."""
        change = _FaultChange.model_validate_json(request.body)
        if change.clear:
            self._app.faults.clear()
        self._app.faults.add(*change.faults)
        return {"faults": self._app.faults.to_json()}

    def _clock(self, request: Request) -> JsonObject:
        """Move the emulator's time forward by `advance` seconds; answer with the time it is."""
        self._app.clock.advance(_Advance.model_validate_json(request.body).advance)
        return {"now": rfc3339(self._app.clock.now())}

    def _state(self, request: Request) -> JsonObject:
        """Read an instance, overwrite any of its fields (`set`), or `generate` many; nothing of it is journaled."""
        visit = _Visit.model_validate_json(request.body)
        world = self._app.world
        if visit.generate is not None:
            return {"instance_ids": world.generate_instances(visit.generate.region_id, visit.generate.count)}
        if visit.instance_id is None:
            return world.snapshot()
        return {"instance": world.overwrite_instance(visit.instance_id, visit.set)}

    def _reset(self, _request: Request) -> JsonObject:
        """Back to the start."""
        self._app.reset()
        return {}


def _problem(status: int, message: str) -> Reply:
    return json_reply(status, {"error": message})
