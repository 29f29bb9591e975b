"""The documented way for other harnesses: a scenario's server on stdio, and the verdict on what passed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import pytest
from mcp.client import Client, ClientRequestContext
from mcp.client.stdio import StdioServerParameters
from mcp_types import ElicitRequestParams, ElicitResult

from evals.loading import scenario
from evals.records import Records
from evals.verdict import judge
from tests.support.desk import told
from tests.support.programs import PYTHON
from tests.support.unmeasured import UNMEASURED

pytestmark = pytest.mark.anyio

HOME = Path(__file__).parents[2]


def evals(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [PYTHON, "-m", "evals", *arguments]
    return subprocess.run(command, cwd=HOME, env=UNMEASURED, capture_output=True, text=True, timeout=120, check=False)


async def stop_and_wait(python: str, record: Path, mode: str, action: Literal["accept", "decline"]) -> None:
    """An outside program that knows the commands and nothing of this project."""

    async def answer(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        if action == "decline":
            return ElicitResult(action="decline")
        return ElicitResult(action="accept", content={"decision": "approve", "instance_name": "train_a10"})

    server = StdioServerParameters(
        command=python, args=["-m", "evals", "serve", "stop-and-wait", "--record", str(record)], cwd=HOME
    )
    async with Client(server, mode=mode, elicitation_callback=answer) as client:
        found = told(await client.call_tool("list_instances", {"region_id": "cn-hangzhou", "instance_name": "train"}))
        target: dict[str, Any] = {"region_id": "cn-hangzhou", "instance_id": found["instances"][0]["instance_id"]}
        await client.call_tool("stop_instance", target)
        await client.call_tool("wait_for_instance", {**target, "until": "Stopped"})


async def test_a_run_over_stdio_gets_the_verdict_of_a_replay(tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    await stop_and_wait(sys.executable, record, "auto", "accept")
    graded = evals("grade", str(record), "--said", "train_a10 is Stopped.")
    verdict = json.loads(graded.stdout)
    assert (graded.returncode, verdict["passed"], verdict["reward"]) == (0, True, 1.0), verdict
    assert (verdict["era"], verdict["proof"], verdict["questions"]) == ("modern", ["form"], 1)
    unsaid = judge(scenario("stop-and-wait"), Records.model_validate_json(record.read_bytes()), replayed=False)
    assert unsaid.failed() == {"told"}


async def test_a_run_that_came_to_something_else_fails(tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    await stop_and_wait(PYTHON, record, "legacy", "decline")
    records = Records.model_validate_json(record.read_bytes())
    records.add_words("train_a10 is Stopped.")
    assert records.era == "legacy"
    assert judge(scenario("stop-and-wait"), records, replayed=False).failed() == {"end_state", "requests", "told"}


def test_an_unknown_scenario_is_refused() -> None:
    refused = evals("run", "no-such-scenario")
    assert (refused.returncode, refused.stderr) == (2, "there is no scenario no-such-scenario\n")


def test_run_keeps_records_and_verdicts(tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    ran = evals("run", "no-is-no", "--json", str(kept))
    assert ran.returncode == 0, ran.stdout
    assert "2 of 2 runs passed" in ran.stdout
    first = json.loads(kept.read_text(encoding="utf-8"))[0]
    assert first["verdict"]["passed"]
    assert [event["who"] for event in first["records"]["events"]][:3] == ["person", "call", "question"]
