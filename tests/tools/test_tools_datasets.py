"""list_datasets, asked by a client."""

import pytest
from inline_snapshot import snapshot

from tests.tools.reading_desk import Desk

pytestmark = pytest.mark.anyio


async def test_datasets_are_listed_with_what_mounting_needs(desk: Desk, era: str) -> None:
    async with desk.client(mode=era) as call:
        told = await call("list_datasets", workspace_id="40001", limit=2)
    assert told.text == snapshot("""\
Rows 1-2 of 4; next_cursor gives the next ones.
total: 4; next_cursor: 2
datasets:
dataset_id|name|data_source_type|data_type|mount_access|default_mount_path
d-db67c33e4453a26dc8|training_corpus|OSS|TEXT|RW|/mnt/data/training_corpus/
d-fa6f1f427fec1283d2|street_pictures|NAS|PIC|RO|/mnt/data/street_pictures/\
""")
    assert told.result == snapshot(
        {
            "total": 4,
            "next_cursor": "2",
            "note": "Rows 1-2 of 4; next_cursor gives the next ones.",
            "datasets": [
                {
                    "dataset_id": "d-db67c33e4453a26dc8",
                    "name": "training_corpus",
                    "data_source_type": "OSS",
                    "data_type": "TEXT",
                    "mount_access": "RW",
                    "default_mount_path": "/mnt/data/training_corpus/",
                },
                {
                    "dataset_id": "d-fa6f1f427fec1283d2",
                    "name": "street_pictures",
                    "data_source_type": "NAS",
                    "data_type": "PIC",
                    "mount_access": "RO",
                    "default_mount_path": "/mnt/data/street_pictures/",
                },
            ],
        }
    )


async def test_datasets_are_filtered_by_name_source_and_type(desk: Desk) -> None:
    async with desk.client() as call:
        name = await call("list_datasets", workspace_id="40001", name="street", detail="full")
        source = await call("list_datasets", workspace_id="40001", data_source_type="NAS")
        data_type = await call("list_datasets", workspace_id="40001", data_type="TEXT")
    assert name.result == snapshot(
        {
            "total": 1,
            "datasets": [
                {
                    "dataset_id": "d-fa6f1f427fec1283d2",
                    "name": "street_pictures",
                    "data_source_type": "NAS",
                    "data_type": "PIC",
                    "mount_access": "RO",
                    "default_mount_path": "/mnt/data/street_pictures/",
                    "property": "DIRECTORY",
                    "uri": "nas://09f2c8.cn-hangzhou/pictures/",
                    "accessibility": "PUBLIC",
                    "description": "Pictures of streets, read only",
                    "created_at": "2025-02-11T07:45Z",
                }
            ],
        }
    )
    assert [row["name"] for row in source.rows("datasets")] == ["street_pictures"]
    assert [row["name"] for row in data_type.rows("datasets")] == ["training_corpus"]


async def test_where_no_dataset_fits_the_answer_says_so(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("list_datasets", workspace_id="40001", name="astronomy")
    assert told.text == snapshot("""\
No dataset in workspace 40001 fits, or none that these credentials may see.
total: 0\
""")
    assert told.result == {"note": told.text.splitlines()[0], "total": 0, "datasets": []}


async def test_a_workspace_id_in_digits_of_another_script_is_refused_before_anything_is_sent(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("list_datasets", workspace_id="\u0664\u0660\u0660\u0660\u0661")
    assert told.is_error
    assert desk.requests("ListDatasets") == 0
