"""A person who runs verify-cloud --with-writes over an emulator."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from pai_dsw_mcp.app import build_services
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.cloud.recording import Recording
from pai_dsw_mcp.commands.probes import Reader
from pai_dsw_mcp.commands.verify_cloud import examine
from pai_dsw_mcp.commands.verify_terms import Terms
from pai_dsw_mcp.commands.verify_writes import Written, write_pass
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings
from pai_emulator.assumptions import assumptions
from pai_emulator.serve import Emulator

REGION: Final = "cn-hangzhou"
IMAGE_URL: Final = "team-registry.cn-hangzhou.cr.aliyuncs.com/vision/verify:v1"
MEASURED: Final = {
    ("stop-from", "running"),
    ("changes-while-running", "none"),
    ("mounts-while-running", "refused"),
    ("auto-stop-from", "running"),
    ("snapshot-life-cycle", "Running"),
}
"""What other tests do not run lines of."""
ALTERNATIVES: Final = [
    (name, value)
    for name, each in assumptions().items()
    for value in each.alternatives
    # It shows on a quota alone, which is not there for a pass to take from.
    if value != each.plays and name != "memory-without-unit"
]

WRITES: Final = [
    "CreateInstance",
    "CreateInstanceShutdownTimer",
    "CreateInstance",
    "StopInstance",
    "StopInstance",
    "StartInstance",
    "UpdateInstance",
    "UpdateInstance",
    "UpdateInstance",
    "CreateInstanceSnapshot",
    "StopInstance",
]


BY_WRITES: Final = {
    *("auto-stop-from", "list-lag", "taken-name", "stop-from", "changes-while-running", "mounts-while-running"),
}


class Killed(BaseException):
    """The process is gone: from then on it sends nothing."""


def yes(terms: Terms) -> Terms:
    return replace(terms, image_url=IMAGE_URL)


def just_what_shows(name: str) -> Callable[[Terms], Terms]:
    """A yes to no more than this assumption needs: waiting is what takes the time."""

    if name == "mounts-while-running":
        return lambda terms: terms
    return lambda terms: little(yes(terms) if name == "snapshot-life-cycle" else terms)


def little(terms: Terms) -> Terms:
    """What is no more than needed for most."""
    return replace(terms, dataset=None)


def in_an_account(terms: Terms) -> Terms:
    """The same, told as it is where it costs money."""
    return replace(little(terms), is_emulated=False)


def saving(terms: Terms) -> Terms:
    return little(yes(terms))


def no(terms: Terms) -> Terms:
    raise RefusedError("verify_declined")


@dataclass
class Terminal:
    """One run of the command over an emulator whose clock moves when the command waits."""

    emulator: Emulator
    folder: Path
    agree: Callable[[Terms], Terms] = little
    killed_after: int | None = None
    waits: float = 3.0
    drifts: float = 0.0
    at_wait: Callable[[], None] = lambda: None
    recording: Recording | None = None
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list[tuple[str, dict[str, Any]]])
    terms: list[Terms] = field(default_factory=list[Terms])

    def now(self) -> float:
        if len(writes(self.emulator)) == 3:
            self.emulator.clock.advance(self.drifts)
        return self.emulator.clock.now().timestamp()

    async def sleep(self, seconds: float) -> None:
        if self.killed_after is not None and len(writes(self.emulator)) >= self.killed_after:
            raise Killed
        self.at_wait()
        # Fewer looks than a person would wait for: they are what takes the time.
        self.emulator.clock.advance(self.waits * seconds)

    def tell(self, key: str, **values: Any) -> None:
        self.told.append((key, values))

    def ask(self, terms: Terms) -> Terms:
        self.terms.append(terms)
        return self.agree(terms)

    async def write(self, reader: Reader) -> Written:
        settings = Settings(state_dir=self.folder, endpoint=self.emulator.url, approve="terminal", **self.settings)
        journal = Journal(settings.journal_path, now=self.now, elapsed=lambda: 0.0)
        services = build_services(settings, reader.cloud, journal, now=self.now, sleep=self.sleep)
        try:
            return await write_pass(services, reader, self.ask)
        finally:
            journal.close()

    async def run(self, **options: Any) -> dict[str, Any]:
        user = self.emulator.user("admin")
        key = (user.access_key_id, user.access_key_secret)
        chosen = CloudOptions(endpoint=self.emulator.url, test_access_key=key, **options)
        return await examine(
            chosen,
            REGION,
            gap=0.0,
            tell=self.tell,
            now=self.now,
            sleep=self.sleep,
            write=self.write,
            recording=self.recording,
        )


def writes(emulator: Emulator) -> list[str]:
    return [str(entry.operation) for entry in emulator.journal.entries if entry.write]


def running(emulator: Emulator) -> list[str]:
    now = emulator.clock.now()
    instances = emulator.world.region(REGION).instances.values()
    return [each.name for each in instances if each.status(now) not in {"Stopped", "Failed"}]


def why(found: dict[str, Any]) -> dict[str, str]:
    return {row["assumption"]: row["why"] for row in found["findings"] if row["assumption"] in BY_WRITES}


def not_seen(found: dict[str, Any]) -> dict[str, str]:
    return {row["assumption"]: row["why"] for row in found["findings"] if not row["seen"]}
