"""Changes that a person agreed to all at once at a terminal."""

from collections.abc import Callable

import pytest

from pai_dsw_mcp.gate.agreed import carry_out
from pai_dsw_mcp.tools._auto_stop import AutoStop
from pai_dsw_mcp.tools.auto_stop import set_plan
from tests.gate.auto_stops import running, sent
from tests.support.desk import REGION, Desk, told

pytestmark = pytest.mark.anyio


async def test_a_yes_that_is_there_already_is_the_one_that_counts(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(approve="terminal")
    instance_id, journal = running(desk), desk.services.journal
    told(await desk.call("modern", None, "set_auto_stop", instance_id=instance_id, idle_minutes=60))
    (asked,) = await journal.waiting()
    await journal.decide(asked.approval_id, approve=True, channel="terminal")
    plan = set_plan(desk.services, REGION, AutoStop(idle_minutes=60), instance_id)
    async with desk.services.cloud:
        ended = await carry_out(desk.services, plan, "verify-cloud", lambda _: True)
    assert (ended.status, ended.reference, len(sent(desk))) == ("done", asked.reference, 1)
