"""The form that a client shows: what it asks for, and what an answer says."""

from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, WithJsonSchema, create_model

from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.texts.text import Language


class FormAnswer(BaseModel):
    """What came back. Read leniently, because anything but a clear yes is a no (`approval.decision.judge`)."""

    model_config = ConfigDict(extra="ignore")

    decision: str | None = None
    instance_name: str | None = None
    feedback: str | None = None


def read_form(data: BaseModel) -> FormAnswer:
    """The answer of any of the forms below."""
    return FormAnswer.model_validate(data.model_dump())


@cache
def form_model(language: Language, *, with_name: bool) -> type[BaseModel]:
    """The schema of the form in one language; nothing in it is preselected, and no example gives the name away."""
    choice = {
        "type": "string",
        "title": say("form_decision", language),
        "oneOf": [
            {"const": "approve", "title": say("form_approve", language)},
            {"const": "reject", "title": say("form_reject", language)},
        ],
    }
    fields: dict[str, Any] = {"decision": (Annotated[str | None, WithJsonSchema(choice)], None)}
    if with_name:
        fields["instance_name"] = (str | None, Field(None, title=say("form_name", language)))
    fields["feedback"] = (str | None, Field(None, title=say("form_feedback", language)))
    # Required of the client, yet not of the parser: a form that comes back empty is a no, not an error.
    required: dict[str, JsonValue] = {"required": [name for name in fields if name != "feedback"]}
    return create_model("Approval", __config__=ConfigDict(extra="ignore", json_schema_extra=required), **fields)
