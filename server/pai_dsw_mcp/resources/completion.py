"""What a client may offer while somebody types: pages, sections of a page, regions. Never asks the cloud."""

from collections.abc import Iterable
from typing import Final

from mcp_types import Completion, CompletionArgument, CompletionContext, PromptReference, ResourceTemplateReference

from pai_dsw_mcp.model.region import REGIONS
from pai_dsw_mcp.resources.documents import REFERENCES, documents
from pai_dsw_mcp.resources.listing import PAGE_TEMPLATE, SECTION_TEMPLATE
from pai_dsw_mcp.resources.sections import sections

_MOST: Final = 100
"""Values that the protocol allows in one answer."""


async def complete(
    reference: PromptReference | ResourceTemplateReference,
    argument: CompletionArgument,
    context: CompletionContext | None,
) -> Completion:
    """Values that begin with what was typed, then those that contain it."""
    known = context.arguments if context and context.arguments else {}
    if isinstance(reference, ResourceTemplateReference):
        choices = _of_template(reference.uri, argument.name, known.get("page", ""))
    else:
        choices = _of_prompt(argument.name)
    typed = argument.value.lower()
    fitting = [choice for choice in choices if typed in choice.lower()]
    fitting.sort(key=lambda choice: not choice.lower().startswith(typed))
    return Completion(values=fitting[:_MOST], total=len(fitting), has_more=len(fitting) > _MOST)


def _of_template(uri: str, name: str, page: str) -> Iterable[str]:
    if uri in (PAGE_TEMPLATE, SECTION_TEMPLATE) and name == "page":
        return [document.name for document in documents().values() if document.path.startswith(f"{REFERENCES}/")]
    chosen = documents().get(f"{REFERENCES}/{page}")
    if uri == SECTION_TEMPLATE and name == "section" and chosen:
        return sections(chosen.text)
    return ()


def _of_prompt(name: str) -> Iterable[str]:
    if name == "region_id":
        return REGIONS
    return ("CPU", "GPU") if name == "accelerator_type" else ()
