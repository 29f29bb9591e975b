"""Asks the cloud what works, from the credentials to the single action, with reads that change nothing.

A failure is evidence here, so it is kept and not raised.
"""

import re
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Literal, TypeAlias, TypeVar

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.cloud.operations import OPERATIONS
from pai_dsw_mcp.cloud.options import CloudOptions, Identity
from pai_dsw_mcp.cloud.quotas import get_quota, list_queue, list_quotas
from pai_dsw_mcp.errors import CloudError, ErrorKind
from pai_dsw_mcp.model.catalogue import DatasetFilter, ImageFilter
from pai_dsw_mcp.model.identity import CallerIdentity
from pai_dsw_mcp.model.instance import InstanceFilter
from pai_dsw_mcp.model.quota import Quota
from pai_dsw_mcp.model.region import REGIONS
from pai_dsw_mcp.model.workspace import PAI_PRODUCT, Product, Workspace
from pai_dsw_mcp.model.writes import CREATE_WORKSPACE
from pai_dsw_mcp.tools._rows import is_usable

T = TypeVar("T")
Verdict: TypeAlias = Literal["allowed", "denied", "denied_explicitly", "unknown"]

FEW_REGIONS: Final = ("cn-hangzhou", "cn-shanghai", "cn-beijing", "cn-shenzhen", "ap-southeast-1")
"""Asked where nobody names any."""

_OF_THE_ACCOUNT: Final = {CREATE_WORKSPACE.requests[0].operation}
"""Operations whose right no role in a workspace carries, and no list of permissions tells."""
_NOBODYS_NAME: Final = "pai_dsw_mcp_doctor"
"""Lists are narrowed to it: the right to list is what matters, and the rows of a large account are many."""

_ALL_INSTANCES: Final = "paidsw:ListAllInstances"
"""Goes with ListInstances: without it, private instances of others are not listed."""

FUNDAMENTAL: Final = frozenset(
    {
        ErrorKind.CREDENTIALS_MISSING,
        ErrorKind.CREDENTIALS_INVALID,
        ErrorKind.CREDENTIALS_EXPIRED,
        ErrorKind.IDENTITY_CHANGED,
        ErrorKind.ENDPOINT_REFUSED,
        ErrorKind.CLOCK_WRONG,
    }
)
"""Every other request would fail in the same way."""

_NO_REPLY: Final = frozenset(
    {
        ErrorKind.UNREACHABLE,
        ErrorKind.TIMEOUT,
        ErrorKind.CONNECTION_LOST,
        ErrorKind.REDIRECTED,
        ErrorKind.REPLY_INVALID,
        ErrorKind.REPLY_TOO_LARGE,
    }
)
"""The service itself did not answer, or something in between did."""


@dataclass(frozen=True, slots=True)
class RegionSurvey:
    """What one region answered. `verdicts` are by RAM action, asked about in one `workspace` that can be used."""

    region_id: str
    specs: object
    workspaces: tuple[Workspace, ...] | CloudError
    products: tuple[Product, ...] | CloudError
    workspace: Workspace | None
    verdicts: Mapping[str, Verdict]

    @property
    def errors(self) -> Iterator[CloudError]:
        """What failed."""
        return (each for each in (self.specs, self.workspaces, self.products) if isinstance(each, CloudError))

    @property
    def not_reached(self) -> CloudError | None:
        """Why the region was not reached; None where both products answered."""
        return next((error for error in self.errors if error.kind in _NO_REPLY), None)


@dataclass(frozen=True, slots=True)
class Survey:
    """The evidence. Without usable credentials nothing else was asked, and `caller` is the same error."""

    options: CloudOptions
    identity: Identity | CloudError
    caller: CallerIdentity | CloudError
    regions: tuple[RegionSurvey, ...]
    clock_skew: float | None

    @property
    def refusal(self) -> CloudError | None:
        """The error that stands before everything else, if there is one."""
        of_regions = chain.from_iterable(region.errors for region in self.regions)
        errors = (each for each in (self.identity, self.caller) if isinstance(each, CloudError))
        return next((error for error in chain(errors, of_regions) if error.kind in FUNDAMENTAL), None)

    @property
    def is_answered(self) -> bool:
        """Whether the service accepted a request."""
        return isinstance(self.caller, CallerIdentity) or any(not region.not_reached for region in self.regions)


async def survey(cloud: Cloud, region_ids: Sequence[str]) -> Survey:
    """Asks these regions, all at the same time."""
    identity = await _tried(cloud.identity())
    caller = identity if isinstance(identity, CloudError) else await cloud.caller_identity(region_ids[0], retry=True)
    regions: list[RegionSurvey] = []
    if not (isinstance(identity, CloudError) or (isinstance(caller, CloudError) and caller.kind in FUNDAMENTAL)):
        regions = await gather(*(_ask(cloud, region_id) for region_id in region_ids))
    return Survey(cloud.options, identity, caller, tuple(regions), await cloud.clock_skew())


async def _tried(work: Coroutine[Any, Any, T]) -> T | CloudError:
    try:
        return await work
    except CloudError as error:
        return error


async def _ask(cloud: Cloud, region_id: str) -> RegionSurvey:
    asked: dict[str, Coroutine[Any, Any, Any]] = {"ListEcsSpecs": cloud.list_ecs_specs(region_id, "CPU")}
    if REGIONS[region_id].has_workspaces:
        asked["ListWorkspaces"] = cloud.list_workspaces(region_id)
        asked["ListProducts"] = cloud.list_products(region_id, (PAI_PRODUCT,))
    found = await _all(asked)
    workspaces, products = found.get("ListWorkspaces", ()), found.get("ListProducts", ())
    usable = [each for each in (() if isinstance(workspaces, CloudError) else workspaces) if is_usable(each)]
    workspace = next((each for each in usable if each.is_default), usable[0] if usable else None)
    verdicts = await _verdicts(cloud, region_id, workspace.workspace_id, found) if workspace else dict[str, Verdict]()
    return RegionSurvey(region_id, found["ListEcsSpecs"], workspaces, products, workspace, verdicts)


async def _all(asked: Mapping[str, Coroutine[Any, Any, Any]]) -> dict[str, Any]:
    return dict(zip(asked, await gather(*(_tried(work) for work in asked.values())), strict=True))


async def _verdicts(cloud: Cloud, region_id: str, workspace_id: str, found: dict[str, Any]) -> Mapping[str, Verdict]:
    """Of each operation that this server can send: whether the caller may, as far as reading tells.

    A read that works is allowed, one that is denied is denied: by a policy or for want of a right. What is not tried is
    allowed if the workspace lists it as a permission of the caller; if it does not, a RAM policy may still allow it.
    """
    named = InstanceFilter(workspace_id=workspace_id, instance_name=_NOBODYS_NAME)
    tried = found | await _all(
        {
            "ListPermissions": cloud.list_permissions(region_id, workspace_id),
            "GetWorkspace": cloud.get_workspace(region_id, workspace_id),
            "ListInstances": cloud.list_instances(region_id, named),
            "ListImages": cloud.list_images(region_id, ImageFilter(name=_NOBODYS_NAME)),
            "ListDatasets": cloud.list_datasets(
                region_id, DatasetFilter(workspace_id=workspace_id, name=_NOBODYS_NAME)
            ),
            "ListQuotas": list_quotas(cloud, region_id, workspace_id),
        }
    )
    quotas: Sequence[Quota] | CloudError = tried["ListQuotas"]
    for quota in () if isinstance(quotas, CloudError) else quotas[:1]:
        tried |= await _all(
            {
                "GetQuota": get_quota(cloud, region_id, quota.quota_id),
                "ListQuotaWorkloads": list_queue(cloud, region_id, quota.quota_id),
            }
        )
    points: frozenset[str] | CloudError = tried["ListPermissions"]
    listed = set[str]() if isinstance(points, CloudError) else {point.casefold() for point in points}
    verdicts: dict[str, Verdict] = {}
    for operation in OPERATIONS.values():
        if operation.product != "sts" and operation.name not in _OF_THE_ACCOUNT:
            actions = re.findall(r"\w+:\w+", operation.action)
            verdicts[actions[0]] = _verdict(tried.get(operation.name), actions, listed)
    verdicts[_ALL_INSTANCES] = _verdict(None, [_ALL_INSTANCES], listed)
    return verdicts


def _verdict(result: object, actions: Sequence[str], listed: set[str]) -> Verdict:
    if isinstance(result, CloudError) and result.kind is ErrorKind.PERMISSION_DENIED:
        return "denied_explicitly" if result.is_explicit_deny else "denied"
    worked = result is not None and not isinstance(result, CloudError)
    return "allowed" if worked or any(action.casefold() in listed for action in actions) else "unknown"
