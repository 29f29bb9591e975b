"""Why a plan is not carried out, and why there is nothing to do."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

TEXTS: Final = {
    "image_choice": Text(
        "Give either image_id or image_url, not both and not neither.",
        "请提供 image_id 或 image_url 之一，不可同时提供或都不提供。",
    ),
    "image_choice_update": Text(
        "Give image_id or image_url, not both.",
        "image_id 与 image_url 不可同时提供。",
    ),
    "dataset_choice": Text(
        "Each dataset has either dataset_id or uri, not both and not neither.",
        "每个数据集须提供 dataset_id 或 uri 之一，不可同时提供或都不提供。",
    ),
    "vpc_incomplete": Text(
        "v_switch_id and security_group_id go with vpc_id.",
        "v_switch_id 与 security_group_id 须与 vpc_id 一起提供。",
    ),
    "label_reserved": Text(
        "The key is reserved, or key or value holds a URL.",
        "该标签键为保留键，或者键、值中含有 URL。",
    ),
    "nothing_asked": Text(
        "Name at least one value that should change.",
        "请至少指定一个要修改的值。",
    ),
    "workspace_not_enabled": Text(
        "Workspace `{workspace_id}` is {status}; only an ENABLED one can be used.",
        "工作空间 `{workspace_id}` 状态为 {status}；只能使用 ENABLED 的工作空间。",
    ),
    "spec_unknown": Text(
        "`{ecs_spec}` is offered in {region_id} neither as CPU nor as GPU. list_ecs_specs shows what is.",
        "{region_id} 的 CPU 与 GPU 规格中均没有 `{ecs_spec}`。可用 list_ecs_specs 查看。",
    ),
    "spec_sold_out": Text(
        "`{ecs_spec}` is not available for pay-as-you-go in {region_id} now (IsAvailable is false). list_ecs_specs"
        " shows what is.",
        "`{ecs_spec}` 目前在 {region_id} 无法以按量付费方式使用（IsAvailable 为 false）。可用 list_ecs_specs 查看可用规格。",
    ),
    "chip_mismatch": Text(
        "Image {image} is made for {image_chip}, spec `{ecs_spec}` is a {spec_chip} spec: the instance would fail to"
        " start. Choose an image and a spec of the same type.",
        "镜像 {image} 适用于 {image_chip}，规格 `{ecs_spec}` 属于 {spec_chip}：实例将无法启动。请选择类型一致的镜像与规格。",
    ),
    "image_not_usable": Text(
        "Image {image} is not labelled for DSW (system.supported.dsw is false).",
        "镜像 {image} 不支持 DSW（system.supported.dsw 为 false）。",
    ),
    "dataset_read_only": Text(
        "Dataset `{dataset_id}` is read-only and cannot be mounted read-write.",
        "数据集 `{dataset_id}` 为只读，不能以读写方式挂载。",
    ),
    "name_taken": Text(
        "`{instance_name}` is already the name of {instance_id} (workspace {workspace_id}, {status}, owner {owner}),"
        " which differs in {differences}. A second instance of that name is never created.",
        "`{instance_name}` 已是 {instance_id} 的名称（工作空间 {workspace_id}，{status}，所有者 {owner}），其 {differences}"
        " 不同。不会创建同名的第二个实例。",
    ),
    "name_taken_by_somebody": Text(
        "The name `{instance_name}` is taken: {instance_id} (workspace {workspace_id}, {status}) has it, and that belongs"
        " to somebody else ({owner}). Differences from what was asked for: {differences}. A second instance of that name"
        " is never created.",
        "名称 `{instance_name}` 已被占用：实例 {instance_id}（工作空间 {workspace_id}，{status}）属于其他用户（{owner}）。"
        "与请求不同之处：{differences}。不会创建同名的第二个实例。",
    ),
    "name_taken_by_other": Text(
        "`{instance_name}` is already the name of {instance_id}.",
        "`{instance_name}` 已是 {instance_id} 的名称。",
    ),
    "already_exists": Text(
        "Nothing to do: `{instance_name}` already exists as {instance_id} with everything that was asked for ({status},"
        " owner {owner}). Nothing was created.",
        "无需操作：`{instance_name}` 已存在（{instance_id}），各项取值均符合要求（{status}，所有者 {owner}）。未创建任何资源。",
    ),
    "already_exists_of_somebody": Text(
        "Nothing to do: `{instance_name}` already exists as {instance_id} with everything that was asked for ({status})."
        " Its owner is {owner}; whether that is the person you work for is not known here, so ask them before it is used."
        " Nothing was created.",
        "无需操作：`{instance_name}` 已存在（{instance_id}），各项取值均符合要求（{status}）。其所有者为 {owner}，"
        "无法判断是否为当前用户本人，使用前请先向用户确认。未创建任何资源。",
    ),
    "update_equal": Text(
        "Nothing to do: {instance_id} already has every value that was asked for ({status}).",
        "无需操作：{instance_id} 的各项取值已符合要求（{status}）。",
    ),
    "update_equal_start": Text(
        "Nothing to update: {instance_id} already has every value that was asked for ({status}). To start it, call"
        " start_instance.",
        "无需更新：{instance_id} 的各项取值已符合要求（{status}）。如需启动，请调用 start_instance。",
    ),
    "update_needs_stop": Text(
        "Changing {fields} needs a stopped instance, and {instance_id} is {status}. Call stop_instance first (save the"
        " work before), then update_instance with start_after=true. That it must be stopped is assumed: the API's"
        " documentation does not say which fields need it.",
        "修改 {fields} 需要实例已停止，而 {instance_id} 当前为 {status}。请先调用 stop_instance（停止前先保存工作），"
        "再以 start_after=true 调用 update_instance。“必须停止”属于假定：API 文档未说明修改哪些字段需要先停止。",
    ),
    "state_in_between": Text(
        "{instance_id} is {status}, between two states; it can be changed once it is Running or Stopped.",
        "{instance_id} 正处于 {status} 过渡状态；变为 Running 或 Stopped 后才能操作。",
    ),
    "start_already": Text(
        "Nothing to do: {instance_id} is {status} already.",
        "无需操作：{instance_id} 已处于 {status}。",
    ),
    "start_wrong_state": Text(
        "{instance_id} is {status}; only a Stopped or Failed instance can be started.",
        "{instance_id} 状态为 {status}；只有 Stopped 或 Failed 的实例可以启动。",
    ),
    "stop_already": Text(
        "Nothing to do: {instance_id} is {status} already.",
        "无需操作：{instance_id} 已处于 {status}。",
    ),
    "stop_wrong_state": Text(
        "{instance_id} is {status}; it cannot be stopped from there.",
        "{instance_id} 状态为 {status}，无法在此状态下停止。",
    ),
    "done_create_instance": Text(
        "Created {instance_id} (`{instance_name}`); its status is Creating. Starting up usually takes 2-5 minutes."
        " Tell the person now; call get_instance, or wait_for_instance if they want to wait.",
        "已创建 {instance_id}（`{instance_name}`），状态为 Creating。启动通常需要 2-5 分钟。请立即告知用户；"
        "可调用 get_instance 查看，或在用户希望等待时调用 wait_for_instance。",
    ),
    "done_update_instance": Text(
        "Update of {instance_id} accepted; the status is Updating for a moment. get_instance shows the new values.",
        "{instance_id} 的更新已受理；状态会短暂为 Updating。可用 get_instance 查看新值。",
    ),
    "done_start_instance": Text(
        "Start of {instance_id} accepted; it usually takes 2-5 minutes and is charged from now on. Call get_instance,"
        " or wait_for_instance if the person wants to wait.",
        "{instance_id} 的启动已受理；通常需要 2-5 分钟，并从现在起计费。可调用 get_instance，"
        "或在用户希望等待时调用 wait_for_instance。",
    ),
    "done_stop_instance": Text(
        "Stop of {instance_id} accepted; compute is charged until it is Stopped. Its disk stays, and an enlarged disk"
        " stays charged.",
        "{instance_id} 的停止已受理；变为 Stopped 之前仍会产生计算费用。磁盘保留，扩容的磁盘继续计费。",
    ),
}
