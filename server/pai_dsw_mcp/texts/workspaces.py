"""What a change of a workspace, its settings or its members means, as a person is told before deciding."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

TEXTS: Final[dict[str, Text]] = {
    "meaning_Roles_PAI.WorkspaceGuest": Text(
        "looks at what is in the workspace; nothing of DSW", "查看工作空间中的内容；不能使用 DSW"
    ),
    "meaning_Roles_PAI.LabelManager": Text(
        "manages labeling jobs and their datasets; nothing of DSW", "管理标注任务及其数据集；不能使用 DSW"
    ),
    "meaning_Roles_PAI.MaxComputeDeveloper": Text(
        "sends jobs to MaxCompute; shared with DataWorks, nothing of DSW",
        "向 MaxCompute 提交任务；与 DataWorks 共用，不能使用 DSW",
    ),
    "meaning_Roles_PAI.AlgoOperator": Text(
        "sets job priorities, publishes models, watches services; starts, stops and opens own and public notebooks, makes"
        " them on a quota only",
        "调整任务优先级、发布模型、监控服务；可启动、停止和打开本人的和公开的实例，只能创建配额上的实例",
    ),
    "meaning_Roles_PAI.AlgoDeveloper": Text(
        "develops and trains; makes, changes, starts and stops own notebooks, pay-as-you-go included, opens public ones",
        "开发与训练；可创建、变更、启动和停止本人的实例（包括按量付费），可打开公开的实例",
    ),
    "meaning_Roles_PAI.WorkspaceAdmin": Text(
        "manages members, settings and everything in it, others' private notebooks included",
        "管理成员、设置和其中的一切，包括他人的私有实例",
    ),
    "meaning_Roles_PAI.WorkspaceOwner": Text(
        "made the workspace; can be neither given nor taken away", "创建了该工作空间；不可授予或移除"
    ),
    "warn_roles_given": Text("{instance_name} gets: {role}.", "{instance_name} 将获得：{role}。"),
    "warn_roles_taken": Text("{instance_name} loses: {role}.", "{instance_name} 将失去：{role}。"),
    "warn_role_of_administrator": Text(
        "{role} lets {instance_name} see and change everything in the workspace: members, settings, and the private"
        " notebooks of others.",
        "{role} 角色使 {instance_name} 可以查看和修改该工作空间中的一切，包括成员、设置以及他人的私有实例。",
    ),
    "warn_role_of_dataworks": Text(
        "DataWorks shares {role}: taking it away also takes it away there. If it is their last role there, DataWorks"
        " removes {instance_name} and hands what they own to others.",
        "{role} 角色与 DataWorks 共用：移除后 DataWorks 中也会移除。若这是其在 DataWorks 的最后一个角色，{instance_name}"
        " 会被移出并触发责任人转交。",
    ),
    "warn_member_leaves": Text(
        "{instance_name} loses every role in the workspace; notebooks that are running go on and cost money.",
        "{instance_name} 将失去在该工作空间的全部角色；正在运行的实例会继续运行并计费。",
    ),
    "warn_workspace_stays": Text(
        "Whoever these credentials belong to becomes its owner. Name and environments cannot be changed later, and"
        " nothing here deletes a workspace.",
        "当前凭证所属的用户将成为其所有者。名称和环境之后无法修改，且此处不提供删除工作空间的功能。",
    ),
    "warn_storage_other_region": Text(
        "The bucket of {path} is in {other_region}, the workspace in {region_id}: traffic between regions is charged, and"
        " an internal address does not work from another region.",
        "{path} 的存储空间在 {other_region}，而工作空间在 {region_id}：跨地域流量会收费，且内网地址无法跨地域访问。",
    ),
    "warn_storage_region_unknown": Text(
        "{path} has no endpoint of a region, such as bucket.{endpoint}: nothing tells whether the bucket is in {region_id}"
        " and can be reached from there.",
        "{path} 中没有地域的 Endpoint（例如 bucket.{endpoint}）：无法确认该存储空间是否位于 {region_id}、能否从该地域访问。",
    ),
    "warn_storage_moves_nothing": Text(
        "Only what is written from now on goes there: nothing is moved.", "仅影响今后写入的数据：已有数据不会移动。"
    ),
    "warn_form_unknown": Text(
        "No document tells the form of scheduling values: look whether what is read back means what you want.",
        "没有文档说明调度设置的取值格式：请核对回读的值是否符合您的本意。",
    ),
}
