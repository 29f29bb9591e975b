"""What a question says: the action, the values that will be sent, and prices, each where a person looks for it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

from evals.records import Question, Request

Fact: TypeAlias = tuple[str, str]
"""A field under the API's name, and its value as it is written."""

ACTIONS: Final = {
    "CreateInstance": ("Create instance", "创建实例"),
    "UpdateInstance": ("Update instance", "更新实例"),
    "StartInstance": ("Start instance", "启动实例"),
    "StopInstance": ("Stop instance", "停止实例"),
}
"""By which words a person knows what a question is about, in English and Chinese."""
OPERATION_LABEL: Final = "pai-dsw-mcp-op="
"""The label by which the server knows its own request; it differs each time the same is asked."""

_LABELS: Final = {
    "RegionId": ("Region", "地域"),
    "WorkspaceId": ("Workspace", "工作空间"),
    "InstanceId": ("Instance ID", "实例 ID"),
    "InstanceName": ("Instance name", "实例名称"),
    "EcsSpec": ("Machine type", "计算规格"),
    "ImageId": ("Image", "镜像"),
    "ImageUrl": ("Image address", "镜像地址"),
    "Accessibility": ("Visible to", "可见范围"),
    "UserVpc": ("Network", "专有网络"),
    "Datasets": ("Dataset mount", "数据集挂载"),
    "DisassociateDatasets": ("Remove all dataset mounts", "移除全部数据集挂载"),
    "Labels": ("Label", "标签"),
    "StartInstance": ("Start afterwards", "更新后启动"),
}
_FIELD_OF: Final = {word: field for field, words in _LABELS.items() for word in words}
_INSTANCE: Final = ("Instance", "实例")
_WHERE: Final = {"Region": "RegionId", "地域": "RegionId", "Workspace": "WorkspaceId", "工作空间": "WorkspaceId"}
_PLACE: Final = re.compile(r"(Instance|实例|Region|地域|Workspace|工作空间)(?:: |：)(.+)")
_SENT: Final = re.compile(r"- (.+?)(?:: |：)(.*)")
_ROW: Final = re.compile(rf"({'|'.join(map(re.escape, sorted(_FIELD_OF, key=len, reverse=True)))}|\w+) (\w+)(?: (.*))?")
"""A row of the page: in words, as the API has it, and the value."""
_DEFAULT: Final = re.compile(r" (?:\((?:default|默认)\)|(?:default|默认))$")
_WORD: Final = re.compile(r"[A-Za-z0-9_.:/*\-]+")
"""What is shown as it is; anything else stands in quotation marks."""
_ARROW: Final = re.compile(r" ?(?:->|→) ?")
_SEVERAL: Final = frozenset({"Datasets", "Labels"})
_VPC: Final = ("VpcId", "VSwitchId", "SecurityGroupId")


@dataclass(frozen=True, slots=True)
class Reading:
    """The operations that stand in the place of the title, where it will happen, and what will be sent."""

    operations: tuple[str, ...]
    where: frozenset[Fact]
    sent: frozenset[Fact]


def about(question: Question) -> frozenset[Fact]:
    """By which two questions about the same change are known, at whichever channel and in whichever words."""
    said = reading(question)
    if not said.operations:
        return frozenset({("", question.text)})
    facts = said.where | said.sent
    # A form says by name where an instance is, a page shows what is sent: of an instance that exists, its id is enough.
    by_id = {"InstanceName", "WorkspaceId"} if any(field == "InstanceId" for field, _ in facts) else set[str]()
    told = {fact for fact in said.where if fact[0] not in by_id}
    sent = {(field, value) for field, value in said.sent if not value.startswith(OPERATION_LABEL)}
    return frozenset({("", operation) for operation in said.operations} | told | sent)


def reading(question: Question) -> Reading:
    """What a question says. Words that stand anywhere else say nothing."""
    lines = question.text.splitlines()
    where: set[Fact] = set()
    sent: set[Fact] = set()
    for line in lines:
        if question.channel == "page":
            sent.update(_row(line))
        else:
            where.update(_place(line))
            sent.update(_sent(line))
    return Reading(tuple(_operations(question, lines)), frozenset(where), frozenset(sent))


def _operations(question: Question, lines: list[str]) -> Iterator[str]:
    """In a form the first line is the title; on a page, and among other words in a chat, a line of its own."""
    titles = lines[:1] if question.channel == "form" else lines
    for operation, words in ACTIONS.items():
        for title in titles:
            begins = question.channel == "page" and any(title.startswith(f"{word} ") for word in words)
            if begins or title in words:
                yield operation


def _place(line: str) -> Iterator[Fact]:
    """`Instance: name · id`, `Region: name · id`, `Workspace: name · id`."""
    found = _PLACE.fullmatch(line)
    if found is None:
        return
    name, *identifier = found[2].split(" · ")
    if found[1] not in _INSTANCE:
        yield _WHERE[found[1]], (identifier or [name])[-1]
        return
    yield "InstanceName", name
    yield from (("InstanceId", each) for each in identifier[-1:])


def _sent(line: str) -> Iterator[Fact]:
    """`- Machine type: before -> after (default)`."""
    found = _SENT.fullmatch(line)
    if found is not None:
        field = _FIELD_OF.get(found[1], found[1])
        yield field, _after(field, found[2])


def _row(line: str) -> Iterator[Fact]:
    """`Machine type EcsSpec before→ after default`."""
    found = _ROW.fullmatch(line)
    if found is not None and _FIELD_OF.get(found[1], found[1]) == found[2]:
        yield found[2], _after(found[2], found[3] or "")


def _after(field: str, shown: str) -> str:
    """The value that will be: without a mark as the default, and without what was before it."""
    value = _DEFAULT.sub("", shown)
    return value if field in _SEVERAL else _ARROW.split(value)[-1]


def differences(question: Question, write: Request) -> tuple[str, ...]:
    """Where a question and a write do not agree: the action, each value that is sent, and what is not sent at all."""
    said = reading(question)
    found = [] if said.operations == (write.operation,) else [str(write.operation)]
    wanted = list(dict.fromkeys(facts_of(write)))
    found += [f"{field} {value}" for field, value in wanted if not _is_told(said, field, value)]
    fields = {field for field, _ in wanted}
    for field, value in sorted(said.sent):
        is_there = any(f == field and _is_value(field, value, v) for f, v in wanted)
        if field not in fields or (field in _SEVERAL and not is_there):
            found.append(f"{field} {value}, which was shown and not sent")
    return tuple(found)


def _is_told(said: Reading, field: str, value: str) -> bool:
    """A value is told when it stands under its name, and nothing else does."""
    told = {v for f, v in said.sent if f == field} or {v for f, v in said.where if f == field}
    if field in _SEVERAL:
        return any(_is_value(field, each, value) for each in told)
    return told == {value}


def _is_value(field: str, shown: str, value: str) -> bool:
    """Mounts hold an arrow themselves; what was before them ends with another one."""
    return shown == value or (field == "Datasets" and re.search(rf"(?:->|→) {re.escape(value)}$", shown) is not None)


def facts_of(write: Request) -> Iterator[Fact]:
    """Every value of a write, also one that is empty, as a question has to show it."""
    yield "RegionId", str(write.region_id)
    for field, value in write.parameters.items():
        yield from _written(field, value)


def _written(field: str, value: Any) -> Iterator[Fact]:
    if field == "Labels" and value:
        yield from ((field, _label(each)) for each in value)
    elif field == "Datasets" and value:
        yield from ((field, _mount(each)) for each in value)
    elif field == "UserVpc" and isinstance(value, Mapping):
        network = cast("Mapping[str, Any]", value)
        known = [_plain(network[name]) for name in _VPC if name in network]
        yield field, ", ".join([*known, *(_plain(part) for name, part in network.items() if name not in _VPC)])
    else:
        yield field, _plain(value)


def _label(label: Mapping[str, Any]) -> str:
    return f"{_plain(label.get('Key'))}={_plain(label.get('Value', ''))}"


def _mount(mount: Mapping[str, Any]) -> str:
    known = {"DatasetId", "Uri", "MountPath", "MountAccess"}
    source, path, access = (
        _plain(each)
        for each in (mount.get("DatasetId") or mount.get("Uri"), *map(mount.get, ("MountPath", "MountAccess")))
    )
    return f"{source} -> {path} ({access})" + "".join(
        f" {name}={_plain(part)}" for name, part in mount.items() if name not in known
    )


def _plain(value: Any) -> str:
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value if _WORD.fullmatch(value) else json.dumps(value, ensure_ascii=False)
