"""Where requests may go. Source: endpoint rule of both products' SDKs, `<product>[-vpc].<region>.aliyuncs.com`.

The SDK's own endpoint map is not used: it has a tab in the host of cn-guangzhou and a VPC host for ap-southeast-5.
"""

from typing import Final, Literal, TypeAlias, get_args

from pai_dsw_mcp.cloud.options import Network
from pai_dsw_mcp.errors import InputError
from pai_dsw_mcp.model.plain import plain
from pai_dsw_mcp.model.region import REGIONS

Product: TypeAlias = Literal["pai-dsw", "aiworkspace"]


def _host(product: Product, region_id: str, network: Network) -> str:
    return f"{product}{'-vpc' if network == 'vpc' else ''}.{region_id}.aliyuncs.com"


OFFICIAL_HOSTS: Final = frozenset(
    _host(product, region.region_id, network)
    for region in REGIONS.values()
    for product in get_args(Product)
    for network in get_args(Network)
)
"""Every host that credentials may ever be sent to; the transport compares with it, whatever was asked for."""


def host_of(product: Product, region_id: str, network: Network) -> str:
    """The host that serves a product in a region.

    Raises:
        InputError: The region is not one of `REGIONS`, or the product is not offered there.
    """
    region = REGIONS.get(region_id)
    if region is None:
        raise InputError("region_unknown", region_id=plain(region_id, 64), regions=", ".join(REGIONS))
    if product == "aiworkspace" and not region.has_workspaces:
        raise InputError("region_without_workspaces", region_id=region_id)
    return _host(product, region_id, network)
