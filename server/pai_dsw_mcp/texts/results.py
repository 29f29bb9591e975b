"""What a writing tool says became of it, and the labels of the form."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

TEXTS: Final = {
    "form_decision": Text("Your decision", "您的决定"),
    "form_approve": Text("Approve: carry it out", "批准：执行"),
    "form_reject": Text("Reject: change nothing", "拒绝：不做任何变更"),
    "form_name": Text("Type the instance name to approve", "输入实例名称以批准"),
    "form_feedback": Text("Anything the assistant should know (optional)", "给助手的说明（可选）"),
    "result_waiting": Text(
        "Not done: a person has to approve this first. Nothing was sent.",
        "尚未执行：须先由用户批准。未发送任何请求。",
    ),
    "result_how_page": Text(
        "Give the person this link; it shows the change with Approve and Reject: {url} Do not open it yourself. When"
        " they say that they approved, repeat this call with the same arguments.",
        "请把此链接交给用户，页面会显示变更内容以及“批准”和“拒绝”按钮：{url} 请勿自行打开。用户表示已批准后，用相同参数再次调用。",
    ),
    "result_link_replaced": Text(
        "This link is new: one that was given for this earlier belongs to another run of this server and dies with it.",
        "此链接是新的：之前为此给出的链接属于本服务的另一次运行，随其结束而失效。",
    ),
    "result_how_terminal": Text(
        "Ask the person to run `pai-dsw-mcp approve` in a terminal on this machine. When they say that they approved,"
        " repeat this call with the same arguments.",
        "请用户在本机终端运行 `pai-dsw-mcp approve`。用户表示已批准后，用相同参数再次调用。",
    ),
    "result_how_chat": Text(
        "Show the person the change below and ask for a yes or a no. Only after their yes, call confirm_change with"
        " code {code}, then repeat this call with the same arguments.",
        "请向用户展示下面的变更并询问是否同意。仅在用户同意后，用代码 {code} 调用 confirm_change，然后用相同参数再次调用。",
    ),
    "result_declined": Text(
        "Declined: the person said no, and nothing was sent. Do not try again unless they ask. If they say that they"
        " saw no question, their client answered for them: the server can be started with --approve page.",
        "已拒绝：用户不同意，未发送任何请求。除非用户要求，请勿重试。若用户表示没有看到询问，则是客户端代其作答："
        "可改用 --approve page 启动本服务。",
    ),
    "result_declined_before": Text(
        "Declined: the person said no to this same change less than a minute ago; they were not asked again, and"
        " nothing was sent.",
        "已拒绝：不到一分钟前用户刚拒绝过同一变更；未再次询问，也未发送任何请求。",
    ),
    "result_paused": Text(
        "Not asked: of the last questions, {noes} in a row were declined or closed. For another {wait} seconds nobody is"
        " asked anything; nothing was sent. Do not try other values: ask the person in the chat what they want. A"
        " question that is already open on the page or in the terminal can still be answered.",
        "未询问：最近连续 {noes} 次询问被拒绝或关闭。接下来 {wait} 秒内不再发起任何询问；未发送任何请求。请勿换其他取值再试，"
        "请在对话中询问用户的意愿。页面或终端中已有的询问仍可答复。",
    ),
    "result_wrong_name": Text(
        "Declined: the name that was typed back is not the name of this instance. Nothing was sent. Calling again asks"
        " again.",
        "已拒绝：输入的名称与实例名称不一致。未发送任何请求。再次调用会重新询问。",
    ),
    "result_form_empty": Text(
        "The form came back without a decision, so nobody approved anything.",
        "表单返回时没有作出决定，因此视为未批准。",
    ),
    "result_form_dismissed": Text(
        "The form was closed without an answer, so nobody approved anything.",
        "表单被关闭且未作答，因此视为未批准。",
    ),
    "result_form_unanswered": Text(
        "The form was not answered in time, so nobody approved anything.",
        "表单未在时限内作答，因此视为未批准。",
    ),
    "result_approval_expired": Text(
        "The approval came after its ten minutes were over. Nothing was sent; call again to ask anew.",
        "批准已超过十分钟的有效期。未发送任何请求；再次调用会重新询问。",
    ),
    "result_approval_used": Text(
        "That approval was already used, and an approval counts once. Nothing more was sent; call again to ask anew.",
        "该批准已被使用，一次批准只生效一次。未再发送请求；再次调用会重新询问。",
    ),
    "result_changed_since": Text(
        "Since the approval something changed: price, state, or what is available. Nothing was sent; call again to ask"
        " with what holds now.",
        "批准之后情况有变：价格、状态或库存。未发送任何请求；再次调用会按当前情况重新询问。",
    ),
    "result_unknown": Text(
        "Unknown: the request was sent, but nobody can tell yet what became of it. It is not sent again. {why} Call this"
        " tool again with the same arguments in about 30 seconds: it finds out first.",
        "结果未知：请求已发送，但尚无法判断结果，且不会重发。{why} 约 30 秒后用相同参数再次调用：会先查明结果。",
    ),
    "result_earlier_unknown": Text(
        "Unknown: an earlier {action} for {instance_name} was sent {seconds} seconds ago, and what became of it is not"
        " known yet. Nothing was sent now. Ask again in {wait} seconds.",
        "结果未知：{seconds} 秒前已为 {instance_name} 发送 {action}，尚不知其结果。现在未发送任何请求。请在 {wait} 秒后再试。",
    ),
    "chat_confirmed": Text(
        "Recorded. Now repeat the {tool} call with the same arguments; nothing was sent yet.",
        "已记录。现在用相同参数再次调用 {tool}；尚未发送任何请求。",
    ),
    "code_unknown": Text(
        "No change waits under the code {code}: it was decided already, or its ten minutes are over.",
        "没有等待中的变更对应代码 {code}：可能已被处理，或已超过十分钟。",
    ),
    "audit_empty": Text("Nothing was sent yet.", "尚未发送过任何请求。"),
    "audit_line": Text(
        "{sent}  {action}  {instance}  {region}  {state}  yes by {door}  {reference}  RequestId {request_id}",
        "{sent}  {action}  {instance}  {region}  {state}  批准方式 {door}  {reference}  RequestId {request_id}",
    ),
}
