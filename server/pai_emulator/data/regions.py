"""The regions and the products offered in each.

Documented: both lists are those of the official API metadata (2025-12; `ap-south-1` from the lists of 2024-06 and
2026-04). Assumed: the price factors.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pai_emulator.types import Product

_EVERY: Final[frozenset[Product]] = frozenset({"pai-dsw", "aiworkspace", "pai"})


@dataclass(frozen=True, slots=True)
class Region:
    """A region, which products answer there, and what its prices are multiplied by (mainland China is 1)."""

    region_id: str
    products: frozenset[Product] = _EVERY
    price_factor: float = 1.0


_ALL: Final = (
    Region("cn-hangzhou"),
    Region("cn-shanghai"),
    Region("cn-beijing"),
    Region("cn-shenzhen"),
    Region("cn-guangzhou"),
    Region("cn-wulanchabu", price_factor=0.9),
    Region("cn-hongkong", price_factor=1.4),
    Region("ap-southeast-1", price_factor=1.3),
    Region("ap-southeast-3", price_factor=1.2),
    Region("ap-southeast-5", price_factor=1.25),
    Region("ap-northeast-1", price_factor=1.4),
    Region("ap-northeast-2", price_factor=1.35),
    Region("ap-south-1", price_factor=1.2),
    Region("eu-central-1", price_factor=1.35),
    Region("us-east-1", price_factor=1.2),
    Region("us-west-1", price_factor=1.3),
    Region("me-central-1", products=frozenset({"pai-dsw"}), price_factor=1.5),
    Region("cn-shanghai-finance-1", price_factor=1.5),
    Region("cn-heyuan", products=frozenset({"aiworkspace"})),
)

REGIONS: Final = MappingProxyType({region.region_id: region for region in _ALL})
"""Every region by its id."""
