"""The change in words: complete, plain, short and stable, whatever others wrote into it."""

import re
import unicodedata
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from pai_dsw_mcp.approval.describe import as_plain_text, describe, figure, fits_a_message, visible
from pai_dsw_mcp.model.change import Change, Parameter, Price, Sentence
from pai_dsw_mcp.model.writes import WRITES
from pai_dsw_mcp.texts.changes import TEXTS
from pai_dsw_mcp.texts.text import Language
from tests.approval.changes_to_show import create_a10, create_cpu, stop, update_to_larger


def told(change: Change, language: Language = "en") -> str:
    return as_plain_text(describe("K7Q2-9MTX", change, language))


def test_a_create_says_price_place_and_every_parameter() -> None:
    assert told(create_a10()) == snapshot("""\
Create instance
9.53 CNY per hour; a forgotten week costs 1,601.04 CNY
Instance: llm_finetune_a10
Region: China (Hangzhou) · cn-hangzhou
Workspace: vision_team · 84217
Will be sent:
- Machine type: ecs.gn7i-c8g1.2xlarge
- Image address: dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/modelscope:1.26.0-pytorch2.6.0-gpu-py311-cu124-ubuntu22.04
- Dataset mount: d-rcdg3wxyz7kq -> /mnt/data (RW)
- Label: team=vision
- Visible to: PRIVATE (default)
- Label: pai-dsw-mcp-op=K7Q2-9MTX (default)
Please note:
! Programs in the instance can change and delete the data of "street_scenes (d-rcdg3wxyz7kq)".
! It is charged from the start until somebody stops it, also while idle.
To approve, type the instance name: llm_finetune_a10
Approval code: K7Q2-9MTX\
""")


def test_a_create_in_chinese() -> None:
    assert told(create_a10(), "zh") == snapshot("""\
创建实例
每小时 9.53 CNY；若忘记停止，一周将花费 1,601.04 CNY
实例：llm_finetune_a10
地域：华东1（杭州） · cn-hangzhou
工作空间：vision_team · 84217
将发送的参数：
- 计算规格：ecs.gn7i-c8g1.2xlarge
- 镜像地址：dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/modelscope:1.26.0-pytorch2.6.0-gpu-py311-cu124-ubuntu22.04
- 数据集挂载：d-rcdg3wxyz7kq -> /mnt/data (RW)
- 标签：team=vision
- 可见范围：PRIVATE (默认)
- 标签：pai-dsw-mcp-op=K7Q2-9MTX (默认)
请注意：
! 实例中的程序可以修改和删除 "street_scenes (d-rcdg3wxyz7kq)" 的数据。
! 从启动起计费，直到被停止为止，闲置时也计费。
如需批准，请输入实例名称：llm_finetune_a10
审批编号：K7Q2-9MTX\
""")


def test_an_update_says_what_was_and_what_will_be() -> None:
    assert told(update_to_larger()) == snapshot("""\
Update instance
9.53 -> 26.61 CNY per hour; a forgotten week costs 4,470.48 CNY
Instance: llm_finetune_a10 · dsw-7k2m9p4q8r
Region: China (Shanghai) · cn-shanghai
Workspace: vision_team · 84217
Will be sent:
- Instance name: llm_finetune_a10 -> llm_finetune_2xa10
- Machine type: ecs.gn7i-c8g1.2xlarge -> ecs.gn7i-c32g1.16xlarge
- Start afterwards: true
Please note:
! llm_finetune_a10 is running and may restart: work that is not saved can be lost.
! It is charged from the start until somebody stops it, also while idle.
To approve, type the instance name: llm_finetune_a10
Approval code: K7Q2-9MTX\
""")


def test_a_stop_says_what_may_be_lost() -> None:
    assert told(stop()) == snapshot("""\
Stop instance
Instance: llm_finetune_a10 · dsw-7k2m9p4q8r
Region: China (Shanghai) · cn-shanghai
Workspace: vision_team · 84217
Please note:
! Everything that runs in llm_finetune_a10 ends, and work that is not saved is lost.
! It has been running for 6.5 hours.
! If it stays stopped for more than 15 days, its free system disk and what is on it are deleted.
To approve, type the instance name: llm_finetune_a10
Approval code: K7Q2-9MTX\
""")


def test_a_click_is_enough_where_no_name_is_asked_for() -> None:
    assert told(create_cpu()) == snapshot("""\
Create instance
0.62 CNY per hour; a forgotten week costs 104.16 CNY
Instance: notes
Region: China (Hangzhou) · cn-hangzhou
Workspace: 84217
Will be sent:
- Machine type: ecs.c7.large
- Label: pai-dsw-mcp-op=K7Q2-9MTX (default)
Approval code: K7Q2-9MTX\
""")


def test_a_price_keeps_the_digits_that_it_has() -> None:
    shown = [figure(value) for value in (0, 9.5, 9.53, 0.0625, 0.125, 1601.04)]
    assert shown == ["0.00", "9.50", "9.53", "0.0625", "0.125", "1,601.04"]


def test_a_price_that_stays_has_no_before() -> None:
    price = Price(hourly=9.53, currency="CNY")
    text = describe("K7Q2-9MTX", update_to_larger().model_copy(update={"price": price}), "en")
    assert text.cost is not None
    assert text.cost.before is None


def test_a_price_in_another_currency_says_so() -> None:
    change = update_to_larger().model_copy(update={"price_before": Price(hourly=1.5, currency="USD")})
    assert "1.50 USD -> 26.61 CNY per hour" in told(change)


def test_a_region_that_is_not_listed_is_shown_by_its_id() -> None:
    assert "Region: cn-atlantis\n" in told(create_cpu().model_copy(update={"region_id": "cn-atlantis"}))


def test_an_unheard_of_parameter_is_shown_under_its_own_name() -> None:
    change = create_cpu().model_copy(update={"parameters": (Parameter(name="Priority", value="9"),)})
    assert "- Priority: 9" in told(change)


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
        Parameter(name="Priority", value=()),
    )
    text = told(create_cpu().model_copy(update={"parameters": parameters}))
    assert text[text.index("Will") : text.index("- Label")] == snapshot("""\
Will be sent:
- Dataset mount: d-1 -> /mnt/a (RW)
- Dataset mount: d-2 -> /mnt/b (RO)
  now: d-3 -> /mnt (RO)
- Network: vpc-1, vsw-1, sg-1
  now: -
- Priority: -
""")


sentences = st.sampled_from([key for key in TEXTS if key.startswith("warn_")]).map(
    lambda key: Sentence(key=key, values=dict.fromkeys(re.findall(r"{(\w+)}", TEXTS[key].en), "\u202e\n" + "w" * 300))
)


@given(
    action=st.sampled_from(sorted(WRITES)),
    language=st.sampled_from(get_args(Language)),
    values=st.lists(st.text(max_size=600), max_size=12),
    warnings=st.lists(sentences, max_size=4),
)
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
