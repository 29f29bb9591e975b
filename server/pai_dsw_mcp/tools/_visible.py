"""What several tools read of instances: every one that can be seen with what it costs, and the image of one."""

from datetime import UTC, datetime

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import both
from pai_dsw_mcp.cloud.regional import of_both_visibilities
from pai_dsw_mcp.errors import PaiDswError
from pai_dsw_mcp.model.catalogue import Image
from pai_dsw_mcp.model.instance import Instance, InstanceFilter
from pai_dsw_mcp.tools._checks import find_image
from pai_dsw_mcp.tools._costs import PriceList, price_list


async def instances_and_prices(
    cloud: Cloud, region_id: str, wanted: InstanceFilter
) -> tuple[list[Instance], PriceList]:
    """Every instance of a region that fits, and the prices, at the same time."""
    return await both(
        of_both_visibilities(cloud, region_id, wanted), price_list(cloud, region_id, wanted.accelerator_type)
    )


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
