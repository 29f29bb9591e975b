"""What the report of `pai-dsw-mcp verify-cloud` says."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

TEXTS: Final = {
    "verify_title": Text(
        "How the service behaves ({cloud}), seen by pai-dsw-mcp {version}",
        "服务的实际行为（{cloud}），由 pai-dsw-mcp {version} 观察",
    ),
    "verify_emulator_is": Text("emulator", "模拟器"),
    "verify_cloud_is": Text("cloud", "云端"),
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
    "verify_why_no_answer": Text(
        "no answer came that tells anything: run this again", "没有得到有用的答复：请重新运行"
    ),
    "verify_why_refused": Text(
        "the request was refused: grant the right that its operation needs (references/ram-policies.md), and run this"
        " again",
        "请求被拒绝：请授予相应操作所需的权限（见 references/ram-policies.zh-CN.md），然后重新运行",
    ),
    "verify_why_no_instances": Text(
        "needs an instance without a reason: make one, or run this with --with-writes",
        "需要一个没有原因信息的实例：请创建一个，或使用 --with-writes 运行",
    ),
    "verify_why_no_public": Text(
        "needs a PUBLIC instance: make one PUBLIC, or run this with --with-writes",
        "需要一个 PUBLIC 实例：请将一个实例设为 PUBLIC，或使用 --with-writes 运行",
    ),
    "verify_why_no_denial": Text(
        "nothing was denied: run this once more as a user without rights in DSW",
        "没有请求因权限被拒：请用没有 DSW 权限的用户再运行一次",
    ),
    "verify_why_no_restart": Text(
        "needs an instance that was stopped and started: stop and start one, or run this with --with-writes",
        "需要一个停止后又启动过的实例：请停止并启动一个实例，或使用 --with-writes 运行",
    ),
    "verify_why_no_time": Text(
        "the time was over: run this again when the region is less busy", "时间已用完：请在该地域较空闲时重新运行"
    ),
    "verify_why_failed": Text(
        "the instance failed: look at its events in the console, then run this again",
        "实例启动失败：请在控制台查看其事件，然后重新运行",
    ),
    "verify_why_no_new_instance": Text(
        "needs a new instance: run this with --with-writes once more", "需要新建实例：请使用 --with-writes 再运行一次"
    ),
    "verify_why_no_dataset": Text(
        "needs a dataset that is a folder in OSS: make one in the workspace, then run this again",
        "需要一个位于 OSS 的文件夹类型数据集：请在工作空间中创建一个，然后重新运行",
    ),
    "verify_why_no_other_spec": Text(
        "needs a second CPU spec: run this in another region (--regions)",
        "需要第二个可用的 CPU 规格：请换一个地域运行（--regions）",
    ),
    "verify_why_no_bare_memory": Text(
        "needs an instance on a quota whose memory was given without a unit: make one by the API with memory `4`; if the"
        " service refuses that, tell us its code",
        "需要一个在配额上、内存未带单位的实例：请通过 API 以内存 `4` 创建一个；如果服务拒绝，请告知错误码",
    ),
    "verify_why_no_save": Text(
        "needs an instance whose environment was saved: save one, or run this with --with-writes and name a place",
        "需要一个保存过环境的实例：请保存一个，或使用 --with-writes 运行并指定保存位置",
    ),
    "verify_why_not_reached": Text(
        "this pass did not come so far: run this with --with-writes once more",
        "这次运行没有执行到这一步：请使用 --with-writes 再运行一次",
    ),
    "verify_why_no_place": Text(
        "not saved, because no place was named: run this with --with-writes once more and name one",
        "未指定保存位置，因此没有保存：请使用 --with-writes 再运行一次并指定位置",
    ),
    "verify_why_save_refused": Text(
        "not saved, because that was refused: the terminal said why; name another new tag, and run this again",
        "保存被拒绝：原因已显示在终端中；请换一个新标签，然后重新运行",
    ),
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
