"""How a reply is read: into the values of `model`, under the wire's names, and strictly.

A field that no model has is never read: passwords, tokens, environment values and whatever the API may add later stay
where they are. Types are strict, so that a damaged reply is an error and never an empty answer.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Annotated, Any, Final, Generic, TypeAlias, TypeVar, cast

from pydantic import (
    AfterValidator,
    AliasGenerator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    RootModel,
)
from pydantic.alias_generators import to_pascal
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function, nullable_schema

from pai_dsw_mcp.model.value import Text

T = TypeVar("T")

WIRE: Final = ConfigDict(
    strict=True,
    extra="ignore",
    alias_generator=AliasGenerator(validation_alias=to_pascal),
    hide_input_in_errors=True,
)


class Wire(BaseModel):
    """The last base of every wire class: fields come from the model, their wire names are in PascalCase."""

    model_config = WIRE


class Whole(RootModel[T], Generic[T]):
    """A reply that is one value as a whole: its `root`."""

    model_config = ConfigDict(hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class ReadAs:
    """In `Annotated[Model, ReadAs(wire)]`: parsed by the wire class, then made a plain `Model`.

    So wire names end here, and a parsed value compares equal to one that the rest of the project makes. `shared`
    interns equal objects: the same few labels stand on thousands of instances.
    """

    wire: type[Any]
    shared: bool = False

    def __get_pydantic_core_schema__(self, model: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema of the wire class, and the step to the model after it."""
        names = [field.name for field in fields(model)] if is_dataclass(model) else list(model.model_fields)
        values = attrgetter(*names)

        def make(*values: object) -> object:
            return model(**dict(zip(names, values, strict=True)))

        made = lru_cache(maxsize=1024)(make) if self.shared else make
        return no_info_after_validator_function(lambda read: made(*values(read)), handler.generate_schema(self.wire))


@dataclass(frozen=True, slots=True)
class NullMeans:
    """In `Annotated[..., NullMeans(value)]`: the wire may say null, the model may not."""

    value: object

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The same schema, which also accepts null."""
        return no_info_after_validator_function(
            lambda read: self.value if read is None else read, nullable_schema(handler(source))
        )


def known(names: Collection[str], *, otherwise: str | None = None) -> BeforeValidator:
    """Reads a value that this version does not know as `otherwise`, instead of failing."""
    known_names = frozenset(names)
    return BeforeValidator(lambda read: otherwise if isinstance(read, str) and read not in known_names else read)


def names_alone(read: object) -> object:
    """The names of an object's members; anything else is left for the next validator to refuse."""
    if read is None:
        return ()
    return tuple(sorted(cast("dict[str, object]", read))) if isinstance(read, dict) else read


_LONGEST_URL: Final = 512
_PARAMETER: Final = r"(?i:instance|instanceid|region|regionid|workspaceid|commoditycode|ordertype)=[A-Za-z0-9_.-]{0,64}"
"""Query parameters that only identify something; any other may be a token."""

_SAFE_URL: Final = re.compile(
    r"https://(?:[a-z0-9-]+\.)+(?:aliyun|aliyuncs)\.com"
    r"(?:/[A-Za-z0-9_.~/-]*)?"
    rf"(?:\?{_PARAMETER}(?:&{_PARAMETER})*)?"
    r"(?:#/?)?"
)


def safe_url(url: str | None) -> str | None:
    """The URL, if it is https, on a host of the vendor, and without anything that could be a token; else None."""
    return url if url is not None and len(url) <= _LONGEST_URL and _SAFE_URL.fullmatch(url) else None


Count: TypeAlias = Annotated[int, Field(ge=0)]
Texts: TypeAlias = Annotated[tuple[str, ...], NullMeans(())]
CreatedAt: TypeAlias = Annotated[Text, Field(validation_alias="GmtCreateTime")]
ModifiedAt: TypeAlias = Annotated[Text, Field(validation_alias="GmtModifiedTime")]


def _is_true(success: bool) -> bool:
    # Not `Literal[True]`: the number 1 passes for it.
    if not success:
        raise ValueError("the service says that it did not succeed")
    return success


Success: TypeAlias = Annotated[bool, AfterValidator(_is_true)]
"""Under HTTP 200, only `Success` says whether DSW did anything."""


class DswReply(Wire):
    """The envelope of DSW."""

    success: Success
