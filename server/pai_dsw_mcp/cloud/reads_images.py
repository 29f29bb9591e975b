"""Reads of AIWorkSpace: images and datasets."""

from typing import Any

from alibabacloud_aiworkspace20210204.models import (
    GetDatasetRequest,
    GetImageRequest,
    ListDatasetsRequest,
    ListImageLabelsRequest,
    ListImagesRequest,
)

from pai_dsw_mcp.cloud.identifiers import checked
from pai_dsw_mcp.cloud.paging import PAGE_SIZE, read_all
from pai_dsw_mcp.cloud.sdk import RUNTIME, CallerOwner, WorkspaceCalls
from pai_dsw_mcp.cloud.wire import labels_of
from pai_dsw_mcp.cloud.wire_workspaces import (
    GetImageReply,
    ListDatasetsReply,
    ListImageLabelsReply,
    ListImagesReply,
    WireDataset,
)
from pai_dsw_mcp.errors import ErrorKind, ReplyError
from pai_dsw_mcp.model.catalogue import Dataset, DatasetFilter, Image, ImageFilter
from pai_dsw_mcp.model.instance import Label


class ImageReads(CallerOwner):
    """ListImages, GetImage, ListImageLabels, ListDatasets, GetDataset."""

    async def list_images(self, region_id: str, wanted: ImageFilter) -> tuple[Image, ...]:
        """ListImages with their labels, all pages."""
        parameters: dict[str, Any] = wanted.model_dump(exclude_none=True, exclude={"labels"})
        if wanted.labels:
            parameters["labels"] = ",".join(f"{label.key}={label.value}" for label in wanted.labels)

        async def page(number: int) -> tuple[tuple[Image, ...], int]:
            calls = WorkspaceCalls(self.caller, region_id, ListImagesReply)
            request = ListImagesRequest(**parameters, verbose=True, page_number=number, page_size=PAGE_SIZE)
            await calls.list_images_with_options_async(request, {}, RUNTIME)
            return tuple(row.value_of(row.image_id) for row in calls.reply.images), calls.reply.total_count

        return await read_all("ListImages", page, lambda image: image.image_id)

    async def get_image(self, region_id: str, image_id: str) -> Image:
        """GetImage with its labels."""
        calls = WorkspaceCalls(self.caller, region_id, GetImageReply)
        request = GetImageRequest(verbose=True)
        await calls.get_image_with_options_async(checked("image_id", image_id), request, {}, RUNTIME)
        return calls.reply.value_of(image_id)

    async def list_image_labels(self, region_id: str, image_id: str) -> tuple[Label, ...]:
        """ListImageLabels of one image; the operation has no pages, so all labels have to be there at once."""
        calls = WorkspaceCalls(self.caller, region_id, ListImageLabelsReply)
        request = ListImageLabelsRequest(image_id=checked("image_id", image_id))
        await calls.list_image_labels_with_options_async(request, {}, RUNTIME)
        labels, total = calls.reply.labels, calls.reply.total_count
        if len(labels) != total:
            reason = f"{len(labels)} rows came, the count is {total}"
            raise ReplyError(ErrorKind.LIST_UNVERIFIED, operation="ListImageLabels", message=reason)
        return labels_of(labels)

    async def list_datasets(self, region_id: str, wanted: DatasetFilter) -> tuple[Dataset, ...]:
        """ListDatasets of a workspace, all pages; lists of ids and types travel comma-separated."""
        parameters = wanted.model_dump(exclude_none=True)
        for name in ("dataset_ids", "data_source_types", "data_types"):
            parameters[name] = ",".join(parameters[name]) or None

        async def page(number: int) -> tuple[tuple[Dataset, ...], int]:
            calls = WorkspaceCalls(self.caller, region_id, ListDatasetsReply)
            request = ListDatasetsRequest(**parameters, page_number=number, page_size=PAGE_SIZE)
            await calls.list_datasets_with_options_async(request, {}, RUNTIME)
            return tuple(row.value() for row in calls.reply.datasets), calls.reply.total_count

        return await read_all("ListDatasets", page, lambda dataset: dataset.dataset_id)

    async def get_dataset(self, region_id: str, dataset_id: str) -> Dataset:
        """GetDataset. A reply about another dataset is no reply."""
        calls = WorkspaceCalls(self.caller, region_id, WireDataset)
        await calls.get_dataset_with_options_async(checked("dataset_id", dataset_id), GetDatasetRequest(), {}, RUNTIME)
        if calls.reply.dataset_id != dataset_id:
            raise ReplyError(ErrorKind.REPLY_INVALID, operation="GetDataset", status=200)
        return calls.reply.value()
