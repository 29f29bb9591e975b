"""The regions and workspaces that the operator allows: what is asked of others does not leave this process.

Every request passes here, whatever tool it comes from.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.errors import CloudError, ErrorKind

_IN_PATH: Final = re.compile(r"/workspaces/([^/]+)")
_INSTANCE_IN_PATH: Final = re.compile(r"/instances/([^/]+)")
_EVERY: Final = "ALL"
_NEW_WORKSPACE: Final = "CreateWorkspace"


def check_request(
    options: CloudOptions, region_id: str, operation: str, path: str, *values: Mapping[str, Any] | None
) -> None:
    """Whether it stays within the regions and workspaces; `values` are its query and its body.

    Raises:
        CloudError: It does not, and nothing was sent.
    """
    if region_id not in options.allowed_regions:
        allowed = ", ".join(options.allowed_regions)
        raise CloudError(
            ErrorKind.REFUSED, operation=operation, key="region_not_allowed", region_id=region_id, allowed=allowed
        )
    if operation == _NEW_WORKSPACE:
        # It has no id yet, so it cannot be among those that are allowed.
        check_workspace(options, operation, None)
    named = [*_IN_PATH.findall(path), *(str(each["WorkspaceId"]) for each in values if each and "WorkspaceId" in each)]
    for workspace_id in named:
        if workspace_id != _EVERY:
            check_workspace(options, operation, workspace_id)


def check_workspace(options: CloudOptions, operation: str, workspace_id: str | None) -> None:
    """Whether it is allowed.

    Raises:
        CloudError: It is not, or nobody knows which workspace it is.
    """
    if not options.allows(workspace_id):
        key = "workspace_not_allowed" if workspace_id else "workspace_without_id_not_allowed"
        raise CloudError(
            ErrorKind.REFUSED,
            operation=operation,
            key=key,
            workspace_id=workspace_id,
            allowed=", ".join(options.workspaces),
        )


def instance_of(options: CloudOptions, operation: str, path: str) -> str | None:
    """The instance whose workspace has to be known before this request may be sent."""
    found = _INSTANCE_IN_PATH.search(path)
    return found[1] if found and options.workspaces and operation != "GetInstance" else None
