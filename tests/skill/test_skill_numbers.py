"""Numbers that the pages give and the code holds are the same."""

from types import ModuleType
from typing import Any, Final

import pytest

from pai_dsw_mcp.cloud import paging, retry
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.cloud.transport import REPLY_CAP
from pai_dsw_mcp.gate import ask
from pai_dsw_mcp.journal.approvals import VALID_SECONDS
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.tools import waiting
from pai_emulator.data.specs import ecs_specs
from tests.skill.pages import ROOT, TOOLS


def constant(module: ModuleType, name: str) -> float:
    """A number that only its own module needs."""
    return vars(module)[name]


def schema(tool: str, parameter: str) -> dict[str, Any]:
    return TOOLS[tool].parameters["properties"][parameter]


SETTINGS: Final = Settings()
SPECS: Final = ecs_specs("cn-hangzhou")
NUMBERS: Final = [
    (VALID_SECONDS, 600, {"SKILL.md": "within ten\nminutes", "references/security.md": "for ten minutes"}),
    (VALID_SECONDS, 600, {"references/security.zh-CN.md": "十分钟内有效", "README.md": "ends after ten minutes"}),
    (VALID_SECONDS, 600, {"README.zh-CN.md": "十分钟后失效"}),
    (constant(ask, "_NO_IS_NO"), 60, {"references/errors.md": "within a minute", "README.md": "within the minute"}),
    (constant(ask, "_NO_IS_NO"), 60, {"references/errors.zh-CN.md": "一分钟内", "README.zh-CN.md": "一分钟内"}),
    (constant(ask, "_MOST_WAITING"), 10, {"references/errors.md": "ten\n  changes wait already"}),
    (constant(ask, "_MOST_WAITING"), 10, {"references/errors.zh-CN.md": "已有十项变更等待批准"}),
    (schema("wait_for_instance", "seconds")["maximum"], 50, {"references/lifecycle.md": "at most | 50 seconds"}),
    (schema("wait_for_instance", "seconds")["maximum"], 50, {"references/parameters.md": "1 to 50 | 50"}),
    (constant(waiting, "_MOST_LOOKS"), 60, {"references/lifecycle.md": "over 60 looks"}),
    (constant(waiting, "_MOST_LOOKS"), 60, {"references/acceptance-criteria.md": "at most 60 looks"}),
    (constant(waiting, "_LONGEST"), 30 * 60, {"references/lifecycle.md": "or 30 minutes"}),
    (constant(waiting, "_SLOWEST"), 30, {"references/lifecycle.md": "every 10 to 30 seconds"}),
    (
        REPLY_CAP,
        4 * 2**20,
        {"references/errors.md": "larger than 4 MB", "references/api-traps.md": "| memory | 4 MB |"},
    ),
    (SETTINGS.read_timeout, 20, {"references/errors.md": "Reads have 20 seconds", "README.md": "| 20, 5 |"}),
    (SETTINGS.connect_timeout, 5, {"README.md": "| 20, 5 |"}),
    (
        CloudOptions().write_timeout,
        30,
        {"references/errors.md": "writes have 30", "references/errors.zh-CN.md": "写请求 30 秒"},
    ),
    (SETTINGS.cost_line, 50, {"references/security.md": "50 per hour unless set", "README.md": "is typed back | 50 |"}),
    (
        SETTINGS.cost_line,
        50,
        {"references/security.zh-CN.md": "默认 50", "references/billing.md": "from 50 per hour on"},
    ),
    (retry.ATTEMPTS, 3, {"references/errors.md": "up to three times", "references/errors.zh-CN.md": "最多三次"}),
    (paging.PAGE_SIZE, 100, {"references/api-traps.md": "asks for 100"}),
    (schema("create_instance", "datasets")["maxItems"], 10, {"references/parameters.md": "at most 10; an update"}),
    (schema("create_instance", "labels")["maxItems"], 10, {"references/parameters.md": "at most 10, as a filter 4"}),
    (schema("list_instances", "labels")["maxItems"], 4, {"references/api-traps.md": "refuses a fifth"}),
    (SPECS["ecs.c6.large"]["Price"], 0.39, {"references/recipes.md": "at 0.39 CNY an hour"}),
    (SPECS["ecs.c6.large"]["Price"], 0.39, {"references/recipes.zh-CN.md": "每小时 0.39 CNY"}),
    (SPECS["ecs.g6.large"]["Price"] * 168, 84, {"references/recipes.md": "84 CNY for a forgotten week"}),
    (SPECS["ecs.g6.large"]["Price"] * 168, 84, {"references/recipes.zh-CN.md": "若忘记停止一周 84 CNY"}),
    (schema("list_images", "limit")["default"], 20, {"references/parameters.md": "1 to 100, 20 unless given"}),
]


@pytest.mark.parametrize(("held", "told", "sentences"), NUMBERS, ids=str)
def test_a_page_gives_the_number_that_the_code_holds(held: float, told: float, sentences: dict[str, str]) -> None:
    assert held == told
    for name, sentence in sentences.items():
        assert sentence in (ROOT / name).read_text("utf-8"), name
