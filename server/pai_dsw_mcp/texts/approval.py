"""What is said around an approval: on the page, in the terminal, and by the journal."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

_JOURNAL: Final = {
    "journal_failed": Text(
        "The journal {path} cannot be used ({reason}). Nothing was sent.",
        "无法使用日志文件 {path}（{reason}）。未发送任何请求。",
    ),
    "journal_newer": Text(
        "The journal {path} was written by a newer version (schema {version}; this one knows {known})."
        " Nothing was sent.",
        "日志文件 {path} 由更新的版本写入（架构 {version}，当前支持 {known}）。未发送任何请求。",
    ),
    "journal_foreign": Text(
        "{path} is not a journal of this program. Nothing was sent.",
        "{path} 不是本程序的日志文件。未发送任何请求。",
    ),
    "journal_open_to_others": Text(
        "Other users of this machine can enter {path}; run `chmod 700` on it or choose another --state-dir."
        " Nothing was sent.",
        "本机其他用户可以进入 {path}；请对其执行 `chmod 700`，或另选 --state-dir。未发送任何请求。",
    ),
    "approval_unknown": Text(
        "There is no such approval.",
        "没有这个审批。",
    ),
    "approval_already_decided": Text(
        "Approval {reference} is no longer waiting: it is {state}.",
        "审批 {reference} 已不在等待：当前状态为 {state}。",
    ),
    "approval_missing": Text(
        "Nobody has approved exactly this change, or the approval was used or has expired.",
        "此变更尚未获得批准，或批准已被使用或已过期。",
    ),
    "scope_busy": Text(
        "An earlier request for {instance_name} ({reference}) has not ended yet.",
        "对 {instance_name} 的上一个请求（{reference}）尚未结束。",
    ),
}

TEXTS: Final[dict[str, Text]] = {**_JOURNAL}
