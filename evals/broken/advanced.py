"""Servers that are wrong about disks, spot instances, owners and start-up commands."""

from typing import Any, Final

from evals.broken.bodies import with_body
from evals.broken.server import broken
from pai_dsw_mcp.approval import describe
from pai_dsw_mcp.gate.outcome import ReadBack
from pai_dsw_mcp.model.catalogue import EcsSpec
from pai_dsw_mcp.model.change import Item, Price
from pai_dsw_mcp.model.instance import SpotSpec, UserCommand
from pai_dsw_mcp.tools import _advanced, _compute, _differences, create_instance, start_stop, update_instance


def _without_limit(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "SpotSpec": {"SpotStrategy": body["SpotSpec"]["SpotStrategy"]}}


def _larger(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "CloudDisks": [{"Capacity": "500Gi", "SubType": "rootfs"}]}


async def _nowhere(*_: object) -> dict[str, SpotSpec]:
    return {}


def _list_price(spec: EcsSpec, _: SpotSpec | None) -> Price | None:
    return spec.hourly_price


def _none(*_: object) -> None:
    return None


def _false(_: str) -> bool:
    return False


def _as_wished(*_: object) -> ReadBack:
    return ReadBack(is_so=True, told="The owner is as it was approved.")


def _first_line(command: UserCommand) -> tuple[Item, ...]:
    return ((command.on_start.content.partition("\n")[0],),)


ADVANCED: Final = (
    with_body("drops the limit of a spot instance", "advanced-spot-with-a-limit", _without_limit),
    broken(
        "does not say that a spot instance can be taken back",
        "told_the_terms_of_spot",
        "advanced-spot-with-a-limit",
        (describe, describe._spot_line, _none),  # pyright: ignore[reportPrivateUsage]
    ),
    broken(
        "shows the price of pay-as-you-go beside a lower limit",
        "told_the_price",
        "advanced-spot-with-a-limit",
        (_compute, _compute.price_of, _list_price),
    ),
    broken(
        "does not say at a later start that the instance is spot",
        "told_the_terms_of_spot",
        "advanced-spot-is-started-again",
        (start_stop, start_stop.known_spots, _nowhere),
    ),
    broken(
        "does not look whether there is a machine for spot",
        "script",
        "advanced-spot-that-cannot-be-had",
        (_compute, _compute.check_spot, _none),
    ),
    broken(
        "says that the owner is set although it was ignored",
        "told_the_real_owner",
        "advanced-owner-that-is-ignored",
        (create_instance, create_instance.owner_found, _as_wished),
    ),
    with_body("orders a larger disk than was shown", "advanced-larger-disk", _larger),
    broken(
        "takes an instance with a smaller disk for the same",
        "script",
        "advanced-same-name-with-another-disk",
        (_differences, _differences._ADVANCED, ()),  # pyright: ignore[reportPrivateUsage]
    ),
    broken(
        "asks for a smaller disk",
        "script",
        "advanced-smaller-disk",
        (update_instance, update_instance.check_compute, _none),
    ),
    broken(
        "lets a password into a start-up command",
        "script",
        "advanced-command-with-a-password",
        (_advanced, _advanced.holds_secret, _false),
    ),
    broken(
        "shows the first line of a start-up command",
        "the_yes_was_for_what_was_sent",
        "advanced-command-at-the-start",
        (_advanced, _advanced.show_command, _first_line),
    ),
)
