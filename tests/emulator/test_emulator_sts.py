"""AssumeRole: temporary keys of a role, of whom they are, until when they count, and who may ask for them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from pai_emulator.call import User
from pai_emulator.errors import ApiError
from pai_emulator.message import Request
from pai_emulator.policy import ACCOUNT_ID, ROLE_ID, ROLE_NAME, session_of_role, users_from_seed
from pai_emulator.serve import Emulator
from pai_emulator.signing import Verifier
from tests.emulator.raw_client import AIWORKSPACE, DSW, sign
from tests.emulator.test_emulator_old_signatures import sent

ROLE = f"acs:ram::{ACCOUNT_ID}:role/{ROLE_NAME}"
STS, HOST = "2015-04-01", "sts.cn-hangzhou.aliyuncs.com"
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def sts(emulator: Emulator, user: User, action: str, query: Mapping[str, str]) -> tuple[int, Any]:
    headers = {"host": HOST, "x-acs-action": action}
    if user.security_token is not None:
        headers["x-acs-security-token"] = user.security_token
    signed = sign(user, "POST", "/", query, headers, version=STS)
    return sent(emulator, "POST", f"/?{urlencode(query)}", signed)


def assume(emulator: Emulator, user: User, **changed: str) -> tuple[int, Any]:
    return sts(emulator, user, "AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "ada", **changed})


def session(emulator: Emulator, name: str = "ada") -> User:
    """Whoever has the keys of a new session."""
    status, answer = assume(emulator, emulator.user("admin"), RoleSessionName=name)
    assert status == 200
    key = answer["Credentials"]
    parts = (key["AccessKeyId"], key["AccessKeySecret"], key["SecurityToken"])
    return session_of_role(name, parts, datetime.fromisoformat(key["Expiration"]))


def test_a_session_of_a_role_has_keys_of_its_own_and_the_journal_says_who_it_is(emulator: Emulator) -> None:
    ada, eve = session(emulator), session(emulator, "eve")
    assert ada.access_key_id != eve.access_key_id
    assert ada.access_key_id.startswith("TEST")
    assert timedelta(minutes=59) < (ada.expires_at or NOW) - datetime.now(UTC) <= timedelta(hours=1)
    for each, name in ((ada, "ada"), (eve, "eve")):
        status, answer = sts(emulator, each, "GetCallerIdentity", {})
        assert (status, answer.pop("RequestId") != "") == (200, True)
        assert answer == {
            "IdentityType": "AssumedRoleUser",
            "AccountId": ACCOUNT_ID,
            "PrincipalId": f"{ROLE_ID}:{name}",
            "RoleId": ROLE_ID,
            "Arn": f"acs:ram::{ACCOUNT_ID}:assumed-role/{ROLE_NAME}/{name}",
        }
    assert [entry.user for entry in emulator.journal][-2:] == [f"{ROLE_NAME}/ada", f"{ROLE_NAME}/eve"]
    assert emulator.journal.writes() == []
    assert (ada.security_token or "-") not in json.dumps(emulator.journal.to_json())


def test_a_session_may_do_what_its_role_may_or_what_its_own_policy_says(emulator: Emulator) -> None:
    def listing(user: User) -> tuple[int, Any]:
        headers = {"host": "aiworkspace.cn-hangzhou.aliyuncs.com", "x-acs-security-token": user.security_token or ""}
        path = "/api/v1/workspaces"
        return sent(emulator, "GET", path, sign(user, "GET", path, {}, headers, version=AIWORKSPACE))

    ada, eve = session(emulator), session(emulator, "eve")
    emulator.world.policies[f"{ROLE_NAME}/eve"] = {
        "rights": ["paiworkspace:*"],
        "denied": ["paiworkspace:ListWorkspaces"],
    }
    assert [listing(ada)[0], listing(eve)[0]] == [200, 404]
    emulator.world.policies[ROLE_NAME] = {"rights": []}
    assert listing(ada)[0] == 404


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"RoleArn": "role/x"}, 400, "InvalidParameter.RoleArn"),
        ({"RoleSessionName": "a b"}, 400, "InvalidParameter.RoleSessionName"),
        ({"RoleSessionName": "a" * 65}, 400, "InvalidParameter.RoleSessionName"),
        ({"DurationSeconds": "899"}, 400, "InvalidParameter.DurationSeconds"),
        ({"DurationSeconds": "soon"}, 400, "InvalidParameter.DurationSeconds"),
        ({"RoleArn": ROLE + "-2"}, 404, "EntityNotExist.Role"),
    ],
)
def test_what_cannot_be_assumed_has_its_own_code(
    emulator: Emulator, changed: dict[str, str], status: int, code: str
) -> None:
    found, answer = assume(emulator, emulator.user("admin"), **changed)
    assert (found, answer["Code"]) == (status, code)


def test_only_whom_a_policy_allows_it_may_assume_the_role(emulator: Emulator) -> None:
    for user in (emulator.user("developer"), session(emulator)):
        status, answer = assume(emulator, user)
        assert (status, answer["Code"]) == (403, "NoPermission")
        assert answer["AccessDeniedDetail"]["AuthAction"] == "sts:AssumeRole"


ADA = session_of_role("ada", ("TESTSTSADA", "secret", "token"), NOW + timedelta(seconds=60))


@pytest.mark.parametrize(
    ("token", "later", "code"),
    [
        (None, 0, "InvalidSecurityToken"),
        ("another", 0, "InvalidSecurityToken"),
        ("token", 60, "InvalidSecurityToken.Expired"),
    ],
)
def test_a_temporary_key_counts_with_its_token_alone_and_until_it_ends(
    token: str | None, later: int, code: str
) -> None:
    given = {} if token is None else {"x-acs-security-token": token}
    headers = sign(ADA, "GET", "/", {}, {"host": "127.0.0.1:1", **given}, version=DSW, date=NOW)
    verifier = Verifier(users_from_seed(0), lambda: NOW + timedelta(seconds=later))
    with pytest.raises(ApiError) as caught:
        verifier.verify(Request("GET", "/", headers), {ADA.access_key_id: ADA})
    assert caught.value.code == code


def test_a_reset_ends_every_session(emulator: Emulator) -> None:
    ada = session(emulator)
    emulator.reset()
    status, answer = sts(emulator, ada, "GetCallerIdentity", {})
    assert (status, answer["Code"]) == (404, "InvalidAccessKeyId.NotFound")
