"""Where requests may go: `<product>[-vpc].<region>.aliyuncs.com`.

Source: the endpoint rule of the SDKs, and for PaiStudio the official list of endpoints.

The SDKs' own endpoint maps are not used: they have a tab in a host of cn-guangzhou, a VPC host for ap-southeast-5, and
for PaiStudio an old host in cn-hangzhou.
"""

import re
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from pai_dsw_mcp.cloud.options import Network
from pai_dsw_mcp.errors import InputError
from pai_dsw_mcp.model.region import REGIONS
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.model.writes import ApiProduct

Service: TypeAlias = Literal[ApiProduct, "pai", "sts"]
"""What requests are signed for: the products (`pai` is PaiStudio, which has the quotas), and the token service, which
says whose credentials these are."""


def _host(service: Service, region_id: str, network: Network) -> str:
    return f"{service}{'-vpc' if network == 'vpc' else ''}.{region_id}.aliyuncs.com"


_HOSTS: Final = MappingProxyType(
    {
        service: frozenset(_host(service, region_id, network) for region_id in REGIONS for network in get_args(Network))
        for service in get_args(Service)
    }
)
"""Every host that credentials may ever be sent to; each request is compared with it, whatever was asked for."""


def hosts_of(service: Service) -> frozenset[str]:
    """Every host of one service."""
    return _HOSTS[service]


def host_of(service: Service, region_id: str, network: Network) -> str:
    """The host of a service in a region.

    Raises:
        InputError: The region is not one of `REGIONS`, or the service is not offered there.
    """
    region = REGIONS.get(region_id)
    if region is None:
        raise InputError("region_unknown", region_id=sanitize(region_id, 64), regions=", ".join(REGIONS))
    if service == "aiworkspace" and not region.has_workspaces:
        raise InputError("region_without_workspaces", region_id=region_id)
    return _host(service, region_id, network)


_STS_HOSTS: Final = frozenset(
    (
        "sts.aliyuncs.com",
        *(f"{prefix}.{region_id}.aliyuncs.com" for prefix in ("sts", "sts-vpc") for region_id in REGIONS),
    )
)
OAUTH_ORIGINS: Final = MappingProxyType({"CN": "https://oauth.aliyun.com", "INTL": "https://oauth.alibabacloud.com"})
"""Where the sign-in of `aliyun configure --mode OAuth` is exchanged for keys, by site."""

_SIGN_IN: Final = r"https://signin-[a-z0-9-]{1,40}\.alibabacloudsso\.com/"
"""CloudSSO: the part before the domain differs from directory to directory."""

CREDENTIAL_URLS: Final = re.compile(
    "|".join(
        (
            *(re.escape(f"https://{host}/") for host in sorted(_STS_HOSTS)),
            *(re.escape(f"{origin}/") for origin in OAUTH_ORIGINS.values()),
            _SIGN_IN,
            # The metadata service of a virtual machine; it has no TLS.
            re.escape("http://100.100.100.200/"),
        )
    )
)
"""Prefixes of the addresses that credentials may be fetched from. The slash ends the host for every parser."""


def sts_host(region_id: str, *, vpc: bool | None = None) -> str:
    """The host of the token service; the central one where no region is named.

    Raises:
        ValueError: The region is not one of `REGIONS`.
    """
    if not region_id:
        return "sts.aliyuncs.com"
    if region_id not in REGIONS:
        raise ValueError("not a region")
    return f"{'sts-vpc' if vpc else 'sts'}.{region_id}.aliyuncs.com"


def is_sign_in_url(url: str) -> bool:
    """Whether it is an address of CloudSSO's sign-in."""
    return re.match(_SIGN_IN, url) is not None
