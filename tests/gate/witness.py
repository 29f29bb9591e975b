"""What persons said, against what the emulator received: the promise of the gate, checked from outside."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from pai_emulator.journal import Entry

VALID_SECONDS: Final = 600.0
DEADLINE_SECONDS: Final = 40.0
SETTLE_SECONDS: Final = 600.0
TITLES: Final = {
    "CreateInstance": "Create instance",
    "UpdateInstance": "Update instance",
    "StartInstance": "Start instance",
    "StopInstance": "Stop instance",
}
_WHERE: Final = ("Instance: ", "Region: ", "Workspace: ")
_ADDRESS: Final = {"InstanceId", "InstanceName", "WorkspaceId", "RegionId"}


@dataclass(slots=True)
class Yes:
    """A person's yes, with the words they said it to."""

    text: str
    step: int

    @property
    def reference(self) -> str:
        return reference_in(self.text)


@dataclass(slots=True)
class Sent:
    """A write that the emulator received, at the time of the server."""

    entry: Entry
    time: float

    @property
    def target(self) -> str:
        return self.entry.parameters.get("InstanceId", "") or f"name:{self.entry.parameters['InstanceName']}"

    @property
    def is_unknown(self) -> bool:
        """Whether the server cannot know what became of it."""
        said_no = (
            self.entry.status is not None
            and 400 <= self.entry.status < 500
            and self.entry.status not in (408, 409, 429)
        )
        return not (said_no or (self.entry.outcome == "applied" and self.entry.status == 200))


@dataclass(slots=True)
class Witness:
    """Keeps the record of persons, and holds every write against it."""

    asked_at: dict[str, float] = field(default_factory=dict[str, float])
    asked_in: dict[str, int] = field(default_factory=dict[str, int])
    newest: dict[str, int] = field(default_factory=dict[str, int])
    yeses: list[Yes] = field(default_factory=list[Yes])
    noes: dict[str, int] = field(default_factory=dict[str, int])
    step: int = 0
    created: int = 0
    sent: list[Sent] = field(default_factory=list[Sent])
    names: dict[str, str] = field(default_factory=dict[str, str])
    touched: dict[str, float] = field(default_factory=dict[str, float])

    def asked(self, text: str, time: float) -> None:
        """Puts a question on record, and in which step its words were last asked under a new reference."""
        reference = reference_in(text)
        if reference not in self.asked_at:
            self.asked_at[reference] = time
            self.asked_in[reference] = self.newest[words_of(text)] = self.step

    def yes(self, text: str) -> None:
        """Counts, unless a no was said in an earlier step; within a step nobody can tell who was first."""
        if self.noes.get(reference_in(text), self.step) == self.step:
            self.yeses.append(Yes(text, self.step))

    def no(self, text: str) -> None:
        """Ends the yes that nothing was sent with."""
        reference = reference_in(text)
        self.noes.setdefault(reference, self.step)
        self.yeses = [each for each in self.yeses if each.reference != reference or each.step == self.step]

    def edited(self, instance_id: str, time: float) -> None:
        """Somebody else changed an instance: what holds of it has to be found out anew."""
        self.touched[instance_id] = time

    def received(self, entries: Iterable[Entry], time: float, made: Sequence[str]) -> None:
        """Holds the writes of one step, in the order of their arrival, against the record.

        `made` has the ids of the instances that were created, in order.
        """
        for entry in entries:
            write = Sent(entry, time)
            self._was_allowed(write)
            self._takes_a_free_name(write, made)
            self._repeats_nothing_unknown(write)
            self.sent.append(write)
        # The same words are asked anew only once the question before is over, and its yes with it.
        self.yeses = [each for each in self.yeses if self.asked_in[each.reference] >= self.newest[words_of(each.text)]]
        self.step += 1

    def _was_allowed(self, write: Sent) -> None:
        fitting = [each for each in self.yeses if says_exactly(each.text, write.entry)]
        assert fitting, f"no yes for exactly this: {write.entry}\n{[each.text for each in self.yeses]}"
        in_time = [each for each in fitting if write.time - self.asked_at[each.reference] <= VALID_SECONDS]
        assert in_time, f"the yes had ended: {write.entry}"
        # Which of several was used cannot be seen from outside: the one that ends first leaves most to later writes.
        self.yeses.remove(min(in_time, key=lambda each: self.asked_at[each.reference]))

    def _takes_a_free_name(self, write: Sent, made: Sequence[str]) -> None:
        name = write.entry.parameters.get("InstanceName")
        target = write.entry.parameters.get("InstanceId")
        if name is None:
            return
        owner = self.names.get(name)
        assert owner in (None, target), f"{name} already belongs to {owner}: {write.entry}"
        if write.entry.applied:
            if target is None:
                target = made[self.created]
                self.created += 1
            self.names = {known: its for known, its in self.names.items() if its != target}
            self.names[name] = target

    def _repeats_nothing_unknown(self, write: Sent) -> None:
        mine = [each for each in self.sent if each.target == write.target]
        if not mine or not mine[-1].is_unknown:
            return
        last = mine[-1]
        if write.target.startswith("name:") and last.entry.applied:
            # It was found, and if the name was free again, it was given away since.
            return
        patience = SETTLE_SECONDS if write.target.startswith("name:") else DEADLINE_SECONDS
        is_same = last.entry.operation == write.entry.operation
        was_edited = self.touched.get(write.target, -1.0) >= last.time
        assert not is_same or was_edited or write.time - last.time > patience, f"sent again: {write.entry}"


def reference_in(text: str) -> str:
    """The code of the question."""
    return text.rpartition(": ")[2]


def words_of(text: str) -> str:
    """What a yes covers: the write, its target and its values, not who pays, who asks, or what it is remarked with."""
    return "\n".join(
        line for number, line in enumerate(text.splitlines()) if number == 0 or line.startswith((*_WHERE, "- "))
    )


def says_exactly(text: str, entry: Entry) -> bool:
    """Whether these words announce this write: every value that was sent, and no other."""
    lines = text.splitlines()
    said = {_value(line) for line in lines if line.startswith("- ")}
    sent = {name: value for name, value in entry.parameters.items() if name not in _ADDRESS}
    renamed = entry.operation == "UpdateInstance" and "InstanceName" in entry.parameters
    expected = {one for value in sent.values() for one in _told(value)}
    expected |= {entry.parameters["InstanceName"]} if renamed else set[str]()
    address = " ".join(line for line in lines if line.startswith(_WHERE))
    named = [str(entry.parameters[name]) for name in ("InstanceId", "WorkspaceId") if name in entry.parameters]
    named += [] if renamed or "InstanceName" not in entry.parameters else [entry.parameters["InstanceName"]]
    is_there = all(
        re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", address) for each in [*named, str(entry.region_id)]
    )
    return lines[0] == TITLES[str(entry.operation)] and said == expected and is_there


def _value(line: str) -> str:
    """What will be, without what was and without the mark of a default."""
    value = line.partition(": ")[2].removesuffix(" (default)")
    return value if line.startswith("- Dataset mount: ") and " -> /" in value else value.rpartition(" -> ")[2]


def _told(value: Any) -> list[str]:
    if value is True:
        return ["true"]
    if isinstance(value, list):
        return [_label(row) for row in cast("list[dict[str, str]]", value)]
    return [str(value)]


def _label(row: dict[str, str]) -> str:
    key, value = (each if re.fullmatch(r"[\w.:/*-]+", each, re.ASCII) else f'"{each}"' for each in row.values())
    return f"{key}={value}"
