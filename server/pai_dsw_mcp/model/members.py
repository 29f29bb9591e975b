"""Who is in a workspace, what they may do there, and how it is set up."""

from collections.abc import Iterable

from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.model.value import Text, Value


class Member(Value):
    """One row of ListMembers. The ids identify a person and are masked before anyone is shown them."""

    member_id: str
    user_id: str
    member_name: str
    display_name: Text = None
    account_type: Text = None
    roles: tuple[str, ...] = ()
    created_at: Text = None

    @property
    def told(self) -> str:
        """The name, and the display name where it is another, for the model."""
        shown = f"`{sanitize(self.member_name)}`"
        is_other = self.display_name and self.display_name != self.member_name
        return f"{shown} (display name `{sanitize(self.display_name or '')}`)" if is_other else shown


class Candidate(Value):
    """One row of ListWorkspaceUsers: somebody of the account who can be added."""

    user_id: str
    user_name: str


class NewMember(Value):
    """One member of CreateMember."""

    user_id: str
    roles: tuple[str, ...]


class NewMembers(Value):
    """The body of CreateMember."""

    members: tuple[NewMember, ...]


class MembersToRemove(Value):
    """The query of DeleteMembers: ids, with commas between them."""

    member_ids: str


class NewSetting(Value):
    """One setting of UpdateConfigs."""

    category_name: str
    config_key: str
    config_value: str


class NewSettings(Value):
    """The body of UpdateConfigs."""

    configs: tuple[NewSetting, ...]


class WorkspaceChanges(Value):
    """The body of UpdateWorkspace; what is None stays."""

    display_name: str | None = None
    description: str | None = None


class Permission(Value):
    """One permission point of the caller; `on_others` says whether it is for what others keep private, too."""

    permission: str
    on_others: bool


class CustomRole(Value):
    """One row of ListWorkspaceRoles: for each module its kind of permissions, or the points one by one."""

    role: str
    title: str
    modules: dict[str, str]
    permissions: tuple[str, ...] = ()


class Setting(Value):
    """One row of ListConfigs, with the category that it was asked for; None for one that is in no known category."""

    category: str | None = None
    key: str
    value: Text = None
    modified_at: Text = None


class Resource(Value):
    """One row of ListResources: something that a workspace computes with."""

    resource_id: str
    name: str
    resource_type: Text = None
    env_type: Text = None
    group_name: Text = None
    is_default: bool | None = None
    quota_id: Text = None


def alike(members: Iterable[Member], name: str) -> tuple[Member, ...]:
    """Who may be meant by a name that nobody has exactly: as a display name, a login name, or in another case."""
    wanted = _bare(name)
    return tuple(each for each in members if wanted in {_bare(each.member_name), _bare(each.display_name or "")} - {""})


def _bare(name: str) -> str:
    """What is left of a name without case, further spaces, and the domain of a login name."""
    return " ".join(name.casefold().partition("@")[0].split())
