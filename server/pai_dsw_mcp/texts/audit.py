"""What `pai-dsw-mcp audit` says, and what the server says of itself in a terminal."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

_COLUMNS: Final = {
    "audit_asked": Text("Asked ({zone})", "询问时间（{zone}）"),
    "audit_action": Text("Change", "变更"),
    "audit_instance": Text("Instance", "实例"),
    "audit_region": Text("Region", "地域"),
    "audit_price": Text("Price per hour", "每小时价格"),
    "audit_client": Text("Client", "客户端"),
    "audit_person": Text("Asked by", "询问者"),
    "audit_answer": Text("Answer", "答复"),
    "audit_outcome": Text("Outcome", "结果"),
    "audit_code": Text("Approval code", "审批编号"),
    "audit_request_id": Text("RequestId", "RequestId"),
    "audit_feedback": Text("Words of the person", "附言"),
}

_ANSWERS: Final = {
    "audit_waiting": Text("waiting", "等待答复"),
    "audit_approved": Text("yes ({channel})", "批准（{channel}）"),
    "audit_rejected": Text("no ({channel})", "拒绝（{channel}）"),
    "audit_closed": Text("none, form closed", "未作答，表单被关闭"),
    "audit_by": Text("{channel}: {name}", "{channel}：{name}"),
    "audit_expired": Text("none in time", "未及时答复"),
    "audit_superseded": Text("none, asked anew", "已被新的询问取代"),
    "audit_form": Text("form", "表单"),
    "audit_page": Text("page", "页面"),
    "audit_card": Text("card", "卡片"),
    "audit_terminal": Text("terminal", "终端"),
    "audit_chat": Text("chat", "对话"),
    "audit_http_page": Text("HTTP page", "HTTP 页面"),
    "audit_second_person": Text("another person", "另一人"),
}

_ATTEMPTS: Final = {
    "audit_attempt": Text("an answer without a card's secret", "未携带卡片密钥的答复"),
    "audit_attempt_refused": Text("refused, nothing decided", "已拒绝，未作任何决定"),
}

_OUTCOMES: Final = {
    "audit_not_requested": Text("not sent", "未发送"),
    "audit_sent": Text("sent, no reply yet", "已发送，尚无响应"),
    "audit_done": Text("done", "已完成"),
    "audit_partial": Text("partly done ({code})", "部分完成（{code}）"),
    "audit_refused": Text("refused ({code})", "被拒绝（{code}）"),
    "audit_unknown": Text("unknown ({code})", "未知（{code}）"),
    "audit_lost": Text("lost", "已丢失"),
    "audit_not_sent": Text("not sent ({code})", "未能发送（{code}）"),
}

_AROUND: Final = {
    "audit_empty": Text("Nobody was asked about a change.", "没有任何变更询问。"),
    "audit_cut": Text(
        "Only the newest {count} are shown. `--since 2026-01-31` or `--since 7d` shows everything from then on.",
        "仅显示最近 {count} 条。使用 `--since 2026-01-31` 或 `--since 7d` 可显示该时间之后的全部记录。",
    ),
}

_VERIFIED: Final = {
    "audit_intact": Text(
        "The audit is intact: {rows} rows, each as it was written, and the journal is as they say. The checkpoint"
        " vouches for the first {vouched}.",
        "审计完好：共 {rows} 行，每行均与写入时一致，日志内容与之相符。检查点可证明前 {vouched} 行未被截断。",
    ),
    "audit_ended": Text(
        " It was ended at these rows: {rows}. What changed from each of them until the next row is not in it.",
        "审计曾在以下行结束：{rows}。从每一处到下一行之间的变更未被审计。",
    ),
    "audit_ended_now": Text(
        " The audit is ended now: servers without its key may change something.",
        "审计现已结束：没有密钥的服务可以作变更。",
    ),
    "audit_manipulated": Text(
        "MANIPULATED: {found} Keep a copy of the database as it is, and find out who can write to it.",
        "已被篡改：{found}请原样保留一份数据库副本，并查明谁有写入权限。",
    ),
    "audit_row_missing": Text("row {row} of the audit is missing.", "审计第 {row} 行缺失。"),
    "audit_row_changed": Text(
        "row {row} of the audit does not fit its seal. It was changed, moved, or made without the key that"
        " counted then. Or nobody manipulated anything, and --audit-key-file lacks a key of the servers, or has them in"
        " another order: every one of them, the newest on the first line.",
        "审计第 {row} 行与其签章不符。该行被修改、移动，或写入者没有当时有效的密钥。也可能并无篡改，只是 --audit-key-file 缺少服务用过的密钥，或顺序不对：应包含全部密钥，最新的在第一行。",
    ),
    "audit_end_missing": Text(
        "the end of the audit was cut off, from row {row} on.", "审计的末尾被截断，从第 {row} 行开始缺失。"
    ),
    "audit_step_impossible": Text(
        "row {row} of the audit says of approval code {approval_code} what no server does from where it stood before:"
        " somebody changed the journal, and a server went on from there.",
        "审计第 {row} 行所记录的审批编号 {approval_code} 的变化，不是任何服务会作出的：有人修改了日志，随后服务在此基础上继续运行。",
    ),
    "audit_journal_differs": Text(
        "the audit itself is whole, but the journal differs from it at approval code {approval_code}.",
        "审计本身完整，但日志中审批编号 {approval_code} 的内容与审计不符。",
    ),
}

_NOT_VERIFIED: Final = {
    "audit_of_a_file": Text(
        "Nothing can be proved of a journal in a file: whoever runs the server can read every key on this machine, and so"
        " could write the file anew. An audit that shows manipulation needs --database and --audit-key-file.",
        "文件形式的日志无法证明任何事情：运行服务的人能读取本机的所有密钥，因此可以重写该文件。能发现篡改的审计需要 --database 和 --audit-key-file。",
    ),
    "audit_files_missing": Text(
        "The seals can be checked only with what a server has: give its --audit-key-file and --audit-checkpoint-file.",
        "只有使用服务所持有的文件才能验证签章：请提供其 --audit-key-file 和 --audit-checkpoint-file。",
    ),
    "audit_key_weak": Text(
        "{path} does not hold a key of at least 32 characters (letters, digits and -._~+/), or several, one a line. Make"
        " one: openssl rand -hex 32",
        "{path} 中应有一个至少 32 个字符的密钥（字母、数字及 -._~+/），或多个，每行一个。可用此命令生成：openssl rand -hex 32",
    ),
    "audit_checkpoint_missing": Text(
        "{path} is not there: without the checkpoint of a server nobody can tell whether the end was cut off. Check the"
        " path.",
        "{path} 不存在：没有服务的检查点，就无法判断末尾是否被截断。请检查路径。",
    ),
    "audit_checkpoint_invalid": Text(
        "{path} is not the checkpoint of an audit. Check the path.", "{path} 不是审计的检查点文件。请检查路径。"
    ),
    "audit_checkpoint_failed": Text(
        "The checkpoint {path} cannot be written ({reason}). Its folder must exist and be writable for the server.",
        "无法写入检查点 {path}（{reason}）。其所在文件夹必须存在，且服务可写。",
    ),
    "audit_broken": Text(
        "Row {row} of the audit is not what this server knows of it, so nothing more is written, and nothing was sent. The"
        " operator runs `pai-dsw-mcp audit --verify`. After a restore from a backup, the operator moves the checkpoint"
        " away; every server must have the same newest key in its --audit-key-file.",
        "审计第 {row} 行与本服务所知不符，因此不再写入，也未发送任何请求。请运维者运行 `pai-dsw-mcp audit --verify`。如果数据库是从备份恢复的，请运维者移走检查点文件；所有服务的 --audit-key-file 中最新的密钥必须相同。",
    ),
    "audit_edited": Text(
        "What the database has at approval code {reference} is not what a server wrote there, so this server does nothing"
        " with it. The operator runs `pai-dsw-mcp audit --verify`, and finds out who can write to the database.",
        "数据库中审批编号 {reference} 的内容与服务写入的不同，因此本服务不对其作任何处理。请运维者运行 `pai-dsw-mcp audit --verify`，并查明谁能写入数据库。",
    ),
    "database_audited": Text(
        "The servers of this database keep an audit, and this one was started without its key, so it changes nothing. The"
        " operator gives --audit-key-file and --audit-checkpoint-file, or ends the audit: `pai-dsw-mcp audit --end`.",
        "此数据库的各服务保存审计，而本服务启动时没有提供密钥，因此不作任何变更。请运维者提供 --audit-key-file 和 --audit-checkpoint-file，或结束审计：`pai-dsw-mcp audit --end`。",
    ),
}

_AT_START: Final = {
    "serve_what": Text(
        "pai-dsw-mcp {version} is an MCP server: it speaks JSON-RPC on stdin and stdout with an AI client, not with a"
        " person. Press Ctrl-C to end it.",
        "pai-dsw-mcp {version} 是 MCP 服务：通过标准输入和标准输出与 AI 客户端以 JSON-RPC 通信，不直接与人交互。按 Ctrl-C 结束。",
    ),
    "serve_emulator": Text(
        "It runs with an emulator: no account is needed, and nothing costs money.",
        "当前使用模拟器：无需账号，也不会产生费用。",
    ),
    "serve_http": Text("pai-dsw-mcp serves MCP at {url}", "pai-dsw-mcp 的 MCP 地址：{url}"),
    "serve_admin": Text(
        "/livez, /readyz and /metrics are at http://{address}",
        "/livez、/readyz 和 /metrics 的地址：http://{address}",
    ),
    "serve_address_taken": Text(
        "It is not possible to listen on {address} ({reason}). Give another address, or end what listens there.",
        "无法在 {address} 上监听（{reason}）。请换一个地址，或结束占用它的程序。",
    ),
    "serve_client": Text(
        "To use it, put this into the configuration of your client (Claude Desktop, Cursor, Qwen Code, Cherry Studio):",
        "使用方法：将以下内容加入客户端（Claude Desktop、Cursor、Qwen Code、Cherry Studio）的配置：",
    ),
    "serve_demo": Text(
        "To watch a conversation first, without an account: {command}", "如需先观看一段演示对话（无需账号）：{command}"
    ),
}

TEXTS: Final[dict[str, Text]] = {
    **_COLUMNS,
    **_ANSWERS,
    **_ATTEMPTS,
    **_OUTCOMES,
    **_AROUND,
    **_VERIFIED,
    **_NOT_VERIFIED,
    **_AT_START,
}
