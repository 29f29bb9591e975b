"""A change that needs a person's approval, and the values it is described with."""

from typing import Final, Literal, TypeAlias

from pydantic import Field

from pai_dsw_mcp.model.digest import digest
from pai_dsw_mcp.model.instance import SpotSpec
from pai_dsw_mcp.model.quota import Amount
from pai_dsw_mcp.model.value import Value
from pai_dsw_mcp.model.writes import WRITES, Action, TargetKind, WriteSpec

OPERATION_LABEL: Final = "pai-dsw-mcp-op"
"""The label that a new instance carries, so that it can be recognised when the reply was lost."""


class Sentence(Value):
    """A text of `texts` by its key, with the values that go into it; it is rendered where it is read."""

    key: str
    values: dict[str, str] = Field(default_factory=dict[str, str])


Item: TypeAlias = tuple[str, ...]
"""One value in its parts: a label is its key and its value, a mount is its source, path and access."""

Meaning: TypeAlias = tuple[Sentence, ...]
"""What an identifier names, in parts: an image is its name, its frameworks and its chip type."""


class Parameter(Value):
    """One parameter that will be sent, under the API's name for it: a single value, or the items of a list.

    `before` is what the service has now, for an update. `is_default` marks what nobody asked for.
    """

    name: str
    value: str | tuple[Item, ...]
    before: str | tuple[Item, ...] | None = None
    is_default: bool = False


class Price(Value):
    """A price per hour, in the currency that the service gave. It can be less where it `is_most`."""

    hourly: float
    currency: str
    is_most: bool = False

    @property
    def daily(self) -> float:
        """What a whole day costs."""
        return self.hourly * 24

    @property
    def weekly(self) -> float:
        """What a forgotten week costs: 168 hours."""
        return self.hourly * 24 * 7


class Load(Value):
    """What an instance takes up while it runs. None stands for what is not known.

    Only what is paid by the hour is metered: not an instance on a quota or a subscription. `stops_after` is in how many
    seconds a timer stops it, `idle_minutes` after how many minutes without use it stops itself; None is never.
    `share` is what it takes of the quota.
    """

    gpus: float | None = 0
    price: Price | None = None
    is_metered: bool = True
    stops_after: float | None = None
    idle_minutes: int | None = None
    quota_id: str | None = None
    share: Amount = Amount()


class Origin(Value):
    """Who pays and who asks, as far as it is known: the account is masked, the client says itself who it is.

    `person` is named only where somebody else has to approve.
    """

    account: str | None = None
    credentials: str | None = None
    client: str | None = None
    person: str | None = None
    is_emulator: bool = False


_COVERED: Final = {"action", "region_id", "target_name", "target_id", "workspace_id", "workspace_name", "typed_name"}
_ADDRESS: Final = {"RegionId", "InstanceId"}
"""Parameters that say again what the change says of its target."""


class Change(Value):
    """What will happen if a person says yes: everything that is sent, and what it means.

    The target is what is changed, or created: `target_id` is None while it does not exist. `kept` is what it has
    already, under the names of the parameters: shown, and not sent.
    `meanings` says what the identifiers among the values name. An approval covers the identifiers alone.
    `price_before` is the price until now, None where nothing is charged yet. `load` is what runs more than before once
    it is carried out, which the operator may have limited. `spot` says how a spot instance is bought; `price` is then
    the most that it costs.
    `fingerprint` is a digest of the cloud state that was read; an approval holds only while it still matches.
    `typed_name` is what a person types back where money or work is at stake; None where a click is enough.
    `then` are follow-ups under the same yes: each becomes an approved change of its own once this one is done. One
    without a `target_id` is about what this change creates. `has_namesake`: another instance of the same call has the
    same name.
    """

    action: Action
    region_id: str
    target_name: str
    target_id: str | None = None
    workspace_id: str | None = None
    workspace_name: str | None = None
    parameters: tuple[Parameter, ...] = ()
    kept: tuple[Parameter, ...] = ()
    meanings: dict[str, Meaning] = Field(default_factory=dict[str, Meaning])
    price: Price | None = None
    price_before: Price | None = None
    load: Load | None = None
    spot: SpotSpec | None = None
    warnings: tuple[Sentence, ...] = ()
    typed_name: str | None = None
    origin: Origin = Origin()
    then: tuple["Change", ...] = ()
    has_namesake: bool = False
    fingerprint: str

    @property
    def told_name(self) -> str:
        """What sentences call the target: by its name alone only where that tells it apart."""
        return full_name(self.target_name, self.target_id, self.region_id) if self.has_namesake else self.target_name

    @property
    def names_are_unique(self) -> bool:
        """Whether names tell the changes of a batch apart."""
        return not any(each.has_namesake for each in self.then)

    @property
    def spec(self) -> WriteSpec:
        """The write that carries it out."""
        return WRITES[self.action]

    @property
    def arguments_digest(self) -> str:
        """Identifies what an approval covers: the action, its target and every value that is sent, and nothing else.

        A value given explicitly is the same as an equal default. The digest of a follow-up is that of the same change
        asked for by itself.
        """
        facts = self.model_dump(mode="json", include=_COVERED)
        values = [[each.name, each.value, each.before] for each in self.parameters if each.name not in _ADDRESS]
        return digest([facts, values, [each.arguments_digest for each in self.then]])

    def for_target(self, target_id: str) -> "Change":
        """The same follow-up of what was created under this id."""
        return self.model_copy(update={"target_id": self.target_id or target_id})

    @property
    def name_kind(self) -> Literal["name", "present_name", "member", "count"] | None:
        """What is typed back. A rename has two names, so it has to say that it wants the present one."""
        if self.spec.is_batch:
            return "count"
        if self.typed_name is None:
            return None
        if self.spec.target == "member":
            return "member"
        is_rename = any(each.name == self.spec.name_parameter and each.before is not None for each in self.parameters)
        return "present_name" if is_rename else "name"

    @property
    def is_on_quota(self) -> bool:
        """Whether it is about an instance that takes its compute from a resource quota."""
        return any(each.name == "ResourceId" for each in (*self.parameters, *self.kept))

    @property
    def scope(self) -> str:
        """What no two writes may change at once: the target, or the name that is about to be taken."""
        return scope_of(self.region_id, self.spec.target, target_id=self.target_id, name=self.target_name)


def full_name(name: str, target_id: str | None, region_id: str) -> str:
    """An instance by its name, id and region: names are unique in a region at most."""
    return f"{name} ({target_id}, {region_id})"


def scope_of(region_id: str, kind: TargetKind, *, target_id: str | None = None, name: str | None = None) -> str:
    """The journal's key for what no two writes may change at once: the target's id, else the name to be taken."""
    return f"{region_id}/{target_id or f'{kind}:{name}'}"
