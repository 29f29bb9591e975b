"""The results of writing tools: the change that was shown, who answered, and its outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from pai_dsw_mcp.approval.quoting import quoted
from pai_dsw_mcp.gate.shown import ShownChange, shown
from pai_dsw_mcp.journal.clock import local_time
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.value import ALWAYS_A_FACT, OURS
from pai_dsw_mcp.texts.render import say

Status: TypeAlias = Literal[
    "done", "partly_done", "nothing_to_do", "approval_needed", "approved", "declined", "unknown"
]


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What reading the target again after a change found: whether everything is as it was approved, in words."""

    is_so: bool
    told: str


class FollowUp(BaseModel):
    """What became of one change that the same yes covered; the message says what was not as it should be.

    `remedy` is what mends a refusal. The message of the whole answer tells it, once for all that it mends. `told_name`
    is what that message calls the instance.
    """

    tool: str
    region_id: str
    instance_name: str
    instance_id: str | None = None
    status: Status | Literal["refused"]
    message: str | None = None
    remedy: SkipJsonSchema[Annotated[str | None, Field(exclude=True)]] = None
    told_name: SkipJsonSchema[Annotated[str, Field(exclude=True)]] = ""

    @classmethod
    def of(
        cls,
        change: Change,
        status: Status | Literal["refused"],
        message: str | None = None,
        remedy: str | None = None,
    ) -> "FollowUp":
        """The outcome of this change."""
        return cls(
            tool=change.action,
            region_id=change.region_id,
            instance_name=change.target_name,
            instance_id=change.target_id,
            status=status,
            message=message,
            remedy=remedy,
            told_name=change.told_name,
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
    feedback: Annotated[str | None, ALWAYS_A_FACT] = None
    check_again_in: int | None = None
    known_by: str | None = None
    card: SkipJsonSchema[Annotated[dict[str, Any] | None, Field(exclude=True)]] = None


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
    change = change or (approval.covered if approval else None)
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
        answered_at=_minute(approval.decided_at) if approval and approval.decided_at else None,
        feedback=approval.feedback if approval else None,
        check_again_in=check_again_in,
        known_by=known_by,
        follow_ups=list(follow_ups) or None,
    )


def answered(approval: Approval) -> str:
    """How and when a person answered: the channel, their name if known, the local time; empty where nobody did."""
    name = f" {quoted(approval.decided_by)}" if approval.decided_by else ""
    return f" ({approval.decided_channel}{name}, {_minute(approval.decided_at)})" if approval.decided_at else ""


def _minute(moment: float) -> str:
    return local_time(moment, "minutes")


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


def declined(approval: Approval, key: str) -> WriteResult:
    """The answer once somebody said no, with their words where there are any."""
    advice = ""
    if approval.state == "rejected":
        by_client = "declined_by_the_client" if approval.decided_channel == "form" else "declined_silent"
        advice = f" {say('declined_words' if approval.feedback else by_client, feedback=approval.feedback)}"
    return result(
        "declined",
        key,
        approval=approval,
        answered=answered(approval),
        after=advice,
    )


def declined_before(rejected: Approval, when: str, *, is_pause: bool) -> WriteResult:
    """The answer to the same call again after a no or a closed form.

    `when` says in words how long nobody is asked: about this change, or during a pause about any.
    """
    words = "declined_words_in_pause" if is_pause else "declined_words"
    advice = say(words if rejected.feedback else "declined_ask_first", feedback=rejected.feedback)
    return result(
        "declined",
        "result_closed_before" if rejected.is_only_closed else "result_declined_before",
        approval=rejected,
        answered=answered(rejected),
        after=f" {when} {advice}",
    )
