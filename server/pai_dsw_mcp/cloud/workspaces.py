"""Reads about workspaces beyond the workspace and its members: roles, rights, settings, resources."""

from typing import Annotated, Any, Final, TypeAlias

from pydantic import AfterValidator, AliasPath, BeforeValidator, Field

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.cloud.operations import checked
from pai_dsw_mcp.cloud.paging import read_all
from pai_dsw_mcp.cloud.wire import Count, NullMeans, ReadAs, Texts, Wire
from pai_dsw_mcp.errors import ErrorKind, ReplyError
from pai_dsw_mcp.model.members import Candidate, CustomRole, Permission, Resource, Setting
from pai_dsw_mcp.model.scrub import scrub
from pai_dsw_mcp.model.value import Text

CATEGORIES: Final = (
    "CommonResourceConfig",
    "DSWPriorityConfig",
    "DLCPriorityConfig",
    "QuotaMaximumDuration",
    "DLCAutoRecycle",
    "CommonTagConfig",
)
"""Every documented category of settings. Two have a key of the same name, and no reply tells the category."""

_Scrubbed: TypeAlias = Annotated[Text, AfterValidator(lambda text: text and scrub(text))]


class WireCandidate(Candidate, Wire):
    """`Users[]`."""


class ListWorkspaceUsersReply(Wire):
    """ListWorkspaceUsers, which has a count and no pages."""

    users: tuple[Annotated[Candidate, ReadAs(WireCandidate)], ...]
    total_count: Count


class _Rule(Wire):
    accessibility: Text = None
    entity_access_type: Text = None

    @property
    def is_for_others(self) -> bool:
        return self.accessibility in {"ANY", "PRIVATE"} and self.entity_access_type != "CREATOR"


class _Point(Wire):
    permission_code: str
    permission_rules: Annotated[tuple[_Rule, ...], NullMeans(())] = ()


class ListPermissionsReply(Wire):
    """ListPermissions, which has a count and no pages."""

    permissions: tuple[_Point, ...]
    total_count: Count


class _Codes(Wire):
    permission_codes: Texts = ()


class _Module(Wire):
    module_name: str
    permission_type: Text = None
    permissions: Annotated[tuple[_Codes, ...], NullMeans(())] = ()


class _Role(Wire):
    role_id: str
    role_name: str
    module_permissions: Annotated[tuple[_Module, ...], NullMeans(())] = ()

    def read(self) -> CustomRole:
        """The role with its modules by name."""
        codes = (
            code for module in self.module_permissions for each in module.permissions for code in each.permission_codes
        )
        modules = {module.module_name: module.permission_type or "" for module in self.module_permissions}
        return CustomRole(role=self.role_id, title=self.role_name, modules=modules, permissions=tuple(codes))


class ListWorkspaceRolesReply(Wire):
    """ListWorkspaceRoles, which lists custom roles alone."""

    roles: tuple[_Role, ...]
    total_count: Count


class _Config(Wire):
    config_key: str
    config_value: _Scrubbed = None
    gmt_modified_time: Text = None


class ListConfigsReply(Wire):
    """ListConfigs, which has a count and no pages."""

    configs: tuple[_Config, ...]
    total_count: Count


class WireResource(Resource, Wire):
    """`Resources[]`."""

    resource_id: Annotated[str, Field(validation_alias="Id")]
    # A map of anything, of which documents name this for some kinds of resources.
    quota_id: Annotated[
        Text,
        BeforeValidator(lambda named: named if isinstance(named, str) else None),
        Field(validation_alias=AliasPath("Spec", "resourceId")),
    ] = None


class ListResourcesReply(Wire):
    """ListResources."""

    resources: tuple[Annotated[Resource, ReadAs(WireResource)], ...]
    total_count: Count


async def list_candidates(cloud: Cloud, region_id: str, workspace_id: str, name: str) -> tuple[Candidate, ...]:
    """Who of the account could be added, by a part of the name."""
    sdk = await cloud.sdk()
    aiworkspace = await sdk.aiworkspace()
    call = aiworkspace.call(region_id, ListWorkspaceUsersReply)
    request = aiworkspace.models.ListWorkspaceUsersRequest(user_name=name)
    path_id = checked("workspace_id", workspace_id)
    await call.list_workspace_users_with_options_async(path_id, request, {}, sdk.runtime)
    _check_count("ListWorkspaceUsers", call.reply.users, call.reply.total_count)
    return call.reply.users


async def list_permissions(cloud: Cloud, region_id: str, workspace_id: str) -> tuple[Permission, ...]:
    """The permission points of the caller, with whose things each is for."""
    sdk = await cloud.sdk()
    aiworkspace = await sdk.aiworkspace()
    call = aiworkspace.call(region_id, ListPermissionsReply)
    path_id, request = checked("workspace_id", workspace_id), aiworkspace.models.ListPermissionsRequest()
    await call.list_permissions_with_options_async(path_id, request, {}, sdk.runtime)
    _check_count("ListPermissions", call.reply.permissions, call.reply.total_count)
    return tuple(
        Permission(
            permission=point.permission_code, on_others=any(rule.is_for_others for rule in point.permission_rules)
        )
        for point in call.reply.permissions
    )


async def list_custom_roles(cloud: Cloud, region_id: str, workspace_id: str) -> tuple[CustomRole, ...]:
    """Every custom role of a workspace; the built-in ones are in no list."""
    sdk = await cloud.sdk()
    aiworkspace = await sdk.aiworkspace()
    path_id = checked("workspace_id", workspace_id)

    async def page(number: int, size: int) -> tuple[tuple[_Role, ...], int]:
        call = aiworkspace.call(region_id, ListWorkspaceRolesReply)
        request = aiworkspace.models.ListWorkspaceRolesRequest(
            verbose_fields="ModulePermissions", page_number=number, page_size=size
        )
        await call.list_workspace_roles_with_options_async(path_id, request, {}, sdk.runtime)
        return call.reply.roles, call.reply.total_count

    return tuple(role.read() for role in await read_all("ListWorkspaceRoles", page, lambda role: role.role_id))


async def list_settings(cloud: Cloud, region_id: str, workspace_id: str) -> tuple[Setting, ...]:
    """Every setting of a workspace, first those of the known categories."""
    lists = await gather(*(_settings(cloud, region_id, workspace_id, each) for each in (*CATEGORIES, None)))
    found = [setting for settings in lists[:-1] for setting in settings]
    known = {setting.key for setting in found}
    return (*found, *(setting for setting in lists[-1] if setting.key not in known))


async def is_name_taken(cloud: Cloud, region_id: str, workspace_name: str) -> bool:
    """Whether a workspace of this name exists in the region, whoever may see it."""
    sdk = await cloud.sdk()
    aiworkspace = await sdk.aiworkspace()
    call = aiworkspace.call(region_id, sdk.replies.ListWorkspacesReply)
    request = aiworkspace.models.ListWorkspacesRequest(option="CheckWorkspaceExists", workspace_name=workspace_name)
    await call.list_workspaces_with_options_async(request, {}, sdk.runtime)
    # A service that does not know the option lists names that only contain this one.
    return not call.reply.workspaces and call.reply.total_count > 0


async def list_resources(cloud: Cloud, region_id: str, workspace_id: str) -> tuple[Resource, ...]:
    """Every resource that a workspace computes with."""
    sdk = await cloud.sdk()
    aiworkspace = await sdk.aiworkspace()
    named = checked("workspace_id", workspace_id)

    async def page(number: int, size: int) -> tuple[tuple[Resource, ...], int]:
        call = aiworkspace.call(region_id, ListResourcesReply)
        request = aiworkspace.models.ListResourcesRequest(
            workspace_id=named, verbose=False, page_number=number, page_size=size
        )
        await call.list_resources_with_options_async(request, {}, sdk.runtime)
        return call.reply.resources, call.reply.total_count

    return await read_all("ListResources", page, lambda resource: resource.resource_id)


async def _settings(cloud: Cloud, region_id: str, workspace_id: str, category: str | None) -> tuple[Setting, ...]:
    sdk = await cloud.sdk()
    aiworkspace = await sdk.aiworkspace()
    call = aiworkspace.call(region_id, ListConfigsReply)
    named: dict[str, Any] = {} if category is None else {"category_name": category}
    request = aiworkspace.models.ListConfigsRequest(**named)
    path_id = checked("workspace_id", workspace_id)
    await call.list_configs_with_options_async(path_id, request, {}, sdk.runtime)
    _check_count("ListConfigs", call.reply.configs, call.reply.total_count)
    return tuple(
        Setting(category=category, key=each.config_key, value=each.config_value, modified_at=each.gmt_modified_time)
        for each in call.reply.configs
    )


def _check_count(operation: str, rows: tuple[Any, ...], total: int) -> None:
    if len(rows) != total:
        reason = f"{len(rows)} rows came, the count is {total}"
        raise ReplyError(ErrorKind.LIST_UNVERIFIED, operation=operation, message=reason)
