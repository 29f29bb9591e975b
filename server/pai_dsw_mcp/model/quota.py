"""A resource quota: what an instance can run on instead of a public spec."""

import re
from typing import Final

from pai_dsw_mcp.model.instance import Instance, Share, UserVpc
from pai_dsw_mcp.model.value import Text, Value


class Amount(Value):
    """CPU and GPU in units, memory in GiB; None where the service does not say."""

    cpu: float | None = None
    gpu: float | None = None
    memory: float | None = None


_AMOUNT: Final = re.compile(r"(\d+(?:\.\d+)?)(Gi|GB)?")


def amount_of(written: str | None) -> float | None:
    """An amount of an instance: units, or GiB of memory; GB counts as GiB. None where it is not one."""
    match = _AMOUNT.fullmatch(written or "")
    return float(match[1]) if match else None


def amount_of_share(share: Share) -> Amount:
    """What a share takes."""
    return Amount(cpu=amount_of(share.cpu), gpu=amount_of(share.gpu), memory=amount_of(share.memory))


def requested_by(instance: Instance) -> Amount:
    """What an instance has of its quota. One without GPUs says nothing of them."""
    return Amount(
        cpu=amount_of(instance.requested_cpu),
        gpu=amount_of(instance.requested_gpu or "0"),
        memory=amount_of(instance.requested_memory),
    )


def memory_without_unit(instance: Instance) -> str | None:
    """Its memory where it has no unit, so that the service takes it as bytes and no container can start.

    Seen by a third party.
    """
    memory = instance.requested_memory
    return memory if memory and memory.isdecimal() else None


class Quota(Value):
    """A row of ListQuotas or the reply of GetQuota.

    `actual` is what the quota has, `allocatable` what of it workloads can have, where a part is reserved for the
    system; `allocated` is what all workloads have now, of every product and of the quotas below.
    """

    quota_id: str
    quota_name: str
    resource_type: Text = None
    gpu_type: Text = None
    status: Text = None
    reason_code: Text = None
    reason_message: Text = None
    description: Text = None
    workspace_ids: tuple[str, ...] = ()
    workload_types: tuple[str, ...] = ()
    queue_strategy: Text = None
    parent_quota_id: Text = None
    sub_quota_ids: tuple[str, ...] = ()
    user_vpc: UserVpc | None = None
    created_at: Text = None
    actual: Amount = Amount()
    allocatable: Amount | None = None
    allocated: Amount | None = None

    @property
    def total(self) -> Amount:
        """What workloads can have at most."""
        return self.allocatable or self.actual

    @property
    def free(self) -> Amount:
        """What nobody has now."""
        used = self.allocated or Amount()

        def left(total: float | None, taken: float | None) -> float | None:
            return None if total is None or taken is None else max(0.0, total - taken)

        return Amount(
            cpu=left(self.total.cpu, used.cpu),
            gpu=left(self.total.gpu, used.gpu),
            memory=left(self.total.memory, used.memory),
        )

    @property
    def takes_dsw(self) -> bool:
        """Whether notebooks may run on it; a quota that names no product takes all."""
        return not self.workload_types or "DSW" in self.workload_types


class QueuedWorkload(Value):
    """A row of ListQuotaWorkloads, without whose it is. `workload_type` is dsw, dlc or eas."""

    workload_id: str
    workload_type: Text = None
    status: Text = None
    position: int | None = None
    priority: int | None = None
    enqueued_at: Text = None
    reason: Text = None
    resource: Amount = Amount()
