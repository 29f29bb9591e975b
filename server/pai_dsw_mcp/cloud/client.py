"""The cloud as the rest of the project knows it: values in, values out, `CloudError` when it does not work.

Importing this module loads neither the vendor's SDKs nor aiohttp; the first call, or `warm`, does.
"""

import asyncio
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from pai_dsw_mcp.cloud import environment
from pai_dsw_mcp.cloud.options import CloudOptions, Identity
from pai_dsw_mcp.model.catalogue import Dataset, DatasetFilter, EcsSpec, Image, ImageFilter
from pai_dsw_mcp.model.instance import AcceleratorType, Instance, InstanceFilter, Label
from pai_dsw_mcp.model.workspace import Product, Workspace

if TYPE_CHECKING:
    from pai_dsw_mcp.cloud.calls import Calls


class Cloud:
    """One per process. Every coroutine raises `CloudError`, or `InputError` for an unknown region or a malformed id.

    Lists are complete or an error of kind LIST_UNVERIFIED; nothing is sent for an `InputError`.
    Writes are not here: `writes.Writer` carries one.
    """

    def __init__(self, options: CloudOptions) -> None:
        self.options: Final = options
        self._loading = threading.Lock()
        self._calls: Calls | None = None

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
        if self._calls is not None:
            await self._calls.caller.close()

    def warm(self) -> None:
        """Load the SDKs and build the TLS context, about half a second. Blocks: for a background thread."""
        self._load().caller.transport.warm()

    async def calls(self) -> "Calls":
        """The operations, loaded; what `writes` sends through. The event loop stays free meanwhile."""
        return self._calls or await asyncio.to_thread(self._load)

    async def identity(self) -> Identity:
        """Whom requests are signed as. The first answer is pinned: credentials that change hands are refused."""
        calls = await self.calls()
        return await calls.caller.credentials.identity("GetCredentials")

    async def list_ecs_specs(self, region_id: str, accelerator_type: AcceleratorType) -> tuple[EcsSpec, ...]:
        """Every spec of one kind, available or not."""
        return await (await self.calls()).list_ecs_specs(region_id, accelerator_type)

    async def find_ecs_spec(self, region_id: str, instance_type: str) -> EcsSpec | None:
        """The spec of exactly this name, looked up under both kinds; None when the region has none."""
        return await (await self.calls()).find_ecs_spec(region_id, instance_type)

    async def list_workspaces(self, region_id: str, *, name: str | None = None) -> tuple[Workspace, ...]:
        """Every workspace that can be seen; `name` matches in part."""
        return await (await self.calls()).list_workspaces(region_id, name)

    async def workspace_exists(self, region_id: str, name: str) -> bool:
        """Whether the name is taken, as the service itself answers it."""
        return await (await self.calls()).workspace_exists(region_id, name)

    async def get_workspace(self, region_id: str, workspace_id: str) -> Workspace:
        """One workspace, with its owner."""
        return await (await self.calls()).get_workspace(region_id, workspace_id)

    async def get_default_workspace(self, region_id: str) -> Workspace:
        """The account's default workspace in the region."""
        return await (await self.calls()).get_default_workspace(region_id)

    async def list_products(self, region_id: str, product_codes: tuple[str, ...]) -> tuple[Product, ...]:
        """Which of these products are bought."""
        return await (await self.calls()).list_products(region_id, product_codes)

    async def list_images(self, region_id: str, filter: ImageFilter) -> tuple[Image, ...]:  # noqa: A002  # the API's noun
        """Every image that passes the filter, with labels."""
        return await (await self.calls()).list_images(region_id, filter)

    async def get_image(self, region_id: str, image_id: str) -> Image:
        """One image, with labels."""
        return await (await self.calls()).get_image(region_id, image_id)

    async def list_image_labels(self, region_id: str, image_id: str) -> tuple[Label, ...]:
        """The labels of one image."""
        return await (await self.calls()).list_image_labels(region_id, image_id)

    async def list_datasets(self, region_id: str, filter: DatasetFilter) -> tuple[Dataset, ...]:  # noqa: A002
        """Every dataset of the workspace that passes the filter."""
        return await (await self.calls()).list_datasets(region_id, filter)

    async def get_dataset(self, region_id: str, dataset_id: str) -> Dataset:
        """One dataset."""
        return await (await self.calls()).get_dataset(region_id, dataset_id)

    async def list_instances(self, region_id: str, filter: InstanceFilter) -> tuple[Instance, ...]:  # noqa: A002
        """Every instance that passes the filter. Sorted by creation time, rows do not move while they are read."""
        return await (await self.calls()).list_instances(region_id, filter)

    async def get_instance(self, region_id: str, instance_id: str) -> Instance:
        """One instance."""
        return await (await self.calls()).get_instance(region_id, instance_id)

    def _load(self) -> "Calls":
        with self._loading:
            if self._calls is None:
                environment.prepare()
                # Half a second of imports, which no start should pay.
                from pai_dsw_mcp.cloud.caller import Caller  # noqa: PLC0415
                from pai_dsw_mcp.cloud.calls import Calls  # noqa: PLC0415

                environment.silence()
                self._calls = Calls(Caller(self.options))
            return self._calls
