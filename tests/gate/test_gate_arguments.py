"""What a host may write into the arguments of a write, and what it is told when that breaks a rule."""

from typing import Any, Final

import pytest
from mcp_types import ElicitResult

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.settings import Settings
from tests.gate.cases import CASES, Case, an_instance, new_notebook
from tests.gate.rounds import Conversation, approve
from tests.support.desk import REGION, Desk, Era, Person, text_of, told

pytestmark = pytest.mark.anyio

SCHEMAS: Final = {tool.name: tool.parameters for tool in tools_for(Settings(toolsets=("all",)))}
DATASET: Final = "d-db67c33e4453a26dc8"
MOUNT: Final = {"dataset_id": DATASET, "mount_path": "/mnt/data", "mount_access": "RO"}


async def refusal(desk: Desk, tool: str, **arguments: Any) -> str:
    person = Person("yes")
    answer = await desk.call("modern", person, tool, **arguments)
    assert answer.is_error
    assert person.questions == []
    assert desk.steering.writes() == []
    return text_of(answer)


def filled_in(tool: str, short: dict[str, Any], left_open: str | None) -> dict[str, Any]:
    """The same call as a strict host sends it, with something for every argument."""
    return {name: left_open for name in SCHEMAS[tool]["properties"] if name != "region_id"} | short


@pytest.mark.parametrize("left_open", [None, ""], ids=["null", "empty"])
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_yes_holds_for_the_call_with_every_argument_filled_in(
    desk: Desk, case: Case, left_open: str | None
) -> None:
    short = case.arguments(desk.steering)
    full = filled_in(case.tool, short, left_open)
    assert told(await desk.call("modern", None, case.tool, **short))["status"] == "approval_needed"
    await approve(desk)
    assert told(await desk.call("modern", None, case.tool, **full))["status"] == "done"
    assert [entry["operation"] for entry in desk.steering.writes()] == [case.operation]


@pytest.mark.parametrize("era", ["legacy", "modern"])
async def test_a_form_is_shown_for_the_call_with_every_argument_filled_in(desk: Desk, era: Era) -> None:
    full = filled_in("create_instance", new_notebook(), None)
    assert told(await desk.call(era, Person("yes"), "create_instance", **full))["status"] == "done"


@pytest.mark.parametrize("left_open", [None, ""], ids=["null", "empty"])
async def test_the_parts_of_an_argument_may_be_left_open_too(desk: Desk, left_open: str | None) -> None:
    wanted = new_notebook(
        workspace_id=40001,
        datasets=[{**MOUNT, "uri": left_open}],
        labels=[{"key": "reviewed", "value": left_open}, {"key": "year", "value": 2026}],
    )
    assert told(await desk.call("modern", Person("yes"), "create_instance", **wanted))["status"] == "done"
    (post,) = desk.steering.writes()
    assert post["parameters"]["WorkspaceId"] == "40001"
    assert [each.get("Uri") for each in post["parameters"]["Datasets"]] == [None]
    labels = {each["Key"]: each["Value"] for each in post["parameters"]["Labels"]}
    assert (labels["reviewed"], labels["year"]) == ("", "2026")


async def test_a_dataset_that_is_no_object_is_refused(desk: Desk) -> None:
    assert "datasets.0" in await refusal(desk, "create_instance", **new_notebook(datasets=[DATASET]))


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({"instance_name": "llm-train"}, "a hyphen is not allowed"),
        ({"instance_name": "a" * 28}, "at most 27"),
        ({"image_id": "pytorch"}, "image_url"),
        ({"image_id": None, "image_url": "https://example.com/a:b"}, "without https://"),
        ({"ecs_spec": "ecs.G6.large"}, "lower case"),
        ({"vpc_id": "vpc-123"}, "begins with vpc-, and 4 to 64 letters and digits follow"),
        ({"user_id": "1" * 33}, "at most 32"),
        ({"vpc_id": "vpc-abcd1234", "v_switch_id": "switch"}, "begins with vsw-, and 4"),
        ({"vpc_id": "vpc-abcd1234", "security_group_id": "group"}, "begins with sg-, and 4"),
        ({"datasets": [{**MOUNT, "dataset_id": "oss://bucket/path"}]}, "goes into uri"),
        ({"datasets": [{**MOUNT, "dataset_id": None, "uri": "s3://bucket"}]}, "begins with oss://"),
        ({"datasets": [{**MOUNT, "dataset_id": None, "uri": "oss://my bucket/"}]}, "none of them blank"),
        ({"datasets": [{**MOUNT, "mount_path": "/"}]}, "1 to 200 letters"),
        ({"datasets": [{**MOUNT, "mount_path": "data"}]}, "begins with /"),
        ({"datasets": [MOUNT, {**MOUNT, "mount_path": "/mnt//data/"}]}, "mounted at `/mnt/data`"),
        ({"labels": [{"key": "a\nb"}]}, "line breaks"),
    ],
)
async def test_a_broken_rule_is_told_in_words(desk: Desk, broken: dict[str, Any], words: str) -> None:
    text = await refusal(desk, "create_instance", **new_notebook(**broken))
    assert words in text
    assert "pattern" not in text


@pytest.mark.parametrize(
    ("image_url", "part"),
    [
        ("registry.example.com/team/notebook", "no tag"),
        ("registry.example.com:5000/team/notebook", "no tag"),
        ("registry.example.com/team/notebook@sha256:0a1b", "digest"),
        ("registry.example.com/team/notebook:", "its tag"),
        ("registry.example.com/team/notebook:lat est", "its tag"),
        ("notebook:latest", "no path"),
        ("registry.example.com:5000/team/notebook:latest", "no port"),
        ("registry_1.example.com/team/notebook:latest", "its host"),
        ("registry.example.com/team//notebook:latest", "its path"),
        ("registry.example.com/team/note book:latest", "its path"),
        ("ftp://registry.example.com/team/notebook", "https://"),
    ],
)
async def test_the_part_of_an_image_address_that_is_wrong_is_told(desk: Desk, image_url: str, part: str) -> None:
    text = await refusal(desk, "create_instance", **new_notebook(image_id=None, image_url=image_url))
    assert part in text
    assert image_url not in text


async def test_a_misspelt_argument_is_told_with_the_nearest(desk: Desk) -> None:
    answer = await desk.call("modern", Person("yes"), "create_instance", **new_notebook(accesibility="PUBLIC"))
    assert answer.is_error
    assert "`accesibility`: this argument does not exist; the nearest is accessibility." in text_of(answer)


async def test_an_instance_whose_name_has_hyphens_is_handled_like_any_other(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Running")
    desk.steering.instance(instance_id, InstanceName="llm-train-test")
    asked = told(await desk.call("modern", Person("wrong name"), "stop_instance", instance_id=instance_id))
    assert asked["status"] == "approval_needed"
    assert told(await desk.call("legacy", Person("yes"), "stop_instance", instance_id=instance_id))["status"] == "done"


async def test_a_dataset_of_another_workspace_is_remarked(desk: Desk) -> None:
    own, other = Person("no"), Person("no")
    await desk.call("modern", own, "create_instance", **new_notebook(datasets=[MOUNT]))
    await desk.call("modern", other, "create_instance", **new_notebook(workspace_id="40002", datasets=[MOUNT]))
    assert "another workspace" not in own.questions[0].message
    assert "another workspace (40001)" in other.questions[0].message


async def test_an_image_whose_address_names_a_version_of_cuda_is_refused_on_a_cpu_spec(desk: Desk) -> None:
    image = f"registry.{REGION}.aliyuncs.com/team/pytorch:2.3.1-py310-cu121-ubuntu22.04"
    assert "probably for GPU" in await refusal(desk, "create_instance", **new_notebook(image_id=None, image_url=image))


@pytest.mark.parametrize("feedback", [None, ""], ids=["null", "empty"])
async def test_a_yes_without_feedback_is_one_however_the_client_leaves_it_out(desk: Desk, feedback: str | None) -> None:
    async with desk.client("modern", Person("yes")) as client:
        asking = Conversation(client, "create_instance", new_notebook())
        await asking.ask()
        fields = asking.question.model_dump(by_alias=True)["requestedSchema"]["properties"]
        # FastMCP's client fills in null for a field without a default, and then refuses it itself.
        assert fields["feedback"]["default"] == ""
        reply = ElicitResult(action="accept", content={"decision": "approve", "feedback": feedback})
        assert told(await asking.answer(reply))["status"] == "done"
