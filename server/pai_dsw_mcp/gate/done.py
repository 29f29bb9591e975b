"""The answer once an approved change was carried out."""

from collections.abc import Sequence
from typing import Final

from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.approval.quoting import quoted
from pai_dsw_mcp.gate.outcome import FollowUp, ReadBack, WriteResult, answered, result
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.texts.render import for_quota, say

_MORE: Final = {"StartInstance": "_and_start", "SaveImage": "_and_save"}
"""Parameters with which a change does more, and the ends of the keys of the texts that say so."""


def done(
    approval: Approval,
    target_id: str | None,
    follow_ups: Sequence[FollowUp] = (),
    read_back: ReadBack | None = None,
    *,
    seen: WriteResult | None = None,
) -> WriteResult:
    """The answer once an approved change was carried out. What was not, of what the same yes covered, is told first.

    `read_back` is what a look afterwards found, where the service may take a change and drop it. `seen` is what a later
    call found, where the outcome was unknown at first.
    """
    change = approval.change
    key = f"done_{change.action}" + next((_MORE[each.name] for each in change.parameters if each.name in _MORE), "")
    if seen is not None:
        key = f"done_later_{change.action}"
    status = change.spec.status_after if seen is None else seen.instance_status
    is_full = any(each.key == "warn_quota_waits" for each in change.warnings)
    words = f" {say('result_note', feedback=approval.feedback)}" if approval.feedback else ""
    failed = [each for each in follow_ups if not each.is_well]
    told = describe(None, _without_end(change) if failed else change, "en")
    lines = " ".join(told.price_lines)
    price = f" {'' if told.cost and told.cost.stays else 'Price: '}{lines}." if lines else ""
    first = "".join(
        f"{say('follow_up_failed', tool=each.tool, instance_name=each.told_name, why=each.message)}\n"
        for each in failed
    )
    first += "".join(f"{remedy}\n" for remedy in dict.fromkeys(each.remedy for each in failed) if remedy)
    found = f" {read_back.told}" if read_back is not None else ""
    left_out = ", ".join(quoted(each.told_name) for each in change.then if not approval.covers(each))
    left = f" {say('result_left_out', names=left_out)}" if left_out else ""
    is_partly = (failed and change.spec.is_batch) or (read_back is not None and not read_back.is_so)
    return result(
        "partly_done" if is_partly else "done",
        for_quota(key) if change.is_on_quota else key,
        queue=say("queue_waits" if is_full else "queue_may_wait"),
        follow_ups=follow_ups,
        before=first,
        approval=approval,
        instance_id=target_id,
        workspace_id=target_id,
        instance_status=status,
        status=status,
        instance_name=change.target_name,
        after=f"{found} {say('result_approved', answered=answered(approval))}{left}{words}{price}",
    )


def _without_end(change: Change) -> Change:
    """The change with what it costs if nothing stops it, because not all that was to stop it is there."""
    load = change.load and change.load.model_copy(update={"stops_after": None, "idle_minutes": None})
    return change.model_copy(update={"load": load})
