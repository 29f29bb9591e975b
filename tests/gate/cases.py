"""Each writing tool with a cloud in which it has something to do."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pai_emulator.data.images import images
from tests.support.desk import REGION
from tests.support.steering import Steering

WORKSPACE: Final = "40001"
CPU_SPEC: Final = "ecs.g6.large"
GPU_SPEC: Final = "ecs.gn7i-c8g1.2xlarge"


def break_ends(path: Path) -> None:
    """From now on the journal takes new operations, and cannot note how they end."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TRIGGER no_ends BEFORE UPDATE ON operations BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    connection.commit()
    connection.close()


def image_for(chip_type: str) -> str:
    """The id of an official DSW image for CPU or GPU."""
    wanted = {"system.chipType": chip_type, "system.supported.dsw": "true", "system.official": "true"}
    return next(
        image_id
        for image_id, image in images(REGION).items()
        if wanted.items() <= {label["Key"]: label["Value"] for label in image["Labels"]}.items()
    )


def new_notebook(**changed: Any) -> dict[str, Any]:
    """The arguments of create_instance for a small CPU notebook."""
    wanted = {
        "workspace_id": WORKSPACE,
        "instance_name": "train_1",
        "ecs_spec": CPU_SPEC,
        "image_id": image_for("CPU"),
    }
    return {**wanted, **changed}


def new_workspace(**changed: Any) -> dict[str, Any]:
    """The arguments of create_workspace."""
    return {"workspace_name": "vision_team", "description": "Notebooks of the vision team", **changed}


@dataclass(frozen=True, slots=True)
class Case:
    """One writing tool: prepares the cloud, and gives the arguments besides the region."""

    tool: str
    operation: str
    arguments: Callable[[Steering], dict[str, Any]]

    def __str__(self) -> str:
        return self.tool


def an_instance(steering: Steering, status: str) -> str:
    """The id of an instance in this state."""
    instance_id = steering.generate(1)[0]
    steering.instance(instance_id, Status=status)
    return instance_id


def place(instance_id: str) -> dict[str, str]:
    """The instance with its region."""
    return {"region_id": REGION, "instance_id": instance_id}


def a_timed_instance(steering: Steering) -> str:
    """The id of a running instance with a timer."""
    instance_id = an_instance(steering, "Running")
    steering.instance(instance_id, InstanceShutdownTimer={"DueTime": "2026-01-05T20:00:00Z"})
    return instance_id


CASES: Final = (
    Case("create_instance", "CreateInstance", lambda _: new_notebook()),
    Case(
        "update_instance",
        "UpdateInstance",
        lambda steering: {"instance_id": an_instance(steering, "Running"), "accessibility": "PUBLIC"},
    ),
    Case("start_instance", "StartInstance", lambda steering: {"instance_id": an_instance(steering, "Stopped")}),
    Case("stop_instance", "StopInstance", lambda steering: {"instance_id": an_instance(steering, "Running")}),
    Case("stop_instances", "StopInstance", lambda steering: {"instances": [place(an_instance(steering, "Running"))]}),
    Case(
        "set_auto_stop",
        "CreateIdleInstanceCuller",
        lambda steering: {"instance_id": an_instance(steering, "Running"), "idle_minutes": 60},
    ),
    Case(
        "clear_auto_stop", "DeleteInstanceShutdownTimer", lambda steering: {"instance_id": a_timed_instance(steering)}
    ),
    Case(
        "create_snapshot",
        "CreateInstanceSnapshot",
        lambda steering: {
            "instance_id": an_instance(steering, "Running"),
            "snapshot_name": "saved",
            "image_url": "team-registry.cn-hangzhou.cr.aliyuncs.com/vision/saved:v1",
        },
    ),
    Case(
        "update_labels",
        "UpdateInstanceLabels",
        lambda steering: {
            "instance_id": an_instance(steering, "Running"),
            "labels": [{"key": "stage", "value": "live"}],
        },
    ),
    Case("create_workspace", "CreateWorkspace", lambda _: new_workspace()),
    Case("update_workspace", "UpdateWorkspace", lambda _: {"workspace_id": WORKSPACE, "display_name": "Renamed"}),
    Case(
        "update_workspace_settings",
        "UpdateConfigs",
        lambda _: {"workspace_id": WORKSPACE, "default_storage": "oss://other.oss-cn-hangzhou.aliyuncs.com/team/"},
    ),
    Case(
        "add_member",
        "CreateMember",
        lambda _: {"workspace_id": WORKSPACE, "user_name": "analyst", "roles": ["PAI.AlgoDeveloper"]},
    ),
    Case(
        "set_member_roles",
        "AddMemberRole",
        lambda _: {
            "workspace_id": WORKSPACE,
            "member_name": "viewer",
            "roles": ["PAI.WorkspaceGuest", "PAI.AlgoOperator"],
        },
    ),
    Case("remove_member", "DeleteMembers", lambda _: {"workspace_id": WORKSPACE, "member_name": "viewer"}),
)
