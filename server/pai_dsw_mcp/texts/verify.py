"""What `pai-dsw-mcp verify-cloud` says."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

TEXTS: Final = {
    "verify_begins": Text(
        "Reading only, one request every five seconds, about two minutes in all. Nothing is changed.",
        "只读取，每五秒一个请求，共约两分钟。不做任何变更。",
    ),
    "verify_no_keys": Text(
        "Run `aliyun configure` in a terminal, or set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET"
        " here; then start this again. Without an account: --emulator.",
        "在终端运行 `aliyun configure`，或在当前环境中设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和"
        " ALIBABA_CLOUD_ACCESS_KEY_SECRET，然后重新运行。没有账号时可使用 --emulator。",
    ),
    "verify_needs_terminal": Text(
        "--with-writes makes an instance, which costs money: it is for a person at a terminal.",
        "--with-writes 会创建实例并产生费用，只能由用户在终端中运行。",
    ),
    "verify_no_workspace": Text(
        "There is no workspace in {region_id} that can be used. Name another region (--regions) or workspace"
        " (--workspaces).",
        "{region_id} 没有可用的工作空间。请指定其他地域（--regions）或工作空间（--workspaces）。",
    ),
    "verify_nothing_to_run": Text(
        "There is no CPU spec with a price, or no official CPU image, in {region_id}. Name another region (--regions).",
        "{region_id} 没有标明价格的 CPU 规格，或没有官方 CPU 镜像。请指定其他地域（--regions）。",
    ),
    "verify_terms": Text(
        "This makes one notebook instance in your account, to see what reading cannot show:\n"
        "  instance   {name}, in workspace {workspace} ({workspace_id}), region {region}\n"
        "  spec       {spec}; for a moment perhaps {other}, if the service takes that change\n"
        "  image      {image}\n"
        "  dataset    {dataset} (mounted to read)\n"
        "  cost       at most {cost}: half an hour at {hourly} per hour\n"
        "It is created with a timer that stops it after half an hour; created a second time under the same name, which"
        " the service should refuse; stopped, started, made PUBLIC to the workspace, given the dataset, saved if you"
        " name a place, and stopped. Each of these is sent through the gate and stands in the journal (pai-dsw-mcp"
        " audit). Ctrl-C and closing the terminal stop it too. The stopped instance stays, because this program deletes"
        " nothing: delete it in the console.",
        "将在您的账号中创建一个笔记本实例，用于查看只读方式无法确认的行为：\n"
        "  实例       {name}，工作空间 {workspace}（{workspace_id}），地域 {region}\n"
        "  规格       {spec}；如果服务接受变更，可能短时使用 {other}\n"
        "  镜像       {image}\n"
        "  数据集     {dataset}（只读挂载）\n"
        "  费用       最多 {cost}：按每小时 {hourly} 计，半小时\n"
        "创建时附带半小时后自动停止的定时器；然后以同名再创建一次（服务应当拒绝）；停止、启动、设为工作空间内公开（PUBLIC）、挂载"
        "数据集、在您指定位置时保存环境，最后停止。每一步都经过审批关卡并记入日志（pai-dsw-mcp audit）。按 Ctrl-C 或关闭终端也会停止实例。"
        "本程序不删除任何资源，停止后的实例会保留，请在控制台删除。",
    ),
    "verify_left_over": Text(
        "`{name}` ({status}) is left from an earlier pass. It is used for this one, and stopped at the end.",
        "上次运行遗留了 `{name}`（{status}）。本次将继续使用它，并在最后停止。",
    ),
    "verify_image_url": Text(
        "Where to save the environment, an address in Container Registry with a new tag (Enter: do not save):",
        "保存环境的位置，即容器镜像服务中带新标签的地址（直接回车则不保存）：",
    ),
    "verify_type_name": Text("Type {name} to begin (Enter: do nothing):", "输入 {name} 以开始（直接回车则不执行）："),
    "verify_declined": Text("Nothing was changed.", "未做任何变更。"),
    "not_agreed_to": Text(
        "{action} of `{target}` was not sent: it is not what was agreed to.",
        "未发送对 `{target}` 的 {action}：不在已同意的范围内。",
    ),
    "verify_made": Text(
        "`{name}` ({instance_id}) was made in {region}. If this program dies before it says that nothing runs, start it"
        " again with --with-writes, or stop the instance in the console.",
        "已在 {region} 创建 `{name}`（{instance_id}）。如果本程序在提示“没有实例在运行”之前意外退出，请使用 --with-writes"
        " 重新运行，或在控制台停止该实例。",
    ),
    "verify_status": Text("`{name}` is {status}", "`{name}` 的状态：{status}"),
    "verify_stopping": Text(
        "Stopping what was made, and looking until nothing runs.", "正在停止所创建的实例，直到没有实例在运行。"
    ),
    "verify_stopped": Text("Nothing runs. It cost at most {cost}.", "没有实例在运行。费用最多为 {cost}。"),
    "verify_left": Text(
        "LEFT, and perhaps running: {names} in {region}. Start this again with --with-writes, which stops it, or stop it"
        " in the console. Its timer stops it half an hour after it was made, where the service took one.",
        "仍有遗留，可能在运行：{names}（{region}）。请使用 --with-writes 重新运行以停止，或在控制台停止。若服务接受了定时器，"
        "实例会在创建半小时后自动停止。",
    ),
    "verify_interrupted": Text(
        "Interrupted. With --with-writes, start this again if it did not say that nothing runs.",
        "已中断。若使用了 --with-writes 且未提示“没有实例在运行”，请重新运行。",
    ),
    "verify_record_used": Text(
        "{folder} is not empty; a recording needs a folder of its own.", "{folder} 不是空文件夹；录制需要单独的文件夹。"
    ),
    "verify_record_failed": Text("{folder} cannot be made or read.", "无法创建或读取 {folder}。"),
    "verify_recorded": Text(
        "replies.json holds the shape of what the service replied, for the eyes of a maintainer alone. Ids, names,"
        " addresses, prices and texts have stand-ins; how many instances, images, datasets and workspaces there are, and"
        " when they were made, is in it. Read it before you give it to anybody, and do not paste it into an issue.",
        "replies.json 保存了服务答复的结构，仅供维护者查看。其中的 ID、名称、地址、价格和文本均已替换，但仍可看出实例、镜像、"
        "数据集和工作空间的数量及创建时间。交给他人之前请先检查内容，不要粘贴到 issue 中。",
    ),
    "verify_title": Text(
        "How the service behaves ({cloud}), seen by pai-dsw-mcp {version}",
        "服务的实际行为（{cloud}），由 pai-dsw-mcp {version} 观察",
    ),
    "verify_assumption": Text("Assumption", "假设"),
    "verify_plays": Text("The emulator plays", "模拟器的行为"),
    "verify_seen": Text("Seen", "观察到"),
    "verify_agrees": Text("Agrees", "一致"),
    "verify_sure": Text("How sure", "把握"),
    "verify_operation": Text("Operation", "操作"),
    "verify_outcome": Text("Answer", "答复"),
    "verify_times": Text("Times", "次数"),
    "verify_yes": Text("yes", "是"),
    "verify_no": Text("NO", "否"),
    "verify_sure_certain": Text("certain", "确定"),
    "verify_sure_likely": Text("likely", "很可能"),
    "verify_sure_not_seen": Text("not seen", "未观察到"),
    "verify_why_no_answer": Text("no answer came", "没有答复"),
    "verify_why_refused": Text("the request was refused", "请求被拒绝"),
    "verify_why_no_instances": Text("needs an instance without a reason", "需要一个没有原因信息的实例"),
    "verify_why_no_public": Text("needs a PUBLIC instance", "需要一个 PUBLIC 实例"),
    "verify_why_no_denial": Text("nothing was denied", "没有请求因权限被拒"),
    "verify_why_no_restart": Text("needs an instance that was stopped and started", "需要一个停止后又启动过的实例"),
    "verify_why_no_time": Text("the time was over", "时间已用完"),
    "verify_why_failed": Text("the instance failed", "实例启动失败"),
    "verify_why_no_new_instance": Text("needs a new instance: start it once more", "需要新建实例：请再运行一次"),
    "verify_why_no_dataset": Text("needs a dataset that is a folder in OSS", "需要一个位于 OSS 的文件夹类型数据集"),
    "verify_why_no_other_spec": Text("needs a second CPU spec", "需要第二个可用的 CPU 规格"),
    "verify_why_no_bare_memory": Text(
        "needs an instance on a quota whose memory was given without a unit", "需要一个在配额上、内存未带单位的实例"
    ),
    "verify_why_no_save": Text("needs an instance whose environment was saved", "需要一个保存过环境的实例"),
    "verify_agree": Text(
        "Everything that was seen is as the emulator plays it. Please paste this report into an issue all the same: it"
        " holds no names, ids or texts of your account.",
        "观察到的行为都与模拟器一致。仍请将此报告粘贴到 issue 中：其中不含您账号的任何名称、ID 或文本。",
    ),
    "verify_emulator": Text(
        "This report is about an emulator, not about the service: there is nothing to send.",
        "此报告针对的是模拟器而不是真实服务，无需提交。",
    ),
    "verify_differ": Text(
        "The emulator plays something otherwise than the service. Please paste this report into an issue: it holds no"
        " names, ids or texts of your account.",
        "有的行为与模拟器不一致。请将此报告粘贴到 issue 中：其中不含您账号的任何名称、ID 或文本。",
    ),
}
