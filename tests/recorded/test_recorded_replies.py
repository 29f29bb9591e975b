"""verify-cloud --record keeps the shape of replies alone; a recording is played again and read as any reply.

The files of this folder are recordings of the emulator itself (python -m tests.recorded.record): one of a whole run,
and one of each kind of reply of a run with writes. One of the service goes here under the name of its region and month.
"""

import asyncio
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic_core import to_json

from pai_dsw_mcp.cloud import member_replies, monitoring_replies, paistudio, replies, snapshots, workspaces
from pai_dsw_mcp.cloud.aiworkspace import AiWorkSpace
from pai_dsw_mcp.cloud.message import Reply
from pai_dsw_mcp.cloud.operations import OPERATIONS
from pai_dsw_mcp.cloud.recording import Recording
from pai_dsw_mcp.cloud.sdk import Sdk
from pai_dsw_mcp.cloud.write_replies import DswWriteReply
from pai_dsw_mcp.commands.verify_cloud import verify_cloud
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.settings import Settings
from pai_emulator.serve import Emulator
from tests.cloud.loopback import Loopback, reply
from tests.cloud.test_cloud_verify import CANARY, poisoned
from tests.recorded.record import FOLDER, REGION, report_of

pytestmark = pytest.mark.anyio

FILES: Final = sorted(FOLDER.glob("*.json"))
OURS: Final = {
    name: model
    for module in (replies, workspaces, member_replies, monitoring_replies, snapshots, paistudio)
    for name, model in vars(module).items()
}
THEIRS: Final = (Sdk.dsw, AiWorkSpace.models, paistudio.models)


def recorded(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text("utf-8"))["recorded"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_recorded_reply_can_be_read(path: Path) -> None:
    for each in recorded(path):
        body, operation = each["body"], each["operation"]
        if each["status"] != 200:
            assert isinstance(body["Code"], str), operation
            continue
        ours = DswWriteReply if OPERATIONS[operation].is_write else OURS[f"{operation}Reply"]
        ours.model_validate_json(to_json(body), context={"region_id": REGION})
        models = [getattr(module, f"{operation}ResponseBody", None) for module in THEIRS]
        for model in filter(None, models):
            assert model().from_map(body).to_map().keys() <= body.keys(), operation


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_a_recording_is_played_again(path: Path) -> None:
    async with Emulator(fixture=path) as emulator:
        _, heard = await report_of(emulator)
    statuses: dict[str, list[int]] = {}
    for each in recorded(path):
        statuses.setdefault(each["operation"], []).append(each["status"])
    for each in json.loads(heard)["recorded"]:
        if known := statuses.get(each["operation"]):
            assert each["status"] == (known.pop(0) if len(known) > 1 else known[0])


async def test_what_plays_a_recording_behaves_as_what_was_recorded(tmp_path: Path) -> None:
    async with Emulator(assume={"system-logs": "there", "status-after-start": "ResourceAllocating"}) as emulator:
        first, recording = await report_of(emulator, live=True)
    path = tmp_path / "replies.json"
    path.write_text(recording, "utf-8")
    async with Emulator(fixture=path) as emulator:
        second, _ = await report_of(emulator)
    assert [row for row in first["findings"] if row["agrees"] is False]
    assert second["findings"] == first["findings"]
    assert second["requests"] == first["requests"]


@pytest.mark.parametrize("status", [200, 403, 404])
async def test_nothing_that_the_account_holds_gets_into_the_folder(tmp_path: Path, status: int) -> None:
    row = {"InstanceId": "dsw-canary0123456789", "ReasonCode": "", "InstanceName": "x", "Price": 31.4, "UserId": "77"}
    body = {"Instances": [poisoned(row) | {"InstanceId": row["InstanceId"]}], "TotalCount": 1}
    error = {"Code": f"{CANARY}1234567890", "Message": f"{CANARY}", "HostId": f"{CANARY}.aliyuncs.com", "Size": 314}
    folder = tmp_path / "recording"
    async with Loopback(reply({**body, **error, f"{CANARY}_key": 1}, status)) as service:
        settings = Settings(verb="verify-cloud", endpoint=service.url, record=folder)
        await asyncio.to_thread(verify_cloud, settings, None)
    files = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    assert files.keys() == {"replies.json", "README.txt"}
    assert CANARY not in "".join(files.values())
    assert re.search(r"31\.?4", files["replies.json"]) is None
    assert "maintainer" in files["README.txt"]


def test_a_folder_that_holds_something_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    for folder in (tmp_path, tmp_path / "mine" / "below"):
        with pytest.raises(RefusedError):
            verify_cloud(Settings(verb="verify-cloud", endpoint="http://127.0.0.1:1", record=folder), None)
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]


def test_what_is_no_json_object_is_not_kept() -> None:
    recording = Recording()
    for body in (b"<html>canary</html>", b'["canary"]'):
        recording.hear("ListInstances", Reply(502, {}, body), None)
    assert json.loads(recording.as_fixture()) == {"recorded": []}
