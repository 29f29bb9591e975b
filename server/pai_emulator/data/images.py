"""The images of a region: official ones, and custom ones of the account.

Documented: the form of the registry addresses, the tags (seen in public repositories and documentation), the keys of
the labels, that an official image has `system.official=true`, and that `system.chipType` is CPU or GPU. Assumed: the
image ids (the same in every region), sizes, dates, descriptions, which label says what, and the custom images.
"""

import hashlib
import re
from typing import Final, NamedTuple

from pai_emulator.data.regions import REGIONS
from pai_emulator.data.workspaces import workspaces
from pai_emulator.policy import ACCOUNT_ID, USER_IDS
from pai_emulator.types import JsonObject


class _Official(NamedTuple):
    """`name` is the repository and tag, out of which the address is made."""

    name: str
    chip_type: str
    framework: str
    version: str
    python: str
    ubuntu: str
    cuda: str = ""
    origin: str = "PAI"
    supported: bool = True
    """By DSW; the others are for training jobs only."""


_OFFICIAL: Final = (
    _Official(
        "pytorch:2.7.1-gpu-py310-cu128-ubuntu22.04-3995b779-1764350887",
        *("GPU", "PyTorch", "2.7.1", "3.10", "22.04", "12.8"),
    ),
    _Official(
        "pytorch:2.8.0-gpu-py313-cu129-ubuntu22.04-3995b779-1764361782",
        *("GPU", "PyTorch", "2.8.0", "3.13", "22.04", "12.9"),
    ),
    _Official(
        "pytorch:2.8.0-gpu-py311-cu128-ubuntu24.04-accl-b244fc94-1764407151",
        *("GPU", "PyTorch", "2.8.0", "3.11", "24.04", "12.8"),
    ),
    _Official(
        "modelscope:1.16.1-pytorch2.3.0tensorflow2.16.1-gpu-py310-cu121-ubuntu22.04",
        *("GPU", "TensorFlow", "2.16.1", "3.10", "22.04", "12.1", "Community"),
    ),
    _Official(
        "modelscope:1.23.0-pytorch2.5.1-gpu-py310-cu124-ubuntu22.04",
        *("GPU", "PyTorch", "2.5.1", "3.10", "22.04", "12.4", "Community"),
    ),
    _Official(
        "modelscope:1.28.0-pytorch2.3.1tensorflow2.16.1-gpu-py311-cu121-ubuntu22.04",
        *("GPU", "TensorFlow", "2.16.1", "3.11", "22.04", "12.1", "Community"),
    ),
    _Official(
        "modelscope:1.31.0-pytorch2.8.0-gpu-py311-cu124-ubuntu22.04",
        *("GPU", "PyTorch", "2.8.0", "3.11", "22.04", "12.4", "Community"),
    ),
    _Official(
        "modelscope:1.34.0-pytorch2.9.1-gpu-py311-cu124-ubuntu22.04",
        *("GPU", "PyTorch", "2.9.1", "3.11", "22.04", "12.4", "Community"),
    ),
    _Official(
        "modelscope:1.34.0-pytorch2.3.1-cpu-py311-ubuntu22.04",
        *("CPU", "PyTorch", "2.3.1", "3.11", "22.04", "", "Community"),
    ),
    _Official(
        "torcheasyrec:1.1.0-pytorch2.10.0-gpu-py311-cu129-ubuntu22.04",
        *("GPU", "PyTorch", "2.10.0", "3.11", "22.04", "12.9"),
    ),
    _Official(
        "torcheasyrec:1.1.0-pytorch2.10.0-cpu-py311-ubuntu22.04",
        *("CPU", "PyTorch", "2.10.0", "3.11", "22.04"),
    ),
    _Official(
        "easyanimate:1.1.1-pytorch2.2.0-gpu-py310-cu118-ubuntu22.04",
        *("GPU", "PyTorch", "2.2.0", "3.10", "22.04", "11.8", "Community"),
    ),
    _Official(
        "training:26.07.20-pytorch2.11-python3.12-cuda13.0-ubuntu24.04_accelerated",
        *("GPU", "PyTorch", "2.11", "3.12", "24.04", "13.0", "PAI", False),
    ),
)


def images(region_id: str) -> dict[str, JsonObject]:
    """The images of a region by id, in the order in which they were added."""
    if "aiworkspace" not in REGIONS[region_id].products:
        return {}
    official = [_official(region_id, position, image) for position, image in enumerate(_OFFICIAL)]
    return {image["ImageId"]: image for image in (*official, *_custom(region_id))}


def chip_type(image_url: str) -> str | None:
    """CPU or GPU by the markers in an image's address, as the vendor's skill reads them; None where there are none."""
    if re.search(r"-gpu-|cu(?:da)?\d", image_url):
        return "GPU"
    return "CPU" if "-cpu-" in image_url else None


def image_id(*purpose: str) -> str:
    """An id of the documented form: `image-` and 18 letters and digits."""
    return f"image-{hashlib.blake2b('/'.join(purpose).encode(), digest_size=9).hexdigest()}"


def _labels(labels: dict[str, str]) -> list[JsonObject]:
    return [{"Key": key, "Value": value} for key, value in labels.items()]


def _official(region_id: str, position: int, image: _Official) -> JsonObject:
    labels = {
        "system.official": "true",
        "system.supported.dsw": str(image.supported).lower(),
        "system.supported.dlc": "true",
        "system.chipType": image.chip_type,
        "system.framework": f"{image.framework} {image.version}",
        f"system.framework.{image.framework}": image.version,
        "system.pythonVersion": image.python,
        "system.dsw.os": "ubuntu",
        "system.dsw.osVersion": image.ubuntu,
        "system.origin": image.origin,
    }
    if image.cuda:
        labels["system.dsw.cudaVersion"] = image.cuda
    created_at = f"2025-{1 + position % 12:02}-15T03:20:00.{position:03}Z"
    return {
        "ImageId": image_id("official", image.name),
        "Name": image.name,
        "Description": f"{image.framework} {image.version} on Python {image.python} for {image.chip_type}",
        "ImageUri": f"dsw-registry-vpc.{region_id}.cr.aliyuncs.com/pai/{image.name}",
        "Accessibility": "PUBLIC",
        "Size": (6 if image.chip_type == "CPU" else 18) * 2**30,
        "UserId": "pai",
        "ParentUserId": "pai",
        "SourceType": "system",
        "GmtCreateTime": created_at,
        "GmtModifiedTime": created_at,
        "Labels": _labels(labels),
    }


def _custom(region_id: str) -> list[JsonObject]:
    admin, developer, _ = USER_IDS.values()
    research, production = workspaces(region_id)
    return [
        _custom_image(region_id, research, developer, "llm-finetune", "GPU", "PUBLIC"),
        _custom_image(region_id, production, admin, "churn-report", "CPU", "PRIVATE"),
    ]


def _custom_image(
    region_id: str, workspace_id: str, user_id: str, name: str, chip: str, accessibility: str
) -> JsonObject:
    created_at = "2025-11-20T09:00:00.120Z"
    return {
        "ImageId": image_id(region_id, workspace_id, name),
        "Name": name,
        "Description": f"{name}, built by the team",
        "ImageUri": f"registry-vpc.{region_id}.aliyuncs.com/example/{name}:v1",
        "Accessibility": accessibility,
        "Size": 12 * 2**30,
        "UserId": user_id,
        "ParentUserId": ACCOUNT_ID,
        "WorkspaceId": workspace_id,
        "SourceType": "user",
        "SourceId": "",
        "GmtCreateTime": created_at,
        "GmtModifiedTime": created_at,
        "Labels": _labels({"system.chipType": chip, "system.supported.dsw": "true", "team": "research"}),
    }
