"""Every write that this server can send, one row each: gate, journal, cloud, approval and tests read this table.

A new write is a row here, its requests (values of this package), its tool, and its texts. No instance, image, dataset
or workspace is ever deleted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import AfterValidator

from pai_dsw_mcp.model.status import STARTING_UP, STOPPED, STOPPING, InstanceStatus
from pai_dsw_mcp.model.value import Value

ApiProduct: TypeAlias = Literal["pai-dsw", "aiworkspace"]
TargetKind: TypeAlias = Literal["instance", "workspace", "member"]
TypedBack: TypeAlias = Literal["always", "if_running", "if_costly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiWrite:
    """One operation of the API that changes something; `{instance_id}` in a path is an id.

    `says_success`: whether its reply has the field `Success`, which then has to be true.
    """

    operation: str
    product: ApiProduct
    method: Literal["POST", "PUT", "DELETE"]
    path: str
    ram_action: str
    says_success: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """One request: the operation, what is set in it, and the ids in its path.

    `private`: more fields, under the API's names, whose values are the operator's and are sent without being shown.
    """

    write: ApiWrite
    body: Value | None = None
    ids: Mapping[str, str] = field(default_factory=dict[str, str])
    private: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteSpec:
    """One kind of change, which a person approves as a whole.

    `action` names the tool, the journal's rows, and the texts `action_<action>` and `done_<action>`. `requests` are
    the operations that carry it out. A change may need some of them only, or one several times; they are sent one
    after the other, and after a failure nothing more is sent. A batch has none: all that it does is its follow-ups,
    some of which a person may leave out.

    An unknown outcome is settled by reading: what a write `creates` is found by its name, and known by its operation
    label or, where there are no labels, by every value that was approved; one with `reached` is done when the target
    has one of these statuses; for any other, reading shows nothing, so it may be requested again after its deadline.

    `typed_back`: when a person has to type the name of the target to approve. `status_after` is the status that a
    target has right after the write, where the API documents one.
    """

    action: str
    requests: tuple[ApiWrite, ...]
    target: TargetKind = "instance"
    creates: bool = False
    reached: frozenset[str] = frozenset()
    typed_back: frozenset[TypedBack] = frozenset()
    status_after: InstanceStatus | None = None

    @property
    def id_parameter(self) -> str:
        """The API's name for the id of the target, such as `InstanceId`."""
        return f"{self.target.capitalize()}Id"

    @property
    def name_parameter(self) -> str:
        """The API's name for the name of the target, such as `InstanceName`."""
        return f"{self.target.capitalize()}Name"

    @property
    def is_batch(self) -> bool:
        """Whether it is made of other changes alone."""
        return not self.requests

    @property
    def is_labelled(self) -> bool:
        """Whether what it creates carries the operation label; only instances can."""
        return self.creates and self.target == "instance"

    def wants_name(self, *, is_running: bool = False, is_costly: bool = False) -> bool:
        """Whether the name of the target has to be typed back for a change of this kind."""
        return (
            "always" in self.typed_back
            or (is_running and "if_running" in self.typed_back)
            or (is_costly and "if_costly" in self.typed_back)
        )


def _of_instance(
    operation: str, method: Literal["POST", "PUT", "DELETE"], what: str, *, says_success: bool = True
) -> ApiWrite:
    """An operation on one instance; its RAM action has its name."""
    return ApiWrite(
        operation=operation,
        product="pai-dsw",
        method=method,
        path=f"/api/v2/instances/{{instance_id}}/{what}",
        ram_action=f"paidsw:{operation}",
        says_success=says_success,
    )


CREATE_INSTANCE: Final = WriteSpec(
    action="create_instance",
    requests=(
        ApiWrite(
            operation="CreateInstance",
            product="pai-dsw",
            method="POST",
            path="/api/v2/instances",
            # The official authorization table; the vendor's skill names paidsw:CreateInstance for the same right.
            ram_action="paidsw:CreatePostPaidInstance (or paidsw:CreateInstance)",
        ),
    ),
    creates=True,
    typed_back=frozenset({"if_costly"}),
    status_after="Creating",
)
UPDATE_INSTANCE: Final = WriteSpec(
    action="update_instance",
    requests=(
        ApiWrite(
            operation="UpdateInstance",
            product="pai-dsw",
            method="PUT",
            path="/api/v2/instances/{instance_id}",
            ram_action="paidsw:UpdatePostPaidInstance",
        ),
    ),
    typed_back=frozenset({"if_running", "if_costly"}),
)
START_INSTANCE: Final = WriteSpec(
    action="start_instance",
    requests=(_of_instance("StartInstance", "PUT", "start"),),
    reached=frozenset(STARTING_UP | {"Running"}),
    typed_back=frozenset({"if_costly"}),
)
STOP_INSTANCE: Final = WriteSpec(
    action="stop_instance",
    requests=(_of_instance("StopInstance", "PUT", "stop"),),
    reached=frozenset(STOPPING | STOPPED | {"Saving", "Saved"}),
    typed_back=frozenset({"always"}),
)
STOP_INSTANCES: Final = WriteSpec(action="stop_instances", requests=(), typed_back=frozenset({"always"}))
CREATE_SNAPSHOT: Final = WriteSpec(
    action="create_snapshot",
    requests=(_of_instance("CreateInstanceSnapshot", "POST", "snapshots"),),
)
UPDATE_LABELS: Final = WriteSpec(
    action="update_labels",
    requests=(
        _of_instance("UpdateInstanceLabels", "PUT", "labels", says_success=False),
        _of_instance("DeleteInstanceLabels", "DELETE", "labels", says_success=False),
    ),
)
CREATE_IDLE_RULE: Final = _of_instance("CreateIdleInstanceCuller", "POST", "idleinstanceculler")
DELETE_IDLE_RULE: Final = _of_instance("DeleteIdleInstanceCuller", "DELETE", "idleinstanceculler")
CREATE_TIMER: Final = _of_instance("CreateInstanceShutdownTimer", "POST", "shutdowntimer")
DELETE_TIMER: Final = _of_instance("DeleteInstanceShutdownTimer", "DELETE", "shutdowntimer")
SET_AUTO_STOP: Final = WriteSpec(
    action="set_auto_stop",
    # A rule cannot be changed: it is deleted, and created anew.
    requests=(DELETE_IDLE_RULE, CREATE_IDLE_RULE, DELETE_TIMER, CREATE_TIMER),
)
CLEAR_AUTO_STOP: Final = WriteSpec(action="clear_auto_stop", requests=(DELETE_IDLE_RULE, DELETE_TIMER))


def _workspace_write(
    action: str,
    *operations: tuple[str, Literal["POST", "PUT", "DELETE"], str],
    target: TargetKind,
    creates: bool = False,
    typed_back: frozenset[TypedBack] = frozenset(),
) -> WriteSpec:
    """A change of workspaces or of a member; its RAM actions have the names of the operations."""
    return WriteSpec(
        action=action,
        target=target,
        creates=creates,
        typed_back=typed_back,
        requests=tuple(
            ApiWrite(
                operation=operation,
                product="aiworkspace",
                method=method,
                path=f"/api/v1/workspaces{path}",
                ram_action=f"paiworkspace:{operation}",
                says_success=False,
            )
            for operation, method, path in operations
        ),
    )


_ALWAYS: Final[frozenset[TypedBack]] = frozenset({"always"})
_WORKSPACE: Final = "/{workspace_id}"
_MEMBERS: Final = f"{_WORKSPACE}/members"
_ROLE: Final = f"{_MEMBERS}/{{member_id}}/roles/{{role_name}}"
CREATE_WORKSPACE: Final = _workspace_write(
    "create_workspace", ("CreateWorkspace", "POST", ""), target="workspace", creates=True
)
UPDATE_WORKSPACE: Final = _workspace_write(
    "update_workspace", ("UpdateWorkspace", "PUT", _WORKSPACE), target="workspace"
)
UPDATE_WORKSPACE_SETTINGS: Final = _workspace_write(
    "update_workspace_settings", ("UpdateConfigs", "PUT", f"{_WORKSPACE}/configs"), target="workspace"
)
ADD_MEMBER: Final = _workspace_write(
    "add_member", ("CreateMember", "POST", _MEMBERS), target="member", typed_back=_ALWAYS
)
SET_MEMBER_ROLES: Final = _workspace_write(
    "set_member_roles",
    ("AddMemberRole", "POST", _ROLE),
    ("RemoveMemberRole", "DELETE", _ROLE),
    target="member",
    typed_back=_ALWAYS,
)
REMOVE_MEMBER: Final = _workspace_write(
    "remove_member", ("DeleteMembers", "DELETE", _MEMBERS), target="member", typed_back=_ALWAYS
)

WRITES: Final[Mapping[str, WriteSpec]] = MappingProxyType(
    {
        spec.action: spec
        for spec in (
            CREATE_INSTANCE,
            UPDATE_INSTANCE,
            START_INSTANCE,
            STOP_INSTANCE,
            STOP_INSTANCES,
            SET_AUTO_STOP,
            CLEAR_AUTO_STOP,
            CREATE_SNAPSHOT,
            UPDATE_LABELS,
            CREATE_WORKSPACE,
            UPDATE_WORKSPACE,
            UPDATE_WORKSPACE_SETTINGS,
            ADD_MEMBER,
            SET_MEMBER_ROLES,
            REMOVE_MEMBER,
        )
    }
)
"""Every write by its action."""


def _check_action(action: str) -> str:
    if action not in WRITES:
        raise ValueError("not a write of this version")
    return action


Action: TypeAlias = Annotated[str, AfterValidator(_check_action)]
