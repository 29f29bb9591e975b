"""Why an instance failed or waits: rules over what the service tells of it.

Live, the reason is often empty and only the events tell; both are searched for the words of Kubernetes and of DSW.
Sources: causes seen by a third party (memory without a unit, mounts, the queue), the documents of Kubernetes (image
pulls, memory, disk), the API's reason codes (no stock).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from pai_dsw_mcp.model.catalogue import EcsSpec
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.tools._past import Past
from pai_dsw_mcp.tools._projection import Projection
from pai_dsw_mcp.tools._render import marked, tell

Certainty: TypeAlias = Literal["likely", "possible"]

_NO_CONTAINER: Final = re.compile(r"fail\w* to (create|start)|OCI runtime|OOMKilled", re.IGNORECASE)
_MOUNT: Final = re.compile(r"FailedMount|MountVolume|mount\w* (of .*)?fail|fail\w* to mount", re.IGNORECASE)
_QUEUE: Final = re.compile(r"queue timeout|lack of sufficient resources", re.IGNORECASE)
_PULL: Final = re.compile(r"ImagePullBackOff|ErrImagePull|Back-?off pulling|fail\w* to pull image", re.IGNORECASE)
_STOCK: Final = re.compile(r"InsufficientResource|sold out|no ?stock", re.IGNORECASE)
_MEMORY: Final = re.compile(r"OOMKilled|out of memory", re.IGNORECASE)
_DISK: Final = re.compile(r"no space left on device|DiskPressure|exceeds its ephemeral", re.IGNORECASE)
_FAILED: Final = frozenset({"Failed", "SaveFailed"})
_OVERDUE: Final = frozenset({"Arrearge", "ArrearStopping"})


class CauseRow(Projection):
    """A cause, what it is concluded from, and what mends it."""

    cause: str
    certainty: Certainty
    because: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an instance; `past` begins with its last start."""

    instance: Instance
    past: Past
    chip: str | None
    spec: EcsSpec | None

    @property
    def has_failed(self) -> bool:
        """Whether its status is a failure."""
        return self.instance.status in _FAILED

    def told_by(self, words: re.Pattern[str]) -> str | None:
        """What tells it in these words: the reason or the events."""
        instance = self.instance
        if words.search(f"{instance.reason_code} {instance.reason_message}"):
            return tell("because_reason")
        texts = (each.text for each in (*self.past.events, *self.past.logs))
        return tell("because_event") if any(map(words.search, texts)) else None


def causes_of(facts: Facts) -> list[CauseRow]:
    """What explains the state, most likely first."""
    found = [cause for rule in _RULES for cause in rule(facts)]
    return sorted(found, key=lambda cause: cause.certainty == "possible")


def _overdue(facts: Facts) -> Iterator[CauseRow]:
    if facts.instance.status in _OVERDUE:
        yield _cause("overdue", tell("because_status"))


def _waits(facts: Facts) -> Iterator[CauseRow]:
    if facts.instance.status == "Queuing":
        since = next((each.since for each in facts.past.statuses if each.status == "Queuing"), None)
        remedy = "waits_on_quota" if facts.instance.resource_id else "waits"
        yield _cause("waits", tell("because_status"), remedy=remedy, since=marked(since or facts.instance.modified_at))


def _memory_without_unit(facts: Facts) -> Iterator[CauseRow]:
    memory = facts.instance.requested_memory or ""
    if facts.has_failed and memory.isdecimal():
        event = facts.told_by(_NO_CONTAINER)
        because = ", ".join(filter(None, (tell("because_memory"), event)))
        yield _cause("memory_without_unit", because, memory=marked(memory))


def _mount_failed(facts: Facts) -> Iterator[CauseRow]:
    if facts.has_failed and (because := facts.told_by(_MOUNT)):
        yield _cause("mount_failed", because)


def _queue_timeout(facts: Facts) -> Iterator[CauseRow]:
    if facts.has_failed and (because := facts.told_by(_QUEUE)):
        quota = facts.instance.resource_id
        remedy = "queue_timeout_quota" if quota else "queue_timeout_spec"
        yield _cause("queue_timeout", because, remedy=remedy, resource_id=marked(quota))


def _image(facts: Facts) -> Iterator[CauseRow]:
    kind, chip, because = facts.instance.accelerator_type, facts.chip, facts.told_by(_PULL)
    if not facts.has_failed:
        return
    if chip and kind and chip != kind:
        where = ", ".join(filter(None, (tell("because_image"), because)))
        yield _cause("chip_mismatch", where, image_chip=chip, spec_chip=kind)
    elif because:
        yield _cause("image_not_pulled", because)


def _sold_out(facts: Facts) -> Iterator[CauseRow]:
    spec, because = facts.spec, facts.told_by(_STOCK)
    if facts.has_failed and because:
        state = "unknown" if spec is None else "again" if spec.is_available else "still"
        yield _cause("sold_out", because, ecs_spec=marked(facts.instance.ecs_spec), now=tell(f"sold_out_{state}"))


def _out_of_memory(facts: Facts) -> Iterator[CauseRow]:
    if because := facts.told_by(_MEMORY):
        yield _cause("out_of_memory", because, certainty="likely" if facts.has_failed else "possible")


def _disk_full(facts: Facts) -> Iterator[CauseRow]:
    if because := facts.told_by(_DISK):
        yield _cause("disk_full", because, certainty="likely" if facts.has_failed else "possible")


_RULES: Final[tuple[Callable[[Facts], Iterator[CauseRow]], ...]] = (
    _overdue,
    _waits,
    _memory_without_unit,
    _mount_failed,
    _image,
    _sold_out,
    _queue_timeout,
    _out_of_memory,
    _disk_full,
)


def _cause(
    key: str, because: str, *, remedy: str | None = None, certainty: Certainty = "likely", **values: object
) -> CauseRow:
    return CauseRow(
        cause=tell(f"cause_{key}", **values),
        certainty=certainty,
        because=because,
        remedy=tell(f"remedy_{remedy or key}", **values),
    )
