"""What only writes can show: one small instance is made, started, changed, saved and stopped.

Whatever happens on the way, everything that was made is stopped at the end. The instance also has a timer of the
service's, for the case that this program does not live so long.
"""

from asyncio import CancelledError
from datetime import timedelta
from typing import Final

import anyio

from pai_dsw_mcp.cloud.snapshots import list_snapshots
from pai_dsw_mcp.commands.probes import Finding, Why
from pai_dsw_mcp.commands.verify_notebook import POLL, EndError, Notebook
from pai_dsw_mcp.commands.verify_terms import LONGEST, Terms
from pai_dsw_mcp.errors import CloudError, RefusedError
from pai_dsw_mcp.model.change import Parameter
from pai_dsw_mcp.model.instance import DatasetMount, InstanceChanges, NewInstance
from pai_dsw_mcp.model.snapshot import NewSnapshot, StopOptions
from pai_dsw_mcp.model.status import STARTABLE, STARTING_UP, STOPPING
from pai_dsw_mcp.model.writes import STOP_INSTANCE, UPDATE_INSTANCE
from pai_dsw_mcp.tools._auto_stop import AutoStop
from pai_dsw_mcp.tools._private import private_of
from pai_dsw_mcp.tools.auto_stop import set_plan
from pai_dsw_mcp.tools.create_instance import Create
from pai_dsw_mcp.tools.snapshots import Save
from pai_dsw_mcp.tools.start_stop import Start

_OWN_STOP: Final = AutoStop(stop_after=timedelta(seconds=LONGEST))
_TIMER: Final = "CreateInstanceShutdownTimer"
_MOUNT_PATH: Final = "/mnt/verify"
_SAVING: Final = {"Committing", "Pushing"}
_STEPS: Final = ("create", "twin", "stop", "start", "change", "mount", "save", "restart", "end")
_SETTLED_HERE: Final = (
    "auto-stop-from",
    "list-lag",
    "taken-name",
    "stop-from",
    "changes-while-running",
    "mounts-while-running",
)


class WritePass:
    """One pass over everything."""

    def __init__(self, notebook: Notebook, terms: Terms) -> None:
        self._notebook = notebook
        self._terms = terms
        self.not_saved: Why = "no_save" if terms.image_url else "no_place"
        self._found: dict[str, Finding] = {}
        self._private = private_of(notebook.services.private, None, None)
        self._begun = 0

    async def run(self) -> list[Finding]:
        """What was seen, one finding for each assumption that needs writes.

        Raises:
            RefusedError: The instance may not be made, for a reason of ours.
        """
        why: Why = "refused"
        is_interrupted = False
        try:
            await self._steps()
        except EndError as end:
            why = end.why
        except CloudError:
            why = "no_answer"
        except RefusedError:
            if not self._notebook.instance_id:
                raise
            why = "refused"
        except CancelledError:
            is_interrupted = True
            self._notebook.tell("verify_interrupting")
            raise
        finally:
            # Also where this is cancelled: Ctrl-C stops what was made.
            self._begin("end")
            with anyio.CancelScope(shield=True):
                await self._notebook.stop_all(is_interrupted=is_interrupted)
        return [self._found.get(each) or Finding(each, why=why) for each in _SETTLED_HERE]

    async def _steps(self) -> None:
        if not self._notebook.instance_id:
            self._begin("create")
            await self._create()
        else:
            self._miss("no_new_instance", "auto-stop-from", "list-lag")
        self._begin("twin")
        await self._create_twin()
        was_stopped = await self._stop_on_the_way_up()
        if was_stopped:
            self._begin("start")
            await self._start()
        await self._notebook.until("Running")
        await self._protect()
        self._begin("change")
        await self._change()
        await self._mount()
        await self._save()
        if not was_stopped:
            self._begin("restart")
            await self._notebook.stop(self._notebook.instance_id)
            await self._notebook.until("Stopped")
            await self._start()

    async def _create(self) -> None:
        terms = self._terms
        create = Create(self._notebook.services, terms.region_id, self._new, True, _OWN_STOP, self._private)
        seen, ended = await self._notebook.send(self._notebook.plan(create.look, new_name=terms.instance_name))
        if ended is None or ended.instance_id is None:
            raise EndError("refused" if seen else "no_answer")
        self._notebook.instance_id = ended.instance_id
        made = "verify_made_emulated" if terms.is_emulated else "verify_made"
        self._notebook.tell(
            made, name=terms.instance_name, instance_id=self._notebook.instance_id, region=terms.region_id
        )
        self._notebook.has_timer = any(each.status == "done" for each in ended.follow_ups or ())
        if self._notebook.has_timer:
            self._find("auto-stop-from", "any")
        else:
            self._tell_no_timer()
        listed = await self._notebook.reader.instances(InstanceName=terms.instance_name)
        if listed is not None and listed.status == 200:
            self._find("list-lag", "none" if listed.body.get("TotalCount") else "minutes")

    async def _create_twin(self) -> None:
        """Another one of the same name, which the service should refuse."""
        twin = Create(self._notebook.services, self._terms.region_id, self._new, True, None, self._private)
        try:
            seen, _ = await self._notebook.send(self._notebook.plan(twin.proposal, new_name=self._terms.instance_name))
        except RefusedError:
            # A limit of the operator's, if it were made.
            seen = None
        if seen is None or seen.is_denied:
            self._miss("refused", "taken-name")
        else:
            self._find("taken-name", seen.code or "accepted")

    async def _stop_on_the_way_up(self) -> bool:
        """Whether it is stopped now."""
        status = (await self._notebook.look()).status
        if status in STARTING_UP:
            self._begin("stop")
            seen = await self._notebook.stop(self._notebook.instance_id)
            if seen is None or seen.is_denied:
                raise EndError("refused" if seen else "no_answer")
            if seen.status != 200:
                self._find("stop-from", "running")
                return False
            again, _ = await self._notebook.send(self._notebook.bare(STOP_INSTANCE, StopOptions()))
            if again is not None:
                self._find("stop-from", "any" if again.status == 200 else "way-up")
        else:
            self._miss("no_new_instance", "stop-from")
            if status not in STOPPING | STARTABLE:
                return False
        await self._notebook.until("Stopped")
        return True

    async def _start(self) -> None:
        await self._protect()
        start = Start(self._notebook.services, self._terms.region_id, self._notebook.instance_id, None)
        seen, _ = await self._notebook.send(self._notebook.plan(start.look))
        if seen is None or seen.status != 200:
            raise EndError("refused" if seen else "no_answer")

    async def _protect(self) -> None:
        """Sets the timer, where it could not be set before."""
        instance = await self._notebook.look()
        if self._notebook.has_timer or instance.auto_stop_due_at is not None:
            return
        seen, _ = await self._notebook.send(
            set_plan(self._notebook.services, self._terms.region_id, _OWN_STOP, self._notebook.instance_id)
        )
        self._notebook.has_timer = seen is not None and seen.status == 200
        if self._notebook.has_timer:
            self._notebook.tell("verify_timer")
        else:
            self._tell_no_timer()
        if self._notebook.has_timer and instance.status == "Running" and self._terms.left_over is None:
            self._find("auto-stop-from", "running")

    async def _change(self) -> None:
        """Something that is taken of an instance that runs, and something that may not be."""
        instance, other, name = await self._notebook.look(), self._terms.other_spec, "changes-while-running"
        visibility = InstanceChanges(accessibility="PRIVATE" if instance.accessibility == "PUBLIC" else "PUBLIC")
        small, _ = await self._notebook.update(visibility)
        if small is None or small.is_denied:
            self._miss("refused", name, "mounts-while-running")
        elif small.status != 200:
            self._find(name, "none")
            self._miss("refused", "mounts-while-running")
        elif other is None:
            self._miss("no_other_spec", name)
        else:
            parameter = Parameter(name="EcsSpec", value=other.instance_type, before=instance.ecs_spec)
            change = InstanceChanges(ecs_spec=other.instance_type)
            great, _ = await self._notebook.send(self._notebook.bare(UPDATE_INSTANCE, change, parameter))
            if great is not None and not great.is_denied:
                self._find(name, "all" if great.status == 200 else "some")
            await self._notebook.until("Running")

    async def _mount(self) -> None:
        dataset, name = self._terms.dataset, "mounts-while-running"
        if name in self._found:
            return
        if dataset is None:
            self._miss("no_dataset", name)
            return
        self._begin("mount")
        mount = DatasetMount(dataset_id=dataset.dataset_id, mount_path=_MOUNT_PATH, mount_access="RO")
        seen, statuses = await self._notebook.update(InstanceChanges(datasets=(mount,)))
        if seen is None or seen.is_denied:
            self._miss("refused", name)
        elif seen.status != 200:
            self._find(name, "refused")
        else:
            self._find(name, "restart" if STARTING_UP & statuses else "live")

    async def _save(self) -> None:
        """Saves the environment, where the person named a place; what is seen of it is in the life cycle."""
        terms = self._terms
        if terms.image_url is None:
            self._notebook.tell("verify_not_saved")
            return
        self._begin("save")
        new = NewSnapshot(snapshot_name=terms.instance_name, image_url=terms.image_url)
        save = Save(self._notebook.services, terms.region_id, self._notebook.instance_id, new)
        self.not_saved = "save_refused"
        try:
            seen, _ = await self._notebook.send(self._notebook.plan(save.look))
        except RefusedError as error:
            self._notebook.tell(error.sentence.key, **error.sentence.values)
            return
        if seen is not None and seen.status != 200:
            self._notebook.tell("verify_save_refused", outcome=seen.outcome)
            return
        self.not_saved = "no_save"
        await self._notebook.until("Running")
        while any(
            each.status in _SAVING
            for each in await list_snapshots(self._notebook.services.cloud, terms.region_id, self._notebook.instance_id)
        ):
            await self._notebook.rest(POLL)

    def _begin(self, step: str) -> None:
        number, steps = _STEPS.index(step) + 1, len(_STEPS)
        for left_out in range(self._begun + 1, number):
            self._notebook.tell(f"verify_left_out_{_STEPS[left_out - 1]}", number=left_out, steps=steps)
        self._begun = number
        self._notebook.tell(f"verify_step_{step}", number=number, steps=steps)

    def _tell_no_timer(self) -> None:
        outcome = self._notebook.answer_to(_TIMER)
        self._notebook.tell_once("verify_no_timer" if outcome else "verify_no_timer_sent", outcome=outcome)

    def _find(self, name: str, seen: str) -> None:
        self._found[name] = Finding(name, seen, "certain")

    def _miss(self, why: Why, *names: str) -> None:
        for name in names:
            self._found.setdefault(name, Finding(name, why=why))

    @property
    def _new(self) -> NewInstance:
        terms = self._terms
        return NewInstance(
            workspace_id=terms.workspace.workspace_id,
            instance_name=terms.instance_name,
            ecs_spec=terms.spec.instance_type,
            image_id=terms.image.image_id,
        )
