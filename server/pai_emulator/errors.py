"""Every error the emulator answers with, one function an error.

    ApiError
    ├── gateway        before an operation runs: signature, access key, date, nonce, route, throttling
    ├── both products  missing_parameter, server errors
    ├── STS            invalid_sts_parameter, role_not_found, sts_no_permission
    ├── DSW            validation_error, instance_not_found, auto_stop_not_found, snapshot_not_found, name_exists,
    │                  wrong_status, dsw_no_permission, forbidden_by_ram
    └── AIWorkSpace    workspace_not_found, workspace_name_exists, member_not_found, image_not_found, dataset_not_found,
                       invalid_parameter, rbac_denied

Codes, messages and statuses that no document states are marked assumed where they are made.
"""

from pai_emulator.types import JsonObject


class ApiError(Exception):
    """A refusal on the wire.

    `status` is the HTTP status, `code` and `message` go into the error body; `access_denied_detail` becomes
    `AccessDeniedDetail`; `headers` join the reply: `x-acs-retry-after` in milliseconds, `Retry-After` in seconds.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        access_denied_detail: JsonObject | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.access_denied_detail = access_denied_detail
        self.headers = headers or {}


# Gateway: common error table of the API gateway.


def missing_access_key_id() -> ApiError:
    """The request carries no Authorization header. The status is assumed."""
    return ApiError(400, "MissingAccessKeyId", "AccessKeyId is mandatory for this action.")


def access_key_not_found() -> ApiError:
    """Nobody owns the access key id."""
    return ApiError(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")


def invalid_security_token() -> ApiError:
    """The token is not that of the key, or one of them came alone. Status and wording are assumed."""
    return ApiError(400, "InvalidSecurityToken", "Specified security token is not valid.")


def security_token_expired() -> ApiError:
    """The temporary key has ended. Status and wording are assumed."""
    return ApiError(400, "InvalidSecurityToken.Expired", "Specified security token is expired.")


def incomplete_signature() -> ApiError:
    """The Authorization header, or the list of signed headers, lacks a part the algorithm needs."""
    return ApiError(400, "IncompleteSignature", "The request signature does not conform to Aliyun standards.")


def signature_does_not_match(string_to_sign: str, canonical_request: str) -> ApiError:
    """The signature is not the one the server computes; the message quotes what the server signed."""
    shown = canonical_request.replace("\n", "\\n")
    signed = string_to_sign.replace("\n", "\\n")
    return ApiError(
        400,
        "SignatureDoesNotMatch",
        "Specified signature does not match our calculation. "
        f"server StringToSign is [{signed}] server CanonicalRequest is [{shown}]",
    )


def old_signature_does_not_match(string_to_sign: str) -> ApiError:
    """The same for the older signatures, in words that `aliyun-python-sdk-core` looks for; the status is assumed."""
    message = "Specified signature is not matched with our calculation. server string to sign is:"
    return ApiError(400, "SignatureDoesNotMatch", message + string_to_sign)


def signature_nonce_used() -> ApiError:
    """The nonce was seen before."""
    return ApiError(400, "SignatureNonceUsed", "Specified signature nonce was used already.")


def time_stamp_malformed() -> ApiError:
    """`x-acs-date` is not `YYYY-MM-DDTHH:MM:SSZ`. The wording is assumed."""
    return ApiError(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.")


def time_stamp_expired() -> ApiError:
    """`x-acs-date` is more than fifteen minutes away."""
    return ApiError(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")


def action_not_found() -> ApiError:
    """No operation has this method and path, or the action is not that of the route (assumed).

    Code and status were seen by a third party, the wording is assumed.
    """
    return ApiError(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.")


def api_not_found() -> ApiError:
    """The host is not one of those that the emulator stands for (assumed)."""
    return ApiError(404, "InvalidApi.NotFound", "Specified api is not found, please check your url and method.")


def invalid_version() -> ApiError:
    """`x-acs-version` is missing, unknown, or not the version of the product in `Host`. The status is assumed."""
    return ApiError(400, "InvalidVersion", "Specified parameter Version is not valid.")


def region_not_found(region_id: str) -> ApiError:
    """The emulator has no such region; the real service has no such host. Status and code are assumed."""
    return ApiError(404, "InvalidRegionId.NotFound", f"The specified RegionId does not exist: {region_id}.")


def malformed_body() -> ApiError:
    """The body is no JSON object. Status, code and wording are assumed."""
    return ApiError(400, "InvalidParameter", "The request body is not a JSON object.")


def throttling(status: int, headers: dict[str, str]) -> ApiError:
    """The caller sends too much; `headers` say when to come back."""
    return ApiError(status, "Throttling.User", "Request was denied due to user flow control.", headers=headers)


def server_error(status: int) -> ApiError:
    """The service fails: 500 `InternalError`, every other status `ServiceUnavailable`. The wording is assumed."""
    if status == 500:
        return ApiError(status, "InternalError", "The request processing has failed due to some unknown error.")
    return ApiError(status, "ServiceUnavailable", "The request has failed due to a temporary failure of the server.")


# Both products.


def missing_parameter(name: str) -> ApiError:
    """A mandatory parameter is absent (common error table: `Missing<Param>`)."""
    return ApiError(400, f"Missing{name}", f"{name} is mandatory for this action.")


# DSW. Only `ValidationError`, `InternalError` (everything that is no validation), 400 and 404 are documented.


def validation_error(message: str) -> ApiError:
    """A parameter is not acceptable."""
    return ApiError(400, "ValidationError", message)


def instance_not_found(instance_id: str) -> ApiError:
    """No such instance, or one the caller may not know about. That 404 goes with `InternalError` is assumed."""
    return ApiError(404, "InternalError", f"Instance {instance_id} not found.")


def auto_stop_not_found(instance_id: str, name: str) -> ApiError:
    """The instance has no rule of this kind. Status and code are assumed, as for an instance."""
    return ApiError(404, "InternalError", f"Instance {instance_id} has no {name}.")


def snapshot_not_found(snapshot_id: str) -> ApiError:
    """The instance has no such snapshot. Status and code are assumed."""
    return ApiError(404, "InternalError", f"Snapshot {snapshot_id} not found.")


def name_exists(name: str, code: str) -> ApiError:
    """The instance name is taken. HTTP 400 is documented, the code is assumed, as is 409 with another one."""
    status = 409 if code == "InstanceNameAlreadyExists" else 400
    return ApiError(status, code, f"Instance name already exists: {name}.")


def wrong_status(instance_id: str, status: str, operation: str) -> ApiError:
    """The instance's status does not allow the operation. The code is assumed."""
    return ApiError(400, "InternalError", f"Instance {instance_id} is {status}; {operation} is not allowed.")


def dsw_no_permission(operation: str, resource: str, detail: JsonObject) -> ApiError:
    """DSW denies the operation. Code and wording were measured by a third party; the status is assumed."""
    return ApiError(
        403, "NoPermissionError", f"No permission {operation} for resource: {resource}", access_denied_detail=detail
    )


def forbidden_by_ram() -> ApiError:
    """A denial in the words of the gateway's error table; that DSW denies so is an alternative."""
    message = "User not authorized to operate on the specified resource, or this API doesn't support RAM."
    return ApiError(403, "Forbidden.RAM", message)


# AIWorkSpace.


def invalid_parameter(message: str) -> ApiError:
    """A parameter is not acceptable. The code comes from a secondary source."""
    return ApiError(400, "InvalidParameter", message)


def workspace_not_found() -> ApiError:
    """No such workspace in the region."""
    return ApiError(404, "100400027", "Workspace not exists")


def workspace_name_exists(name: str) -> ApiError:
    """The name is taken, in the region or by a workspace of DataWorks.

    The code comes from a secondary source; status and wording are assumed.
    """
    return ApiError(400, "WorkspaceNameAlreadyExists", f"The workspace name already exists: {name}.")


def member_not_found(user_id: str) -> ApiError:
    """No such member of the workspace. Status, code and wording are assumed."""
    return ApiError(404, "100400008", f"Member not exists: {user_id}")


def image_not_found(image_id: str) -> ApiError:
    """No such image. `100400008` is known to mean "not found"; that it is used for images is assumed."""
    return ApiError(404, "100400008", f"Image not exists: {image_id}")


def dataset_not_found(dataset_id: str) -> ApiError:
    """No such dataset. The status is assumed."""
    return ApiError(404, "201300003", f"Dataset not exists: {dataset_id}")


def quota_not_found(quota_id: str) -> ApiError:
    """PaiStudio has no such quota, or none that the caller may know about. Status and code are assumed."""
    return ApiError(404, "QuotaNotFound", f"Quota not exists: {quota_id}")


def rbac_denied(permission: str, detail: JsonObject) -> ApiError:
    """AIWorkSpace denies `permission` (such as `PaiDataset:ListDatasets`) with HTTP 404, as a third party measured."""
    return ApiError(
        404,
        "100700008",
        f"No permission: denied by RAM and AIWorkspace Rbac {permission}",
        access_denied_detail=detail,
    )


def invalid_sts_parameter(name: str) -> ApiError:
    """A parameter of AssumeRole is malformed; the wording is assumed."""
    return ApiError(400, f"InvalidParameter.{name}", f"The parameter {name} is wrongly formed.")


def role_not_found(role_arn: str) -> ApiError:
    """The account has no such role."""
    return ApiError(404, "EntityNotExist.Role", f"The role not exists: {role_arn}.")


def sts_no_permission(detail: JsonObject) -> ApiError:
    """STS denies an action."""
    message = "You are not authorized to do this action. You should be authorized by RAM."
    return ApiError(403, "NoPermission", message, access_denied_detail=detail)
