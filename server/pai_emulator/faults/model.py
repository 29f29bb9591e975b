"""Ways in which the emulator can be told to misbehave, and how often.

A `RequestFault` affects single requests, a `Condition` holds until it is cleared.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Field, NonNegativeFloat, NonNegativeInt, PositiveInt

from pai_emulator.assumptions import assumptions, check_alternative
from pai_emulator.types import JsonObject

Damage: TypeAlias = Literal[
    "truncated", "wrong_types", "success_false", "null", "missing_total", "wrong_case", "empty", "huge"
]


@dataclass(frozen=True, kw_only=True)
class RequestFault:
    """Affects requests for `operation` in `region_id` (None: any), after letting `after` of them pass.

    It affects `times` requests and is spent; None means until the faults are cleared.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    operation: str | None = None
    region_id: str | None = None
    times: PositiveInt | None = 1
    after: NonNegativeInt = 0


@dataclass(frozen=True, kw_only=True)
class Throttle(RequestFault):
    """`Throttling.User`. `retry_after` (seconds) and `x_acs_retry_after` (milliseconds) become headers if given."""

    kind: Literal["throttle"] = "throttle"
    status: Literal[400, 429] = 429
    retry_after: NonNegativeInt | None = None
    x_acs_retry_after: NonNegativeInt | None = None


@dataclass(frozen=True, kw_only=True)
class ServerError(RequestFault):
    """A 5xx in the gateway's JSON, or as an HTML page; with `applied`, after the operation took effect."""

    kind: Literal["server_error"] = "server_error"
    status: Annotated[int, Field(ge=500, le=599)] = 500
    html: bool = False
    applied: bool = False


@dataclass(frozen=True, kw_only=True)
class Reset(RequestFault):
    """The connection is reset before anything happens."""

    kind: Literal["reset"] = "reset"


@dataclass(frozen=True, kw_only=True)
class LostReply(RequestFault):
    """The operation takes effect and the connection ends without a reply; with `reset`, by a TCP reset."""

    kind: Literal["lost_reply"] = "lost_reply"
    reset: bool = False


@dataclass(frozen=True, kw_only=True)
class Delay(RequestFault):
    """The operation takes effect at once and its reply comes `seconds` later, by the real or the emulator's clock."""

    kind: Literal["delay"] = "delay"
    seconds: NonNegativeFloat
    unit: Literal["real", "emulator"] = "real"


@dataclass(frozen=True, kw_only=True)
class DamagedReply(RequestFault):
    """The operation takes effect and its 200 reply is not what a client may expect."""

    kind: Literal["damaged_reply"] = "damaged_reply"
    damage: Damage


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Holds in `region_id` (None: everywhere) until the faults are cleared."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    region_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class ListLag(Condition):
    """What was created stays out of ListInstances and ListWorkspaces for `seconds` of emulator time."""

    kind: Literal["list_lag"] = "list_lag"
    seconds: NonNegativeFloat


@dataclass(frozen=True, kw_only=True)
class SoldOut(Condition):
    """There is no stock of `ecs_spec`."""

    kind: Literal["sold_out"] = "sold_out"
    ecs_spec: str


@dataclass(frozen=True, kw_only=True)
class MountFails(Condition):
    """An instance that mounts `source`, which is a DatasetId or a Uri, fails to start."""

    kind: Literal["mount_fails"] = "mount_fails"
    source: str


@dataclass(frozen=True, kw_only=True)
class SystemLogs(Condition):
    """ListSystemLogs is there; where a third party looked, it was not."""

    kind: Literal["system_logs"] = "system_logs"


@dataclass(frozen=True, kw_only=True)
class PrivateOnly(Condition):
    """ListInstances without `Accessibility` holds PRIVATE instances only; the documents leave it open."""

    kind: Literal["private_only"] = "private_only"


@dataclass(frozen=True, kw_only=True)
class NotActivated(Condition):
    """PAI is not activated: ListProducts says that `PAI_share` is not bought. What exists there stays."""

    kind: Literal["not_activated"] = "not_activated"


@dataclass(frozen=True, kw_only=True)
class AutoStopNeedsRunning(Condition):
    """Idle rules and timers are refused until the instance runs; no document says whether they are."""

    kind: Literal["auto_stop_needs_running"] = "auto_stop_needs_running"


@dataclass(frozen=True, kw_only=True)
class SaveFails(Condition):
    """An environment that begins to be saved ends in SaveFailed, and its snapshot in Failed."""

    kind: Literal["save_fails"] = "save_fails"


@dataclass(frozen=True, kw_only=True)
class DropsUpdates(Condition):
    """UpdateInstance, UpdateWorkspace and UpdateConfigs say yes and change nothing, as seen of unknown fields."""

    kind: Literal["drops_updates"] = "drops_updates"


@dataclass(frozen=True, kw_only=True)
class Assume(Condition):
    """An alternative of `assumptions.toml` is played; ValueError where there is no such one."""

    kind: Literal["assume"] = "assume"
    id: str
    value: str

    def __post_init__(self) -> None:
        check_alternative(self.id, self.value)


_SAME: dict[tuple[str, str], Condition] = {
    ("list-lag", "minutes"): ListLag(seconds=120),
    ("list-visibility", "private"): PrivateOnly(),
    ("auto-stop-from", "running"): AutoStopNeedsRunning(),
    ("system-logs", "there"): SystemLogs(),
}
"""Alternatives that are conditions of their own."""

Fault: TypeAlias = Annotated[
    Throttle
    | ServerError
    | Reset
    | LostReply
    | Delay
    | DamagedReply
    | ListLag
    | SoldOut
    | MountFails
    | PrivateOnly
    | NotActivated
    | SystemLogs
    | AutoStopNeedsRunning
    | SaveFails
    | DropsUpdates
    | Assume,
    Field(discriminator="kind"),
]
"""Any fault; read from JSON by its `kind`."""


class Faults:
    """The faults that are switched on, oldest first; the alternatives of `assume` (id: value) stay on."""

    def __init__(self, assume: Mapping[str, str] | None = None) -> None:
        self._always = [_condition(Assume(id=name, value=value)) for name, value in (assume or {}).items()]
        self._conditions: list[Condition] = [*self._always]
        self._request_faults: list[RequestFault] = []
        self._seen: list[int] = []

    def add(self, *faults: Fault) -> None:
        """Switch faults on."""
        for fault in faults:
            if isinstance(fault, Condition):
                self._conditions.append(_condition(fault))
            else:
                self._request_faults.append(fault)
                self._seen.append(0)

    def clear(self) -> None:
        """Switch every fault off."""
        self._conditions = [*self._always]
        self._request_faults.clear()
        self._seen.clear()

    def for_request(self, operation: str, region_id: str) -> tuple[RequestFault, ...]:
        """Count one request and return the faults that affect it."""
        return tuple(
            fault
            for position, fault in enumerate(self._request_faults)
            if fault.operation in {None, operation}
            and fault.region_id in {None, region_id}
            and self._is_due(position, fault)
        )

    def _is_due(self, position: int, fault: RequestFault) -> bool:
        self._seen[position] += 1
        turn = self._seen[position] - fault.after
        return turn > 0 and (fault.times is None or turn <= fault.times)

    def list_lag(self, region_id: str) -> float:
        """For how many emulator seconds an instance or workspace that was created is not listed in the region."""
        return max((c.seconds for c in self._conditions if isinstance(c, ListLag) and _holds(c, region_id)), default=0)

    def is_sold_out(self, region_id: str, ecs_spec: str) -> bool:
        """Whether a spec was declared sold out in the region."""
        return any(isinstance(c, SoldOut) and c.ecs_spec == ecs_spec and _holds(c, region_id) for c in self._conditions)

    def is_mount_failing(self, region_id: str, mounts: list[JsonObject]) -> bool:
        """Whether one of these mounts was declared to fail in the region."""
        sources = {mount.get(name) for mount in mounts for name in ("DatasetId", "Uri")}
        return any(isinstance(c, MountFails) and c.source in sources and _holds(c, region_id) for c in self._conditions)

    def has_system_logs(self, region_id: str) -> bool:
        """Whether ListSystemLogs is there in the region."""
        return any(isinstance(c, SystemLogs) and _holds(c, region_id) for c in self._conditions)

    def lists_private_only(self, region_id: str) -> bool:
        """Whether a list without `Accessibility` leaves PUBLIC instances out in the region."""
        return any(isinstance(c, PrivateOnly) and _holds(c, region_id) for c in self._conditions)

    def is_activated(self, region_id: str) -> bool:
        """Whether PAI is activated in the region."""
        return not any(isinstance(c, NotActivated) and _holds(c, region_id) for c in self._conditions)

    def auto_stop_needs_running(self, region_id: str) -> bool:
        """Whether an instance that does not run gets no idle rule and no timer in the region."""
        return any(isinstance(c, AutoStopNeedsRunning) and _holds(c, region_id) for c in self._conditions)

    def save_fails(self, region_id: str) -> bool:
        """Whether saving an environment fails in the region."""
        return any(isinstance(c, SaveFails) and _holds(c, region_id) for c in self._conditions)

    def drops_updates(self, region_id: str) -> bool:
        """Whether updates of instances and workspaces have no effect in the region."""
        return any(isinstance(c, DropsUpdates) and _holds(c, region_id) for c in self._conditions)

    def assumed(self, region_id: str, assumption_id: str) -> str | None:
        """The alternative that was chosen last for the region; None where it is the default."""
        chosen = [c for c in reversed(self._conditions) if isinstance(c, Assume) and _holds(c, region_id)]
        value = next((c.value for c in chosen if c.id == assumption_id), None)
        return None if value == assumptions()[assumption_id].plays else value

    def to_json(self) -> list[JsonObject]:
        """The faults that are switched on; one that affects requests also says how many it has `seen`."""
        conditions = [asdict(condition) for condition in self._conditions]
        counted = zip(self._request_faults, self._seen, strict=True)
        return [*conditions, *({**asdict(fault), "seen": seen} for fault, seen in counted)]


def _condition(condition: Condition) -> Condition:
    same = _SAME.get((condition.id, condition.value)) if isinstance(condition, Assume) else None
    return condition if same is None else replace(same, region_id=condition.region_id)


def _holds(condition: Condition, region_id: str) -> bool:
    return condition.region_id in {None, region_id}
