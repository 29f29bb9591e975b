"""What the person who starts the server decides, by flag or by environment."""

import os
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pai_dsw_mcp.flag_values import Address
from pai_dsw_mcp.model.limits import Money
from pai_dsw_mcp.settings import Settings, read_settings
from tests.house.flags import BEARER, HOME, HTTP, NAMED, OIDC, OWNER, PAGE, PUBLIC, ROLE, SEALED, SECOND

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_the_defaults() -> None:
    assert read_settings([], HOME) == Settings(state_dir=Path("/home/lin/.local/state/pai-dsw-mcp"))


@pytest.mark.parametrize(
    ("flags", "variable", "value", "expected"),
    [
        (["--approve", "terminal"], "APPROVE", "terminal", ("approve", "terminal")),
        (["--read-only"], "READ_ONLY", "true", ("read_only", True)),
        (["--no-read-only"], "READ_ONLY", "0", ("read_only", False)),
        (["--toolsets", "core"], "TOOLSETS", "core", ("toolsets", ("core",))),
        (["--tools", "get_instance"], "TOOLS", "get_instance", ("tools", ("get_instance",))),
        (["--result", "text"], "RESULT", "text", ("result", "text")),
        (["--lang", "zh"], "LANG", "zh", ("lang", "zh")),
        (["--state-dir", "/var/pai"], "STATE_DIR", "/var/pai", ("state_dir", Path("/var/pai"))),
        (["--endpoint", "http://127.0.0.1:1"], "ENDPOINT", "http://127.0.0.1:1", ("endpoint", "http://127.0.0.1:1")),
        (["--emulator"], "EMULATOR", "yes", ("emulator", True)),
        (["--emulator-speed", "60"], "EMULATOR_SPEED", "60", ("emulator_speed", 60.0)),
        (["--network", "vpc"], "NETWORK", "vpc", ("network", "vpc")),
        (["--connect-timeout", "2.5"], "CONNECT_TIMEOUT", "2.5", ("connect_timeout", 2.5)),
        (["--read-timeout", "45"], "READ_TIMEOUT", "45", ("read_timeout", 45.0)),
        (["--cost-line", "10"], "COST_LINE", "10", ("cost_line", 10.0)),
        (["--regions", "cn-hangzhou,"], "REGIONS", "cn-hangzhou", ("regions", ("cn-hangzhou",))),
        (["--workspaces", "40001, 40002"], "WORKSPACES", "40001,40002", ("workspaces", ("40001", "40002"))),
        (["--max-hourly", "100"], "MAX_HOURLY", "100CNY", ("max_hourly", Money(100.0, "CNY"))),
        (["--daily-budget", "12.5 USD"], "DAILY_BUDGET", "12.50USD", ("daily_budget", Money(12.5, "USD"))),
        (["--max-running", "3"], "MAX_RUNNING", "3", ("max_running", 3)),
        (["--max-gpus", "0"], "MAX_GPUS", "0", ("max_gpus", 0)),
        (
            ["--budget-timezone", "Asia/Shanghai"],
            "BUDGET_TIMEZONE",
            "Asia/Shanghai",
            ("budget_timezone", ZoneInfo("Asia/Shanghai")),
        ),
        (["--json"], "JSON", "true", ("json", True)),
        (["--log-level", "debug"], "LOG_LEVEL", "debug", ("log_level", "debug")),
        (["--log-format", "text"], "LOG_FORMAT", "text", ("log_format", "text")),
        (["--record", "/tmp/kept"], "RECORD", "/tmp/kept", ("record", Path("/tmp/kept"))),
        (["--with-writes"], "WITH_WRITES", "true", ("with_writes", True)),
        (
            ["--http", "localhost:8000"],
            "HTTP",
            "127.0.0.1:8000",
            ("http", Address("127.0.0.1", 8000, is_loopback=True)),
        ),
        (["--http", "[::1]:0"], "HTTP", "[::1]:0", ("http", Address("::1", 0, is_loopback=True))),
    ],
    ids=str,
)
def test_a_flag_and_its_variable_say_the_same(
    flags: list[str], variable: str, value: str, expected: tuple[str, object]
) -> None:
    by_flag = read_settings(flags, HOME)
    by_variable = read_settings([], {**HOME, f"PAI_DSW_MCP_{variable}": value})
    assert by_flag == by_variable
    assert getattr(by_flag, expected[0]) == expected[1]


def test_a_flag_wins_over_the_environment() -> None:
    environ = {**HOME, "PAI_DSW_MCP_APPROVE": "page", "PAI_DSW_MCP_READ_ONLY": "true"}
    settings = read_settings(["--approve", "form", "--no-read-only"], environ)
    assert (settings.approve, settings.read_only) == ("form", False)


@pytest.mark.parametrize(
    ("locale", "language"),
    [({"LANG": "zh_CN.UTF-8"}, "zh"), ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"), ({}, "en")],
    ids=["zh", "LC_ALL wins", "none"],
)
def test_the_language_follows_the_locale(locale: dict[str, str], language: str) -> None:
    assert read_settings([], {**HOME, **locale}).lang == language


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"XDG_STATE_HOME": "/state", **HOME}, "/state/pai-dsw-mcp"),
        ({"LOCALAPPDATA": "/appdata"}, "/appdata/pai-dsw-mcp"),
    ],
    ids=["XDG", "Windows"],
)
def test_the_journal_lies_where_the_system_keeps_state(environ: dict[str, str], folder: str) -> None:
    assert read_settings([], environ).journal_path == Path(folder) / "journal.sqlite3"


@pytest.fixture
def unknown_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user of a container that the system has no entry for."""
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 17)


@pytest.mark.usefixtures("unknown_user")
@pytest.mark.parametrize("verb", ["serve", "approve", "audit", "verify-cloud --with-writes"])
def test_a_user_without_a_home_is_told_to_name_a_folder(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_settings(verb.split(), {})
    assert ended.value.code == 2
    assert "--state-dir" in capsys.readouterr().err.splitlines()[0]


@pytest.mark.usefixtures("unknown_user")
@pytest.mark.parametrize("arguments", [["demo"], ["doctor"], ["--emulator"], ["--state-dir", "/state"]], ids=" ".join)
def test_what_needs_no_folder_of_its_own_needs_no_home(arguments: list[str]) -> None:
    assert read_settings(arguments, {}).state_dir == Path("/state" if "--state-dir" in arguments else "")


@pytest.mark.parametrize(
    ("arguments", "environ", "named"),
    [
        (["--state-dir", "~nobody_here/x"], {}, "--state-dir"),
        (["--approve", "always"], {}, "--approve"),
        (["--read-timeout", "0"], {}, "--read-timeout"),
        (["--read-timeout", "601"], {}, "--read-timeout"),
        (["--read-timeout", "soon"], {}, "--read-timeout"),
        (["--toolsets", "core,everything"], {}, "everything"),
        (["--tools", "delete_instance"], {}, "delete_instance"),
        (["--cost-line", "-1"], {}, "--cost-line"),
        (["--max-hourly", "much"], {}, "--max-hourly"),
        (["--max-running", "-1"], {}, "--max-running"),
        (["--budget-timezone", "Mars/Phobos"], {}, "--budget-timezone"),
        (["--workspaces", "mine"], {}, "--workspaces"),
        (["--cost", "1"], {}, "--cost"),
        (["deploy"], {}, "deploy"),
        ([], {"PAI_DSW_MCP_READ_ONLY": "perhaps"}, "PAI_DSW_MCP_READ_ONLY"),
        ([], {"PAI_DSW_MCP_LANG": "fr"}, "--lang"),
        (["--emulator", "--endpoint", "http://127.0.0.1:1"], {}, "--endpoint"),
        (["--http", "8000"], {}, "--http"),
        (["--http", "example.com:8000"], {}, "--http"),
        (["--http", "127.0.0.1:65536"], {}, "--http"),
        (["--http", "127.0.0.1:"], {}, "--http"),
        ([*HTTP, "--allow-host", "*"], {}, "--allow-host"),
        ([*HTTP, "--allow-host", "https://a.example"], {}, "--allow-host"),
        ([*HTTP, "--allow-origin", "*"], {}, "--allow-origin"),
        ([*HTTP, "--allow-origin", "https://a.example/"], {}, "--allow-origin"),
        ([*HTTP, *OIDC, "--oidc-issuer", "http://idp.example.com"], {}, "--oidc-issuer"),
        ([*HTTP, *OIDC, "--oidc-issuer", "https://idp.example.com/?a"], {}, "--oidc-issuer"),
        ([*HTTP, *OIDC, "--oidc-issuer", "https://["], {}, "--oidc-issuer"),
        ([*HTTP, "--oidc-issuer", "https://idp.example.com"], {}, "--oidc-audience"),
        ([*HTTP, "--oidc-audience", "dsw"], {}, "--oidc-issuer"),
        ([*HTTP, *OIDC, *BEARER], {}, "--bearer-token-file"),
        ([*HTTP, "--approve", "terminal"], {}, "--approve terminal"),
        ([*HTTP, "--approve", "chat"], {}, "--approve chat"),
        ([*HTTP, "--approve", "card", "--card-clients", "claude-ai"], {}, "--approve card"),
        (["--max-hourly", "100XYZ"], {}, "no price is in XYZ: give one of CNY, USD, JPY"),
        (["--approve", "card"], {}, "--card-clients"),
        (["--card-clients", "claude-ai"], {}, "--approve card"),
        (["--approve", "page"], {"PAI_DSW_MCP_CARD_CLIENTS": "claude-ai"}, "--approve card"),
        ([*HTTP, *OIDC, "--approve", "page"], {}, "--approve page"),
        ([*PUBLIC, *NAMED, *BEARER, "--approve", "page"], {}, "--approve page"),
        (PUBLIC, {}, "--allow-host"),
        ([*PUBLIC, *NAMED], {}, "sign-in"),
        ([*PUBLIC, *OIDC], {}, "--allow-host"),
        ([*PUBLIC, *BEARER], {}, "--allow-host"),
        (["--http", "[::]:8000"], {}, "sign-in"),
        (["--http", "10.0.0.5:8000"], {}, "sign-in"),
        (["--admin-listen", "127.0.0.1:1"], {}, "--http"),
        (["verify-cloud", "--with-writes", "--read-only"], {}, "--read-only"),
        (NAMED, {}, "--http"),
        (BEARER, {}, "--http"),
        (OIDC, {}, "--http"),
        (["--database", "postgresql://db/dsw"], {}, "--http"),
        (["approve", "--database", "postgresql://db/dsw"], {}, "--http"),
        ([*HTTP, "--database-password-file", "/run/password"], {}, "--database"),
        (SEALED, {}, "--http"),
        (["--reads-per-minute", "9"], {}, "--http"),
        ([*HTTP, "--writes-per-hour", "few"], {}, "--writes-per-hour"),
        ([*HTTP, *SEALED[2:]], {}, "--database"),
        ([*HTTP, *SEALED[:4]], {}, "--audit-checkpoint-file"),
        ([*HTTP, *SEALED[:2], *SEALED[4:]], {}, "--audit-key-file"),
        (["audit", *SEALED[:4]], {}, "--audit-checkpoint-file"),
        (["--oidc-client-id", "dsw-page"], {}, "--http"),
        (["--oidc-client-secret-file", "/run/secret"], {}, "--http"),
        (SECOND, {}, "--http"),
        (ROLE, {}, "--http"),
        (OWNER, {}, "--http"),
        ([*HTTP, *ROLE], {}, "--oidc-issuer"),
        ([*HTTP, *BEARER, *OWNER], {}, "--oidc-issuer"),
        ([*HTTP, *OIDC, "--role-arn", "dsw-team"], {}, "--role-arn"),
        ([*HTTP, "--oidc-client-id", "dsw-page"], {}, "--oidc-issuer"),
        ([*HTTP, *OIDC, "--oidc-client-secret-file", "/run/secret"], {}, "--oidc-client-id"),
        ([*HTTP, *OIDC, *SECOND], {}, "--oidc-client-id"),
        ([*HTTP, *PAGE, *SECOND[:2]], {}, "--approver-group"),
        ([*HTTP, *PAGE, *SECOND[2:]], {}, "--second-person-above"),
        ([*HTTP, *PAGE, *SECOND, "--second-person-above", "much"], {}, "--second-person-above"),
    ],
    ids=str,
)
def test_wrong_use_ends_with_code_2_and_names_what_is_wrong(
    arguments: list[str], environ: dict[str, str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_settings(arguments, {**HOME, **environ})
    assert ended.value.code == 2
    assert named in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--nonsense"], "--nonsense is not a flag of this program"),
        (["--readonly"], "--readonly is not a flag of this program; the nearest is --read-only"),
        (["--aprove", "page"], "--aprove is not a flag of this program; the nearest is --approve"),
        (["--no-read-onyl=1"], "--no-read-onyl is not a flag of this program; the nearest is --no-read-only"),
        (["--zzzzz"], "--zzzzz is not a flag of this program"),
        (["-z"], "unrecognized arguments: -z"),
    ],
)
def test_a_misspelt_flag_is_told_in_one_line_with_the_nearest(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_settings(arguments, HOME)
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"pai-dsw-mcp: error: {told}\nSee `pai-dsw-mcp --help`.\n"


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("PAI_DSW_MCP_READONLY", "PAI_DSW_MCP_READ_ONLY"),
        ("PAI_DSW_MCP_APROVE", "PAI_DSW_MCP_APPROVE"),
        ("pai_dsw_mcp_read_only", "PAI_DSW_MCP_READ_ONLY"),
        ("PAI-DSW-MCP-READ-ONLY", "PAI_DSW_MCP_READ_ONLY"),
        ("PAI_DSW_MCPREAD_ONLY", "PAI_DSW_MCP_READ_ONLY"),
    ],
)
def test_a_misspelt_variable_stops_the_start_and_the_right_name_is_told(
    name: str, nearest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_settings([], {**HOME, name: "true"})
    assert ended.value.code == 2
    assert re.search(rf"{name}\b.*\b{nearest}$", capsys.readouterr().err, re.MULTILINE)


@pytest.mark.parametrize(("asked", "told"), [("--help", "usage: "), ("-h", "usage: "), ("--version", "pai-dsw-mcp ")])
def test_the_help_and_the_version_are_told_before_a_variable_is_refused(
    asked: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_settings(["doctor", asked], {**HOME, "PAI_DSW_MCP_READONLY": "true", "PAI_DSW_MCP_JSON": "perhaps"})
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(told)


def test_the_help_tells_the_variable_and_the_default_of_every_flag(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_settings(["--help"], {"HOME": "/home/100%"})
    usage = " ".join(capsys.readouterr().out.split()).split("version number and exit")[1]
    flags = re.findall(r" --([a-z-]+)(?:, --no-[a-z-]+)? .*?\(default: (.*?); (PAI_DSW_MCP_\w+)\)", usage)
    told = {name: default for name, default, _ in flags}
    assert len(told) == usage.count("PAI_DSW_MCP_") - 1
    assert all(variable == f"PAI_DSW_MCP_{name.upper().replace('-', '_')}" for name, _, variable in flags)
    assert told["read-timeout"] == "20.0"
    assert told["read-only"] == "off"
    assert told["state-dir"] == "/home/100%/.local/state/pai-dsw-mcp"
