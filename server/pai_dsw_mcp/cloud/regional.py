"""What there is in a region as a whole."""

from typing import get_args

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.model.instance import Accessibility, Instance, InstanceFilter
from pai_dsw_mcp.model.region import REGIONS
from pai_dsw_mcp.model.workspace import PAI_PRODUCT


async def is_not_activated(cloud: Cloud, region_id: str) -> bool:
    """Whether the service says so. Where it cannot be asked, the region is read all the same."""
    if not REGIONS[region_id].has_workspaces:
        return False
    try:
        products = await cloud.list_products(region_id, (PAI_PRODUCT,))
    except CloudError:
        return False
    return not any(product.product_code == PAI_PRODUCT and product.is_purchased for product in products)


async def of_both_visibilities(
    cloud: Cloud, region_id: str, wanted: InstanceFilter, *, every_workspace: bool = False
) -> list[Instance]:
    """Every instance that fits.

    ListInstances names PRIVATE as the default of `Accessibility`; whether a list without one leaves public instances
    out is not documented. So both are asked for by name.
    """
    asked = (wanted.accessibility,) if wanted.accessibility else get_args(Accessibility)
    each_way = [wanted.model_copy(update={"accessibility": each}) for each in asked]
    lists = await gather(*(cloud.list_instances(region_id, each, every_workspace=every_workspace) for each in each_way))
    # By id: an instance whose visibility changes meanwhile may be in both lists.
    return list({instance.instance_id: instance for each in lists for instance in each}.values())
