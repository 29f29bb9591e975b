"""The operations without HTTP: a world of one's own, and calls straight to its handlers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from pai_emulator.call import Call
from pai_emulator.clock import VirtualClock
from pai_emulator.errors import ApiError
from pai_emulator.faults.model import Faults
from pai_emulator.operations import OPERATIONS
from pai_emulator.policy import authorize, users_from_seed
from pai_emulator.types import JsonObject
from pai_emulator.world import World

OPERATION = {operation.name: operation for operation in OPERATIONS}
OF_THE_SDK = OPERATION.keys() - {"GetCallerIdentity", "AssumeRole", "ListProductAuthorizations"}
"""The operations that the SDKs of the products have."""
CPU_SPEC, GPU_SPEC = "ecs.g6.large", "ecs.gn6i-c4g1.xlarge"
RESEARCH, PRODUCTION = "40001", "40002"
"""The workspaces of cn-hangzhou; the first is the default and has everybody as a member."""
LONG_ENOUGH = 700
"""Seconds after which every instance has arrived."""


class Service:
    """One world at seed 0, seen by its users."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.faults = Faults()
        self.world = World(self.clock, 0, self.faults)
        self.users = {user.name: user for user in users_from_seed(0)}

    def do(
        self,
        operation: str,
        *identifiers: str,
        user: str = "admin",
        region_id: str = "cn-hangzhou",
        query: Mapping[str, Any] | None = None,
        body: JsonObject | None = None,
    ) -> JsonObject:
        """Carry an operation out; `identifiers` fill the placeholders of its path, in order."""
        row = OPERATION[operation]
        names = [part[1:-1] for part in row.path.split("/") if part.startswith("{")]
        path = dict(zip(names, identifiers, strict=True))
        texts = {name: str(value) for name, value in (query or {}).items()}
        call = Call(self.users[user], region_id, row.product, operation, path, texts, body or {})
        authorize(row.action, call, self.world.points_of(call))
        return row.handler(self.world, call)

    def refusal(self, operation: str, *identifiers: str, **call: Any) -> ApiError:
        """The error with which an operation is refused."""
        with pytest.raises(ApiError) as caught:
            self.do(operation, *identifiers, **call)
        return caught.value

    def give_roles(self, user: str, *roles: str, workspace_id: str = RESEARCH) -> None:
        """Give a user these roles in a workspace of cn-hangzhou, and no other."""
        self.world.region("cn-hangzhou").workspaces[workspace_id]["Members"] |= {self.users[user].user_id: roles}

    def set_policy(self, user: str, *rights: str, denied: tuple[str, ...] = ()) -> None:
        """Give a user this RAM policy in place of their own."""
        self.users[user] = replace(self.users[user], rights=rights, denied=denied)

    def image(self, chip_type: str) -> str:
        """The id of an official image for CPU or GPU."""
        labels = f"system.official=true,system.supported.dsw=true,system.chipType={chip_type}"
        return self.do("ListImages", query={"Labels": labels})["Images"][0]["ImageId"]

    def notebook(self, name: str = "notebook", **settings: Any) -> JsonObject:
        """A body of CreateInstance that runs: on a CPU unless the settings say otherwise."""
        body: JsonObject = {"InstanceName": name, "WorkspaceId": RESEARCH, "EcsSpec": CPU_SPEC}
        if settings.keys().isdisjoint({"ImageId", "ImageUrl"}):
            body["ImageId"] = self.image("CPU")
        body |= settings
        return {key: value for key, value in body.items() if value is not None}

    def create(self, name: str = "notebook", *, user: str = "admin", **settings: Any) -> str:
        """Create an instance and return its id."""
        return self.do("CreateInstance", body=self.notebook(name, **settings), user=user)["InstanceId"]

    def running(self, name: str = "notebook", *, user: str = "admin", **settings: Any) -> str:
        """Create an instance and wait until it runs."""
        instance_id = self.create(name, user=user, **settings)
        self.wait()
        return instance_id

    def stopped(self, name: str = "notebook", **settings: Any) -> str:
        """Create an instance, let it run, stop it and wait until it is Stopped."""
        instance_id = self.running(name, **settings)
        self.do("StopInstance", instance_id)
        self.wait()
        return instance_id

    def wait(self, seconds: float = LONG_ENOUGH) -> None:
        """Let emulator time pass."""
        self.clock.advance(seconds)

    def get(self, instance_id: str, *, user: str = "admin") -> JsonObject:
        """GetInstance."""
        return self.do("GetInstance", instance_id, user=user)

    def listed(self, *, user: str = "admin", **query: Any) -> list[str]:
        """The names that ListInstances answers, over all workspaces and resources unless narrowed."""
        wide = {"WorkspaceId": "ALL", "ResourceId": "ALL", "PageSize": 100, **query}
        return [instance["InstanceName"] for instance in self.do("ListInstances", query=wide, user=user)["Instances"]]
