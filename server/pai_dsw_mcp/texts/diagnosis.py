"""What `check_environment` and `pai-dsw-mcp doctor` say: what was found, and what to do about it."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

_NAMES: Final = {
    "check_version": Text("version", "版本"),
    "check_target": Text("target", "连接对象"),
    "check_limits": Text("limits", "管理员限制"),
    "check_credentials": Text("credentials", "凭证"),
    "check_expiry": Text("expiry", "凭证有效期"),
    "check_clock": Text("clock", "本机时钟"),
    "check_account": Text("account", "账号"),
    "check_regions": Text("regions", "地域连通性"),
    "check_activation": Text("PAI activated", "PAI 开通状态"),
    "check_workspaces": Text("workspaces", "工作空间"),
    "check_actions": Text("actions", "操作权限"),
    "check_sign_in": Text("sign-in", "登录"),
    "check_journal": Text("journal", "日志"),
    "check_database": Text("database", "数据库"),
    "check_audit": Text("audit", "审计"),
    "state_ok": Text("ok", "正常"),
    "state_mend": Text("mend", "需处理"),
    "state_unknown": Text("unknown", "未知"),
    "diagnosis_well": Text("Nothing to mend.", "没有需要处理的问题。"),
    "diagnosis_ill": Text("To mend: {names}.", "需要处理：{names}。"),
    "diagnosis_unknown": Text("Not known: {names}.", "未知：{names}。"),
    "diagnosis_do": Text("To do: {what}", "处理方法：{what}"),
}

_FOUND: Final = {
    "found_version": Text("pai-dsw-mcp {version}, Python {python}", "pai-dsw-mcp {version}, Python {python}"),
    "found_cloud_public": Text(
        "the cloud, over public endpoints: instances cost money", "云端，通过公网接入点：实例会产生费用"
    ),
    "found_cloud_vpc": Text(
        "the cloud, over endpoints inside a VPC: instances cost money", "云端，通过 VPC 内网接入点：实例会产生费用"
    ),
    "found_limits": Text("{limits}", "{limits}"),
    "found_no_limits": Text("none on cost, number, regions or workspaces", "未限制费用、数量、地域或工作空间"),
    "found_emulator": Text(
        "an emulator on this machine, {endpoint}: nothing is real, nothing costs money",
        "本机模拟器 {endpoint}：资源均非真实，不产生费用",
    ),
    "found_permanent_key": Text("{provider}: a permanent key", "{provider}：长期密钥"),
    "found_temporary_key": Text("{provider}: a temporary key", "{provider}：临时密钥"),
    "found_unproven_key": Text("{provider}; no reply has confirmed it so far", "{provider}；尚无任何响应能证明其有效"),
    "found_no_expiry": Text("a permanent key does not expire", "长期密钥不会过期"),
    "found_expiry": Text("until {until}, {minutes} minutes from now", "有效期至 {until}，剩余 {minutes} 分钟"),
    "found_expiry_unknown": Text(
        "a temporary key whose source does not say when it expires", "临时密钥，其来源未说明过期时间"
    ),
    "found_clock": Text("{seconds} s from the service's clock", "与服务端时钟相差 {seconds} 秒"),
    "found_clock_unknown": Text("no reply has told the service's time", "没有响应给出服务端时间"),
    "found_account": Text("account {account}, {identity} {user}", "账号 {account}，{identity} {user}"),
    "found_nothing_asked": Text("not asked: the credentials come first", "未检查：需先解决凭证问题"),
    "found_reached": Text("reached: {regions}", "可连通：{regions}"),
    "found_not_reached": Text("not reached: {region} ({reason})", "无法连通：{region}（{reason}）"),
    "found_activated": Text("yes: {regions}", "已开通：{regions}"),
    "found_not_activated": Text("no: {regions}", "未开通：{regions}"),
    "found_activation_unknown": Text("not known: {regions}", "未知：{regions}"),
    "found_workspaces": Text("{region}: {names}", "{region}：{names}"),
    "found_workspaces_more": Text("{count} more", "另有 {count} 个"),
    "found_workspaces_none": Text("none visible: {regions}", "无可见工作空间：{regions}"),
    "found_workspaces_unknown": Text("not known: {region} ({reason})", "未知：{region}（{reason}）"),
    "found_workspace_unusable": Text("{name} ({status})", "{name}（{status}）"),
    "found_allowed": Text("allowed: {actions}", "允许：{actions}"),
    "found_denied_explicitly": Text("denied explicitly by a policy: {actions}", "被策略显式拒绝：{actions}"),
    "found_denied": Text("denied: {actions}", "被拒绝：{actions}"),
    "found_unknown_actions": Text("not known: {actions}", "未知：{actions}"),
    "found_actions_of": Text("{places}: {verdicts}", "{places}：{verdicts}"),
    "found_no_actions": Text("no workspace to ask about", "没有可供检查的工作空间"),
    "found_provider": Text(
        "{issuer} answers; keys that may sign tokens: {count}",
        "{issuer} 有响应；可用于签发令牌的密钥：{count} 个",
    ),
    "found_no_provider": Text("{issuer}: its metadata or its keys cannot be read", "{issuer}：无法读取元数据或密钥"),
    "found_no_signing_keys": Text(
        "{issuer} publishes no key that may sign tokens", "{issuer} 没有公布可用于签发令牌的密钥"
    ),
    "found_journal": Text("its folder {folder} can be written", "其目录 {folder} 可写"),
    "found_no_home": Text(
        "the home of this user is not known, so there is no place for the journal",
        "无法确定当前用户的主目录，因此没有存放日志的位置",
    ),
    "found_database": Text("answers; its tables are of version {version}", "有响应；数据表版本为 {version}"),
    "found_database_older": Text(
        "answers; its tables are of version {version} (0: there are none), and the next start brings them to {known}",
        "有响应；数据表版本为 {version}（0 表示尚无数据表），下次启动服务时升级到 {known}",
    ),
    "found_audit": Text(
        "the key and the checkpoint fit its newest rows; pai-dsw-mcp audit --verify looks at all of them",
        "密钥和检查点与最新的行相符；全部行由 pai-dsw-mcp audit --verify 核验",
    ),
    "found_audit_no_tables": Text("not looked at: there are no tables for it yet", "未检查：尚无对应的数据表"),
    "found_audit_not_begun": Text(
        "not begun: the first server with the key begins it as it starts", "尚未开始：第一个持有密钥的服务启动时开始"
    ),
}

_TO_DO: Final = {
    "do_credentials_missing": Text(
        "Run `aliyun configure` in a terminal, or set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET"
        " where the server is started; then restart it. Without an account: --emulator.",
        "在终端运行 `aliyun configure`，或在启动服务的环境中设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和"
        " ALIBABA_CLOUD_ACCESS_KEY_SECRET，然后重启服务。没有账号时可使用 --emulator。",
    ),
    "do_emulator_keys": Text(
        "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET to the keys of a user that `pai-emulator`"
        " printed, then start again.",
        "将 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET 设为 `pai-emulator` 打印的某个用户的密钥，"
        "然后重新启动。",
    ),
    "do_credentials_invalid": Text(
        "Correct this profile or file in a terminal (`aliyun configure`), then restart the server.",
        "在终端更正该配置或文件（`aliyun configure`），然后重启服务。",
    ),
    "do_credentials_expired": Text(
        "Sign in again in a terminal, or fetch a new temporary key where this one came from; then restart the server.",
        "在终端重新登录，或从原来源获取新的临时密钥，然后重启服务。",
    ),
    "do_identity_changed": Text("Restart the server to use the new credentials.", "如需使用新凭证，请重启服务。"),
    "do_key_unknown": Text(
        "The service does not know this access key: it was deleted, or was copied wrongly. Create a new one in the RAM"
        " console and set it up in a terminal.",
        "服务端不存在该 AccessKey：可能已被删除，或复制有误。请在 RAM 控制台新建，并在终端完成配置。",
    ),
    "do_key_disabled": Text(
        "The access key is disabled. Enable it in the RAM console, or set up another one in a terminal.",
        "该 AccessKey 已被禁用。请在 RAM 控制台启用，或在终端配置其他密钥。",
    ),
    "do_secret_wrong": Text(
        "The access key exists, and the secret that goes with it is another one. Set up both again in a terminal.",
        "AccessKey 存在，但与其 Secret 不匹配。请在终端重新配置两者。",
    ),
    "do_token_invalid": Text(
        "The security token does not belong to this key. Sign in again in a terminal, or fetch key and token anew"
        " together.",
        "安全令牌与该密钥不匹配。请在终端重新登录，或重新获取成对的密钥和令牌。",
    ),
    "do_endpoint_needs_test_keys": Text(
        "Leave out --endpoint to use the cloud, or set the test key that `pai-emulator` prints when it starts.",
        "如要使用云端，请去掉 --endpoint；如要使用模拟器，请设置 `pai-emulator` 启动时输出的测试密钥。",
    ),
    "do_test_keys_need_endpoint": Text(
        "Name the emulator with --endpoint http://127.0.0.1:PORT, or set up a real key to use the cloud.",
        "请用 --endpoint http://127.0.0.1:PORT 指定模拟器；如要使用云端，请配置真实密钥。",
    ),
    "do_expiry_unknown": Text(
        "When requests are refused as expired, fetch a new key where this one came from and restart the server.",
        "若请求因过期被拒绝，请从原来源获取新密钥并重启服务。",
    ),
    "do_clock": Text(
        "Set the clock of this machine (NTP): the service refuses requests that are 15 minutes off.",
        "请校准本机时钟（NTP）：相差 15 分钟以上的请求会被服务端拒绝。",
    ),
    "do_account": Text(
        "Harmless. Forms and pages show the account as unknown.", "不影响使用。表单和页面上的账号会显示为未知。"
    ),
    "do_regions": Text(
        "Check the network, the proxy (HTTPS_PROXY, NO_PROXY) and --network; --connect-timeout allows more seconds.",
        "请检查网络、代理（HTTPS_PROXY、NO_PROXY）和 --network；--connect-timeout 可延长等待。",
    ),
    "do_activation": Text(
        "Activate PAI in the console, in the region that you want to use.", "请在控制台开通所需地域的 PAI。"
    ),
    "do_workspaces": Text(
        "Create a workspace (the tool create_workspace, or the console), or ask an administrator to add you as a member.",
        "请创建工作空间（使用工具 create_workspace 或控制台），或请工作空间管理员将您添加为成员。",
    ),
    "do_denied_explicitly": Text(
        "An administrator of the account takes what is denied explicitly out of the statement with Deny, or out of its"
        " condition, such as one on the source address (acs:SourceIp); to grant more will hardly help while it stands. What"
        " is denied otherwise needs a role or a RAM policy: references/ram-policies.md.",
        "请账号管理员从 Deny 语句中移除被显式拒绝的权限，或修改其条件（例如限制来源 IP 的 acs:SourceIp）；该语句存在时，授予更多权限通常无效。"
        "其他被拒绝的权限需要角色或 RAM 策略：参见 references/ram-policies.zh-CN.md。",
    ),
    "do_permission_denied": Text(
        "An administrator of the workspace gives a role that carries it, or one of the account a RAM policy; a policy may"
        " also depend on the address you call from: references/ram-policies.md.",
        "请工作空间管理员授予包含该权限的角色，或请账号管理员授予 RAM 策略；策略也可能限制来源 IP：参见"
        " references/ram-policies.zh-CN.md。",
    ),
    "do_unknown_actions": Text(
        "The workspace does not list them as yours, and a RAM policy may allow them all the same: a denial will name"
        " the action.",
        "工作空间未将其列为您的权限，但 RAM 策略仍可能允许；若被拒绝，错误信息会指明所需权限。",
    ),
    "do_state_dir": Text("Give a folder of yours with --state-dir.", "请用 --state-dir 指定您自己的目录。"),
    "do_provider": Text(
        "Compare --oidc-issuer with what the provider calls itself, letter by letter, and open"
        " ISSUER/.well-known/openid-configuration from this machine: nobody can sign in until it answers.",
        "请将 --oidc-issuer 与身份提供方的自称逐字比对，并从本机打开 ISSUER/.well-known/openid-configuration：它有响应之前，任何人都无法登录。",
    ),
    "do_signing_keys": Text(
        "Let the provider sign with RS256, PS256, ES256, ES384 or EdDSA, and publish those keys with their ids.",
        "请让身份提供方使用 RS256、PS256、ES256、ES384 或 EdDSA 签名，并公布这些密钥及其 ID。",
    ),
    "do_later": Text("Check again later.", "请稍后再检查。"),
}

TEXTS: Final = {**_NAMES, **_FOUND, **_TO_DO}
