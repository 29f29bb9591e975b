"""create_snapshot and stop_instance with save_image: what is saved, where it goes, and that nothing is overwritten."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.gate.cases import an_instance
from tests.support.desk import Desk, Person, text_of, told
from tests.support.steering import Steering

pytestmark = pytest.mark.anyio

ADDRESS = "team-registry.cn-hangzhou.cr.aliyuncs.com/vision/saved:v1"
LONG_ENOUGH = 400


def wanted(instance_id: str, **changed: Any) -> dict[str, Any]:
    return {"instance_id": instance_id, "snapshot_name": "saved", "image_url": ADDRESS, **changed}


async def save(desk: Desk, instance_id: str, **changed: Any) -> dict[str, Any]:
    return told(await desk.call("modern", Person("yes"), "create_snapshot", **wanted(instance_id, **changed)))


async def refusal(desk: Desk, tool: str, **arguments: Any) -> str:
    """Why a call sends nothing."""
    before = len(desk.steering.writes())
    answer = await desk.call("modern", Person("yes"), tool, **arguments)
    assert answer.is_error
    assert len(desk.steering.writes()) == before
    return text_of(answer)


def sent(steering: Steering, operation: str) -> list[dict[str, Any]]:
    return [entry["parameters"] for entry in steering.writes() if entry["operation"] == operation]


async def snapshots(desk: Desk, instance_id: str) -> dict[str, Any]:
    return told(await desk.call("modern", None, "list_snapshots", instance_id=instance_id))


async def test_an_environment_is_saved_followed_and_started_from(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Running")
    ended = await save(desk, instance_id, exclude_paths=["/root/.cache", "/tmp"])
    assert ended["status"] == "done"
    assert sent(desk.steering, "CreateInstanceSnapshot") == [
        {
            "InstanceId": instance_id,
            "SnapshotName": "saved",
            "ImageUrl": ADDRESS,
            "ExcludePaths": ["/root/.cache", "/tmp"],
        }
    ]
    under_way = await snapshots(desk, instance_id)
    assert (under_way["snapshots"][0]["status"], "no image yet" in under_way["note"]) == ("Committing", True)

    desk.steering.advance(LONG_ENOUGH)
    saved = await snapshots(desk, instance_id)
    (row,) = saved["snapshots"]
    assert (row["status"], row["image_url"]) == ("Saved", ADDRESS)
    assert "create_instance takes the image_id" in saved["note"]
    images = told(await desk.call("modern", None, "list_images", official=False, name="saved"))
    assert [each["image_id"] for each in images["images"]] == [row["image_id"]]
    copy = {"workspace_id": "40001", "instance_name": "copy", "ecs_spec": "ecs.g6.large", "image_id": row["image_id"]}
    assert told(await desk.call("modern", Person("yes"), "create_instance", **copy))["status"] == "done"


async def test_a_person_is_told_what_the_image_holds_and_where_it_goes(desk: Desk) -> None:
    person = Person("no")
    instance_id = an_instance(desk.steering, "Running")
    await desk.call("modern", person, "create_snapshot", **wanted(instance_id, exclude_paths=["/tmp"]))
    (question,) = person.questions
    for words in (
        "Save environment as an image",
        f"Image address: {ADDRESS}",
        "Left out: /tmp",
        "keys and other secrets",
        "no mounted data",
        "cannot be stopped or changed",
    ):
        assert words in question.message


async def test_the_same_snapshot_asked_for_again_is_the_one_there_is(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Running")
    await save(desk, instance_id)
    for seconds in (0, LONG_ENOUGH):
        desk.steering.advance(seconds)
        again = await save(desk, instance_id)
        (row,) = (await snapshots(desk, instance_id))["snapshots"]
        assert again["status"] == "nothing_to_do"
        assert row["image_id"] in again["message"]
        assert f"{row['snapshot_id']} is {row['status']}" in again["message"]
    assert len(desk.steering.writes()) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"image_url": f"{ADDRESS}-other"},
        {"snapshot_name": "other"},
        {"exclude_paths": ["/tmp"]},
    ],
    ids=lambda changed: next(iter(changed)),
)
async def test_a_name_or_an_address_that_is_taken_is_refused(desk: Desk, changed: dict[str, Any]) -> None:
    instance_id = an_instance(desk.steering, "Running")
    await save(desk, instance_id)
    text = await refusal(desk, "create_snapshot", **wanted(instance_id, **changed))
    assert "Nothing is overwritten" in text


async def test_an_image_of_another_instance_is_never_overwritten(desk: Desk) -> None:
    first, second = (an_instance(desk.steering, "Running") for _ in range(2))
    await save(desk, first)
    desk.steering.advance(LONG_ENOUGH)
    assert "nothing is overwritten" in await refusal(desk, "create_snapshot", **wanted(second, snapshot_name="mine"))


async def test_what_failed_may_be_asked_for_again(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Running")
    desk.steering.faults({"kind": "save_fails"})
    await save(desk, instance_id)
    desk.steering.advance(LONG_ENOUGH)
    failed = await snapshots(desk, instance_id)
    assert "there is no image" in failed["note"]
    assert failed["snapshots"][0]["reason_message"].endswith("denied: requested access to the resource is denied")
    assert "words of others" in failed["note"]
    desk.steering.faults(clear=True)
    assert (await save(desk, instance_id))["status"] == "done"


@pytest.mark.parametrize("status", ["Stopped", "Saving", "Creating", "Failed"])
async def test_only_what_runs_can_be_saved(desk: Desk, status: str) -> None:
    instance_id = an_instance(desk.steering, status)
    assert f"is {status}" in await refusal(desk, "create_snapshot", **wanted(instance_id))


@pytest.mark.parametrize(
    ("changed", "argument"),
    [
        ({"image_url": "registry.example.com/team/saved:v1"}, "image_url"),
        ({"image_url": "aliyuncs.com.example.com/team/saved:v1"}, "image_url"),
        ({"image_url": "registry.cn-hangzhou.aliyuncs.com/team/saved"}, "image_url"),
        ({"snapshot_name": "a b"}, "snapshot_name"),
        ({"exclude_paths": ["tmp"]}, "exclude_paths"),
    ],
)
async def test_what_cannot_be_sent_is_named(desk: Desk, changed: dict[str, Any], argument: str) -> None:
    text = await refusal(desk, "create_snapshot", **wanted(an_instance(desk.steering, "Running"), **changed))
    assert f"`{argument}" in text


async def test_a_lost_reply_is_not_sent_again_and_the_snapshot_is_found(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Running")
    desk.services.patience = 0
    desk.services.write_deadline = 0
    desk.steering.faults({"kind": "lost_reply", "operation": "CreateInstanceSnapshot"})
    assert (await save(desk, instance_id))["status"] == "unknown"
    assert (await save(desk, instance_id))["status"] == "nothing_to_do"
    assert len(desk.steering.writes()) == 1


async def test_a_stop_can_save_the_environment_before(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Running")
    person = Person("yes")
    ended = told(await desk.call("modern", person, "stop_instance", instance_id=instance_id, save_image=True))
    assert ended["status"] == "done"
    assert "saved as an image first" in ended["message"]
    (stop,) = sent(desk.steering, "StopInstance")
    assert stop["SaveImage"].lower() == "true"
    for words in (
        "Save as an image: true",
        "no mounted data",
        "If saving fails, it does not stop",
        "not saved is lost",
        "is saved first",
        "some minutes",
        "The service chooses name and address of the image",
    ):
        assert words in person.questions[0].message

    assert "stops by itself" in await refusal(desk, "stop_instance", instance_id=instance_id, save_image=True)
    desk.steering.advance(LONG_ENOUGH)
    again = told(await desk.call("modern", person, "stop_instance", instance_id=instance_id, save_image=True))
    assert (again["status"], again["instance_status"]) == ("nothing_to_do", "Stopped")
    assert "no image is saved now" in again["message"]
    assert [each["status"] for each in (await snapshots(desk, instance_id))["snapshots"]] == ["Saved"]


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_stop_that_saves_fits_into_a_form_in_both_languages(
    new_desk: Callable[..., Desk], language: str
) -> None:
    desk, person = new_desk(lang=language, approve="form"), Person("no")
    instance_id = an_instance(desk.steering, "Running")
    desk.steering.instance(instance_id, InstanceName="a_name_of_27_letters_digits")
    ended = told(await desk.call("modern", person, "stop_instance", instance_id=instance_id, save_image=True))
    assert (ended["status"], len(person.questions)) == ("declined", 1)
    assert "warn_" not in person.questions[0].message


async def test_a_plain_stop_saves_nothing(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Running")
    await desk.call("modern", Person("yes"), "stop_instance", instance_id=instance_id)
    assert sent(desk.steering, "StopInstance") == [{"InstanceId": instance_id}]
    assert (await snapshots(desk, instance_id))["total"] == 0


async def test_a_yes_to_a_stop_that_saves_is_no_yes_to_one_that_does_not(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Running")
    desk.services.approve = "page"
    await desk.call("modern", None, "stop_instance", instance_id=instance_id, save_image=True)
    (waiting,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(waiting.approval_id, approve=True, channel="page")
    plain = told(await desk.call("modern", None, "stop_instance", instance_id=instance_id))
    assert plain["status"] == "approval_needed"
    assert desk.steering.writes() == []


@pytest.mark.parametrize(("status", "way"), [("Creating", "wait_for_instance"), ("SaveFailed", "create_snapshot")])
async def test_what_does_not_run_is_not_stopped_with_an_image(desk: Desk, status: str, way: str) -> None:
    instance_id = an_instance(desk.steering, status)
    text = await refusal(desk, "stop_instance", instance_id=instance_id, save_image=True)
    assert "stop it without save_image" in text
    assert {each for each in ("wait_for_instance", "create_snapshot") if each in text} == {way}


async def test_what_failed_to_save_is_saved_and_stopped_as_the_refusal_says(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "SaveFailed")
    assert (await save(desk, instance_id))["status"] == "done"
    desk.steering.advance(LONG_ENOUGH)
    assert told(await desk.call("modern", Person(), "stop_instance", instance_id=instance_id))["status"] == "done"
