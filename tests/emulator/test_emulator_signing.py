"""The signature of a request: what passes and what each broken rule answers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from alibabacloud_tea_openapi.utils import Utils
from darabonba.request import DaraRequest
from hypothesis import given
from hypothesis import strategies as st

from pai_emulator.call import User
from pai_emulator.errors import ApiError
from pai_emulator.message import Request
from pai_emulator.policy import users_from_seed
from pai_emulator.signing import Verifier
from tests.emulator.raw_client import sign

ADMIN, DEVELOPER, _ = USERS = users_from_seed(0)
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
PATH = "/api/v2/instances"
OFFICIAL_SIGNER: Any = Utils
HOST = {"host": "127.0.0.1:8080"}


def signed_request(
    user: User = ADMIN,
    *,
    method: str = "GET",
    path: str = PATH,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    date: datetime = NOW,
) -> Request:
    signed = sign(user, method, path, query or {}, {**HOST, **(headers or {})}, body, date=date)
    return Request(method, f"{path}?{urlencode(query)}" if query else path, signed, body)


def changed(request: Request, **headers: str | None) -> Request:
    """The same request with headers replaced, or removed where None, after it was signed."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    merged = {**request.headers, **names}
    return replace(request, headers={name: value for name, value in merged.items() if value is not None})


def refusal(request: Request, now: datetime = NOW) -> tuple[int, str]:
    with pytest.raises(ApiError) as caught:
        Verifier(USERS, lambda: now).verify(request)
    return caught.value.status, caught.value.code


def verified(request: Request) -> User:
    return Verifier(USERS, lambda: NOW).verify(request)


def test_a_signed_request_tells_who_sent_it() -> None:
    assert verified(signed_request(DEVELOPER)) is DEVELOPER


def test_a_request_without_authorization_names_no_key() -> None:
    assert refusal(changed(signed_request(), authorization=None)) == (400, "MissingAccessKeyId")


@pytest.mark.parametrize("value", ["", "Basic YTpi", "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=short"])
def test_an_authorization_of_another_form_is_incomplete(value: str) -> None:
    assert refusal(changed(signed_request(), authorization=value)) == (400, "IncompleteSignature")


def test_an_unknown_access_key_is_not_found() -> None:
    stranger = replace(ADMIN, access_key_id="TESTstranger")
    assert refusal(signed_request(stranger)) == (404, "InvalidAccessKeyId.NotFound")


def test_a_wrong_secret_does_not_match() -> None:
    assert refusal(signed_request(replace(ADMIN, access_key_secret="wrong"))) == (400, "SignatureDoesNotMatch")


def test_a_mismatch_quotes_what_the_server_signed_and_no_secret() -> None:
    with pytest.raises(ApiError) as caught:
        verified(replace(signed_request(), target="/api/v2/elsewhere"))
    assert "server CanonicalRequest is [GET\\n/api/v2/elsewhere\\n" in caught.value.message
    assert "server StringToSign is [ACS3-HMAC-SHA256\\n" in caught.value.message
    assert ADMIN.access_key_secret not in caught.value.message


@pytest.mark.parametrize(
    "change",
    [
        {"body": b'{"InstanceName":"other"}'},
        {"target": PATH + "?PageNumber=2"},
        {"target": PATH + "/x"},
        {"method": "DELETE"},
    ],
)
def test_what_is_changed_after_signing_does_not_match(change: dict[str, str]) -> None:
    original = signed_request(method="POST", body=b'{"InstanceName":"mine"}')
    assert refusal(replace(original, **change)) == (400, "SignatureDoesNotMatch")


def test_a_changed_host_does_not_match() -> None:
    moved = changed(signed_request(), host="pai-dsw.cn-shanghai.aliyuncs.com")
    assert refusal(moved) == (400, "SignatureDoesNotMatch")


def test_a_header_of_the_protocol_that_nobody_signed_is_refused() -> None:
    added = changed(signed_request(), x_acs_region_id="cn-shanghai")
    assert refusal(added) == (400, "IncompleteSignature")


@pytest.mark.parametrize("name", ["x_acs_date", "x_acs_signature_nonce", "x_acs_version", "host"])
def test_a_header_that_was_signed_must_be_there(name: str) -> None:
    assert refusal(changed(signed_request(), **{name: None})) == (400, "IncompleteSignature")


def test_the_host_must_be_signed() -> None:
    headers = sign(ADMIN, "GET", PATH, {}, {}, date=NOW)
    assert refusal(Request("GET", PATH, {**headers, **HOST})) == (400, "IncompleteSignature")


def test_a_security_token_beside_a_key_that_has_none_is_refused() -> None:
    assert refusal(signed_request(headers={"x-acs-security-token": "t"})) == (400, "InvalidSecurityToken")


@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_date_more_than_fifteen_minutes_away_has_expired(minutes: int) -> None:
    away = signed_request(date=NOW + timedelta(minutes=minutes))
    assert refusal(away) == (400, "InvalidTimeStamp.Expired")


@pytest.mark.parametrize("minutes", [-15, 15])
def test_a_date_up_to_fifteen_minutes_away_passes(minutes: int) -> None:
    assert verified(signed_request(date=NOW + timedelta(minutes=minutes))) is ADMIN


def test_a_date_in_another_format_is_refused() -> None:
    request = signed_request(headers={"x-acs-date": "Wed, 04 Mar 2026 05:06:07 GMT"})
    assert refusal(request) == (400, "InvalidTimeStamp.Format")


def test_a_nonce_is_good_once() -> None:
    verifier = Verifier(USERS, lambda: NOW)
    request = signed_request()
    verifier.verify(request)
    with pytest.raises(ApiError) as caught:
        verifier.verify(request)
    assert (caught.value.status, caught.value.code) == (400, "SignatureNonceUsed")


def test_a_request_that_was_refused_does_not_spend_its_nonce() -> None:
    verifier = Verifier(USERS, lambda: NOW)
    request = signed_request()
    with pytest.raises(ApiError):
        verifier.verify(replace(request, body=b"{}"))
    assert verifier.verify(request) is ADMIN


def test_a_nonce_is_remembered_for_as_long_as_its_date_is_good() -> None:
    times = [NOW, NOW + timedelta(minutes=29), NOW + timedelta(minutes=31)]
    verifier = Verifier(USERS, lambda: times[0])
    future = signed_request(date=NOW + timedelta(minutes=15), headers={"x-acs-signature-nonce": "n"})
    verifier.verify(future)
    del times[0]
    with pytest.raises(ApiError) as caught:
        verifier.verify(future)
    assert caught.value.code == "SignatureNonceUsed"
    del times[0]
    later = signed_request(date=times[0], headers={"x-acs-signature-nonce": "n"})
    assert verifier.verify(later) is ADMIN


def test_a_forgetful_gateway_takes_a_nonce_again() -> None:
    verifier = Verifier(USERS, lambda: NOW)
    request = signed_request()
    verifier.verify(request)
    verifier.forget()
    assert verifier.verify(request) is ADMIN


@pytest.mark.parametrize(
    ("sent", "value"),
    [("a+b", "a b"), ("a%20b", "a b"), ("a,b/c:d?e'f()!", "a,b/c:d?e'f()!"), ("%7E*", "~*"), ("", "")],
)
def test_a_query_passes_however_the_http_library_encodes_it(sent: str, value: str) -> None:
    request = signed_request(query={"InstanceName": value})
    assert verified(replace(request, target=f"{PATH}?InstanceName={sent}")) is ADMIN


def test_a_path_passes_however_the_http_library_encodes_it() -> None:
    request = signed_request(path=PATH + "/" + quote("a*(b)", safe=""))
    assert verified(replace(request, target=PATH + "/a*(b)")) is ADMIN


def test_a_request_line_with_scheme_and_host_passes() -> None:
    request = signed_request()
    assert verified(replace(request, target=f"http://pai-dsw.cn-shanghai.aliyuncs.com{PATH}")) is ADMIN


@given(
    query=st.dictionaries(st.from_regex(r"[A-Za-z]{1,12}", fullmatch=True), st.text(max_size=12), max_size=5),
    instance_id=st.text(min_size=1, max_size=12),
    body=st.binary(max_size=20),
)
def test_whatever_the_official_signer_signs_passes(query: dict[str, str], instance_id: str, body: bytes) -> None:
    path = f"{PATH}/{OFFICIAL_SIGNER.get_encode_param(instance_id)}"
    headers = sign(ADMIN, "PUT", path, {}, HOST, body, date=NOW)
    del headers["authorization"]
    dara = DaraRequest()
    dara.method, dara.pathname, dara.query, dara.headers = "PUT", path, query, headers
    headers["authorization"] = OFFICIAL_SIGNER.get_authorization(
        dara, "ACS3-HMAC-SHA256", headers["x-acs-content-sha256"], ADMIN.access_key_id, ADMIN.access_key_secret
    )
    target = f"{path}?{urlencode(query)}" if query else path
    assert verified(Request("PUT", target, headers, body)) is ADMIN
