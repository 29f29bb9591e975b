"""What a reading tool says of what it found."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

_PAGES: Final = {
    "page_part": Text(
        "Rows {first}-{last} of {total}; the next ones with cursor {next_cursor}.",
        "第 {first}-{last} 行，共 {total} 行；用 cursor {next_cursor} 获取后续。",
    ),
    "page_last": Text("Rows {first}-{last} of {total}.", "第 {first}-{last} 行，共 {total} 行。"),
    "page_past_end": Text(
        "The cursor lies past the end: there are {total} rows.", "cursor 已超出末尾：共 {total} 行。"
    ),
}

_SPECS: Final = {
    "specs_found": Text(
        "{accelerator_type} specs in {region_id}: {total}, of these {available} available for pay-as-you-go and {spot}"
        " as spot; cheapest first, prices per hour.",
        "{region_id} 的 {accelerator_type} 规格共 {total} 个，其中可按量付费的 {available} 个、可用作抢占式实例的 {spot} 个；"
        "按小时价从低到高。",
    ),
    "specs_none": Text(
        "No {accelerator_type} spec in {region_id} fits these filters.",
        "{region_id} 没有符合条件的 {accelerator_type} 规格。",
    ),
    "spec_missing": Text(
        "{region_id} has no spec `{instance_type}`, neither CPU nor GPU.",
        "{region_id} 没有规格 `{instance_type}`（CPU 和 GPU 均无）。",
    ),
    "spec_other_type": Text(
        "The service lists `{instance_type}` as {actual}, not {asked}: use {actual} for it.",
        "服务端将 `{instance_type}` 归类为 {actual} 而非 {asked}：请按 {actual} 使用。",
    ),
    "spec_misses_filters": Text(
        "`{instance_type}` does not fit the other filters of this call.",
        "`{instance_type}` 不符合本次调用的其他筛选条件。",
    ),
    "specs_unpriced": Text(
        "{count} without a price left out: whether they cost at most {max_price} cannot be told.",
        "已略去 {count} 个无价格的规格：无法判断其是否不超过 {max_price}。",
    ),
    "specs_gpu_types": Text("GPU types in this region: {gpu_types}.", "该地域的 GPU 类型：{gpu_types}。"),
    "specs_cpu_without_gpu": Text(
        "CPU specs have no GPU: gpu_type and gpu_count go with accelerator_type GPU.",
        "CPU 规格没有 GPU：gpu_type 与 gpu_count 需配合 accelerator_type GPU。",
    ),
}

_WORKSPACES: Final = {
    "workspaces_found": Text("Workspaces in {region_id}: {total}.", "{region_id} 的工作空间：{total} 个。"),
    "workspaces_none_named": Text(
        "No workspace in {region_id} has `{workspace_name}` in its name.",
        "{region_id} 没有名称含 `{workspace_name}` 的工作空间。",
    ),
    "workspaces_none": Text(
        "No workspace in {region_id} is visible to these credentials.", "{region_id} 没有当前凭证可见的工作空间。"
    ),
    "pai_not_activated": Text(
        "PAI is not activated there; the person activates it in the console, nothing here can buy it.",
        "该地域尚未开通 PAI；请用户在控制台开通，本服务不能代为购买。",
    ),
    "pai_activated": Text(
        "PAI is activated there: the person creates a workspace in the console, or asks its administrator to be added.",
        "该地域已开通 PAI：请用户在控制台创建工作空间，或请管理员将其加入。",
    ),
    "workspaces_unusable": Text(
        "Only ENABLED workspaces can be used; not usable here: {count}.",
        "只有 ENABLED 的工作空间可用；此处不可用：{count} 个。",
    ),
    "workspace_told": Text(
        "Workspace {workspace_id} {workspace_name} is {status}{default}.",
        "工作空间 {workspace_id} {workspace_name} 的状态为 {status}{default}。",
    ),
    "workspace_is_default": Text(", the default workspace of this region", "，是该地域的默认工作空间"),
    "workspace_ENABLED": Text("It can be used.", "可以使用。"),
    "workspace_INITIALIZING": Text("It cannot be used yet: it is being set up.", "暂不可用：正在初始化。"),
    "workspace_UPDATING": Text("It cannot be used just now: it is being changed.", "暂不可用：正在更新。"),
    "workspace_FAILURE": Text(
        "It cannot be used: setting it up failed. The person looks at it in the console.",
        "不可用：创建失败。请用户在控制台查看。",
    ),
    "workspace_DISABLED": Text(
        "It cannot be used: somebody disabled it. Its administrator can enable it.",
        "不可用：已被禁用。管理员可重新启用。",
    ),
    "workspace_FROZEN": Text("It cannot be used: it is frozen because a payment is overdue.", "不可用：因欠费被冻结。"),
    "workspace_other": Text("It cannot be used: only ENABLED workspaces can.", "不可用：只有 ENABLED 的工作空间可用。"),
}

_IMAGES_AND_DATASETS: Final = {
    "images_found": Text(
        "Images for DSW in {region_id}: {total}. Take one whose chip type equals the spec's accelerator type.",
        "{region_id} 的 DSW 镜像：{total} 个。请选择芯片类型与规格的加速器类型一致的镜像。",
    ),
    "images_none": Text("No image for DSW in {region_id} fits.", "{region_id} 没有符合条件的 DSW 镜像。"),
    "images_chip_guessed": Text(
        "Without a chip type label, so taken from the address: {count}.",
        "无芯片类型标签、由地址推断：{count} 个。",
    ),
    "images_chip_unknown": Text(
        "Left out because neither label nor address tells the chip type: {count}.",
        "因标签与地址均未说明芯片类型而略去：{count} 个。",
    ),
    "datasets_found": Text(
        "Datasets in workspace {workspace_id}: {total}.", "工作空间 {workspace_id} 的数据集：{total} 个。"
    ),
    "datasets_none": Text(
        "No dataset in workspace {workspace_id} fits, or none that these credentials may see.",
        "工作空间 {workspace_id} 没有符合条件或当前凭证可见的数据集。",
    ),
}

_INSTANCES: Final = {
    "instances_found": Text(
        "Instances in {region_id}: {total} ({by_status}).", "{region_id} 的实例：{total} 个（{by_status}）。"
    ),
    "instances_none": Text("No visible instance in {region_id} fits.", "{region_id} 没有符合条件且可见的实例。"),
    "instances_unseen": Text(
        "Other people's PRIVATE instances show only to workspace administrators or with the RAM action"
        " paidsw:ListAllInstances; whether any are hidden cannot be told from here.",
        "他人的 PRIVATE 实例仅对工作空间管理员或拥有 RAM 权限 paidsw:ListAllInstances 的身份可见；"
        "这里无法判断是否有实例被隐藏。",
    ),
    "instances_partial_name": Text(
        "instance_name matches parts of names; exactly `{instance_name}`: {count}.",
        "instance_name 是模糊匹配；名称恰为 `{instance_name}` 的：{count} 个。",
    ),
    "instance_told": Text(
        "Instance {instance_id} {instance_name} is {status}. {meaning}",
        "实例 {instance_id} {instance_name} 的状态为 {status}。{meaning}",
    ),
    "instance_reason": Text("The service gives as reason: {reason}.", "服务端给出的原因：{reason}。"),
    "instance_open": Text("Open it: {instance_url}", "打开：{instance_url}"),
}

_STATUSES: Final = {
    "status_Creating": Text(
        "Being created, usually 2-5 minutes; wait_for_instance tells when it runs.",
        "创建中，通常 2-5 分钟；可用 wait_for_instance 等待其运行。",
    ),
    "status_ResourceAllocating": Text(
        "Compute is being allocated; wait_for_instance tells when it runs.",
        "正在分配计算资源；可用 wait_for_instance 等待其运行。",
    ),
    "status_Queuing": Text(
        "Waiting in the queue for compute, for an unknown time; it can end as Failed.",
        "排队等待计算资源，时长未知；可能以 Failed 结束。",
    ),
    "status_Starting": Text(
        "Booting, usually 2-5 minutes; wait_for_instance tells when it runs.",
        "启动中，通常 2-5 分钟；可用 wait_for_instance 等待其运行。",
    ),
    "status_EnvPreparing": Text(
        "Its environment is being set up; wait_for_instance tells when it runs.",
        "正在准备环境；可用 wait_for_instance 等待其运行。",
    ),
    "status_Recovering": Text(
        "Being restored; wait_for_instance tells when it runs.", "恢复中；可用 wait_for_instance 等待其运行。"
    ),
    "status_Running": Text(
        "It can be used; pay-as-you-go costs money until stop_instance.",
        "可以使用；按量付费在 stop_instance 之前持续计费。",
    ),
    "status_Stopping": Text(
        "Being stopped; wait_for_instance tells when it has stopped.",
        "停止中；可用 wait_for_instance 等待其停止。",
    ),
    "status_Stopped": Text(
        "Compute should cost nothing now; start_instance starts it. More than 15 days stopped, and its free disk is lost.",
        "目前应不再产生计算费用；可用 start_instance 启动。停止超过 15 天，免费磁盘数据会被清除。",
    ),
    "status_Updating": Text(
        "A change is being applied; afterwards it is Running or Stopped.",
        "正在应用变更；之后为 Running 或 Stopped。",
    ),
    "status_Saving": Text("Its environment is being saved as an image.", "正在将环境保存为镜像。"),
    "status_Saved": Text("Its environment was saved as an image.", "环境已保存为镜像。"),
    "status_SaveFailed": Text(
        "Saving its environment as an image failed; it may still hold compute and cost money. stop_instance ends that.",
        "保存镜像失败；可能仍占用计算资源并计费。可用 stop_instance 停止。",
    ),
    "status_Deleting": Text("Being deleted; it will be gone.", "删除中，即将消失。"),
    "status_Failed": Text(
        "It failed. Read the reason; then start_instance tries again, or update_instance changes spec or image.",
        "失败。请查看原因；可用 start_instance 重试，或用 update_instance 更换规格或镜像。",
    ),
    "status_ArrearStopping": Text("Being stopped because a payment is overdue.", "因欠费正在停止。"),
    "status_Arrearge": Text(
        "Stopped because a payment is overdue; the person settles it before it can start.",
        "因欠费已停止；请用户结清欠款后再启动。",
    ),
    "status_Unknown": Text(
        "The service gives a status that this version does not know; the console shows it.",
        "服务端返回了本版本未知的状态；请在控制台查看。",
    ),
}

_WAITING: Final = {
    "wait_progress": Text("{instance_id} is {status}", "{instance_id} 状态：{status}"),
    "wait_unread": Text("Its status could not be read so far.", "目前尚未能读取其状态。"),
    "wait_done": Text("{instance_id} is {status}.", "{instance_id} 状态为 {status}。"),
    "wait_again": Text(
        "Not {until} yet. Call again in {seconds} s, or at once: this tool keeps the pace itself.",
        "尚未变为 {until}。请在 {seconds} 秒后再次调用；也可立即调用，间隔由本工具自行控制。",
    ),
    "wait_in_vain": Text(
        "Waiting ended: from {status} it does not become {until} by itself.",
        "已停止等待：处于 {status} 时不会自行变为 {until}。",
    ),
    "wait_given_up": Text(
        "Waiting ended: {status} has not changed over {looks} looks in {minutes} minutes. Tell the person; get_instance"
        " shows the state at any time.",
        "已停止等待：{minutes} 分钟内查询 {looks} 次，状态一直是 {status}。请告知用户；可随时用 get_instance 查看。",
    ),
}

TEXTS: Final[dict[str, Text]] = {
    **_PAGES,
    **_SPECS,
    **_WORKSPACES,
    **_IMAGES_AND_DATASETS,
    **_INSTANCES,
    **_STATUSES,
    **_WAITING,
}
