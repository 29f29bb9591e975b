"""What is said of resource quotas: in answers, to a model, and in the change that a person is shown."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

_READING: Final = {
    "quotas_none": "No resource quota in {region_id} fits, or none that these credentials may see.",
    "quotas_free": (
        "Free is a sum over all nodes, in units and GiB of memory; an instance runs on one node, which may have less."
        " Compute on a quota has no price per hour."
    ),
    "quota_not_ready": "It is not Ready, so it may not give anything now; the reason is in the service's words.",
    "quota_not_for_dsw": "Notebooks cannot run on it: DSW is not among its workload types.",
    "quota_waiting": "Waiting for it, of all products: {count}. Who comes now goes behind those of the same priority.",
    "queue_unread": "How many wait for it could not be read: {problem}",
    "queue_place": "Waiting for quota {quota_id}: {ahead}, {waiting} in all. get_quota shows what is free.",
    "queue_next": "it is the next one",
    "queue_ahead": "{count} ahead of it, which want {gpu} GPU",
    "queue_no_position": "the service does not tell its place",
    "queue_place_unknown": (
        "Waiting for quota {quota_id}, in whose queue of {waiting} the service does not list it (yet, or any more)."
    ),
    "queue_place_unread": "Waiting for quota {quota_id}; its place in the queue could not be read: {problem}",
}

_REFUSALS: Final = {
    "compute_choice": (
        "Give ecs_spec, or resource_id with requested_resource, which come with the toolset quota: one of the two ways,"
        " not both and not neither."
    ),
    "priority_without_quota": "priority orders the queue of a quota: it goes with resource_id.",
    "chip_mismatch_on_quota": (
        "Image {image} is made for {image_chip}, and what is asked of the quota makes a {spec_chip} instance: it would"
        " fail to start. Ask for GPUs (requested_resource.gpu) or choose an image for CPU, whichever the person wants."
    ),
    "quota_not_usable": "Quota `{quota_id}` takes {workload_types} and no DSW. list_quotas shows which take DSW.",
    "quota_too_small": (
        "Quota `{quota_id}` has {most} {what} in all, {wanted} were asked for: it could never start. get_quota shows"
        " what there is."
    ),
}

_CHANGES: Final = {
    "parameter_ResourceId": Text("Resource quota", "资源配额"),
    "parameter_RequestedResource": Text("Taken from the quota", "占用的配额资源"),
    "parameter_Priority": Text("Priority in the queue (9 goes first)", "排队优先级（9 最高）"),
    "warn_quota_no_price": Text(
        "It has no price per hour: it runs on the resource quota {quota_name}, which is paid for by itself.",
        "不按小时计费：实例运行在资源配额 {quota_name} 上，配额的费用另计。",
    ),
    "warn_quota_takes": Text(
        "Of what is free in the quota now it takes {cpu} of {free_cpu} CPU cores, {gpu} of {free_gpu} GPUs and {memory}"
        " of {free_memory} GiB memory.",
        "将占用配额当前空闲资源：CPU {cpu} 核（空闲 {free_cpu} 核）、GPU {gpu} 卡（空闲 {free_gpu} 卡）、"
        "内存 {memory} GiB（空闲 {free_memory} GiB）。",
    ),
    "warn_quota_under_way": Text(
        "That may not count yet what was asked for, approved or sent here in the last minutes: in all {cpu} CPU"
        " cores, {gpu} GPUs and {memory} GiB memory. With it, {left_cpu} CPU cores, {left_gpu} GPUs and"
        " {left_memory} GiB are left.",
        "上述空闲量可能尚未计入几分钟内在此申请、批准或已提交的实例（共占 CPU {cpu} 核、GPU {gpu} 卡、内存 {memory} GiB）；"
        "计入后剩余 CPU {left_cpu} 核、GPU {left_gpu} 卡、内存 {left_memory} GiB。",
    ),
    "warn_quota_waits": Text(
        "That is more than is free: it waits in the queue for an unknown time, and fails if it waits too long.",
        "所需资源超过当前空闲量：实例将排队等待，时长无法预知，等待过久会失败。",
    ),
    "warn_quota_unknown": Text(
        "How much of the quota {quota_name} is free is not known; it may have to wait in the queue.",
        "无法得知资源配额 {quota_name} 的空闲量；实例可能需要排队等待。",
    ),
    "warn_quota_of_other_workspace": Text(
        "The quota {quota_name} does not name this workspace among those that may use it; the service may refuse.",
        "资源配额 {quota_name} 的可用工作空间中不包括当前工作空间，服务端可能会拒绝。",
    ),
    "warn_quota_held": Text(
        "It keeps what it takes until somebody stops it, also while idle; nobody else can use that meanwhile.",
        "所占资源在实例停止前一直被占用（闲置时也一样），期间其他人无法使用。",
    ),
}

TEXTS: Final[dict[str, Text | str]] = {**_READING, **_REFUSALS, **_CHANGES}
