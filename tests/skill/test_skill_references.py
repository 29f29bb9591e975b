"""The references say what the code says, in both languages alike."""

import ast
import inspect
import json
import re

import pytest

from pai_dsw_mcp.cloud.failures import Attempt, of_reply
from pai_dsw_mcp.cloud.message import Reply
from pai_dsw_mcp.cloud.operations import OPERATIONS
from pai_dsw_mcp.errors import RETRYABLE, ErrorKind
from pai_dsw_mcp.gate.outcome import Status
from pai_dsw_mcp.model.region import REGIONS
from pai_dsw_mcp.model.status import ALL_STATUSES, STARTABLE, STARTING_UP, STOPPABLE, STOPPED, STOPPING
from pai_dsw_mcp.toolsets import PARAMETERS
from pai_emulator import errors as emulator_errors
from pai_emulator.data.specs import ecs_specs
from pai_emulator.lifecycle import REASONS
from tests.skill.pages import SKILL, TOOLS, Page, Table, name_of, reference, references, spans_of

ERRORS = reference("errors.md")


def codes_of(table: Table) -> list[list[str]]:
    """Of each row the code spans of its first cell."""
    return [spans_of(row[0]) for row in table[1:]]


@pytest.mark.parametrize("page", references(), ids=name_of)
def test_a_page_opens_with_a_table(page: Page) -> None:
    opening = page.prose.partition("\n## ")[0]
    assert "\n|" in opening


@pytest.mark.parametrize("page", references(), ids=name_of)
def test_the_rows_of_a_table_are_as_long_as_its_head(page: Page) -> None:
    for table in page.tables:
        assert {len(row) for row in table} == {len(table[0])}, table[0]


@pytest.mark.parametrize("name", ["lifecycle", "billing", "auto-stop", "errors", "specs-and-prices"])
def test_what_people_read_is_there_in_chinese(name: str) -> None:
    assert reference(f"{name}.zh-CN.md").path.is_file()


def test_every_kind_of_error_has_a_row_and_a_section() -> None:
    assert [codes for (codes,) in codes_of(ERRORS.tables[0])] == [*ErrorKind]
    for kind in ErrorKind:
        told = ERRORS.section(f"### {kind}").text
        assert "Cause: " in told, kind
        assert "Remedy: " in told, kind


def test_the_page_says_of_each_kind_whether_a_retry_may_help() -> None:
    said = {spans_of(row[0])[0]: row[2] for row in ERRORS.tables[0][1:]}
    assert said == {kind: "yes" if kind in RETRYABLE else "no" for kind in ErrorKind}


def test_every_outcome_of_a_writing_tool_is_explained() -> None:
    outcomes = codes_of(ERRORS.section("## Outcomes").tables[0])
    assert [code for (code,) in outcomes] == list(Status.__args__)


def service_codes() -> list[tuple[int, str, str]]:
    """Status, code and kind of every row; a status that nobody states is taken as 400."""
    rows = ERRORS.section("## The service's own codes").tables[0][1:]
    return [(int(row[0]) if row[0].isdigit() else 400, spans_of(row[1])[0], spans_of(row[2])[0]) for row in rows]


@pytest.mark.parametrize(("status", "code", "kind"), service_codes())
def test_a_code_of_the_service_is_told_as_the_kind_that_the_page_names(status: int, code: str, kind: str) -> None:
    body = json.dumps({"Code": code, "Message": "no", "RequestId": "1"}).encode()
    attempt = Attempt(OPERATIONS["GetInstance"], "pai-dsw.cn-hangzhou.aliyuncs.com", 20.0)

    assert of_reply(Reply(status, {}, body), attempt, ()).kind == kind


def test_every_code_that_the_emulator_can_answer_is_on_the_page() -> None:
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(emulator_errors))) if isinstance(node, ast.Call)]
    codes = {
        argument.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "ApiError"
        for argument in call.args[1:2]
        if isinstance(argument, ast.Constant)
    }
    assert len(codes) > 15
    assert codes - {code for _, code, _ in service_codes()} == set()


def test_every_reason_of_a_failed_instance_is_on_the_page() -> None:
    table = ERRORS.section("## Why an instance failed").tables[0]
    told = {spans_of(row[0])[0]: row[1] for row in table[1:]}
    assert told.keys() == {code for code, _ in REASONS.values()}
    assert all(message in dict(REASONS.values()).values() for message in told.values() if message)


def test_the_life_cycle_says_of_each_status_what_the_tools_do() -> None:
    table = reference("lifecycle.md").tables[0]
    said = {spans_of(row[0])[0]: (row[2], row[3], row[4] != "no") for row in table[1:]}

    def starts(status: str) -> str:
        if status in STARTABLE:
            return "yes"
        return "nothing to do" if status in STARTING_UP | {"Running"} else "no"

    def stops(status: str) -> str:
        if status in STOPPABLE:
            return "yes"
        return "nothing to do" if status in STOPPED | STOPPING | {"Failed"} else "no"

    statuses = ALL_STATUSES - {"Unknown"}
    assert said == {each: (starts(each), stops(each), each in STARTABLE | {"Running"}) for each in statuses}


def documented_parameters() -> set[tuple[str, str]]:
    """Tool and parameter, of every row of parameters.md that speaks of tools."""
    found: set[tuple[str, str]] = set()
    for table in reference("parameters.md").tables:
        if "Tools" not in table[0]:
            continue
        for row in table[1:]:
            named = set(spans_of(row[2]))
            if row[2].startswith("all but"):
                named = set(TOOLS) - named
            if row[2] == "all lists":
                named = {name for name in TOOLS if name.startswith("list_")}
            found |= {(tool, parameter) for tool in named & set(TOOLS) for parameter in spans_of(row[0])}
    return found


def test_every_parameter_of_every_tool_is_explained_and_no_other() -> None:
    taken = {(name, parameter) for name, tool in TOOLS.items() for parameter in tool.parameters["properties"]}
    assert documented_parameters() == taken


def test_the_parameters_of_datasets_labels_and_shares_are_explained() -> None:
    properties = TOOLS["create_instance"].parameters["properties"]
    nested = {name for each in ("datasets", "labels") for name in properties[each]["items"]["properties"]}
    nested |= properties["requested_resource"]["properties"].keys()
    table = reference("parameters.md").tables[0]
    assert nested == {name for row in table[1:] if row[2].startswith("in ") for name in spans_of(row[0])}


@pytest.mark.parametrize("name", ["specs-and-prices.md", "specs-and-prices.zh-CN.md"])
def test_the_map_of_specs_shows_what_the_emulator_offers(name: str) -> None:
    offered = ecs_specs("cn-hangzhou")
    table = next(table for table in reference(name).tables if table[0][0] == "GPU")
    for gpu_type, memory, spec, cpu, gib, price, _ in table[1:]:
        row = offered[spans_of(spec)[0]]
        assert (gpu_type, memory) == (row["GPUType"], f"{row['GPUMemorySize'] / row['GPU']:g}")
        assert (cpu, gib, price) == (f"{row['CPU']:g}", f"{row['Memory']:g}", f"{row['Price']:g}")


def test_the_table_of_regions_is_the_servers() -> None:
    table = reference("parameters.md").section("## Regions").tables[0]
    shown = [[*spans_of(row[0]), *row[1:]] for row in table[1:]]
    assert shown == [
        [each.region_id, each.en, each.zh, "yes" if each.has_workspaces else "no"] for each in REGIONS.values()
    ]


def test_no_page_shouts() -> None:
    shouting = re.compile(r"\b(MUST|NEVER|ALWAYS|IMPORTANT|WARNING|CRITICAL|FORBIDDEN)\b|[\U0001F300-\U0001FAFF]")
    pages = [Page(SKILL), *references()]
    assert [page.path.name for page in pages if shouting.search(page.prose)] == []


def test_a_parameter_that_comes_with_a_toolset_says_so() -> None:
    rows = [row for table in reference("parameters.md").tables for row in table]
    for toolset, tools in PARAMETERS.items():
        for tool, parameters in tools.items():
            for parameter in parameters:
                told = [row for row in rows if parameter in spans_of(row[0]) and tool in spans_of(row[2])]
                assert any(toolset in spans_of(row[3]) for row in told), (parameter, tool, toolset)
