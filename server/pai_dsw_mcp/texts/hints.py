"""The hint table: what to do next, one sentence per kind of error (`errors.ErrorKind`)."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

TEXTS: Final = {
    "retry_may_help": Text("The same request may succeed later.", "稍后重试同一请求可能成功。"),
    "retry_will_not_help": Text(
        "Repeating it unchanged will not help.",
        "原样重试不会成功。",
    ),
    "read_on": Text("More: {uri}", "详见：{uri}"),
    "hint_input": Text(
        "Correct the argument that is named here; ask the person for a value rather than inventing one.",
        "请更正上面指出的参数；取值请询问用户，不要自行编造。",
    ),
    "hint_refused": Text(
        "Tell the person, and ask how to go on.",
        "请告知用户，并询问如何继续。",
    ),
    "hint_read_only": Text(
        "This server was started with --read-only; the person who runs it can restart it without.",
        "本服务以 --read-only 启动；运行者可以去掉该选项后重新启动。",
    ),
    "hint_name_taken": Text(
        "Ask the person for another instance name, or update the existing instance with update_instance.",
        "请向用户询问另一个实例名称，或用 update_instance 更新现有实例。",
    ),
    "hint_wrong_state": Text(
        "Read the state with get_instance, or wait for it with wait_for_instance, then try again.",
        "请用 get_instance 查看状态，或用 wait_for_instance 等待，然后再试。",
    ),
    "hint_credentials_missing": Text(
        "The person sets up credentials outside this conversation (`aliyun configure` in a terminal, or environment"
        " variables) and restarts the server. Never ask for an AccessKey here.",
        "请用户在本对话之外配置凭证（在终端运行 `aliyun configure` 或设置环境变量），然后重新启动服务。"
        "切勿在此索要 AccessKey。",
    ),
    "hint_credentials_invalid": Text(
        "The credentials on this machine are refused by the service; the person renews them outside this conversation.",
        "本机凭证被服务端拒绝；请用户在本对话之外更新凭证。",
    ),
    "hint_credentials_expired": Text(
        "The temporary credentials ended; the person signs in again outside this conversation.",
        "临时凭证已过期；请用户在本对话之外重新登录。",
    ),
    "hint_identity_changed": Text(
        "The credentials on this machine now belong to somebody else; restart the server to use them.",
        "本机凭证已属于另一身份；请重新启动服务后再使用。",
    ),
    "hint_permission_denied": Text(
        "An administrator grants the RAM action that is named here, or a workspace role that carries it. Wait until"
        " the person says that it is granted.",
        "请管理员授予上面指出的 RAM 权限，或授予包含该权限的工作空间角色。请等待用户确认已授权。",
    ),
    "hint_not_found": Text(
        "Check the id and the region with list_instances or list_workspaces.",
        "请用 list_instances 或 list_workspaces 核对 ID 和地域。",
    ),
    "hint_invalid_parameter": Text(
        "The service refused a parameter; correct it, or ask the person.",
        "服务端拒绝了某个参数；请更正，或询问用户。",
    ),
    "hint_throttled": Text(
        "The service is limiting requests; wait before the next call.",
        "服务端正在限流；请稍后再调用。",
    ),
    "hint_service_failed": Text(
        "The fault is on the service's side.",
        "故障在服务端。",
    ),
    "hint_timeout": Text(
        "Check the connection; --read-timeout allows more seconds.",
        "请检查网络；可用 --read-timeout 延长等待秒数。",
    ),
    "hint_unreachable": Text(
        "Check the network, the proxy and the region.",
        "请检查网络、代理和地域。",
    ),
    "hint_connection_lost": Text(
        "Check the connection.",
        "请检查网络连接。",
    ),
    "hint_reply_invalid": Text(
        "Nothing was concluded from it. If it stays so, the API may have changed: report it with the RequestId.",
        "未据此作出任何判断。若持续出现，API 可能已变更：请附上 RequestId 反馈。",
    ),
    "hint_reply_too_large": Text(
        "Narrow the request with filters.",
        "请用筛选条件缩小范围。",
    ),
    "hint_redirected": Text(
        "Redirects are never followed, because credentials would go along. Check the proxy of this network.",
        "出于凭证安全，绝不跟随重定向。请检查本网络的代理。",
    ),
    "hint_list_unverified": Text(
        "Without a complete list nobody can tell whether a name is free, so nothing was created.",
        "没有完整列表就无法判断名称是否可用，因此未创建任何资源。",
    ),
    "hint_endpoint_refused": Text(
        "Requests only go to the official endpoints of the listed regions.",
        "请求只会发往所列地域的官方接入点。",
    ),
    "hint_machine": Text(
        "The person frees what is short there, such as disk space or open files (EMFILE), or restarts the server.",
        "请用户在该机器上腾出不足的资源，例如磁盘空间或打开文件数（EMFILE），或重新启动本服务。",
    ),
    "hint_clock_wrong": Text(
        "Set the clock of this machine: the service refuses requests that are more than 15 minutes away from its own.",
        "请校准本机时钟：服务端会拒绝与其时间相差超过 15 分钟的请求。",
    ),
}
