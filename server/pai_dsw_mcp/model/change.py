"""A change that somebody has to say yes to, and how it is told."""

from typing import Final, Literal, TypeAlias

from pydantic import Field

from pai_dsw_mcp.model.value import Value

OPERATION_LABEL: Final = "pai-dsw-mcp-op"
"""The label that a new instance carries, so that it can be recognised when the reply was lost."""

Action: TypeAlias = Literal["create_instance", "update_instance", "start_instance", "stop_instance"]


class Sentence(Value):
    """A text of `texts` by its key, with the values that go into it; it is put into words where it is read."""

    key: str
    values: dict[str, str] = Field(default_factory=dict[str, str])


Item: TypeAlias = tuple[str, ...]
"""One value in its parts: a label is its key and its value, a mount is its source, path and access."""


class Parameter(Value):
    """One parameter that will be sent, under the API's name for it: a single value, or the items of a list.

    `before` is what the service has now, for an update. `is_default` marks what nobody asked for.
    """

    name: str
    value: str | tuple[Item, ...]
    before: str | tuple[Item, ...] | None = None
    is_default: bool = False


class Price(Value):
    """A price per hour, in the currency that the service gave."""

    hourly: float
    currency: str

    @property
    def weekly(self) -> float:
        """What a forgotten week costs: 168 hours."""
        return self.hourly * 24 * 7


class Change(Value):
    """What will happen if a person says yes: everything that is sent, and what it means.

    `fingerprint` digests what was seen of the cloud; a yes holds only while the cloud still looks like this.
    `typed_name` is what a person types back where money or work is at stake; None where a click is enough.
    """

    action: Action
    region_id: str
    instance_name: str
    instance_id: str | None = None
    workspace_id: str | None = None
    workspace_name: str | None = None
    parameters: tuple[Parameter, ...] = ()
    price: Price | None = None
    price_before: Price | None = None
    warnings: tuple[Sentence, ...] = ()
    typed_name: str | None = None
    fingerprint: str

    @property
    def scope(self) -> str:
        """What two changes must not touch at once: the instance, or the name that is about to be taken."""
        return f"{self.region_id}/{self.instance_id or 'name:' + self.instance_name}"
