"""Answers that leave something out, or say one thing in the text and another in the structure."""

# What is broken is private to a module or a class.
# pyright: reportPrivateUsage=false

import re
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, cast

from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult

from evals.broken.server import Patch, broken
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.gate import context, gate, permit
from pai_dsw_mcp.gate.done import done
from pai_dsw_mcp.gate.outcome import WriteResult, declined
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.tools import _specs, _tool, instances
from pai_dsw_mcp.tools._arguments import given
from pai_dsw_mcp.tools._costs import Costed, hourly_now
from pai_dsw_mcp.tools._regions import InRegions
from pai_dsw_mcp.tools._render import text_of, tidy
from pai_dsw_mcp.tools._specs import Found, SpecWish, nearest_specs

_PRICE: Final = re.compile(r"(?<=\|)\d+\.\d+(?=\|)")


def done_by_nobody(approval: Approval, target_id: str | None, *_: object) -> WriteResult:
    """Who said yes is left out."""
    return done(approval.model_copy(update={"decided_channel": None}), target_id)


def declined_without_words(approval: Approval, key: str) -> WriteResult:
    """What the person wrote beside the no is left out."""
    return declined(approval.model_copy(update={"feedback": None}), key)


def without_words(told: WriteResult, _words: str | None) -> WriteResult:
    """What the person wrote beside the answer is not added either."""
    return told


def with_other_prices(shown: Mapping[str, Any], ours: Container[str] = (), always: Container[str] = ()) -> str:
    """A text with other prices than its structure."""
    return _PRICE.sub("0.01", text_of(shown, ours, always))


def half_price(value: Any) -> Any:
    """Every price per hour is half of what it is, in both forms."""
    if isinstance(value, list):
        return [half_price(each) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return {name: part / 2 if name == "price_per_hour" else half_price(part) for name, part in fields.items()}
    return tidy(value)


async def no_other_creates(*_: object) -> tuple[()]:
    """Nothing else is on its way."""
    return ()


def all_of_them(arguments: dict[str, Any], _optional: Container[str]) -> dict[str, Any]:
    """Null and nothing are values like any other."""
    return arguments


def _refusing(is_wrong: Callable[[dict[str, Any]], bool]) -> Patch:
    """Some arguments are refused that others take."""

    def taken(arguments: dict[str, Any], optional: AbstractSet[str]) -> dict[str, Any]:
        if is_wrong(arguments):
            raise ToolError("This argument is not as it should be.")
        return given(arguments, optional)

    return _tool, given, taken


async def nearest_of_all(cloud: Cloud, asked: Collection[str], offered: Sequence[Found], wish: SpecWish) -> str:
    """Whether what is named can be had is not looked at."""
    every = [(region_id, spec.model_copy(update={"is_available": True})) for region_id, spec in offered]
    return await nearest_specs(cloud, asked, every, wish)


def half_of_it(rows: Iterable[Costed]) -> dict[str, float]:
    """What all of it costs is said to be half as much."""
    return {currency: cost / 2 for currency, cost in hourly_now(rows).items()}


def unmarked(told: CallToolResult) -> CallToolResult:
    """An answer of an emulator like one of the cloud."""
    return told


ANSWERING: Final = (
    broken(
        "does not say who approved",
        "told_who_answered",
        "stop-and-wait",
        (permit, permit.done, done_by_nobody),
    ),
    broken(
        "leaves out what the person wrote",
        "told_who_answered",
        "stop-declined",
        (gate, gate.declined, declined_without_words),
        (gate, gate.with_words, without_words),
    ),
    broken(
        "says another price in the text than in the structure",
        "text_and_structure_agree",
        "find-cheapest-a10",
        (_tool, _tool.text_of, with_other_prices),
    ),
    broken(
        "lists a machine at half its price",
        "told_the_price",
        "find-cheapest-a10",
        (_tool, _tool.tidy, half_price),
    ),
    broken(
        "does not warn of a create whose outcome is unknown",
        "told",
        "recover-unknown-create-beside-another",
        (context, context._other_creates, no_other_creates),
    ),
    broken(
        "takes null for a value",
        "script",
        "find-with-numbers-and-nothing",
        (_tool, _tool.given, all_of_them),
    ),
    broken(
        "refuses an id that is a number",
        "script",
        "find-with-numbers-and-nothing",
        _refusing(lambda arguments: isinstance(arguments.get("workspace_id"), int)),
    ),
    broken(
        "refuses to look for a name with a hyphen",
        "script",
        "find-name-with-a-hyphen",
        _refusing(lambda arguments: "-" in str(arguments.get("instance_name"))),
    ),
    broken(
        "hides a region that could not be read",
        "told",
        "find-what-runs-and-costs",
        (InRegions, InRegions.not_read, property(lambda _: None)),
    ),
    broken(
        "says that all of it costs half as much",
        "script",
        "find-what-runs-and-costs",
        (instances, instances.hourly_now, half_of_it),
    ),
    broken(
        "names a machine instead that is sold out as well",
        "script",
        "create-sold-out-then-another",
        (_specs, _specs.nearest_specs, nearest_of_all),
    ),
    broken(
        "does not say that an emulator answers",
        "marked_the_emulator",
        "find-cpu-image",
        (_tool, _tool._marked, unmarked),
    ),
)
