"""Servers that are wrong about members, settings and rights."""

from typing import Any, NoReturn

from evals.broken.server import broken
from pai_dsw_mcp.cloud import failures, workspaces
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.gate import context
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.model.change import Change, Sentence
from pai_dsw_mcp.model.members import Setting
from pai_dsw_mcp.tools import members, workspace_setup
from pai_dsw_mcp.tools._projection import Shown


class _Unmasked(members.MemberRow):
    """A member with the whole id."""

    user_id: Shown | None = None


async def _settings_as_they_are(cloud: Cloud, region_id: str, workspace_id: str) -> tuple[Setting, ...]:
    sdk = await cloud.sdk()
    aiworkspace = await sdk.aiworkspace()
    call, request = aiworkspace.call(region_id, _Raw), aiworkspace.models.ListConfigsRequest()
    await call.list_configs_with_options_async(workspace_id, request, {}, sdk.runtime)
    return tuple(Setting(key=each["ConfigKey"], value=each["ConfigValue"]) for each in call.reply.configs)


class _Raw(workspaces.ListConfigsReply):
    configs: tuple[dict[str, Any], ...]  # pyright: ignore[reportIncompatibleVariableOverride]


def _whole_value(setting: Setting) -> workspace_setup.SettingRow:
    return workspace_setup.SettingRow.of(setting, value=setting.value, what_for=None)


def _without_remedy(action: str, *_: object) -> tuple[None, dict[str, str], None]:
    return None, {"action": action}, None


async def _no_warning(*_: object) -> tuple[Sentence, ...]:
    return ()


async def _refuse(_services: Services, _change: Change) -> NoReturn:
    raise RefusedError("form_unavailable")


RIGHTS = (
    broken(
        "shows the ids of members",
        "nothing_secret",
        "members-who-is-in-it",
        (members, members.MemberRow, _Unmasked),
    ),
    broken(
        "shows a key that somebody wrote into a setting",
        "nothing_secret",
        "workspace-setting-holds-a-key",
        (workspaces, workspaces.list_settings, _settings_as_they_are),
        (workspace_setup, workspace_setup._setting_row, _whole_value),  # pyright: ignore[reportPrivateUsage]
    ),
    broken(
        "does not say which role would mend a denial",
        "told",
        "members-of-others-are-denied",
        (failures, failures.explain, _without_remedy),
    ),
    broken(
        "does not warn of what will probably be denied",
        "requests",
        "permission-warned-and-allowed",
        (context, context.rights_warning, _no_warning),
    ),
    broken(
        "refuses what no role carries",
        "requests",
        "permission-warned-and-allowed",
        (context, context.rights_warning, _refuse),
    ),
)
