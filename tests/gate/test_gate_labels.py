"""update_labels: what is there is compared first, and what is set and removed is one change."""

from typing import Any

import pytest

from pai_dsw_mcp.model.change import OPERATION_LABEL
from tests.gate.cases import an_instance
from tests.support.desk import Desk, Person, text_of, told

pytestmark = pytest.mark.anyio


def labelled(desk: Desk, **labels: str) -> str:
    """The id of an instance with these labels."""
    instance_id = an_instance(desk.steering, "Running")
    desk.steering.instance(instance_id, Labels=[{"Key": key, "Value": value} for key, value in labels.items()])
    return instance_id


def labels_of(desk: Desk, instance_id: str) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in desk.steering.instance(instance_id)["Labels"]}


async def change(desk: Desk, person: Person, instance_id: str, **wanted: Any) -> dict[str, Any]:
    return told(await desk.call("modern", person, "update_labels", instance_id=instance_id, **wanted))


async def test_labels_are_added_changed_and_removed_under_one_yes(desk: Desk) -> None:
    instance_id = labelled(desk, team="vision", stage="test", old="1", older="2")
    person = Person("yes")
    wanted = {
        "labels": [
            {"key": "stage", "value": "live"},
            {"key": "owner", "value": "li"},
            {"key": "team", "value": "vision"},
        ],
        "remove": ["older", "old", "unheardof"],
    }
    ended = await change(desk, person, instance_id, **wanted)
    assert ended["status"] == "done"
    assert labels_of(desk, instance_id) == {"team": "vision", "stage": "live", "owner": "li"}
    assert [(each["operation"], each["method"]) for each in desk.steering.writes()] == [
        ("UpdateInstanceLabels", "PUT"),
        ("DeleteInstanceLabels", "DELETE"),
    ]
    assert desk.steering.writes()[0]["parameters"]["Labels"] == [
        {"Key": "owner", "Value": "li"},
        {"Key": "stage", "Value": "live"},
    ]
    assert desk.steering.writes()[1]["parameters"]["LabelKeys"] == "old,older"
    (question,) = person.questions
    for words in ("owner=li", "stage=live", "stage=test", "its value is 1", "its value is 2"):
        assert words in question.message
    assert "vision" not in question.message

    assert (await change(desk, person, instance_id, **wanted))["status"] == "nothing_to_do"
    assert len(desk.steering.writes()) == 2


@pytest.mark.parametrize(
    ("wanted", "operation"),
    [({"labels": [{"key": "a", "value": "2"}]}, "UpdateInstanceLabels"), ({"remove": ["a"]}, "DeleteInstanceLabels")],
)
async def test_only_what_is_needed_is_sent(desk: Desk, wanted: dict[str, Any], operation: str) -> None:
    await change(desk, Person("yes"), labelled(desk, a="1"), **wanted)
    assert [each["operation"] for each in desk.steering.writes()] == [operation]


@pytest.mark.parametrize(
    "wanted", [{"labels": [{"key": "stsTokenOwner", "value": "x"}]}, {"remove": ["stsTokenOwner"]}]
)
async def test_a_label_that_names_a_person_is_masked(desk: Desk, wanted: dict[str, Any]) -> None:
    instance_id = labelled(desk, stsTokenOwner="200000000000000001")
    person = Person("yes")
    ended = await change(desk, person, instance_id, **wanted)
    assert ended["status"] == "done"
    assert "20****01" in person.questions[0].message
    assert "200000000000000001" not in person.questions[0].message + str(ended)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({}, "at least one"),
        ({"labels": [{"key": OPERATION_LABEL, "value": "1"}]}, "reserved"),
        ({"labels": [{"key": "acs:x", "value": "1"}]}, "begin with aliyun or acs:"),
        ({"labels": [{"key": "a", "value": "https://x"}]}, "takes no URL"),
        ({"labels": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}, "`a` is named more than once"),
        ({"labels": [{"key": "a", "value": "1"}], "remove": ["a"]}, "`a` is named more than once"),
        ({"remove": [OPERATION_LABEL]}, "reserved"),
        ({"remove": ["aliyun:x"]}, "reserved"),
        ({"remove": ["a,b"]}, "comma"),
    ],
)
async def test_what_is_reserved_or_contradicts_itself_is_refused(desk: Desk, wanted: dict[str, Any], said: str) -> None:
    instance_id = labelled(desk, a="1", **{OPERATION_LABEL: "1"})
    answer = await desk.call("modern", Person("yes"), "update_labels", instance_id=instance_id, **wanted)
    assert answer.is_error
    assert said in text_of(answer)
    assert ".." not in text_of(answer)
    assert desk.steering.writes() == []
    assert labels_of(desk, instance_id) == {"a": "1", OPERATION_LABEL: "1"}


async def test_labels_that_changed_meanwhile_are_asked_about_anew(desk: Desk) -> None:
    instance_id = labelled(desk, stage="test")
    desk.services.approve = "page"
    wanted = {"labels": [{"key": "stage", "value": "live"}]}
    asked = told(await desk.call("modern", None, "update_labels", instance_id=instance_id, **wanted))
    assert asked["status"] == "approval_needed"
    desk.steering.instance(instance_id, Labels=[{"Key": "stage", "Value": "frozen"}])
    again = told(await desk.call("modern", None, "update_labels", instance_id=instance_id, **wanted))
    assert again["reference"] != asked["reference"]


async def test_a_label_is_shown_with_the_spaces_around_it(desk: Desk) -> None:
    instance_id = labelled(desk, **{" use ": " a b", "team": "vision"})
    answer = await desk.call("modern", None, "get_instance", instance_id=instance_id, detail="full")
    assert '" use "=" a b"' in text_of(answer)
    assert told(answer)["labels"] == {" use ": " a b", "team": "vision"}
    person = Person("yes")
    ended = await desk.call("modern", person, "update_labels", instance_id=instance_id, remove=[" use "])
    assert '" use "' in person.questions[0].message
    assert '" use "' in text_of(ended)
    assert labels_of(desk, instance_id) == {"team": "vision"}


async def test_a_label_without_a_value_is_shown_in_one_way_everywhere(desk: Desk) -> None:
    instance_id = labelled(desk, bare="", dash="-")
    for tool, arguments in (("get_instance", {"instance_id": instance_id}), ("list_instances", {})):
        assert 'bare="", dash=-' in text_of(await desk.call("modern", None, tool, detail="full", **arguments))
    person = Person("yes")
    await change(desk, person, instance_id, labels=[{"key": "bare", "value": "x"}, {"key": "new"}])
    for shown in ('bare=""', 'new=""'):
        assert shown in person.questions[0].message


async def test_a_key_that_is_not_there_is_told_with_the_one_that_looks_like_it(desk: Desk) -> None:
    instance_id = labelled(desk, **{" use": "a"})
    ended = await change(desk, Person("yes"), instance_id, remove=["use", "team"])
    assert ended["status"] == "nothing_to_do"
    assert "as they were asked for" not in ended["message"]
    assert 'no label with the key use, so none is removed. It has " use"' in ended["message"]
    assert "no label with the key team" in ended["message"]


async def test_a_key_that_is_not_there_is_told_beside_what_does_change(desk: Desk) -> None:
    person = Person("yes")
    await change(desk, person, labelled(desk, **{"use ": "a"}), labels=[{"key": "b"}], remove=["use"])
    assert 'It has "use "' in person.questions[0].message


async def test_a_key_that_is_named_twice_is_told_with_its_spaces(desk: Desk) -> None:
    wanted = {"labels": [{"key": " a", "value": "1"}], "remove": [" a"]}
    answer = await desk.call("modern", None, "update_labels", instance_id=labelled(desk), **wanted)
    assert '`" a"`' in text_of(answer)
