"""The flags of a server over HTTP, and what may not be combined. Read at every start, so it imports next to nothing."""

from collections.abc import Callable, Mapping
from typing import Any

from pai_dsw_mcp import flag_values
from pai_dsw_mcp.flag_values import Address

_OTHERS = (
    "admin_listen",
    "otlp_endpoint",
    "allow_host",
    "allow_origin",
    "bearer_token_file",
    "oidc_issuer",
    "oidc_audience",
    "oidc_client_id",
    "oidc_client_secret_file",
    "second_person_above",
    "approver_group",
    "reads_per_minute",
    "questions_per_hour",
    "writes_per_hour",
    "role_arn",
    "owner_claim",
)
_DATABASE = ("database", "database_password_file", "audit_key_file", "audit_checkpoint_file")
"""Also of `audit`, which reads what the servers wrote."""
_BOTH = "--oidc-issuer and --oidc-audience belong together: a token for another audience must not count"
_SEALED = "--audit-key-file and --audit-checkpoint-file belong together: without a checkpoint nobody sees a cut end"
_SOMEBODY = "--second-person-above and --approver-group belong together: somebody must be able to approve"
_TOGETHER = (
    ("oidc_issuer", "oidc_audience", _BOTH),
    ("oidc_audience", "oidc_issuer", _BOTH),
    ("oidc_client_id", "oidc_issuer", "--oidc-client-id is a client of --oidc-issuer: give that as well"),
    (
        "oidc_client_secret_file",
        "oidc_client_id",
        "--oidc-client-secret-file is of --oidc-client-id: give that as well",
    ),
    (
        "database_password_file",
        "database",
        "--database-password-file belongs to --database: give both, or leave it out",
    ),
    ("audit_key_file", "database", "--audit-key-file seals what is in --database: give both, or leave it out"),
    ("audit_key_file", "audit_checkpoint_file", _SEALED),
    ("audit_checkpoint_file", "audit_key_file", _SEALED),
    ("second_person_above", "approver_group", _SOMEBODY),
    ("approver_group", "second_person_above", _SOMEBODY),
    ("role_arn", "oidc_issuer", "--role-arn is assumed for each person who signs in: give --oidc-issuer as well"),
    ("owner_claim", "oidc_issuer", "--owner-claim is read from the tokens of --oidc-issuer: give that as well"),
    (
        "second_person_above",
        "oidc_client_id",
        "--second-person-above needs the page where the other person signs in: give --oidc-client-id as well",
    ),
)
"""A flag, another one that it needs, and why."""


def add_http_flags(flag: Callable[..., None]) -> None:
    """Adds them with `flag`, as the other flags are."""
    address = {"type": flag_values.address, "default": None}
    flag("http", "serve Streamable HTTP at /mcp of this HOST:PORT instead of stdio", shown="stdio", **address)
    flag("admin-listen", "HOST:PORT with /livez, /readyz and /metrics, for a supervisor", shown="none", **address)
    flag(
        "otlp-endpoint",
        "collector that traces and metrics are sent to (OTLP over HTTP), such as http://127.0.0.1:4318",
        type=flag_values.collector,
        default=None,
        shown="none",
    )
    flag(
        "allow-host",
        "names under which clients reach it, as their Host header has them, with commas",
        type=flag_values.hosts,
        default=(),
        shown="the address itself, on loopback",
    )
    flag(
        "allow-origin",
        "origins of web pages that may call it, with commas",
        type=flag_values.origins,
        default=(),
        shown="none",
    )
    flag(
        "bearer-token-file",
        "file of yours with the one token that lets a client in",
        type=flag_values.path,
        default=None,
        shown="none",
    )
    flag(
        "oidc-issuer",
        "identity provider whose access tokens let people in",
        type=flag_values.issuer,
        default=None,
        shown="none",
    )
    flag("oidc-audience", "the audience that those tokens must have", default=None, shown="none")
    flag(
        "oidc-client-id", "what that provider calls the approval page, where people sign in", default=None, shown="none"
    )
    flag(
        "oidc-client-secret-file",
        "file of yours with the secret of that client, if it has one",
        type=flag_values.path,
        default=None,
        shown="none: a public client",
    )
    flag(
        "second-person-above",
        "price per hour, such as 100 or 100CNY, above which another person has to approve",
        type=flag_values.money,
        default=None,
        shown="none",
    )
    rate = {"type": flag_values.whole, "default": 0, "shown": "0: no limit"}
    flag("reads-per-minute", "calls of tools that one person may make in a minute", **rate)
    flag("questions-per-hour", "questions that may be asked for one person in an hour", **rate)
    flag("writes-per-hour", "changes that may be sent for one person in an hour", **rate)
    flag("approver-group", "the group of those other persons, as the claim groups has it", default=None, shown="none")
    flag(
        "role-arn",
        "RAM role that the server assumes for each person, so that the cloud's trail shows who",
        type=flag_values.role_arn,
        default=None,
        shown="none: its own credentials for all",
    )
    flag(
        "owner-claim",
        "claim of the access token with the person's cloud user id, who becomes the owner of new instances",
        default=None,
        shown="none",
    )
    flag(
        "database",
        "PostgreSQL that several servers share instead of the journal's file, without the password",
        type=flag_values.database,
        default=None,
        shown="none",
    )
    flag(
        "database-password-file",
        "file of yours with the password of the database",
        type=flag_values.path,
        default=None,
        shown="as libpq finds it, such as PGPASSWORD",
    )
    flag(
        "audit-key-file",
        "file of yours with the key that seals the audit in the database",
        type=flag_values.path,
        default=None,
        shown="none: no audit",
    )
    flag(
        "audit-checkpoint-file",
        "file where this server keeps the newest row of the audit that it knows",
        type=flag_values.path,
        default=None,
        shown="none",
    )


def problem_over_http(found: Mapping[str, Any]) -> str | None:
    """What cannot be served as it was asked for, and what to do; None where all is well."""
    listen: Address | None = found["http"]
    if listen is None:
        others = _OTHERS if found["verb"] == "audit" else (*_OTHERS, *_DATABASE)
        lost = [f"--{name.replace('_', '-')}" for name in others if found[name]]
        if lost:
            return f"{lost[0]} is for a server over HTTP: give --http as well, or leave it out"
    alone = next((why for given, needed, why in _TOGETHER if found[given] and not found[needed]), None)
    if alone is not None or listen is None:
        return alone
    if found["oidc_issuer"] and found["bearer_token_file"]:
        return "--bearer-token-file is for one person, --oidc-issuer for several: give one of them"
    has_sign_in = bool(found["oidc_issuer"] or found["bearer_token_file"])
    if not listen.is_loopback and not (has_sign_in and found["allow_host"]):
        return (
            f"{listen} can be reached from other machines: that needs a sign-in (--oidc-issuer with --oidc-audience, or"
            " --bearer-token-file) and --allow-host; or listen on 127.0.0.1"
        )
    if found["approve"] in {"terminal", "chat", "card"}:
        return f"--approve {found['approve']} proves nothing of who answers over HTTP: use form, or auto"
    if found["approve"] == "page" and not may_use_page(found):
        return (
            "--approve page: without --oidc-client-id its links are for one person and a browser on this machine; use"
            " form, or auto"
        )
    return None


def may_use_page(found: Mapping[str, Any]) -> bool:
    """Whether the page may be used: people sign in there, or one person asks whose browser is on this machine."""
    listen: Address | None = found["http"]
    return listen is None or (listen.is_loopback and not found["oidc_issuer"]) or bool(found["oidc_client_id"])
