"""A PAI workspace."""

from typing import Final, Literal, TypeAlias

from pai_dsw_mcp.model.value import Text, Value

EnvType: TypeAlias = Literal["dev", "prod"]
Values: TypeAlias = str | tuple[tuple[str, ...], ...]

PAI_PRODUCT: Final = "PAI_share"
"""The product that has to be bought (at no charge of its own) before any workspace can exist (ListProducts)."""


class Workspace(Value):
    """One row of ListWorkspaces, or the reply of GetWorkspace. Only `ENABLED` can be used.

    `creator`, `admin_names` and `owner_name` identify people and are masked before anyone is shown them.
    """

    workspace_id: str
    workspace_name: str
    display_name: Text = None
    description: Text = None
    status: str
    is_default: bool | None = None
    env_types: tuple[str, ...] = ()
    resource_group_id: Text = None
    creator: Text = None
    owner_name: Text = None
    admin_names: tuple[str, ...] = ()
    created_at: Text = None
    modified_at: Text = None

    @property
    def values(self) -> dict[str, Values]:
        """What a person chose when it was made, as the parameters of a change have it."""
        return {
            "DisplayName": self.display_name or "",
            "Description": self.description or "",
            "EnvTypes": (tuple(sorted(self.env_types)),),
        }


class NewWorkspace(Value):
    """The body of CreateWorkspace; without a display name, the name is shown."""

    workspace_name: str
    display_name: str | None = None
    description: str
    env_types: tuple[EnvType, ...]


class Product(Value):
    """One row of ListProducts: whether a PAI product is bought, and where to buy it."""

    product_code: str
    is_purchased: bool
    has_permission_to_purchase: bool | None = None
    purchase_url: Text = None
