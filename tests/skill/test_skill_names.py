"""SKILL.md, the references and the READMEs write as code only what somebody defines."""

import difflib
import re
from typing import get_args

import pytest

from pai_dsw_mcp.gate.outcome import Status
from pai_dsw_mcp.resources.documents import ROOT as SKILL_URI
from pai_dsw_mcp.resources.documents import documents
from pai_dsw_mcp.settings import read_settings
from pai_dsw_mcp.texts.instructions import INSTRUCTIONS
from tests.process.readme import OVER_HTTP, needs
from tests.skill.pages import ROOT, SKILL, TOOLS, Page, Table, name_of, readmes, reference, references, spans_of
from tests.skill.vocabulary import EXAMPLES, OF_THE_CLI, PERMISSIONS, fields, names, of_the_server, operations

pytestmark = pytest.mark.usefixtures("without_coverage")

OTHERS = ("docs/verify-cloud.md", "docs/verify-cloud.zh-CN.md", "server/pai_emulator/api-traps.md")
PAGES = [Page(SKILL), *references(), *readmes(), *(Page(ROOT / name) for name in OTHERS)]
WRITTEN = [page for page in PAGES if page.path.name != "tools.md"]
"""The page of the tools is generated, and compared with the server."""
EACH = pytest.mark.parametrize("page", WRITTEN, ids=name_of)

NAME = re.compile(
    r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+|(?:[A-Z][a-z0-9]+){2,}(?:\.\w+)*|[A-Z]\w*(?:\.[A-Z]\w*)+|(?:ecs|system)(?:\.\w+)+|\d{9}"
)
"""What is written as only a name is: `snake_case`, `CamelCase`, parts with dots between them, a code of nine digits."""
WORD = re.compile(r"[A-Za-z]\w*")
SNAKE_CASE = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
ACTION = re.compile(r"\b(?:paidsw|paiworkspace|paiimage|paidataset|pai|aiworkspace):([A-Z]\w+)")
CALL = re.compile(r"\b(" + "|".join(TOOLS) + r")\(([^)]*)\)")
VALUE = re.compile(r"`([a-z_]+)` (?:is |to |为 )?([A-Za-z]{2,})\b")
COMMAND = re.compile(r"pai-dsw-mcp (.+)|(--[a-z].*)")
CLI_PAGE = "cli.md"
"""Its options are those of another program (tests/house/test_house_cli_page.py)."""


def is_known(word: str) -> bool:
    """Whole, or part by part, as `UserVpc.VpcId`, or a variable with its value."""
    name = word.partition("=")[0]
    return name in names() or all(part in names() for part in name.split("."))


@EACH
def test_a_name_in_code_is_defined_by_somebody(page: Page) -> None:
    written = [span for span in page.code_spans if NAME.fullmatch(span.partition("=")[0])]
    policies = re.compile(r"Aliyun\w+")
    assert [name for name in written if not is_known(name) and not policies.fullmatch(name)] == []


@EACH
def test_a_word_in_code_is_not_a_misspelt_name(page: Page) -> None:
    foreign = {span for span in page.code_spans if WORD.fullmatch(span) and span not in names()}
    assert [(word, near) for word in foreign if (near := difflib.get_close_matches(word, names(), cutoff=0.87))] == []


@EACH
def test_a_name_outside_of_code_is_the_servers(page: Page) -> None:
    assert [name for name in SNAKE_CASE.findall(page.plain) if name not in of_the_server() | EXAMPLES] == []


@EACH
def test_a_right_is_an_operation_or_on_the_vendors_list(page: Page) -> None:
    named = [action for span in page.code_spans for action in ACTION.findall(span)]
    assert [action for action in named if action not in operations() | PERMISSIONS] == []


@EACH
def test_a_value_beside_its_parameter_is_spelt_as_the_schema_has_it(page: Page) -> None:
    values: dict[str, set[str]] = {}
    for tool in TOOLS.values():
        for name, schema in tool.parameters["properties"].items():
            values.setdefault(name, set()).update(schema.get("enum", []))
    beside = [(name, word) for name, word in VALUE.findall(page.prose) if values.get(name)]
    near = [(name, word) for name, word in beside if difflib.get_close_matches(word, values[name], cutoff=0.7)]
    assert [(name, word) for name, word in near if word not in values[name]] == []


@EACH
def test_a_command_of_ours_is_understood(page: Page) -> None:
    found = [COMMAND.fullmatch(span) for span in page.code_spans if page.path.name != CLI_PAGE]
    for command in filter(None, found):
        flags = (command[1] or command[2]).split("\\|")[0].split()
        if flags == ["--version"]:
            continue
        values = {
            "--toolsets": "core",
            "--tools": "get_instance",
            "--network": "vpc",
            "--card-clients": "claude-ai",
            "--cost-line": "1",
            "--env-file": "/tmp/file",
            "--image-auth-file": "/tmp/file",
            "--max-hourly": "100CNY",
            "--max-running": "1",
            "--max-gpus": "1",
            "--daily-budget": "100",
            "--budget-timezone": "Asia/Shanghai",
            "--regions": "cn-hangzhou",
            "--workspaces": "40001",
            "--read-timeout": "1",
            "--endpoint": "http://127.0.0.1:1",
        }
        given = [*flags, values[flags[0]]] if flags[0] in values and len(flags) == 1 else flags
        read_settings(
            [
                *needs(*flags[:2]),
                *(
                    {
                        **OVER_HTTP,
                        "DIR": "/tmp",
                        "FILE": "/tmp/file",
                        "N": "1",
                        "S": "1",
                        "X": "1",
                        "TIME": "7d",
                        "MONEY": "100",
                        "NUMBERS": "40001",
                        "ZONE": "Asia/Shanghai",
                        "IDS": "cn-hangzhou",
                        "SETS": "core",
                        "TOOLS": "get_instance",
                    }.get(each, each)
                    for each in given
                ),
            ],
            {},
        )


@EACH
def test_a_command_of_the_vendors_is_one_that_there_is(page: Page) -> None:
    typed = [re.sub(r" (--|<).*", "", span.removeprefix("aliyun ")) for span in page.code_spans if "aliyun " in span]
    known = {re.sub(r"(?<=\w)(?=[A-Z])", "-", name).lower() for name in operations()}
    of_products = {text for text in typed if re.match(r"(pai-dsw|aiworkspace|paistudio)\b", text)}
    assert {text for text in typed if text not in of_products} - OF_THE_CLI - {"brew install aliyun-cli"} == set()
    assert {text.partition(" ")[2] for text in of_products} - known - {""} == set()


@EACH
def test_what_can_be_made_is_in_the_makefile(page: Page) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {name for span in page.code_spans for name in re.findall(r"^make ([a-z-]+)$", span)} <= targets


@EACH
def test_a_call_on_a_page_has_arguments_that_the_tool_takes(page: Page) -> None:
    for name, arguments in CALL.findall(page.text):
        given = set(re.findall(r"\b([a-z_]+)\s*=", arguments))
        assert given <= set(TOOLS[name].parameters["properties"]), f"{name}({arguments})"


def test_the_skill_names_every_tool_and_every_outcome() -> None:
    outcomes = [table for table in Page(SKILL).tables if table[0][0] == "`status`"]
    assert set(TOOLS) - set(Page(SKILL).code_spans) == set()
    assert [first_code(table) for table in outcomes] == [list(get_args(Status))]


def first_code(table: Table) -> list[str]:
    return [spans_of(row[0])[0] for row in table[1:]]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_relative_link_leads_somewhere(page: Page) -> None:
    for _, link in page.links:
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = Page((page.path.parent / path).resolve() if path else page.path)
        assert target.path.is_file(), link
        assert not anchor or anchor in target.anchors, link


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_link_that_is_written_as_code_leads_to_the_section_of_that_name(page: Page) -> None:
    written = [(spans_of(text), link.partition("#")[2]) for text, link in page.links if "#" in link]
    assert [(code, anchor) for code, anchor in written if code and code != [anchor]] == []


def test_an_address_of_a_resource_is_one_that_the_server_has() -> None:
    texts = [page.text for page in PAGES] + [INSTRUCTIONS]
    addresses = {address for text in texts for address in re.findall(rf"{SKILL_URI}/[\w./-]*\w", text)}
    assert addresses
    assert addresses <= {document.uri for document in documents().values()}


def test_a_field_that_the_page_of_parameters_names_is_the_apis() -> None:
    tables = [table for table in reference("parameters.md").tables if "In the API" in table[0]]
    named = [span for table in tables for row in table[1:] for span in spans_of(row[1])]
    parts = [part for span in named if not span.startswith("system.") for part in span.split(".")]
    assert [part for part in parts if part not in fields()] == []
