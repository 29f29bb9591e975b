"""The regions where DSW is offered: the only ones a request may be sent to.

Source: regions that the official API metadata lists for `pai-dsw` and `aiworkspace`.
A region becomes part of a host name that credentials are sent to, so a string outside this list is never used.
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from pai_dsw_mcp.model.value import Value


class Region(Value):
    """A region, its name for people, and whether AIWorkSpace (workspaces, images, datasets) is offered there."""

    region_id: str
    en: str
    zh: str
    has_workspaces: bool = True


_ALL = (
    Region(region_id="cn-hangzhou", en="China (Hangzhou)", zh="华东1（杭州）"),
    Region(region_id="cn-shanghai", en="China (Shanghai)", zh="华东2（上海）"),
    Region(region_id="cn-beijing", en="China (Beijing)", zh="华北2（北京）"),
    Region(region_id="cn-shenzhen", en="China (Shenzhen)", zh="华南1（深圳）"),
    Region(region_id="cn-guangzhou", en="China (Guangzhou)", zh="华南3（广州）"),
    Region(region_id="cn-wulanchabu", en="China (Ulanqab)", zh="华北6（乌兰察布）"),
    Region(region_id="cn-hongkong", en="China (Hong Kong)", zh="中国香港"),
    Region(region_id="ap-southeast-1", en="Singapore", zh="新加坡"),
    Region(region_id="ap-southeast-3", en="Malaysia (Kuala Lumpur)", zh="马来西亚（吉隆坡）"),
    Region(region_id="ap-southeast-5", en="Indonesia (Jakarta)", zh="印度尼西亚（雅加达）"),
    Region(region_id="ap-northeast-1", en="Japan (Tokyo)", zh="日本（东京）"),
    Region(region_id="ap-northeast-2", en="South Korea (Seoul)", zh="韩国（首尔）"),
    Region(region_id="ap-south-1", en="India (Mumbai)", zh="印度（孟买）"),
    Region(region_id="eu-central-1", en="Germany (Frankfurt)", zh="德国（法兰克福）"),
    Region(region_id="us-east-1", en="US (Virginia)", zh="美国（弗吉尼亚）"),
    Region(region_id="us-west-1", en="US (Silicon Valley)", zh="美国（硅谷）"),
    Region(region_id="me-central-1", en="Saudi Arabia (Riyadh)", zh="沙特（利雅得）", has_workspaces=False),
    Region(region_id="cn-shanghai-finance-1", en="China (Shanghai Finance)", zh="华东2金融云"),
)

REGIONS: Final = MappingProxyType({region.region_id: region for region in _ALL})
"""Every region by its id, in the order that the metadata gives them."""


def regions_named(names: Sequence[str]) -> tuple[str, ...]:
    """The ids of these regions, of every region for `ALL`.

    Raises:
        ValueError: One of them is not a region.
    """
    if tuple(names) == ("ALL",):
        return tuple(REGIONS)
    if any(name not in REGIONS for name in names):
        raise ValueError(f"not a region of PAI DSW; the regions are {', '.join(REGIONS)}, or ALL alone")
    return tuple(dict.fromkeys(names))
