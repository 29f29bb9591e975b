"""SKILL.md is valid, short, and speaks only of what the server has."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pai_dsw_mcp.errors import ErrorKind
from tests.skill.pages import SKILL, TOOLS, Page, names_in, references

PAGES = [Page(SKILL), *references()]
SNAKE_CASE = re.compile(r"(?!alibabacloud_)[a-z]+(?:_[a-z0-9]+)+")
"""But for the packages of the vendor's SDK, names of this form are the server's."""
EXAMPLES = {"iris_lab", "public_reviews", "team_project_purpose", "training_corpus"}
"""Names of instances and datasets in the conversations on the pages."""
CALL = re.compile(r"\b(" + "|".join(TOOLS) + r")\(([^)]*)\)")


def vocabulary() -> set[str]:
    """Every name that the server has for a tool, an argument, a field of an answer, an outcome or a kind of error."""
    schemas = [schema for tool in TOOLS.values() for schema in (tool.parameters, tool.output_schema)]
    return {*TOOLS, *names_in(schemas), *ErrorKind}


def name_of(page: Page) -> str:
    return page.path.name


def test_the_reference_validator_accepts_the_skill(tmp_path: Path) -> None:
    # The folder of a skill has its name; a checkout may have any.
    folder = tmp_path / "pai-dsw-mcp"
    folder.mkdir()
    (folder / "SKILL.md").write_bytes(SKILL.read_bytes())
    validator = Path(sys.executable).with_name("agentskills")

    run = subprocess.run([validator, "validate", folder], capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr


def test_the_skill_is_short() -> None:
    assert len(Page(SKILL).text.splitlines()) < 300


def test_the_skill_triggers_in_both_languages() -> None:
    described = Page(SKILL).text.split("---")[1]
    assert all(word in described for word in ("notebook", "GPU", "工作空间", "实例", "镜像", "费用"))


def test_the_skill_routes_to_every_reference() -> None:
    english = {page.path.name for page in references() if ".zh-CN." not in page.path.name}
    assert english == {link.rpartition("/")[2] for link in Page(SKILL).links}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_name_on_a_page_exists_in_the_server(page: Page) -> None:
    known = vocabulary() | EXAMPLES
    assert [span for span in page.code_spans if SNAKE_CASE.fullmatch(span) and span not in known] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_call_on_a_page_has_arguments_that_the_tool_takes(page: Page) -> None:
    for name, arguments in CALL.findall(page.text):
        given = set(re.findall(r"\b([a-z_]+)\s*=", arguments))
        assert given <= set(TOOLS[name].parameters["properties"]), f"{name}({arguments})"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_somewhere(page: Page) -> None:
    for link in page.links:
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = Page((page.path.parent / path).resolve() if path else page.path)
        assert target.path.is_file(), link
        assert not anchor or anchor in target.anchors, link


def test_the_skill_names_every_tool() -> None:
    assert set(TOOLS) - set(Page(SKILL).code_spans) == set()
