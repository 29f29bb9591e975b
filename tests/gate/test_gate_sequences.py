"""Whatever assistants, persons and bad luck do in turn: no write without a yes for exactly that, and each yes once."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import anyio
from hypothesis import HealthCheck, given, settings

from pai_emulator.serve import Emulator
from tests.gate.moves import Step
from tests.gate.steps import CONVERSATIONS
from tests.gate.walk import walk
from tests.support.unmeasured import unmeasured


@settings(
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(steps=CONVERSATIONS)
@unmeasured()
def test_no_conversation_leads_to_a_write_that_nobody_allowed(emulator: Emulator, steps: Sequence[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        anyio.run(walk, emulator, Path(folder), steps)
