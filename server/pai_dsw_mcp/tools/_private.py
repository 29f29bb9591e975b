"""What a tool sends of the operator's files: names for those who read, values for the request alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field

from pai_dsw_mcp.errors import InputError
from pai_dsw_mcp.model.change import Parameter, Sentence
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.private_values import PrivateValues

EnvironmentNames = Annotated[list[str], Field(max_length=50, description="Names from --env-file.")]


@dataclass(frozen=True, slots=True)
class Private:
    """Names of variables and the host of a registry, which are shown, and `fields` of the request, which are not."""

    names: tuple[str, ...]
    registry: str | None
    fields: Mapping[str, Any] = field(repr=False)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What a person approves."""
        variables = Parameter(name="EnvironmentVariables", value=tuple((name,) for name in self.names))
        sign_in = Parameter(name="ImageAuth", value=self.registry or "")
        return (*([variables] if self.names else []), *([sign_in] if self.registry else []))

    @property
    def warnings(self) -> tuple[Sentence, ...]:
        """Who can read the values later."""
        return (Sentence(key="warn_environment_readable"),) if self.names else ()

    def unlike(self, existing: Instance) -> list[str]:
        """The parameters in which an instance differs; of a variable only the name is known."""
        return [] if set(self.names) <= set(existing.environment_variable_names) else ["EnvironmentVariables"]


def private_of(values: PrivateValues, names: list[str] | None, image_url: str | None) -> Private:
    """The variables of these names, and the sign-in to the registry of the image where the operator gave one.

    Raises:
        InputError: The operator's file has no variable of such a name.
    """
    wanted = tuple(sorted(set(names or ())))
    for name in wanted:
        if name not in values.environment:
            known = ", ".join(sorted(values.environment)) or "-"
            raise InputError("environment_unknown", name=sanitize(name, 60), known=known)
    host = (image_url or "").partition("/")[0]
    registry = host if host in values.image_auths else None
    fields: dict[str, Any] = {}
    if wanted:
        fields["EnvironmentVariables"] = {name: values.environment[name] for name in wanted}
    if registry:
        fields["ImageAuth"] = values.image_auths[registry]
    return Private(wanted, registry, fields)
