"""The cookies of the approval page: sealed, so that any replica with the same keys reads them and nobody else."""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, TypeAlias, TypeVar

from mcp.server.request_state import AESGCMRequestStateCodec, InvalidRequestState
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.responses import Response

SESSION_SECONDS: Final = 900.0
"""How long a sign-in counts; a change waits for ten minutes."""
SIGN_IN_SECONDS: Final = 300.0
"""In which a person must have come back from the provider."""
_PURPOSE: Final = b"pai-dsw-mcp: cookies of the approval page"
"""So that nothing else that is sealed with the same keys is taken for a cookie."""


class _Cookie(BaseModel):
    model_config = ConfigDict(frozen=True)

    until: float = 0.0


class SignIn(_Cookie):
    """A sign-in that has begun in this browser, and the page where it ends."""

    kind: Literal["sign_in"] = "sign_in"
    state: str
    nonce: str
    verifier: str
    path: str


class Session(_Cookie):
    """Who signed in. `person` is their part of a principal; `secret` is for the tokens in the forms of their pages."""

    kind: Literal["session"] = "session"
    person: str
    name: str
    is_approver: bool
    secret: str

    def token(self, purpose: str) -> str:
        """What a form of this session has for this purpose (against CSRF)."""
        return hmac.new(self.secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


SharedKeys: TypeAlias = Callable[[], Sequence[str]]
"""The keys of now: they are replaced while the server runs."""
CookieT = TypeVar("CookieT", SignIn, Session)
_SECONDS: Final = {SignIn: SIGN_IN_SECONDS, Session: SESSION_SECONDS}


class Cookies:
    """Writes and reads them. With TLS, browsers send them back over TLS alone, and to this host alone."""

    def __init__(self, keys: SharedKeys, *, is_https: bool, now: Callable[[], float] = time.time) -> None:
        """The first of the keys seals, each of them opens. `now` gives seconds since the epoch."""
        self._keys = keys
        self._is_https = is_https
        self._now = now

    @property
    def _codec(self) -> AESGCMRequestStateCodec:
        return AESGCMRequestStateCodec([hmac.digest(key.encode(), _PURPOSE, "sha256") for key in self._keys()])

    def write(self, response: Response, cookie: SignIn | Session) -> None:
        """Sets it, for as long as it counts."""
        seconds = _SECONDS[type(cookie)]
        sealed = self._codec.seal(cookie.model_copy(update={"until": self._now() + seconds}).model_dump_json().encode())
        # Not `strict`: the page is opened by a link in a chat, and by the redirect of the provider.
        response.set_cookie(
            self._name(type(cookie)),
            sealed,
            max_age=int(seconds),
            secure=self._is_https,
            httponly=True,
            samesite="lax",
        )

    def read(self, found: Mapping[str, str], kind: type[CookieT]) -> CookieT | None:
        """The one of this kind; None where there is none, or it does not count any more."""
        try:
            cookie = kind.model_validate_json(self._codec.unseal(found.get(self._name(kind), "")))
        except (InvalidRequestState, ValidationError):
            return None
        return cookie if self._now() < cookie.until else None

    def drop(self, response: Response, kind: type[SignIn | Session]) -> None:
        """Has the browser forget it."""
        response.delete_cookie(self._name(kind), secure=self._is_https, httponly=True, samesite="lax")

    def _name(self, kind: type[SignIn | Session]) -> str:
        name = "pai-dsw-session" if kind is Session else "pai-dsw-sign-in"
        return f"__Host-{name}" if self._is_https else name
