"""update_labels: adds, changes and removes labels of an instance; nothing is sent for what is so already."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from pai_dsw_mcp.approval.quoting import quoted
from pai_dsw_mcp.errors import InputError
from pai_dsw_mcp.gate.outcome import WriteResult, nothing_to_do
from pai_dsw_mcp.gate.plan import Plan, Proposal
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.model.change import Meaning, Parameter, Sentence
from pai_dsw_mcp.model.instance import Label
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.model.snapshot import ChangedLabels, RemovedLabels
from pai_dsw_mcp.model.writes import UPDATE_LABELS, Request
from pai_dsw_mcp.texts.render import render, say
from pai_dsw_mcp.tools._arguments import InstanceId, Labels, NumberAsText, RegionId, WantedLabel, labels_of
from pai_dsw_mcp.tools._checks import change_of
from pai_dsw_mcp.tools._projection import mask_label
from pai_dsw_mcp.tools._tool import StrictTool, writing_tool


def _check_key(key: str) -> str:
    if "," in key:
        raise ValueError(say("label_key_comma"))
    return WantedLabel(key=key).key


Keys = Annotated[
    list[Annotated[str, NumberAsText, AfterValidator(_check_key)]],
    Field(max_length=10, description="Keys to remove."),
]


@dataclass(frozen=True, slots=True)
class _Relabel:
    services: Services
    region_id: str
    instance_id: str
    wanted: tuple[Label, ...]
    unwanted: tuple[str, ...]

    async def look(self) -> Proposal | WriteResult:
        """Reads the labels there are.

        Raises:
            CloudError: The instance could not be read.
        """
        instance = await self.services.cloud.get_instance(self.region_id, self.instance_id)
        before = {label.key: label.value for label in instance.labels}
        changed = tuple(label for label in self.wanted if before.get(label.key) != label.value)
        removed = tuple(key for key in self.unwanted if key in before)
        absent = tuple(_absent(key, before) for key in self.unwanted if key not in before)
        if not changed and not removed:
            key = "labels_absent" if absent else "labels_equal"
            return nothing_to_do(key, instance, after="".join(f" {render(_quoted(each))}" for each in absent))
        set_labels, remove_labels = UPDATE_LABELS.requests
        ids = {"instance_id": self.instance_id}
        requests: list[Request] = []
        if changed:
            requests.append(Request(set_labels, ChangedLabels(labels=changed), ids))
        if removed:
            requests.append(Request(remove_labels, RemovedLabels(label_keys=",".join(removed)), ids))
        change = change_of(
            UPDATE_LABELS,
            instance,
            seen=None,
            parameters=_shown(before, changed, removed),
            meanings=_meanings(before, removed),
            warnings=absent,
        )
        return Proposal(change, tuple(requests))


def _absent(key: str, present: Iterable[str]) -> Sentence:
    """That there is no label with this key; one whose key looks the same, but for its spaces, is named."""
    near = [each for each in present if sanitize(each) == sanitize(key)]
    if near:
        return Sentence(key="warn_label_absent_near", values={"label": key, "near": near[0]})
    return Sentence(key="warn_label_absent", values={"label": key})


def _quoted(sentence: Sentence) -> Sentence:
    return Sentence(key=sentence.key, values={name: quoted(value) for name, value in sentence.values.items()})


def _shown(before: dict[str, str], changed: tuple[Label, ...], removed: tuple[str, ...]) -> tuple[Parameter, ...]:
    """Each label that changes beside what it is now, then those that are new, then the keys that go."""
    replaced = [
        Parameter(
            name="Labels",
            value=((label.key, label.value),),
            before=((label.key, mask_label(label.key, before[label.key])),),
        )
        for label in changed
        if label.key in before
    ]
    new = tuple((label.key, label.value) for label in changed if label.key not in before)
    added = [Parameter(name="Labels", value=new)] if new else []
    gone = [Parameter(name="LabelKeys", value=tuple((key,) for key in removed))] if removed else []
    return (*replaced, *added, *gone)


def _meanings(before: dict[str, str], removed: tuple[str, ...]) -> dict[str, Meaning]:
    """The values that go with their keys."""
    return {
        key: (Sentence(key="meaning_label_now", values={"value": mask_label(key, before[key])}),)
        for key in removed
        if before[key]
    }


async def update_labels(
    context: ToolContext,
    region_id: RegionId,
    instance_id: InstanceId,
    labels: Labels | None = None,
    remove: Keys | None = None,
) -> Plan:
    """Add, change and remove labels of an instance in one change; a person has to approve it.

    Labels that are not named stay.
    """
    wanted, unwanted = labels_of(labels), tuple(sorted(set(remove or ())))
    if not wanted and not unwanted:
        raise InputError("nothing_asked_labels")
    keys = [label.key for label in wanted]
    for key in keys:
        if key in unwanted or keys.count(key) > 1:
            raise InputError("label_twice", label=quoted(key))
    wish = _Relabel(services_of(context), region_id, instance_id, wanted, unwanted)
    return Plan(region_id=region_id, target_id=instance_id, look=wish.look)


def tools() -> list[StrictTool]:
    """The tool of this file."""
    return [writing_tool(update_labels, title="Change labels of an instance", destructive=False)]
