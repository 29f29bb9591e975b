"""What instances cost: the list prices of their specs, and the estimates that are made from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.model.catalogue import EcsSpec
from pai_dsw_mcp.model.change import Price
from pai_dsw_mcp.model.instance import AcceleratorType, Instance, SpotSpec
from pai_dsw_mcp.model.status import HOLDING
from pai_dsw_mcp.tools._checks import price_of
from pai_dsw_mcp.tools._render import tell

_MILLISECONDS_PER_HOUR: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class PriceList:
    """The specs of a region with their prices, by name; `failure` says why some, or all, are missing."""

    specs: Mapping[str, EcsSpec]
    failure: CloudError | None = None

    def of(self, instance: Instance, spots: Mapping[str, SpotSpec]) -> "Costed":
        """The instance with its price; a prepaid one has none by the hour. `spots` are the spot instances by id."""
        prepaid = instance.payment_type == "Subscription"
        spec, spot = self.specs.get(instance.ecs_spec or ""), spots.get(instance.instance_id)
        # For past runs: a spot instance may have been bought in another way, and it never costs more than this.
        without_spot = None if prepaid else price_of(spec, None)
        return Costed(instance, None if prepaid else price_of(spec, spot), spot, without_spot)


@dataclass(frozen=True, slots=True)
class Costed:
    """An instance with its price per hour; `spot` says how it is bought, if so. `hours` are those of all its runs."""

    instance: Instance
    price: Price | None
    spot: SpotSpec | None = None
    pay_as_you_go: Price | None = None

    @property
    def hours(self) -> float | None:
        milliseconds = self.instance.running_milliseconds
        return None if milliseconds is None else milliseconds / _MILLISECONDS_PER_HOUR

    @property
    def hourly(self) -> float | None:
        return self.price and self.price.hourly

    @property
    def estimate(self) -> float | None:
        """What its running time costs at the price of pay-as-you-go."""
        return None if self.pay_as_you_go is None or self.hours is None else self.pay_as_you_go.hourly * self.hours


async def price_list(cloud: Cloud, region_id: str, kind: AcceleratorType | None = None) -> PriceList:
    """The prices of one kind of specs, or of both; a failure only leaves prices out."""
    kinds = (kind,) if kind else get_args(AcceleratorType)
    results = await gather(*(_tried(cloud, region_id, each) for each in kinds))
    specs = [spec for result in results if not isinstance(result, CloudError) for spec in result]
    failure = next((result for result in results if isinstance(result, CloudError)), None)
    return PriceList({spec.instance_type: spec for spec in specs}, failure)


async def _tried(cloud: Cloud, region_id: str, kind: AcceleratorType) -> tuple[EcsSpec, ...] | CloudError:
    try:
        return await cloud.list_ecs_specs(region_id, kind)
    except CloudError as error:
        return error


def hourly_now(rows: Iterable[Costed]) -> dict[str, float]:
    """What those cost together that hold compute, per hour and by currency."""
    return _sums((row.price.currency, row.price.hourly) for row in rows if row.price and row.instance.status in HOLDING)


def estimated(rows: Iterable[Costed]) -> dict[str, float]:
    """What all of them cost so far, by currency."""
    return _sums((row.price.currency, row.estimate or 0.0) for row in rows if row.price)


def _sums(amounts: Iterable[tuple[str, float]]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, 0.0) + amount
    return {currency: round(amount, 2) for currency, amount in sums.items()}


def spot_note(rows: Iterable[Costed]) -> str | None:
    """What the prices of spot instances are, where there are any."""
    return tell("instances_spot") if any(row.spot for row in rows) else None


def currency_of_all(rows: Sequence[Costed]) -> str | None:
    """The currency, where there is only one."""
    currencies = {row.price.currency for row in rows if row.price}
    return currencies.pop() if len(currencies) == 1 else None
