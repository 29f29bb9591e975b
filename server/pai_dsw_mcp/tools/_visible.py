"""What several tools read of instances: every one that can be seen with what it costs, and the image of one."""

from datetime import UTC, datetime
from typing import get_args

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import both, gather
from pai_dsw_mcp.errors import PaiDswError
from pai_dsw_mcp.model.catalogue import Image
from pai_dsw_mcp.model.instance import Accessibility, Instance, InstanceFilter
from pai_dsw_mcp.tools._checks import find_image
from pai_dsw_mcp.tools._costs import PriceList, price_list


async def instances_and_prices(
    cloud: Cloud, region_id: str, wanted: InstanceFilter
) -> tuple[list[Instance], PriceList]:
    """Every instance of a region that fits, and the prices, at the same time."""
    return await both(
        _of_both_visibilities(cloud, region_id, wanted), price_list(cloud, region_id, wanted.accelerator_type)
    )


async def _of_both_visibilities(cloud: Cloud, region_id: str, wanted: InstanceFilter) -> list[Instance]:
    """Every instance that fits.

    ListInstances names PRIVATE as the default of `Accessibility`; whether a list without one leaves public instances
    out is not documented. So both are asked for by name.
    """
    asked = (wanted.accessibility,) if wanted.accessibility else get_args(Accessibility)
    each_way = [wanted.model_copy(update={"accessibility": each}) for each in asked]
    lists = await gather(*(cloud.list_instances(region_id, each) for each in each_way))
    # By id: an instance whose visibility changes meanwhile may be in both lists.
    return list({instance.instance_id: instance for each in lists for instance in each}.values())


async def image_of(cloud: Cloud, instance: Instance) -> Image | None:
    """The image with its labels, where it can be read."""
    if not (instance.image_id or instance.image_url):
        return None
    try:
        return await find_image(cloud, instance.region_id, instance.image_id, instance.image_url)
    except PaiDswError:
        return None


def in_utc(moment: datetime | None) -> str | None:
    """A time as the service reads it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
