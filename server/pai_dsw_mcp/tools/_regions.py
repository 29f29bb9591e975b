"""Several regions in one call: all read at the same time, and what failed is told beside what was found."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

from pydantic import AfterValidator, Field

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.cloud.regional import is_not_activated
from pai_dsw_mcp.errors import CloudError, InputError
from pai_dsw_mcp.model.region import regions_named
from pai_dsw_mcp.tools._projection import NotRead

T = TypeVar("T")


def _check_regions(region_ids: list[str]) -> list[str]:
    # Without the names themselves, `["ALL"]` could not be told from every region by name.
    regions_named(region_ids)
    return region_ids


RegionIds: TypeAlias = Annotated[
    list[str],
    AfterValidator(_check_regions),
    Field(description='Instead of region_id: several, or ["ALL"] where PAI is activated.'),
]


@dataclass(frozen=True, slots=True)
class InRegions(Generic[T]):
    """What each region gave, and why others gave nothing. A region where PAI is not activated is in neither."""

    found: Mapping[str, T]
    failed: Mapping[str, CloudError]
    are_several: bool
    """Whether the call may name several regions; then the answer says which these are."""

    @property
    def region_ids(self) -> list[str] | None:
        """The regions that were read, for the answer."""
        return list(self.found) if self.are_several else None

    @property
    def not_read(self) -> list[NotRead] | None:
        """The regions that could not be read, for the answer."""
        rows = [NotRead(region_id=region_id, problem=error.explain()) for region_id, error in self.failed.items()]
        return rows or None


async def in_regions(
    cloud: Cloud,
    region_id: str | None,
    region_ids: Sequence[str] | None,
    read: Callable[[str], Coroutine[Any, Any, T]],
) -> InRegions[T]:
    """Reads the one region, or each of several.

    Raises:
        InputError: Neither of the two arguments is given, or both.
        CloudError: No region could be read; it is the first one's.
    """
    if bool(region_id) == bool(region_ids):
        raise InputError("region_choice")
    only_activated = region_ids == ["ALL"]

    async def tried(each: str) -> T | CloudError | None:
        try:
            return None if only_activated and await is_not_activated(cloud, each) else await read(each)
        except CloudError as error:
            return error

    names = (str(region_id),) if region_id else regions_named(region_ids or ())
    if only_activated:
        names = cloud.options.allowed_regions
    results = dict(zip(names, await gather(*map(tried, names)), strict=True))
    failed = {name: result for name, result in results.items() if isinstance(result, CloudError)}
    found = {name: result for name, result in results.items() if not (result is None or isinstance(result, CloudError))}
    if failed and not found:
        raise next(iter(failed.values()))
    return InRegions(found, failed, are_several=bool(region_ids))
