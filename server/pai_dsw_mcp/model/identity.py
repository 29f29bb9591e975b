"""Whose credentials requests are signed with."""

from pai_dsw_mcp.model.value import Text, Value


class CallerIdentity(Value):
    """The reply of GetCallerIdentity. The ids are masked before anyone is shown them.

    `identity_type` is `Account`, `RAMUser` or `AssumedRoleUser`; a role has no `user_id`.
    """

    account_id: str
    identity_type: Text = None
    user_id: Text = None
