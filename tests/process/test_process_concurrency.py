"""Many callers, one name, two processes: one request and one instance."""

from concurrent.futures import ThreadPoolExecutor

from tests.gate.cases import new_notebook
from tests.process.conftest import Start
from tests.process.conversation import LEGACY, MODERN, Conversation, yes
from tests.process.processes import Message
from tests.support.steering import Steering

CALLERS = 10
"""For each of the two processes."""
MOST_CALLS = 10
NAME = "wanted_by_all"


def insist(client: Conversation) -> list[Message]:
    """What one caller is told, until it is told the instance; the answers in between say to call again."""
    arguments = new_notebook(instance_name=NAME)
    answers: list[Message] = []
    while len(answers) < MOST_CALLS:
        told = client.told("create_instance", **arguments)
        answers.append(told)
        if told["status"] in ("done", "nothing_to_do"):
            break
        assert told["status"] in ("approval_needed", "unknown"), told
    return answers


def test_twenty_callers_of_one_name_in_two_processes_get_one_instance(start: Start, steering: Steering) -> None:
    before = len(steering.writes())
    clients = [Conversation(start(), era, yes) for era in (LEGACY, MODERN)]
    for client in clients:
        client.open()

    with ThreadPoolExecutor(2 * CALLERS) as callers:
        told = list(callers.map(insist, clients * CALLERS))

    writes = steering.writes()[before:]
    assert [entry["operation"] for entry in writes] == ["CreateInstance"]
    last = [answers[-1] for answers in told]
    assert {each["status"] for each in last} == {"done", "nothing_to_do"}
    assert [each["status"] for each in last].count("done") == 1
    assert len({each["instance_id"] for each in last}) == 1

    listed = clients[0].told("list_instances", instance_name=NAME)
    assert [each["instance_id"] for each in listed["instances"]] == [last[0]["instance_id"]]
