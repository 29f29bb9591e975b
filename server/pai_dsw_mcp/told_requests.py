"""Tells of every MCP request, in place of the SDK's own middleware.

That one puts request ids, unknown names and texts of errors into its spans, which clients and people wrote.
"""

import logging
from collections.abc import Collection, Mapping
from typing import Any, Final

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types.methods import SPEC_CLIENT_METHODS, SPEC_CLIENT_NOTIFICATION_METHODS
from mcp_types.version import KNOWN_PROTOCOL_VERSIONS
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from pai_dsw_mcp import telemetry

_METHODS: Final = SPEC_CLIENT_METHODS | SPEC_CLIENT_NOTIFICATION_METHODS
_VERSION: Final = "mcp.protocol.version"
_OTHER: Final = "_OTHER"
"""OpenTelemetry's word for a name that is not known; how many there are must not depend on clients."""
_PROPAGATOR: Final = TraceContextTextMapPropagator()


class ToldRequests(ServerMiddleware[Any]):
    """One span, one duration and one log line for each request and notification."""

    def __init__(self, tools: Collection[str]) -> None:
        """`tools`: the names that may be told."""
        self._tools = frozenset(tools)

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """The result of the request."""
        method = _known(ctx.method, _METHODS)
        facts = {"mcp.method.name": method, _VERSION: _known(ctx.protocol_version, KNOWN_PROTOCOL_VERSIONS)}
        name = method
        if method == "tools/call":
            tool = _known((ctx.params or {}).get("name"), self._tools)
            facts |= {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool}
            name = f"{method} {tool}"
        with (
            telemetry.span(
                "mcp.server.operation.duration",
                name,
                facts,
                kind=SpanKind.SERVER,
                level=logging.INFO,
                parent=_parent(ctx.meta),
            ),
            telemetry.notes(facts),
        ):
            try:
                result = await call_next(ctx)
            except MCPError as error:
                facts[telemetry.ERROR] = str(error.error.code)
                raise
            match result:
                case {"isError": True}:
                    facts.setdefault(telemetry.ERROR, "tool_error")
                case {"protocolVersion": agreed} if method == "initialize":
                    # Until now the request had the version of a client that names none.
                    facts[_VERSION] = _known(agreed, KNOWN_PROTOCOL_VERSIONS)
                case _:
                    pass
            return result


def _known(name: object, names: Collection[str]) -> str:
    return name if isinstance(name, str) and name in names else _OTHER


def _parent(meta: Mapping[str, Any] | None) -> Context | None:
    """The client's span. Of what a client may send with it, `tracestate` and `baggage` hold any text: they stay out."""
    sent = (meta or {}).get("traceparent")
    return _PROPAGATOR.extract({"traceparent": sent}) if isinstance(sent, str) else None
