"""The cloud as the rest of the project knows it: values in, values out, `CloudError` when it does not work.

Importing this module loads neither the vendor's SDKs nor aiohttp; the first call, or `warm`, does.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from pai_dsw_mcp.cloud import environment
from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.cloud.operations import checked
from pai_dsw_mcp.cloud.options import CloudOptions, Identity
from pai_dsw_mcp.cloud.paging import read_all
from pai_dsw_mcp.errors import CloudError, ErrorKind, ReplyError
from pai_dsw_mcp.model.catalogue import Dataset, DatasetFilter, EcsSpec, Image, ImageFilter
from pai_dsw_mcp.model.identity import CallerIdentity
from pai_dsw_mcp.model.instance import AcceleratorType, Instance, InstanceFilter
from pai_dsw_mcp.model.workspace import Product, Workspace

if TYPE_CHECKING:
    from pai_dsw_mcp.cloud.sdk import Sdk


class Cloud:
    """One per process. Every coroutine raises `CloudError`, or `InputError` for an unknown region or a malformed id.

    Lists are complete or an error of kind LIST_UNVERIFIED; nothing is sent for an `InputError`.
    Writes are not here: `writer.Writer` carries one.
    """

    def __init__(self, options: CloudOptions, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self.options: Final = options
        self._pause = pause
        self._loading = threading.Lock()
        self._sdk: Sdk | None = None

    async def __aenter__(self) -> Self:
        """Nothing is opened before the first call."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self.close()

    async def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        if self._sdk is not None:
            await self._sdk.caller.close()

    def warm(self) -> None:
        """Load the SDKs and build the TLS context, about half a second. Blocks: for a background thread."""
        self._load().caller.transport.warm()

    async def sdk(self) -> "Sdk":
        """The loaded SDKs, which `writer` sends through. Loading does not block the event loop."""
        return self._sdk or await asyncio.to_thread(self._load)

    async def identity(self) -> Identity:
        """Whom requests are signed as. The first identity is pinned: credentials of another one are refused later."""
        return await (await self.sdk()).caller.credentials.identity("GetCredentials")

    async def caller_identity(self, region_id: str, *, retry: bool = False) -> CallerIdentity | CloudError:
        """Which account and user these credentials belong to, or why that is not known; never raises a `CloudError`.

        Asked once, because the identity of a process is pinned; `retry` asks once more after a failure.
        """
        sdk = await self.sdk()
        caller = sdk.caller
        async with caller.identifying:
            if caller.identity is None or (retry and isinstance(caller.identity, CloudError)):
                caller.identity = await _ask_caller_identity(sdk, region_id)
            return caller.identity

    async def clock_skew(self) -> float | None:
        """Seconds that the service's clock is ahead of this machine's, by the last reply; None where none told."""
        return (await self.sdk()).caller.clock_skew

    async def list_ecs_specs(self, region_id: str, accelerator_type: AcceleratorType) -> tuple[EcsSpec, ...]:
        """Every spec of one kind, available or not."""
        sdk = await self.sdk()

        async def page(number: int, size: int) -> tuple[tuple[EcsSpec, ...], int]:
            call = sdk.dsw_call(region_id, sdk.replies.ListEcsSpecsReply)
            request = sdk.dsw.ListEcsSpecsRequest(accelerator_type=accelerator_type, page_number=number, page_size=size)
            await call.list_ecs_specs_with_options_async(request, {}, sdk.runtime)
            return call.reply.ecs_specs, call.reply.total_count

        return await read_all("ListEcsSpecs", page, lambda spec: spec.instance_type)

    async def find_ecs_spec(self, region_id: str, instance_type: str) -> EcsSpec | None:
        """The spec of exactly this name, looked up under both kinds at once; None when the region has none."""
        lists = await gather(self.list_ecs_specs(region_id, "CPU"), self.list_ecs_specs(region_id, "GPU"))
        return next((spec for specs in lists for spec in specs if spec.instance_type == instance_type), None)

    async def list_instances(
        self,
        region_id: str,
        filter: InstanceFilter,  # noqa: A002
        *,
        every_workspace: bool = False,
    ) -> tuple[Instance, ...]:
        """Every instance that passes the filter. Sorted by creation time, rows do not move while they are read.

        `every_workspace`: those of workspaces that are not allowed as well, to count them, never to show them.
        """
        sdk = await self.sdk()
        parameters = _parameters(filter)

        async def page(number: int, size: int) -> tuple[tuple[Instance, ...], int]:
            call = sdk.dsw_call(region_id, sdk.replies.ListInstancesReply)
            request = sdk.dsw.ListInstancesRequest(**parameters, page_number=number, page_size=size)
            await call.list_instances_with_options_async(request, {}, sdk.runtime)
            return call.reply.instances, call.reply.total_count

        rows = await read_all("ListInstances", page, lambda instance: instance.instance_id)
        return rows if every_workspace else tuple(row for row in rows if self.options.allows(row.workspace_id))

    async def get_instance(self, region_id: str, instance_id: str) -> Instance:
        """One instance."""
        sdk = await self.sdk()
        call = sdk.dsw_call(region_id, sdk.replies.GetInstanceReply)
        path_id, request = checked("instance_id", instance_id), sdk.dsw.GetInstanceRequest()
        await call.get_instance_with_options_async(path_id, request, {}, sdk.runtime)
        _check_reply_id("GetInstance", instance_id, call.reply.root.instance_id)
        return call.reply.root

    async def list_workspaces(self, region_id: str, *, name: str | None = None) -> tuple[Workspace, ...]:
        """Every workspace that can be seen; `name` matches in part."""
        sdk = await self.sdk()
        aiworkspace = await sdk.aiworkspace()
        named: dict[str, Any] = {} if name is None else {"workspace_name": name}

        async def page(number: int, size: int) -> tuple[tuple[Workspace, ...], int]:
            call = aiworkspace.call(region_id, sdk.replies.ListWorkspacesReply)
            request = aiworkspace.models.ListWorkspacesRequest(**named, page_number=number, page_size=size)
            await call.list_workspaces_with_options_async(request, {}, sdk.runtime)
            return call.reply.workspaces, call.reply.total_count

        rows = await read_all("ListWorkspaces", page, lambda workspace: workspace.workspace_id)
        return tuple(row for row in rows if self.options.allows(row.workspace_id))

    async def get_workspace(self, region_id: str, workspace_id: str) -> Workspace:
        """One workspace, with its owner."""
        sdk = await self.sdk()
        aiworkspace = await sdk.aiworkspace()
        call = aiworkspace.call(region_id, sdk.replies.GetWorkspaceReply)
        path_id, request = checked("workspace_id", workspace_id), aiworkspace.models.GetWorkspaceRequest(verbose=True)
        await call.get_workspace_with_options_async(path_id, request, {}, sdk.runtime)
        _check_reply_id("GetWorkspace", workspace_id, call.reply.root.workspace_id)
        return call.reply.root

    async def list_permissions(self, region_id: str, workspace_id: str) -> frozenset[str]:
        """The permission points that the caller has in a workspace, such as `PaiDSW:StartInstance`."""
        sdk = await self.sdk()
        aiworkspace = await sdk.aiworkspace()
        call = aiworkspace.call(region_id, sdk.replies.ListPermissionsReply)
        path_id, request = checked("workspace_id", workspace_id), aiworkspace.models.ListPermissionsRequest()
        await call.list_permissions_with_options_async(path_id, request, {}, sdk.runtime)
        codes = [permission.permission_code for permission in call.reply.permissions]
        if len(codes) != call.reply.total_count:
            reason = f"{len(codes)} rows came, the count is {call.reply.total_count}"
            raise ReplyError(ErrorKind.LIST_UNVERIFIED, operation="ListPermissions", message=reason)
        return frozenset(codes)

    async def list_products(self, region_id: str, product_codes: tuple[str, ...]) -> tuple[Product, ...]:
        """Which of these products are bought; the operation has no pages and no count."""
        sdk = await self.sdk()
        aiworkspace = await sdk.aiworkspace()
        call = aiworkspace.call(region_id, sdk.replies.ListProductsReply)
        request = aiworkspace.models.ListProductsRequest(product_codes=",".join(product_codes))
        await call.list_products_with_options_async(request, {}, sdk.runtime)
        return call.reply.products

    async def list_images(self, region_id: str, filter: ImageFilter) -> tuple[Image, ...]:  # noqa: A002
        """Every image that passes the filter, with labels."""
        sdk = await self.sdk()
        aiworkspace = await sdk.aiworkspace()
        parameters: dict[str, Any] = filter.model_dump(exclude_none=True, exclude={"labels"})
        if filter.labels:
            parameters["labels"] = ",".join(f"{label.key}={label.value}" for label in filter.labels)

        async def page(number: int, size: int) -> tuple[tuple[Image, ...], int]:
            call = aiworkspace.call(region_id, sdk.replies.ListImagesReply)
            request = aiworkspace.models.ListImagesRequest(
                **parameters, verbose=True, page_number=number, page_size=size
            )
            await call.list_images_with_options_async(request, {}, sdk.runtime)
            return call.reply.images, call.reply.total_count

        rows = await read_all("ListImages", page, lambda image: image.image_id)
        return tuple(row for row in rows if row.workspace_id is None or self.options.allows(row.workspace_id))

    async def get_image(self, region_id: str, image_id: str) -> Image:
        """One image, with labels."""
        sdk = await self.sdk()
        aiworkspace = await sdk.aiworkspace()
        call = aiworkspace.call(region_id, sdk.replies.GetImageReply)
        path_id, request = checked("image_id", image_id), aiworkspace.models.GetImageRequest(verbose=True)
        await call.get_image_with_options_async(path_id, request, {}, sdk.runtime)
        return call.reply.root.model_copy(update={"image_id": image_id})

    async def list_datasets(self, region_id: str, filter: DatasetFilter) -> tuple[Dataset, ...]:  # noqa: A002
        """Every dataset of the workspace that passes the filter; lists of ids and types travel comma-separated."""
        sdk = await self.sdk()
        aiworkspace = await sdk.aiworkspace()
        parameters: dict[str, Any] = filter.model_dump(exclude_none=True)
        for name in ("dataset_ids", "data_source_types", "data_types"):
            parameters[name] = ",".join(parameters[name]) or None

        async def page(number: int, size: int) -> tuple[tuple[Dataset, ...], int]:
            call = aiworkspace.call(region_id, sdk.replies.ListDatasetsReply)
            request = aiworkspace.models.ListDatasetsRequest(**parameters, page_number=number, page_size=size)
            await call.list_datasets_with_options_async(request, {}, sdk.runtime)
            return call.reply.datasets, call.reply.total_count

        return await read_all("ListDatasets", page, lambda dataset: dataset.dataset_id)

    async def get_dataset(self, region_id: str, dataset_id: str) -> Dataset:
        """One dataset."""
        sdk = await self.sdk()
        aiworkspace = await sdk.aiworkspace()
        call = aiworkspace.call(region_id, sdk.replies.GetDatasetReply)
        path_id, request = checked("dataset_id", dataset_id), aiworkspace.models.GetDatasetRequest()
        await call.get_dataset_with_options_async(path_id, request, {}, sdk.runtime)
        _check_reply_id("GetDataset", dataset_id, call.reply.root.dataset_id)
        return call.reply.root

    def _load(self) -> "Sdk":
        with self._loading:
            if self._sdk is None:
                environment.prepare()
                # Half a second of imports, kept out of the startup.
                from pai_dsw_mcp.cloud.caller import Caller  # noqa: PLC0415
                from pai_dsw_mcp.cloud.sdk import Sdk  # noqa: PLC0415

                environment.silence()
                self._sdk = Sdk(Caller(self.options, pause=self._pause))
            return self._sdk


async def _ask_caller_identity(sdk: "Sdk", region_id: str) -> CallerIdentity | CloudError:
    call = sdk.identity_call(region_id, sdk.replies.GetCallerIdentityReply)
    try:
        await call.get_caller_identity()
    except CloudError as error:
        return error
    return call.reply.root


def _check_reply_id(operation: str, asked_id: str, reply_id: str) -> None:
    """Refuses a reply about another object."""
    if reply_id != asked_id:
        raise ReplyError(ErrorKind.REPLY_INVALID, operation=operation, status=200)


def _parameters(wanted: InstanceFilter) -> dict[str, Any]:
    """The filter in the API's units: thousandths of a CPU or GPU, GB of memory. Sorting and order go together."""
    parameters = wanted.model_dump(exclude_none=True, exclude={"created_after", "created_before", "labels"})
    for name in ("min_cpu", "max_cpu", "min_gpu", "max_gpu"):
        if name in parameters:
            parameters[name] = str(round(parameters[name] * 1000))
    for name in ("min_memory", "max_memory", "min_gpu_memory", "max_gpu_memory"):
        if name in parameters:
            parameters[name] = f"{parameters[name]:g}"
    for name, value in (("create_time_after", wanted.created_after), ("create_time_before", wanted.created_before)):
        if value is not None:
            parameters[name] = value
    if wanted.labels:
        parameters["labels"] = {label.key: label.value for label in wanted.labels}
    return parameters
