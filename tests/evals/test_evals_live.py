"""The way from a model to a verdict without Inspect: the stub leads a conversation that nobody scripted."""

import json
from pathlib import Path
from typing import Any

import pytest

from evals.cloud import Clouds
from evals.live.person import reply_to
from evals.live.stub import next_words
from evals.live.talk import Talk
from evals.loading import scenario
from evals.records import Records
from evals.scenario import Era
from evals.verdict import judge

pytestmark = pytest.mark.anyio


async def led_by_the_stub(scenario_id: str, era: Era, clouds: Clouds, folder: Path) -> Records:
    one = scenario(scenario_id)
    messages: list[dict[str, Any]] = [{"role": "user", "content": one.request}]
    turn = 0
    async with Talk(one, era, clouds.take(one), folder, "memory") as talk:
        assert "create_instance" in [each.name for each in talk.tools]
        while True:
            said = next_words(messages)
            messages.append(said)
            for call in said.get("tool_calls", []):
                text, _ = await talk.call(call["function"]["name"], json.loads(call["function"]["arguments"]))
                messages.append({"role": "tool", "content": [{"type": "text", "text": text}]})
            if said.get("tool_calls"):
                continue
            await talk.say(said["content"])
            reply = reply_to(one, said["content"], talk.questions, turn)
            if reply is None:
                break
            await talk.hear(reply)
            messages.append({"role": "user", "content": reply})
            turn += 1
    return talk.finish()


@pytest.mark.parametrize("era", ["legacy", "modern"])
@pytest.mark.parametrize(
    "scenario_id",
    ["create-private-by-default", "reuse-the-same-notebook", "refuse-on-the-page-with-a-reason", "wait-leads-nowhere"],
)
async def test_a_led_conversation_is_judged_like_a_scripted_one(
    scenario_id: str, era: Era, clouds: Clouds, tmp_path: Path
) -> None:
    records = await led_by_the_stub(scenario_id, era, clouds, tmp_path)
    verdict = judge(scenario(scenario_id), records, replayed=False)
    assert (verdict.passed, verdict.reward) == (True, 1.0), verdict.problems()


async def test_a_reference_in_a_models_argument_is_an_error_it_can_read(clouds: Clouds, tmp_path: Path) -> None:
    one = scenario("find-cheapest-a10")
    async with Talk(one, "modern", clouds.take(one), tmp_path, "memory") as talk:
        text, is_error = await talk.call("list_instances", {"region_id": "${specs.region}"})
        assert is_error
        assert "specs.region" in text


def test_the_person_tells_what_is_known_once() -> None:
    one = scenario("create-cpu-notebook")
    assert reply_to(one, "In which region?", [], 0) == (
        "region cn-hangzhou, workspace research. For the rest I take what you propose; go on."
    )
    assert reply_to(one, "In which region?", [], 1) is None
    assert reply_to(one, "It is being created.", [], 0) is None
