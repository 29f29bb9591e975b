"""ACS3-HMAC-SHA256: recompute the signature of a request and compare.

Source: the signer of the official SDK (`alibabacloud_tea_openapi`), whose requests this verifies sync and async.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, unquote

from pai_emulator import errors, old_signing
from pai_emulator.call import User
from pai_emulator.message import Request

ALGORITHM = "ACS3-HMAC-SHA256"
TOLERANCE = timedelta(minutes=15)
"""How far `x-acs-date` may be from the gateway's time, either way."""

_AUTHORIZATION = re.compile(
    ALGORITHM
    + r" +Credential=(?P<key>[^,]+), *SignedHeaders=(?P<headers>[^,]+), *Signature=(?P<signature>[0-9a-f]{64})"
)
_REQUIRED = frozenset({"host", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"})


def wall_clock() -> datetime:
    """The machine's own time, by which clients date their requests."""
    return datetime.now(UTC)


class Verifier:
    """Tells who signed a request; remembers nonces for as long as their dates are good.

    `now` is the gateway's time. It is not the emulator's clock: clients stamp requests with the machine's time,
    however fast the world behind the gateway runs.
    """

    def __init__(self, users: tuple[User, ...], now: Callable[[], datetime] = wall_clock) -> None:
        self._users = {user.access_key_id: user for user in users}
        self._now = now
        self._nonces: dict[str, datetime] = {}

    def verify(self, request: Request, sessions: Mapping[str, User] = MappingProxyType({})) -> User:
        """Return the user whose key signed `request`; raises the gateway's ApiError where one rule is broken.

        `sessions` are those of roles, by their access key id.
        """
        users = {**self._users, **sessions}
        headers = request.headers
        if "authorization" not in headers:
            return self._verify_query(request, users)
        if headers["authorization"].startswith(old_signing.SCHEME):
            return self._verify_old_header(request, users)
        parts = _AUTHORIZATION.fullmatch(headers["authorization"].strip())
        if parts is None:
            raise errors.incomplete_signature()
        user = self._owner(users, parts["key"], headers.get("x-acs-security-token"))
        signed_headers = parts["headers"].split(";")
        _check_coverage(headers, signed_headers)
        now = self._now()
        _check_date(old_signing.iso_date(headers["x-acs-date"]), now)
        canonical = canonical_request(request, signed_headers)
        to_sign = string_to_sign(canonical)
        if not hmac.compare_digest(signature(user.access_key_secret, to_sign), parts["signature"]):
            raise errors.signature_does_not_match(to_sign, canonical)
        self._spend_nonce(headers["x-acs-signature-nonce"], now)
        return user

    def _verify_old_header(self, request: Request, users: Mapping[str, User]) -> User:
        headers, now = request.headers, self._now()
        user = self._owner(users, old_signing.header_key(request), headers.get("x-acs-security-token"))
        _check_date(old_signing.header_date(headers), now)
        old_signing.check_header(request, user.access_key_secret)
        # The oldest programs send none.
        if "x-acs-signature-nonce" in headers:
            self._spend_nonce(headers["x-acs-signature-nonce"], now)
        return user

    def _verify_query(self, request: Request, users: Mapping[str, User]) -> User:
        parameters, now = old_signing.query_signature(request), self._now()
        if parameters is None or "AccessKeyId" not in parameters:
            raise errors.missing_access_key_id()
        user = self._owner(users, parameters["AccessKeyId"], parameters.get("SecurityToken"))
        if "SignatureNonce" not in parameters:
            raise errors.missing_parameter("SignatureNonce")
        _check_date(old_signing.iso_date(parameters.get("Timestamp", "")), now)
        old_signing.check_query(request, parameters, user.access_key_secret)
        self._spend_nonce(parameters["SignatureNonce"], now)
        return user

    def _owner(self, users: Mapping[str, User], access_key_id: str, token: str | None) -> User:
        user = users.get(access_key_id)
        if user is None:
            raise errors.access_key_not_found()
        if token != user.security_token:
            raise errors.invalid_security_token()
        if user.expires_at is not None and self._now() >= user.expires_at:
            raise errors.security_token_expired()
        return user

    def forget(self) -> None:
        """Forget every nonce."""
        self._nonces.clear()

    def _spend_nonce(self, nonce: str, now: datetime) -> None:
        # Insertion order is time order, so the stale ones are in front.
        while self._nonces:
            oldest = next(iter(self._nonces))
            if self._nonces[oldest] > now:
                break
            del self._nonces[oldest]
        if nonce in self._nonces:
            raise errors.signature_nonce_used()
        # A request dated in the future stays acceptable for twice the tolerance.
        self._nonces[nonce] = now + 2 * TOLERANCE


def _check_coverage(headers: Mapping[str, str], signed_headers: list[str]) -> None:
    # A header the gateway acts on but nobody signed could have been added on the way.
    must_be_signed = _REQUIRED.union(name for name in headers if name.startswith("x-acs-"))
    if not must_be_signed.issubset(signed_headers) or not headers.keys() >= set(signed_headers):
        raise errors.incomplete_signature()


def _check_date(date: datetime, now: datetime) -> None:
    if abs(now - date) > TOLERANCE:
        raise errors.time_stamp_expired()


def canonical_request(request: Request, signed_headers: list[str]) -> str:
    """The text the client signed, rebuilt from the wire.

    Path and query are decoded and encoded again, because HTTP libraries differ in what they leave literal after
    the SDK has signed. The payload hash is the one of the body that arrived, whatever the header says.
    """
    query = sorted(parse_qsl(request.target.partition("?")[2], keep_blank_values=True))
    names = sorted(signed_headers)
    return "\n".join(
        (
            request.method,
            "/".join(quote(unquote(segment), safe="") for segment in request.path.split("/")),
            "&".join(f"{key}={quote(value, safe='~')}" for key, value in query),
            "".join(f"{name}:{request.headers[name].strip()}\n" for name in names),
            ";".join(names),
            hashlib.sha256(request.body).hexdigest(),
        )
    )


def string_to_sign(canonical: str) -> str:
    """What goes through the keyed hash for a canonical request."""
    return f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"


def signature(access_key_secret: str, to_sign: str) -> str:
    """The signature as lower-case hex."""
    return hmac.new(access_key_secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
