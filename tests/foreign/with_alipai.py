"""The vendor's own PAI SDK, `alipai`, as a notebook's owner uses it: images, workspaces, mount and unmount.

Run by `tests.foreign` in an environment of its own. Nothing here knows of an emulator.
"""
# Its packages are in that environment alone, and have no types.
# pyright: basic, reportMissingImports=false

import os
import time

from pai import dsw, image
from pai.libs.alibabacloud_pai_dsw20220101.models import GetInstanceRequest
from pai.session import setup_default_session

INSTANCE_ID = os.environ["DSW_INSTANCE_ID"]

session = setup_default_session(
    access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    region_id=os.environ["REGION"],
    workspace_id="40001",
    oss_endpoint="oss-cn-hangzhou-internal.aliyuncs.com",
    network="PUBLIC",
)


def settled() -> None:
    """Wait until the notebook takes the next change."""
    while session._acs_dsw_client.get_instance(INSTANCE_ID, GetInstanceRequest()).body.status != "Running":
        time.sleep(0.1)


assert session.provider == "1500000000000001"
assert session.workspace_name == "research"
assert [row["WorkspaceName"] for row in session.workspace_api.list()] == ["research", "production"]
assert session.workspace_api.get_default_workspace()["WorkspaceId"] == "40001"
assert session.workspace_api.get_default_storage_uri("40001").startswith("oss://")
roles = session.workspace_api.list_product_authorizations(["AliyunPAIDLCDefaultRole"])["AuthorizationDetails"]
assert [role["IsAuthorized"] for role in roles] == [True]

for accelerator in ("CPU", "GPU"):
    found = image.retrieve("PyTorch", "latest", accelerator_type=accelerator)
    assert (found.framework_name, found.accelerator_type) == ("PyTorch", accelerator), found
assert len(image.list_images(framework_name="PyTorch", image_scope="develop")) > 1

paths = [row["MountPath"] for row in dsw.list_dataset_configs()]
assert dsw.default_dynamic_mount_path() == "/mnt/dynamic/"
by_address = dsw.mount("oss://bucket/more/", "/mnt/dynamic/more", option_type=dsw.OptionType.ReadOnly)
settled()
by_id = dsw.mount(next(row["DatasetId"] for row in dsw.list_dataset_configs()))
assert [row["MountPath"] for row in dsw.list_dataset_configs()] == [*paths, by_address, by_id]
assert [row["MountPath"] for row in dsw.list_dataset_configs(dynamic_only=True)] == [by_address, by_id]
for path in (by_address, by_id):
    settled()
    dsw.unmount(path)
assert [row["MountPath"] for row in dsw.list_dataset_configs()] == paths
