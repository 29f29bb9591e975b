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
    "audit_expired": Text("none in time", "未及时答复"),
    "audit_superseded": Text("none, asked anew", "已被新的询问取代"),
    "audit_form": Text("form", "表单"),
    "audit_page": Text("page", "页面"),
    "audit_card": Text("card", "卡片"),
    "audit_terminal": Text("terminal", "终端"),
    "audit_chat": Text("chat", "对话"),
    "audit_http_page": Text("page over HTTP", "HTTP 页面"),
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

TEXTS: Final[dict[str, Text]] = {**_COLUMNS, **_ANSWERS, **_ATTEMPTS, **_OUTCOMES, **_AROUND, **_AT_START}
