"""What `pai-dsw-mcp verify-cloud` says."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

TEXTS: Final = {
    "verify_begins": Text(
        "Reading only: at most {reads} requests, one every {gap} seconds, at most {seconds} seconds in all if each is"
        " answered at once. Nothing is changed.",
        "现在只读取：最多 {reads} 个请求，每 {gap} 秒一个；如果都能立即得到答复，最多共 {seconds} 秒。不做任何变更。",
    ),
    "verify_begins_unpaced": Text(
        "Reading only: at most {reads} requests without a pause, a few seconds in all. Nothing is changed.",
        "现在只读取：最多 {reads} 个请求，中间不停顿，几秒即可完成。不做任何变更。",
    ),
    "verify_read": Text("Reading: {operation}; at most {left} more", "正在读取：{operation}；最多还剩 {left} 个请求"),
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
    "verify_makes": Text(
        "This makes one notebook instance in your account, to see what reading cannot show:",
        "将在您的账号中创建一个 Notebook 实例，以确认只靠读取无法确认的行为：",
    ),
    "verify_makes_emulated": Text(
        "This makes one notebook instance in the emulator, to see what reading cannot show:",
        "将在模拟器中创建一个 Notebook 实例，以确认只靠读取无法确认的行为：",
    ),
    "verify_terms": Text(
        "  instance   {name}, in workspace {workspace} ({workspace_id}), region {region}\n"
        "  spec       {spec}; for a moment perhaps {other}, if the service takes that change\n"
        "  image      {image}\n"
        "  dataset    {dataset} (mounted to read)",
        "  实例       {name}，工作空间 {workspace}（{workspace_id}），地域 {region}\n"
        "  规格       {spec}；如果服务接受变更，可能短时使用 {other}\n"
        "  镜像       {image}\n"
        "  数据集     {dataset}（只读挂载）",
    ),
    "verify_seconds": Text("{seconds} seconds", "{seconds} 秒"),
    "verify_costs": Text(
        "  cost       at most {cost}: half an hour at {hourly} per hour",
        "  费用       最多 {cost}：按每小时 {hourly} 计，半小时",
    ),
    "verify_costs_emulated": Text(
        "  cost       none; by the prices of the emulator at most {cost}: half an hour at {hourly} per hour",
        "  费用       无；按模拟器的价格最多 {cost}：按每小时 {hourly} 计，半小时",
    ),
    "verify_course": Text(
        "  time       at most {longest}: after {work} nothing new is begun, after {stop} it is only read, for about"
        " {reading}\n"
        "It is created with a timer that stops it after half an hour; created a second time under the same name, which"
        " the service should refuse; stopped, started, made PUBLIC to the workspace, given the dataset, saved if you"
        " name a place, and stopped. Ctrl-C and closing the terminal stop it too.",
        "  时间       最多 {longest}：{work}后不再开始新的步骤，{stop}后只进行读取，约 {reading}\n"
        "创建时附带半小时后自动停止的定时器；然后以同名再创建一次（服务应当拒绝）；停止、启动、设为工作空间内公开（PUBLIC）、挂载"
        "数据集、在您指定位置时保存环境，最后停止。按 Ctrl-C 或关闭终端也会停止实例。",
    ),
    "verify_stays": Text(
        "Each of these is sent through the gate and stands in the journal (pai-dsw-mcp audit). The stopped instance stays,"
        " because this program deletes nothing: delete it in the console.",
        "每一步均经过审批并记入日志（pai-dsw-mcp audit）。本程序不删除任何资源，停止后的实例会保留，请在控制台删除。",
    ),
    "verify_left_over": Text(
        "`{name}` ({status}) is left from an earlier pass. It can be stopped alone now; or the whole pass uses it instead"
        " of a new one, and stops it at the end.",
        "上次运行遗留了 `{name}`（{status}）。可以现在只停止它；也可以运行全部步骤，此时使用该实例而不新建，并在最后停止它。",
    ),
    "verify_stop_or_name": Text(
        "Type `stop` to stop it alone, or {name} for the whole pass with it (Enter: leave it as it is, which may cost money):",
        "输入 `stop` 只停止该实例，或输入 {name} 用它运行全部步骤（直接回车则让它保持当前状态，可能继续计费）：",
    ),
    "verify_still": Text(
        "Still {status}: {name}. To stop it, start this again with --with-writes and type `stop`, or stop it in the"
        " console.",
        "{name} 的状态仍为 {status}。如需停止，请使用 --with-writes 重新运行并输入 `stop`，或在控制台停止。",
    ),
    "verify_image_url": Text(
        "Where to save the environment, an address in Container Registry with a new tag (Enter: do not save):",
        "保存环境的位置，即容器镜像服务中带新标签的地址（直接回车则不保存）：",
    ),
    "verify_image_url_wrong": Text(
        "`{image_url}` is not such an address: it is host/path:tag on a host of aliyuncs.com, with its tag and without"
        " https://, e.g. registry.cn-hangzhou.aliyuncs.com/team/notebook:v1.",
        "`{image_url}` 不是有效的地址：格式应为“主机/路径:标签”，主机属于 aliyuncs.com，须带标签，不带 https://，"
        "例如 registry.cn-hangzhou.aliyuncs.com/team/notebook:v1。",
    ),
    "verify_saves": Text(
        "The environment will be saved to {image_url}; nothing there is overwritten.",
        "环境将保存到 {image_url}；该处已有的内容不会被覆盖。",
    ),
    "verify_saves_nothing": Text("The environment will not be saved.", "不会保存环境。"),
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
    "verify_made_emulated": Text(
        "`{name}` ({instance_id}) was made in {region} of the emulator.",
        "已在模拟器的 {region} 创建 `{name}`（{instance_id}）。",
    ),
    "verify_no_timer": Text(
        "`{name}` has no timer yet (answer to CreateInstanceShutdownTimer: {outcome}). Until it has one, only this program"
        " stops it.",
        "`{name}` 还没有定时器（CreateInstanceShutdownTimer 的答复：{outcome}）。在设置成功之前，只有本程序会停止它。",
    ),
    "verify_no_timer_sent": Text(
        "`{name}` has no timer yet: the request for it was not sent, or had no answer. Until it has one, only this program"
        " stops it.",
        "`{name}` 还没有定时器：请求未发送，或没有得到答复。在设置成功之前，只有本程序会停止它。",
    ),
    "verify_interrupting": Text(
        "Interrupted: what was made is stopped first. Ctrl-C once more gives that up, and it may run on.",
        "已中断：将先停止所创建的实例。再按一次 Ctrl-C 则放弃停止，实例可能继续运行。",
    ),
    "verify_is_emulated": Text(
        "The cloud is an emulator here: nothing is made in an account, and nothing costs money.",
        "当前连接的是模拟器：不会在任何账号中创建资源，也不产生费用。",
    ),
    "verify_timer": Text("It has its timer now.", "定时器已设置。"),
    "verify_not_stopped": Text(
        "`{name}` was not stopped (answer to StopInstance: {outcome}). It is tried again before this ends.",
        "`{name}` 未能停止（StopInstance 的答复：{outcome}）。结束前会再次尝试。",
    ),
    "verify_stop_unknown": Text(
        "`{name}` was not stopped yet: what became of a request to it is not known. It is tried again before this ends.",
        "`{name}` 尚未停止：此前对它的一个请求结果未知。结束前会再次尝试。",
    ),
    "verify_not_looked": Text(
        "Whether `{name}` runs could not be read (answer: {outcome}). It is tried again.",
        "无法读取 `{name}` 的状态（答复：{outcome}）。将再次尝试。",
    ),
    "verify_earlier": Text(
        "From an earlier pass: `{name}` is {status}. Delete it in the console if you do not want it.",
        "之前的运行留下了 `{name}`，状态为 {status}。如不需要，请在控制台删除。",
    ),
    "verify_earlier_emulated": Text(
        "From an earlier pass: `{name}` is {status}.", "之前的运行留下了 `{name}`，状态为 {status}。"
    ),
    "verify_left_out_create": Text(
        "[{number}/{steps}] Left out: creating the instance", "[{number}/{steps}] 已跳过：创建实例"
    ),
    "verify_left_out_twin": Text(
        "[{number}/{steps}] Left out: another one of the same name", "[{number}/{steps}] 已跳过：以同名再次创建"
    ),
    "verify_left_out_stop": Text(
        "[{number}/{steps}] Left out: stopping it on its way up", "[{number}/{steps}] 已跳过：在启动过程中停止"
    ),
    "verify_left_out_start": Text("[{number}/{steps}] Left out: starting it", "[{number}/{steps}] 已跳过：启动实例"),
    "verify_left_out_change": Text(
        "[{number}/{steps}] Left out: changing who can open it", "[{number}/{steps}] 已跳过：变更可见范围"
    ),
    "verify_left_out_mount": Text(
        "[{number}/{steps}] Left out: mounting the dataset", "[{number}/{steps}] 已跳过：挂载数据集"
    ),
    "verify_left_out_save": Text(
        "[{number}/{steps}] Left out: saving the environment", "[{number}/{steps}] 已跳过：保存环境"
    ),
    "verify_left_out_restart": Text(
        "[{number}/{steps}] Left out: stopping it and starting it again", "[{number}/{steps}] 已跳过：停止并重新启动"
    ),
    "verify_status": Text("`{name}` is {status}", "`{name}` 的状态：{status}"),
    "verify_step_create": Text("[{number}/{steps}] Creating the instance", "[{number}/{steps}] 正在创建实例"),
    "verify_step_twin": Text(
        "[{number}/{steps}] Creating another one of the same name, which the service should refuse",
        "[{number}/{steps}] 正在以同名再次创建（服务应当拒绝）",
    ),
    "verify_step_stop": Text(
        "[{number}/{steps}] Stopping it on its way up, and waiting until it is stopped",
        "[{number}/{steps}] 正在实例启动过程中将其停止，并等待其停止",
    ),
    "verify_step_start": Text(
        "[{number}/{steps}] Starting it, and waiting until it runs", "[{number}/{steps}] 正在启动实例，并等待其运行"
    ),
    "verify_step_change": Text(
        "[{number}/{steps}] Changing who can open it, then perhaps its spec",
        "[{number}/{steps}] 正在变更可见范围，之后可能变更规格",
    ),
    "verify_step_mount": Text("[{number}/{steps}] Mounting the dataset", "[{number}/{steps}] 正在挂载数据集"),
    "verify_step_save": Text("[{number}/{steps}] Saving the environment", "[{number}/{steps}] 正在保存环境"),
    "verify_not_saved": Text(
        "Not saved: you named no place. How an instance looks while it is saved stays open; name a place in another pass"
        " to see it.",
        "未保存：您没有指定位置。因此无法确认保存期间的实例状态；如需确认，请再运行一次并指定位置。",
    ),
    "verify_save_refused": Text(
        "Not saved: the service answered {outcome}. Look at the address and at the rights of these credentials, then run"
        " this again.",
        "未保存：服务答复 {outcome}。请检查地址和当前凭证的权限，然后重新运行。",
    ),
    "verify_step_restart": Text(
        "[{number}/{steps}] Stopping it and starting it again", "[{number}/{steps}] 正在停止并重新启动实例"
    ),
    "verify_step_end": Text(
        "[{number}/{steps}] Stopping what was made, and looking until nothing runs",
        "[{number}/{steps}] 正在停止所创建的实例，直到没有实例在运行",
    ),
    "verify_stopped": Text("Nothing runs. It cost at most {cost}.", "没有实例在运行。费用最多为 {cost}。"),
    "verify_stopped_earlier": Text(
        "Nothing runs. `{name}` ran since an earlier pass; what that cost is in the bill of the account.",
        "没有实例在运行。`{name}` 从之前的运行起一直在计费，费用请查看账号的账单。",
    ),
    "verify_stopped_emulated": Text("Nothing runs.", "没有实例在运行。"),
    "verify_stopping": Text(
        "Stopping `{name}`, and looking until nothing runs.", "正在停止 `{name}`，直到没有实例在运行。"
    ),
    "verify_left": Text(
        "LEFT, and perhaps running: {names} in {region}. Start this again with --with-writes, which stops it, or stop it"
        " in the console.",
        "仍有遗留，可能在运行：{names}（{region}）。请使用 --with-writes 重新运行以停止，或在控制台停止。",
    ),
    "verify_left_emulated": Text(
        "Left in the emulator, and perhaps running: {names} in {region}. It costs nothing.",
        "模拟器中仍有遗留，可能在运行：{names}（{region}）。不会产生费用。",
    ),
    "verify_left_timer": Text(
        "If you do not, its timer stops it half an hour after it was set.",
        "否则，定时器会在设置半小时后停止它。",
    ),
    "verify_left_no_timer": Text("It has no timer: nothing else stops it.", "它没有定时器，不会自动停止。"),
    "verify_interrupted": Text(
        "Interrupted before it was seen that nothing runs: start this again with --with-writes.",
        "已中断，尚未确认没有实例在运行：请使用 --with-writes 重新运行。",
    ),
    "verify_interrupted_before": Text("Interrupted. Nothing was changed.", "已中断。未做任何变更。"),
    "verify_interrupted_stopped": Text("Interrupted. Nothing runs.", "已中断。没有实例在运行。"),
    "verify_interrupted_emulator": Text(
        "Interrupted. The emulator ends with this program, and what it ran with it.",
        "已中断。模拟器随本程序结束，其中的实例也不再存在。",
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
}
