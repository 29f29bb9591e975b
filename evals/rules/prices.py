"""The rule about prices: what a question says of money, held against the cloud's own list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evals.answers import spread
from evals.records import Question, Records, Request
from evals.rules.account import accounts

_FIGURE: Final = r"(\d[\d,]*(?:\.\d+)?)"
_CURRENCY: Final = r"([A-Z]{3})"
_MOST: Final = r"(?:at most |最多 )?"
_BEFORE: Final = rf"(?:{_FIGURE}(?: {_CURRENCY})?(?: ->)? )?{_MOST}"
_HOURLY: Final = tuple(
    re.compile(form)
    for form in (
        rf"(?<![\d.,]){_BEFORE}{_FIGURE} {_CURRENCY} (?:per hour|/ 小时)",
        rf"每小时 {_BEFORE}{_FIGURE} {_CURRENCY}",
    )
)
"""Each finds the price before and its currency, either of which may be absent, then price and currency."""
_OF_ANOTHER: Final = re.compile(
    r"^.*(?:may exist|可能已存在).*$|Spot, at most \S+ [A-Z]{3} per hour|每小时最多 \S+ [A-Z]{3}", re.MULTILINE
)
"""A line about what an earlier request may cost, and the limit of a spot instance."""
_WEEKLY: Final = re.compile(rf"(?:week|一周)(?: costs |费用：| ){_MOST}{_FIGURE} {_CURRENCY}")
_LIMIT: Final = re.compile(r"spot at most ([\d.]+) per hour")
"""How a row says what a spot instance costs at most."""
_HOURS_A_WEEK: Final = 168
_COSTS: Final = frozenset({"CreateInstance", "StartInstance"})


@dataclass(frozen=True, slots=True)
class Cost:
    """Per hour, in the cloud's currency; `before` is None where the machine stays the same, or had no price."""

    hourly: float
    currency: str
    before: float | None


def told_the_price(records: Records) -> Iterator[str]:
    """Who said yes to something that costs money had been shown its price per hour, which is the cloud's own."""
    for each in accounts(records):
        if each.question is None:
            continue
        cost = _cost_of(each.write, records)
        if "ResourceId" in each.write.parameters and any(_hourly(each.question.text)):
            yield f"{each.write.operation} (request {each.write.sequence}): what runs on a quota has no price per hour"
        if cost is not None:
            told = f"{each.write.operation} (request {each.write.sequence})"
            yield from (f"{told}: {problem}" for problem in _problems(each.question, cost, needed=_costs(each.write)))
    yield from _false_in_answers(records)


def _false_in_answers(records: Records) -> Iterator[str]:
    """A row about a machine has the price that the cloud has for it."""
    calls = {event.number: event for event in records.events if event.who == "call"}
    for answer in records.events:
        if answer.who != "answer" or answer.number not in calls:
            continue
        result = spread(answer.result)
        for row in [each for name in ("specs", "instances") for each in result.get(name, [])]:
            region_id = row.get("region_id") or calls[answer.number].arguments.get("region_id")
            spec = row.get("instance_type") or row.get("ecs_spec")
            price, told = records.prices.get(f"{region_id}/{spec}"), row.get("price_per_hour")
            if limit := _LIMIT.search(row.get("payment_type", "")):
                price = _at_most(price, limit[1])
            if price is not None and told is not None and not _equal(_number(str(told)), price):
                yield f"{answer.tool} (call {answer.number}) says {told} per hour for {spec}; it is {price}"


def shown_price(question: Question) -> float | None:
    """The highest price per hour that a question shows."""
    return max((found[2] for found in _hourly(question.text)), default=None)


def _costs(write: Request) -> bool:
    """Whether charges begin or change."""
    return write.operation in _COSTS or bool({"EcsSpec", "StartInstance"} & write.parameters.keys())


def _problems(question: Question, cost: Cost, *, needed: bool) -> Iterator[str]:
    shown = list(_hourly(question.text))
    if needed and not shown:
        yield f"the person was not shown {cost.hourly} {cost.currency} per hour"
    for before, before_currency, after, currency in shown:
        if not _equal(after, cost.hourly) or currency != cost.currency:
            yield f"the person was shown {after} {currency} per hour; it is {cost.hourly} {cost.currency}"
        wrong_currency = before_currency not in (None, cost.currency)
        if before is not None and (wrong_currency or not _equal(before, cost.before)):
            yield f"the person was shown {before} as the price before; it is {cost.before}"
    if needed and cost.before is not None and cost.before != cost.hourly and all(each[0] is None for each in shown):
        yield f"the person was not shown that it cost {cost.before} before"
    week = round(cost.hourly * _HOURS_A_WEEK, 2)
    for figure, currency in _WEEKLY.findall(question.text):
        if not _equal(_number(figure), week) or currency != cost.currency:
            yield f"the person was shown {figure} {currency} for a week; it is {week} {cost.currency}"


def _hourly(text: str) -> Iterator[tuple[float | None, str | None, float, str]]:
    """Every price per hour: before, its currency, after, its currency."""
    for form in _HOURLY:
        for before, before_currency, after, currency in form.findall(_OF_ANOTHER.sub("", text)):
            yield _number(before) if before else None, before_currency or None, _number(after), currency


def _number(figure: str) -> float:
    return float(figure.replace(",", ""))


def _equal(one: float, other: float | None) -> bool:
    return other is not None and abs(one - other) < 0.00005


def _cost_of(write: Request, records: Records) -> Cost | None:
    """What the cloud charges once this write is carried out; None for a stop, and for a machine without a price."""
    if write.operation == "StopInstance":
        return None
    before = _spec_before(write, records)
    limits = [spot.get("SpotPriceLimit") for spot in spots(write, records)]
    spec = write.parameters.get("EcsSpec") or before
    name = f"{write.region_id}/{spec}"
    if name not in records.prices:
        return None
    changes = write.operation == "UpdateInstance" and spec != before
    earlier = records.prices.get(f"{write.region_id}/{before}") if changes else None
    return Cost(
        _at_most(records.prices[name], limits[1]) or 0.0, records.currencies[name], _at_most(earlier, limits[0])
    )


def spots(write: Request, records: Records) -> tuple[dict[str, str], dict[str, str]]:
    """How the target is bought as spot, before the write and after it, as far as writes tell; empty if it is not."""
    ids = {row["InstanceName"]: row["InstanceId"] for row in records.instances}

    def target_of(each: Request) -> str:
        return str(each.parameters.get("InstanceId") or ids.get(each.parameters.get("InstanceName")))

    before: dict[str, str] = {}
    for earlier in records.writes():
        if earlier.sequence < write.sequence and earlier.applied and target_of(earlier) == target_of(write):
            before = _spot_after(earlier, before)
    return before, _spot_after(write, before)


def _spot_after(write: Request, before: dict[str, str]) -> dict[str, str]:
    if write.parameters.get("DisassociateSpot"):
        return {}
    return write.parameters.get("SpotSpec") or before


def _at_most(price: float | None, limit: str | None) -> float | None:
    return price if price is None or limit is None else min(price, float(limit))


def _spec_before(write: Request, records: Records) -> str | None:
    """The machine of the target as it was when the write arrived."""
    target = write.parameters.get("InstanceId")
    rows = [*records.instances, *records.instances_before]
    spec = next((row.get("EcsSpec") for row in reversed(rows) if row["InstanceId"] == target), None)
    for earlier in records.writes():
        if earlier.sequence < write.sequence and earlier.applied and earlier.parameters.get("InstanceId") == target:
            spec = earlier.parameters.get("EcsSpec", spec)
    return spec
