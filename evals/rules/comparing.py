"""Where a question and a write do not agree."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias, cast

from evals.records import Question, Request
from evals.rules.reading import IDLE_RULE, SEVERAL, TIMER, WORD, Fact, Reading, reading

_VPC: Final = ("VpcId", "VSwitchId", "SecurityGroupId", "ExtendedCIDRs", "DefaultRoute")
_PARTS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "CreateIdleInstanceCuller": (frozenset({"SetAutoStop"}), IDLE_RULE),
    "DeleteIdleInstanceCuller": (frozenset({"SetAutoStop", "ClearAutoStop"}), IDLE_RULE),
    "CreateInstanceShutdownTimer": (frozenset({"SetAutoStop"}), TIMER),
    "DeleteInstanceShutdownTimer": (frozenset({"SetAutoStop", "ClearAutoStop"}), TIMER),
    "UpdateInstanceLabels": (frozenset({"UpdateLabels"}), frozenset({"Labels"})),
    "DeleteInstanceLabels": (frozenset({"UpdateLabels"}), frozenset({"LabelKeys"})),
    "AddMemberRole": (frozenset({"SetMemberRoles"}), frozenset({"Roles"})),
    "RemoveMemberRole": (frozenset({"SetMemberRoles"}), frozenset({"Roles"})),
}
"""Requests that carry out a part of a change: of which changes, and the values that this part is about."""
_WITHOUT_VALUES: Final = frozenset(
    {"DeleteIdleInstanceCuller", "DeleteInstanceShutdownTimer", "AddMemberRole", "RemoveMemberRole"}
)
"""Requests whose path alone names what they are about: what is deleted, or one of several roles."""
_Names: TypeAlias = Mapping[str, str]


def differences(question: Question, write: Request, people: _Names) -> tuple[str, ...]:
    """Where a question and a write do not agree: the action, each value that is sent, and what is not sent at all.

    `people` are the names of the account by ids: a person is asked about a name.
    """
    said = reading(question)
    place = said.where | {fact for fact in said.sent if fact[0] in {"RegionId", "InstanceId"}}
    left_in = (each for each in said.then if not any(value in question.left_out for _, value in each.where))
    also = (replace(each, where=each.where or place) for each in left_in)
    found = [_differences(each, write, people) for each in (said, *also)]
    return min(found, key=len)


def covers_besides(question: Question, write: Request) -> bool:
    """Whether the write is part of what the yes covers besides the change itself."""
    said = reading(question)
    if said.operations == ("StopInstances",):
        return True
    return (
        bool(said.then)
        and str(write.operation) in _PARTS
        and not set(said.operations) & _PARTS[str(write.operation)][0]
    )


def _differences(said: Reading, write: Request, people: _Names) -> tuple[str, ...]:
    operation = str(write.operation)
    changes, values = _PARTS.get(operation, (frozenset({operation}), None))
    found = [] if len(said.operations) == 1 and said.operations[0] in changes else [operation]
    if values is not None:
        found += _differences_of_a_part(operation, values, said)
    wanted = list(dict.fromkeys(facts_of(write, people)))
    if operation == "RemoveMemberRole" and ("Roles", str(write.parameters.get("RoleName"))) in said.sent:
        found.append(f"{write.parameters.get('RoleName')}, which was shown to stay")
    if values is not None and not any(field == "InstanceId" for field, _ in said.where | said.sent):
        # It follows the creation of its instance, which had no id when the person was asked.
        wanted = [fact for fact in wanted if fact[0] != "InstanceId"]
    found += [f"{field} {value}" for field, value in wanted if not _is_told(said, field, value)]
    fields = {field for field, _ in wanted}
    for field, value in sorted(said.sent):
        if values is not None and (field not in values or operation in _WITHOUT_VALUES):
            continue
        is_there = any(f == field and _is_value(field, value, v) for f, v in wanted)
        if field not in fields or (field in SEVERAL and not is_there):
            found.append(f"{field} {value}, which was shown and not sent")
    return tuple(found)


def _differences_of_a_part(operation: str, values: frozenset[str], said: Reading) -> Iterator[str]:
    """A part of a change is told by its values; what is deleted, by what takes its place, or that nothing does."""
    if not any(field in values for field, _ in said.sent):
        yield f"{operation}, of which nothing was shown"


def _is_told(said: Reading, field: str, value: str) -> bool:
    """A value is told when it stands under its name, and nothing else does."""
    told = {v for f, v in said.sent if f == field} or {v for f, v in said.where if f == field}
    if field in SEVERAL:
        return any(_is_value(field, each, value) for each in told)
    return told == {value}


def _is_value(field: str, shown: str, value: str) -> bool:
    """Mounts hold an arrow themselves; what was before them, or before a label, ends with another one."""
    return shown == value or (
        field in {"Datasets", "Labels", "Roles"} and re.search(rf"(?:->|→) {re.escape(value)}$", shown) is not None
    )


def facts_of(write: Request, people: _Names) -> Iterator[Fact]:
    """Every value of a write, also one that is empty, as a question has to show it."""
    yield "RegionId", str(write.region_id)
    for field, value in write.parameters.items():
        if field in {"MemberId", "MemberIds"}:
            for member_id in str(value).split(","):
                yield "MemberName", people.get(member_id.rpartition("-")[2], member_id)
        elif field == "Members":
            for member in value:
                yield from _new_member(member, people)
        elif field == "RoleName":
            yield from ((("Roles", str(value)),) if write.operation == "AddMemberRole" else ())
        elif field == "Configs":
            yield from ((str(each.get("ConfigKey")), _plain(each.get("ConfigValue"))) for each in value)
        elif field == "ImageAuth":
            # The person is shown where the sign-in goes, which is where the image comes from.
            yield field, _plain(str(write.parameters.get("ImageUrl", "")).partition("/")[0])
        else:
            yield from _written(field, value)


def _new_member(member: Mapping[str, Any], people: _Names) -> Iterator[Fact]:
    user_id = str(member.get("UserId"))
    yield "MemberName", people.get(user_id, user_id)
    yield "UserId", f"{user_id[:2]}****{user_id[-2:]}"
    yield from (("Roles", str(role)) for role in member.get("Roles", ()))


def _written(field: str, value: Any) -> Iterator[Fact]:
    if field in {"Labels", "Tag"} and value:
        yield from ((field, _label(each)) for each in value)
    elif field in {"ExcludePaths", "EnvironmentVariables"} and value:
        # Of a variable, the name is shown and the value is not.
        yield from ((field, _plain(each)) for each in value)
    elif field == "EnvTypes" and value:
        yield field, ", ".join(map(_plain, value))
    elif field == "LabelKeys":
        yield from ((field, _plain(each)) for each in str(value).split(","))
    elif field == "SaveImage":
        # In a query, Python's clients write a truth in their own way.
        yield field, str(value).lower()
    elif field == "Datasets" and value:
        yield from ((field, _mount(each)) for each in value)
    elif field == "UserCommand" and isinstance(value, Mapping):
        yield from ((field, _plain(line)) for line in _lines(cast("Mapping[str, Any]", value)))
    elif field in {"RequestedResource", "SpotSpec", "CloudDisks"} and value:
        parts = cast("list[Mapping[str, Any]]", value if isinstance(value, list) else [value])
        yield from ((field, f"{name}={_plain(part)}") for each in parts for name, part in each.items())
    elif field == "UserVpc" and isinstance(value, Mapping):
        network = cast("Mapping[str, Any]", value)
        parts = [network[name] for name in (*_VPC, *(network.keys() - set(_VPC))) if name in network]
        lists = [cast("list[Any]", part) if isinstance(part, list) else [part] for part in parts]
        yield field, ", ".join(_plain(each) for items in lists for each in items)
    else:
        yield field, _plain(value)


def _lines(command: Mapping[str, Any]) -> list[Any]:
    """A command line by line, if that is all that is sent of it."""
    content = str(command.get("OnStart", {}).get("Content", ""))
    return content.split("\n") if command == {"OnStart": {"Content": content}} else [command]


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
    return value if WORD.fullmatch(value) else json.dumps(value, ensure_ascii=False)
