"""STS: whose key this is, and temporary keys of a role.

Documented: the fields, that everybody may ask whose their key is, the limits of a session's name and time, and the
codes of what is refused. Assumed: the names in the ARN, that the one role trusts the whole account, that it may have
sessions of an hour at most, and that a session may not assume it again. Unlike there, a temporary key begins with
`TEST`, so that no client takes it for a real one.
"""

import re
from datetime import timedelta
from typing import Final

from pai_emulator import errors
from pai_emulator.call import Call
from pai_emulator.policy import ACCOUNT_ID, ROLE_ID, ROLE_NAME, session_of_role
from pai_emulator.signing import wall_clock
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_ROLE_ARN: Final = re.compile(r"acs:ram::[0-9]{1,20}:role/[A-Za-z0-9.@_-]{1,64}", re.IGNORECASE)
_SESSION_NAME: Final = re.compile(r"[A-Za-z0-9.@_-]{2,64}")
_SECONDS: Final = range(900, 3601)


def get_caller_identity(_world: World, call: Call) -> JsonObject:
    """GetCallerIdentity."""
    user_id, name = call.user.user_id, call.user.name
    if call.user.expires_at is not None:
        session_name = name.partition("/")[2]
        return {
            "IdentityType": "AssumedRoleUser",
            "AccountId": ACCOUNT_ID,
            "PrincipalId": f"{user_id}:{session_name}",
            "RoleId": user_id,
            "Arn": f"acs:ram::{ACCOUNT_ID}:assumed-role/{name}",
        }
    return {
        "IdentityType": "RAMUser",
        "AccountId": ACCOUNT_ID,
        "PrincipalId": user_id,
        "UserId": user_id,
        "Arn": f"acs:ram::{ACCOUNT_ID}:user/{name}",
    }


def assume_role(world: World, call: Call) -> JsonObject:
    """AssumeRole."""
    role_arn, session_name = call.query.get("RoleArn", ""), call.query.get("RoleSessionName", "")
    seconds = call.query.get("DurationSeconds", "3600")
    if not _ROLE_ARN.fullmatch(role_arn):
        raise errors.invalid_sts_parameter("RoleArn")
    if not _SESSION_NAME.fullmatch(session_name):
        raise errors.invalid_sts_parameter("RoleSessionName")
    if not re.fullmatch("[0-9]{1,5}", seconds) or int(seconds) not in _SECONDS:
        raise errors.invalid_sts_parameter("DurationSeconds")
    if role_arn != f"acs:ram::{ACCOUNT_ID}:role/{ROLE_NAME}":
        raise errors.role_not_found(role_arn)
    number = len(world.sessions)
    key, secret, token = (
        world.seeded.hexadecimal(32, f"session {part}", number) for part in ("key", "secret", "token")
    )
    expires_at = wall_clock() + timedelta(seconds=int(seconds))
    session = session_of_role(session_name, (f"TESTSTS{key.upper()}", secret, token), expires_at)
    world.sessions[session.access_key_id] = session
    return {
        "AssumedRoleUser": {
            "AssumedRoleId": f"{ROLE_ID}:{session_name}",
            "Arn": f"acs:ram::{ACCOUNT_ID}:assumed-role/{session.name}",
        },
        "Credentials": {
            "AccessKeyId": session.access_key_id,
            "AccessKeySecret": session.access_key_secret,
            "SecurityToken": session.security_token,
            "Expiration": f"{expires_at:%Y-%m-%dT%H:%M:%SZ}",
        },
    }
