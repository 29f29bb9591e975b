"""The MCP Skills extension: the skill with its references, for hosts that load skills from servers.

Source: SEP-2640, `io.modelcontextprotocol/skills`.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

from mcp.server.context import HandlerResult, ServerRequestContext
from mcp.server.extension import Extension, MethodBinding
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, PaginatedRequestParams

from pai_dsw_mcp.resources.documents import SKILL, documents, frontmatter
from pai_dsw_mcp.resources.listing import FRESH, directory

Json: TypeAlias = dict[str, Any]


class UriParams(PaginatedRequestParams):
    """A request about one skill or one directory. Everything fits on one page, so no cursor is ever given out."""

    uri: str


class Skills(Extension):
    """One skill, complete with digests, and its directories."""

    identifier = "io.modelcontextprotocol/skills"

    def settings(self) -> Json:
        """Directories can be read as well."""
        return {"directoryRead": True}

    def methods(self) -> Sequence[MethodBinding]:
        """The three methods of the extension."""
        return (
            MethodBinding("skills/list", PaginatedRequestParams, _list_skills),
            MethodBinding("skills/get", UriParams, _get_skill),
            MethodBinding("resources/directory/read", UriParams, _read_directory),
        )


_Context: TypeAlias = ServerRequestContext[Any, Any]


async def _list_skills(context: _Context, params: PaginatedRequestParams) -> HandlerResult:  # noqa: ARG001
    return _cacheable(skills=[_entry()] if SKILL in documents() else [])


async def _get_skill(context: _Context, params: UriParams) -> HandlerResult:  # noqa: ARG001
    found = documents().get(SKILL)
    if found is None or params.uri != found.uri:
        raise _unknown("skill", params.uri)
    return _cacheable(skill=_entry())


async def _read_directory(context: _Context, params: UriParams) -> HandlerResult:  # noqa: ARG001
    children = directory(params.uri)
    if children is None:
        raise _unknown("directory", params.uri)
    return _cacheable(resources=[child.model_dump(mode="json", by_alias=True, exclude_none=True) for child in children])


def _entry() -> Json:
    """The skill with every file of it, each with its digest and size in bytes."""
    skill = documents()[SKILL]
    files = [
        {"uri": document.uri, "digest": document.digest, "size": len(document.content)}
        for document in documents().values()
    ]
    return {"uri": skill.uri, "frontmatter": frontmatter(skill.text), "resources": files}


def _cacheable(**result: Any) -> Json:
    return {**result, "ttlMs": FRESH.ttl_ms, "cacheScope": FRESH.scope}


def _unknown(what: str, uri: str) -> MCPError:
    return MCPError(INVALID_PARAMS, f"Unknown {what}", {"uri": uri})
