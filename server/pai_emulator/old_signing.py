"""The signatures of older programs: `Authorization: acs key:signature`, and a signature among the query's parameters.

Source: `signature_algorithm="v2"` of the official SDK (`alibabacloud_tea_openapi`) and `aliyun-python-sdk-core`.
Neither covers the body or Host.
"""

import base64
import hmac
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import product
from typing import Final
from urllib.parse import parse_qsl, quote

from pai_emulator import errors
from pai_emulator.message import Request

SCHEME: Final = "acs "
"""How the Authorization header begins."""

_ALGORITHMS: Final = {"HMAC-SHA1": "sha1", "HMAC-SHA256": "sha256"}
_FORM: Final = "application/x-www-form-urlencoded"


def header_key(request: Request) -> str:
    """The access key id of `acs key:signature`; raises `IncompleteSignature`."""
    key, _, _ = _credential(request)
    return key


def check_header(request: Request, secret: str) -> None:
    """Pass, or raise `SignatureDoesNotMatch` for an `acs key:signature` that is not by the owner of the secret."""
    _, algorithm, given = _credential(request)
    candidates = list(_header_strings(request))
    if not any(_matches(text, secret, algorithm, given) for text in candidates):
        raise errors.old_signature_does_not_match(candidates[0])


def header_date(headers: Mapping[str, str]) -> datetime:
    """The Date of a request; raises `InvalidTimeStamp.Format`."""
    try:
        date = parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, OverflowError):
        raise errors.time_stamp_malformed() from None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def parameters_of(request: Request) -> dict[str, str]:
    """Those of the query and of a form."""
    if not request.headers.get("content-type", "").startswith(_FORM):
        return request.query
    return request.query | dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))


def query_signature(request: Request) -> dict[str, str] | None:
    """The parameters of a request that carries its signature among them; None for another request."""
    parameters = parameters_of(request)
    return parameters if "Signature" in parameters else None


def check_query(request: Request, parameters: Mapping[str, str], secret: str) -> None:
    """Pass, or raise `SignatureDoesNotMatch` for parameters that the owner of the secret did not sign."""
    algorithm = _ALGORITHMS.get(parameters.get("SignatureMethod", ""))
    if algorithm is None:
        raise errors.incomplete_signature()
    pairs = sorted((name, value) for name, value in parameters.items() if name != "Signature")
    canonical = "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in pairs)
    to_sign = f"{request.method}&%2F&{quote(canonical, safe='~')}"
    if not _matches(to_sign, secret + "&", algorithm, parameters["Signature"]):
        raise errors.old_signature_does_not_match(to_sign)


def iso_date(text: str) -> datetime:
    """A time such as 2026-01-05T08:00:00Z; raises `InvalidTimeStamp.Format`."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise errors.time_stamp_malformed() from None


def _credential(request: Request) -> tuple[str, str, str]:
    """Access key id, algorithm and signature."""
    key, colon, signature = request.headers["authorization"].removeprefix(SCHEME).strip().partition(":")
    algorithm = _ALGORITHMS.get(request.headers.get("x-acs-signature-method", "HMAC-SHA1"))
    if not colon or algorithm is None:
        raise errors.incomplete_signature()
    return key, algorithm, signature


def _header_strings(request: Request) -> Iterator[str]:
    """What may have been signed: programs differ in two points, which are no less safe one way than the other."""
    headers = request.headers
    # The SDK's asynchronous transport adds a content type to an empty body after the SDK has signed.
    content_types = [headers.get("content-type", ""), *([] if request.body else [""])]
    lines = [f"{name}:{value}\n" for name, value in sorted(headers.items()) if name.startswith("x-acs-")]
    pairs = sorted(request.query.items())
    for content_type, equals in product(content_types, ("", "=")):
        query = "&".join(f"{name}={value}" if value else name + equals for name, value in pairs)
        yield "\n".join(
            (
                request.method,
                headers.get("accept", ""),
                headers.get("content-md5", ""),
                content_type,
                headers.get("date", ""),
                "".join(lines) + (f"{request.path}?{query}" if query else request.path),
            )
        )


def _matches(text: str, secret: str, algorithm: str, signature: str) -> bool:
    computed = base64.b64encode(hmac.digest(secret.encode(), text.encode(), algorithm))
    return hmac.compare_digest(computed, signature.encode())
