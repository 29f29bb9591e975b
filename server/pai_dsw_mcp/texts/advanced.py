"""What is said of disks, the chip of an image, spot instances, drivers, owners and start-up commands."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

_REFUSALS: Final = {
    "spot_choice": "spot_price_limit goes with spot_strategy SpotWithPriceLimit, which needs it; no other takes it.",
    "remove_or_set": "A setting is either given or named in remove, not both. Ask the person which they want.",
    "spot_needs_spec": "Spot instances run on an ecs_spec, not on a resource quota.",
    "spot_sold_out": (
        "{ecs_spec} cannot be had as spot now. list_ecs_specs shows what can: spot is among its available. Without"
        " spot_strategy it is pay-as-you-go; ask which the person wants."
    ),
    "spot_limit_too_high": (
        "The limit of {limit} is above the pay-as-you-go price of {price} {currency} per hour, so it limits nothing. Ask"
        " the person for a lower one; or leave out spot_strategy."
    ),
    "driver_without_gpu": "driver is for instances with a GPU; this one has none. Leave it out or choose a GPU.",
    "disk_smaller": (
        "The disk of `{instance_id}` has {now}; it can be made larger, never smaller. A smaller one needs a new instance."
    ),
    "command_holds_secret": (
        "user_command seems to hold a password, token or key, which whoever can open the instance could read. Nothing"
        " was sent. The token of one service, such as HF_TOKEN: the operator puts it into --env-file, create_instance gives"
        " it to a new instance with environment_names, and the command has $HF_TOKEN. A password, a secret or an access key"
        " has no such way, and an existing instance gets no variable: the person enters it in the notebook, or an"
        " administrator gives the instance a RAM role in the console."
    ),
    "spec_on_quota": (
        "`{instance_id}` runs on resource quota {resource_id}; it cannot change to an ecs_spec. Create another instance,"
        " under another name, if the person wants one that is paid by the hour."
    ),
    "owner_so": "Read back: the owner is {owner}.",
    "owner_not_so": (
        "Read back: NOT the owner that was approved; the owner is {owner}. The service ignores the wish unless it comes"
        " from an owner or administrator of the workspace; one of them can change it."
    ),
    "owner_unread": "Who the owner is could NOT be read back; look with get_instance before telling the person.",
}

_CHANGES: Final = {
    "parameter_CloudDisks": Text("System disk", "系统盘"),
    "parameter_SpotSpec": Text("Spot instance", "抢占式实例"),
    "parameter_DisassociateSpot": Text("No longer spot, but pay-as-you-go", "不再是抢占式，改为按量付费"),
    "parameter_DisassociateDriver": Text("Take the driver setting away", "移除驱动设置"),
    "parameter_DisassociateUserCommand": Text("Take the start-up command away", "移除启动命令"),
    "parameter_Driver": Text("NVIDIA driver", "NVIDIA 驱动"),
    "parameter_Tag": Text("Resource tag", "资源标签"),
    "parameter_UserCommand": Text("Command at each start", "每次启动时执行的命令"),
    "meaning_CloudDisks_rootfs": Text("the disk of the system itself", "系统本身所在的盘"),
    "meaning_SpotSpec_SpotAsPriceGo": Text("at the market price of the moment", "按实时市场价格"),
    "meaning_SpotSpec_SpotWithPriceLimit": Text("only up to a price", "不超过所设价格上限"),
    "meaning_UserVpc_eth0": Text("internet through the public gateway", "通过公共网关访问公网"),
    "meaning_UserVpc_eth1": Text("internet through your own network", "通过您的专有网络访问公网"),
    "meaning_no_member": Text("not found among the members of the workspace", "未在该工作空间的成员中找到"),
    "warn_disk_charged": Text(
        "What its disk of {gib} GiB has beyond the free 100 GiB is charged by size, also while the instance is stopped, until"
        " it is deleted. It cannot be made smaller.",
        "{gib} GiB 系统盘超出免费 100 GiB 的部分按容量计费，停止期间也计费，直到实例被删除；磁盘不能缩小。",
    ),
    "warn_disk_may_be_charged": Text(
        "Its disk of {gib} GiB may be larger than what is free without a GPU; what is beyond that is charged by size, also"
        " while the instance is stopped, until it is deleted. It cannot be made smaller.",
        "{gib} GiB 系统盘可能超出无 GPU 实例的免费容量；超出部分按容量计费，停止期间也计费，直到实例被删除；磁盘不能缩小。",
    ),
    "warn_image_chip_unknown": Text(
        "Nothing says whether this image fits the machine type; if it does not, the instance fails to start.",
        "无法确认该镜像与计算规格是否匹配；若不匹配，实例将启动失败。",
    ),
    "warn_chip_by_label": Text(
        "Its image is made for {chip}, and it is a {spec_chip} instance: it will most likely fail to start. Have one of the"
        " two changed first.",
        "其镜像适用于 {chip}，而实例的计算资源是 {spec_chip}：启动很可能失败。请先更改其中之一。",
    ),
    "warn_chip_by_address": Text(
        "The address of its image says {mark}, so the image is probably for {chip}, and it is a {spec_chip} instance: it will"
        " most likely fail to start. Have one of the two changed first.",
        "其镜像地址中标有 {mark}，因此该镜像很可能适用于 {chip}，而实例的计算资源是 {spec_chip}：启动很可能失败。请先更改其中之一。",
    ),
    "spot_with_limit": Text(
        "Spot, at most {limit} {currency} per hour: the service can take the machine back at any moment, and when the"
        " market price goes above that; what runs ends, and unsaved work is lost.",
        "抢占式实例，每小时最多 {limit} {currency}：服务端可能随时回收机器，市场价格超出上限时也会回收；正在运行的程序会终止，"
        "未保存的工作会丢失。",
    ),
    "spot_at_market_price": Text(
        "Spot, at the market price of the moment, without a limit: the service can take the machine back at any moment;"
        " what runs ends, and unsaved work is lost. The most that it costs is the price of pay-as-you-go.",
        "抢占式实例，按实时市场价格计费，未设上限：服务端可能随时回收机器，正在运行的程序会终止，未保存的工作会丢失。"
        "费用最多为按量付费价格。",
    ),
    "warn_spot_known_from_here": Text(
        "The service does not show that it is spot: this is known from what was approved here, and may have been changed"
        " elsewhere.",
        "服务端不显示实例是否为抢占式：此信息来自先前在此批准的变更，之后可能在别处被修改。",
    ),
    "warn_spot_limit_too_high": Text(
        "Its spot limit of {limit} is above the pay-as-you-go price of {price} {currency} per hour of the new spec, so it"
        " limits nothing.",
        "抢占式价格上限 {limit} 高于新规格的按量付费价格（每小时 {price} {currency}），因此不起限制作用。",
    ),
    "warn_spot_no_stock": Text(
        "{ecs_spec} cannot be had as spot now, so the start will probably fail.",
        "{ecs_spec} 目前没有抢占式库存，启动很可能失败。",
    ),
    "warn_owner": Text(
        "The instance belongs to that user, who can open and stop it. Unless these credentials are of an owner or"
        " administrator of the workspace, the service ignores this without a word; the owner is read back afterwards.",
        "实例将归该用户所有，由其打开和停止。若当前凭证不是该工作空间的所有者或管理员，服务端会忽略此项且不报错；完成后会回读实际所有者。",
    ),
    "warn_command_runs": Text(
        "The command runs in the instance at each start, and whoever can open the instance can read it.",
        "该命令会在实例每次启动时执行；能打开该实例的人都能看到它。",
    ),
    "warn_unseen_disassociate_spot": Text(
        "The service does not show whether it is spot now; if it is, that ends.",
        "服务端不显示实例当前是否为抢占式；如果是，将改为按量付费。",
    ),
    "warn_unseen_disassociate_user_command": Text(
        "The service does not show whether it has a start-up command now; if it has one, that is taken away.",
        "服务端不显示实例当前是否设有启动命令；如果有，将被移除。",
    ),
    "warn_unseen_spot_spec": Text(
        "The service does not show whether it is spot now; if it is, the new terms replace those.",
        "服务端不显示实例当前是否为抢占式；如果是，其设置将被新设置取代。",
    ),
    "warn_unseen_user_command": Text(
        "The service does not show whether it has a start-up command now; if it has one, the new one replaces it.",
        "服务端不显示实例当前是否设有启动命令；如果有，将被新命令取代。",
    ),
}

TEXTS: Final[dict[str, Text | str]] = {**_REFUSALS, **_CHANGES}
