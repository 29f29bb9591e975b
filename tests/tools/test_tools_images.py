"""list_images, asked by a client."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from tests.tools.reading_desk import Desk

pytestmark = pytest.mark.anyio


def image_named(desk: Desk, name: str) -> dict[str, Any]:
    return next(image for image in desk.region.images.values() if image["Name"] == name)


def set_label(image: dict[str, Any], key: str, value: str | None) -> None:
    image["Labels"] = [label for label in image["Labels"] if label["Key"] != key]
    if value is not None:
        image["Labels"].append({"Key": key, "Value": value})


async def test_images_are_listed_by_what_one_chooses_them_by(desk: Desk, era: str) -> None:
    async with desk.client(mode=era) as call:
        told = await call("list_images", chip_type="CPU", official=True)
    assert told.text == snapshot("""\
Newest first.
total: 2; in_all_rows: chip_type=CPU
images:
image_id|name|framework|created
image-c561560e3f3c1cbff7|torcheasyrec:1.1.0-pytorch2.10.0-cpu-py311-ubuntu22.04|"PyTorch 2.10.0"|2025-11-15
image-0362af0475de6dbc17|modelscope:1.34.0-pytorch2.3.1-cpu-py311-ubuntu22.04|"PyTorch 2.3.1"|2025-09-15\
""")
    assert told.result == snapshot(
        {
            "note": "Newest first.",
            "total": 2,
            "in_all_rows": {"chip_type": "CPU"},
            "images": [
                {
                    "image_id": "image-c561560e3f3c1cbff7",
                    "name": "torcheasyrec:1.1.0-pytorch2.10.0-cpu-py311-ubuntu22.04",
                    "framework": "PyTorch 2.10.0",
                    "created": "2025-11-15",
                },
                {
                    "image_id": "image-0362af0475de6dbc17",
                    "name": "modelscope:1.34.0-pytorch2.3.1-cpu-py311-ubuntu22.04",
                    "framework": "PyTorch 2.3.1",
                    "created": "2025-09-15",
                },
            ],
        }
    )


async def test_images_come_newest_first_with_the_day_of_their_creation(desk: Desk) -> None:
    image_named(desk, "churn-report")["GmtCreateTime"] = ""
    async with desk.client() as call:
        told = await call("list_images", limit=100)
        newest = await call("list_images", framework="PyTorch", chip_type="GPU", limit=1)
    days = [row.get("created", "") for row in told.rows("images")]
    assert days == sorted(days, reverse=True)
    assert (days[0], days[-1]) == ("2025-12-15", "")
    assert [row["name"].partition(":")[0] for row in newest.rows("images")] == ["easyanimate"]


async def test_both_frameworks_of_a_mixed_image_are_told_and_found_although_one_is_labelled(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("list_images", framework="PyTorch 2.3.1", chip_type="GPU")
    assert [row["framework"] for row in told.rows("images")] == ["TensorFlow 2.16.1, PyTorch 2.3.1"]


async def test_only_images_that_dsw_supports_are_listed(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("list_images", limit=100)
    assert told.result["total"] == 14
    assert "training:26.07.20" not in told.text


async def test_full_detail_adds_the_address(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("list_images", name="llm-finetune", detail="full")
    assert told.result == snapshot(
        {
            "total": 1,
            "images": [
                {
                    "image_id": "image-2c8ffdc41daa4c7f25",
                    "name": "llm-finetune",
                    "chip_type": "GPU",
                    "created": "2025-11-20",
                    "custom": True,
                    "image_url": "registry-vpc.cn-hangzhou.aliyuncs.com/example/llm-finetune:v1",
                    "description": "llm-finetune, built by the team",
                    "accessibility": "PUBLIC",
                    "workspace_id": "40001",
                    "size_gib": 12.0,
                }
            ],
        }
    )


async def test_official_and_custom_images_are_told_apart(desk: Desk) -> None:
    async with desk.client() as call:
        official = await call("list_images", official=True, limit=100)
        custom = await call("list_images", official=False, limit=100)
    assert {row.get("custom", False) for row in official.rows("images")} == {False}
    assert {row["custom"] for row in custom.rows("images")} == {True}
    assert [row["name"] for row in custom.rows("images")] == ["llm-finetune", "churn-report"]
    assert official.result["total"] + custom.result["total"] == 14


async def test_images_are_filtered_by_framework_and_workspace(desk: Desk) -> None:
    async with desk.client() as call:
        framework = await call("list_images", framework="tensorflow", limit=100)
        version = await call("list_images", framework="PyTorch 2.10", chip_type="GPU")
        nothing = await call("list_images", framework="Theano")
        workspace = await call("list_images", workspace_id="40001", official=False)
    assert framework.result["total"] == 2
    assert [row["name"] for row in version.rows("images")] == snapshot(
        ["torcheasyrec:1.1.0-pytorch2.10.0-gpu-py311-cu129-ubuntu22.04"]
    )
    assert nothing.text == snapshot("""\
No image for DSW in cn-hangzhou fits.
total: 0\
""")
    assert [row["name"] for row in workspace.rows("images")] == ["llm-finetune"]


async def test_the_chip_type_is_the_labels_even_where_the_name_says_cuda(desk: Desk) -> None:
    image = image_named(desk, "llm-finetune")
    set_label(image, "system.chipType", "CPU")
    image["ImageUri"] = "registry.cn-hangzhou.aliyuncs.com/example/llm:cu121-gpu-v1"
    async with desk.client() as call:
        told = await call("list_images", name="llm-finetune", chip_type="CPU")
    assert [row["chip_type"] for row in told.rows("images")] == ["CPU"]
    assert "note" not in told.result


@pytest.mark.parametrize(
    ("tag", "chip"), [("v1-gpu-py311", "GPU"), ("v1-cpu-py311", "CPU"), ("v1-py310-cu121", "GPU"), ("v1-cuda12", "GPU")]
)
async def test_without_a_label_the_address_tells_the_chip_type_and_the_answer_says_so(
    desk: Desk, tag: str, chip: str
) -> None:
    image = image_named(desk, "llm-finetune")
    set_label(image, "system.chipType", None)
    image["ImageUri"] = f"registry.cn-hangzhou.aliyuncs.com/example/llm:{tag}"
    async with desk.client() as call:
        told = await call("list_images", name="llm-finetune", chip_type=chip)
    assert [row["chip_type"] for row in told.rows("images")] == [chip]
    assert told.result["note"] == "Without a chip type label, so taken from the address: 1."


@pytest.mark.parametrize("tag", ["v1-py311", "v1-acu2", "v1-gpu-and-cpu-both"])
async def test_where_nothing_tells_the_chip_type_an_image_is_not_offered_as_either(desk: Desk, tag: str) -> None:
    image = image_named(desk, "llm-finetune")
    set_label(image, "system.chipType", None)
    image["ImageUri"] = f"registry.cn-hangzhou.aliyuncs.com/example/llm:{tag}"
    async with desk.client() as call:
        wanted = await call("list_images", name="llm-finetune", chip_type="GPU")
        every = await call("list_images", name="llm-finetune")
    assert wanted.result == snapshot(
        {
            "total": 0,
            "note": """\
No image for DSW in cn-hangzhou fits.
Left out because neither label nor address tells the chip type: 1.\
""",
            "images": [],
        }
    )
    assert ["chip_type" in row for row in every.rows("images")] == [False]
