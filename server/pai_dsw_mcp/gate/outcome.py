"""The results of writing tools: the change that was shown, who answered, and its outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.approval.quoting import quoted
from pai_dsw_mcp.journal.clock import local_time
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.value import OURS
from pai_dsw_mcp.texts.render import say

Status: TypeAlias = Literal[
    "done", "partly_done", "nothing_to_do", "approval_needed", "approved", "declined", "unknown"
]


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What reading the target again after a change found: whether everything is as it was approved, in words."""

    is_so: bool
    told: str


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


class FollowUp(BaseModel):
    """What became of one change that the same yes covered; the message says what was not as it should be."""

    tool: str
    region_id: str
    instance_name: str
    instance_id: str | None = None
    status: Status | Literal["refused"]
    message: str | None = None

    @classmethod
    def of(cls, change: Change, status: Status | Literal["refused"], message: str | None = None) -> "FollowUp":
        """The outcome of this change."""
        return cls(
            tool=change.action,
            region_id=change.region_id,
            instance_name=change.target_name,
            instance_id=change.target_id,
            status=status,
            message=message,
        )

    @property
    def is_well(self) -> bool:
        """Whether nothing is left to do."""
        return self.status in {"done", "nothing_to_do"}


class WriteResult(BaseModel):
    """The structured result of every tool that changes something.

    `answered_by` and `answered_at` tell of the person's yes or no, `feedback` their words. An unknown outcome is known
    `known_by` that time at the latest; `check_again_in` is in seconds. `card` is for the card that a client draws, and
    stands beside the structured result, where models do not read.
    """

    status: Status
    message: Annotated[str, OURS]
    instance_id: str | None = None
    workspace_id: str | None = None
    instance_status: str | None = None
    follow_ups: list[FollowUp] | None = None
    change: ShownChange | None = None
    approve_url: str | None = None
    reference: str | None = None
    answered_by: str | None = None
    answered_at: str | None = None
    feedback: str | None = None
    check_again_in: int | None = None
    known_by: str | None = None
    card: SkipJsonSchema[Annotated[dict[str, Any] | None, Field(exclude=True)]] = None


def shown(change: Change, reference: str | None = None) -> ShownChange:
    """The change as a person reads it, without the fields that only the gate needs."""
    text = describe(reference, change, "en")
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
        price_per_week=round(change.price.weekly, 2) if change.price else None,
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
    """The target under the name of its kind."""
    match change.spec.target:
        case "instance":
            return {"instance_name": change.target_name, "instance_id": change.target_id}
        case "workspace":
            return {"workspace_name": change.target_name}
        case "member":  # pragma: no branch  # there are no other kinds, and pyright knows
            return {"member_name": change.target_name, "workspace_name": change.workspace_name}


def result(
    status: Status,
    key: str,
    /,
    *,
    change: Change | None = None,
    approval: Approval | None = None,
    instance_id: str | None = None,
    workspace_id: str | None = None,
    instance_status: str | None = None,
    approve_url: str | None = None,
    reference: str | None = None,
    check_again_in: int | None = None,
    known_by: str | None = None,
    follow_ups: Sequence[FollowUp] = (),
    before: str = "",
    after: str = "",
    **values: object,
) -> WriteResult:
    """A result whose message is the text `key` of `texts`, with the change and the approval it is about.

    `before` and `after` are put around the text, which may use the id of the target: that of the change by default.
    """
    change = change or (approval.change if approval else None)
    reference = reference or (approval.reference if approval else None)
    if change is not None:
        instance_id = instance_id or change.target_id if change.spec.target == "instance" else None
        workspace_id = workspace_id or change.target_id if change.spec.target == "workspace" else None
    return WriteResult(
        status=status,
        message=f"{before}{say(key, instance_id=instance_id, workspace_id=workspace_id, **values)}{after}",
        change=shown(change, reference) if change else None,
        instance_id=instance_id,
        workspace_id=workspace_id,
        instance_status=instance_status,
        approve_url=approve_url,
        reference=reference,
        answered_by=approval.decided_channel if approval else None,
        answered_at=local_time(approval.decided_at) if approval and approval.decided_at else None,
        feedback=approval.feedback if approval else None,
        check_again_in=check_again_in,
        known_by=known_by,
        follow_ups=list(follow_ups) or None,
    )


def answered(approval: Approval) -> str:
    """How and when a person answered: the channel, their name if known, the local time; empty where nobody did."""
    name = f" {quoted(approval.decided_by)}" if approval.decided_by else ""
    return f" ({approval.decided_channel}{name}, {local_time(approval.decided_at)})" if approval.decided_at else ""


def with_words(told: WriteResult, words: str | None) -> WriteResult:
    """The result with the person's words, where it does not tell them yet: no decision may have recorded them."""
    if not words or words == told.feedback:
        return told
    said = say("declined_words" if told.status == "declined" else "result_note", feedback=words)
    both = " ".join(filter(None, (told.feedback, words)))
    return told.model_copy(update={"message": f"{told.message}\n{said}", "feedback": both})


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


def declined(approval: Approval, key: str, *, wait: int | None = None) -> WriteResult:
    """The answer once somebody said no, with their words where there are any; `wait` is in seconds."""
    advice = ""
    if approval.state == "rejected":
        advice = f" {say('declined_words' if approval.feedback else 'declined_silent', feedback=approval.feedback)}"
    return result(
        "declined",
        key,
        approval=approval,
        answered=answered(approval),
        after=advice,
        wait=wait,
    )
