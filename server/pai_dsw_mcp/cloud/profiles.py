"""Profiles: where credentials come from according to a configuration file, and the vendor's provider for each.

The vendor's providers are built from what is read here, and the vendor's own parsers never open a file: two parsers
of one file disagree sooner or later, and one of the vendor's profiles runs a command.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportArgumentType=false
# The credentials package has few annotations, and those leave out the None that is its default.

from abc import ABC, abstractmethod
from typing import Annotated, Any, ClassVar, Final, Literal, TypeAlias

from alibabacloud_credentials import provider as vendor
from alibabacloud_credentials.provider.cloud_sso import CloudSSOCredentialsProvider
from alibabacloud_credentials.provider.oauth import OAuthCredentialsProvider
from alibabacloud_credentials.utils import auth_util
from alibabacloud_credentials_api import ICredentialsProvider as Provider
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pai_dsw_mcp.cloud.endpoints import OAUTH_ORIGINS, is_sign_in_url, sts_host
from pai_dsw_mcp.model.sanitize import sanitize

_DURATION: Final = 3600
"""Seconds that an assumed role lasts where the profile does not say."""


def sts_endpoint(region_id: str = "", *, vpc: bool | None = None) -> str:
    """The host of the token service, from the environment where a profile does not name its region or network.

    Raises:
        ProfileError: The environment names something that is not a region.
    """
    if vpc is None:
        vpc = auth_util.environment_enable_vpc.lower() == "true"
    try:
        return sts_host(region_id or auth_util.environment_sts_region or "", vpc=vpc)
    except ValueError:
        raise ProfileError("credentials_variable_invalid", members="ALIBABA_CLOUD_STS_REGION") from None


class ProfileError(Exception):
    """A file or a profile of it cannot be used. Carries the names of members, never values."""

    def __init__(self, key: str, *, file: str = "", profile: str = "", members: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.values: dict[str, Any] = {"file": file, "profile": sanitize(profile, 64), "members": members}


def _sts_region(region_id: str) -> str:
    sts_host(region_id)
    return region_id


def _sign_in_url(url: str) -> str:
    if not is_sign_in_url(url):
        raise ValueError("not a sign-in address of CloudSSO")
    return url


Filled: TypeAlias = Annotated[str, Field(min_length=1)]
Secret: TypeAlias = Annotated[str, Field(min_length=1, repr=False)]


class _Profile(BaseModel, ABC):
    """One profile; the members are named as in the CLI's file."""

    model_config = ConfigDict(strict=True, frozen=True, hide_input_in_errors=True)

    identifying: ClassVar[tuple[str, ...]] = ("mode",)
    """Members that distinguish identities. Keys of temporary credentials change, so they do not."""

    name: str

    @property
    def facts(self) -> tuple[str, ...]:
        """What identifies the owner of the credentials, without anything secret."""
        return (self.name, *(str(getattr(self, member)) for member in self.identifying))

    @abstractmethod
    def provider(self, source: Provider | None, /) -> Provider:
        """The vendor's provider for it; `source` is that of the profile that it builds on."""


class AccessKey(_Profile):
    mode: Literal["AK"]
    access_key_id: Filled
    access_key_secret: Secret
    identifying = (
        "mode",
        "access_key_id",
    )

    def provider(self, _source: Provider | None, /) -> Provider:
        return vendor.StaticAKCredentialsProvider(
            access_key_id=self.access_key_id, access_key_secret=self.access_key_secret
        )


class _StsToken(_Profile):
    mode: Literal["StsToken"]
    access_key_id: Filled
    access_key_secret: Secret
    sts_token: Secret

    def provider(self, _source: Provider | None, /) -> Provider:
        return vendor.StaticSTSCredentialsProvider(
            access_key_id=self.access_key_id,
            access_key_secret=self.access_key_secret,
            security_token=self.sts_token,
        )


class _Role(_Profile):
    """What every role that is assumed through STS has."""

    ram_role_arn: Filled
    ram_session_name: str | None = None
    expired_seconds: int | None = None
    policy: str | None = None
    external_id: str | None = None
    sts_region: Annotated[str, AfterValidator(_sts_region)] = ""
    enable_vpc: bool | None = None

    def _assumed(self, source: Provider | None) -> Provider:
        return vendor.RamRoleArnCredentialsProvider(
            credentials_provider=source,
            role_arn=self.ram_role_arn,
            role_session_name=self.ram_session_name,
            duration_seconds=self.expired_seconds or _DURATION,
            policy=self.policy,
            external_id=self.external_id,
            sts_endpoint=sts_endpoint(self.sts_region, vpc=self.enable_vpc),
        )


class _RamRoleArn(_Role):
    mode: Literal["RamRoleArn"]
    access_key_id: Filled
    access_key_secret: Secret
    identifying = ("mode", "access_key_id", "ram_role_arn")

    def provider(self, _source: Provider | None, /) -> Provider:
        return self._assumed(
            vendor.StaticAKCredentialsProvider(
                access_key_id=self.access_key_id, access_key_secret=self.access_key_secret
            )
        )


class ChainableRole(_Role):
    mode: Literal["ChainableRamRoleArn"]
    source_profile: Filled
    identifying = (
        "mode",
        "ram_role_arn",
    )

    def provider(self, source: Provider | None, /) -> Provider:
        return self._assumed(source)


class _Oidc(_Role):
    mode: Literal["OIDC"]
    oidc_provider_arn: Filled
    oidc_token_file: Filled
    role_session_name: str | None = None
    identifying = (
        "mode",
        "ram_role_arn",
    )

    def provider(self, _source: Provider | None, /) -> Provider:
        return vendor.OIDCRoleArnCredentialsProvider(
            role_arn=self.ram_role_arn,
            oidc_provider_arn=self.oidc_provider_arn,
            oidc_token_file_path=self.oidc_token_file,
            role_session_name=self.role_session_name or self.ram_session_name,
            duration_seconds=self.expired_seconds or _DURATION,
            policy=self.policy,
            sts_endpoint=sts_endpoint(self.sts_region, vpc=self.enable_vpc),
        )


class _EcsRamRole(_Profile):
    mode: Literal["EcsRamRole"]
    ram_role_name: str | None = None
    identifying = (
        "mode",
        "ram_role_name",
    )

    def provider(self, _source: Provider | None, /) -> Provider:
        return vendor.EcsRamRoleCredentialsProvider(role_name=self.ram_role_name, async_update_enabled=False)


class _CloudSso(_Profile):
    mode: Literal["CloudSSO"]
    cloud_sso_sign_in_url: Annotated[str, AfterValidator(_sign_in_url)]
    cloud_sso_account_id: Filled
    cloud_sso_access_config: Filled
    access_token: Secret
    cloud_sso_access_token_expire: int
    identifying = ("mode", "cloud_sso_sign_in_url", "cloud_sso_account_id", "cloud_sso_access_config")

    def provider(self, _source: Provider | None, /) -> Provider:
        return CloudSSOCredentialsProvider(
            sign_in_url=self.cloud_sso_sign_in_url,
            account_id=self.cloud_sso_account_id,
            access_config=self.cloud_sso_access_config,
            access_token=self.access_token,
            access_token_expire=self.cloud_sso_access_token_expire,
        )


class _OAuth(_Profile):
    mode: Literal["OAuth"]
    oauth_site_type: Literal["CN", "INTL"] = "CN"
    oauth_access_token: Secret
    access_key_id: str | None = None
    access_key_secret: str | None = Field(default=None, repr=False)
    sts_token: str | None = Field(default=None, repr=False)
    sts_expiration: int | None = None

    def provider(self, _source: Provider | None, /) -> Provider:
        # No refresh token: using it would sign the CLI out, unless its file were rewritten here. The CLI renews it.
        return OAuthCredentialsProvider(
            client_id="-",
            sign_in_url=OAUTH_ORIGINS[self.oauth_site_type],
            access_token=self.oauth_access_token,
            access_key_id=self.access_key_id,
            access_key_secret=self.access_key_secret,
            security_token=self.sts_token,
            sts_expiration=self.sts_expiration,
        )


class _RsaKeyPair(_Profile):
    mode: Literal["RsaKeyPair"]
    public_key_id: Filled
    private_key_file: Filled
    identifying = (
        "mode",
        "public_key_id",
    )

    def provider(self, _source: Provider | None, /) -> Provider:
        return vendor.RsaKeyPairCredentialsProvider(
            public_key_id=self.public_key_id,
            private_key_file=self.private_key_file,
            # The service offers key pairs on the international site only.
            sts_endpoint=sts_host("ap-northeast-1"),
        )


Profile: TypeAlias = Annotated[
    AccessKey | _StsToken | _RamRoleArn | ChainableRole | _Oidc | _EcsRamRole | _CloudSso | _OAuth | _RsaKeyPair,
    Field(discriminator="mode"),
]
