"""Servers that are wrong about resource quotas."""

from typing import Any, Final

from evals.broken.asking import described
from evals.broken.bodies import with_body
from evals.broken.server import broken
from pai_dsw_mcp.gate.outcome import ReadBack
from pai_dsw_mcp.model.change import Change, Price
from pai_dsw_mcp.model.quota import Quota
from pai_dsw_mcp.tools import _compute, _read_back, instances
from pai_dsw_mcp.tools._quota_wish import Terms


def _says_nothing(_: object) -> tuple[()]:
    return ()


def _nothing(_: object) -> None:
    return None


async def _nowhere(*_: object) -> tuple[None, None]:
    return None, None


def _as_approved(*_: object) -> ReadBack:
    return ReadBack(is_so=True, told="It has the share that was approved.")


def _without_unit(body: dict[str, Any]) -> dict[str, Any]:
    share = body["RequestedResource"]
    return {**body, "RequestedResource": {**share, "Memory": share["Memory"].removesuffix("GB")}}


def _with_a_price(change: Change) -> Change:
    return change.model_copy(update={"price": Price(hourly=1.0, currency="CNY")})


QUOTAS: Final = (
    with_body("sends memory without its unit", "create-on-a-quota", _without_unit),
    with_body(
        "leaves the network of the quota out",
        "create-on-a-quota",
        lambda body: {name: value for name, value in body.items() if name != "UserVpc"},
    ),
    broken(
        "does not say what is taken of a quota",
        "told_the_share",
        "create-on-a-quota",
        (Terms, Terms.figures, _says_nothing),
    ),
    broken(
        "says that all of a quota is free",
        "told_the_share",
        "create-on-a-quota",
        (Quota, Quota.free, Quota.total),
    ),
    broken(
        "shows a price per hour for what runs on a quota",
        "told_the_price",
        "create-on-a-quota",
        *described(_with_a_price),
    ),
    broken(
        "does not look whether a quota is large enough",
        "effort",
        "create-larger-than-the-quota",
        (_compute, _compute.check_quota, _nothing),
    ),
    broken(
        "hides the place in the queue of a quota",
        "script",
        "wait-in-the-queue-of-a-quota",
        (instances, instances.place_in_queue, _nowhere),
    ),
    broken(
        "says that a share has changed although the service kept the old one",
        "script",
        "update-share-dropped",
        (_read_back, _read_back.share_found, _as_approved),
    ),
)
