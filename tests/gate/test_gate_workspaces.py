"""Changes of workspaces and members: what is asked, what is sent, what is refused, and what is read back."""

from collections.abc import Callable
from typing import Any

import pytest

from pai_emulator import configs, members, workspace_writes
from pai_emulator.serve import Emulator
from tests.support.desk import Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

RESEARCH, PRODUCTION = "40001", "40002"
GUEST, OPERATOR, DEVELOPER, ADMIN = (
    "PAI.WorkspaceGuest",
    "PAI.AlgoOperator",
    "PAI.AlgoDeveloper",
    "PAI.WorkspaceAdmin",
)


async def changed(desk: Desk, tool: str, **arguments: Any) -> tuple[dict[str, Any], str]:
    """What came of a change that a person approves, and what they were asked."""
    person = Person("yes")
    ended = told(await desk.call("modern", person, tool, **{"workspace_id": RESEARCH, **arguments}))
    return ended, person.questions[0].message if person.questions else ""


async def refused(desk: Desk, tool: str, **arguments: Any) -> str:
    person = Person("yes")
    answer = await desk.call("modern", person, tool, **{"workspace_id": RESEARCH, **arguments})
    assert answer.is_error
    assert person.questions == []
    assert desk.steering.writes() == []
    return text_of(answer)


def roles(emulator: Emulator, user: str, workspace_id: str = RESEARCH) -> list[str]:
    workspace = emulator.world.region("cn-hangzhou").workspaces[workspace_id]
    return list(workspace["Members"].get(emulator.user(user).user_id, ()))


async def test_a_member_is_added_with_two_roles_after_the_name_was_typed(desk: Desk, emulator: Emulator) -> None:
    ended, question = await changed(desk, "add_member", user_name="analyst", roles=[DEVELOPER, OPERATOR])
    assert ended["status"] == "done"
    assert f"Read back: analyst: {DEVELOPER}, {OPERATOR}." in ended["message"]
    assert "To approve, type the name of the member: analyst" in question
    assert (ended["change"]["member_name"], ended["change"]["workspace_name"]) == ("analyst", "research")
    for words in (question, str(ended)):
        assert "20****04" in words
        assert "200000000000000004" not in words


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"user_name": "Zhao Analyst", "roles": [DEVELOPER]}, "Nobody of the account"),
        ({"user_name": "viewer", "roles": [DEVELOPER]}, "is a member already"),
        ({"user_name": "analyst", "roles": ["PAI.WorkspaceOwner"]}, "neither given nor taken away"),
        ({"user_name": "analyst", "roles": ["role-unheardof"]}, "is no role of workspace"),
        ({"user_name": "analyst", "roles": []}, "roles"),
        ({"user_name": "analyst", "roles": ["Emperor"]}, "a role looks like"),
    ],
)
async def test_who_cannot_be_added_is_refused_before_anybody_is_asked(
    desk: Desk, arguments: dict[str, Any], why: str
) -> None:
    assert why in await refused(desk, "add_member", **arguments)


async def test_a_custom_role_of_the_workspace_can_be_given(desk: Desk, emulator: Emulator) -> None:
    custom = f"role-{PRODUCTION}reader"
    ended, _ = await changed(desk, "add_member", workspace_id=PRODUCTION, user_name="viewer", roles=[custom])
    assert ended["status"] == "done"
    assert roles(emulator, "viewer", PRODUCTION) == [custom]


async def test_roles_are_set_adding_first_so_that_there_is_never_none(desk: Desk, emulator: Emulator) -> None:
    ended, question = await changed(desk, "set_member_roles", member_name="viewer", roles=[OPERATOR, ADMIN])
    assert ended["status"] == "done"
    assert roles(emulator, "viewer") == [OPERATOR, ADMIN]
    assert [entry["operation"] for entry in desk.steering.writes()] == [
        "AddMemberRole",
        "AddMemberRole",
        "RemoveMemberRole",
    ]
    assert f"- Role: {OPERATOR}\n  = sets job priorities, publishes models, watches services;" in question
    assert "everything in the workspace" in question
    assert "DataWorks" in question
    assert f"viewer gets: {OPERATOR}, {ADMIN}." in question
    assert f"viewer loses: {GUEST}." in question


async def test_the_last_role_and_the_owner_cannot_be_taken_away(desk: Desk, emulator: Emulator) -> None:
    assert "owns the workspace" in await refused(desk, "remove_member", member_name="admin")
    assert "remove_member" in await refused(desk, "set_member_roles", member_name="viewer", roles=[])
    assert "neither given" in await refused(
        desk, "set_member_roles", member_name="viewer", roles=["PAI.WorkspaceOwner"]
    )
    assert "has no member" in await refused(desk, "set_member_roles", member_name="analyst", roles=[GUEST])
    ended, _ = await changed(desk, "set_member_roles", member_name="admin", roles=[DEVELOPER])
    assert ended["status"] == "done"
    assert roles(emulator, "admin") == ["PAI.WorkspaceOwner", DEVELOPER]


async def test_a_member_is_removed_and_whoever_is_none_needs_nothing(
    desk: Desk, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = {each: {**person, "DisplayName": None} for each, person in members.PEOPLE.items()}
    monkeypatch.setattr(members, "PEOPLE", people)
    ended, question = await changed(desk, "remove_member", member_name="developer")
    assert (ended["status"], roles(emulator, "developer")) == ("done", [])
    assert "loses every role" in question
    assert "The member has now:" in question
    for absent in ("developer", "Nobody", "@example.onaliyun.com"):
        ended, question = await changed(desk, "remove_member", member_name=absent)
        assert (ended["status"], question) == ("nothing_to_do", "")


@pytest.mark.parametrize("name", ["Wu Developer", "wu  developer", "Developer", "developer@example.onaliyun.com"])
@pytest.mark.parametrize(("tool", "more"), [("remove_member", {}), ("set_member_roles", {"roles": [GUEST]})])
async def test_a_display_name_or_another_spelling_names_the_member_and_changes_nothing(
    desk: Desk, tool: str, more: dict[str, Any], name: str
) -> None:
    why = await refused(desk, tool, member_name=name, **more)
    assert f"called exactly `{name}`. A similar name has `developer` (display name `Wu Developer`)." in why
    assert "Ask the person whether that is who they mean" in why


async def test_a_removal_is_read_back_although_somebody_else_has_the_name_as_display_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, emulator: Emulator
) -> None:
    viewer = emulator.user("viewer").user_id
    people = {**members.PEOPLE, viewer: {**members.PEOPLE[viewer], "DisplayName": "developer"}}
    monkeypatch.setattr(members, "PEOPLE", people)
    ended, _ = await changed(desk, "remove_member", member_name="developer")
    assert (ended["status"], "Read back: developer: -." in ended["message"]) == ("done", True)
    answer = await desk.call("modern", None, "remove_member", workspace_id=RESEARCH, member_name="developer")
    assert "A similar name has `viewer` (display name `developer`)." in text_of(answer)


async def test_two_people_of_one_name_are_not_told_apart(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    people = {each: {**person, "MemberName": "same"} for each, person in members.PEOPLE.items()}
    monkeypatch.setattr(members, "PEOPLE", people)
    assert "cannot be told apart" in await refused(desk, "remove_member", member_name="same")


async def test_roles_that_change_between_the_question_and_the_yes_are_asked_about_anew(
    desk: Desk, emulator: Emulator
) -> None:
    workspace = emulator.world.region("cn-hangzhou").workspaces[RESEARCH]

    class Meddler(Person):
        def reply(self, question: Any) -> Any:
            workspace["Members"] |= {emulator.user("viewer").user_id: (GUEST, DEVELOPER)}
            return super().reply(question)

    person = Meddler("yes")
    arguments = {"workspace_id": RESEARCH, "member_name": "viewer", "roles": [OPERATOR]}
    await desk.call("modern", person, "set_member_roles", **arguments)
    assert [DEVELOPER in question.message for question in person.questions] == [False, True]


async def test_the_storage_path_is_set_and_read_back(desk: Desk) -> None:
    path = "oss://other.oss-cn-hangzhou.aliyuncs.com/team/"
    ended, question = await changed(desk, "update_workspace_settings", default_storage=path, temporary_storage=path)
    assert ended["status"] == "done"
    assert f"Read back: modelExportPath: {path}; tempStoragePath: {path}." in ended["message"]
    assert "oss://example-bucket" in question
    assert f"Temporary storage path: - -> {path}" in question
    assert ended["change"]["workspace_name"] == "research"


@pytest.mark.parametrize(
    ("path", "warned"),
    [
        ("oss://team.oss-cn-hangzhou.aliyuncs.com/x/", ""),
        ("oss://team.oss-cn-hangzhou-internal.aliyuncs.com/", ""),
        ("oss://team.oss-cn-shanghai.aliyuncs.com/x/", "is in cn-shanghai, the workspace in cn-hangzhou"),
        ("oss://team.oss-cn-shanghai-internal.aliyuncs.com/", "is in cn-shanghai, the workspace in cn-hangzhou"),
        ("oss://team/x/", "bucket.oss-cn-hangzhou-internal.aliyuncs.com"),
        ("oss://team.oss-accelerate.aliyuncs.com/x/", "bucket.oss-cn-hangzhou-internal.aliyuncs.com"),
        ("oss://team.oss-cn-hangzhou.aliyuncs.com.example.com/", "bucket.oss-cn-hangzhou-internal.aliyuncs.com"),
    ],
)
@pytest.mark.parametrize("setting", ["default_storage", "temporary_storage"])
async def test_storage_that_is_not_seen_to_be_in_the_region_is_warned_of(
    desk: Desk, setting: str, path: str, warned: str
) -> None:
    ended, question = await changed(desk, "update_workspace_settings", **{setting: path})
    assert ended["status"] == "done"
    assert len(ended["change"]["warnings"]) == (2 if warned else 1)
    assert warned in question


async def test_a_setting_without_a_value_whose_form_could_be_kept_is_not_made_up(desk: Desk) -> None:
    assert "no document tells its form" in await refused(desk, "update_workspace_settings", dsw_priorities="1,2")


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_scheduling_is_set_beside_what_dlc_has_under_the_same_key(
    new_desk: Callable[..., Desk], emulator: Emulator, language: str
) -> None:
    desk = new_desk(lang=language)
    workspace = emulator.world.region("cn-hangzhou").workspaces[RESEARCH]
    (storage,) = workspace["Configs"]
    of_dlc = {**storage, "CategoryName": "DLCPriorityConfig", "ConfigKey": "priorityConfig", "ConfigValue": "1,2"}
    of_dsw = {**of_dlc, "CategoryName": "DSWPriorityConfig", "ConfigValue": "1,2,3"}
    longest = {**storage, "CategoryName": "QuotaMaximumDuration", "ConfigKey": "quotaMaximumDuration"}
    workspace["Configs"] = (storage, of_dlc, of_dsw, longest)
    values = {"dsw_priorities": "1,2", "longest_job": "3600"}
    ended, question = await changed(desk, "update_workspace_settings", **values)
    assert ended["status"] == "done"
    assert "Read back: priorityConfig: 1,2; quotaMaximumDuration: 3600." in ended["message"]
    assert '"1,2,3" -> "1,2"' in question
    assert ("No document" if language == "en" else "没有文档") in question
    assert "nothing is moved" not in question
    (put,) = desk.steering.writes()
    assert [each["CategoryName"] for each in put["parameters"]["Configs"]] == [
        "DSWPriorityConfig",
        "QuotaMaximumDuration",
    ]
    assert (await changed(desk, "update_workspace_settings", **values))[0]["status"] == "nothing_to_do"


async def test_a_workspace_is_renamed_and_what_is_so_already_needs_nothing(desk: Desk) -> None:
    values = {"display_name": "Renamed", "description": "Other words"}
    ended, question = await changed(desk, "update_workspace", **values)
    assert ended["status"] == "done"
    assert "Read back: DisplayName: Renamed; Description: Other words." in ended["message"]
    assert "Research" in question
    assert (await changed(desk, "update_workspace", **values))[0]["status"] == "nothing_to_do"


@pytest.mark.parametrize("tool", ["update_workspace", "update_workspace_settings"])
async def test_an_update_of_nothing_is_refused(desk: Desk, tool: str) -> None:
    assert "at least one value" in await refused(desk, tool)


async def test_what_the_service_drops_without_a_word_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configs, "_CATEGORY", {})
    path = "oss://other.oss-cn-hangzhou.aliyuncs.com/team/"
    ended, _ = await changed(desk, "update_workspace_settings", default_storage=path)
    assert ended["status"] == "partly_done"
    assert "NOT AS APPROVED" in ended["message"]


async def test_what_cannot_be_read_back_is_told(
    desk: Desk, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_the_right_away(_parameter: str, value: Any) -> Any:
        emulator.world.policies["admin"] = {"rights": ["*"], "denied": ["paiworkspace:GetWorkspace"]}
        return value

    monkeypatch.setattr(workspace_writes, "_name", take_the_right_away)
    ended, _ = await changed(desk, "update_workspace", display_name="Renamed")
    assert ended["status"] == "done"
    assert "could not be read back" in ended["message"]
