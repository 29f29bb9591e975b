"""Servers whose limits do not hold, and sums that are none."""

# What is broken is private to a module or a class.
# pyright: reportPrivateUsage=false

from collections.abc import Iterable, Iterator
from typing import Final

from evals.broken.server import broken
from pai_dsw_mcp.cloud import calls
from pai_dsw_mcp.gate import budget, permit
from pai_dsw_mcp.gate.budget import Budget
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.model.change import Change, Load
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.tools import _costs, clear_auto_stop

_in_regions = budget._instances_by_region


async def not_checked_again(*_: object) -> None:
    """What runs is counted before the question alone."""


async def only_what_is_listed(*_: object) -> dict[str, Instance]:
    """What was just sent is not read by id."""
    return {}


def nothing_unseen(*_: object) -> Iterator[tuple[Change, Load]]:
    """What the journal says was sent is not counted."""
    return iter(())


async def in_one_region(services: Services, region_id: str) -> dict[str, list[Instance]]:
    """The second region is forgotten."""
    found = await _in_regions(services, region_id)
    return {region_id: found[region_id]}


def in_one_currency(amounts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """All amounts as if they were in the first currency."""
    listed = list(amounts)
    return {listed[0][0]: round(sum(amount for _, amount in listed), 2)} if listed else {}


async def never_longer(*_: object) -> None:
    """That an instance runs on is not counted."""


def until_midnight(_load: Load, left: float) -> float:
    """What stops itself is counted for the whole day."""
    return left


def anywhere(*_: object) -> None:
    """Only the tools would know which regions are allowed."""


LIMITS: Final = (
    broken(
        "does not count again when it carries out",
        "requests",
        "cost-limit-taken-after-the-yes",
        (permit, permit.budget_for, not_checked_again),
    ),
    broken(
        "does not count what was just sent",
        "requests",
        "cost-limit-while-the-list-lags",
        (budget, budget.targets_of, only_what_is_listed),
        (Budget, Budget._unseen, nothing_unseen),
    ),
    broken(
        "forgets the second region",
        "requests",
        "cost-limit-counts-the-second-region",
        (budget, budget._instances_by_region, in_one_region),
    ),
    broken(
        "lets an instance run on past the day's budget",
        "requests",
        "cost-limit-past-the-automatic-stop",
        (clear_auto_stop, clear_auto_stop.load_if_longer, never_longer),
    ),
    broken(
        "counts until midnight what stops itself before",
        "requests",
        "cost-until-the-automatic-stop",
        (budget, budget._hours_of, until_midnight),
    ),
    broken(
        "adds up amounts in different currencies",
        "script",
        "cost-in-two-currencies",
        (_costs, _costs._sums, in_one_currency),
    ),
    broken(
        "asks any region",
        "requests",
        "cost-region-not-allowed",
        (calls, calls.check_request, anywhere),
    ),
)
