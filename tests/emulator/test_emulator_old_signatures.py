"""The signatures of older programs: what passes and what each broken rule answers."""

import base64
import hmac
import http.client
import itertools
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from alibabacloud_tea_openapi.utils import Utils
from darabonba.request import DaraRequest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pai_emulator.call import User
from pai_emulator.errors import ApiError
from pai_emulator.message import Request
from pai_emulator.policy import ACCOUNT_ID, users_from_seed
from pai_emulator.serve import Emulator
from pai_emulator.signing import Verifier
from tests.emulator.raw_client import NOTEBOOK, sign
from tests.support.unmeasured import unmeasured

ADMIN, DEVELOPER, _ = USERS = users_from_seed(0)
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
PATH = "/api/v2/instances"
OFFICIAL_SIGNER: Any = Utils
STS = "2015-04-01"

_nonces = itertools.count()


def roa(
    user: User = ADMIN,
    *,
    query: Mapping[str, str] | None = None,
    body: bytes = b"",
    date: datetime = NOW,
    **headers: str,
) -> Request:
    """A request that the official SDK has signed in the older style."""
    request: Any = DaraRequest()
    request.method, request.pathname, request.query = "POST" if body else "GET", PATH, dict(query or {})
    request.headers = {
        "date": format_datetime(date, usegmt=True),
        "host": "127.0.0.1:8080",
        "accept": "application/json",
        "x-acs-signature-nonce": f"{next(_nonces)}",
        "x-acs-signature-method": "HMAC-SHA1",
        "x-acs-signature-version": "1.0",
        "x-acs-version": "2022-01-01",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    signature = OFFICIAL_SIGNER.get_roasignature(OFFICIAL_SIGNER.get_string_to_sign(request), user.access_key_secret)
    signed = {**request.headers, "authorization": f"acs {user.access_key_id}:{signature}"}
    return Request(request.method, f"{PATH}?{urlencode(query)}" if query else PATH, signed, body)


def rpc(
    user: User = ADMIN,
    method: str = "POST",
    date: datetime = NOW,
    parameters: Mapping[str, str] | None = None,
    **replaced: str | None,
) -> dict[str, str]:
    """The parameters of a request that the official SDK has signed in the older style; None leaves one out."""
    chosen: dict[str, str | None] = {
        "Action": "GetCallerIdentity",
        "Format": "json",
        "Version": STS,
        "Timestamp": date.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "SignatureNonce": f"{next(_nonces)}",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "AccessKeyId": user.access_key_id,
        **(parameters or {}),
        **replaced,
    }
    unsigned = {name: value for name, value in chosen.items() if value is not None}
    return {**unsigned, "Signature": OFFICIAL_SIGNER.get_rpcsignature(unsigned, method, user.access_key_secret)}


def as_request(parameters: Mapping[str, str], method: str = "POST") -> Request:
    return Request(method, f"/?{urlencode(parameters)}", {"host": "127.0.0.1:8080"})


def changed(request: Request, **headers: str | None) -> Request:
    """The same request with headers replaced, or removed where None, after it was signed."""
    merged = {**request.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return replace(request, headers={name: value for name, value in merged.items() if value is not None})


def refusal(request: Request, now: datetime = NOW) -> tuple[int, str]:
    with pytest.raises(ApiError) as caught:
        Verifier(USERS, lambda: now).verify(request)
    return caught.value.status, caught.value.code


def verified(request: Request) -> User:
    return Verifier(USERS, lambda: NOW).verify(request)


def test_an_old_signature_tells_who_sent_a_request() -> None:
    assert verified(roa(DEVELOPER)) is DEVELOPER
    assert verified(as_request(rpc(DEVELOPER))) is DEVELOPER


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=4))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@unmeasured()
def test_whatever_the_official_signer_signs_passes(texts: dict[str, str]) -> None:
    query = {name: value for name, value in texts.items() if all(map(_is_on_the_wire, (name, value)))}
    assert verified(roa(query=query)) is ADMIN
    assert verified(as_request(rpc(parameters={f"X.{name}": value for name, value in query.items()}))) is ADMIN


def _is_on_the_wire(text: str) -> bool:
    return not any(0xD800 <= ord(letter) <= 0xDFFF for letter in text)


def test_the_content_type_that_a_transport_adds_to_nothing_harms_nobody() -> None:
    assert verified(changed(roa(), content_type="application/octet-stream")) is ADMIN
    with_body = roa(body=b"{}", content_type="application/json")
    assert verified(with_body) is ADMIN
    assert refusal(changed(with_body, content_type="text/plain")) == (400, "SignatureDoesNotMatch")


def test_an_empty_value_may_be_signed_with_its_equals_sign_and_the_algorithm_be_named() -> None:
    """As `aliyun-python-sdk-core` does, whose requests have no nonce either."""
    headers = {
        "accept": "application/json",
        "content-type": "application/octet-stream",
        "date": format_datetime(NOW, usegmt=True),
        "x-acs-signature-method": "HMAC-SHA256",
    }
    to_sign = "\n".join(
        (
            *("GET", headers["accept"], "", headers["content-type"], headers["date"]),
            "x-acs-signature-method:HMAC-SHA256",
            f"{PATH}?InstanceName=&RegionId=cn-hangzhou",
        )
    )
    digest = hmac.digest(ADMIN.access_key_secret.encode(), to_sign.encode(), "sha256")
    authorization = f"acs {ADMIN.access_key_id}:{base64.b64encode(digest).decode()}"
    request = Request("GET", f"{PATH}?RegionId=cn-hangzhou&InstanceName=", {**headers, "authorization": authorization})
    verifier = Verifier(USERS, lambda: NOW)
    assert [verifier.verify(request) for _ in range(2)] == [ADMIN, ADMIN]


@pytest.mark.parametrize(
    "request_",
    [
        roa(replace(ADMIN, access_key_secret="wrong")),
        changed(roa(), x_acs_version="2021-02-04"),
        changed(roa(), accept="*/*"),
        replace(roa(), target=f"{PATH}?PageSize=1"),
        as_request(rpc(replace(ADMIN, access_key_secret="wrong"))),
        as_request(rpc(), "GET"),
        as_request({**rpc(), "Action": "AssumeRole"}),
    ],
)
def test_what_was_not_signed_by_the_owner_of_the_key_does_not_match(request_: Request) -> None:
    assert refusal(request_) == (400, "SignatureDoesNotMatch")


@pytest.mark.parametrize(
    "request_",
    [
        changed(roa(), authorization="acs "),
        changed(roa(), authorization=f"acs {ADMIN.access_key_id}"),
        changed(roa(), x_acs_signature_method="HMAC-MD5"),
        as_request(rpc(SignatureMethod="HMAC-MD5")),
        as_request(rpc(SignatureMethod=None)),
    ],
)
def test_a_signature_that_cannot_be_read_is_incomplete(request_: Request) -> None:
    assert refusal(request_) == (400, "IncompleteSignature")


STRANGER = replace(ADMIN, access_key_id="TESTstranger")


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (roa(STRANGER), (404, "InvalidAccessKeyId.NotFound")),
        (as_request(rpc(STRANGER)), (404, "InvalidAccessKeyId.NotFound")),
        (roa(x_acs_security_token="t"), (400, "InvalidSecurityToken")),
        (as_request(rpc(SecurityToken="t")), (400, "InvalidSecurityToken")),
        (as_request(rpc(AccessKeyId=None)), (400, "MissingAccessKeyId")),
        (as_request(rpc(SignatureNonce=None)), (400, "MissingSignatureNonce")),
        (changed(roa(), date="yesterday"), (400, "InvalidTimeStamp.Format")),
        (changed(roa(), date="Wed, 04 Mar 99999999999999999999 05:06:07 GMT"), (400, "InvalidTimeStamp.Format")),
        (changed(roa(), date=None), (400, "InvalidTimeStamp.Format")),
        (as_request(rpc(Timestamp="yesterday")), (400, "InvalidTimeStamp.Format")),
        (as_request(rpc(Timestamp=None)), (400, "InvalidTimeStamp.Format")),
    ],
)
def test_every_other_broken_rule_has_its_own_code(request_: Request, answer: tuple[int, str]) -> None:
    assert refusal(request_) == answer


@pytest.mark.parametrize("minutes", [-16, 16])
def test_an_old_signature_grows_old(minutes: int) -> None:
    then = NOW + timedelta(minutes=minutes)
    assert refusal(roa(), then) == refusal(as_request(rpc()), then) == (400, "InvalidTimeStamp.Expired")


def test_a_date_without_a_zone_is_read_too() -> None:
    assert refusal(changed(roa(), date=f"{NOW:%d %b %Y %H:%M:%S} -0000")) == (400, "SignatureDoesNotMatch")


@pytest.mark.parametrize("request_", [roa(), as_request(rpc())])
def test_a_nonce_is_good_once(request_: Request) -> None:
    verifier = Verifier(USERS, lambda: NOW)
    verifier.verify(request_)
    with pytest.raises(ApiError) as caught:
        verifier.verify(request_)
    assert caught.value.code == "SignatureNonceUsed"


def test_the_words_of_a_mismatch_are_those_that_old_programs_look_for() -> None:
    with pytest.raises(ApiError) as caught:
        verified(as_request(rpc(replace(ADMIN, access_key_secret="wrong"))))
    told = caught.value.message.partition("server string to sign is:")[2]
    assert told.startswith("POST&%2F&AccessKeyId%3D" + ADMIN.access_key_id)


def sent(emulator: Emulator, method: str, target: str, headers: Mapping[str, str], body: str = "") -> tuple[int, Any]:
    client = http.client.HTTPConnection(emulator.url.removeprefix("http://"), timeout=10)
    client.request(method, target, body or None, dict(headers))
    with client.getresponse() as reply:
        answer = reply.status, json.loads(reply.read())
    client.close()
    return answer


@pytest.mark.parametrize("user", ["admin", "viewer"])
def test_everybody_may_ask_whose_key_it_is_and_it_is_no_write(emulator: Emulator, user: str) -> None:
    owner, now = emulator.user(user), datetime.now(UTC)
    host = "sts.cn-shanghai.aliyuncs.com"
    form = {"content-type": "application/x-www-form-urlencoded"}
    new = {"host": host, "x-acs-action": "GetCallerIdentity"}
    answers = [
        sent(emulator, "GET", "/?" + urlencode(rpc(owner, "GET", now), quote_via=quote), {"host": "sts.aliyuncs.com"}),
        sent(emulator, "POST", "/?" + urlencode(rpc(owner, "POST", now)), {"host": host}),
        sent(emulator, "POST", f"/?Version={STS}", {"host": host, **form}, urlencode(rpc(owner, "POST", now))),
        sent(emulator, "POST", "/", sign(owner, "POST", "/", {}, new, version=STS)),
    ]
    for status, answer in answers:
        assert (status, answer.pop("RequestId") != "") == (200, True)
        assert answer == {
            "IdentityType": "RAMUser",
            "AccountId": ACCOUNT_ID,
            "PrincipalId": owner.user_id,
            "UserId": owner.user_id,
            "Arn": f"acs:ram::{ACCOUNT_ID}:user/{user}",
        }
    assert [entry.operation for entry in emulator.journal] == ["GetCallerIdentity"] * 4
    assert emulator.journal.writes() == []


def test_a_token_among_the_parameters_is_not_kept(emulator: Emulator) -> None:
    parameters = rpc(emulator.user("admin"), "POST", datetime.now(UTC), SecurityToken="hunter2")
    status, answer = sent(emulator, "POST", "/?" + urlencode(parameters), {"host": "sts.aliyuncs.com"})
    assert (status, answer["Code"]) == (400, "InvalidSecurityToken")
    assert "hunter2" not in str(emulator.journal.to_json())


def test_sts_does_little_else(emulator: Emulator) -> None:
    parameters = rpc(emulator.user("admin"), "POST", datetime.now(UTC), Action="GetFederationToken")
    status, answer = sent(emulator, "POST", "/?" + urlencode(parameters), {"host": "sts.aliyuncs.com"})
    assert (status, answer["Code"]) == (404, "InvalidAction.NotFound")
    assert "product=Sts" in answer["Recommend"]


def test_a_write_with_an_old_signature_is_carried_out(emulator: Emulator) -> None:
    body = json.dumps(NOTEBOOK)
    request = roa(emulator.user("developer"), body=body.encode(), date=datetime.now(UTC), content_type="text/json")
    status, answer = sent(emulator, "POST", request.target, request.headers, body)
    assert (status, answer["InstanceId"][:4]) == (200, "dsw-")
    (entry,) = emulator.journal.writes()
    assert (entry.user, entry.operation) == ("developer", "CreateInstance")
