"""A missing right in words: who was denied what, and what would mend it."""

import re
from typing import Any, Final, cast

from pai_dsw_mcp.model.roles import candidates, carriers, smallest_policy
from pai_dsw_mcp.model.sanitize import mask
from pai_dsw_mcp.model.scrub import scrub
from pai_dsw_mcp.texts.render import say

_ACTION: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,31}:(\*|[A-Z][A-Za-z]{1,63})")
_KIND: Final = re.compile(r"[A-Za-z]{1,32}")
_WHO: Final = re.compile(r".{1,256}", re.DOTALL)


def explain(action: str, detail: object, secrets: tuple[str, ...]) -> tuple[str, dict[str, str], str]:
    """The key of the sentence with its values, and what to do about it.

    `action` is what the operation needs by the documents; `detail` is what the service said of the denial, whose own
    word for the action is believed first.
    """
    told = _matching(_ACTION, detail, "AuthAction")
    named = told if told and scrub(told, secrets) == told else action
    kind = _matching(_KIND, detail, "NoPermissionType")
    name = _matching(_WHO, detail, "AuthPrincipalDisplayName")
    who = name and f"{_matching(_KIND, detail, 'AuthPrincipalType') or 'RAM'} {mask(scrub(name, secrets))}"
    values = {"action": named, **({"who": who} if who else {})}
    if kind == "ExplicitDeny":
        return "denied_explicitly", {"who": "-", **values}, say("remedy_explicit", action=named)
    actions = candidates(named)
    roles = carriers(actions)
    key = "remedy_role_or_policy" if roles else "remedy_policy"
    remedy = say(key, roles=", ".join(roles), policy=smallest_policy(actions))
    return "denied_to" if who else "cloud_permission_denied", values, remedy


def _matching(pattern: re.Pattern[str], detail: object, name: str) -> str | None:
    """A member of the detail that is a text, if it matches as a whole."""
    members = cast("dict[str, Any]", detail) if isinstance(detail, dict) else {}
    text = members.get(name)
    return text if isinstance(text, str) and pattern.fullmatch(text) else None
