"""The MCP Skills extension: what a host needs to find, verify and load the skill."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from pai_dsw_mcp.resources import skills
from pai_dsw_mcp.resources.documents import frontmatter
from tests.resources.ask import BASE, ROOT, Reader, files, reader, refused, uri_of

pytestmark = pytest.mark.anyio

SKILL = ROOT / "SKILL.md"


def entry() -> dict[str, Any]:
    """The entry as the specification asks for it, from the files and a real YAML parser."""
    return {
        "uri": f"{BASE}/SKILL.md",
        "frontmatter": yaml.safe_load(SKILL.read_text("utf-8").split("---\n")[1]),
        "resources": [
            {
                "uri": uri_of(file),
                "digest": f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}",
                "size": file.stat().st_size,
            }
            for file in files()
        ],
    }


async def test_the_extension_is_declared_with_directories(tmp_path: Path) -> None:
    async with reader(tmp_path, "auto") as asking:
        capabilities = asking.client.server_capabilities
    assert capabilities is not None
    assert capabilities.extensions == {"io.modelcontextprotocol/skills": {"directoryRead": True}}
    assert capabilities.resources is not None


async def test_the_list_holds_the_skill_with_every_file_and_its_digest(asking: Reader) -> None:
    answer = await asking.ask("skills/list")
    assert answer["skills"] == [entry()]
    assert (answer["ttlMs"], answer["cacheScope"]) == (300_000, "public")
    assert "nextCursor" not in answer


async def test_the_skill_is_got_by_its_address(asking: Reader) -> None:
    answer = await asking.ask("skills/get", uri=f"{BASE}/SKILL.md")
    assert answer["skill"] == entry()
    assert (answer["ttlMs"], answer["cacheScope"]) == (300_000, "public")


@pytest.mark.parametrize("uri", [BASE, f"{BASE}/references/errors.md", "skill://other/SKILL.md", ""])
async def test_no_other_skill_can_be_got(asking: Reader, uri: str) -> None:
    async with refused() as caught:
        await asking.ask("skills/get", uri=uri)
    assert caught.value.error.data == {"uri": uri}


async def test_the_resource_goes_by_the_name_and_description_of_the_skill(asking: Reader) -> None:
    skill = (await asking.client.list_resources()).resources[0]
    expected = entry()["frontmatter"]
    assert (skill.name, skill.description) == (expected["name"], expected["description"])
    assert skill.uri == f"skill://{expected['name']}/SKILL.md"


async def test_the_directory_of_the_skill_holds_the_skill_and_the_references(asking: Reader) -> None:
    answer = await asking.ask("resources/directory/read", uri=BASE)
    assert [(child["uri"], child["mimeType"]) for child in answer["resources"]] == [
        (f"{BASE}/SKILL.md", "text/markdown"),
        (f"{BASE}/references", "inode/directory"),
    ]


async def test_the_directory_of_the_references_holds_every_page(asking: Reader) -> None:
    answer = await asking.ask("resources/directory/read", uri=f"{BASE}/references")
    assert [child["uri"] for child in answer["resources"]] == [uri_of(file) for file in files()[1:]]


@pytest.mark.parametrize("uri", ["skill:/", "skill://", f"{BASE}/", f"{BASE}/SKILL.md", f"{BASE}/docs", "file:///"])
async def test_no_other_directory_can_be_read(asking: Reader, uri: str) -> None:
    async with refused() as caught:
        await asking.ask("resources/directory/read", uri=uri)
    assert caught.value.error.data == {"uri": uri}


async def test_without_its_file_there_is_no_skill(asking: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skills, "documents", dict)
    assert (await asking.ask("skills/list"))["skills"] == []
    async with refused():
        await asking.ask("skills/get", uri=f"{BASE}/SKILL.md")


HEADS = [
    "name: a-skill\ndescription: one line",
    "description: >-\n  two lines,\n  folded into one: with a colon\nname: a-skill",
    "metadata:\n  api: a/2022-01-01 b/2021-02-04\n  author: somebody\nname: a-skill",
]


@pytest.mark.parametrize("head", HEADS)
def test_a_head_is_read_as_yaml_reads_it(head: str) -> None:
    assert frontmatter(f"---\n{head}\n---\n\n# Title\n") == yaml.safe_load(head)


@pytest.mark.parametrize(
    "text",
    ["# No head\n", "---\nname: a\n", "---\n- a list\n---\n", "---\n  indented: first\n---\n", "---\nname\n---\n"],
)
def test_a_head_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="skill"):
        frontmatter(text)
