"""The settings of the person who starts the server: flags, and the equivalent variables `PAI_DSW_MCP_…`."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

from pai_dsw_mcp import flag_values
from pai_dsw_mcp.flag_parser import PREFIX, FlagParser, from_environment, variable_of
from pai_dsw_mcp.flag_values import Address
from pai_dsw_mcp.http_flags import add_http_flags, may_use_page, problem_over_http
from pai_dsw_mcp.language import language_of
from pai_dsw_mcp.limit_flags import add_limit_flags
from pai_dsw_mcp.logs import LogFormat, LogLevel, add_log_flags
from pai_dsw_mcp.model.limits import Limits, Money, Rates
from pai_dsw_mcp.texts.text import Language
from pai_dsw_mcp.toolsets import ALL, DEFAULT, TOOLSETS, tools_named, tools_of
from pai_dsw_mcp.version import VERSION

ApproveMode: TypeAlias = Literal["auto", "form", "page", "card", "terminal", "chat"]
ResultMode: TypeAlias = Literal["both", "text", "structured"]
Verb: TypeAlias = Literal["serve", "demo", "approve", "doctor", "verify-cloud", "audit"]


@dataclass(frozen=True, slots=True)
class Settings:
    """One field per flag; timeouts in seconds, the cost line per hour in the currency of the price."""

    verb: Verb = "serve"
    approve: ApproveMode = "auto"
    card_clients: tuple[str, ...] = ()
    read_only: bool = False
    toolsets: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    result: ResultMode = "both"
    lang: Language = "en"
    lang_is_default: bool = True
    state_dir: Path = Path()
    state_dir_is_default: bool = True
    endpoint: str | None = None
    emulator: bool = False
    emulator_speed: float = 1.0
    network: Literal["public", "vpc"] = "public"
    connect_timeout: float = 5.0
    read_timeout: float = 20.0
    cost_line: float = 50.0
    env_file: Path | None = None
    image_auth_file: Path | None = None
    max_hourly: Money | None = None
    max_running: int | None = None
    max_gpus: int | None = None
    daily_budget: Money | None = None
    budget_timezone: tzinfo | None = None
    regions: tuple[str, ...] = ()
    workspaces: tuple[str, ...] = ()
    since: float | None = None
    json: bool = False
    verify: bool = False
    end: bool = False
    log_level: LogLevel = "warning"
    log_format: LogFormat = "json"
    with_writes: bool = False
    record: Path | None = None
    http: Address | None = None
    admin_listen: Address | None = None
    otlp_endpoint: str | None = None
    allow_host: tuple[str, ...] = ()
    allow_origin: tuple[str, ...] = ()
    bearer_token_file: Path | None = None
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    database: str | None = None
    database_password_file: Path | None = None
    audit_key_file: Path | None = None
    audit_checkpoint_file: Path | None = None
    reads_per_minute: int = 0
    questions_per_hour: int = 0
    writes_per_hour: int = 0
    oidc_client_id: str | None = None
    oidc_client_secret_file: Path | None = None
    second_person_above: Money | None = None
    approver_group: str | None = None
    role_arn: str | None = None
    owner_claim: str | None = None

    @property
    def journal_path(self) -> Path:
        """Where approvals and operations are kept."""
        return self.state_dir / "journal.sqlite3"

    @property
    def limits(self) -> Limits:
        """What may run, as the operator set it."""
        return Limits(
            max_hourly=self.max_hourly,
            max_running=self.max_running,
            max_gpus=self.max_gpus,
            daily_budget=self.daily_budget,
            timezone=self.budget_timezone,
        )

    @property
    def rates(self) -> Rates:
        """How often one person may do what."""
        return Rates(
            reads_per_minute=self.reads_per_minute,
            questions_per_hour=self.questions_per_hour,
            writes_per_hour=self.writes_per_hour,
        )

    @property
    def offered(self) -> frozenset[str]:
        """The names of the tools that were asked for: those of the toolsets, and single ones."""
        toolsets = self.toolsets if self.toolsets or self.tools else (DEFAULT,)
        return frozenset((*tools_of(toolsets), *self.tools))


def _state_dir(environ: Mapping[str, str]) -> Path | None:
    """Where the journal lies unless the person says otherwise; nowhere for a user whose home is not known."""
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        if name in environ:
            return Path(environ[name]) / "pai-dsw-mcp"
    try:
        return Path(environ.get("HOME") or "~").expanduser() / ".local" / "state" / "pai-dsw-mcp"
    except RuntimeError:
        return None


def _parser(environ: Mapping[str, str]) -> tuple[FlagParser, list[argparse.Action]]:
    """The parser, and its flags: each has a variable of the same name."""
    parser = FlagParser(
        prog="pai-dsw-mcp",
        description="MCP server for Alibaba Cloud PAI DSW notebooks. Without a verb it serves on stdio.",
        epilog=f"Every flag can be set in the environment: --read-only is {PREFIX}READ_ONLY=true.",
        allow_abbrev=False,
    )
    parser.add_argument("-V", "--version", action="version", version=f"%(prog)s {VERSION}")
    parser.add_argument(
        "verb",
        nargs="?",
        choices=("serve", "demo", "approve", "doctor", "verify-cloud", "audit"),
        default="serve",
        help="serve (default); demo: watch a conversation; approve: say yes or no here;"
        " doctor: check credentials, network and rights; verify-cloud: see how the service behaves;"
        " audit: list what was done",
    )
    flags: list[argparse.Action] = []

    def flag(name: str, help_text: str, *, default: Any, shown: str = "%(default)s", **options: Any) -> None:
        action = parser.add_argument(f"--{name}", default=default, **options)
        action.help = f"{help_text} (default: {shown}; {variable_of(action)})"
        flags.append(action)

    def switch(name: str, help_text: str) -> None:
        flag(name, help_text, default=False, shown="off", action=argparse.BooleanOptionalAction)

    flag(
        "approve",
        "how a person says yes: a form where the client has one, else a page",
        choices=("auto", "form", "page", "card", "terminal", "chat"),
        default="auto",
    )
    flag(
        "card-clients",
        "names of the clients whose cards get Approve and Reject with --approve card, with commas",
        type=flag_values.names(tuple),
        default=(),
        shown="none",
    )
    switch("read-only", "no tool that changes anything")
    flag(
        "toolsets",
        f"sets of tools, with commas: {', '.join(TOOLSETS)}, or {ALL}",
        type=flag_values.names(tools_of),
        default=(),
        shown=DEFAULT,
    )
    flag(
        "tools",
        "single tools, with commas: these alone, or beside --toolsets",
        type=flag_values.names(tools_named),
        default=(),
        shown="none",
    )
    flag(
        "result",
        "what an answer holds: its text, its structure (errors keep their text), or both",
        choices=("both", "text", "structured"),
        default="both",
    )
    flag("lang", "language of forms, page and terminal", choices=("en", "zh"), default=None, shown=language_of(environ))
    folder = str(_state_dir(environ) or "none, for the home of this user is not known").replace("%", "%%")
    flag("state-dir", "folder of the journal", type=flag_values.path, default=None, shown=folder)
    flag("endpoint", "an emulator on loopback instead of the cloud; test keys only", default=None, shown="the cloud")
    switch("emulator", "serve with an emulator of its own: no account")
    flag(
        "emulator-speed",
        "how much faster than the clock the emulator lives; approvals and waits stay by the clock",
        type=flag_values.positive,
        default=1.0,
    )
    flag("network", "public endpoints, or those inside a VPC", choices=("public", "vpc"), default="public")
    flag("connect-timeout", "seconds until a connection must stand", type=flag_values.seconds, default=5.0)
    flag("read-timeout", "seconds until a read must be answered", type=flag_values.seconds, default=20.0)
    flag(
        "cost-line",
        "price per hour from which the instance name is typed back",
        type=flag_values.positive,
        default=50.0,
    )
    flag(
        "env-file",
        "file of yours with NAME=value lines for new instances; no passwords, secrets or keys of a cloud",
        type=flag_values.path,
        default=None,
        shown="none",
    )
    flag(
        "image-auth-file",
        "sign-ins to image registries, as docker login writes them",
        type=flag_values.path,
        default=None,
        shown="none",
    )

    add_limit_flags(flag)
    add_log_flags(flag)
    switch("json", "doctor, verify-cloud, audit: print JSON")
    switch("verify", "audit: find what was changed in the database behind the servers' back")
    switch("end", "audit: verify that audit, and end it")
    switch("with-writes", "verify-cloud: make an instance too, after a yes at the terminal")
    flag(
        "record",
        "verify-cloud: keep scrubbed replies in this empty folder",
        type=flag_values.path,
        default=None,
        shown="none",
    )
    flag(
        "since",
        "audit: from this time on, such as 7d or 2026-01-31",
        type=flag_values.moment,
        default=None,
        shown="the newest",
    )
    add_http_flags(flag)
    return parser, flags


def read_settings(arguments: Sequence[str], environ: Mapping[str, str] | None = None) -> Settings:
    """Flags win over the environment, the environment over the defaults.

    Raises:
        SystemExit: With code 2 and a sentence on stderr, for a flag or a variable that is not understood; with 0 after
            --help and --version.
    """
    environ = os.environ if environ is None else environ
    parser, flags = _parser(environ)
    parser.answer_first(arguments)
    parser.refuse_unknown_variables(environ, [variable_of(flag) for flag in flags])
    parser.refuse_unknown_flags(arguments, flags)
    found = vars(parser.parse_args([*from_environment(parser, flags, environ), *arguments]))
    if found["emulator"] and found["endpoint"]:
        parser.error("--emulator starts one of its own; --endpoint names another: give one of them")
    if found["with_writes"] and found["read_only"]:
        parser.error("--with-writes makes an instance, and --read-only forbids every change: give one of them")
    problem = problem_over_http(found)
    if problem is not None:
        parser.error(problem)
    if (found["approve"] == "card") != bool(found["card_clients"]):
        parser.error("--approve card and --card-clients belong together: cards count in clients that you name")
    if found["approve"] == "auto" and not may_use_page(found):
        found["approve"] = "form"
    given = cast("Path | None", found.pop("state_dir"))
    lang = cast("Language | None", found.pop("lang"))
    if found["verb"] in {"approve", "audit"}:
        # They read the journal of a running server, and need no emulator of their own.
        if found["emulator"] and given is None:
            parser.error("a server with --emulator has a journal of its own: name its --state-dir, as its answers do")
        found["emulator"] = False
    state_dir = given or _state_dir(environ)
    if state_dir is None:
        needs_none = {"demo", "doctor"} if found["with_writes"] else {"demo", "doctor", "verify-cloud"}
        if not found["emulator"] and found["verb"] not in needs_none:
            parser.error("the home of this user is not known, so there is no place for the journal; give --state-dir")
        state_dir = Path()
    return Settings(
        lang=lang or language_of(environ),
        lang_is_default=lang is None,
        state_dir=state_dir,
        state_dir_is_default=given is None,
        **found,
    )
