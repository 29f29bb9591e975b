"""Why an instance failed or waits: rules over what the service tells of it.

Live, the reason is often empty and only the events tell; both are searched for the words of Kubernetes and of DSW.
Sources: causes seen by a third party (memory without a unit, mounts, the queue), the documents of Kubernetes (image
pulls, memory, disk), the API's reason codes (no stock).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from pai_dsw_mcp.model.catalogue import EcsSpec
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.quota import memory_without_unit
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.model.scrub import scrub_log
from pai_dsw_mcp.model.snapshot import Snapshot
from pai_dsw_mcp.texts.render import for_quota
from pai_dsw_mcp.tools._checks import Chip
from pai_dsw_mcp.tools._instance_rows import NOT_PULLED, image_shown
from pai_dsw_mcp.tools._past import Past
from pai_dsw_mcp.tools._projection import Projection
from pai_dsw_mcp.tools._render import marked, tell

Certainty: TypeAlias = Literal["likely", "possible"]

_NO_CONTAINER: Final = re.compile(r"fail\w* to (create|start)|OCI runtime|OOMKilled", re.IGNORECASE)
_MOUNT: Final = re.compile(r"FailedMount|MountVolume|mount\w* (of .*)?fail|fail\w* to mount", re.IGNORECASE)
_QUEUE: Final = re.compile(r"queue timeout|lack of sufficient resources", re.IGNORECASE)
_STOCK: Final = re.compile(r"InsufficientResource|sold out|no ?stock", re.IGNORECASE)
_NO_ROOM: Final = re.compile(f"{_QUEUE.pattern}|{_STOCK.pattern}", re.IGNORECASE)
"""On a quota there is no spec that could be sold out."""
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
    """What is known of an instance; `past` begins with its last start, `snapshots` with the newest."""

    instance: Instance
    past: Past
    chip: Chip | None
    spec: EcsSpec | None
    snapshots: Sequence[Snapshot]

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
        yield _cause(facts, "overdue", tell("because_status"))


def _waits(facts: Facts) -> Iterator[CauseRow]:
    if facts.instance.status == "Queuing":
        since = next((each.since for each in facts.past.statuses if each.status == "Queuing"), None)
        yield _cause(facts, "waits", tell("because_status"), since=marked(since or facts.instance.modified_at))


def _memory_without_unit(facts: Facts) -> Iterator[CauseRow]:
    memory = memory_without_unit(facts.instance)
    if facts.has_failed and memory:
        event = facts.told_by(_NO_CONTAINER)
        because = ", ".join(filter(None, (tell("because_memory"), event)))
        yield _cause(facts, "memory_without_unit", because, memory=marked(memory))


def _mount_failed(facts: Facts) -> Iterator[CauseRow]:
    if facts.has_failed and (because := facts.told_by(_MOUNT)):
        yield _cause(facts, "mount_failed", because)


def _queue_timeout(facts: Facts) -> Iterator[CauseRow]:
    words = _NO_ROOM if facts.instance.resource_id else _QUEUE
    if facts.has_failed and (because := facts.told_by(words)):
        yield _cause(facts, "queue_timeout", because, resource_id=marked(facts.instance.resource_id))


def _image(facts: Facts) -> Iterator[CauseRow]:
    kind, chip, because = facts.instance.accelerator_type, facts.chip, facts.told_by(NOT_PULLED)
    if not facts.has_failed:
        return
    if chip and chip.is_not_for(kind):
        where = ", ".join(filter(None, (tell("because_image"), because)))
        yield _cause(facts, "chip_mismatch", where, image_says=chip.told, spec_chip=kind)
    elif because:
        yield _cause(facts, "image_not_pulled", because, image=image_shown(facts.instance))


def _sold_out(facts: Facts) -> Iterator[CauseRow]:
    spec, because = facts.spec, facts.told_by(_STOCK)
    if facts.has_failed and because and not facts.instance.resource_id:
        state = "unknown" if spec is None else "again" if spec.is_available else "still"
        yield _cause(
            facts, "sold_out", because, ecs_spec=marked(facts.instance.ecs_spec), now=tell(f"sold_out_{state}")
        )


def _save_failed(facts: Facts) -> Iterator[CauseRow]:
    failed = next((each for each in facts.snapshots if each.status == "Failed"), None)
    if failed is not None:
        reason = ": ".join(filter(None, (failed.reason_code, failed.reason_message)))
        yield _cause(
            facts,
            "save_failed",
            tell("because_snapshot"),
            snapshot_name=marked(sanitize(failed.snapshot_name)),
            reason=marked(scrub_log(reason)) if reason else tell("save_failed_no_reason"),
        )


def _out_of_memory(facts: Facts) -> Iterator[CauseRow]:
    if because := facts.told_by(_MEMORY):
        yield _cause(facts, "out_of_memory", because, certainty="likely" if facts.has_failed else "possible")


def _disk_full(facts: Facts) -> Iterator[CauseRow]:
    if because := facts.told_by(_DISK):
        yield _cause(facts, "disk_full", because, certainty="likely" if facts.has_failed else "possible")


_RULES: Final[tuple[Callable[[Facts], Iterator[CauseRow]], ...]] = (
    _overdue,
    _waits,
    _save_failed,
    _memory_without_unit,
    _mount_failed,
    _image,
    _sold_out,
    _queue_timeout,
    _out_of_memory,
    _disk_full,
)


def _cause(facts: Facts, key: str, because: str, *, certainty: Certainty = "likely", **values: object) -> CauseRow:
    remedy = f"remedy_{key}"
    return CauseRow(
        cause=tell(f"cause_{key}", **values),
        certainty=certainty,
        because=because,
        remedy=tell(for_quota(remedy) if facts.instance.resource_id else remedy, **values),
    )
