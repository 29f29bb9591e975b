"""Every page of the skill can be listed and read, whole or by section; nothing else can."""

import re
from pathlib import Path
from typing import Any

import pytest

from pai_dsw_mcp.resources.documents import documents, folder
from pai_dsw_mcp.texts.instructions import INSTRUCTIONS, instructions
from tests.resources.ask import BASE, ROOT, Reader, files, reader, refused, uri_of

pytestmark = pytest.mark.anyio


async def test_every_file_of_the_skill_is_listed_once(asking: Reader) -> None:
    listed = (await asking.client.list_resources()).resources
    assert [resource.uri for resource in listed] == [uri_of(file) for file in files()]


async def test_a_file_is_listed_with_title_size_and_type(asking: Reader) -> None:
    for resource, file in zip((await asking.client.list_resources()).resources, files(), strict=True):
        heading = re.search(r"^# (.+)$", file.read_text("utf-8"), re.MULTILINE)
        assert heading is not None, file
        assert (resource.title, resource.size) == (heading[1], file.stat().st_size)
        assert resource.mime_type == "text/markdown"


async def test_a_page_is_described_by_the_question_that_the_skill_sends_there(asking: Reader) -> None:
    skill = (ROOT / "SKILL.md").read_text("utf-8")
    listed = (await asking.client.list_resources()).resources
    described = [resource for resource in listed if resource.description and resource.name.endswith(".md")]
    assert len(described) > 10
    for page in described:
        english = page.name.replace(".zh-CN", "")
        assert f"| {page.description} | [references/{english}](references/{english}) |" in skill


async def test_a_chinese_page_is_for_people_only(asking: Reader) -> None:
    for resource in (await asking.client.list_resources()).resources:
        assert resource.annotations is not None
        people_only = resource.annotations.audience == ["user"]
        assert people_only == (".zh-CN." in resource.name)


async def test_a_file_is_read_as_it_is(asking: Reader) -> None:
    for file in files():
        assert await asking.read(uri_of(file)) == file.read_bytes().decode("utf-8")


async def test_a_relative_link_of_a_page_leads_to_a_resource(asking: Reader) -> None:
    listed = {resource.uri for resource in (await asking.client.list_resources()).resources}
    for file in files():
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+\.md)", file.read_text("utf-8")):
            reached = f"{BASE}/{(file.parent / target).resolve().relative_to(ROOT).as_posix()}"
            assert reached in listed, (file, target)


@pytest.mark.parametrize(
    "uri",
    [
        f"{BASE}/references/nothing.md",
        f"{BASE}/references",
        f"{BASE}/references/../pyproject.toml",
        f"{BASE}/references/%2e%2e/SKILL.md",
        f"{BASE}/pyproject.toml",
        "references/errors.md",
        "SKILL.md",
        "file:///etc/passwd",
        f"{BASE}/SKILL.md#nothing",
        "",
    ],
)
async def test_nothing_else_can_be_read(asking: Reader, uri: str) -> None:
    async with refused() as caught:
        await asking.read(uri)
    assert caught.value.error.data == {"uri": uri}


async def test_pages_and_sections_have_templates(asking: Reader) -> None:
    listed = (await asking.client.list_resource_templates()).resource_templates
    assert [template.uri_template for template in listed] == [
        f"{BASE}/references/{{page}}",
        f"{BASE}/references/{{page}}#{{section}}",
    ]
    assert all(template.title and template.description for template in listed)


async def test_a_client_may_keep_and_share_lists_and_pages(tmp_path: Path) -> None:
    async with reader(tmp_path) as asking:
        answers = [
            await asking.client.list_tools(),
            await asking.client.list_prompts(),
            await asking.client.list_resources(),
            await asking.client.list_resource_templates(),
            await asking.client.read_resource(f"{BASE}/SKILL.md"),
        ]
    assert {(answer.ttl_ms, answer.cache_scope) for answer in answers} == {(300_000, "public")}


async def test_what_every_assistant_is_told_leads_to_the_skill(asking: Reader) -> None:
    addresses = re.findall(rf"{BASE}[\w./-]+", INSTRUCTIONS)
    assert addresses
    for address in addresses:
        assert await asking.read(address)


async def test_the_files_are_read_once_and_not_before_somebody_asks(tmp_path: Path) -> None:
    documents.cache_clear()
    async with reader(tmp_path) as asking:
        await asking.client.list_tools()
        await asking.client.list_prompts()
        assert documents.cache_info().currsize == 0
        await asking.client.list_resources()
        await asking.read(f"{BASE}/SKILL.md")
    assert documents.cache_info().misses == 1


def test_instructions_stay_below_the_length_at_which_hosts_cut() -> None:
    assert len(INSTRUCTIONS) < 2_048
    assert instructions("", (), ()) == INSTRUCTIONS


def test_instructions_name_the_regions_and_workspaces_that_alone_are_allowed() -> None:
    told = instructions("EMULATOR.", ("cn-hangzhou",), tuple(map(str, range(40_001, 40_013))))
    assert told.startswith("EMULATOR.\nWorkspaces: only 40001, ")
    assert "40010, ... (--workspaces). Lists and costs show nothing else: say so.\n" in told
    assert "Regions: only cn-hangzhou (--regions).\n" in told
    assert len(told) < 2_048
    assert instructions("", ("cn-hangzhou",), ()).startswith("Lists and costs show nothing else: say so.\n")


TOOLS = re.compile(r"\b(?:[a-z]+_)+[a-z]+\b")
"""What is written like the name of a tool."""
NO_TOOLS = {"approval_needed"}
SETTINGS: list[dict[str, Any]] = [
    {},
    {"approve": "chat"},
    {"approve": "chat", "read_only": True},
    {"read_only": True},
    {"read_only": True, "toolsets": ("cost",)},
    {"read_only": True, "tools": ("list_instances",)},
]


@pytest.mark.parametrize("changed", SETTINGS, ids=str)
async def test_a_server_tells_of_no_tool_that_it_has_not(tmp_path: Path, changed: dict[str, Any]) -> None:
    async with reader(tmp_path, "auto", **changed) as asking:
        offered = {each.name for each in (await asking.client.list_tools()).tools}
        told = asking.client.instructions or ""
    assert set(TOOLS.findall(told)) - NO_TOOLS <= offered
    assert len(told) < 2_048
    assert ("confirm_change" in told) == ("confirm_change" in offered)
    assert ("in a form, on a local page or in a terminal" in told) == (not changed)


@pytest.mark.parametrize("changed", [each for each in SETTINGS if "read_only" in each], ids=str)
async def test_a_server_that_only_reads_says_so_and_what_to_do_for_a_change(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    async with reader(tmp_path, "auto", **changed) as asking:
        told = asking.client.instructions or ""
    assert "the operator started it with --read-only" in told
    assert "no toolset adds one" in told
    assert "A tool or argument you lack" not in told


def test_an_installed_package_reads_its_own_copy(tmp_path: Path) -> None:
    package = tmp_path / "server" / "pai_dsw_mcp" / "resources"
    package.mkdir(parents=True)
    assert folder(package) == tmp_path
    (package / "skill").mkdir()
    assert folder(package) == package / "skill"
