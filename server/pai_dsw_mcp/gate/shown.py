"""The change in a result: as a person was shown it, field by field."""

from pydantic import BaseModel

from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.model.change import Change


class ShownParameter(BaseModel):
    """One parameter that is sent; `default` marks what nobody asked for."""

    name: str
    value: str
    before: str | None = None
    default: bool | None = None


class ShownFollowUp(BaseModel):
    """A change that the same yes covers."""

    tool: str
    region_id: str
    instance_name: str
    instance_id: str | None = None
    parameters: str | None = None
    warnings: str | None = None


class ShownChange(BaseModel):
    """The change as a person was, or will be, shown it."""

    action: str
    region_id: str
    instance_name: str | None = None
    instance_id: str | None = None
    workspace_name: str | None = None
    member_name: str | None = None
    parameters: list[ShownParameter]
    price_per_hour: float | None = None
    price_per_week: float | None = None
    currency: str | None = None
    warnings: list[str] = []
    then: list[ShownFollowUp] | None = None


def shown(change: Change, reference: str | None = None) -> ShownChange:
    """The change as a person reads it, without the fields that only the gate needs.

    What a timer stops has no price per week, because it does not run for one.
    """
    text = describe(reference, change, "en")
    is_ended = text.cost is not None and text.cost.span == "timer"
    return ShownChange(
        action=change.action,
        region_id=change.region_id,
        **_names(change),
        parameters=[
            ShownParameter(
                name=row.name,
                value=row.told_as_field(row.values),
                before=None if row.before is None else row.told_as_field(row.before) or "-",
                default=row.is_default or None,
            )
            for row in text.parameters
        ],
        price_per_hour=change.price.hourly if change.price else None,
        price_per_week=round(change.price.weekly, 2) if change.price and not is_ended else None,
        currency=change.price.currency if change.price else None,
        warnings=[*filter(None, (text.spot_line,)), *text.warnings],
        then=[
            ShownFollowUp(
                tool=each.action,
                region_id=each.region_id,
                instance_name=each.target_name,
                instance_id=each.target_id,
                parameters="; ".join(f"{row.name}: {', '.join(map(row.told, row.values))}" for row in told.details)
                or None,
                warnings=" ".join(told.warnings) or None,
            )
            for each, told in zip(change.then, text.then, strict=True)
        ]
        or None,
    )


def _names(change: Change) -> dict[str, str | None]:
    """The target under the name of its kind; a batch has none of its own."""
    if change.spec.is_batch:
        return {}
    match change.spec.target:
        case "instance":
            return {"instance_name": change.target_name, "instance_id": change.target_id}
        case "workspace":
            return {"workspace_name": change.target_name}
        case "member":  # pragma: no branch  # there are no other kinds, and pyright knows
            return {"member_name": change.target_name, "workspace_name": change.workspace_name}
