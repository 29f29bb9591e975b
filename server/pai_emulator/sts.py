"""STS, of which there is one operation: whose key this is.

Documented: the fields, and that everybody may ask. Assumed: the names in the ARN.
"""

from pai_emulator.call import Call
from pai_emulator.policy import ACCOUNT_ID
from pai_emulator.types import JsonObject
from pai_emulator.world import World


def get_caller_identity(_world: World, call: Call) -> JsonObject:
    """GetCallerIdentity."""
    return {
        "IdentityType": "RAMUser",
        "AccountId": ACCOUNT_ID,
        "PrincipalId": call.user.user_id,
        "UserId": call.user.user_id,
        "Arn": f"acs:ram::{ACCOUNT_ID}:user/{call.user.name}",
    }
