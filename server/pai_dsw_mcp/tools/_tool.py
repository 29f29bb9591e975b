"""A tool as the model sees it: strict arguments, lean schemas, and the one place where errors become text."""

import difflib
import errno
import inspect
from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from typing import Annotated, Any, Final, cast

from mcp.server.mcpserver import Resolve
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field, ValidationError

from pai_dsw_mcp import telemetry
from pai_dsw_mcp.errors import ErrorKind, InputError, PaiDswError
from pai_dsw_mcp.gate.ask import GateOutcome
from pai_dsw_mcp.gate.cards import CARD
from pai_dsw_mcp.gate.gate import gate
from pai_dsw_mcp.gate.outcome import WriteResult
from pai_dsw_mcp.gate.plan import Plan
from pai_dsw_mcp.gate.rates import count_call
from pai_dsw_mcp.gate.services import services_of
from pai_dsw_mcp.model.sanitize import sanitize, without_hidden, without_hidden_in
from pai_dsw_mcp.model.value import ALWAYS_A_FACT, OURS
from pai_dsw_mcp.model.writes import WRITES
from pai_dsw_mcp.resources.pointer import where_to_read
from pai_dsw_mcp.settings import ResultMode
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.tools._arguments import given
from pai_dsw_mcp.tools._lean import JsonSchema, lean, lean_result
from pai_dsw_mcp.tools._projection import Listed
from pai_dsw_mcp.tools._render import said_once, text_of, tidy

_NO_SUCH_ARGUMENT: Final = "this argument does not exist"
_OF_A_TOOLSET: Final = (
    "this argument comes with the toolset {toolset}, which only the person who starts the server can add (--toolsets)"
)
_MOST_PROBLEMS: Final = 10
_ELSEWHERE: Final = "See structuredContent."
"""Some hosts take an empty content for an empty answer."""
_OF_WORKSPACES: Final = frozenset({"workspace_id", "workspace_name", "member_name"})
"""Fields that no result about an instance has."""
_MARK: Final = "\ncloud: emulator"
"""The end of every answer that does not come from the cloud."""

READ: Final = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=True)
"""Asks and changes nothing."""


def writes(*, destructive: bool) -> ToolAnnotations:
    """Changes something after a person's yes. Never called idempotent: a client may repeat an idempotent call."""
    return ToolAnnotations(
        read_only_hint=False, destructive_hint=destructive, idempotent_hint=False, open_world_hint=True
    )


class StrictTool(Tool):
    """Refuses unknown arguments, and tells a failure in words made for the reader."""

    result: ResultMode = "both"
    left_out: dict[str, str] = Field(default_factory=dict[str, str])
    """The parameters that it is offered without, each with the toolset that it comes with."""

    @property
    def only_reads(self) -> bool:
        """Whether it changes nothing."""
        return bool(self.annotations and self.annotations.read_only_hint)

    def answering_in(self, result: ResultMode) -> "StrictTool":
        """The tool with answers of this form. Without a structure it has no schema for one."""
        if result == self.result:
            return self
        metadata = self.fn_metadata.model_copy(update={"output_schema": None}) if result == "text" else self.fn_metadata
        fields: dict[str, Any] = {**dict(self), "fn_metadata": metadata, "result": result}
        return StrictTool(**fields)

    def without(self, parameters: dict[str, str]) -> "StrictTool":
        """The tool without these optional parameters, each given with the toolset that it comes with."""
        if not parameters:
            return self
        kept = {name: each for name, each in self.parameters["properties"].items() if name not in parameters}
        fields: dict[str, Any] = {
            **dict(self),
            "parameters": {**self.parameters, "properties": kept},
            "left_out": parameters,
        }
        return StrictTool(**fields)

    async def run(self, arguments: dict[str, Any], context: Any, convert_result: bool = False) -> Any:
        """As the parent.

        Raises:
            ToolError: With what happened, why, and what to do next.
        """
        is_emulator = services_of(context).cloud.options.uses_emulator
        # The SDK ignores unknown arguments; rebuilding its model to forbid them would double the startup time.
        unknown = sorted(arguments.keys() - self.parameters["properties"].keys())
        if unknown:
            problems = _listed([(name, self._why_refused(name)) for name in unknown])
            telemetry.note(telemetry.ERROR, InputError.kind)
            refusal = InputError("arguments_unknown", tool=self.name, problems=problems)
            raise ToolError(_error_text(refusal) + (_MARK if is_emulator else ""))
        try:
            await count_call(context)
            optional = self.parameters["properties"].keys() - self.parameters.get("required", ())
            told = await super().run(given(arguments, optional), context, convert_result)
            if not isinstance(told, CallToolResult):
                telemetry.note("outcome", "asked")
                return told
            if not self.only_reads:
                said = cast("dict[str, Any] | None", told.structured_content) or {}
                telemetry.note("outcome", str(said.get("status")))
            return _in_form(_marked(told) if is_emulator else told, self.result)
        except PaiDswError as error:
            failure = error
        except ToolError as error:
            own = self._own_error(error)
            if own is None:
                raise
            failure = own
        telemetry.note(telemetry.ERROR, failure.kind)
        # Raised outside the handler, so that no lower exception becomes its `__context__`.
        raise ToolError(_error_text(failure) + (_MARK if is_emulator else ""))

    def _why_refused(self, argument: str) -> str:
        toolset = self.left_out.get(argument)
        if toolset:
            return _OF_A_TOOLSET.format(toolset=toolset)
        names: list[str] = list(self.parameters["properties"])
        near = difflib.get_close_matches(argument, names, n=1)
        return "; the nearest is ".join([_NO_SUCH_ARGUMENT, *near])

    def _own_error(self, error: ToolError) -> PaiDswError | None:
        """Our error, which the SDK wraps as the cause of its own; None for a crash, which the model must not see."""
        cause = error.__cause__
        if isinstance(cause, PaiDswError):
            return cause
        if isinstance(cause, OSError) and cause.errno is not None:
            reason = errno.errorcode.get(cause.errno, type(cause).__name__)
            return PaiDswError("machine_failed", kind=ErrorKind.MACHINE, reason=reason)
        if isinstance(cause, ValidationError) and not isinstance(error, UnexpectedToolError):
            return _input_error(self.name, cause)
        return None


def _in_form(told: CallToolResult, result: ResultMode) -> CallToolResult:
    match result:
        case "both":
            return told
        case "text":
            return told.model_copy(update={"structured_content": None})
        case "structured":  # pragma: no branch  # there are no other forms, and pyright knows
            return told.model_copy(update={"content": [TextContent(type="text", text=_ELSEWHERE), *told.content[1:]]})


def _marked(told: CallToolResult) -> CallToolResult:
    """The answer of an emulator says so, in the text and in the structure. A question says it to the person itself."""
    # The text comes first; pictures may follow.
    first, *others = told.content
    content = [
        TextContent(type="text", text=f"{first.text}{_MARK}") if isinstance(first, TextContent) else first,
        *others,
    ]
    structure = told.structured_content and {**told.structured_content, "cloud": "emulator"}
    return told.model_copy(update={"content": content, "structured_content": structure})


def _error_text(error: PaiDswError) -> str:
    """The explanation of the error, with a link for models that read resources."""
    page = where_to_read(error)
    text = f"{error.explain()} {say('read_on', uri=page)}" if page else error.explain()
    return without_hidden(text)


def _input_error(tool: str, error: ValidationError) -> InputError:
    """Which argument breaks which rule; never the value that was given, which may be a secret in the wrong place."""
    found: list[tuple[str, str]] = []
    for problem in error.errors(include_input=False, include_url=False, include_context=False):
        place = ".".join(str(part) for part in problem["loc"]) or "arguments"
        words = _NO_SUCH_ARGUMENT if problem["type"] == "extra_forbidden" else problem["msg"]
        found.append((place, words.removeprefix("Value error, ")))
    all_unknown = all(words == _NO_SUCH_ARGUMENT for _, words in found)
    return InputError("arguments_unknown" if all_unknown else "arguments_invalid", tool=tool, problems=_listed(found))


def _listed(problems: list[tuple[str, str]]) -> str:
    """The first problems, each with its place, and how many more there are."""
    shown = [f"`{sanitize(place, 60)}`: {words}" for place, words in problems[:_MOST_PROBLEMS]]
    more = len(problems) - len(shown)
    return "; ".join(shown) + (f"; and {more} more." if more else ".")


def tool(
    function: Callable[..., Awaitable[CallToolResult]],
    *,
    title: str,
    annotations: ToolAnnotations,
) -> StrictTool:
    """A tool from a function: its docstring describes it, its signature is the schema."""
    made = StrictTool.from_function(
        function,
        title=title,
        annotations=annotations,
        description=" ".join((function.__doc__ or "").split()),
        # Claude Code shows a prompt for these that its hooks cannot skip: a second safety net, never the only one.
        meta=None if annotations.read_only_hint else {"anthropic/requiresUserInteraction": True},
    )
    made.parameters = lean({**made.parameters, "additionalProperties": False})
    made.fn_metadata.output_schema = lean_result(made.fn_metadata.output_schema or {})
    return cast("StrictTool", made)


async def carry_out(outcome: GateOutcome) -> CallToolResult:
    """Runs a permit; without one, returns the result that says why.

    Raises:
        PaiDswError: The write was refused and certainly had no effect.
    """
    ended = outcome if isinstance(outcome, WriteResult) else await outcome.run()
    return answer_with_card(ended)


def answer_with_card(ended: WriteResult) -> CallToolResult:
    """The answer, with the card where there is one."""
    told = answer(ended)
    return told.model_copy(update={"meta": {CARD: ended.card}}) if ended.card else told


def writing_tool(plan: Callable[..., Awaitable[Plan]], *, title: str, destructive: bool) -> StrictTool:
    """A tool from a plan: the plan's name, docstring and signature are the tool's.

    The call is planned, put before a person, and carried out if they say yes. The SDK resolves `permit`, so it is not
    part of the schema, and no argument can supply it.
    """

    async def body(*, permit: GateOutcome, **_: object) -> CallToolResult:
        return await carry_out(permit)

    parameters = [each for name, each in inspect.signature(plan).parameters.items() if name != "context"]
    resolved = inspect.Parameter(
        "permit", inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[GateOutcome, Resolve(gate(plan))]
    )
    returns = Annotated[CallToolResult, WriteResult]
    signature = inspect.Signature([*parameters, resolved], return_annotation=returns)
    body.__signature__ = signature
    body.__annotations__ = {each.name: each.annotation for each in (*parameters, resolved)} | {"return": returns}
    body.__name__, body.__qualname__, body.__doc__ = plan.__name__, plan.__qualname__, plan.__doc__
    made = tool(body, title=title, annotations=writes(destructive=destructive))
    if WRITES[made.name].target == "instance":
        made.fn_metadata.output_schema = _without(made.fn_metadata.output_schema or {}, _OF_WORKSPACES)
    return made


def _without(schema: JsonSchema, names: AbstractSet[str]) -> JsonSchema:
    """The schema without these properties, also in objects in it."""
    kept = {name: _without(each, names) for name, each in schema.get("properties", {}).items() if name not in names}
    return {**schema, "properties": kept} if kept else schema


def answer(result: BaseModel) -> CallToolResult:
    """The result as a structure without nulls, and as a text with the same facts; nothing hidden is in either."""
    declared = type(result).model_fields
    shown = tidy(without_hidden_in(result.model_dump(mode="json", exclude_none=True)))
    if isinstance(result, Listed):
        shown = said_once(shown, rows=list(declared)[-1])
    ours, facts = (
        {name for name, field in declared.items() if mark in field.metadata} for mark in (OURS, ALWAYS_A_FACT)
    )
    text = text_of(shown, ours, facts)
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=shown)
