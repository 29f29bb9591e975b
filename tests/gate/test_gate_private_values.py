"""Values of the operator's files reach the cloud, and no answer, question, page, journal or record of an approval."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from pai_dsw_mcp.approval.page_view import question
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.private_values import PrivateValues, read_private_values
from pai_dsw_mcp.texts.text import Language
from tests.gate.cases import new_notebook
from tests.support.desk import Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

VALUE = "canary-value-of-a-variable"
SIGN_IN = base64.b64encode(b"robot:canary-password").decode()
REGISTRY = "registry.example.com"
LANGUAGES: tuple[Language, ...] = ("en", "zh")
IMAGE = {"image_id": None, "image_url": f"{REGISTRY}/team/mine:v1"}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    environment = {"HF_HOME": VALUE, "MODE": "offline"}
    desk.services.private = PrivateValues(environment=environment, image_auths={REGISTRY: SIGN_IN})
    return desk


def created(desk: Desk) -> dict[str, Any]:
    (write,) = desk.steering.writes()
    return write["parameters"]


def assert_hidden(*texts: str) -> None:
    for text in texts:
        for secret in (VALUE, SIGN_IN, "canary"):
            assert secret not in text


def in_files(folder: Path) -> list[str]:
    """What every file below the folder holds, the journal's too."""
    return [file.read_bytes().decode("latin-1") for file in folder.rglob("*") if file.is_file()]


async def test_the_named_variables_are_sent_and_their_names_are_shown(desk: Desk, tmp_path: Path) -> None:
    person = Person("yes")
    wanted = new_notebook(environment_names=["MODE", "HF_HOME"], **IMAGE)
    answer = await desk.call("modern", person, "create_instance", **wanted)
    assert told(answer)["status"] == "done"
    body = created(desk)
    assert body["EnvironmentVariables"] == {"HF_HOME": VALUE, "MODE": "offline"}
    assert body["ImageAuth"] == "***"
    shown = desk.steering.instance(told(answer)["instance_id"])
    assert base64.b64decode(shown["ImageAuth"]) == b"robot:******"

    (asked,) = person.questions
    for words in ("Environment variable", "HF_HOME", "MODE", f"Sign-in to registry: {REGISTRY}", "can read the values"):
        assert words in asked.message
    again = await desk.call("modern", person, "create_instance", **wanted)
    assert told(again)["status"] == "nothing_to_do"
    one = await desk.call("modern", None, "get_instance", instance_id=told(answer)["instance_id"], detail="full")
    told_of = [json.dumps(each.model_dump(mode="json")) for each in (answer, again, one)]
    assert_hidden(*told_of, str(person.questions), repr(desk.services))
    assert_hidden(*in_files(tmp_path))


async def test_the_page_shows_names_and_no_values(desk: Desk) -> None:
    wanted = new_notebook(environment_names=["HF_HOME"], **IMAGE)
    asked = await desk.call("modern", None, "create_instance", **wanted)
    (approval,) = await desk.services.journal.waiting()
    pages = [question(approval, language, token="t", left=600) for language in LANGUAGES]
    assert all("HF_HOME" in page and REGISTRY in page for page in pages)
    assert_hidden(*pages)
    assert_hidden(text_of(asked), json.dumps(told(asked)))


async def test_what_was_not_named_is_not_sent(desk: Desk) -> None:
    await desk.call("modern", Person("yes"), "create_instance", **new_notebook())
    assert created(desk).keys().isdisjoint({"EnvironmentVariables", "ImageAuth"})


async def test_the_sign_in_goes_to_its_own_registry_alone(desk: Desk) -> None:
    """Who chooses the address would otherwise choose who gets the password."""
    other = {"image_id": None, "image_url": f"{REGISTRY}.evil.example/team/mine:v1"}
    await desk.call("modern", Person("yes"), "create_instance", **new_notebook(**other))
    assert "ImageAuth" not in created(desk)


async def test_a_name_that_the_file_does_not_have_is_refused_and_the_others_are_named(desk: Desk) -> None:
    answer = await desk.call("modern", Person("yes"), "create_instance", **new_notebook(environment_names=["HOME"]))
    assert answer.is_error
    assert "`HOME` is not in the file" in text_of(answer)
    assert "HF_HOME, MODE" in text_of(answer)
    assert_hidden(text_of(answer))
    assert desk.steering.writes() == []


async def test_other_variables_are_another_change_and_another_instance(desk: Desk) -> None:
    await desk.call("modern", Person("yes"), "create_instance", **new_notebook())
    answer = await desk.call("modern", Person("yes"), "create_instance", **new_notebook(environment_names=["MODE"]))
    assert answer.is_error
    assert "differs in EnvironmentVariables" in text_of(answer)
    assert len(desk.steering.writes()) == 1


async def test_a_value_that_the_service_repeats_in_a_refusal_is_cut_out(desk: Desk) -> None:
    desk.services.cloud = Cloud(CloudOptions(endpoint=desk.steering.url, secrets=("canaryvalue",)))
    answer = await desk.call("modern", None, "get_instance", instance_id="dsw-canaryvalue")
    assert "Instance dsw-*** not found" in text_of(answer)


async def test_the_way_that_is_named_for_a_token_in_a_command_is_open(desk: Desk, tmp_path: Path) -> None:
    refusal = await desk.call("modern", None, "create_instance", **new_notebook(user_command="HF_TOKEN=hf_abc ./fetch"))
    for named in ("such as HF_TOKEN", "--env-file", "environment_names", "$HF_TOKEN", "existing instance", "RAM role"):
        assert named in text_of(refusal)
    file = tmp_path / "tokens"
    file.write_text("HF_TOKEN=hf_abc\n")
    file.chmod(0o600)
    desk.services.private = read_private_values(file, None)
    wanted = {"user_command": "HF_TOKEN=$HF_TOKEN ./fetch", "environment_names": ["HF_TOKEN"]}
    assert (
        told(await desk.call("modern", Person("yes"), "create_instance", **new_notebook(**wanted)))["status"] == "done"
    )
    assert created(desk)["EnvironmentVariables"] == {"HF_TOKEN": "hf_abc"}
