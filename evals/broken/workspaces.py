"""Servers that are wrong about workspaces, members and batches."""

# What is broken is private to a module or a class.
# pyright: reportPrivateUsage=false

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, cast

from evals.broken.sending import send_and_try_again
from evals.broken.server import broken
from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.gate.outcome import ReadBack
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.model.members import NewMembers
from pai_dsw_mcp.model.workspace import Product, Values
from pai_dsw_mcp.model.writes import Request, WriteSpec
from pai_dsw_mcp.tools import create_workspace, workspace_changes

_send = Writer.send
_compared = workspace_changes.compared
_values: Final = cast("property", vars(create_workspace._Create)["values"])
_name_kind: Final = cast("property", vars(Change)["name_kind"])
_SOMEBODY_ELSE: Final = "200000000000000005"


async def _nothing(*_: object) -> tuple[()]:
    return ()


async def _not_taken(*_: object) -> bool:
    return False


async def _bought(*_: object) -> Product:
    return Product(product_code="PAI_share", is_purchased=True)


def _left_in(_approval: Approval, _follow_up: Change) -> bool:
    return True


def _as_wished(wanted: Mapping[str, Values], _found: Mapping[str, Values]) -> ReadBack:
    """Believes the service instead of looking."""
    return _compared(wanted, wanted)


async def _send_backwards(
    writer: Writer, spec: WriteSpec, region_id: str, target_id: str | None, requests: tuple[Request, ...]
) -> str | None:
    return await _send(writer, spec, region_id, target_id, requests[::-1])


async def _add_another(
    writer: Writer, spec: WriteSpec, region_id: str, target_id: str | None, requests: tuple[Request, ...]
) -> str | None:
    """Adds somebody who was not named."""
    return await _send(writer, spec, region_id, target_id, tuple(map(_with_another, requests)))


def _with_another(request: Request) -> Request:
    body = request.body
    assert isinstance(body, NewMembers)
    members = tuple(each.model_copy(update={"user_id": _SOMEBODY_ELSE}) for each in body.members)
    return replace(request, body=NewMembers(members=members))


def _without_the_mode(wish: Any) -> dict[str, Values]:
    values: dict[str, Values] = _values.__get__(wish)
    return {name: value for name, value in values.items() if name != "EnvTypes"}


def _no_name(change: Change) -> str | None:
    kind: str | None = _name_kind.__get__(change)
    return None if kind == "member" else kind


WORKSPACES: Final = (
    broken(
        "makes a workspace once more where no reply came",
        "never_created_twice",
        "workspace-reply-lost",
        (Writer, Writer.send, send_and_try_again),
    ),
    broken(
        "does not look whether a workspace is there",
        "effort",
        "workspace-name-is-there-already",
        (create_workspace, create_workspace.workspaces_named, _nothing),
        (create_workspace, create_workspace.is_name_taken, _not_taken),
    ),
    broken(
        "asks for a workspace where PAI is not activated",
        "effort",
        "workspace-needs-pai-activated",
        (create_workspace, create_workspace.pai_product, _bought),
    ),
    broken(
        "does not show the mode of a workspace",
        "the_yes_was_for_what_was_sent",
        "workspace-for-a-new-team",
        (create_workspace._Create, _values, property(_without_the_mode)),
    ),
    broken(
        "believes that settings changed",
        "told_what_really_changed",
        "workspace-update-dropped",
        (workspace_changes, workspace_changes.compared, _as_wished),
    ),
    broken(
        "takes roles before it gives others",
        "gave_before_it_took",
        "members-roles-change-giving-first",
        (Writer, Writer.send, _send_backwards),
    ),
    broken(
        "adds another person",
        "the_yes_was_for_what_was_sent",
        "members-one-is-added",
        (Writer, Writer.send, _add_another),
    ),
    broken(
        "removes a member without their name",
        "asked_a_fair_question",
        "members-one-is-removed",
        (Change, _name_kind, property(_no_name)),
    ),
    broken(
        "stops what was struck out",
        "the_yes_was_for_what_was_sent",
        "batch-one-is-struck-out",
        (Approval, Approval.covers, _left_in),
    ),
)
