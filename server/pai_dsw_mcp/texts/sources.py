"""Where credentials come from, in words. Source of the names: `get_provider_name` of the vendor's credentials package."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

TEXTS: Final = {
    "source_env": Text("environment variables", "环境变量"),
    "source_oidc_role_arn": Text("OIDC sign-in", "OIDC 登录"),
    "source_cli_profile": Text("profile of the aliyun CLI", "aliyun CLI 的配置"),
    "source_profile": Text("credentials file", "凭证文件"),
    "source_ecs_ram_role": Text("RAM role of this machine", "本机的 RAM 角色"),
    "source_credential_uri": Text("credentials URI", "凭证 URI"),
    "source_static_ak": Text("test key", "测试密钥"),
    "source_ram_role_arn": Text("RAM role that this server assumes", "本服务扮演的 RAM 角色"),
}
