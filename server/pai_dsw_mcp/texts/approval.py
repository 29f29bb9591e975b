"""What is said around an approval: of itself, on the page, in the terminal and in a form."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

_ANSWERED: Final = {
    "approval_unknown": Text(
        "There is no such approval.",
        "没有这项审批。",
    ),
    "approval_other_channel": Text(
        "The change with approval code {reference} waits for its answer at another channel ({channel}).",
        "审批编号为 {reference} 的请求正在另一处（{channel}）等待答复。",
    ),
    "approval_already_decided": Text(
        "The change with approval code {reference} is no longer waiting: it is {state}.",
        "审批编号为 {reference} 的请求已不在等待：当前状态为 {state}。",
    ),
    "approval_missing": Text(
        "Nobody has approved exactly this change, or the approval was used or has expired.",
        "此变更尚未获得批准，或该批准已使用、已过期。",
    ),
    "scope_busy": Text(
        "An earlier request for {instance_name} (approval code {reference}) has not ended yet.",
        "对 {instance_name} 的上一个请求（审批编号 {reference}）尚未结束。",
    ),
}

_PAGE: Final = {
    "page_asks": Text("Your assistant asks for your approval", "助手请求您的批准"),
    "page_asked": Text("A request of your assistant", "助手的请求"),
    "page_nothing_yet": Text("Nothing happens until you approve.", "在您批准之前不会执行任何操作。"),
    "page_per_hour": Text("{currency} per hour", "{currency} / 小时"),
    "page_day": Text("A day", "一天"),
    "page_week": Text("A forgotten week", "若忘记停止一周"),
    "page_timer": Text("Until it stops itself, in {lasts}", "到自动停止为止（{lasts}后）"),
    "page_idle": Text("A week, if it is never idle for {lasts}", "若一周内从未闲置满 {lasts}"),
    "page_notes": Text("What this means", "这意味着什么"),
    "page_sent": Text("What will be sent", "将发送的内容"),
    "page_kept": Text("What it runs on", "运行配置"),
    "page_kept_member": Text("What the member has now", "该成员目前拥有"),
    "page_who": Text("Who pays and who asks", "付费方与请求方"),
    "page_changes": Text("What changes", "变更内容"),
    "page_name": Text("To approve, type the instance name", "如需批准，请输入实例名称"),
    "page_present_name": Text(
        "To approve, type the present name {instance_name}", "如需批准，请输入当前名称 {instance_name}"
    ),
    "page_member": Text("To approve, type the name of the member", "如需批准，请输入成员名称"),
    "page_feedback": Text("Add a note for the assistant", "给助手附言"),
    "page_feedback_hint": Text("The assistant reads it, whatever you decide.", "无论您如何决定，助手都会看到。"),
    "page_approve": Text("Approve", "批准"),
    "page_reject": Text("Reject", "拒绝"),
    "page_until": Text("Open until {time}", "有效至 {time}"),
    "page_left": Text("time left", "剩余时间"),
    "page_local": Text(
        "This page comes from pai-dsw-mcp on your own computer.",
        "本页面由您电脑上的 pai-dsw-mcp 提供。",
    ),
    "page_language": Text("Language", "语言"),
    "page_wrong_name": Text(
        "That is not the name of this instance. Nothing was approved.",
        "输入的不是该实例的名称，未作批准。",
    ),
    "differs_empty": Text("No name was typed.", "没有输入名称。"),
    "differs_spaces": Text("There are spaces around it.", "名称前后有空格。"),
    "differs_case": Text("Capital and small letters differ.", "大小写不同。"),
    "differs_from": Text(
        "You typed {typed}. From character {position} on it is {rest} instead of {name}.",
        "您输入的是 {typed}。从第 {position} 个字符起为 {rest}，应为 {name}。",
    ),
    "page_wrong_count": Text(
        "That is not how many remain. Nothing was approved.", "输入的数量与剩余数量不符，未作批准。"
    ),
    "page_unknown_left_out": Text(
        "To leave out, but not on the list: {names}. Nothing was approved.",
        "要排除的 {names} 不在列表中，未作批准。",
    ),
    "page_nothing_left": Text("Everything is left out. Reject instead.", "已全部排除，请改为拒绝。"),
    "page_count": Text("To approve, type how many remain", "如需批准，请输入剩余的数量"),
    "page_keep": Text("Uncheck what is to be left out", "取消勾选要排除的项目"),
    "page_empty": Text("Choose Approve or Reject.", "请选择批准或拒绝。"),
    "page_now_approved": Text("Approved", "已批准"),
    "page_now_approved_text": Text(
        "Nothing was sent yet. Return to the chat and tell the assistant that you approved: it then sends the request, once.",
        "尚未发送任何请求。请返回对话，告诉助手您已批准：助手随后会发送请求，且只发送一次。",
    ),
    "page_take_back": Text("Take the approval back", "撤回批准"),
    "page_take_back_hint": Text("Possible until the request is sent.", "在请求发送之前可以撤回。"),
    "page_now_taken_back": Text("The approval was taken back", "已撤回批准"),
    "page_now_taken_back_text": Text(
        "Nothing was sent, and nothing was changed. You can close this page and return to the chat.",
        "未发送任何请求，也未做任何变更。您可以关闭此页面，返回对话。",
    ),
    "page_now_rejected": Text("Rejected", "已拒绝"),
    "page_now_rejected_text": Text(
        "Nothing was changed. You can close this page and return to the chat.",
        "未做任何变更。您可以关闭此页面，返回对话。",
    ),
    "page_approved": Text("This was approved already", "此请求已获批准"),
    "page_approved_text": Text(
        "Nothing was sent yet. Return to the chat and tell the assistant that you approved.",
        "尚未发送任何请求。请返回对话，告诉助手您已批准。",
    ),
    "page_rejected": Text("This was rejected already", "此请求已被拒绝"),
    "page_rejected_text": Text(
        "Nothing was changed. If you have changed your mind, ask the assistant again.",
        "未做任何变更。如果您改变了主意，请让助手重新请求。",
    ),
    "page_used": Text("This approval was used", "此批准已被使用"),
    "page_used_text": Text(
        "The request was sent, and an approval counts once. The assistant can tell you what became of it.",
        "请求已发送，一次批准只生效一次。助手可以告诉您结果。",
    ),
    "page_expired": Text("The time for this is over", "此请求已过期"),
    "page_expired_text": Text(
        "A request waits for ten minutes. Nothing was sent. Ask the assistant again, and it gives you a new link.",
        "请求只等待十分钟。未发送任何内容。请让助手重新请求，您会得到新的链接。",
    ),
    "page_superseded": Text("There is a newer request", "已有更新的请求"),
    "page_superseded_text": Text(
        "Something changed in the meantime, and this request no longer holds. Nothing was sent. Use the newest link.",
        "其间情况有变，此请求已失效。未发送任何内容。请使用最新的链接。",
    ),
    "page_unknown": Text("Nothing waits under this link", "此链接没有对应的待批准请求"),
    "page_unknown_text": Text(
        "Check that the whole link was copied. A link ends with the program that gave it: ask the assistant again, and it"
        " gives you a new one.",
        "请确认已复制完整链接。链接随给出它的程序结束而失效：请让助手重新请求，您会得到新的链接。",
    ),
    "page_foreign": Text("This answer was refused", "此答复未被接受"),
    "page_foreign_text": Text(
        "It did not come from the approval page itself. Nothing was decided. Open the link from the chat again.",
        "它并非来自审批页面本身。未作任何决定。请重新打开对话中的链接。",
    ),
    "page_malformed": Text("This request is not understood", "无法理解此请求"),
    "page_malformed_text": Text(
        "Nothing was decided. Open the link from the chat again.",
        "未作任何决定。请重新打开对话中的链接。",
    ),
    "page_late_words": Text(
        "{why} Your note came too late: the assistant does not get it. Write it in the chat.",
        "{why}附言提交得太晚，助手不会收到；请直接写在对话中。",
    ),
    "page_failed": Text("The answer could not be recorded", "无法记录您的答复"),
    "page_database_away": Text("The approvals cannot be reached at the moment", "暂时无法读取审批记录"),
    "page_database_away_text": Text(
        "Open this link again in a minute: the page then tells what was decided. An answer that you have just given may not"
        " have been recorded. If this page comes again, tell whoever runs this server.",
        "请稍等一分钟，再重新打开此链接，页面会显示审批的结果。您刚才的答复可能没有记录下来。若再次出现此页面，请告知本服务的管理者。",
    ),
}

_SIGNED_IN: Final = {
    "page_served": Text(
        "This page comes from pai-dsw-mcp at {host}. You are signed in as {name}.",
        "本页面由 {host} 上的 pai-dsw-mcp 提供。您登录的身份为 {name}。",
    ),
    "page_sign_out": Text("Sign out", "退出登录"),
    "page_waits_for": Text(
        "Another member of the group {group} has to approve this: send them the address of this page. You can reject it.",
        "此变更须由 {group} 组的另一名成员批准：请将本页面的地址发给对方。您可以拒绝。",
    ),
    "page_not_yours": Text("Nothing waits for you under this link", "此链接没有等待您处理的请求"),
    "page_not_yours_text": Text(
        "Check that the whole link was copied, and whether you are signed in as the person for whom it is.",
        "请确认已复制完整链接，并确认登录的是应当处理它的人。",
    ),
    "page_sign_in_failed": Text("The sign-in did not work", "登录未成功"),
    "page_sign_in_failed_text": Text(
        "Nothing was decided. Open the link from the chat again; if this comes again, tell whoever runs this server.",
        "未作任何决定。请重新打开对话中的链接；若再次出现此页面，请告知本服务的管理者。",
    ),
    "page_sign_in_refused": Text("The identity provider did not let you in", "身份提供方未允许您登录"),
    "page_sign_in_refused_text": Text(
        "Nothing was decided. Open the link from the chat again to try once more.",
        "未作任何决定。如需重试，请重新打开对话中的链接。",
    ),
    "page_sign_in_over": Text("Your sign-in has ended", "您的登录已结束"),
    "page_sign_in_over_text": Text(
        "Nothing was decided. Open the link from the chat again and sign in.",
        "未作任何决定。请重新打开对话中的链接并登录。",
    ),
    "page_signed_out": Text("You are signed out here", "您已退出登录"),
    "page_signed_out_text": Text(
        "The identity provider may still know you: sign out there as well before somebody else uses this browser.",
        "身份提供方可能仍保留您的登录状态：在他人使用此浏览器之前，请在那里也退出登录。",
    ),
    "page_provider_away": Text("The identity provider cannot be reached", "无法连接身份提供方"),
    "page_provider_away_text": Text(
        "Nothing was decided. Open the link from the chat again in a minute.",
        "未作任何决定。请稍等一分钟，再重新打开对话中的链接。",
    ),
}

_TERMINAL: Final = {
    "terminal_needed": Text(
        "Approving needs a person at a terminal: run the same command there, without a pipe.",
        "批准需要由人在终端中进行：请在终端直接运行同一命令，不要使用管道。",
    ),
    "terminal_unsafe": Text(
        "What was typed earlier cannot be discarded in this terminal, so it could answer for you. Approve on the page:"
        " start the server with `--approve page`.",
        "此终端无法清除先前的输入，这些输入可能会代您作答。请使用批准页面：以 `--approve page` 启动服务。",
    ),
    "terminal_nothing": Text(
        "Nothing waits for this terminal. What waits in a database of servers over HTTP is not looked at here.",
        "没有等待在此终端批准的请求。HTTP 服务保存在数据库中的请求不在此查看。",
    ),
    "terminal_elsewhere": Text(
        "Waiting for an answer elsewhere, in a form or on the page of a server over HTTP: {count}",
        "在别处等待答复的请求（客户端表单，或 HTTP 服务的批准页面）：{count}",
    ),
    "terminal_waiting": Text("Waiting for approval: {count}", "等待批准的请求：{count}"),
    "terminal_question": Text(
        "Approve? Type yes or no; Enter = later:", "是否批准？请输入 yes（是）或 no（否），回车 = 稍后："
    ),
    "terminal_not_understood": Text(
        "Nothing was decided. To approve, type yes in full: a single key is pressed too easily. To reject, type no or n.",
        "未作任何决定。批准须完整输入 yes（或“是”），以免误按一个键就批准；拒绝请输入 no、n 或“否”。",
    ),
    "terminal_name": Text("Type the instance name:", "请输入实例名称："),
    "terminal_present_name": Text("Type the present name {instance_name}:", "请输入当前名称 {instance_name}："),
    "terminal_member": Text("Type the name of the member:", "请输入成员名称："),
    "terminal_leave_out": Text("Leave out which? {names} (Enter = none):", "要排除哪些？{names}（回车 = 无）："),
    "terminal_by_name": Text("Names, with commas", "用逗号分隔"),
    "terminal_by_id": Text("Ids, with commas", "请输入 ID，用逗号分隔"),
    "terminal_count": Text("Type how many remain:", "请输入剩余的数量："),
    "terminal_feedback": Text("A note for the assistant (Enter = none):", "给助手的附言（回车 = 无）："),
    "terminal_later": Text("Left waiting.", "暂不决定，继续等待。"),
    "terminal_left": Text("What was not decided keeps waiting.", "未决定的请求继续等待。"),
}

_FORM: Final = {
    "form_decision": Text("Your decision", "您的决定"),
    "form_approve": Text("Approve: carry it out", "批准：执行"),
    "form_reject": Text("Reject: change nothing", "拒绝：不做任何变更"),
    "form_leave_out": Text("Leave out: names, with commas", "要排除的名称，用逗号分隔"),
    "form_leave_out_ids": Text("Leave out: ids, with commas", "要排除的实例 ID，用逗号分隔"),
    "form_count": Text("To approve, type how many remain", "如需批准，请输入剩余的数量"),
    "form_name": Text(
        "To approve, type the instance name; to reject, leave it empty", "批准时请输入实例名称；拒绝时无需填写"
    ),
    "form_present_name": Text(
        "To approve, type the present name; to reject, leave it empty", "批准时请输入当前名称；拒绝时无需填写"
    ),
    "form_member": Text(
        "To approve, type the name of the member; to reject, leave it empty", "批准时请输入成员名称；拒绝时无需填写"
    ),
    "form_open_page": Text(
        "Your assistant asks for your approval: {action} {instance_name}. Open the page to see it and decide.",
        "助手请求您的批准：{action} {instance_name}。请打开页面查看并作出决定。",
    ),
    "form_feedback": Text("Anything the assistant should know (optional)", "给助手的说明（可选）"),
}

TEXTS: Final[dict[str, Text]] = {**_ANSWERED, **_PAGE, **_SIGNED_IN, **_TERMINAL, **_FORM}
