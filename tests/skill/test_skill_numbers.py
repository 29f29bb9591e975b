"""Numbers that the pages give and the code holds are the same."""

# Some numbers are private to their module.
# pyright: reportPrivateUsage=false

from typing import Any, Final

from pai_dsw_mcp.cloud import paging, retry
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.cloud.transport import REPLY_CAP
from pai_dsw_mcp.gate import gate
from pai_dsw_mcp.journal.approvals import VALID_SECONDS
from pai_dsw_mcp.model import wait
from pai_dsw_mcp.settings import Settings
from pai_emulator.data.specs import ecs_specs
from tests.skill.pages import ROOT, TOOLS


def schema(tool: str, parameter: str) -> dict[str, Any]:
    return TOOLS[tool].parameters["properties"][parameter]


SETTINGS: Final = Settings()
SPECS: Final = ecs_specs("cn-hangzhou")
ONE_WAIT: Final = schema("wait_for_instance", "seconds")["maximum"]

FACTS: Final = [
    (VALID_SECONDS, 600, "ten minutes", "SKILL.md references/security.md README.md"),
    (VALID_SECONDS, 600, "十分钟", "references/security.zh-CN.md README.zh-CN.md"),
    (gate._REJECTION_COOLDOWN_SECONDS, 60, "minute", "references/errors.md README.md"),
    (gate._REJECTION_COOLDOWN_SECONDS, 60, "一分钟", "references/errors.zh-CN.md README.zh-CN.md"),
    (gate._MOST_WAITING, 10, "ten changes", "references/errors.md"),
    (gate._MOST_WAITING, 10, "十项变更", "references/errors.zh-CN.md"),
    (ONE_WAIT, 50, "50 seconds", "references/lifecycle.md"),
    (ONE_WAIT, 50, "1 to 50", "references/parameters.md"),
    (wait._MOST_LOOKS, 60, "60 looks", "references/lifecycle.md references/acceptance-criteria.md"),
    (wait._LONGEST, 30 * 60, "30 minutes", "references/lifecycle.md"),
    (wait._SLOWEST, 30, "30 seconds", "references/lifecycle.md"),
    (REPLY_CAP, 4 * 2**20, "4 MB", "references/errors.md server/pai_emulator/api-traps.md"),
    (SETTINGS.read_timeout, 20, "20 seconds", "references/errors.md"),
    (SETTINGS.read_timeout, 20, "20 秒", "references/errors.zh-CN.md"),
    (SETTINGS.read_timeout, 20, "| 20, 5 |", "README.md"),
    (SETTINGS.connect_timeout, 5, "| 20, 5 |", "README.md"),
    (CloudOptions().write_timeout, 30, "writes have 30", "references/errors.md"),
    (CloudOptions().write_timeout, 30, "30 秒", "references/errors.zh-CN.md"),
    (SETTINGS.cost_line, 50, "50 per hour", "references/security.md references/billing.md README.md"),
    (SETTINGS.cost_line, 50, "50", "references/security.zh-CN.md README.zh-CN.md"),
    (retry.ATTEMPTS, 3, "three times", "references/errors.md"),
    (retry.ATTEMPTS, 3, "三次", "references/errors.zh-CN.md"),
    (paging.PAGE_SIZE, 100, "for 100", "server/pai_emulator/api-traps.md"),
    (schema("create_instance", "datasets")["maxItems"], 10, "at most 10", "references/parameters.md"),
    (schema("create_instance", "labels")["maxItems"], 10, "at most 10", "references/parameters.md"),
    (schema("list_instances", "labels")["maxItems"], 4, "a fifth", "server/pai_emulator/api-traps.md"),
    (schema("list_images", "limit")["description"], "Default: 20.", "20 unless given", "references/parameters.md"),
    (SPECS["ecs.c6.large"]["Price"], 0.39, "0.39 CNY", "references/recipes.md references/recipes.zh-CN.md"),
    (SPECS["ecs.g6.large"]["Price"] * 168, 84, "84 CNY", "references/recipes.md references/recipes.zh-CN.md"),
]
"""What the code holds, what the pages were written for, the number with its unit, and the pages that give it."""


def test_the_pages_give_the_numbers_that_the_code_holds() -> None:
    # Folded, because where a line ends says nothing.
    folded = {path: " ".join((ROOT / path).read_text("utf-8").split()) for *_, paths in FACTS for path in paths.split()}
    stale = [(told, held, paths) for held, told, _, paths in FACTS if held != told]
    missing = [(number, path) for _, _, number, paths in FACTS for path in paths.split() if number not in folded[path]]
    assert (stale, missing) == ([], [])
