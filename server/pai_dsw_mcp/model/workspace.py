"""A PAI workspace."""

from pai_dsw_mcp.model.value import Value


class Workspace(Value):
    """One row of ListWorkspaces, or the reply of GetWorkspace or GetDefaultWorkspace. Only `ENABLED` can be used.

    `creator`, `admin_names` and `owner_name` identify people and are masked before anyone is shown them.
    """

    workspace_id: str
    workspace_name: str
    display_name: str | None = None
    description: str | None = None
    status: str
    is_default: bool | None = None
    env_types: tuple[str, ...] = ()
    resource_group_id: str | None = None
    creator: str | None = None
    owner_name: str | None = None
    admin_names: tuple[str, ...] = ()
    created_at: str | None = None
    modified_at: str | None = None


class Product(Value):
    """One row of ListProducts: whether a PAI product is bought, and where to buy it."""

    product_code: str
    is_purchased: bool
    has_permission_to_purchase: bool | None = None
    purchase_url: str | None = None
