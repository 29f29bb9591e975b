"""What is offered while somebody types."""

import pytest
from mcp_types import PromptReference, ResourceTemplateReference

from pai_dsw_mcp.model.region import REGIONS
from pai_dsw_mcp.resources import listing
from tests.resources.ask import BASE, Reader, files

pytestmark = pytest.mark.anyio

PAGE = ResourceTemplateReference(uri=f"{BASE}/references/{{page}}")
SECTION = ResourceTemplateReference(uri=f"{BASE}/references/{{page}}#{{section}}")
PROMPT = PromptReference(name="start_notebook")


async def offered(
    asking: Reader,
    reference: ResourceTemplateReference | PromptReference,
    name: str,
    typed: str = "",
    **known: str,
) -> list[str]:
    answer = await asking.client.complete(reference, {"name": name, "value": typed}, context_arguments=known or None)
    return answer.completion.values


@pytest.mark.parametrize("reference", [PAGE, SECTION], ids=["page", "section"])
async def test_every_page_is_offered(asking: Reader, reference: ResourceTemplateReference) -> None:
    assert await offered(asking, reference, "page") == [file.name for file in files()[1:]]


async def test_what_begins_so_comes_before_what_contains_it(asking: Reader) -> None:
    pages = await offered(asking, PAGE, "page", "ER")
    assert pages[:2] == ["errors.md", "errors.zh-CN.md"]
    assert "parameters.md" in pages[2:]


async def test_sections_are_those_of_the_chosen_page(asking: Reader) -> None:
    assert await offered(asking, SECTION, "section", "forbidden", page="errors.md") == ["Forbidden.RAM"]
    assert await offered(asking, SECTION, "section", "forbidden", page="tools.md") == []


async def test_without_a_page_no_section_is_offered(asking: Reader) -> None:
    assert await offered(asking, SECTION, "section") == []
    assert await offered(asking, SECTION, "section", page="nothing.md") == []
    assert await offered(asking, PAGE, "section", page="errors.md") == []


async def test_regions_and_accelerators_are_offered_to_prompts(asking: Reader) -> None:
    assert await offered(asking, PROMPT, "region_id") == list(REGIONS)
    assert await offered(asking, PROMPT, "region_id", "shenz") == ["cn-shenzhen"]
    assert await offered(asking, PROMPT, "accelerator_type", "g") == ["GPU"]


async def test_free_text_and_strange_templates_have_no_offers(asking: Reader) -> None:
    assert await offered(asking, PROMPT, "purpose") == []
    assert await offered(asking, ResourceTemplateReference(uri="file:///{path}"), "page") == []


async def test_a_long_list_is_cut_and_says_so(asking: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_MOST", 3)
    answer = await asking.client.complete(PROMPT, {"name": "region_id", "value": "cn-"})
    assert len(answer.completion.values) == 3
    assert answer.completion.has_more
    assert answer.completion.total == len([region for region in REGIONS if "cn-" in region])
