"""Harmless reads that show how the service behaves where nobody knows it, at most a dozen of them a minute.

What they find is a word of `assumptions.toml` or status and code of a reply: nothing that the account holds.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias, cast

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.operations import is_id
from pai_dsw_mcp.cloud.raw import Seen, look
from pai_dsw_mcp.errors import CloudError, ErrorKind

Sure: TypeAlias = Literal["certain", "likely", "not seen"]
Why: TypeAlias = Literal[
    "",
    "no_answer",
    "refused",
    "no_instances",
    "no_public",
    "no_denial",
    "no_restart",
    "no_save",
    "no_place",
    "save_refused",
    "no_time",
    "failed",
    "no_new_instance",
    "no_dataset",
    "no_other_spec",
    "no_bare_memory",
    "not_reached",
]

Tell: TypeAlias = Callable[..., None]
"""Shows a person the text of a key, with its values."""

GAP: Final = 5.0
"""Seconds between two requests."""
_INSTANCES: Final = "/api/v2/instances"
_EVERYWHERE: Final = {"WorkspaceId": "ALL", "ResourceId": "ALL"}
_LOOKED_AT: Final = 3
_CUT: Final = 50
"""Rows of the smallest page that the service may cut a larger one to."""
_MISSING: Final = {
    "unknown-instance": ("GetInstance", f"{_INSTANCES}/dsw-0000000000000000"),
    "unknown-workspace": ("GetWorkspace", "/api/v1/workspaces/1"),
    "unknown-image": ("GetImage", "/api/v1/images/image-00000000000000000000"),
    "unknown-dataset": ("GetDataset", "/api/v1/datasets/d-00000000000000000000"),
    "unknown-quota": ("GetQuota", "/api/v1/quotas/quota00000000000000"),
}
"""Ids that nobody has."""
READS: Final = 7 + 2 * _LOOKED_AT + len(_MISSING)
"""Requests of `probe`, at most: four lists for the page and two for visibility, the logs, and what is looked at."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen of one assumption: an alternative of it, another outcome, or nothing, and then `why`."""

    assumption: str
    seen: str = ""
    sure: Sure = "not seen"
    why: Why = ""


@dataclass(slots=True)
class Reader:
    """Sends the reads at a steady pace and keeps their outcomes."""

    cloud: Cloud
    region_id: str
    now: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    gap: float
    tell: Tell
    reads_left: int = 0
    outcomes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    denials: list[Seen] = field(default_factory=list[Seen])
    _last: float | None = None

    async def read(self, operation: str, path: str, **query: object) -> Seen | None:
        """One read; None where nothing came back that tells something.

        Raises:
            CloudError: Not even the first one was answered.
        """
        await self.pace()
        if self.reads_left:
            self.reads_left -= 1
            self.tell("verify_read", operation=operation, left=self.reads_left)
        texts = {name: str(value) for name, value in query.items()}
        try:
            seen = await look(self.cloud, self.region_id, operation, path, texts)
        except CloudError as error:
            if not self.outcomes:
                raise
            if error.kind is ErrorKind.REFUSED:
                # By this program: it lies outside of the workspaces that are allowed.
                return Seen(0, is_denied=True)
            self.outcomes.append((operation, "no answer"))
            return None
        finally:
            # Of the last attempt, where there were several.
            self._last = self.now()
        self.outcomes.append((operation, seen.outcome))
        if not seen.tells:
            return None
        if seen.is_denied and path.startswith("/api/v2/"):
            self.denials.append(seen)
        return seen

    async def pace(self) -> None:
        """Waits until the next request may be sent."""
        if self._last is not None:
            await self.sleep(max(0.0, self._last + self.gap - self.now()))

    def note(self, operation: str, outcome: str) -> None:
        """The answer to a request that was sent by other means."""
        self.outcomes.append((operation, outcome))
        self._last = self.now()

    async def instances(self, **query: object) -> Seen | None:
        """ListInstances, over all workspaces and quotas unless narrowed."""
        return await self.read("ListInstances", _INSTANCES, **{**_EVERYWHERE, **query})


async def probe(reader: Reader, instance_id: str, not_saved: Why) -> list[Finding]:
    """Every finding, one for each assumption that reading can settle.

    `instance_id` is what was made for it, if any; `not_saved` is why its environment was not saved.
    """
    reader.reads_left = READS
    pace = "verify_begins" if reader.gap else "verify_begins_unpaced"
    reader.tell(pace, reads=READS, gap=round(reader.gap), seconds=round(READS * reader.gap))
    first, hundred = [await reader.instances(PageSize=size) for size in (10, 100)]
    allows = reader.cloud.options.allows
    rows, more_rows = [
        [row for row in _rows(each, "Instances") if allows(row.get("WorkspaceId"))] for each in (first, hundred)
    ]
    findings = [await _largest_page(reader, hundred), await _visibility(reader, first)]
    findings += [_reasons(rows), _memory(more_rows or rows), await _logs(reader)]
    findings += await _life_cycles(reader, [instance_id, *(str(row.get("InstanceId", "")) for row in rows)], not_saved)
    for assumption, (operation, path) in _MISSING.items():
        seen = await reader.read(operation, path)
        if seen is None or seen.is_denied:
            findings.append(Finding(assumption, why="refused" if seen else "no_answer"))
        else:
            findings.append(Finding(assumption, seen.outcome, "certain"))
    return [*findings, _denial(reader)]


async def _largest_page(reader: Reader, hundred: Seen | None) -> Finding:
    name = "largest-page"
    if hundred is None:
        return Finding(name, why="no_answer")
    if hundred.status != 200:
        fifty = await reader.instances(PageSize=50)
        return Finding(name, "50", "certain") if fifty and fifty.status == 200 else Finding(name, why="refused")
    count, total = len(_rows(hundred, "Instances")), _total(hundred)
    if count < min(100, total):
        return Finding(name, "cut-to-50" if count == _CUT else "cut", "certain")
    more = await reader.instances(PageSize=101)
    if more is None:
        return Finding(name, why="no_answer")
    if more.status != 200:
        return Finding(name, "100", "certain")
    if len(_rows(more, "Instances")) < min(101, total):
        return Finding(name, "cut", "certain")
    return Finding(name, "more", "certain") if total > _CUT else await _longest_list(reader, name)


async def _longest_list(reader: Reader, name: str) -> Finding:
    """From a list that is longer than that of the instances, and perhaps cut in the same way."""
    specs = await reader.read("ListEcsSpecs", "/api/v2/ecsspecs", AcceleratorType="CPU", PageSize=100)
    count, total = len(_rows(specs, "EcsSpecs")), _total(specs)
    if total <= _CUT:
        return Finding(name, "answered", "likely")
    return Finding(name, "more" if count >= min(100, total) else "cut-to-50" if count == _CUT else "cut", "likely")


async def _visibility(reader: Reader, first: Seen | None) -> Finding:
    name = "list-visibility"
    each = [await reader.instances(PageSize=10, Accessibility=kind) for kind in ("PUBLIC", "PRIVATE")]
    if first is None or None in each:
        return Finding(name, why="no_answer")
    everything, public, private = map(_total, (first, *each))
    if not public:
        return Finding(name, why="no_public")
    known = {public + private: "all", private: "private"}
    return Finding(name, known.get(everything, "other"), "certain")


def _reasons(rows: Sequence[Mapping[str, Any]]) -> Finding:
    shapes = {_shape(row) for row in rows} - {"given"}
    if not shapes:
        return Finding("no-reason", why="no_instances")
    return Finding("no-reason", shapes.pop() if len(shapes) == 1 else "mixed", "certain")


def _shape(row: Mapping[str, Any]) -> str:
    if "ReasonCode" not in row:
        return "absent"
    return {None: "null", "": "empty"}.get(row["ReasonCode"], "given")


def _memory(rows: Sequence[Mapping[str, Any]]) -> Finding:
    """From what became of instances on a quota whose memory somebody gave without a unit."""
    name = "memory-without-unit"
    bare = [row for row in rows if row.get("ResourceId") and _is_bare(row.get("RequestedResource"))]
    if any(row.get("Status") == "Running" or row.get("AccumulatedRunningTimeInMs") for row in bare):
        return Finding(name, "GiB", "likely")
    if any(row.get("Status") == "Failed" and not row.get("ReasonCode") for row in bare):
        return Finding(name, "fails", "likely")
    return Finding(name, why="no_bare_memory")


def _is_bare(share: object) -> bool:
    memory = cast("dict[str, object]", share).get("Memory") if isinstance(share, dict) else None
    return isinstance(memory, str) and memory.isdecimal()


async def _logs(reader: Reader) -> Finding:
    seen = await reader.read("ListSystemLogs", "/api/v2/systemlogs")
    if seen is None or seen.is_denied:
        return Finding("system-logs", why="refused" if seen else "no_answer")
    known = {"200": "there", "404 InvalidAction.NotFound": "absent"}
    return Finding("system-logs", known.get(seen.outcome, seen.outcome), "certain")


async def _life_cycles(reader: Reader, instance_ids: Iterable[str], not_saved: Why) -> list[Finding]:
    """From what happened to the newest instances before; it shows no more than that."""
    starts: set[str] = set()
    saves: set[str] = set()
    for instance_id in [each for each in dict.fromkeys(instance_ids) if is_id("instance_id", each)][:_LOOKED_AT]:
        path = f"{_INSTANCES}/{instance_id}"
        past = await reader.read("GetLifecycle", f"{path}/lifecycle", Order="ASC")
        saved = await reader.read("ListInstanceSnapshot", f"{path}/snapshots")
        sessions = _statuses(past)
        starts |= {_start(session) for session in sessions[1:]}
        if _rows(saved, "Snapshots") and sessions:
            saves.add("Saving" if any("Saving" in session for session in sessions) else "Running")
    return [
        _past("status-after-start", starts - {""}, ("Stopped", "ResourceAllocating", "Starting"), "no_restart"),
        _past("snapshot-life-cycle", saves, ("Saving", "Running"), not_saved),
    ]


def _start(session: Sequence[str]) -> str:
    """With which status a start began; a Stopped alone is one that was shown for a moment longer."""
    known = {"Stopped", "ResourceAllocating", "Starting"} if len(session) == 1 else {"ResourceAllocating", "Starting"}
    return session[0] if session[0] in known else ""


def _past(name: str, seen: set[str], order: Sequence[str], why: Why) -> Finding:
    return next((Finding(name, each, "likely") for each in order if each in seen), Finding(name, why=why))


def _denial(reader: Reader) -> Finding:
    if not reader.denials:
        return Finding("dsw-denial", why="no_denial")
    return Finding("dsw-denial", reader.denials[0].code, "certain")


def _total(seen: Seen | None) -> int:
    total = seen.body.get("TotalCount") if seen else None
    return total if isinstance(total, int) else 0


def _rows(seen: Seen | None, name: str) -> list[Mapping[str, Any]]:
    """The objects of a list in a reply, which may be anything."""
    return _objects(seen.body.get(name)) if seen else []


def _statuses(seen: Seen | None) -> list[list[str]]:
    """The statuses of each session of a life cycle, which may be anything."""
    sessions = seen.body.get("Lifecycle") if seen else None
    rows = [_objects(session) for session in cast("list[object]", sessions if isinstance(sessions, list) else [])]
    return [[str(row.get("Status")) for row in session] for session in rows if session]


def _objects(found: object) -> list[Mapping[str, Any]]:
    listed = cast("list[object]", found) if isinstance(found, list) else []
    return [cast("Mapping[str, Any]", each) for each in listed if isinstance(each, dict)]
