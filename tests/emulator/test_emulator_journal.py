"""The journal says what was asked and what became of it."""

from dataclasses import asdict, replace

import pytest

from pai_emulator.app import App
from pai_emulator.call import Call
from pai_emulator.clock import VirtualClock
from pai_emulator.faults.model import Faults
from pai_emulator.journal import without_secrets
from pai_emulator.message import Request
from pai_emulator.policy import users_from_seed
from pai_emulator.routes import Operation
from pai_emulator.serve import Emulator
from pai_emulator.types import JsonObject
from pai_emulator.world import World
from tests.emulator.raw_client import NOTEBOOK, RawClient, sign

INSTANCES = "/api/v2/instances"


def test_an_entry_tells_the_whole_request(emulator: Emulator, admin: RawClient) -> None:
    emulator.clock.advance(1.5)
    reply = admin.call("POST", INSTANCES, body=NOTEBOOK)
    (entry,) = emulator.journal
    assert asdict(entry) == {
        "sequence": 1,
        "time": "2026-01-05T08:00:01.500000Z",
        "user": "admin",
        "region_id": "cn-hangzhou",
        "product": "pai-dsw",
        "operation": "CreateInstance",
        "method": "POST",
        "path": INSTANCES,
        "parameters": NOTEBOOK,
        "status": 200,
        "code": None,
        "request_id": reply.json["RequestId"],
        "write": True,
        "outcome": "applied",
    }


def test_path_query_and_body_are_parameters(emulator: Emulator, admin: RawClient) -> None:
    admin.call("PUT", f"{INSTANCES}/dsw-nowhere/stop", {"SaveImage": "True"}, {"Reason": "tidy"})
    assert emulator.journal.entries[0].parameters == {
        "InstanceId": "dsw-nowhere",
        "SaveImage": "True",
        "Reason": "tidy",
    }


def test_a_refused_request_is_an_entry_with_its_code(emulator: Emulator, viewer: RawClient) -> None:
    viewer.call("POST", INSTANCES, body=NOTEBOOK)
    (entry,) = emulator.journal.writes()
    assert (entry.user, entry.status, entry.code, entry.outcome, entry.applied) == (
        "viewer",
        403,
        "NoPermissionError",
        "refused",
        False,
    )


def test_a_request_of_nobody_is_an_entry_without_user(emulator: Emulator) -> None:
    stranger = replace(emulator.user("admin"), access_key_id="TESTstranger")
    with RawClient(emulator.url, stranger) as client:
        client.call("POST", INSTANCES, {"a": "b"}, NOTEBOOK)
    (entry,) = emulator.journal
    assert (entry.user, entry.operation, entry.code) == (None, "CreateInstance", "InvalidAccessKeyId.NotFound")
    assert entry.parameters == {"a": "b"}


def test_a_request_for_no_product_is_an_entry_without_product(emulator: Emulator, admin: RawClient) -> None:
    admin.call("GET", "/favicon.ico", version="")
    (entry,) = emulator.journal
    assert (entry.product, entry.region_id, entry.operation, entry.write) == (None, None, None, False)


def test_reads_are_no_writes(emulator: Emulator, admin: RawClient) -> None:
    admin.call("GET", INSTANCES)
    admin.call("POST", INSTANCES, body=NOTEBOOK)
    assert [entry.operation for entry in emulator.journal] == ["ListInstances", "CreateInstance"]
    assert [entry.sequence for entry in emulator.journal.writes()] == [2]


def test_a_request_that_breaks_the_emulator_is_an_entry_too() -> None:
    def broken(_world: World, _call: Call) -> JsonObject:
        raise ZeroDivisionError

    operation = Operation("ListInstances", "pai-dsw", "GET", INSTANCES, broken, None)
    clock, faults, users = VirtualClock(), Faults(), users_from_seed(0)
    app = App([operation], lambda: World(clock, 0, faults), clock, faults, users, 0)
    with pytest.raises(ZeroDivisionError):
        app.answer(Request("GET", INSTANCES, sign(users[0], "GET", INSTANCES, {}, {"host": "localhost"})))
    (entry,) = app.journal
    assert (entry.operation, entry.status, entry.outcome, entry.applied) == ("ListInstances", None, "broken", False)


def test_secrets_stay_out_of_it() -> None:
    parameters = {
        "ImageAuth": "aGVsbG8=",
        "Services": [{"JupyterServerPassword": "open", "Port": 1}],
        "Service": {"CodeServerPassword": "sesame", "CodeServerAuth": ""},
        "SecurityToken": "",
    }
    assert without_secrets(parameters) == {
        "ImageAuth": "***",
        "Services": [{"JupyterServerPassword": "***", "Port": 1}],
        "Service": {"CodeServerPassword": "***", "CodeServerAuth": ""},
        "SecurityToken": "",
    }


def test_what_was_sent_as_a_secret_is_not_in_the_entry(emulator: Emulator, admin: RawClient) -> None:
    admin.call("POST", INSTANCES, body={**NOTEBOOK, "ImageAuth": "aGVsbG8="})
    assert emulator.journal.entries[0].parameters == {**NOTEBOOK, "ImageAuth": "***"}


def test_the_same_seed_and_the_same_requests_give_the_same_ids(emulator: Emulator) -> None:
    def run(other: Emulator) -> list[tuple[str, str]]:
        with RawClient(other.url, other.user("admin")) as client:
            replies = [client.call("POST", INSTANCES, body={**NOTEBOOK, "InstanceName": name}).json for name in "ab"]
        return [(reply["InstanceId"], reply["RequestId"]) for reply in replies]

    first = run(emulator)
    emulator.reset()
    with Emulator(seed=0) as same, Emulator(seed=1) as different:
        assert run(emulator) == run(same) == first
        assert set(run(different)).isdisjoint(first)
        assert different.users != same.users == emulator.users
