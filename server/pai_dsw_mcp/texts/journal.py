"""What the journal says, be it a file or a database, where it cannot be used; and what a missing package needs."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

TEXTS: Final[dict[str, Text]] = {
    "journal_failed": Text(
        "The journal {path} cannot be used ({reason}).",
        "无法使用日志文件 {path}（{reason}）。",
    ),
    "journal_folder": Text(
        "The journal {path} cannot be used ({reason}). Give a folder of yours with --state-dir.",
        "无法使用日志文件 {path}（{reason}）。请用 --state-dir 指定您自己的目录。",
    ),
    "journal_newer": Text(
        "The journal {path} was written by a newer version (schema {version}; this one knows {known}).",
        "日志文件 {path} 由更新的版本写入（数据格式版本 {version}，当前支持 {known}）。",
    ),
    "journal_replaced": Text(
        "The journal {path} was removed or replaced while this program ran. Nothing was sent. What was approved and sent"
        " before may not be known any more: look at what runs, then restart the server.",
        "日志文件 {path} 在本程序运行期间被删除或替换。未发送任何请求。此前批准和发送的内容可能已无从得知：请先查看正在运行的实例，"
        "再重新启动服务。",
    ),
    "journal_foreign": Text(
        "{path} is not a journal of this program.",
        "{path} 不是本程序的日志文件。",
    ),
    "journal_open_to_others": Text(
        "Other users of this machine can enter {path}; run `chmod 700` on it or choose another --state-dir.",
        "本机其他用户可以进入 {path}；请对其执行 `chmod 700`，或另选 --state-dir。",
    ),
    "journal_not_yours": Text(
        "{path} belongs to another user, or is a link. Move it away, or choose a --state-dir of your own.",
        "{path} 属于其他用户，或是一个链接。请将其移走，或用 --state-dir 指定您自己的目录。",
    ),
    "database_failed": Text(
        "The database that keeps the approvals cannot be used ({reason}). Nothing was sent. What only reads the cloud goes"
        " on.",
        "保存审批记录的数据库无法使用（{reason}）。未发送任何请求。只读取云端的调用不受影响。",
    ),
    "database_unusable": Text(
        "The database cannot be used: {why}. See --database, and --database-password-file or PGPASSWORD; where a certificate"
        " is not trusted, `sslrootcert` in --database names the file of its CA.",
        "无法使用数据库：{why}。请检查 --database，以及 --database-password-file 或 PGPASSWORD；如果是证书不受信任，"
        "请在 --database 中用 `sslrootcert` 指定其 CA 的证书文件。",
    ),
    "database_newer": Text(
        "A newer version has changed the database (schema {version}; this one knows {known}). Update this server."
        " Nothing was sent.",
        "数据库已由更新的版本升级（数据格式版本 {version}，当前支持 {known}）。请更新本服务。未发送任何请求。",
    ),
    "database_extra_missing": Text(
        "PostgreSQL needs one more package: run `pip install '.[postgres]'` in a checkout.",
        "使用 PostgreSQL 还需要一个软件包：请在代码目录中运行 `pip install '.[postgres]'`。",
    ),
    "otel_extra_missing": Text(
        "--otlp-endpoint needs more packages: run `pip install '.[otel]'` in a checkout.",
        "使用 --otlp-endpoint 还需要其他软件包：请在代码目录中运行 `pip install '.[otel]'`。",
    ),
}
