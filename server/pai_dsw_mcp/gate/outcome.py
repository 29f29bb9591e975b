"""The results of writing tools: the change that was shown, and its outcome."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel

from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.value import OURS
from pai_dsw_mcp.texts.render import say

Status: TypeAlias = Literal["done", "nothing_to_do", "approval_needed", "declined", "unknown"]


class ShownParameter(BaseModel):
    """One parameter that is sent; `default` marks what nobody asked for."""

    name: str
    value: str
    before: str | None = None
    default: bool | None = None


class ShownChange(BaseModel):
    """The change as a person was, or will be, shown it."""

    action: str
    region_id: str
    instance_name: str
    instance_id: str | None = None
    parameters: list[ShownParameter]
    price_per_hour: float | None = None
    price_per_week: float | None = None
    currency: str | None = None
    warnings: list[str] = []


class WriteResult(BaseModel):
    """The structured result of every tool that changes something."""

    status: Status
    message: Annotated[str, OURS]
    instance_id: str | None = None
    instance_status: str | None = None
    change: ShownChange | None = None
    approve_url: str | None = None
    reference: str | None = None
    feedback: str | None = None


def shown(change: Change) -> ShownChange:
    """The change as a person reads it, without the fields that only the gate needs."""
    text = describe(None, change, "en")
    return ShownChange(
        action=change.action,
        region_id=change.region_id,
        instance_name=change.target_name,
        instance_id=change.target_id,
        parameters=[
            ShownParameter(
                name=row.name,
                value="; ".join(map(row.told, row.values)),
                before=None if row.before is None else "; ".join(map(row.told, row.before)) or "-",
                default=row.is_default or None,
            )
            for row in text.parameters
        ],
        price_per_hour=change.price.hourly if change.price else None,
        price_per_week=round(change.price.weekly, 2) if change.price else None,
        currency=change.price.currency if change.price else None,
        warnings=list(text.warnings),
    )


def result(
    status: Status,
    key: str,
    /,
    *,
    change: Change | None = None,
    instance_id: str | None = None,
    instance_status: str | None = None,
    approve_url: str | None = None,
    reference: str | None = None,
    feedback: str | None = None,
    before: str = "",
    after: str = "",
    **values: object,
) -> WriteResult:
    """A result whose message is the text `key` of `texts`, with the change it is about.

    `before` and `after` are put around the text, which may use `instance_id`: the target of the change by default.
    """
    instance_id = instance_id or (change.target_id if change else None)
    return WriteResult(
        status=status,
        message=f"{before}{say(key, instance_id=instance_id, **values)}{after}",
        change=shown(change) if change else None,
        instance_id=instance_id,
        instance_status=instance_status,
        approve_url=approve_url,
        reference=reference,
        feedback=feedback,
    )


def done(change: Change, target_id: str | None) -> WriteResult:
    """The answer once a change was carried out."""
    return result(
        "done",
        f"done_{change.action}",
        change=change,
        instance_id=target_id,
        instance_status=change.spec.status_after,
        instance_name=change.target_name,
    )


def nothing_to_do(key: str, instance: Instance, *, owner: str | None = None, after: str = "") -> WriteResult:
    """The result when the instance already is as requested; `owner` is masked."""
    return result(
        "nothing_to_do",
        key,
        instance_id=instance.instance_id,
        instance_status=instance.status,
        instance_name=instance.instance_name,
        status=instance.status,
        owner=owner or "-",
        after=after,
    )


def declined(approval: Approval, key: str) -> WriteResult:
    """The answer once somebody said no."""
    return result("declined", key, change=approval.change, feedback=approval.feedback, reference=approval.reference)
