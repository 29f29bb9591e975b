"""Questions that are wrong about money."""

from collections.abc import Callable
from typing import Any, Final

from evals.broken.asking import described
from evals.broken.server import Patch, broken
from pai_dsw_mcp.approval import describe as describing
from pai_dsw_mcp.model.change import Change, Parameter, Price, Sentence
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.texts.text import Language
from pai_dsw_mcp.tools import start_stop


def without_price(change: Change) -> Change:
    """As if an update cost nothing."""
    return _told(change, None, None)


def old_price(change: Change) -> Change:
    """The price that was, for the one that will be."""
    return _told(change, change.price_before or change.price, None)


def other_currency(change: Change) -> Change:
    """The same figure in dollars."""
    price = change.price and Price(hourly=change.price.hourly, currency="USD")
    return _told(change, price, change.price_before)


def turned_round(change: Change) -> Change:
    """What is now as what will be, and what will be as what is now."""
    turned = tuple(_turned(each) for each in change.parameters)
    return _told(change.model_copy(update={"parameters": turned}), change.price_before or change.price, change.price)


def without_auto_stop(change: Change) -> Change:
    """As if it would be forgotten for a week."""
    load = change.load and change.load.model_copy(update={"stops_after": None})
    return change.model_copy(update={"load": load})


def free_disk(*_: object) -> tuple[Sentence, ...]:
    """As if a disk of any size were free."""
    return ()


def _turned(parameter: Parameter) -> Parameter:
    if parameter.before is None:
        return parameter
    return parameter.model_copy(update={"value": parameter.before, "before": parameter.value})


def _told(change: Change, price: Price | None, before: Price | None) -> Change:
    warnings = tuple(each for each in change.warnings if "price" not in each.key)
    return change.model_copy(update={"price": price, "price_before": before, "warnings": warnings})


def _saying(change: Callable[[str], str]) -> Patch:
    """The line about the price in other words."""

    def speak(key: str, language: Language = "en", **values: Any) -> str:
        said = say(key, language, **values)
        return change(said) if key.startswith("price_line_") else said

    return describing, describing.say, speak


MONEY: Final = (
    broken(
        "hides the price of an update",
        "told_the_price",
        "update-the-one-that-was-named",
        *described(without_price),
    ),
    broken(
        "shows the old price of an update",
        "told_the_price",
        "update-the-one-that-was-named",
        *described(old_price),
    ),
    broken(
        "shows an update the wrong way round",
        "the_yes_was_for_what_was_sent",
        "update-the-one-that-was-named",
        *described(turned_round),
    ),
    broken(
        "shows the price in another currency",
        "told_the_price",
        "create-cpu-notebook",
        *described(other_currency),
    ),
    broken(
        "shows the price of a month for that of an hour",
        "told_the_price",
        "create-cpu-notebook",
        _saying(lambda said: said.replace("per hour", "per month")),
    ),
    broken(
        "shows a lower price beside the right one",
        "told_the_price",
        "create-cpu-notebook",
        _saying(lambda said: f"0.01 CNY per hour (elsewhere {said})"),
    ),
    broken(
        "shows the price of a week for what stops itself",
        "told",
        "cost-until-the-automatic-stop",
        *described(without_auto_stop),
    ),
    broken(
        "does not say that a disk is charged while its instance is stopped",
        "told",
        "cost-stop-with-a-charged-disk",
        (start_stop, start_stop.disk_warnings, free_disk),
    ),
)
