"""How a client sees the files: lists, directories, templates, completions, and how long it may keep them."""

from collections.abc import Iterable
from typing import Final

from mcp.server.caching import CacheableMethod, CacheHint
from mcp_types import (
    Annotations,
    Completion,
    CompletionArgument,
    CompletionContext,
    PromptReference,
    Resource,
    ResourceTemplate,
    ResourceTemplateReference,
)

from pai_dsw_mcp.model.region import REGIONS
from pai_dsw_mcp.resources.documents import (
    MIME_TYPE,
    REFERENCES,
    ROOT,
    SKILL,
    Document,
    documents,
    frontmatter,
    question,
)
from pai_dsw_mcp.resources.sections import sections

PAGE_TEMPLATE: Final = f"{ROOT}/{REFERENCES}/{{page}}"
SECTION_TEMPLATE: Final = f"{ROOT}/{REFERENCES}/{{page}}#{{section}}"
DIRECTORY_TYPE: Final = "inode/directory"

FRESH: Final = CacheHint(ttl_ms=300_000, scope="public")
"""Five minutes: nothing changes while the server runs, but it may be restarted with other settings.

All of it depends on the settings alone, so clients may share it.
"""

CACHE_HINTS: Final[dict[CacheableMethod, CacheHint]] = {
    "tools/list": FRESH,
    "prompts/list": FRESH,
    "resources/list": FRESH,
    "resources/templates/list": FRESH,
    "resources/read": FRESH,
}

_MOST: Final = 100
"""Values that the protocol allows in one answer."""


def listed(document: Document) -> Resource:
    """A file. The skill goes by its own name and description, a page by its title and the question it answers."""
    of_skill = frontmatter(document.text) if document.path == SKILL else {}
    return Resource(
        uri=document.uri,
        name=str(of_skill.get("name", document.name)),
        title=document.title,
        description=str(of_skill["description"]) if of_skill else question(document),
        mime_type=MIME_TYPE,
        size=len(document.content),
        annotations=Annotations(audience=["user"] if document.is_chinese else ["assistant", "user"]),
    )


def directory(uri: str) -> list[Resource] | None:
    """What lies directly in a directory of the skill; None when this is no directory."""
    inside = [document for document in documents().values() if document.uri.startswith(f"{uri}/")]
    children: dict[str, Resource] = {}
    for document in inside if uri.startswith(ROOT) else ():
        name, _, deeper = document.uri.removeprefix(f"{uri}/").partition("/")
        below = Resource(uri=f"{uri}/{name}", name=name, mime_type=DIRECTORY_TYPE) if deeper else listed(document)
        children.setdefault(name, below)
    return list(children.values()) or None


def templates() -> list[ResourceTemplate]:
    """Any page, and any part of a page: a heading's anchor, or a name or code from one of its tables."""
    return [
        ResourceTemplate(
            uri_template=PAGE_TEMPLATE,
            name="reference",
            title="Reference page",
            description="A page of the references, such as lifecycle.md; Chinese pages end in .zh-CN.md.",
            mime_type=MIME_TYPE,
        ),
        ResourceTemplate(
            uri_template=SECTION_TEMPLATE,
            name="reference_section",
            title="Section of a reference page",
            description="A few lines instead of a page: a heading such as errors.md#throttled, or a code from a table.",
            mime_type=MIME_TYPE,
        ),
    ]


async def complete(
    reference: PromptReference | ResourceTemplateReference,
    argument: CompletionArgument,
    context: CompletionContext | None,
) -> Completion:
    """Completions of what somebody types: prefix matches first, then substrings. Never asks the cloud."""
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
