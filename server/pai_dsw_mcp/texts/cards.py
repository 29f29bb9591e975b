"""What the cards say that a client draws beside an answer; what they share with the page stands in `texts.approval`."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

_LABELS: Final = {
    "card_change": Text("Change of a notebook", "Notebook 变更"),
    "card_instance": Text("DSW instance", "DSW 实例"),
    "card_costs": Text("What DSW instances cost", "DSW 实例费用"),
    "card_instance_id": Text("Instance id", "实例 ID"),
    "card_name": Text("Instance", "实例"),
    "card_status": Text("Status", "状态"),
    "card_region_id": Text("Region", "地域"),
    "card_workspace": Text("Workspace", "工作空间"),
    "card_ecs_spec": Text("Spec", "规格"),
    "card_image_name": Text("Image", "镜像"),
    "card_owner": Text("Owner", "所有者"),
    "card_price_per_hour": Text("Price per hour", "每小时价格"),
    "card_payment": Text("Paid as", "计费方式"),
    "card_disk_charged": Text("Disk charged, also while stopped", "计费磁盘（停止期间也计费）"),
    "card_estimated_cost": Text("Cost so far, estimated", "累计费用（估算）"),
    "card_now_per_hour": Text("Now, per hour", "当前每小时"),
    "card_running_hours": Text("Hours run", "运行小时数"),
    "card_auto_stop": Text("Stops by itself", "自动停止"),
    "card_reason": Text("Reason, in the words of the service", "原因（服务原文）"),
    "card_metric": Text("Metric", "指标"),
    "card_last": Text("Now", "当前"),
    "card_mean": Text("Mean", "平均"),
    "card_max": Text("Most", "最高"),
    "card_trend": Text("Trend", "趋势"),
    "card_instances": Text("Instances", "实例数"),
    "card_without_auto_stop": Text("Running without an automatic stop", "正在运行且未设自动停止"),
    "card_more": Text(
        "Not all instances are shown here. The sums are over all of them.", "此处未列出全部实例；合计包含全部实例。"
    ),
    "card_open": Text("Open the notebook", "打开 Notebook"),
    "card_open_page": Text("Open the approval page", "打开审批页面"),
    "card_link_failed": Text("The client did not open the link:", "客户端未能打开链接："),
    "card_tell_approved": Text(
        "I approved the change. Please repeat the call.", "我已批准该变更，请重新发起同一调用。"
    ),
    "card_tell_rejected": Text("I rejected the change.", "我已拒绝该变更。"),
    "card_answered": Text("Answered", "答复"),
    "card_said": Text("Words of the person", "附言"),
}

_OUTCOMES: Final = {
    "card_done": Text("Done", "已完成"),
    "card_partly_done": Text("Partly done", "部分完成"),
    "card_nothing_to_do": Text("Nothing to do", "无需操作"),
    "card_approval_needed": Text("Waits for approval", "等待批准"),
    "card_approved": Text("Approved", "已批准"),
    "card_declined": Text("Declined: nothing was sent", "已拒绝：未发送任何请求"),
    "card_unknown": Text("Outcome not known yet", "结果尚不明确"),
    "card_failed": Text("Not done", "未完成"),
}

_STATUSES: Final = {
    "card_status_Creating": Text("Creating", "创建中"),
    "card_status_ResourceAllocating": Text("Allocating resources", "资源分配中"),
    "card_status_Queuing": Text("Queuing", "排队中"),
    "card_status_Starting": Text("Starting", "启动中"),
    "card_status_EnvPreparing": Text("Preparing the environment", "环境准备中"),
    "card_status_Running": Text("Running", "运行中"),
    "card_status_Stopping": Text("Stopping", "停止中"),
    "card_status_Stopped": Text("Stopped", "已停止"),
    "card_status_Updating": Text("Updating", "更新中"),
    "card_status_Saving": Text("Saving", "保存中"),
    "card_status_Saved": Text("Saved", "已保存"),
    "card_status_SaveFailed": Text("Saving failed", "保存失败"),
    "card_status_Deleting": Text("Deleting", "删除中"),
    "card_status_Failed": Text("Failed", "失败"),
    "card_status_Recovering": Text("Recovering", "恢复中"),
    "card_status_ArrearStopping": Text("Stopping, payment is overdue", "欠费停止中"),
    "card_status_Arrearge": Text("Payment is overdue", "欠费"),
    "card_status_Unknown": Text("Unknown", "未知"),
}

_SAID: Final = {
    "said_comma": Text(", ", "，"),
    "said_semicolon": Text("; ", "；"),
    "said_bracket": Text(" (", "（"),
    "said_bracket_ends": Text(")", "）"),
    "said_none": Text("none", "未设置"),
    "said_at": Text("at #", "于 #"),
    "said_after_idle": Text("after # idle minutes", "闲置 # 分钟后"),
    "said_when_idle": Text("when idle", "闲置时"),
    "said_below_both": Text("CPU below #% and GPU below #%", "CPU 低于 #% 且 GPU 低于 #%"),
    "said_below_cpu": Text("CPU below #%", "CPU 低于 #%"),
    "said_not_set": Text("approved and NOT SET: #", "已批准但未生效：#"),
    "said_pay_as_you_go": Text("PayAsYouGo", "按量付费"),
    "said_subscription": Text("Subscription", "包年包月"),
    "said_spot_limit": Text("spot at most # per hour", "抢占式，每小时最高 #"),
    "said_spot": Text("spot at the market price", "抢占式，按市场价"),
    "said_rises": Text("rising", "上升"),
    "said_falls": Text("falling", "下降"),
    "said_steady": Text("steady", "平稳"),
    "said_swings": Text("up and down", "波动"),
    "said_near_zero": Text("close to zero throughout", "始终接近零"),
    "said_to_zero": Text("dropped close to zero", "已降至接近零"),
    "said_CpuCoreUsage": Text("CpuCoreUsage", "CPU 使用率"),
    "said_MemoryUsage": Text("MemoryUsage", "内存使用率"),
    "said_GpuCoreUsage": Text("GpuCoreUsage", "GPU 使用率"),
    "said_GpuMemoryUsage": Text("GpuMemoryUsage", "显存使用率"),
    "said_NetworkInputRate": Text("NetworkInputRate", "网络流入速率"),
    "said_NetworkOutputRate": Text("NetworkOutputRate", "网络流出速率"),
    "said_DiskReadRate": Text("DiskReadRate", "磁盘读取速率"),
    "said_DiskWriteRate": Text("DiskWriteRate", "磁盘写入速率"),
}
"""Phrases of what tools answer, which is English; `#` stands for any value."""

TEXTS: Final[dict[str, Text]] = {**_LABELS, **_OUTCOMES, **_STATUSES, **_SAID}
