"""What every reply has in common, and how strictly it is read.

A field that is not named in a wire model is never read: passwords, tokens, environment values and whatever the API
may add later stay where they are. Types are strict, so that a damaged reply is an error and never an empty answer.
"""

from functools import lru_cache
from typing import Annotated, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_pascal

from pai_dsw_mcp.model.instance import Label

Count: TypeAlias = Annotated[int, Field(ge=0)]


class Wire(BaseModel):
    """The base of all wire models; field names are the wire's, in snake_case."""

    model_config = ConfigDict(
        strict=True, extra="ignore", frozen=True, alias_generator=to_pascal, hide_input_in_errors=True
    )


ReplyT = TypeVar("ReplyT", bound=Wire)


def _exactly_true(success: bool) -> bool:
    # Not `Literal[True]`: the number 1 passes for it.
    if not success:
        raise ValueError("the service says that it did not succeed")
    return success


class DswReply(Wire):
    """The envelope of DSW: under HTTP 200, only `Success` says whether anything happened."""

    success: Annotated[bool, AfterValidator(_exactly_true)]


class WireLabel(Wire):
    """A key and a value."""

    key: str
    value: str | None = None


WireLabels: TypeAlias = tuple[WireLabel, ...] | None


def labels_of(labels: WireLabels) -> tuple[Label, ...]:
    """The labels of a reply as values."""
    return tuple(_label(label.key, label.value or "") for label in labels or ())


@lru_cache(maxsize=1024)
def _label(key: str, value: str) -> Label:
    """The same few labels stand on thousands of instances."""
    return Label(key=key, value=value)
