"""create_workspace: what it checks before anybody is asked, what it then sends, and what becomes of a lost reply."""

from collections.abc import Callable
from typing import Any

import pytest

from pai_emulator import workspace_writes
from pai_emulator.serve import Emulator
from tests.gate.cases import new_notebook, new_workspace
from tests.support.desk import REGION, Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

TEN_MINUTES = 600.0


async def create(desk: Desk, person: Person | None = None, **changed: Any) -> dict[str, Any]:
    return told(await desk.call("modern", person or Person("yes"), "create_workspace", **new_workspace(**changed)))


async def refused(desk: Desk, **changed: Any) -> str:
    """Why nobody was asked."""
    person = Person("yes")
    answer = await desk.call("modern", person, "create_workspace", **new_workspace(**changed))
    assert answer.is_error
    assert person.questions == []
    assert desk.steering.writes() == []
    return text_of(answer)


def unread(*_: object) -> None:
    """A parameter that the service does not look at."""


def likes_better(_: object) -> str:
    return "What the service likes better"


def there(emulator: Emulator, **changed: Any) -> dict[str, Any]:
    """A workspace that somebody else made, with the name and every value of `new_workspace`."""
    wanted = new_workspace()
    (known, *_) = (region := emulator.world.region(REGION)).workspaces.values()
    made = {
        **known,
        "WorkspaceId": "40009",
        "WorkspaceName": wanted["workspace_name"],
        "DisplayName": wanted["workspace_name"],
        "Description": wanted["description"],
        "EnvTypes": ["prod"],
        **changed,
    }
    region.keep_workspace(made)
    return made


async def test_every_value_is_shown_sent_and_read_back(desk: Desk) -> None:
    person = Person("yes")
    made = await create(desk, person, mode="standard", display_name="Vision")
    assert made["status"] == "done"
    (post,) = desk.steering.writes()
    assert post["parameters"] == {
        "WorkspaceName": "vision_team",
        "DisplayName": "Vision",
        "Description": "Notebooks of the vision team",
        "EnvTypes": ["dev", "prod"],
    }
    asked = person.questions[0].message
    for shown in ("vision_team", "Vision", "Notebooks of the vision team", "development", "production", "its owner"):
        assert shown in asked
    assert "(default)" not in asked
    assert made["workspace_id"] in made["message"]
    assert (
        "Read back: DisplayName: Vision; Description: Notebooks of the vision team; EnvTypes: dev, prod."
        in made["message"]
    )
    assert made["change"]["workspace_name"] == "vision_team"
    assert "instance_id" not in made


async def test_the_simple_mode_is_the_default_and_marked_as_nobodys_wish(desk: Desk) -> None:
    person = Person("yes")
    await create(desk, person)
    assert desk.steering.writes()[0]["parameters"]["EnvTypes"] == ["prod"]
    assert "(default)" in person.questions[0].message


@pytest.mark.parametrize(
    "changed",
    [
        {"workspace_name": "ab"},
        {"workspace_name": "1team"},
        {"workspace_name": "team-a"},
        {"workspace_name": "a" * 24},
        {"workspace_name": "团队"},
        {"display_name": "two words"},
        {"description": "a" * 81},
        {"description": "two\nlines"},
        {"mode": "luxury"},
    ],
    ids=str,
)
async def test_what_the_service_would_not_take_is_named_before_anybody_is_asked(
    desk: Desk, changed: dict[str, Any]
) -> None:
    assert f"`{next(iter(changed))}`" in await refused(desk, **changed)
    assert desk.steering.requests() == []


async def test_an_equal_workspace_of_that_name_is_the_answer_with_its_id(desk: Desk, emulator: Emulator) -> None:
    there(emulator)
    person = Person("yes")
    answer = await create(desk, person)
    assert (answer["status"], answer["workspace_id"]) == ("nothing_to_do", "40009")
    assert "40009" in answer["message"]
    assert person.questions == []


@pytest.mark.parametrize(
    ("changed", "differing"),
    [
        ({"mode": "standard"}, "EnvTypes"),
        ({"description": "Other words"}, "Description"),
        ({"display_name": "Vision", "mode": "standard"}, "DisplayName, EnvTypes"),
    ],
    ids=str,
)
async def test_another_workspace_of_that_name_is_told_with_its_id_and_what_differs(
    desk: Desk, emulator: Emulator, changed: dict[str, str], differing: str
) -> None:
    there(emulator)
    text = await refused(desk, **changed)
    assert "40009" in text
    assert f"differs in {differing}." in text
    assert "update_workspace" in text


async def test_a_name_that_only_contains_the_name_is_no_obstacle(desk: Desk) -> None:
    for name in ("vision_team_2", "my_vision_team", "VISION_TEAM", "vision_team"):
        assert (await create(desk, workspace_name=name))["status"] == "done"


async def test_a_name_that_only_others_can_see_is_told_before_anybody_is_asked(desk: Desk, emulator: Emulator) -> None:
    there(emulator, Members={})
    text = await refused(desk)
    assert "cannot see it" in text
    assert "40009" not in text


async def test_an_option_that_the_service_does_not_know_says_nothing_of_the_name(
    desk: Desk, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    there(emulator, WorkspaceName="vision_team_2")
    desk.steering.faults({"kind": "list_lag", "seconds": 0})
    monkeypatch.setattr("pai_emulator.workspaces._OPTIONS", {"GetWorkspaces", "CheckWorkspaceExists"})
    monkeypatch.setattr("pai_emulator.query.Query.choice", unread)
    assert (await create(desk))["status"] == "done"


async def test_a_name_of_dataworks_is_explained_when_the_service_refuses_it(desk: Desk) -> None:
    person = Person("yes")
    answer = await desk.call("modern", person, "create_workspace", **new_workspace(workspace_name="warehouse"))
    assert answer.is_error
    for words in ("WorkspaceNameAlreadyExists", "DataWorks", "another name", "created and changed nothing"):
        assert words in text_of(answer)


async def test_where_pai_is_not_activated_nobody_is_asked(desk: Desk) -> None:
    desk.steering.faults({"kind": "not_activated", "region_id": REGION})
    text = await refused(desk)
    assert "not activated" in text
    assert "https://" in text


async def test_a_service_that_does_not_know_the_product_counts_as_not_activated(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pai_emulator.products.PRODUCTS", ())
    assert "not activated" in await refused(desk)


async def test_what_the_service_made_otherwise_than_approved_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace_writes, "_description", likes_better)
    made = await create(desk)
    assert made["status"] == "partly_done"
    assert "NOT AS APPROVED" in made["message"]
    assert made["workspace_id"] in made["message"]


async def test_a_workspace_that_somebody_else_made_meanwhile_does_not_pass_for_ours(
    new_desk: Callable[..., Desk], emulator: Emulator
) -> None:
    time = 1_000_000.0
    desk = new_desk(now=lambda: time)
    desk.steering.faults({"kind": "reset", "operation": "CreateWorkspace"})
    person = Person("yes")
    assert (await create(desk, person))["status"] == "unknown"
    there(emulator, Description="Other words")
    assert (await create(desk, person))["status"] == "unknown"

    time += TEN_MINUTES + 1
    answer = await desk.call("modern", person, "create_workspace", **new_workspace())
    assert answer.is_error
    assert "40009" in text_of(answer)
    assert len(desk.steering.writes()) == 1
    assert person.approvals == 1


async def test_after_a_lost_request_the_person_is_told_that_there_can_be_only_one(
    new_desk: Callable[..., Desk],
) -> None:
    time = 1_000_000.0
    desk = new_desk(now=lambda: time)
    desk.steering.faults({"kind": "reset", "operation": "CreateWorkspace"})
    first = await create(desk)
    assert first["status"] == "unknown"
    assert "if the workspace has not appeared" in first["message"]
    time += TEN_MINUTES + 1
    person = Person("no")
    await create(desk, person)
    assert "10 minutes ago" in person.questions[0].message
    assert "one workspace of a name" in person.questions[0].message


async def test_whoever_creates_something_else_is_told_of_a_workspace_that_may_exist(
    new_desk: Callable[..., Desk],
) -> None:
    time = 1_000_000.0
    desk = new_desk(now=lambda: time)
    desk.steering.faults({"kind": "reset", "operation": "CreateWorkspace"})
    await create(desk)
    time += 60
    person = Person("no")
    await desk.call("modern", person, "create_instance", **new_notebook())
    assert "The workspace vision_team, sent 1 minute ago, may exist." in person.questions[0].message


async def test_an_instance_and_a_workspace_may_have_one_name(new_desk: Callable[..., Desk]) -> None:
    """An open create of one kind says nothing of the other."""
    time = 1_000_000.0
    desk = new_desk(now=lambda: time)
    desk.steering.faults({"kind": "reset", "operation": "CreateInstance"})
    notebook = new_notebook(instance_name="vision_team")
    assert told(await desk.call("modern", Person("yes"), "create_instance", **notebook))["status"] == "unknown"
    assert (await create(desk))["status"] == "done"


async def test_whoever_may_not_make_workspaces_is_told_the_smallest_policy(desk: Desk, emulator: Emulator) -> None:
    emulator.world.policies["admin"] = {"rights": ["*"], "denied": ["paiworkspace:CreateWorkspace"]}
    answer = await desk.call("modern", Person("yes"), "create_workspace", **new_workspace())
    assert answer.is_error
    assert "paiworkspace:CreateWorkspace" in text_of(answer)
