"""Who there is in the account, members of a workspace or not.

Documented: the account types. Third party: service roles, and members without an account name. Assumed: these people.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pai_emulator.policy import ACCOUNT_ID, ROLE_ID, ROLE_NAME, USER_IDS
from pai_emulator.types import JsonObject

_MAIN_ACCOUNT, _RAM_USER, _RAM_ROLE = "1", "5", "6"


def _person(name: str, display_name: str, account_type: str = _RAM_USER) -> JsonObject:
    account_name = f"{name}@example.onaliyun.com" if account_type == _RAM_USER else None
    return {
        "MemberName": name,
        "DisplayName": display_name,
        "AccountName": account_name,
        "AccountType": account_type,
    }


PEOPLE: Final[Mapping[str, JsonObject]] = MappingProxyType(
    {
        USER_IDS["admin"]: _person("admin", "Lin Administrator"),
        USER_IDS["developer"]: _person("developer", "Wu Developer"),
        USER_IDS["viewer"]: _person("viewer", "Chen Viewer"),
        "200000000000000004": _person("analyst", "Zhao Analyst"),
        "200000000000000005": _person("annotator", "Qian Annotator"),
        ROLE_ID: _person(ROLE_NAME, ROLE_NAME, _RAM_ROLE),
        ACCOUNT_ID: _person("example", "Example Company", _MAIN_ACCOUNT),
    }
)
"""By user id, with the fields that every listing of members has."""
