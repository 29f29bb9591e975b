"""What is said in the demo."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

TEXTS: Final = {
    "demo_opening": Text(
        "No account, no money: the official SDK, over HTTP and signed, against an emulator of the two APIs that runs"
        " about 60 times faster than the clock. The server is a real MCP server over stdio. The demo plays both"
        " parts: what the assistant calls is scripted, and every form and page is answered for you.",
        "无需账号，不花钱：官方 SDK 通过 HTTP 向两个 API 的模拟器发送带签名的请求，模拟器的时钟约快 60 倍；MCP 服务是真实的，使用 stdio。演示同时扮演双方：助手的调用是预先编排的，每个表单和页面都由演示代您作答。",
    ),
    "demo_person": Text("you", "您"),
    "demo_assistant": Text("assistant", "助手"),
    "demo_wish": Text(
        "Find me an A10 in Hangzhou, the cheapest, and start a notebook on it: demo_a10, a GPU image, just for me.",
        "在杭州找一台最便宜的 A10，启动一个 Notebook：名称 demo_a10，用 GPU 镜像，仅自己可见。",
    ),
    "demo_wait": Text("Wait until it runs.", "等它运行起来。"),
    "demo_share": Text("Let my team see it.", "让我的团队也能看到它。"),
    "demo_stop": Text("My work is saved. Stop it.", "我的工作已保存，停掉它。"),
    "demo_pressed": Text("Done.", "批准好了。"),
    "demo_read_only": Text(
        "Started with --read-only: there is no tool that changes anything, so the demo ends with looking.",
        "以 --read-only 启动：没有任何变更类工具，演示到查看为止。",
    ),
    "demo_page": Text(
        "This client shows no forms, so the answer has a link. You would open it in your browser; the demo opens it for"
        " you and shows what stands there:",
        "这个客户端不显示表单，因此答复中给出一个链接。平时由您在浏览器中打开；演示代您打开，页面内容如下：",
    ),
    "demo_form": Text("the client shows this form", "客户端显示此表单"),
    "demo_yes": Text("Approve", "批准"),
    "demo_typed": Text("  and types: {name}", "  并输入：{name}"),
    "demo_more": Text("... and {count} more lines", "……另有 {count} 行"),
    "demo_bill": Text(
        "It ran {minutes} minutes: {cost} {currency} at {hourly} {currency} per hour.",
        "运行了 {minutes} 分钟：{cost} {currency}，每小时 {hourly} {currency}。",
    ),
    "demo_account": Text(
        "The emulator's own account: {writes} writes, {approvals} approvals.",
        "模拟器自己的统计：{writes} 次写请求，{approvals} 次批准。",
    ),
}
