"""The change in words: complete, plain, short and stable, whatever others wrote into it."""

import re
import unicodedata
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.approval.plain_text import as_plain_text, fits_a_message
from pai_dsw_mcp.approval.quoting import visible
from pai_dsw_mcp.model.change import Change, Parameter, Sentence
from pai_dsw_mcp.model.writes import WRITES
from pai_dsw_mcp.texts.changes import TEXTS
from pai_dsw_mcp.texts.text import Language
from tests.approval.changes_to_show import create_a10, create_cpu, stop, update_to_larger
from tests.support.unmeasured import unmeasured


def told(change: Change, language: Language = "en") -> str:
    return as_plain_text(describe("K7Q2-9MTX", change, language))


def test_a_create_says_price_place_and_every_parameter() -> None:
    assert told(create_a10()) == snapshot("""\
Create instance
EMULATOR: not the real cloud; nothing here costs money.
Instance: llm_finetune_a10
9.53 CNY per hour, 228.72 per day; a forgotten week costs 1,601.04 CNY
Region: China (Hangzhou) · cn-hangzhou
Workspace: vision_team · 84217
Will be sent:
- Machine type: ecs.gn7i-c8g1.2xlarge
  = 1 x A10, 24 GiB GPU memory, 8 vCPU, 30 GiB memory
- Image: image-57e6f43bce6c9dace8
  = modelscope:1.26.0-pytorch2.6.0-gpu-py311-cu124-ubuntu22.04, "PyTorch 2.6.0", for GPU
- Dataset mount: d-rcdg3wxyz7kq -> /mnt/data (RW)
  = street_scenes, OSS, read and write
- Label: team=vision
- Visible to: PRIVATE (default)
  = only you and the workspace administrators
- Label: pai-dsw-mcp-op=K7Q2-9MTX (default)
  = marks this request so that it is found again
Please note:
! Programs in the instance can change and delete the data of "street_scenes (d-rcdg3wxyz7kq)".
! It is charged from the start until it is stopped, also while idle.
Account that pays: 10****21
Credentials from: environment variables · default/env
AI client: "Claude Code 2.1.285"
To approve, type the instance name: llm_finetune_a10
Approval code: K7Q2-9MTX\
""")


def test_a_create_in_chinese() -> None:
    assert told(create_a10(), "zh") == snapshot("""\
创建实例
模拟环境：并非真实的云服务，不产生任何费用。
实例：llm_finetune_a10
9.53 CNY / 小时，228.72 / 天；若忘记停止，一周费用：1,601.04 CNY
地域：华东1（杭州） · cn-hangzhou
工作空间：vision_team · 84217
将发送的参数：
- 计算规格：ecs.gn7i-c8g1.2xlarge
  = 1 x A10，显存 24 GiB，8 vCPU，内存 30 GiB
- 镜像：image-57e6f43bce6c9dace8
  = modelscope:1.26.0-pytorch2.6.0-gpu-py311-cu124-ubuntu22.04，"PyTorch 2.6.0"，适用于 GPU
- 数据集挂载：d-rcdg3wxyz7kq -> /mnt/data (RW)
  = street_scenes，OSS，可读写
- 标签：team=vision
- 可见范围：PRIVATE（默认）
  = 仅您本人和工作空间管理员
- 标签：pai-dsw-mcp-op=K7Q2-9MTX（默认）
  = 用于标记本次请求，以便之后找到它
请注意：
! 实例中的程序可以修改和删除 "street_scenes (d-rcdg3wxyz7kq)" 的数据。
! 从启动起计费，直到被停止为止，闲置时也计费。
付费账号：10****21
凭证来源：环境变量 · default/env
AI 客户端："Claude Code 2.1.285"
如需批准，请输入实例名称：llm_finetune_a10
审批编号：K7Q2-9MTX\
""")


def test_an_update_says_what_was_and_what_will_be() -> None:
    assert told(update_to_larger()) == snapshot("""\
Update instance
EMULATOR: not the real cloud; nothing here costs money.
Instance: llm_finetune_a10 · dsw-7k2m9p4q8r
Will be sent:
- Instance name: llm_finetune_a10 -> llm_finetune_2xa10
- Machine type: ecs.gn7i-c8g1.2xlarge -> ecs.gn7i-c32g1.16xlarge
  = 1 x A10, 24 GiB GPU memory, 8 vCPU, 30 GiB memory -> 2 x A10, 48 GiB GPU memory in all, 64 vCPU, 376 GiB memory
- Start afterwards: true
  = it starts, and charges begin
Please note:
! It is charged from the start until it is stopped, also while idle.
9.53 -> 26.61 CNY per hour, 638.64 per day; a forgotten week costs 4,470.48 CNY
Region: China (Shanghai) · cn-shanghai
Workspace: vision_team · 84217
Account that pays: 10****21
Credentials from: environment variables · default/env
AI client: "Claude Code 2.1.285"
To approve, type the present name: llm_finetune_a10
Approval code: K7Q2-9MTX\
""")


def test_a_stop_says_what_may_be_lost() -> None:
    assert told(stop()) == snapshot("""\
Stop instance
EMULATOR: not the real cloud; nothing here costs money.
Instance: llm_finetune_a10 · dsw-7k2m9p4q8r
Please note:
! Everything that runs in llm_finetune_a10 ends, and work that is not saved is lost.
! It has run for 50 minutes in all.
! While it is stopping it keeps its compute and costs 9.53 CNY per hour; after that, compute costs nothing.
! If it stays stopped for more than 15 days, its free system disk and what is on it are deleted.
It runs on:
· Machine type: ecs.gn7i-c8g1.2xlarge
  = 1 x A10, 24 GiB GPU memory, 8 vCPU, 30 GiB memory
· Image: image-57e6f43bce6c9dace8
  = modelscope:1.26.0-pytorch2.6.0-gpu-py311-cu124-ubuntu22.04, "PyTorch 2.6.0", for GPU
Region: China (Shanghai) · cn-shanghai
Workspace: vision_team · 84217
Account that pays: 10****21
Credentials from: environment variables · default/env
AI client: "Claude Code 2.1.285"
To approve, type the instance name: llm_finetune_a10
Approval code: K7Q2-9MTX\
""")


def test_a_click_is_enough_where_no_name_is_asked_for() -> None:
    assert told(create_cpu()) == snapshot("""\
Create instance
Instance: notes
0.62 CNY per hour, 14.88 per day; a forgotten week costs 104.16 CNY
Region: China (Hangzhou) · cn-hangzhou
Workspace: 84217
Will be sent:
- Machine type: ecs.c7.large
- Label: pai-dsw-mcp-op=K7Q2-9MTX (default)
  = marks this request so that it is found again
Account that pays: unknown
Credentials from: unknown
AI client: unknown
Approval code: K7Q2-9MTX\
""")


def test_a_region_that_is_not_listed_is_shown_by_its_id() -> None:
    assert "Region: cn-atlantis\n" in told(create_cpu().model_copy(update={"region_id": "cn-atlantis"}))


def test_an_unheard_of_parameter_is_shown_under_its_own_name() -> None:
    change = create_cpu().model_copy(update={"parameters": (Parameter(name="Unheard", value="9"),)})
    assert "- Unheard: 9" in told(change)


def test_equal_warnings_become_one() -> None:
    mounts = tuple(Sentence(key="warn_dataset_read_write", values={"dataset": name}) for name in ("a", "b", "b", "c"))
    text = describe("K7Q2-9MTX", create_cpu().model_copy(update={"warnings": mounts}), "en")
    assert text.warnings == ("Programs in the instance can change and delete the data of a, b, c.",)


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("a\nApproved: yes", "a\\u{a}Approved: yes"),
        ("\u202egnp.exe", "\\u{202e}gnp.exe"),
        ("a\u200bb", "a\\u{200b}b"),
        ("a\u3164b", "a\\u{3164}b"),
        ("a\ufe0fb\U000e0101", "a\\u{fe0f}b\\u{e0101}"),
        ("a\u00a0b", "a\\u{a0}b"),
        ("\x1b[2J", "\\u{1b}[2J"),
        ("\\u{a}", "\\\\u{a}"),
        ("a\u034fb\u115fc\u1160d\uffa0e\u2800f\u180bg", "a\\u{34f}b\\u{115f}c\\u{1160}d\\u{ffa0}e\\u{2800}f\\u{180b}g"),
        ("视觉 équipe", "视觉 équipe"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(hidden: str, shown: str) -> None:
    assert visible(hidden) == shown
    change = create_cpu().model_copy(update={"parameters": (Parameter(name="Labels", value=hidden),)})
    assert f'- Label: "{shown}"\n' in told(change)


def test_hidden_characters_are_spelled_out_in_names_and_warnings_too() -> None:
    warning = Sentence(key="warn_public", values={"workspace_name": "a\u202eb"})
    text = told(create_cpu().model_copy(update={"workspace_name": "a\u202eb", "warnings": (warning,)}))
    assert 'Workspace: "a\\u{202e}b" · 84217' in text
    assert 'the workspace "a\\u{202e}b" can open it' in text


def largest_create() -> Change:
    """Every list as long as it may be, every value too."""
    return create_a10().model_copy(
        update={
            "parameters": (
                *create_a10().parameters,
                Parameter(name="UserVpc", value=(tuple(f"{kind}-{'x' * 60}" for kind in ("vpc", "vsw", "sg")),)),
                Parameter(
                    name="Datasets", value=tuple((f"oss://bucket{n}/{'p' * 480}", f"/mnt/{n}", "RW") for n in range(10))
                ),
                Parameter(name="Labels", value=tuple((f"k{n}{'键' * 125}", "值" * 128) for n in range(10))),
            )
        }
    )


@pytest.mark.parametrize("language", get_args(Language))
def test_nothing_is_ever_shortened(language: Language) -> None:
    change = largest_create()
    text = told(change, language)
    values = [each.value for each in change.parameters]
    parts = [part for value in values for item in ([[value]] if isinstance(value, str) else value) for part in item]
    assert [part for part in parts if part not in text] == []
    assert not fits_a_message(text)
    assert fits_a_message(told(create_a10(), language))


@pytest.mark.parametrize("language", get_args(Language))
def test_neither_what_is_now_nor_what_a_warning_names_is_ever_shortened(language: Language) -> None:
    mounted = tuple((f"oss://bucket{n}/{'p' * 480}", f"/mnt/{n}", "RW") for n in range(10))
    named = [f"{n}_{'d' * 480}" for n in range(10)]
    change = update_to_larger().model_copy(
        update={
            "parameters": (Parameter(name="DisassociateDatasets", value=(), before=mounted),),
            "warnings": tuple(Sentence(key="warn_dataset_read_write", values={"dataset": each}) for each in named),
        }
    )
    text = told(change, language)
    assert [part for part in (*named, *(part for mount in mounted for part in mount)) if part not in text] == []


def test_the_items_of_a_list_stand_one_a_line_and_what_is_now_below_them() -> None:
    parameters = (
        Parameter(
            name="Datasets", value=(("d-1", "/mnt/a", "RW"), ("d-2", "/mnt/b", "RO")), before=(("d-3", "/mnt", "RO"),)
        ),
        Parameter(name="UserVpc", value=(("vpc-1", "vsw-1", "sg-1"),), before=()),
        Parameter(name="Unheard", value=()),
    )
    text = told(create_cpu().model_copy(update={"parameters": parameters}))
    assert text[text.index("Will") : text.index("- Label")] == snapshot("""\
Will be sent:
- Dataset mount: d-1 -> /mnt/a (RW)
  = read and write
- Dataset mount: d-2 -> /mnt/b (RO)
  = read only
  now: d-3 -> /mnt (RO)
- Network: vpc-1, vsw-1, sg-1
  now: -
- Unheard: -
""")


sentences = st.sampled_from([key for key in TEXTS if key.startswith("warn_")]).map(
    lambda key: Sentence(
        key=key,
        values={
            name: "60" if name == "duration" else "\u202e\n" + "w" * 300
            for name in re.findall(r"{(\w+)}", TEXTS[key].en)
        },
    )
)


@given(
    action=st.sampled_from(sorted(WRITES)),
    language=st.sampled_from(get_args(Language)),
    values=st.lists(st.text(max_size=600), max_size=12),
    warnings=st.lists(sentences, max_size=4),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@unmeasured()
def test_whatever_others_wrote_the_text_stays_plain(
    action: str, language: Language, values: list[str], warnings: list[Sentence]
) -> None:
    change = Change(
        action=action,
        region_id="cn-hangzhou",
        target_name="notes",
        parameters=tuple(Parameter(name="Labels", value=value) for value in values),
        warnings=tuple(warnings),
        fingerprint="seen-1",
    )
    text = told(change, language)
    assert {unicodedata.category(character) for character in text.replace("\n", "")}.isdisjoint(
        {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )
    rows = [line for line in text.splitlines() if line.startswith("- ")]
    assert len(rows) == len(values) + (action == "create_instance")
    assert text == told(change, language)
