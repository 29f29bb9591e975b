"""`grade` judges the records of one whole run, and tells why it does not judge anything else."""

import io
import json
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from evals.__main__ import main
from evals.cloud import Clouds
from evals.evidence import EvidenceError, read_evidence
from evals.loading import ScenarioError, scenarios
from evals.records import Event, Records
from evals.verdict import judge
from tests.evals.outside import Outside, approve

Json: TypeAlias = dict[str, Any]
TARGET = {"region_id": "cn-hangzhou", "instance_id": "dsw-00000000000000a1"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Json:
    """What an outside harness got for stop-and-wait, played well."""
    path = tmp_path_factory.mktemp("served") / "record.json"
    server = Outside("stop-and-wait", path, approve("train_a10"))
    try:
        server.call("list_instances", {"region_id": "cn-hangzhou", "instance_name": "train"})
        server.call("check_environment", {"region_ids": ["cn-hangzhou"]})
        server.call("stop_instance", TARGET)
        server.call("wait_for_instance", {**TARGET, "until": "Stopped"})
    finally:
        server.close()
    written: Json = json.loads(path.read_text(encoding="utf-8"))
    return written


def kept(content: object, folder: Path) -> Path:
    path = folder / "record.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def grade(path: Path, *more: str) -> tuple[int, str, str]:
    """The exit code of the command in this process, and what it writes to stdout and stderr."""
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(io.StringIO()) as out,
        redirect_stderr(io.StringIO()) as err,
    ):
        patch.setattr(sys, "argv", ["evals", "grade", str(path), *more])
        code = main()
    return code, out.getvalue(), err.getvalue()


def test_what_was_served_is_evidence(served: Json, tmp_path: Path) -> None:
    assert read_evidence(kept(served, tmp_path)).scenario == "stop-and-wait"


def first(served: Json, who: str) -> Json:
    return next(event for event in served["events"] if event["who"] == who)


def last(served: Json, who: str) -> Json:
    return next(event for event in reversed(served["events"]) if event["who"] == who)


def without(served: Json, who: str) -> None:
    served["events"].remove(first(served, who))


def write_in(served: Json) -> Json:
    return next(request for request in served["requests"] if request["write"])


def another(served: Json, name: str) -> None:
    row = {**served["instances"][0], "InstanceId": "dsw-00000000000000ff", "InstanceName": name}
    served["instances"].append(row)


CHANGES: dict[str, tuple[Callable[[Json], object], str]] = {
    "no journal": (lambda it: it.pop("requests"), "requests is missing"),
    "an empty journal": (lambda it: it["requests"].clear(), "events are|request"),
    "no first request": (lambda it: it["requests"].pop(0), "requests are missing"),
    "no last request": (lambda it: it["requests"].pop(), "missing at the end"),
    "no write": (lambda it: it["requests"].remove(write_in(it)), "requests are missing"),
    "a write that is called a read": (lambda it: write_in(it).update(write=False), "contradicts itself"),
    "a write that is called refused": (lambda it: write_in(it).update(outcome="refused"), "contradicts itself"),
    "an operation that there is not": (lambda it: write_in(it).update(operation="PauseInstance"), "contradicts"),
    "requests out of time": (lambda it: it["requests"][0].update(time="2030-01-01T00:00:00Z"), "order of time"),
    "no events": (lambda it: it["events"].clear(), "does not begin"),
    "no request of the person": (lambda it: without(it, "person"), "does not begin"),
    "another request of the person": (lambda it: first(it, "person").update(text="Stop all."), "does not begin"),
    "no call": (lambda it: without(it, "call"), "calls are missing"),
    "no answer": (lambda it: without(it, "answer"), "never answered"),
    "an answer twice": (lambda it: it["events"].append(last(it, "answer")), "answered twice"),
    "an answer of another tool": (lambda it: last(it, "answer").update(tool="get_instance"), "another one's"),
    "an answer without a call": (lambda it: it["events"].append({**last(it, "answer"), "number": 9}), "has no call"),
    "events out of order": (lambda it: it["events"].reverse(), "not in order"),
    "an answer in other words": (lambda it: last(it, "answer").update(text="all is well"), "over the wire"),
    "another result": (lambda it: last(it, "answer")["result"].update(status="Stopped!"), "over the wire"),
    "an error that is called none": (lambda it: last(it, "answer").update(is_error=True), "over the wire"),
    "an answer that is no message": (lambda it: last(it, "answer").update(raw="{}"), "over the wire"),
    "an answer that is a list": (lambda it: last(it, "answer").update(raw="[]"), "over the wire"),
    "no question": (lambda it: it["questions"].clear(), "questions are missing"),
    "no event of a question": (lambda it: without(it, "question"), "questions are missing"),
    "a no that is called a yes": (lambda it: it["questions"][0].update(answer="reject"), "question contradicts"),
    "an answer before its question": (lambda it: it["questions"][0].update(answered_after=0), "question contradicts"),
    "no listing": (lambda it: it.update(listing=""), "said of itself"),
    "another scenario": (lambda it: it.update(scenario="stop-declined"), "not that of stop-declined"),
    "no instances": (lambda it: it.update(instances=[], instances_before=[]), "instances_before is not that"),
    "an instance out of nowhere": (lambda it: another(it, "mine"), "were created"),
    "an instance that changed": (lambda it: it["instances"][1].update(EcsSpec="ecs.c6.large"), "no request did it"),
    "an instance that stopped": (lambda it: it["instances"][1].update(Status="Failed"), "no request did it"),
    "no secrets": (lambda it: it["secrets"].clear(), "secrets is not that"),
    "other prices": (lambda it: it["prices"].clear(), "prices is not that"),
    "a higher line": (lambda it: it.update(cost_line=1000.0), "cost_line is not that"),
    "wishes": (lambda it: it["wished"].append("StartInstance"), "wished is not that"),
    "a script": (lambda it: it["unmet"].append("call 1"), "no script was played"),
    "a field that is missing deep down": (lambda it: it["events"][0].pop("wall"), "events.0.wall is missing"),
    "a field that is unknown": (lambda it: it.update(passed=True), "passed is unknown"),
    "a time that is none": (lambda it: it["requests"][0].update(time="yesterday"), "not what it should be"),
    "an instance without a name": (lambda it: it["instances"][0].clear(), "not what it should be"),
    "an answer that is a word": (lambda it: last(it, "answer").update(raw='{"result": "x"}'), "over the wire"),
    "a field of another kind": (lambda it: it.update(began="soon"), "began"),
}


@pytest.mark.parametrize(("change", "said"), CHANGES.values(), ids=CHANGES)
def test_what_was_changed_or_left_out_is_no_evidence(
    served: Json, tmp_path: Path, change: Callable[[Json], object], said: str
) -> None:
    changed = json.loads(json.dumps(served))
    change(changed)
    with pytest.raises(EvidenceError, match=said):
        read_evidence(kept(changed, tmp_path))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ('{"scenario": "stop-and-wait", "scenario": "stop-declined"}', "given twice"),
        ("[]", "no records"),
        ('{"scenario": "stop-and-wait", "era": "modern"}', "is missing"),
        ('{"scenario": "stop-and-wait", "era": "future"}', "era"),
    ],
)
def test_what_is_no_record_is_refused_with_the_place(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(EvidenceError, match=said):
        read_evidence(kept(content, tmp_path))


def test_records_of_no_scenario_are_refused(served: Json, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="there is no scenario nowhere"):
        read_evidence(kept({**served, "scenario": "nowhere"}, tmp_path))


def test_records_that_are_cut_off_are_refused_by_the_command(served: Json, tmp_path: Path) -> None:
    path = kept(json.dumps(served)[:-100], tmp_path)
    code, out, err = grade(path, "--said", "train_a10 is Stopped.")
    assert (code, out) == (2, "")
    assert err.startswith("record.json: this is no JSON")
    assert "Traceback" not in err


def test_words_that_no_server_said_do_not_count(served: Json, tmp_path: Path) -> None:
    path = kept(served, tmp_path)
    codes = [grade(path, "--said", said)[0] for said in ("train_a10 is Stopped.", "It is done, I am sure.", "")]
    assert codes == [0, 1, 1]


def test_who_does_nothing_passes_nowhere(clouds: Clouds) -> None:
    for one in scenarios():
        cloud = clouds.take(one)
        records = Records(scenario=one.id, era="modern")
        assert not judge(one, records, replayed=False).passed, one.id
        records.events.append(Event(who="person", text=one.request, at=0.0, requests=0))
        cloud.tell(records)
        assert not judge(one, records, replayed=False).passed, one.id
