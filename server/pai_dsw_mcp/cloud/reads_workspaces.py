"""Reads of AIWorkSpace: workspaces and bought products."""

from typing import Any

from alibabacloud_aiworkspace20210204.models import (
    GetDefaultWorkspaceRequest,
    GetWorkspaceRequest,
    ListProductsRequest,
    ListWorkspacesRequest,
)

from pai_dsw_mcp.cloud.identifiers import checked
from pai_dsw_mcp.cloud.paging import PAGE_SIZE, read_all
from pai_dsw_mcp.cloud.sdk import RUNTIME, CallerOwner, WorkspaceCalls
from pai_dsw_mcp.cloud.wire_workspaces import (
    ListProductsReply,
    ListWorkspacesReply,
    WireWorkspace,
    WorkspaceExistsReply,
)
from pai_dsw_mcp.errors import ErrorKind, ReplyError
from pai_dsw_mcp.model.workspace import Product, Workspace


class WorkspaceReads(CallerOwner):
    """ListWorkspaces, GetWorkspace, GetDefaultWorkspace, ListProducts."""

    async def list_workspaces(self, region_id: str, name: str | None) -> tuple[Workspace, ...]:
        """ListWorkspaces, all pages; the name matches in part."""
        named: dict[str, Any] = {} if name is None else {"workspace_name": name}

        async def page(number: int) -> tuple[tuple[Workspace, ...], int]:
            calls = WorkspaceCalls(self.caller, region_id, ListWorkspacesReply)
            request = ListWorkspacesRequest(**named, page_number=number, page_size=PAGE_SIZE)
            await calls.list_workspaces_with_options_async(request, {}, RUNTIME)
            return tuple(row.value() for row in calls.reply.workspaces), calls.reply.total_count

        return await read_all("ListWorkspaces", page, lambda workspace: workspace.workspace_id)

    async def workspace_exists(self, region_id: str, name: str) -> bool:
        """ListWorkspaces with `Option=CheckWorkspaceExists`, which compares the whole name."""
        calls = WorkspaceCalls(self.caller, region_id, WorkspaceExistsReply)
        request = ListWorkspacesRequest(option="CheckWorkspaceExists", workspace_name=name)
        await calls.list_workspaces_with_options_async(request, {}, RUNTIME)
        return calls.reply.total_count == 1

    async def get_workspace(self, region_id: str, workspace_id: str) -> Workspace:
        """GetWorkspace with its owner. A reply about another workspace is no reply."""
        calls = WorkspaceCalls(self.caller, region_id, WireWorkspace)
        request = GetWorkspaceRequest(verbose=True)
        await calls.get_workspace_with_options_async(checked("workspace_id", workspace_id), request, {}, RUNTIME)
        if calls.reply.workspace_id != workspace_id:
            raise ReplyError(ErrorKind.REPLY_INVALID, operation="GetWorkspace", status=200)
        return calls.reply.value()

    async def get_default_workspace(self, region_id: str) -> Workspace:
        """GetDefaultWorkspace."""
        calls = WorkspaceCalls(self.caller, region_id, WireWorkspace)
        await calls.get_default_workspace_with_options_async(GetDefaultWorkspaceRequest(), {}, RUNTIME)
        return calls.reply.value()

    async def list_products(self, region_id: str, product_codes: tuple[str, ...]) -> tuple[Product, ...]:
        """ListProducts for these codes; the operation has no pages and no count."""
        calls = WorkspaceCalls(self.caller, region_id, ListProductsReply)
        request = ListProductsRequest(product_codes=",".join(product_codes))
        await calls.list_products_with_options_async(request, {}, RUNTIME)
        return tuple(row.value() for row in calls.reply.products)
