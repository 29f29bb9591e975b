"""The form that a client shows: whether it can, what the form asks for, and what an answer says."""

from functools import cache
from typing import Annotated, Any, Final

from mcp_types import ElicitResult
from mcp_types.version import is_version_at_least
from pydantic import BaseModel, ConfigDict, Field, JsonValue, WithJsonSchema, create_model

from pai_dsw_mcp.approval.decision import words
from pai_dsw_mcp.gate.services import ToolContext
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.texts.text import Language

_INPUT_REQUIRED: Final = "2026-07-28"
"""The first protocol revision where a question is a result of the call and its answer comes with the next call."""


class FormAnswer(BaseModel):
    """What came back. Read leniently, because anything but a clear yes is a no (`approval.decision.judge`)."""

    model_config = ConfigDict(extra="ignore")

    decision: str | None = None
    instance_name: str | None = None
    remaining: str | None = None
    leave_out: str | None = None
    feedback: str | None = None


def read_form(data: BaseModel) -> FormAnswer:
    """The answer of any of the forms below."""
    return FormAnswer.model_validate(data.model_dump())


@cache
def form_model(language: Language, *, name_kind: str | None, names_are_unique: bool = True) -> type[BaseModel]:
    """The schema of the form in one language; nothing in it is preselected, and no example gives the name away.

    What is left out of a batch is told by ids where names are not unique.
    """
    choice = {
        "type": "string",
        "title": say("form_decision", language),
        "oneOf": [
            {"const": "approve", "title": say("form_approve", language)},
            {"const": "reject", "title": say("form_reject", language)},
        ],
    }
    fields: dict[str, Any] = {"decision": (Annotated[str | None, WithJsonSchema(choice)], None)}
    if name_kind == "count":
        key = "form_leave_out" if names_are_unique else "form_leave_out_ids"
        fields["leave_out"] = (str | None, Field("", title=say(key, language)))
    if name_kind:
        fields["remaining" if name_kind == "count" else "instance_name"] = (
            str | None,
            Field(None, title=say(f"form_{name_kind}", language)),
        )
    # The default keeps FastMCP's client from filling in null, which its own check of the form then refuses.
    fields["feedback"] = (str | None, Field("", title=say("form_feedback", language)))
    # Required in the schema, optional for the parser: an empty form is a no, not a validation error. The name is
    # required in neither, because a client would then want it for a rejection too; `judge` wants it for an approval.
    required: dict[str, JsonValue] = {"required": ["decision"]}
    return create_model("Approval", __config__=ConfigDict(extra="ignore", json_schema_extra=required), **fields)


def rejection_in(context: ToolContext) -> FormAnswer | None:
    """The rejection that this call brings back from a form, if any."""
    answers = _answers(context)
    if any(each.action == "decline" for each in answers):
        return FormAnswer(decision="reject")
    contents = [each.content for each in answers if each.action == "accept" and each.content]
    return next((FormAnswer.model_validate(each) for each in contents if each.get("decision") == "reject"), None)


def words_in(context: ToolContext) -> str | None:
    """The words that this call brings back from a form, if any."""
    written = ((each.content or {}).get("feedback") for each in _answers(context) if each.action == "accept")
    return next((words(each) for each in written if isinstance(each, str)), None)


def _answers(context: ToolContext) -> list[ElicitResult]:
    return [each for each in (context.input_responses or {}).values() if isinstance(each, ElicitResult)]


def can_show_form(context: ToolContext) -> bool:
    capabilities = context.client_capabilities
    elicitation = capabilities.elicitation if capabilities else None
    if elicitation is None or (elicitation.form is None and elicitation.url is not None):
        return False
    return is_modern(context) or context.session.can_send_request


def can_open_url(context: ToolContext) -> bool:
    """Whether the client opens a link itself when asked to. The newer protocol has no such question of its own."""
    capabilities = context.client_capabilities
    elicitation = capabilities.elicitation if capabilities else None
    can_open = elicitation is not None and elicitation.url is not None
    return can_open and not is_modern(context) and context.session.can_send_request


def is_modern(context: ToolContext) -> bool:
    version = context.protocol_version
    return version is not None and is_version_at_least(version, _INPUT_REQUIRED)


def is_answered_with_nothing(context: ToolContext) -> bool:
    """Whether a form was accepted without content, as by clients that accept for a person without showing it."""
    return any(each.action == "accept" and not each.content for each in _answers(context))
