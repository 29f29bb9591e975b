"""What may happen in a conversation, as strategies: few names and values, so that things get in each other's way."""

from typing import Any

from hypothesis import strategies as st

from pai_emulator.faults.model import DamagedReply, Fault, LostReply, Reset, ServerError, Throttle
from tests.gate.cases import CPU_SPEC, WORKSPACE, image_for
from tests.gate.moves import Again, Call, Edit, Forge, Page, Reply, Step, Together, Trouble, Wait

NAMES = st.sampled_from(["train_1", "train_2"])
WHICH = st.integers(0, 3)
ANSWERS = st.sampled_from(["yes", "yes", "yes", "yes", "no", "cancel", "empty", "wrong name", "nothing typed"])
SPECS = st.sampled_from([CPU_SPEC, "ecs.g6.xlarge"])
LABELS = st.sampled_from(
    [[{"key": "team", "value": "a"}], [{"key": "a=b", "value": "c"}], [{"key": "a", "value": "b=c"}]]
)
LINKS = st.sampled_from(["PRIVATE", "PUBLIC"])
WRITES = st.sampled_from(["CreateInstance", "UpdateInstance", "StartInstance", "StopInstance"])


def _arguments(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[tuple[tuple[str, Any], ...]]:
    return st.fixed_dictionaries(required, optional=optional).map(lambda chosen: tuple(chosen.items()))


def _calls(tool: str, arguments: st.SearchStrategy[tuple[tuple[str, Any], ...]]) -> st.SearchStrategy[Call]:
    seats = st.sampled_from(["legacy", "modern", "second", "bare"])
    return st.builds(Call, seats, st.just(tool), arguments, st.one_of(ANSWERS, ANSWERS, ANSWERS, st.none()))


_CREATES = _arguments(
    {
        "workspace_id": st.just(WORKSPACE),
        "instance_name": NAMES,
        "ecs_spec": SPECS,
        "image_id": st.just(image_for("CPU")),
    },
    {"accessibility": LINKS, "labels": LABELS},
)
_UPDATES = st.one_of(
    _arguments({"instance_id": WHICH, "instance_name": NAMES}, {"start_after": st.booleans()}),
    _arguments({"instance_id": WHICH, "accessibility": LINKS}, {}),
    _arguments({"instance_id": WHICH, "ecs_spec": SPECS}, {"start_after": st.booleans(), "instance_name": NAMES}),
)
_TARGETS = _arguments({"instance_id": WHICH}, {})
CALLS: st.SearchStrategy[Call] = st.one_of(
    _calls("create_instance", _CREATES),
    _calls("create_instance", _CREATES),
    _calls("update_instance", _UPDATES),
    _calls("start_instance", _TARGETS),
    _calls("stop_instance", _TARGETS),
)


def _write_faults(operations: st.SearchStrategy[str]) -> st.SearchStrategy[Fault]:
    return st.one_of(
        st.builds(LostReply, operation=operations, reset=st.booleans()),
        st.builds(Reset, operation=operations),
        st.builds(ServerError, operation=operations, applied=st.booleans(), html=st.booleans()),
        st.builds(Throttle, operation=operations, status=st.sampled_from([400, 429])),
        st.builds(DamagedReply, operation=operations, damage=st.sampled_from(["truncated", "success_false", "null"])),
    )


_READ_FAULTS: st.SearchStrategy[Fault] = st.builds(
    DamagedReply,
    operation=st.sampled_from(["GetInstance", "ListInstances"]),
    damage=st.sampled_from(["truncated", "missing_total", "null"]),
    after=st.integers(0, 3),
)
EDITS: st.SearchStrategy[Edit] = st.one_of(
    st.builds(Edit, WHICH, st.just("Status"), st.sampled_from(["Running", "Stopped", "Failed", "Saving"])),
    st.builds(Edit, WHICH, st.just("Priority"), st.integers(1, 9)),
    st.builds(Edit, WHICH, st.just("Accessibility"), LINKS),
)
STEPS: st.SearchStrategy[Step] = st.one_of(
    CALLS,
    CALLS,
    CALLS,
    st.builds(Again, ANSWERS),
    st.builds(Again, st.just("yes")),
    st.builds(Page, WHICH, st.sampled_from([True, True, False])),
    st.builds(Reply, WHICH, ANSWERS),
    st.builds(Reply, WHICH, ANSWERS),
    st.builds(Forge, WHICH, st.sampled_from(["no state", "state of another", "other arguments", "tampered"])),
    st.builds(Together, st.lists(CALLS, min_size=2, max_size=3).map(tuple)),
    st.builds(Trouble, st.one_of(_write_faults(WRITES), _READ_FAULTS)),
    EDITS,
    st.builds(Wait, st.sampled_from([1.0, 30.0, 45.0, 61.0, 130.0, 601.0])),
)
_INTO_TROUBLE: st.SearchStrategy[tuple[Step, ...]] = st.one_of(
    *(
        st.tuples(st.builds(Trouble, _write_faults(st.just(operation))), calls, st.builds(Again, st.just("yes")))
        for operation, calls in (
            ("CreateInstance", _calls("create_instance", _CREATES)),
            ("UpdateInstance", _calls("update_instance", _UPDATES)),
            ("StartInstance", _calls("start_instance", _TARGETS)),
        )
    )
)
CONVERSATIONS: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(STEPS.map(lambda step: (step,)), STEPS.map(lambda step: (step,)), _INTO_TROUBLE), min_size=5, max_size=15
).map(lambda parts: [step for part in parts for step in part][:15])
