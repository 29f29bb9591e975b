"""How files, directories and templates are told to a client."""

from typing import Final

from mcp_types import Annotations, Resource, ResourceTemplate

from pai_dsw_mcp.resources.documents import MIME_TYPE, REFERENCES, ROOT, SKILL, Document, documents, question
from pai_dsw_mcp.resources.frontmatter import frontmatter

PAGE_TEMPLATE: Final = f"{ROOT}/{REFERENCES}/{{page}}"
SECTION_TEMPLATE: Final = f"{ROOT}/{REFERENCES}/{{page}}#{{section}}"
DIRECTORY_TYPE: Final = "inode/directory"


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
