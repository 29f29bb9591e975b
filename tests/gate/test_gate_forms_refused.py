"""A no in a form counts at once: it needs no read of the cloud, and concerns the target that was asked about."""

import pytest
from mcp.client import ClientRequestContext
from mcp_types import ElicitRequestParams, ElicitResult

from tests.gate.cases import an_instance, new_notebook
from tests.gate.rounds import posts
from tests.support.desk import Desk, Person, text_of, told

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("says", ["decline", "reject"])
async def test_a_no_in_a_form_counts_while_the_cloud_cannot_be_read(desk: Desk, says: str) -> None:
    class Refuses(Person):
        """Says no when the cloud has just stopped answering."""

        def reply(self, question: ElicitRequestParams) -> ElicitResult:  # noqa: ARG002  # says the same to everything
            desk.steering.faults({"kind": "damaged_reply", "damage": "truncated", "times": 50})
            if says == "decline":
                return ElicitResult(action="decline")
            return ElicitResult(action="accept", content={"decision": "reject", "feedback": "Too dear."})

    answer = await desk.call("modern", Refuses(), "create_instance", **new_notebook())
    assert told(answer)["status"] == "declined"
    assert ("Too dear." in text_of(answer)) == (says == "reject")
    desk.steering.faults(clear=True)
    person = Person("yes")
    again = await desk.call("modern", person, "create_instance", **new_notebook())
    assert (told(again)["status"], person.questions, posts(desk)) == ("declined", [], [])


async def test_a_no_in_a_form_leaves_a_question_about_another_target_open(desk: Desk) -> None:
    class Distracted(Person):
        """Says no to something else first."""

        async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
            assert told(await desk.call("modern", Person("no"), "create_instance", **new_notebook()))
            (waiting,) = await desk.services.journal.waiting()
            assert (waiting.tool, waiting.channel) == ("start_instance", "form")
            return await super().__call__(context, params)

    stopped = an_instance(desk.steering, "Stopped")
    answer = await desk.call("modern", Distracted("yes"), "start_instance", instance_id=stopped)
    assert told(answer)["status"] == "done"
    assert posts(desk) == ["StartInstance"]
