"""The system disk: how its size is asked for, and when it costs money by itself."""

import re
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from pai_dsw_mcp.model.change import Item, Sentence
from pai_dsw_mcp.model.instance import AcceleratorType, CloudDisk
from pai_dsw_mcp.model.quota import amount_of

_FREE_ANYWHERE: Final = 30
"""GiB; the documents disagree whether up to 30 or up to 100 are free without a GPU."""
_FREE_AT_MOST: Final = 100

DiskGib: TypeAlias = Annotated[int, Field(ge=30, le=32_768, description="System disk; never smaller later.")]


def disks_of(disk_gib: int | None) -> tuple[CloudDisk, ...]:
    """The system disk as it is sent."""
    return () if disk_gib is None else (CloudDisk(capacity=f"{disk_gib}Gi"),)


def show_disks(disks: tuple[CloudDisk, ...]) -> tuple[Item, ...]:
    """A disk in its parts."""
    return tuple(part for each in disks for part in (("Capacity", each.capacity), ("SubType", each.sub_type)))


def in_gib(size: str | None) -> str | None:
    """A size as the service writes it, such as `200Gi`, in the unit of every text here."""
    return size and re.sub(r"(?<=\d)Gi$", " GiB", size)


def is_enlarged(size: str | None) -> bool:
    """Whether no free disk is as large: then it is charged by size, and a long stop does not clear it."""
    return (amount_of(size) or 0) > _FREE_AT_MOST


def disk_warnings(size: str | None, kind: AcceleratorType | None) -> tuple[Sentence, ...]:
    """That a disk of this size is charged, also while the instance is stopped, or that it may be."""
    gib = amount_of(size) or 0
    if is_enlarged(size):
        key = "warn_disk_charged"
    elif kind != "GPU" and gib > _FREE_ANYWHERE:
        key = "warn_disk_may_be_charged"
    else:
        return ()
    return (Sentence(key=key, values={"gib": f"{gib:g}"}),)
