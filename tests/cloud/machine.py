"""A machine with a home of its own, as the vendor's chain sees it: it reads the environment once, at import."""

import json
from pathlib import Path
from typing import Any

import pytest
from alibabacloud_credentials.utils import auth_constant, auth_util


class Machine:
    """Without any credentials until something is written to it."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self._patch = monkeypatch
        monkeypatch.setattr(auth_constant, "HOME", str(home))
        for name in (
            *("access_key_id", "access_key_secret", "security_token", "credentials_uri", "credentials_file"),
            *("profile_name", "sts_region", "role_arn", "oidc_provider_arn", "oidc_token_file"),
        ):
            monkeypatch.setattr(auth_util, f"environment_{name}", None)
        monkeypatch.setattr(auth_util, "client_type", "default")
        monkeypatch.setattr(auth_util, "environment_ecs_metadata_disabled", "true")
        monkeypatch.setattr(auth_util, "environment_cli_profile_disabled", "false")
        monkeypatch.setattr(auth_util, "enable_oidc_credential", False)

    def environment(self, **variables: str) -> None:
        """`access_key_id="..."` is ALIBABA_CLOUD_ACCESS_KEY_ID, and so on."""
        for name, value in variables.items():
            self._patch.setattr(auth_util, f"environment_{name}", value)

    def oidc(self, token_file: Path) -> None:
        """The three variables that make a role of an identity provider."""
        self.environment(role_arn="acs:x", oidc_provider_arn="acs:y", oidc_token_file=str(token_file))
        self._patch.setattr(auth_util, "enable_oidc_credential", True)

    def profiles(self, *profiles: dict[str, Any], current: str = "default") -> None:
        """What `aliyun configure` would have written."""
        self.config(json.dumps({"current": current, "profiles": profiles}))

    def config(self, text: str) -> None:
        """The CLI's file, whatever is in it."""
        folder = self.home / ".aliyun"
        folder.mkdir(exist_ok=True)
        (folder / "config.json").write_text(text)

    def ini(self, text: str) -> None:
        """The vendor's credentials file."""
        folder = self.home / ".alibabacloud"
        folder.mkdir(exist_ok=True)
        (folder / "credentials.ini").write_text(text)


def ak_profile(name: str, access_key_id: str, secret: str = "TESTsecret") -> dict[str, Any]:
    return {"name": name, "mode": "AK", "access_key_id": access_key_id, "access_key_secret": secret}
