"""The one instance of a pass with writes: what is sent to it, how it is waited for, and how it is stopped."""

from asyncio import CancelledError
from collections.abc import Sequence
from typing import Final

from pai_dsw_mcp.cloud.message import Reply
from pai_dsw_mcp.cloud.operations import OPERATIONS
from pai_dsw_mcp.cloud.raw import Seen, refusal
from pai_dsw_mcp.commands.probes import Reader, Why
from pai_dsw_mcp.commands.verify_terms import AT_REST, STOP, WORK, Terms, marked
from pai_dsw_mcp.errors import CloudError, RefusedError, ReplyError
from pai_dsw_mcp.gate.agreed import carry_out
from pai_dsw_mcp.gate.outcome import WriteResult
from pai_dsw_mcp.gate.plan import Look, Plan, Proposal
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.model.change import Parameter
from pai_dsw_mcp.model.instance import Instance, InstanceChanges
from pai_dsw_mcp.model.status import STOPPABLE
from pai_dsw_mcp.model.value import Value
from pai_dsw_mcp.model.writes import WriteSpec
from pai_dsw_mcp.tools._checks import change_of, requests_for
from pai_dsw_mcp.tools.start_stop import stop_plan
from pai_dsw_mcp.tools.update_instance import Update

_CLIENT: Final = "verify-cloud"
POLL: Final = 10.0
_LATE: Final = 30.0
"""Seconds in which a change that restarts an instance shows in its status."""
_WELL: Final = {"done", "nothing_to_do"}
_FAILED: Final = {"Failed", "SaveFailed", "Arrearge"}


class EndError(Exception):
    """Nothing more can be seen."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


class Notebook:
    """`instance_id` is empty until it is made; `left` has the names of what could not be stopped."""

    def __init__(self, services: Services, reader: Reader, terms: Terms) -> None:
        self.services = services
        self.reader = reader
        self._terms = terms
        self.tell = reader.tell
        self._began = reader.now()
        self._shown = ""
        self._heard: list[Seen] = []
        self._answers: dict[str, Seen] = {}
        self._told: set[tuple[str, str]] = set()
        self.instance_id = terms.left_over.instance_id if terms.left_over else ""
        self.left: Sequence[str] = ()
        self.has_timer = terms.left_over is not None and terms.left_over.auto_stop_due_at is not None

    async def send(self, plan: Plan) -> tuple[Seen | None, WriteResult | None]:
        """One change: what the service said to it, if anything that tells something; and the result, if there is one.

        Raises:
            RefusedError: It may not be sent.
        """
        self._heard.clear()
        self._answers.clear()
        try:
            ended = await self._carry_out(plan)
            if ended.status == "approval_needed":
                # The status changed by itself between two looks.
                ended = await self._carry_out(plan)
        except CloudError:
            ended = None
        return next(iter(self._heard), None), ended

    async def stop(self, instance_id: str) -> Seen | None:
        """Sends a stop; what the service said to it. A stop that fails is told at once, and once for each answer.

        Raises:
            RefusedError: It may not be sent.
        """
        seen, ended = await self.send(stop_plan(self.services, self._terms.region_id, instance_id))
        if ended is None or ended.status not in _WELL:
            outcome = self.answer_to("StopInstance")
            self.tell_once("verify_not_stopped" if outcome else "verify_stop_unknown", outcome=outcome)
        return seen

    def tell_once(self, key: str, **values: object) -> None:
        """Shows a person what comes again at each attempt, the first time."""
        if (key, repr(values)) not in self._told:
            self._told.add((key, repr(values)))
            # A sentence of the gate may have a name of its own.
            self.tell(key, **{"name": self._terms.instance_name, **values})

    def answer_to(self, operation: str) -> str:
        """Status and code of the answer to it, of what was sent last; empty where none came."""
        return self._answers[operation].outcome if operation in self._answers else ""

    async def _carry_out(self, plan: Plan) -> WriteResult:
        await self.reader.pace()
        return await carry_out(self.services, plan, _CLIENT, self._terms.covers)

    async def listen(self) -> None:
        """What the service says to a write is heard here, whatever the gate concludes from it."""
        (await self.services.cloud.sdk()).caller.listeners.append(self._hear)

    def _hear(self, operation: str, _: Reply, error: CloudError | None) -> None:
        if OPERATIONS[operation].is_write:
            seen = (refusal(error) if error else None) or Seen(200)
            self._answers[operation] = seen
            self.reader.note(operation, seen.outcome)
            if seen.tells and not isinstance(error, ReplyError):
                self._heard.append(seen)

    def plan(self, look: Look, new_name: str | None = None) -> Plan:
        target_id = None if new_name else self.instance_id
        return Plan(region_id=self._terms.region_id, target_id=target_id, new_name=new_name, look=look)

    def bare(self, spec: WriteSpec, body: Value, *parameters: Parameter) -> Plan:
        """A change that the tools refuse to send because the service should."""

        async def look() -> Proposal:
            instance, terms = await self.look(), self._terms
            price = terms.price if parameters else None
            change = change_of(spec, instance, seen=None, parameters=parameters, meanings={}, price=price)
            return Proposal(change, requests_for(spec, instance, body))

        return self.plan(look)

    @property
    def seconds(self) -> float:
        return self.reader.now() - self._began

    async def look(self) -> Instance:
        await self.reader.pace()
        return await self.services.cloud.get_instance(self._terms.region_id, self.instance_id)

    async def until(self, status: str) -> set[str]:
        """The statuses on the way there."""
        seen: set[str] = set()
        while status not in seen:
            await self.rest(POLL if seen else 0.0)
            found = (await self.look()).status
            if found != self._shown:
                self.tell("verify_status", name=self._terms.instance_name, status=found)
            self._shown = found
            seen.add(found)
            if found in _FAILED:
                raise EndError("failed")
        return seen

    async def rest(self, seconds: float) -> None:
        if self.seconds > WORK:
            raise EndError("no_time")
        await self.reader.sleep(seconds)

    async def update(self, changes: InstanceChanges) -> tuple[Seen | None, set[str]]:
        """What the service says, and the statuses until the instance runs again."""
        update = Update(self.services, self._terms.region_id, self.instance_id, changes, start_after=False)
        seen, _ = await self.send(self.plan(update.look))
        statuses: set[str] = set()
        if seen is not None and seen.status == 200:
            statuses = await self.until("Running")
            await self.rest(_LATE)
            statuses |= await self.until("Running")
        return seen, statuses

    async def stop_all(self, *, is_interrupted: bool) -> None:
        """Until nothing runs, or time is over. The first Ctrl-C of a pass, which may come now, does not give it up."""
        self.left = [self._terms.instance_name]
        try:
            try:
                await self._until_stopped()
            except CancelledError:
                if is_interrupted:
                    raise
                self.tell("verify_interrupting")
                await self._until_stopped()
                raise
        finally:
            # Also where a second Ctrl-C gives it up.
            if self.left and self._terms.is_emulated:
                self.tell("verify_left_emulated", names=", ".join(self.left), region=self._terms.region_id)
            elif self.left:
                self.tell("verify_left", names=", ".join(self.left), region=self._terms.region_id)
                self.tell("verify_left_timer" if self.has_timer else "verify_left_no_timer")
            elif self._terms.is_emulated:
                self.tell("verify_stopped_emulated")
            elif self._terms.left_over is not None:
                self.tell("verify_stopped_earlier", name=self._terms.instance_name)
            else:
                self.tell("verify_stopped", cost=self._terms.costs(self.seconds))

    async def _until_stopped(self) -> None:
        while True:
            await self.reader.pace()
            self.left = await self._stop_once()
            if not self.left or self.seconds > STOP:
                return
            await self.reader.sleep(POLL)

    async def _stop_once(self) -> list[str]:
        """Stops what can be stopped now; returns the names of what is not stopped yet, or may appear."""
        try:
            instances, unknown = await marked(self.services, self._terms.region_id)
        except CloudError as error:
            seen = refusal(error)
            self.tell_once("verify_not_looked", outcome=seen.outcome if seen else "")
            return [self._terms.instance_name]
        up = [each for each in instances if each.status not in AT_REST]
        for each in up:
            if each.status in STOPPABLE:
                await self._try_to_stop(each.instance_id)
        return [*(each.instance_name for each in up), *unknown]

    async def _try_to_stop(self, instance_id: str) -> None:
        try:
            await self.stop(instance_id)
        except RefusedError as error:
            self.tell_once(error.sentence.key, **error.sentence.values)
