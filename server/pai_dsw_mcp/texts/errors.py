"""What happened, one sentence per failure; the hint follows from `texts/hints.py`."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

_CLOUD: Final = {
    "cloud_credentials_missing": Text(
        "No Alibaba Cloud credentials were found on this machine.",
        "在本机未找到阿里云凭证。",
    ),
    "credentials_half": Text("{there} is set, {missing} is not.", "已设置 {there}，但未设置 {missing}。"),
    "region_not_allowed": Text(
        "{operation} was not sent: this server may not work in {region_id}. Its operator allows {allowed} (--regions).",
        "未发送 {operation}：本服务不允许在 {region_id} 操作。管理员仅允许以下地域（--regions）：{allowed}。",
    ),
    "workspace_not_allowed": Text(
        "{operation} was refused here: workspace {workspace_id} is not one of those that this server's operator allows:"
        " {allowed} (--workspaces).",
        "{operation} 已被本服务拒绝：工作空间 {workspace_id} 不在管理员允许的范围内（--workspaces）：{allowed}。",
    ),
    "workspace_without_id_not_allowed": Text(
        "{operation} was refused here: this server's operator allows the workspaces {allowed} alone (--workspaces), and"
        " a new one, or one whose id is not known, is none of them.",
        "{operation} 已被本服务拒绝：管理员仅允许工作空间 {allowed}（--workspaces），新建的或 ID 未知的工作空间不在其中。",
    ),
    "cloud_credentials_invalid": Text(
        "{operation} was refused: the credentials are not valid ({code}).",
        "{operation} 被拒绝：凭证无效（{code}）。",
    ),
    "cloud_credentials_expired": Text(
        "{operation} was refused: the temporary credentials have expired ({code}).",
        "{operation} 被拒绝：临时凭证已过期（{code}）。",
    ),
    "cloud_identity_changed": Text(
        "{operation} was not sent: the credentials of this machine changed while the server was running.",
        "未发送 {operation}：服务运行期间本机凭证已变更。",
    ),
    "cloud_permission_denied": Text(
        "{operation} was denied: it needs the RAM action {action} ({code}: {message}).",
        "{operation} 被拒绝：需要 RAM 权限 {action}（{code}：{message}）。",
    ),
    "denied_to": Text(
        "{operation} was denied to {who}: no role and no RAM policy allows {action} ({code}: {message}).",
        "{operation} 被拒绝（{who}）：没有角色或 RAM 策略允许 {action}（{code}：{message}）。",
    ),
    "denied_explicitly": Text(
        "{operation} was denied to {who}: a policy denies {action} explicitly ({code}: {message}).",
        "{operation} 被拒绝（{who}）：有策略显式拒绝了 {action}（{code}：{message}）。",
    ),
    "cloud_not_found": Text(
        "{operation} found nothing: {message} ({code}).",
        "{operation} 未找到资源：{message}（{code}）。",
    ),
    "cloud_name_taken": Text(
        "{operation} was refused: the name is taken ({code}: {message}). PAI and DataWorks share the names of workspaces:"
        " where no list of PAI shows it, a workspace of DataWorks has it.",
        "{operation} 被拒绝：名称已被占用（{code}：{message}）。PAI 与 DataWorks 的工作空间共用名称：若 PAI"
        " 的列表中没有同名工作空间，则是 DataWorks 的工作空间占用了该名称。",
    ),
    "cloud_invalid_parameter": Text(
        "{operation} was refused: {message} ({code}).",
        "{operation} 被拒绝：{message}（{code}）。",
    ),
    "cloud_throttled": Text(
        "{operation} was limited by the service ({code}).",
        "{operation} 被服务端限流（{code}）。",
    ),
    "cloud_service_failed": Text(
        "{operation} failed on the service's side ({status}, {code}: {message}).",
        "{operation} 在服务端失败（{status}，{code}：{message}）。",
    ),
    "cloud_timeout": Text(
        "{operation} had no complete answer within {seconds} seconds.",
        "{operation} 在 {seconds} 秒内未收到完整响应。",
    ),
    "cloud_unreachable": Text(
        "{operation} could not reach {host}; nothing was sent.",
        "{operation} 无法连接 {host}；未发送任何请求。",
    ),
    "cloud_connection_lost": Text(
        "{operation} lost the connection to {host} before a complete answer.",
        "{operation} 在收到完整响应前与 {host} 断开连接。",
    ),
    "cloud_reply_invalid": Text(
        "{operation} was answered with something that is not a valid reply ({status}).",
        "{operation} 的响应无效（{status}）。",
    ),
    "cloud_reply_too_large": Text(
        "{operation} was answered with more than {limit} bytes.",
        "{operation} 的响应超过 {limit} 字节。",
    ),
    "cloud_redirected": Text(
        "{operation} was answered with a redirect ({status}), which is not followed.",
        "{operation} 收到重定向响应（{status}），未跟随。",
    ),
    "cloud_list_unverified": Text(
        "{operation} did not give a complete list: {message}.",
        "{operation} 未返回完整列表：{message}。",
    ),
    "cloud_endpoint_refused": Text(
        "{operation} was not sent: {host} is not an official endpoint of this region.",
        "未发送 {operation}：{host} 不是该地域的官方接入点。",
    ),
    "cloud_clock_wrong": Text(
        "{operation} was refused: the time of the request is not acceptable ({code}).",
        "{operation} 被拒绝：请求时间不被接受（{code}）。",
    ),
    "cloud_read_only": Text(
        "{operation} was not sent: this server only reads.",
        "未发送 {operation}：本服务为只读模式。",
    ),
    "cloud_refused": Text(
        "{operation} was not sent: nobody approved it.",
        "未发送 {operation}：尚未获得批准。",
    ),
}

_REFUSED: Final = {
    "machine_failed": "The operating system of the machine that this server runs on refused something ({reason}).",
    "too_many_waiting": "{most} changes already wait for a person; nothing more is asked until some are decided or expire.",
    "asking_paused": (
        "The last {noes} questions in a row were declined or closed, so for another {wait} seconds nobody is asked"
        " anything, whatever it is; a question that is open already can still be answered."
    ),
    "rate_reads": (
        "This person has made {most} calls within this minute, as many as the operator allows (--reads-per-minute). The"
        " next one is possible in {wait} seconds."
    ),
    "rate_questions": (
        "{most} questions were asked for this person in the last hour, as many as the operator allows"
        " (--questions-per-hour). The next one is possible in {wait} seconds."
    ),
    "rate_writes": (
        "{most} changes were sent for this person in the last hour, as many as the operator allows (--writes-per-hour)."
        " The next one is possible in {wait} seconds."
    ),
    "form_too_small": (
        "This change has too many values for a form to show them all, and this server was told to accept a yes from a"
        " form only (--approve form). Send fewer at once."
    ),
    "chat_too_small": (
        "This change has too many values for the chat to show them all. The page has the room: the person starts the"
        " server with --approve page. Or send fewer at once."
    ),
    "nobody_signed_in": "Nothing was sent: nobody signed in, for whom the role of this server (--role-arn) could be assumed.",
    "owner_claim_missing": (
        "Nothing was created: the access token has no cloud user id in the claim `{claim}` (--owner-claim), so the instance"
        " would not belong to the person. Whoever runs the identity provider puts it there; then the person signs in again."
    ),
    "scope_missing": "The token of this call may only read: it lacks the scope {scope}. The person signs in again, with that scope.",
    "form_unavailable": (
        "This client cannot show a form here, and this server accepts a yes from a form only: it was told so (--approve"
        " form), or others can reach it over HTTP and it has no page to sign in on (--oidc-client-id). Over HTTP, only clients"
        " of protocol 2026-07-28 can show one."
    ),
}

_CREDENTIALS: Final = {
    "credentials_external": Text(
        "{operation} was not sent: the CLI profile `{profile}` runs a command to get credentials, which this server"
        " never does.",
        "未发送 {operation}：CLI 配置 `{profile}` 通过运行命令获取凭证，本服务不会执行命令。",
    ),
    "credentials_incomplete": Text(
        "{operation} was not sent: the profile `{profile}` has no value that this server can use for: {members}.",
        "未发送 {operation}：配置 `{profile}` 的以下字段缺失，或其值不被本服务接受：{members}。",
    ),
    "credentials_file_invalid": Text(
        "{operation} was not sent: {file} cannot be read, or it does not name exactly one profile as the current one.",
        "未发送 {operation}：无法读取 {file}，或其中的当前配置名称没有恰好对应一个配置。",
    ),
    "credentials_variable_invalid": Text(
        "{operation} was not sent: {members} is not the id of a region where PAI DSW is offered, such as cn-hangzhou.",
        "未发送 {operation}：{members} 的值不是提供 PAI DSW 的地域 ID（例如 cn-hangzhou）。",
    ),
    "credentials_unusable": Text(
        "{operation} was not sent: the credentials that are set up on this machine could not be obtained.",
        "未发送 {operation}：无法获取本机已配置的凭证。",
    ),
    "role_not_assumed": (
        "{operation} was not sent: the role that this server assumes for each person (--role-arn) could not be assumed for"
        " you. {why}"
    ),
    "endpoint_needs_test_keys": Text(
        "The endpoint is an emulator on this machine, and the credentials are no test keys, which start with TEST: they"
        " are never sent there.",
        "接入点是本机模拟器，而当前凭证不是以 TEST 开头的测试密钥；此类凭证不会发送给模拟器。",
    ),
    "test_keys_need_endpoint": Text(
        "The access key starts with TEST, so it is a test key for an emulator; it is never sent to the cloud.",
        "该 AccessKey 以 TEST 开头，是模拟器的测试密钥，不会发送到云端。",
    ),
    "endpoint_not_loopback": Text(
        "The endpoint is not the address of an emulator on this machine, such as http://127.0.0.1:8080.",
        "该接入点不是本机模拟器的地址，例如 http://127.0.0.1:8080。",
    ),
}

_PRIVATE: Final = {
    "private_file_unreadable": Text(
        "{path} cannot be read as a text file of yours. Check the path.",
        "无法以文本方式读取文件 {path}。请检查路径。",
    ),
    "bearer_token_weak": Text(
        "{path} does not hold one token of at least 32 characters (letters, digits and -._~+/). Make one:"
        " openssl rand -hex 32",
        "{path} 中应只有一个至少 32 个字符的令牌（字母、数字及 -._~+/）。可用此命令生成：openssl rand -hex 32",
    ),
    "client_secret_empty": Text(
        "{path} is empty: it should hold the secret that the identity provider gave to --oidc-client-id.",
        "{path} 是空文件：其中应为身份提供方为 --oidc-client-id 颁发的密钥。",
    ),
    "private_file_open_to_others": Text(
        "{path} holds values that are yours alone, but it belongs to another user, or others may open it. Make it"
        " yours and run: chmod 600 {path}",
        "{path} 保存的是您的私密信息，但该文件属于其他用户，或可被他人打开。请将其改为您所有，并运行：chmod 600 {path}",
    ),
    "private_line_invalid": Text(
        "{path}, line {line}: not NAME=value, where a name has letters, digits and underscores.",
        "{path} 第 {line} 行：格式不是“名称=值”（名称由字母、数字和下划线组成）。",
    ),
    "private_name_refused": Text(
        "{path}, line {line}: {name} is the name of a password, a secret, a private key or a credential of a cloud. Whoever"
        " may read the instance can read its variables, so none of these is passed on; a token of one service, such as"
        " HF_TOKEN, is. Take the line out; for the cloud, give the instance a RAM role in the console.",
        "{path} 第 {line} 行：从名称看，{name} 是密码、密钥、私钥或云凭证。能查看实例的人都能读取其环境变量，因此不会传递此类变量；"
        "单个服务的令牌（例如 HF_TOKEN）可以传递。请删除该行；如需访问云资源，请在控制台为实例配置 RAM 角色。",
    ),
    "private_sign_in_invalid": Text(
        "{path} holds no sign-in as `docker login` writes it: auths, a host, and auth with user:password in Base64.",
        "{path} 中没有 `docker login` 格式的登录信息：auths 下以主机名为键，auth 为 Base64 编码的“用户名:密码”。",
    ),
}

_INPUT: Final = {
    "environment_unknown": (
        "`{name}` is not in the file that the server was started with (--env-file). There: {known}. The person who runs"
        " the server adds it to the file and restarts it; never ask for the value here."
    ),
    "id_invalid": "`{value}` is not a valid {name}.",
    "region_unknown": "`{region_id}` is not a region of PAI DSW. Regions: {regions}.",
    "exact_without_name": "exact goes with instance_name.",
    "region_choice": "Give either region_id or region_ids, not both and not neither.",
    "accelerator_type_open": "Give accelerator_type, what the GPU must have, or instance_type.",
    "region_without_workspaces": "AIWorkSpace (workspaces, images, datasets) is not offered in `{region_id}`.",
    "arguments_invalid": "The arguments of {tool} are not valid: {problems}",
    "arguments_unknown": "The arguments of {tool} are not valid: {problems}",
}

TEXTS: Final = {**_CLOUD, **_CREDENTIALS, **_REFUSED, **_PRIVATE, **_INPUT}
