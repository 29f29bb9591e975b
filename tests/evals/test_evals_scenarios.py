"""The files: of one form, of all families, a third in Chinese, and nothing in them that is not meant."""

import json
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from evals.loading import (
    FIXTURES,
    HOME,
    SCENARIOS,
    SCHEMA,
    ScenarioError,
    fixture_of,
    read_scenario,
    scenario,
    scenarios,
    schema,
)
from evals.matching import contains
from evals.references import UnknownReferenceError, resolve
from evals.rules.catalogue import ASSISTANT_RULES, SERVER_RULES
from evals.scenario import Call, Scenario, Together
from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.settings import Settings
from pai_emulator.operations import OPERATIONS


def test_the_json_schema_is_that_of_the_model() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema(), "python -m evals schema"


def test_a_third_of_the_scenarios_is_in_chinese() -> None:
    chinese = [each for each in scenarios() if each.language == "zh"]
    assert len(chinese) * 3 >= len(scenarios())


def test_the_request_is_in_the_language_of_the_scenario() -> None:
    for each in scenarios():
        assert any("\u4e00" <= character <= "\u9fff" for character in each.request) == (each.language == "zh"), each.id


def test_breaches_are_rules_and_those_of_the_server_belong_to_the_chat() -> None:
    for each in scenarios():
        assert set(each.expect.breaches) <= {*SERVER_RULES, *ASSISTANT_RULES}, each.id
        if each.client.kind != "chat":
            assert not set(each.expect.breaches) & set(SERVER_RULES), each.id


def test_expected_operations_exist() -> None:
    known = {operation.name for operation in OPERATIONS}
    for each in scenarios():
        assert set(each.expect.requests) <= known, each.id


def test_every_acceptance_criterion_is_a_scenario() -> None:
    page = (HOME.parent / "references" / "acceptance-criteria.md").read_text(encoding="utf-8")
    criteria = set(re.findall(r"^\| (A\d+) \|", page, re.MULTILINE))
    assert criteria
    assert {each for one in scenarios() for each in one.acceptance} == criteria


def test_the_readme_tells_of_every_part_of_a_verdict() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", (HOME / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    outcome = {"end_state", "requests", "told", "effort", "script"}
    assert told == outcome | SERVER_RULES.keys() | ASSISTANT_RULES.keys()


def calls_of(one: Scenario) -> list[Call]:
    calls: list[Call] = []
    for step in one.assistant.script:
        calls += step.together if isinstance(step, Together) else [step] if isinstance(step, Call) else []
    return calls


def test_a_good_assistant_calls_tools_that_exist_with_arguments_that_exist() -> None:
    tools = {
        each.name: set(each.parameters["properties"]) for each in tools_for(Settings(approve="chat", toolsets=("all",)))
    }
    for each in scenarios():
        for call in calls_of(each) if each.assistant.character == "good" else []:
            # A call that is expected to fail may be for what there is not.
            assert call.expect.error or set(call.arguments) <= tools[call.call], each.id


def test_every_fixture_is_used_and_can_be_read() -> None:
    for each in scenarios():
        fixture_of(each)
    used = {each.cloud.fixture for each in scenarios() if isinstance(each.cloud.fixture, str)}
    assert used == {path.stem for path in FIXTURES.glob("*.json")}


def test_an_unknown_scenario_is_named() -> None:
    with pytest.raises(ScenarioError, match="no-such"):
        scenario("no-such")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("id: another-name", "should be the name of the file"),
        ("client: {kind: fax}", "kind"),
        ("surprise: 1", "surprise"),
        ("language: en", "given twice"),
        ("assistant: [", "expected"),
        ("person: {<<: {answers: []}}", "not merged in with <<"),
        ("? [id, family]\n: 1", "a key is a single value"),
        ("surprise: !!python/name:os.system", "could not determine a constructor"),
        ("surprise: " + "[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_with_the_place(tmp_path: Path, change: str, said: str) -> None:
    text = (SCENARIOS / "stop-wrong-name.yaml").read_text(encoding="utf-8")
    name = change.partition(":")[0]
    lines = text.splitlines() if name == "language" else [x for x in text.splitlines() if not x.startswith(f"{name}:")]
    path = tmp_path / "stop-wrong-name.yaml"
    path.write_text("\n".join([*lines, change]), encoding="utf-8")
    with pytest.raises(ScenarioError, match=said):
        read_scenario(path)


def test_an_anchor_repeats_a_value_as_it_stands(tmp_path: Path) -> None:
    text = (SCENARIOS / "stop-wrong-name.yaml").read_text(encoding="utf-8")
    path = tmp_path / "stop-wrong-name.yaml"
    again = text.replace("fixture: two-running", "fixture: &it two-running")
    path.write_text(f"{again}  told: [*it]\n", encoding="utf-8")
    assert read_scenario(path).expect.told == ["two-running"]


def test_true_is_no_number() -> None:
    assert contains({"done": True, "count": 1}, {"done": True, "count": 1})
    assert not contains({"done": True}, {"done": 1})
    assert not contains([0], [False])


def test_a_good_assistant_breaks_nothing() -> None:
    good = json.loads(scenario("no-is-no").model_dump_json())
    good["assistant"]["character"] = "good"
    with pytest.raises(ValidationError, match="a good assistant breaks no rule"):
        Scenario.model_validate(good)


def test_a_reference_keeps_the_type_of_a_value_and_fills_texts() -> None:
    saved = {"found": {"rows": [{"id": 7}, {"id": 8}]}}
    assert resolve("${found.rows[-1].id}", saved) == 8
    assert resolve({"x": ["no. ${found.rows[0].id}", True]}, saved) == {"x": ["no. 7", True]}
    with pytest.raises(UnknownReferenceError, match="nothing"):
        resolve("${nothing.there}", saved)
