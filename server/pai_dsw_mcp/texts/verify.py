"""What `pai-dsw-mcp verify-cloud` says."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

TEXTS: Final = {
    "verify_begins": Text(
        "Reading only, one request every five seconds, about two minutes in all. Nothing is changed.",
        "只读取，每五秒一个请求，共约两分钟。不做任何变更。",
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
    "verify_why_no_save": Text("needs an instance whose environment was saved", "需要一个保存过环境的实例"),
    "verify_agree": Text(
        "Everything that was seen is as the emulator plays it. Please paste this report into an issue all the same: it"
        " holds no names, ids or texts of your account.",
        "观察到的行为都与模拟器一致。仍请将此报告粘贴到 issue 中：其中不含您账号的任何名称、ID 或文本。",
    ),
    "verify_differ": Text(
        "The emulator plays something otherwise than the service. Please paste this report into an issue: it holds no"
        " names, ids or texts of your account.",
        "有的行为与模拟器不一致。请将此报告粘贴到 issue 中：其中不含您账号的任何名称、ID 或文本。",
    ),
}
