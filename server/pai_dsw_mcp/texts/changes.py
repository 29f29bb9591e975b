"""A change in words: what it is called, what its parameters mean, what it costs, and what to mind."""

from typing import Final

from pai_dsw_mcp.model.change import OPERATION_LABEL
from pai_dsw_mcp.texts.text import Text

_ACTIONS: Final = {
    "action_create_instance": Text("Create instance", "创建实例"),
    "action_update_instance": Text("Update instance", "更新实例"),
    "action_start_instance": Text("Start instance", "启动实例"),
    "action_stop_instance": Text("Stop instance", "停止实例"),
    "action_create_workspace": Text("Create workspace", "创建工作空间"),
    "action_update_workspace": Text("Update workspace", "更新工作空间"),
    "action_update_workspace_settings": Text("Change workspace settings", "修改工作空间设置"),
    "action_add_member": Text("Add member", "添加成员"),
    "action_set_member_roles": Text("Change roles of member", "修改成员角色"),
    "action_remove_member": Text("Remove member", "移除成员"),
    "action_stop_instances": Text("Stop several instances", "停止多个实例"),
    "action_set_auto_stop": Text("Set automatic stop", "设置自动停止"),
    "action_clear_auto_stop": Text("Remove automatic stop", "取消自动停止"),
    "action_create_snapshot": Text("Save environment as an image", "将环境保存为镜像"),
    "action_update_labels": Text("Change labels", "修改标签"),
}

_PARAMETERS: Final = {
    "parameter_RegionId": Text("Region", "地域"),
    "parameter_WorkspaceId": Text("Workspace", "工作空间"),
    "parameter_InstanceId": Text("Instance ID", "实例 ID"),
    "parameter_InstanceName": Text("Instance name", "实例名称"),
    "parameter_EcsSpec": Text("Machine type", "计算规格"),
    "parameter_ImageId": Text("Image", "镜像"),
    "parameter_ImageUrl": Text("Image address", "镜像地址"),
    "parameter_Accessibility": Text("Visible to", "可见范围"),
    "parameter_UserVpc": Text("Network", "专有网络"),
    "parameter_Datasets": Text("Dataset mount", "数据集挂载"),
    "parameter_DisassociateDatasets": Text("Remove all dataset mounts", "移除全部数据集挂载"),
    "parameter_Labels": Text("Label", "标签"),
    "parameter_DisplayName": Text("Display name", "显示名称"),
    "parameter_WorkspaceName": Text("Workspace name", "工作空间名称"),
    "parameter_EnvTypes": Text("Environments", "环境"),
    "parameter_Description": Text("Description", "描述"),
    "parameter_modelExportPath": Text("Default storage path", "默认存储路径"),
    "parameter_tempStoragePath": Text("Temporary storage path", "临时存储路径"),
    "parameter_priorityConfig": Text("Priorities of DSW instances", "DSW 实例的优先级"),
    "parameter_quotaMaximumDuration": Text("Longest run of DLC jobs", "DLC 任务的最长运行时间"),
    "parameter_UserId": Text("User ID", "用户 ID"),
    "parameter_Roles": Text("Role", "角色"),
    "parameter_StartInstance": Text("Start afterwards", "更新后启动"),
    "parameter_MaxIdleTimeInMinutes": Text("Stops after minutes idle", "闲置多少分钟后停止"),
    "parameter_CpuPercentThreshold": Text("Idle while CPU use is below (percent)", "CPU 使用率低于此值视为闲置（%）"),
    "parameter_GpuPercentThreshold": Text("And GPU use is below (percent)", "且 GPU 使用率低于此值（%）"),
    "parameter_DueTime": Text("Stops at (UTC)", "停止时间（UTC）"),
    "parameter_RemainingTimeInMs": Text("Stops after (milliseconds)", "多久后停止（毫秒）"),
    "parameter_SaveImage": Text("Save as an image", "保存为镜像"),
    "parameter_SnapshotName": Text("Image name", "镜像名称"),
    "parameter_ExcludePaths": Text("Left out", "不保存的目录"),
    "parameter_LabelKeys": Text("Remove label", "移除标签"),
    "parameter_EnvironmentVariables": Text("Environment variable", "环境变量"),
    "parameter_ImageAuth": Text("Sign-in to registry", "镜像仓库登录"),
}

_PARTS: Final = {
    "change_instance": Text("Instance", "实例"),
    "change_region": Text("Region", "地域"),
    "change_workspace": Text("Workspace", "工作空间"),
    "change_line": Text("{label}: {value}", "{label}：{value}"),
    "change_sent": Text("Will be sent:", "将发送的参数："),
    "change_default": Text("default", "默认"),
    "change_warnings": Text("Please note:", "请注意："),
    "change_reference": Text("Approval code", "审批编号"),
    "change_type_name": Text(
        "To approve, type the instance name: {instance_name}", "如需批准，请输入实例名称：{instance_name}"
    ),
    "change_type_present_name": Text(
        "To approve, type the present name: {instance_name}", "如需批准，请输入当前名称：{instance_name}"
    ),
    "change_type_member": Text(
        "To approve, type the name of the member: {instance_name}", "如需批准，请输入成员名称：{instance_name}"
    ),
    "change_member": Text("Member", "成员"),
    "change_emulator": Text(
        "EMULATOR: not the real cloud; nothing here costs money.", "模拟环境：并非真实的云服务，不产生任何费用。"
    ),
    "change_then": Text("Then, under the same yes:", "随后（同一次批准）："),
    "change_batch": Text("One after the other:", "逐个执行："),
    "change_count": Text("How many", "数量"),
    "change_type_count": Text(
        "You may leave some out. To approve, type how many remain.",
        "您可以排除其中一部分。如需批准，请输入剩余的数量。",
    ),
    "change_kept": Text("It runs on:", "运行配置："),
    "change_kept_member": Text("The member has now:", "该成员目前拥有："),
    "change_account": Text("Account that pays", "付费账号"),
    "change_credentials": Text("Credentials from", "凭证来源"),
    "change_client": Text("AI client", "AI 客户端"),
    "change_person": Text("Person who asks", "请求人"),
    "change_unknown": Text("unknown", "未知"),
    "change_until": Text("Open until", "有效至"),
    "change_now": Text("now: {value}", "当前：{value}"),
    "at_most": Text("at most", "最多"),
    "price_stays": Text("The price stays {hourly} {currency} per hour", "价格不变：{hourly} {currency} / 小时"),
    "price_line_week": Text(
        "{hourly} {currency} per hour, {day} per day; a forgotten week costs {total} {currency}",
        "{hourly} {currency} / 小时，{day} / 天；若忘记停止，一周费用：{total} {currency}",
    ),
    "price_line_timer": Text(
        "{hourly} {currency} per hour, {day} per day; until it stops itself, in {lasts}: {total} {currency}",
        "{hourly} {currency} / 小时，{day} / 天；到自动停止为止（{lasts}后），费用共计：{total} {currency}",
    ),
    "price_line_idle": Text(
        "{hourly} {currency} per hour, {day} per day; it stops itself once idle for {lasts}; if it is never idle for so"
        " long, a week costs {total} {currency}",
        "{hourly} {currency} / 小时，{day} / 天；闲置满 {lasts}后自动停止；若从未闲置这么久，一周费用：{total} {currency}",
    ),
}

_MEANINGS: Final = {
    "meaning_comma": Text(", ", "，"),
    "meaning_name": Text("{name}", "{name}"),
    "meaning_cpu": Text("{cpu} vCPU", "{cpu} vCPU"),
    "meaning_memory": Text("{memory} GiB memory", "内存 {memory} GiB"),
    "meaning_gpu": Text("{gpu} x {gpu_type}", "{gpu} x {gpu_type}"),
    "meaning_gpu_memory": Text("{gpu_memory} GiB GPU memory", "显存 {gpu_memory} GiB"),
    "meaning_gpu_memory_in_all": Text("{gpu_memory} GiB GPU memory in all", "显存共 {gpu_memory} GiB"),
    "meaning_no_gpu": Text("no GPU", "无 GPU"),
    "meaning_framework": Text("{framework}", "{framework}"),
    "meaning_chip": Text("for {chip}", "适用于 {chip}"),
    "meaning_chip_by_address": Text("its address says {mark}", "地址中标有 {mark}"),
    "meaning_storage": Text("{storage}", "{storage}"),
    "meaning_label_now": Text("its value is {value}", "当前值为 {value}"),
    "meaning_Accessibility_PRIVATE": Text("only you and the workspace administrators", "仅您本人和工作空间管理员"),
    "meaning_Accessibility_PUBLIC": Text("every member of the workspace", "工作空间的所有成员"),
    "meaning_Datasets_RW": Text("read and write", "可读写"),
    "meaning_Datasets_RO": Text("read only", "只读"),
    "meaning_EnvTypes_dev": Text("development", "开发环境"),
    "meaning_EnvTypes_prod": Text("production", "生产环境"),
    "meaning_StartInstance_true": Text("it starts, and charges begin", "更新后启动并开始计费"),
    "meaning_time": Text("{time} in UTC{offset}", "UTC{offset} 时间 {time}"),
    "meaning_time_here": Text("{time} by the clock of this computer", "本机时间 {time}"),
    "meaning_DueTime_-": Text("at no time", "不定时"),
    "meaning_from_now": Text("{duration} after it is sent", "发送后 {duration}"),
    "meaning_SaveImage_true": Text("before it stops", "停止之前"),
    f"meaning_Labels_{OPERATION_LABEL}": Text(
        "marks this request so that it is found again", "用于标记本次请求，以便之后找到它"
    ),
}
"""What values mean: `meaning_<parameter>_<word>` explains a word of the API."""

_WARNINGS: Final = {
    "warn_stop_loses_work": Text(
        "Everything that runs in {instance_name} ends, and work that is not saved is lost.",
        "{instance_name} 中正在运行的程序将全部终止，未保存的工作会丢失。",
    ),
    "warn_stopped_already": Text("Not running, or stopping already: {instances}.", "未在运行或正在停止：{instances}。"),
    "warn_stop_running_for": Text("It has run for {duration} in all.", "该实例累计已运行 {duration}。"),
    "warn_stop_charges_end": Text(
        "While it is stopping it keeps its compute and costs {hourly} {currency} per hour; after that, compute costs"
        " nothing.",
        "在状态变为 Stopped（已停止）之前仍占用计算资源，按每小时 {hourly} {currency} 计费；之后不再产生计算费用。",
    ),
    "warn_stop_charges_end_at_most": Text(
        "While it is stopping it keeps its compute and costs at most {hourly} {currency} per hour (spot); after that,"
        " compute costs nothing.",
        "在状态变为 Stopped（已停止）之前仍占用计算资源，按抢占式价格计费，每小时最多 {hourly} {currency}；之后不再产生计算费用。",
    ),
    "warn_save_holds": Text(
        "The image holds what was installed in {instance_name} and every file on its system disk, keys and other"
        " secrets too. It holds no mounted data and no running programs.",
        "镜像包含 {instance_name} 中已安装的软件和系统盘上的全部文件（包括其中的密钥等机密）；不包含挂载的数据，也不包含正在运行的程序。",
    ),
    "warn_save_goes_to": Text(
        "It goes to {image_url}: whoever may read there can read all of it. Container Registry may charge for the storage.",
        "镜像将保存到 {image_url}：能读取该地址的人都能读取其全部内容。容器镜像服务可能收取存储费用。",
    ),
    "warn_save_meanwhile": Text(
        "{instance_name} keeps its compute, and what that costs, meanwhile, and cannot be stopped or changed until it is"
        " saved.",
        "保存期间 {instance_name} 仍占用计算资源并产生相应费用，且在保存完成前无法停止或更改。",
    ),
    "warn_save_before_stop": Text(
        "{instance_name} is saved first, which takes some minutes (nothing tells how many), and stops only then. Until"
        " then it keeps its compute, and what that costs.",
        "将先保存 {instance_name}，保存完成后才停止。保存需要数分钟（具体时长无法预知），期间仍占用计算资源并产生相应费用。",
    ),
    "warn_save_named_by_service": Text(
        "The service chooses name and address of the image; no document says which. Once saving has begun, the assistant"
        " can tell you both.",
        "镜像的名称和地址由服务端决定，文档未说明规则；保存开始后，助手可以告诉您。",
    ),
    "warn_save_may_fail": Text(
        "If saving fails, it does not stop: it keeps its compute, and what that costs.",
        "如果保存失败，实例不会停止，会继续占用计算资源并产生相应费用。",
    ),
    "warn_environment_readable": Text(
        "Whoever may read or open the instance can read the values of its environment variables.",
        "能查看或打开该实例的人都能读取其环境变量的值。",
    ),
    "warn_update_restarts": Text(
        "{instance_name} is running and may restart: work that is not saved can be lost.",
        "{instance_name} 正在运行，更新可能使其重启：未保存的工作可能丢失。",
    ),
    "warn_public": Text(
        "Every member of the workspace {workspace_name} can open it.",
        "工作空间 {workspace_name} 的所有成员都可以访问它。",
    ),
    "warn_price_unknown": Text(
        "The service names no price for {ecs_spec}: nobody can say what this costs.",
        "服务端未给出 {ecs_spec} 的价格：无法得知费用。",
    ),
    "warn_earlier_request_unknown": Text(
        "The same was requested {duration} ago and its outcome is unknown: this may make a second instance.",
        "{duration}前发送过同样的请求，结果未知：这次可能会产生第二个实例。",
    ),
    "warn_earlier_workspace_unknown": Text(
        "The same was requested {duration} ago and its outcome is unknown: it may still appear. The service allows one"
        " workspace of a name.",
        "{duration}前发送过同样的请求，结果未知：该工作空间仍可能出现。服务端只允许一个同名工作空间。",
    ),
    "warn_other_workspace_unknown": Text(
        "The workspace {instance_name}, sent {duration} ago, may exist.",
        "工作空间 {instance_name} 的创建请求于 {duration}前发送，结果未知：它可能已存在。",
    ),
    "warn_other_create_unknown": Text(
        "{instance_name}, sent {duration} ago, may exist and cost {hourly} {currency} per hour.",
        "{instance_name} 的创建请求于 {duration}前发送，结果未知：它可能已存在，并按每小时 {hourly} {currency} 计费。",
    ),
    "warn_other_create_unknown_at_most": Text(
        "{instance_name}, sent {duration} ago, may exist and cost at most {hourly} {currency} per hour.",
        "{instance_name} 的创建请求于 {duration}前发送，结果未知：它可能已存在并计费，每小时最多 {hourly} {currency}。",
    ),
    "warn_other_create_unknown_price": Text(
        "{instance_name}, sent {duration} ago, may exist and cost money.",
        "{instance_name} 的创建请求于 {duration}前发送，结果未知：它可能已存在并计费。",
    ),
    "warn_stopped_disk_15_days": Text(
        "If it stays stopped for more than 15 days, its free system disk and what is on it are deleted.",
        "停止超过 15 天后，免费系统盘及其中的数据将被删除。",
    ),
    "warn_stops_itself": Text(
        "When it stops itself, everything that runs in {instance_name} ends, unsaved work is lost, and nobody is asked"
        " again.",
        "自动停止时，{instance_name} 中正在运行的程序将全部终止，未保存的工作会丢失，且不会再次询问。",
    ),
    "warn_idle_rule_stays": Text(
        "The rule that stops it after {minutes} idle minutes stays.", "闲置 {minutes} 分钟后停止的规则保持不变。"
    ),
    "warn_timer_stays": Text("The timer that stops it at {time} stays.", "在 {time} 停止的定时保持不变。"),
    "warn_charged_until_stopped": Text(
        "It is charged from the start until it is stopped, also while idle.",
        "从启动起计费，直到被停止为止，闲置时也计费。",
    ),
    "warn_image_chip_unknown": Text(
        "Nothing says whether this image fits the machine type; if it does not, the instance fails to start.",
        "无法确认该镜像与计算规格是否匹配；若不匹配，实例将启动失败。",
    ),
    "warn_dataset_read_write": Text(
        "Programs in the instance can change and delete the data of {dataset}.",
        "实例中的程序可以修改和删除 {dataset} 的数据。",
    ),
    "warn_dataset_of_other_workspace": Text(
        "{dataset} belongs to another workspace ({workspace_id}).",
        "数据集 {dataset} 属于另一个工作空间（{workspace_id}）。",
    ),
    "warn_probably_denied": Text(
        "It will probably be denied: no role of these credentials in the workspace {workspace} carries {action}. A RAM"
        " policy may allow it all the same.",
        "该操作很可能被拒绝：当前凭证在工作空间 {workspace} 中的角色均不包含 {action}。但 RAM 策略仍可能允许。",
    ),
    "warn_external_image": Text(
        "The image comes from {host}, outside Alibaba Cloud: nobody vouches for its programs, which will run in your"
        " instance, and if it does not exist, the instance fails to start.",
        "镜像来自阿里云以外的 {host}：其来源无法确认，其中的程序将在您的实例中运行；若该镜像不存在，实例将启动失败。",
    ),
    "warn_image_unlisted": Text(
        "The list of images lacks {image}: nobody vouches for its programs, which will run in your instance, and if it"
        " does not exist, the instance fails to start.",
        "镜像列表中没有 {image}：其来源无法确认，其中的程序将在您的实例中运行；若该镜像不存在，实例将启动失败。",
    ),
    "warn_label_absent": Text(
        "This instance has no label with the key {label}, so none is removed.",
        "该实例没有键为 {label} 的标签，因此不会移除。",
    ),
    "warn_label_absent_near": Text(
        "This instance has no label with the key {label}, so none is removed. It has {near}: the two differ in spaces or"
        " hidden characters.",
        "该实例没有键为 {label} 的标签，因此不会移除；有键为 {near} 的标签，两者的空格或隐藏字符不同。",
    ),
    "warn_look_alikes": Text(
        "Look at {text} closely: letters in it can be taken for others ({letters}).",
        "请仔细核对 {text}：其中有容易与其他字符混淆的字母（{letters}）。",
    ),
    "warn_datasets_replaced": Text(
        "The mounts that are listed here replace all present ones.",
        "此处列出的挂载将取代现有的全部挂载。",
    ),
}

TEXTS: Final[dict[str, Text]] = {**_ACTIONS, **_PARAMETERS, **_PARTS, **_MEANINGS, **_WARNINGS}
