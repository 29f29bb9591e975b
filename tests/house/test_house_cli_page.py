"""The page for an assistant that has the vendor's command line alone names nothing that the API does not have."""

import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import alibabacloud_aiworkspace20210204.models as workspace_models
import alibabacloud_pai_dsw20220101.models as dsw_models
import pytest

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.cloud.operations import ID_PATTERNS, OPERATIONS
from pai_dsw_mcp.settings import Settings

PAGE: Final = (Path(__file__).parents[2] / "references" / "cli.md").read_text("utf-8")
MODELS: Final[dict[str, Mapping[str, Any]]] = {"pai-dsw": vars(dsw_models), "aiworkspace": vars(workspace_models)}
AGENT: Final = "AlibabaCloud-Agent-Skills/alibabacloud-pai-dsw-manage"
GENERAL: Final = {"region", "user-agent", "cli-query", "read-timeout", "connect-timeout"}
"""Options of the command line itself."""


def words_of(block: str) -> list[str]:
    return shlex.split(block.replace("\\\n", " "))


COMMANDS: Final = [words_of(block) for block in re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)]


def operation_of(words: list[str]) -> str:
    return "".join(part.capitalize() for part in words[2].split("-"))


def fields(model: Callable[[], object]) -> list[str]:
    """What a model of the SDK holds, in snake case."""
    return list(vars(model()))


def options(operation: str, product: str) -> set[str]:
    """What the operation takes in its path, its query or its body."""
    path = OPERATIONS[operation].path.pattern
    ids = [name for name, pattern in ID_PATTERNS.items() if pattern in path]
    # An operation without a body has no request in the SDK.
    request = MODELS[product].get(f"{operation}Request")
    return {name.replace("_", "-") for name in [*ids, *(fields(request) if request else [])]}


def answered(operation: str, product: str) -> set[str]:
    """The fields of an answer, in lower case."""
    bodies = [model for name, model in MODELS[product].items() if name.startswith(f"{operation}ResponseBody")]
    return {field.replace("_", "") for body in bodies for field in fields(body)}


def test_every_tool_has_its_command_and_every_command_its_operation() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (?:`aliyun (\S+) (\S+)|the same command)", PAGE, re.MULTILINE)
    assert [tool for tool, _, _ in rows] == [tool.name for tool in tools_for(Settings(toolsets=("all",)))]
    for _, product, command in rows:
        # The command line calls PaiStudio by its name, and the host does not.
        service = "pai" if product == "paistudio" else product
        assert not service or OPERATIONS[operation_of(["", "", command.strip("`")])].product == service


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[2])
def test_a_command_has_options_of_its_operation_and_what_the_rules_ask_of_every_command(words: list[str]) -> None:
    operation = operation_of(words)
    product = OPERATIONS[operation].product
    given = {word.removeprefix("--") for word in words if word.startswith("--")}
    assert words[:2] == ["aliyun", product]
    assert given <= options(operation, product) | GENERAL
    assert {"region", "user-agent"} <= given
    assert words[words.index("--user-agent") + 1] == AGENT


@pytest.mark.parametrize("words", [each for each in COMMANDS if "--cli-query" in each], ids=lambda words: words[2])
def test_a_query_asks_for_fields_that_an_answer_has(words: list[str]) -> None:
    operation = operation_of(words)
    query = words[words.index("--cli-query") + 1]
    asked = {name.lower() for name in re.findall(r"\b[A-Z]\w+", query)}
    assert asked <= answered(operation, OPERATIONS[operation].product)
    assert not asked & {"environmentvariables", "credentialconfig", "serviceconfig", "imageauth", "usercommand"}


def test_a_name_is_looked_up_over_all_workspaces_and_resources_before_a_create() -> None:
    look = next(words for words in COMMANDS if "--instance-name" in words and operation_of(words) == "ListInstances")
    assert [look[look.index(option) + 1] for option in ("--workspace-id", "--resource-id")] == ["ALL", "ALL"]
    assert [operation_of(words) for words in COMMANDS].index("CreateInstance") > COMMANDS.index(look)
