"""The emulator misbehaves as it is told, as often as it is told."""

import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pai_emulator.faults.model import (
    Damage,
    DamagedReply,
    Delay,
    Faults,
    ListLag,
    LostReply,
    PrivateOnly,
    Reset,
    ServerError,
    SoldOut,
    Throttle,
)
from pai_emulator.journal import Entry
from pai_emulator.serve import Emulator
from tests.emulator.raw_client import NOTEBOOK, RawClient

INSTANCES = "/api/v2/instances"


def create(client: RawClient) -> Any:
    return client.call("POST", INSTANCES, body=NOTEBOOK)


def names(emulator: Emulator) -> list[str]:
    """What is there, seen past every fault."""
    emulator.faults.clear()
    with RawClient(emulator.url, emulator.user("admin")) as client:
        return [item["InstanceName"] for item in client.call("GET", INSTANCES).json["Instances"]]


def last_write(emulator: Emulator) -> Entry:
    return emulator.journal.writes()[-1]


@pytest.mark.parametrize("status", [400, 429])
def test_a_throttled_request_is_refused_with_its_hints(emulator: Emulator, admin: RawClient, status: Any) -> None:
    emulator.faults.add(Throttle(status=status, retry_after=3, x_acs_retry_after=2500))
    reply = create(admin)
    assert (reply.status, reply.json["Code"]) == (status, "Throttling.User")
    assert (reply.headers["retry-after"], reply.headers["x-acs-retry-after"]) == ("3", "2500")
    assert last_write(emulator).outcome == "refused"
    assert names(emulator) == []


def test_a_throttle_without_hints_sends_none(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(Throttle())
    assert {"retry-after", "x-acs-retry-after"}.isdisjoint(create(admin).headers)


@pytest.mark.parametrize(("status", "code"), [(500, "InternalError"), (503, "ServiceUnavailable")])
def test_a_server_error_comes_before_anything_happens(
    emulator: Emulator, admin: RawClient, status: int, code: str
) -> None:
    emulator.faults.add(ServerError(status=status))
    reply = create(admin)
    assert (reply.status, reply.json["Code"]) == (status, code)
    assert names(emulator) == []


def test_a_server_error_may_be_a_page(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(ServerError(status=502, html=True))
    reply = create(admin)
    assert (reply.status, reply.headers["content-type"]) == (502, "text/html;charset=utf-8")
    assert reply.body.startswith(b"<html>")
    assert last_write(emulator).status == 502


def test_a_server_error_may_come_after_the_operation_took_effect(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(ServerError(applied=True))
    assert create(admin).status == 500
    assert (last_write(emulator).outcome, last_write(emulator).applied) == ("applied, error replied", True)
    assert names(emulator) == ["notebook"]


def test_a_late_server_error_leaves_a_refusal_as_it_is(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(ServerError(applied=True))
    assert admin.call("GET", f"{INSTANCES}/dsw-nowhere").status == 404


def test_a_reset_comes_before_anything_happens(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(Reset())
    with pytest.raises(ConnectionResetError):
        create(admin)
    assert (last_write(emulator).outcome, last_write(emulator).status) == ("disconnected", None)
    assert names(emulator) == []


def test_a_lost_reply_ends_the_connection_after_the_operation_took_effect(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(LostReply())
    with pytest.raises(http.client.RemoteDisconnected):
        create(admin)
    entry = last_write(emulator)
    assert (entry.outcome, entry.applied, entry.status) == ("applied, reply lost", True, None)
    assert names(emulator) == ["notebook"]


def test_a_reply_may_be_lost_by_a_reset(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(LostReply(reset=True))
    with pytest.raises(ConnectionResetError) as caught:
        create(admin)
    assert not isinstance(caught.value, http.client.RemoteDisconnected)
    assert names(emulator) == ["notebook"]


def test_a_refusal_can_be_lost_too(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(LostReply())
    with pytest.raises(http.client.RemoteDisconnected):
        admin.call("GET", f"{INSTANCES}/dsw-nowhere")
    assert emulator.journal.entries[-1].outcome == "refused, reply lost"


def test_a_delayed_reply_has_taken_effect_before_it_is_sent(emulator: Emulator) -> None:
    emulator.faults.add(Delay(seconds=30))
    with (
        RawClient(emulator.url, emulator.user("admin"), timeout=0.05) as hasty,
        pytest.raises(TimeoutError),
    ):
        create(hasty)
    assert names(emulator) == ["notebook"]


def test_a_reply_delayed_in_real_time_comes_when_the_time_is_over(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(Delay(seconds=0.05))
    start = time.monotonic()
    assert create(admin).status == 200
    assert time.monotonic() - start >= 0.05


def test_a_reply_delayed_in_emulator_time_comes_when_the_clock_is_there(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(Delay(seconds=60, unit="emulator"))
    arrived = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        reply = pool.submit(create, admin)
        reply.add_done_callback(lambda _: arrived.set())
        assert not arrived.wait(0.05)
        emulator.clock.advance(60)
        assert reply.result().status == 200


def test_a_reply_that_is_lost_after_the_client_has_gone_harms_nobody(
    emulator: Emulator, admin: RawClient, caplog: pytest.LogCaptureFixture
) -> None:
    emulator.faults.add(LostReply(), Delay(seconds=60, unit="emulator"))
    with RawClient(emulator.url, emulator.user("admin"), timeout=0.05) as hasty, pytest.raises(TimeoutError):
        create(hasty)
    emulator.clock.advance(60)
    # Both replies wait on one loop, and the one that is lost is due first.
    emulator.faults.add(Delay(seconds=0.05))
    assert admin.call("GET", INSTANCES).json["TotalCount"] == 1
    assert caplog.records == []


def test_a_delay_combines_with_what_else_strikes(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(Delay(seconds=0.05), Throttle())
    start = time.monotonic()
    assert create(admin).status == 429
    assert time.monotonic() - start >= 0.05


def damaged(emulator: Emulator, damage: Damage) -> bytes:
    with RawClient(emulator.url, emulator.user("admin")) as client:
        create(client)
        emulator.faults.add(DamagedReply(operation="ListInstances", damage=damage))
        reply = client.call("GET", INSTANCES)
    assert reply.status == 200
    return reply.body


def damaged_json(emulator: Emulator, damage: Damage) -> Any:
    return json.loads(damaged(emulator, damage))


def test_a_truncated_reply_breaks_off_within_its_json(emulator: Emulator) -> None:
    body = damaged(emulator, "truncated")
    assert body.startswith(b'{"RequestId"')
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(body)


def test_a_reply_of_wrong_types_has_objects_for_lists_and_text_for_numbers(emulator: Emulator) -> None:
    reply = damaged_json(emulator, "wrong_types")
    assert (reply["TotalCount"], reply["Success"]) == ("1", "True")
    assert reply["Instances"]["0"]["InstanceName"] == "notebook"


def test_an_unsuccessful_reply_comes_with_status_200_and_without_its_payload(emulator: Emulator) -> None:
    reply = damaged_json(emulator, "success_false")
    assert (reply["Success"], reply["Code"], "Instances" in reply) == (False, "InternalError", False)


def test_a_null_reply_is_null(emulator: Emulator) -> None:
    assert damaged(emulator, "null") == b"null"


def test_an_empty_reply_is_empty(emulator: Emulator) -> None:
    assert damaged(emulator, "empty") == b""


def test_a_reply_without_total_has_everything_else(emulator: Emulator) -> None:
    reply = damaged_json(emulator, "missing_total")
    assert "TotalCount" not in reply
    assert len(reply["Instances"]) == 1


def test_a_reply_of_wrong_case_begins_its_names_in_lower_case(emulator: Emulator) -> None:
    assert damaged_json(emulator, "wrong_case")["instances"][0]["instanceName"] == "notebook"


def test_a_huge_reply_is_larger_than_any_real_one(emulator: Emulator) -> None:
    assert len(damaged(emulator, "huge")) > 8 * 1024 * 1024


def test_a_refusal_is_not_damaged(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(DamagedReply(damage="null"))
    assert admin.call("GET", f"{INSTANCES}/dsw-nowhere").json["Success"] is False


def test_a_fault_strikes_as_often_as_it_is_told_after_letting_some_pass(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(ServerError(operation="ListInstances", after=1, times=2))
    statuses = [admin.call("GET", INSTANCES).status for _ in range(5)]
    assert statuses == [200, 500, 500, 200, 200]


def test_a_fault_without_number_strikes_until_it_is_cleared(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(ServerError(times=None))
    assert [admin.call("GET", INSTANCES).status for _ in range(3)] == [500, 500, 500]
    emulator.faults.clear()
    assert admin.call("GET", INSTANCES).status == 200


def test_a_fault_strikes_its_operation_in_its_region_alone(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(ServerError(operation="ListInstances", region_id="cn-beijing"))
    assert admin.call("GET", INSTANCES).status == 200
    assert admin.call("GET", f"{INSTANCES}/dsw-nowhere", headers={"x-acs-region-id": "cn-beijing"}).status == 404
    assert admin.call("GET", INSTANCES, headers={"x-acs-region-id": "cn-beijing"}).status == 500


def test_a_list_without_a_visibility_can_be_told_to_leave_public_instances_out(
    emulator: Emulator, admin: RawClient
) -> None:
    admin.call("POST", INSTANCES, body={**NOTEBOOK, "InstanceName": "open", "Accessibility": "PUBLIC"})
    admin.call("POST", INSTANCES, body={**NOTEBOOK, "InstanceName": "closed", "Accessibility": "PRIVATE"})
    emulator.clock.advance(1)
    totals: list[list[int]] = []
    for fault in ((), (PrivateOnly(region_id="cn-hangzhou"),)):
        emulator.faults.add(*fault)
        asked: tuple[dict[str, str], ...] = ({}, {"Accessibility": "PRIVATE"}, {"Accessibility": "PUBLIC"})
        totals.append([admin.call("GET", INSTANCES, query=each).json["TotalCount"] for each in asked])
    assert totals == [[2, 1, 1], [1, 1, 1]]
    assert not emulator.faults.lists_private_only("cn-beijing")


def test_a_request_whose_signature_fails_meets_no_fault(emulator: Emulator, admin: RawClient) -> None:
    emulator.faults.add(ServerError())
    headers = {"host": "localhost", "x-acs-version": "2022-01-01"}
    assert admin.send("GET", INSTANCES, headers).status == 400
    assert admin.call("GET", INSTANCES).status == 500


def test_conditions_hold_where_they_are_declared() -> None:
    faults = Faults()
    faults.add(ListLag(seconds=30), ListLag(seconds=60, region_id="cn-beijing"))
    faults.add(SoldOut(ecs_spec="ecs.g6.large", region_id="cn-beijing"))
    assert (faults.list_lag("cn-hangzhou"), faults.list_lag("cn-beijing")) == (30, 60)
    assert faults.is_sold_out("cn-beijing", "ecs.g6.large")
    assert not faults.is_sold_out("cn-hangzhou", "ecs.g6.large")
    assert not faults.is_sold_out("cn-beijing", "ecs.g6.xlarge")
    faults.clear()
    assert faults.list_lag("cn-beijing") == 0
    assert not faults.is_sold_out("cn-beijing", "ecs.g6.large")
