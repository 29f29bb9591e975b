"""Two processes over one journal do not pass the operator's limit together."""

from concurrent.futures import ThreadPoolExecutor

from tests.gate.cases import CPU_SPEC
from tests.process.conftest import Start
from tests.process.conversation import LEGACY, MODERN, Conversation, text_of, yes
from tests.support.steering import Steering

PLACE = "ap-southeast-1"
"""No other test with this emulator makes anything there."""
CALLERS = 4
"""For each of the two processes."""


def test_many_callers_in_two_processes_create_no_more_than_may_run(start: Start, steering: Steering) -> None:
    limits = ("--max-running", "1", "--max-hourly", "100", "--regions", PLACE)
    clients = [Conversation(start(*limits), era, yes) for era in (LEGACY, MODERN)]
    for client in clients:
        client.open()
    before = len(steering.writes())
    workspace = clients[0].told("list_workspaces", region_id=PLACE)["workspaces"][0]["workspace_id"]
    image = clients[0].told("list_images", region_id=PLACE, chip_type="CPU")["images"][0]["image_id"]

    def create(number: int) -> str:
        """What each caller ends with; all have been asked before anybody has counted what the others do."""
        arguments = {"workspace_id": workspace, "ecs_spec": CPU_SPEC, "image_id": image, "region_id": PLACE}
        return text_of(clients[number % 2].call("create_instance", instance_name=f"each_{number}", **arguments))

    with ThreadPoolExecutor(2 * CALLERS) as callers:
        ended = list(callers.map(create, range(2 * CALLERS)))

    assert [entry["operation"] for entry in steering.writes()[before:]] == ["CreateInstance"], ended
    assert sum("--max-running 1" in each for each in ended) == 2 * CALLERS - 1, ended
