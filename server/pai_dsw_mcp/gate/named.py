"""Finds what has a name, of every kind that can be created, and what a create of ours made of it. It only reads."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import both, gather
from pai_dsw_mcp.errors import CloudError, ErrorKind
from pai_dsw_mcp.gate.caller import credentials_of
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.records import Operation
from pai_dsw_mcp.model.change import OPERATION_LABEL, Parameter
from pai_dsw_mcp.model.instance import Accessibility, Instance, InstanceFilter
from pai_dsw_mcp.model.workspace import Workspace
from pai_dsw_mcp.model.writes import CREATE_INSTANCE, CREATE_WORKSPACE, WriteSpec

NEWEST: Final = 200
"""How many operations are examined: far more than begin during one read, or while a list may lag."""
_CREATES_OF_A_NAME: Final = 10
"""How many creates of a name are examined; not limited by age, because a clock that jumps forward would drop them."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind(Generic[T]):
    """How what a create makes is listed by its name, read by its id, and known as made by an operation."""

    create: WriteSpec
    listed: Callable[[Cloud, str, str], Awaitable[Iterable[T]]]
    read: Callable[[Cloud, str, str], Awaitable[T]]
    id_of: Callable[[T], str]
    name_of: Callable[[T], str]
    is_of: Callable[[T, Operation, tuple[Parameter, ...]], bool]


async def instances_named(services: Services, region_id: str, instance_name: str) -> tuple[Instance, ...]:
    """Every visible instance with exactly this name, over all workspaces, resources and pages.

    Raises:
        CloudError: `LIST_UNVERIFIED` when a list cannot be proven complete: then the name may be taken.
    """
    return await _named(services, _INSTANCE, region_id, instance_name)


async def workspaces_named(services: Services, region_id: str, workspace_name: str) -> tuple[Workspace, ...]:
    """Every visible workspace with exactly this name, of which the service allows one in a region.

    Raises:
        CloudError: `LIST_UNVERIFIED` when the list cannot be proven complete: then the name may be taken.
    """
    return await _named(services, _WORKSPACE, region_id, workspace_name)


async def made_by(services: Services, operation: Operation) -> str | None:
    """The id of what a create made; None while it is not there.

    Raises:
        CloudError: A list cannot be proven complete.
    """
    if operation.spec.target == "workspace":
        return await _made_by(services, _WORKSPACE, operation)
    return await _made_by(services, _INSTANCE, operation)


async def known_user_id(services: Services) -> str | None:
    """The caller's user id, read from an instance that they created: the credentials do not contain it.

    Raises:
        CloudError: An instance could not be read.
    """
    principal = (await services.cloud.identity()).principal
    for each in await services.journal.operations(limit=NEWEST):
        is_ours = credentials_of(each.principal) == principal
        if is_ours and each.action == CREATE_INSTANCE.action and each.target_id is not None:
            made = await _read_if_any(services, _INSTANCE, each.region_id, each.target_id)
            if made is not None:
                return made.user_id
    return None


async def _named(services: Services, kind: _Kind[T], region_id: str, name: str) -> tuple[T, ...]:
    found = {kind.id_of(each): each for each in await kind.listed(services.cloud, region_id, name)}
    # A list may lag, so those whose ids are in the journal are also read by id, however old.
    creates = await services.journal.operations_of_name(
        action=kind.create.action, region_id=region_id, target_name=name, limit=_CREATES_OF_A_NAME
    )
    known = {each.target_id for each in creates if each.target_id is not None}
    if kind.create is CREATE_INSTANCE:
        known |= {*await services.journal.renamed_to(region_id=region_id, name=name, limit=NEWEST)}
    read = await gather(*(_read_if_any(services, kind, region_id, each) for each in known - found.keys()))
    return tuple(each for each in (*found.values(), *read) if each is not None and kind.name_of(each) == name)


async def _made_by(services: Services, kind: _Kind[T], operation: Operation) -> str | None:
    approval = await services.journal.get(operation.approval_id)
    sent = approval.change.parameters if approval is not None else ()
    named = await _named(services, kind, operation.region_id, operation.target_name)
    # Without proof that it is ours it may be somebody else's, which says nothing about our request.
    return next((kind.id_of(each) for each in named if kind.is_of(each, operation, sent)), None)


async def _read_if_any(services: Services, kind: _Kind[T], region_id: str, target_id: str) -> T | None:
    try:
        return await kind.read(services.cloud, region_id, target_id)
    except CloudError as error:
        if error.kind is not ErrorKind.NOT_FOUND:
            raise
    return None


async def _list_instances(cloud: Cloud, region_id: str, name: str) -> Iterable[Instance]:
    """The API's documentation leaves open whether a list without a visibility holds all instances or PRIVATE ones only.

    So PUBLIC is asked for as well. Sorting by creation keeps rows in place while the pages are read.
    """

    async def listed(accessibility: Accessibility | None) -> tuple[Instance, ...]:
        wanted = InstanceFilter(instance_name=name, accessibility=accessibility, sort_by="GmtCreateTime")
        return await cloud.list_instances(region_id, wanted)

    every, public = await both(listed(None), listed("PUBLIC"))
    return (*every, *public)


async def _list_workspaces(cloud: Cloud, region_id: str, name: str) -> Iterable[Workspace]:
    return await cloud.list_workspaces(region_id, name=name)


def _has_operation_label(instance: Instance, operation: Operation, _sent: tuple[Parameter, ...]) -> bool:
    return any(label.key == OPERATION_LABEL and label.value == operation.operation_id for label in instance.labels)


def _has_every_value(workspace: Workspace, _operation: Operation, sent: tuple[Parameter, ...]) -> bool:
    # A workspace has no labels. Nobody had the name when the request was sent, and the service gives a name once.
    values = workspace.values
    return all(values[each.name] == each.value for each in sent if each.name in values)


_INSTANCE: Final[_Kind[Instance]] = _Kind(
    create=CREATE_INSTANCE,
    listed=_list_instances,
    read=Cloud.get_instance,
    id_of=lambda instance: instance.instance_id,
    name_of=lambda instance: instance.instance_name,
    is_of=_has_operation_label,
)
_WORKSPACE: Final[_Kind[Workspace]] = _Kind(
    create=CREATE_WORKSPACE,
    listed=_list_workspaces,
    read=Cloud.get_workspace,
    id_of=lambda workspace: workspace.workspace_id,
    name_of=lambda workspace: workspace.workspace_name,
    is_of=_has_every_value,
)
