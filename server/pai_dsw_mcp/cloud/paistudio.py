"""PaiStudio: its generated client and its replies. Loaded when a quota is first asked for, because that takes time."""

import re
from typing import Annotated, Final, TypeAlias, cast

from alibabacloud_paistudio20220112 import models
from alibabacloud_paistudio20220112.client import Client as PaiStudioClient
from pydantic import AfterValidator, AliasPath, BeforeValidator, Field

from pai_dsw_mcp.cloud.calls import ReplyCall, ReplyT
from pai_dsw_mcp.cloud.replies import none_without_id
from pai_dsw_mcp.cloud.wire import Count, NullMeans, ReadAs, Texts, Whole, Wire
from pai_dsw_mcp.model.instance import UserVpc
from pai_dsw_mcp.model.quota import Amount, QueuedWorkload, Quota
from pai_dsw_mcp.model.value import Text

__all__ = ["GetQuotaReply", "ListQuotaWorkloadsReply", "ListQuotasReply", "QuotaCall", "models"]


class QuotaCall(ReplyCall[ReplyT], PaiStudioClient):
    """PaiStudio, 2022-01-12."""

    product = "pai"


_UNITS: Final = {"": 1.0, "m": 0.001}
_GIB: Final = {
    f"{prefix}{suffix}": 1024.0**power for power, prefix in enumerate("MGTP", -1) for suffix in ("i", "B", "")
}
_NUMBER: Final = re.compile(r"(\d{1,18}(?:\.\d{1,9})?)([A-Za-z]{0,2})")


def _in(units: dict[str, float]) -> BeforeValidator:
    """Reads a number with one of these units; of anything else nobody can tell how much it is."""

    def read(written: object) -> object:
        match = _NUMBER.fullmatch(written) if isinstance(written, str) else None
        return float(match[1]) * units[match[2]] if match and match[2] in units else None

    return BeforeValidator(read)


Units: TypeAlias = Annotated[float | None, _in(_UNITS)]


class WireAmount(Amount, Wire):
    """An amount: texts such as `100` and `100Gi`."""

    cpu: Annotated[Units, Field(validation_alias="CPU")] = None
    gpu: Annotated[Units, Field(validation_alias="GPU")] = None
    memory: Annotated[float | None, _in(_GIB)] = None


ReadAmount: TypeAlias = Annotated[Amount, ReadAs(WireAmount)]


class WireQuotaVpc(UserVpc, Wire):
    """`UserVpc` of a quota, which calls the vSwitch otherwise than an instance does."""

    vpc_id: Annotated[str, NullMeans("")] = ""
    v_switch_id: Annotated[Text, Field(validation_alias="SwitchId")] = None
    extended_cidrs: Annotated[Texts, Field(validation_alias="ExtendedCIDRs")] = ()
    # That of a quota is not known to be meant for its instances: a third party creates them without one.
    default_route: Annotated[Text, BeforeValidator(lambda _: None)] = None


def _each(name: str) -> BeforeValidator:
    """Reads one member of each object of a list; anything else is left for the next validator to refuse."""

    def read(written: object) -> object:
        if written is None:
            return ()
        if not isinstance(written, list):
            return written
        rows = cast("list[object]", written)
        return tuple(cast("dict[str, object]", row).get(name) if isinstance(row, dict) else row for row in rows)

    return BeforeValidator(read)


class WireQuota(Quota, Wire):
    """`Quotas[]`, and the body of GetQuota."""

    gpu_type: Annotated[Text, Field(validation_alias="GPUType")] = None
    workspace_ids: Annotated[tuple[str, ...], _each("WorkspaceId"), Field(validation_alias="Workspaces")] = ()
    workload_types: Annotated[Texts, Field(validation_alias=AliasPath("QuotaConfig", "WorkloadTypes"))] = ()
    sub_quota_ids: Annotated[tuple[str, ...], _each("QuotaId"), Field(validation_alias="SubQuotas")] = ()
    user_vpc: Annotated[
        Annotated[UserVpc, ReadAs(WireQuotaVpc)] | None,
        AfterValidator(none_without_id),
        Field(validation_alias=AliasPath("QuotaConfig", "UserVpc")),
    ] = None
    created_at: Annotated[Text, Field(validation_alias="GmtCreatedTime")] = None
    actual: Annotated[ReadAmount, Field(validation_alias=AliasPath("QuotaDetails", "ActualMinQuota"))] = Amount()
    allocatable: Annotated[ReadAmount | None, Field(validation_alias=AliasPath("QuotaDetails", "AllocatableQuota"))] = (
        None
    )
    allocated: Annotated[ReadAmount | None, Field(validation_alias=AliasPath("QuotaDetails", "AllocatedQuota"))] = None


class WireQueuedWorkload(QueuedWorkload, Wire):
    """`Workloads[]`."""

    enqueued_at: Annotated[Text, Field(validation_alias="GmtEnqueuedTime")] = None
    resource: ReadAmount = Amount()


class ListQuotasReply(Wire):
    """ListQuotas."""

    quotas: tuple[Annotated[Quota, ReadAs(WireQuota)], ...]
    total_count: Count


GetQuotaReply: TypeAlias = Whole[Annotated[Quota, ReadAs(WireQuota)]]


class ListQuotaWorkloadsReply(Wire):
    """ListQuotaWorkloads."""

    workloads: tuple[Annotated[QueuedWorkload, ReadAs(WireQueuedWorkload)], ...]
    total_count: Count
