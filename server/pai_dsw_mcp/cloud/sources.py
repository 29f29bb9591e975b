"""Where credentials come from: the vendor's chain in the vendor's order, and the addresses it may fetch them from.

Unlike in the vendor's chain, the first source that is set up is used, whether it works or not: a temporary failure
must not switch to another identity.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false
# The credentials package has no annotations on what is used of it here.

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from alibabacloud_credentials import provider as vendor
from alibabacloud_credentials.utils import auth_constant, auth_util
from alibabacloud_credentials_api import ICredentialsProvider as Provider
from Tea import core as tea

from pai_dsw_mcp.cloud.endpoints import CREDENTIAL_URLS
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.cloud.profile_files import read_cli_profile, read_ini_profile
from pai_dsw_mcp.cloud.profiles import AccessKey, Profile, sts_endpoint


@dataclass(frozen=True, slots=True)
class Source:
    """What is configured; equal sources can share a provider. `name` is the vendor's prefix of the provider's name."""

    name: str
    profiles: tuple[Profile, ...] = ()
    """From the selected profile to the last that it builds on."""
    built_in: Callable[[], Provider] | None = None
    """Makes the provider where there is no profile."""

    @property
    def facts(self) -> tuple[str, ...]:
        """What the profiles say about the owner of the credentials."""
        return tuple(fact for profile in self.profiles for fact in profile.facts)

    def provider(self) -> Provider:
        """The vendor's provider. Its constructors raise exceptions of many classes.

        Raises:
            ProfileError: The environment names a region that does not exist.
        """
        provider: Any = self.built_in() if self.built_in else None
        for profile in reversed(self.profiles):
            provider = profile.provider(provider)
        return provider


def find_source(options: CloudOptions) -> Source | None:
    """The first source that is set up; None where there is none.

    Raises:
        ProfileError: It is a file that cannot be used.
    """
    if options.test_access_key is not None:
        access_key_id, secret = options.test_access_key
        key = AccessKey(name="test", mode="AK", access_key_id=access_key_id, access_key_secret=secret)
        return Source("", (key,))
    if auth_util.environment_access_key_id and auth_util.environment_access_key_secret:
        return Source("default/", built_in=vendor.EnvironmentVariableCredentialsProvider)
    if auth_util.enable_oidc_credential:
        return Source("default/", built_in=_oidc)
    home = Path(auth_constant.HOME)
    if auth_util.environment_cli_profile_disabled.lower() != "true":
        profiles = read_cli_profile(home, auth_util.environment_profile_name)
        if profiles:
            return Source("default/cli_profile/", profiles)
    ini = Path(auth_util.environment_credentials_file or home / ".alibabacloud" / "credentials.ini")
    profiles = read_ini_profile(ini, auth_util.client_type)
    if profiles:
        return Source("default/profile/", profiles)
    if auth_util.environment_ecs_metadata_disabled.lower() != "true":
        return Source("default/", built_in=_ecs)
    if auth_util.environment_credentials_uri:
        return Source("default/", built_in=_uri)
    return None


def _oidc() -> Provider:
    return vendor.OIDCRoleArnCredentialsProvider(sts_endpoint=sts_endpoint())


def _ecs() -> Provider:
    return vendor.EcsRamRoleCredentialsProvider(async_update_enabled=False)


def _uri() -> Provider:
    return vendor.URLCredentialsProvider()


class _PinnedSession(tea.Session):
    """The session of every provider. It sends only to addresses that credentials may be fetched from."""

    def send(self, request: Any, **options: Any) -> Any:
        url = str(request.url)
        if not CREDENTIAL_URLS.match(url) and not url.startswith(_configured_origin()):
            raise OSError("credentials are not fetched from there")
        return super().send(request, **{**options, "allow_redirects": False})


def _configured_origin() -> tuple[str, ...]:
    """The origin of ALIBABA_CLOUD_CREDENTIALS_URI, which is asked for credentials and given none."""
    if not auth_util.environment_credentials_uri:
        return ()
    parts = urlsplit(auth_util.environment_credentials_uri)
    port = f":{parts.port}" if parts.port not in {None, 80} else ""
    return (f"{parts.scheme or 'http'}://{parts.hostname}{port}/",)


# The providers take no session, so the class that their runtime makes sessions from is replaced.
tea.Session = _PinnedSession
