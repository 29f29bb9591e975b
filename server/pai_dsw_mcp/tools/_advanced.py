"""The arguments that come with the toolset `advanced`: spot, driver, tags, owner, start-up command."""

from contextlib import suppress
from ipaddress import IPv4Network
from typing import Annotated, Final, Literal, TypeAlias

import anyio
from pydantic import AfterValidator, Field

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.members import list_members
from pai_dsw_mcp.errors import InputError, PaiDswError, RefusedError
from pai_dsw_mcp.gate.caller import owner_of_caller
from pai_dsw_mcp.gate.outcome import ReadBack
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.model.catalogue import EcsSpec
from pai_dsw_mcp.model.change import Item, Meaning, Parameter, Sentence
from pai_dsw_mcp.model.instance import (
    AcceleratorType,
    Command,
    Instance,
    InstanceChanges,
    NewInstance,
    SpotSpec,
    SpotStrategy,
    UserCommand,
)
from pai_dsw_mcp.model.members import Member
from pai_dsw_mcp.model.sanitize import mask, sanitize
from pai_dsw_mcp.model.scrub import holds_secret
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.tools._arguments import NumberAsText, WantedLabel, rule
from pai_dsw_mcp.tools._disks import disk_warnings, show_disks
from pai_dsw_mcp.tools._render import number

_SECONDS: Final = 5.0
"""How long a change waits for a name that is only told."""


def _check_range(written: str) -> str:
    try:
        IPv4Network(written, strict=False)
    except ValueError:
        raise ValueError("a range of addresses looks like 192.168.0.0/16") from None
    return written


def _check_command(command: str) -> str:
    if any(not (each.isprintable() or each == "\n") for each in command):
        raise ValueError("lines of printable characters only; no tabs and no carriage returns")
    return command


Spot: TypeAlias = Annotated[SpotStrategy, Field(description="Cheaper; the service can take it back at any moment.")]
SpotPriceLimit: TypeAlias = Annotated[float, Field(ge=0.001, description="Per hour.")]
Driver: TypeAlias = Annotated[
    str,
    NumberAsText,
    rule(r"[0-9]{3}(\.[0-9]{1,4}){1,3}", "a driver looks like 535.54.03"),
    Field(description="NVIDIA, e.g. 535.54.03."),
]
ExtendedCidrs: TypeAlias = Annotated[
    list[Annotated[str, AfterValidator(_check_range)]], Field(max_length=20, description="Of the VPC.")
]
DefaultRoute: TypeAlias = Annotated[
    Literal["eth0", "eth1"], Field(description="To the internet: eth0 public gateway, eth1 through the VPC.")
]
Tags: TypeAlias = Annotated[list[WantedLabel], Field(max_length=20, description="For billing; not labels.")]
OwnerId: TypeAlias = Annotated[
    str,
    NumberAsText,
    rule("[0-9]{1,32}", "an id of a user has digits only, at most 32"),
    Field(description="Owner; only for workspace administrators."),
]
StartCommand: TypeAlias = Annotated[
    str, Field(max_length=2_000), AfterValidator(_check_command), Field(description="Shell, runs at each start.")
]

Remove: TypeAlias = Annotated[list[Literal["spot", "driver", "user_command"]], Field(description="Take away again.")]


def spot_of(strategy: SpotStrategy | None, price_limit: float | None) -> SpotSpec | None:
    """How a spot instance is bought.

    Raises:
        InputError: A limit that the strategy does not take, or none where it does.
    """
    if (price_limit is not None) != (strategy == "SpotWithPriceLimit"):
        raise InputError("spot_choice")
    return strategy and SpotSpec(
        spot_strategy=strategy, spot_price_limit=None if price_limit is None else number(price_limit)
    )


def command_of(command: str | None) -> UserCommand | None:
    """The start-up command as it is sent.

    Raises:
        InputError: It seems to hold a password or a key.
    """
    if command is not None and holds_secret(command):
        raise InputError("command_holds_secret")
    return None if command is None else UserCommand(on_start=Command(content=command))


def show_spot(spot: SpotSpec) -> tuple[Item, ...]:
    """How it is bought, in its parts."""
    limit = spot.spot_price_limit
    return (("SpotStrategy", spot.spot_strategy), *([("SpotPriceLimit", limit)] if limit else []))


def show_command(command: UserCommand) -> tuple[Item, ...]:
    """The command whole, line by line."""
    return tuple((line,) for line in command.on_start.content.split("\n"))


def advanced_parameters(new: NewInstance) -> tuple[Parameter, ...]:
    """What is sent of all this for a new instance."""
    shown = (
        ("CloudDisks", show_disks(new.cloud_disks)),
        ("SpotSpec", show_spot(new.spot_spec) if new.spot_spec else ()),
        ("Driver", new.driver or ()),
        ("Tag", tuple((each.key, each.value) for each in new.tag)),
        ("UserCommand", show_command(new.user_command) if new.user_command else ()),
        ("UserId", new.user_id or ()),
    )
    return tuple(Parameter(name=name, value=value) for name, value in shown if value)


def advanced_warnings(wanted: NewInstance | InstanceChanges, kind: AcceleratorType | None) -> tuple[Sentence, ...]:
    """What a disk costs, who becomes the owner, and when a command runs.

    Raises:
        RefusedError: A driver for an instance without a GPU.
    """
    if wanted.driver and kind == "CPU":
        raise RefusedError("driver_without_gpu")
    return (
        *(warning for each in wanted.cloud_disks or () for warning in disk_warnings(each.capacity, kind)),
        *([Sentence(key="warn_owner")] if wanted.user_id else []),
        *([Sentence(key="warn_command_runs")] if wanted.user_command else []),
    )


def check_spot(spot: SpotSpec | None, spec: EcsSpec | None) -> None:
    """Whether this spec can be had as spot, and the limit limits something.

    Raises:
        RefusedError: The spec cannot be had as spot now, or the limit is above the price of pay-as-you-go.
    """
    if spot is None or spec is None:
        return
    if not spec.available_as_spot:
        raise RefusedError("spot_sold_out", ecs_spec=spec.instance_type)
    if (values := _idle_limit(spot, spec)) is not None:
        raise RefusedError("spot_limit_too_high", kind=None, **values)


def limit_warnings(spot: SpotSpec | None, spec: EcsSpec | None) -> tuple[Sentence, ...]:
    """That the limit of a spot instance limits nothing with this spec."""
    values = _idle_limit(spot, spec) if spot and spec else None
    return () if values is None else (Sentence(key="warn_spot_limit_too_high", values=values),)


def _idle_limit(spot: SpotSpec, spec: EcsSpec) -> dict[str, str] | None:
    """The limit and the price of pay-as-you-go, where that is lower."""
    limit, price = spot.spot_price_limit, spec.hourly_price
    if limit is None or price is None or float(limit) <= price.hourly:
        return None
    return {"limit": limit, "price": number(price.hourly), "currency": price.currency}


def known_spot_warnings(spot: SpotSpec | None, spec: EcsSpec | None) -> tuple[Sentence, ...]:
    """What is said of an instance that is spot as far as this server knows."""
    if spot is None:
        return ()
    is_sold_out = spec is not None and not spec.available_as_spot
    values = {"ecs_spec": spec.instance_type if spec else ""}
    return (
        Sentence(key="warn_spot_known_from_here"),
        *([Sentence(key="warn_spot_no_stock", values=values)] if is_sold_out else []),
    )


async def meanings_of_owners(
    cloud: Cloud, region_id: str, workspace_id: str | None, *user_ids: str | None
) -> dict[str, Meaning]:
    """Who the members of a workspace are that have these ids, where that can be read in time."""
    wanted, members = [each for each in user_ids if each], dict[str, Member]()
    if wanted and workspace_id:
        with suppress(PaiDswError), anyio.move_on_after(_SECONDS):
            members = {each.user_id: each for each in await list_members(cloud, region_id, workspace_id)}
    return {each: _meaning_of_owner(members.get(each)) for each in wanted}


def owner_of_new(services: Services, user_id: str | None) -> str | None:
    """The owner that is asked for; where the operator wants it so, whoever asks.

    Raises:
        RefusedError: The token does not tell their user id, or another owner was asked for.
    """
    if services.owner_claim is None:
        return user_id
    owner = owner_of_caller(services.owner_claim)
    if user_id not in {None, owner}:
        raise RefusedError("owner_is_who_asks")
    return owner


def _meaning_of_owner(member: Member | None) -> Meaning:
    if member is None:
        return (Sentence(key="meaning_no_member"),)
    return (Sentence(key="meaning_name", values={"name": sanitize(member.display_name or member.member_name, 120)}),)


def owner_found(user_id: str, instance: Instance) -> ReadBack:
    """Who really owns it: where the caller's role does not suffice, the service ignores the wish without a word."""
    if instance.user_id is None:
        return ReadBack(is_so=False, told=say("owner_unread"))
    is_so = instance.user_id == user_id
    owner = mask(instance.user_name or instance.user_id)
    return ReadBack(is_so=is_so, told=say("owner_so" if is_so else "owner_not_so", owner=owner))
