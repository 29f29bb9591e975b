"""The output filter: a tool's answer shows the fields it declares, and nothing else.

A field is declared once, with how it is shown: cleaned, masked, or in full detail only.
"""

import re
from typing import Annotated, Any, Final, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from pai_dsw_mcp.model.instance import Label
from pai_dsw_mcp.model.sanitize import mask, one_line, sanitize
from pai_dsw_mcp.model.scrub import scrub_log
from pai_dsw_mcp.model.value import OURS
from pai_dsw_mcp.tools._arguments import Detail

_ACCOUNT_ID: Final = re.compile(r"\d{12,20}")
"""Alibaba Cloud account and user ids are long numbers."""
_NAMES_SOMEBODY: Final = re.compile(r"(owner|user|creator|account|uid)", re.IGNORECASE)
_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d(?:\.\d+)?Z")


def mask_label(key: str, value: str) -> str:
    """The value of a label, masked when the label names a person.

    DSW puts such labels on instances itself, for example `stsTokenOwner` with the id of a user (GetInstance).
    """
    if value and (_ACCOUNT_ID.fullmatch(value) or _NAMES_SOMEBODY.search(key)):
        return mask(value)
    return one_line(value)


def storage_address(uri: str | None) -> str | None:
    """Where a dataset lies, without a query; None when the address carries a user or a password."""
    if uri is None or "@" in uri.partition("://")[2].partition("/")[0]:
        return None
    return uri.partition("?")[0]


def to_the_minute(moment: str) -> str:
    """A time of the service without its seconds, which nobody chooses by; anything else as it is."""
    return _MOMENT.sub(r"\1Z", moment)


def to_the_day(moment: str) -> str:
    """The day of a time of the service; anything else as it is."""
    return _MOMENT.sub(lambda found: found[1].partition("T")[0], moment)


def _by_key(labels: tuple[Label, ...] | dict[str, str] | None) -> dict[str, str] | None:
    # The SDK validates the finished answer with the same class, so a dict made here must pass too.
    if isinstance(labels, tuple):
        return {one_line(label.key): mask_label(label.key, label.value) for label in labels} or None
    return labels


FULL: Final = "shown in full detail only"
"""Annotates an optional field."""
NOT_EMPTY: Final = BeforeValidator(lambda value: value or None)
"""Annotates an optional field that is left out when it is empty, zero or false."""

Shown: TypeAlias = Annotated[str, AfterValidator(sanitize)]
"""Sanitized text: one line, no hidden characters, at most 256 characters."""
Scrubbed: TypeAlias = Annotated[Shown, BeforeValidator(lambda text: scrub_log(text) if isinstance(text, str) else text)]
"""The same of what the service or a program wrote, without what looks like a secret."""
Masked: TypeAlias = Annotated[str, AfterValidator(mask)]
"""An id or a name of an account: recognisable to those who know it, and to nobody else."""
Moment: TypeAlias = Annotated[Shown, AfterValidator(to_the_minute)]
"""A time in UTC, to the minute."""
Day: TypeAlias = Annotated[Shown, AfterValidator(to_the_day)]
"""A day in UTC."""
StorageAddress: TypeAlias = Annotated[Shown | None, BeforeValidator(storage_address)]
MaskedLabels: TypeAlias = Annotated[dict[str, str] | None, BeforeValidator(_by_key)]


def _without_description(schema: dict[str, Any]) -> None:
    schema.pop("description", None)


class Projection(BaseModel):
    """The base of what is shown. Docstrings are for readers of the code and stay out of the schema."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra=_without_description)

    @classmethod
    def of(cls, source: object, detail: Detail = "full", **made: object) -> Self:
        """Each declared field from `made`, else from the source; in brief without those marked FULL."""
        fields = [name for name, field in cls.model_fields.items() if detail == "full" or FULL not in field.metadata]
        return cls.model_validate({name: made[name] if name in made else getattr(source, name) for name in fields})


class Listed(Projection):
    """What every list says besides its rows, which are its last field.

    `in_all_rows` holds what all rows have in common, if there are several; the rows are without it.
    """

    note: Annotated[str | None, OURS] = None
    total: int
    next_cursor: str | None = None
    in_all_rows: dict[str, Any] | None = None


class NotRead(Projection):
    """A region that could not be read, and why."""

    region_id: str
    problem: str


class RegionalList(Listed):
    """A list of one region, or of several; then it names those that were read, and those that could not be."""

    region_ids: list[str] | None = None
    not_read: list[NotRead] | None = None
