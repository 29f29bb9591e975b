"""What a question says: the action, the values that will be sent, and prices, each where a person looks for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from evals.records import Question

Fact: TypeAlias = tuple[str, str]
"""A field under the API's name, and its value as it is written."""

ACTIONS: Final = {
    "CreateInstance": ("Create instance", "创建实例"),
    "UpdateInstance": ("Update instance", "更新实例"),
    "StartInstance": ("Start instance", "启动实例"),
    "StopInstance": ("Stop instance", "停止实例"),
    "SetAutoStop": ("Set automatic stop", "设置自动停止"),
    "ClearAutoStop": ("Remove automatic stop", "取消自动停止"),
    "CreateInstanceSnapshot": ("Save environment as an image", "将环境保存为镜像"),
    "UpdateLabels": ("Change labels", "修改标签"),
    "StopInstances": ("Stop several instances", "停止多个实例"),
    "CreateWorkspace": ("Create workspace", "创建工作空间"),
    "UpdateWorkspace": ("Update workspace", "更新工作空间"),
    "UpdateConfigs": ("Change workspace settings", "修改工作空间设置"),
    "CreateMember": ("Add member", "添加成员"),
    "SetMemberRoles": ("Change roles of member", "修改成员角色"),
    "DeleteMembers": ("Remove member", "移除成员"),
}
"""By which words a person knows what a question is about, in English and Chinese."""
IDLE_RULE: Final = frozenset({"MaxIdleTimeInMinutes", "CpuPercentThreshold", "GpuPercentThreshold"})
TIMER: Final = frozenset({"DueTime", "RemainingTimeInMs"})
OPERATION_LABEL: Final = "pai-dsw-mcp-op="
"""The label by which the server knows its own request; it differs each time the same is asked."""

_LABELS: Final = {
    "RegionId": ("Region", "地域"),
    "WorkspaceId": ("Workspace", "工作空间"),
    "InstanceId": ("Instance ID", "实例 ID"),
    "InstanceName": ("Instance name", "实例名称"),
    "EcsSpec": ("Machine type", "计算规格"),
    "ResourceId": ("Resource quota", "资源配额"),
    "RequestedResource": ("Taken from the quota", "占用的配额资源"),
    "Priority": ("Priority in the queue (9 goes first)", "排队优先级（9 最高）"),
    "ImageId": ("Image", "镜像"),
    "ImageUrl": ("Image address", "镜像地址"),
    "Accessibility": ("Visible to", "可见范围"),
    "UserVpc": ("Network", "专有网络"),
    "Datasets": ("Dataset mount", "数据集挂载"),
    "DisassociateDatasets": ("Remove all dataset mounts", "移除全部数据集挂载"),
    "Labels": ("Label", "标签"),
    "StartInstance": ("Start afterwards", "更新后启动"),
    "MaxIdleTimeInMinutes": ("Stops after minutes idle", "闲置多少分钟后停止"),
    "CpuPercentThreshold": ("Idle while CPU use is below (percent)", "CPU 使用率低于此值视为闲置（%）"),
    "GpuPercentThreshold": ("And GPU use is below (percent)", "且 GPU 使用率低于此值（%）"),
    "DueTime": ("Stops at (UTC)", "停止时间（UTC）"),
    "RemainingTimeInMs": ("Stops after (milliseconds)", "多久后停止（毫秒）"),
    "SaveImage": ("Save as an image", "保存为镜像"),
    "SnapshotName": ("Image name", "镜像名称"),
    "ExcludePaths": ("Left out", "不保存的目录"),
    "LabelKeys": ("Remove label", "移除标签"),
    "EnvironmentVariables": ("Environment variable", "环境变量"),
    "ImageAuth": ("Sign-in to registry", "镜像仓库登录"),
    "WorkspaceName": ("Workspace name", "工作空间名称"),
    "DisplayName": ("Display name", "显示名称"),
    "Description": ("Description", "描述"),
    "EnvTypes": ("Environments", "环境"),
    "modelExportPath": ("Default storage path", "默认存储路径"),
    "tempStoragePath": ("Temporary storage path", "临时存储路径"),
    "priorityConfig": ("Priorities of DSW instances", "DSW 实例的优先级"),
    "quotaMaximumDuration": ("Longest run of DLC jobs", "DLC 任务的最长运行时间"),
    "UserId": ("User ID", "用户 ID"),
    "Roles": ("Role", "角色"),
    "CloudDisks": ("System disk", "系统盘"),
    "SpotSpec": ("Spot instance", "抢占式实例"),
    "Driver": ("NVIDIA driver", "NVIDIA 驱动"),
    "DisassociateSpot": ("No longer spot, but pay-as-you-go", "不再是抢占式，改为按量付费"),
    "DisassociateDriver": ("Take the driver setting away", "移除驱动设置"),
    "DisassociateUserCommand": ("Take the start-up command away", "移除启动命令"),
    "Tag": ("Resource tag", "资源标签"),
    "UserCommand": ("Command at each start", "每次启动时执行的命令"),
}
_FIELD_OF: Final = {word: field for field, words in _LABELS.items() for word in words}
_INSTANCE: Final = ("Instance", "实例")
_MEMBER: Final = ("Member", "成员")
MEMBERS: Final = frozenset({"CreateMember", "SetMemberRoles", "DeleteMembers"})
"""Changes of what a person may do."""
_THEN: Final = frozenset(
    {
        *("Then, under the same yes:", "随后（同一次批准）："),
        *("One after the other:", "逐个执行：", "Uncheck what is to be left out", "取消勾选要排除的项目"),
    }
)
"""After what the changes follow that the same yes covers, or that a batch is made of."""
_SECTIONS: Final = frozenset(
    {
        *("What this means", "What it runs on", "What will be sent", "What changes", "Who pays and who asks"),
        *("这意味着什么", "运行配置", "将发送的内容", "变更内容", "付费方与请求方"),
    }
)
"""The headings of a page after which another part begins."""
_WHERE: Final = {"Region": "RegionId", "地域": "RegionId", "Workspace": "WorkspaceId", "工作空间": "WorkspaceId"}
_PLACE: Final = re.compile(r"(Instance|实例|Region|地域|Workspace|工作空间|Member|成员)(?:: |：)(.+)")
_PLACE_ON_A_PAGE: Final = re.compile(r"(Instance|实例|Region|地域|Workspace|工作空间) (.+) (\S+)")
_SENT: Final = re.compile(r"- (.+?)(?:: |：)(.*)")
_ROW: Final = re.compile(rf"({'|'.join(map(re.escape, sorted(_FIELD_OF, key=len, reverse=True)))}|\w+) (\w+)(?: (.*))?")
"""A row of the page: in words, as the API has it, and the value."""
_DEFAULT: Final = re.compile(r"(?: \(default\)|（默认）| (?:default|默认))$")
WORD: Final = re.compile(r"[A-Za-z0-9_.:/*+\-]+")
"""What is shown as it is; anything else stands in quotation marks."""
_ARROW: Final = re.compile(r" ?(?:->|→) ?")
SEVERAL: Final = frozenset(
    {
        *("Datasets", "Labels", "ExcludePaths", "LabelKeys", "EnvironmentVariables", "RequestedResource"),
        *("CloudDisks", "SpotSpec", "Tag", "UserCommand", "Roles"),
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The operations that stand in the place of the title, where it will happen, and what will be sent.

    `then` is what the same yes covers besides.
    """

    operations: tuple[str, ...]
    where: frozenset[Fact]
    sent: frozenset[Fact]
    then: tuple["Reading", ...] = ()


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
    also = {(f"then {field}", value) for each in said.then for field, value in each.sent | each.where}
    return frozenset({("", operation) for operation in said.operations} | told | sent | also)


def reading(question: Question) -> Reading:
    """What a question says. Words that stand anywhere else say nothing."""
    lines, then = _without_follow_ups(question)
    where: set[Fact] = set()
    sent: set[Fact] = set()
    for line in lines:
        if question.channel == "page":
            sent.update(_row(line))
            where.update(_member_in_the_title(line))
        else:
            where.update(_place(line))
            sent.update(_sent(line))
    return Reading(tuple(_operations(question, lines)), frozenset(where), frozenset(sent), then)


def _without_follow_ups(question: Question) -> tuple[list[str], tuple[Reading, ...]]:
    """The lines about the change itself, and what is read of those that the same yes covers besides."""
    own: list[str] = []
    blocks: list[list[str]] = []
    is_then = False
    for line in question.text.splitlines():
        if line in _THEN:
            is_then = True
        elif is_then and (title := _follow_up_title(line, question.channel)):
            blocks.append([title, line.partition("：" if "：" in line else ": ")[2]])
        elif is_then and blocks and line not in _SECTIONS and (question.channel == "page" or line.startswith("  ")):
            blocks[-1].append(line.strip())
        else:
            is_then = False
            own.append(line)
    return own, tuple(map(_follow_up, blocks))


def _follow_up_title(line: str, channel: str) -> str | None:
    """`+ Set automatic stop: where` in a form; on a page the words, and the name of one of a batch."""
    shown = line.removeprefix("+ ")
    for operation, words in ACTIONS.items():
        ends = (": ", "：", *((" ",) if channel == "page" else ()))
        if any(shown == word or shown.startswith(tuple(f"{word}{end}" for end in ends)) for word in words):
            return operation
    return None


def _follow_up(block: list[str]) -> Reading:
    title, places, *lines = block
    sent = {fact for line in lines for fact in (*_sent(line), *_row_of_a_follow_up(line))}
    where = {*_places_of_a_follow_up(places), *(fact for line in lines for fact in _place_on_a_page(line))}
    if title == "StopInstance":
        # What runs in a batch is told of each, and only the stop is sent.
        sent.clear()
    return Reading((title,), frozenset(where), frozenset(sent))


def _places_of_a_follow_up(shown: str) -> Iterator[Fact]:
    """`name · id · region · id · workspace · id`, of one of a batch."""
    parts = shown.split(" · ")
    # What is yet to be created has no id.
    if len(parts) > 3 and parts[1].startswith("dsw-"):
        yield from (("InstanceName", parts[0]), ("InstanceId", parts[1]), ("RegionId", parts[3]))


def _place_on_a_page(line: str) -> Iterator[Fact]:
    """`Instance name id`, `Region name id`, as the page has it of one of a batch."""
    found = _PLACE_ON_A_PAGE.fullmatch(line)
    if found is None:
        return
    if found[1] in _INSTANCE:
        yield from (("InstanceName", found[2]), ("InstanceId", found[3]))
    elif _WHERE[found[1]] == "RegionId":
        yield "RegionId", found[3]


def _member_in_the_title(line: str) -> Iterator[Fact]:
    for operation in MEMBERS:
        for word in ACTIONS[operation]:
            if line.startswith(f"{word} "):
                yield "MemberName", line.removeprefix(f"{word} ")


def _row_of_a_follow_up(line: str) -> Iterator[Fact]:
    """`Stops after minutes idle 60`, as the page has it."""
    for word, field in _FIELD_OF.items():
        if line.startswith(f"{word} ") and field in IDLE_RULE | TIMER:
            yield field, _after(field, line.removeprefix(f"{word} "))


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
    if found[1] in _MEMBER:
        yield "MemberName", name
        return
    if _WHERE.get(found[1]) == "WorkspaceId" and not identifier:
        # One that does not exist yet.
        yield "WorkspaceName", name
        return
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
    return value if field in SEVERAL else _ARROW.split(value)[-1]
