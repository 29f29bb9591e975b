"""The settings of a workspace, read and changed."""

from typing import Any

import pytest

from pai_emulator.types import JsonObject
from tests.emulator.service import PRODUCTION, RESEARCH, Service


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ({}, ["modelExportPath"]),
        ({"ConfigKeys": "tempStoragePath,modelExportPath"}, ["modelExportPath"]),
        ({"ConfigKeys": "tempStoragePath"}, []),
        ({"CategoryName": "CommonResourceConfig"}, ["modelExportPath"]),
        ({"CategoryName": "DLCAutoRecycle"}, []),
        ({"Labels": "a=b"}, []),
    ],
)
def test_a_workspace_has_a_default_storage(query: dict[str, str], keys: list[str]) -> None:
    reply = Service().do("ListConfigs", RESEARCH, query=query)
    assert [config["ConfigKey"] for config in reply["Configs"]] == keys
    assert reply["TotalCount"] == len(keys)


@pytest.mark.parametrize(("workspace_id", "code"), [("99999", "100400027"), (PRODUCTION, "100700008")])
def test_the_settings_of_a_workspace_are_for_its_members(workspace_id: str, code: str) -> None:
    assert Service().refusal("ListConfigs", workspace_id, user="viewer").code == code


def config(key: str, value: str | None, category: str = "CommonResourceConfig", **more: Any) -> JsonObject:
    return {"CategoryName": category, "ConfigKey": key, "ConfigValue": value, **more}


def settings(service: Service, **query: Any) -> dict[str, str]:
    reply = service.do("ListConfigs", RESEARCH, query=query)
    return {each["ConfigKey"]: each["ConfigValue"] for each in reply["Configs"]}


def test_settings_are_changed_and_added_each_under_its_category() -> None:
    service = Service()
    before = service.do("ListConfigs", RESEARCH)["Configs"][0]
    service.wait()
    rows = [
        config("modelExportPath", "oss://another.oss-cn-hangzhou-internal.aliyuncs.com/"),
        config("priorityConfig", '{"max": 5}', "DSWPriorityConfig", Labels=[{"Key": "quota", "Value": "a"}]),
    ]
    service.do("UpdateConfigs", RESEARCH, body={"Configs": rows})
    assert settings(service) == {row["ConfigKey"]: row["ConfigValue"] for row in rows}
    assert list(settings(service, CategoryName="DSWPriorityConfig")) == ["priorityConfig"]
    assert list(settings(service, Labels="quota=a")) == ["priorityConfig"]
    after, added = service.do("ListConfigs", RESEARCH, query={"Verbose": "true"})["Configs"]
    assert (after["ConfigId"], after["GmtCreateTime"]) == (before["ConfigId"], before["GmtCreateTime"])
    assert after["GmtModifiedTime"] > before["GmtModifiedTime"]
    assert added["Labels"] == [{"Key": "quota", "Value": "a"}]


@pytest.mark.parametrize(
    "row",
    [
        config("noSuchKey", "1"),
        config("priorityConfig", "1", "CommonResourceConfig"),
        config("tempStoragePath", "oss://x/", "DSWPriorityConfig"),
    ],
)
def test_a_key_that_is_unknown_or_not_of_its_category_is_dropped_without_a_word(row: JsonObject) -> None:
    service = Service()
    before = settings(service)
    assert service.do("UpdateConfigs", RESEARCH, body={"Configs": [row]}) == {}
    assert settings(service) == before


@pytest.mark.parametrize("body", [{}, {"Configs": "none"}, {"Configs": ["none"]}])
def test_an_update_without_settings_changes_nothing(body: JsonObject) -> None:
    service = Service()
    before = settings(service)
    service.do("UpdateConfigs", RESEARCH, body=body)
    assert settings(service) == before


def test_a_setting_can_be_emptied() -> None:
    service = Service()
    service.do("UpdateConfigs", RESEARCH, body={"Configs": [config("modelExportPath", None)]})
    assert settings(service) == {"modelExportPath": ""}


@pytest.mark.parametrize("user", ["developer", "viewer"])
def test_only_administrators_change_settings(user: str) -> None:
    body = {"Configs": [config("modelExportPath", "oss://mine/")]}
    assert Service().refusal("UpdateConfigs", RESEARCH, user=user, body=body).code == "100700008"
