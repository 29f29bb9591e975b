"""The exceptions of this package.

PaiDswError
  · InputError            the request cannot be right as it stands; nothing was sent
  · RefusedError          the request is understood and not carried out; nothing was sent
  x CloudError            the cloud, or the way to it, failed
    - CredentialsError    no usable credentials on this machine
    - ConnectionFailedError  no reply, or an incomplete one, came back
    - ReplyError          a reply came back that cannot be trusted
    - ServiceError        the service itself said no

The text for a reader is built in one place, `PaiDswError.explain`, from the sentence and its hint in `texts`.
"""

from enum import StrEnum
from typing import Final, Literal, TypeAlias

from pai_dsw_mcp.model.change import Sentence
from pai_dsw_mcp.texts.render import CATALOGUE, render

Outcome: TypeAlias = Literal["none", "unknown"]
"""The outcome of a failed write: certainly no effect, or not known yet."""


class ErrorKind(StrEnum):
    """The kinds of failure, one hint each (`texts/hints.py`, key `hint_<kind>`)."""

    INPUT = "input"
    REFUSED = "refused"
    READ_ONLY = "read_only"
    OVER_BUDGET = "over_budget"
    NAME_TAKEN = "name_taken"
    WRONG_STATE = "wrong_state"
    CREDENTIALS_MISSING = "credentials_missing"
    CREDENTIALS_INVALID = "credentials_invalid"
    CREDENTIALS_EXPIRED = "credentials_expired"
    IDENTITY_CHANGED = "identity_changed"
    PERMISSION_DENIED = "permission_denied"
    NOT_FOUND = "not_found"
    INVALID_PARAMETER = "invalid_parameter"
    THROTTLED = "throttled"
    SERVICE_FAILED = "service_failed"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    CONNECTION_LOST = "connection_lost"
    REPLY_INVALID = "reply_invalid"
    REPLY_TOO_LARGE = "reply_too_large"
    REDIRECTED = "redirected"
    LIST_UNVERIFIED = "list_unverified"
    ENDPOINT_REFUSED = "endpoint_refused"
    CLOCK_WRONG = "clock_wrong"
    MACHINE = "machine"


RETRYABLE = frozenset(
    {
        ErrorKind.THROTTLED,
        ErrorKind.SERVICE_FAILED,
        ErrorKind.TIMEOUT,
        ErrorKind.UNREACHABLE,
        ErrorKind.CONNECTION_LOST,
        ErrorKind.LIST_UNVERIFIED,
        ErrorKind.MACHINE,
    }
)
"""Kinds where the same read may well succeed a little later."""
_AGAIN: Final = {ErrorKind.WRONG_STATE: "retry_once_changed"}
"""What is said of a retry of other kinds, unless that it will not help."""


class PaiDswError(Exception):
    """The root: a kind, a sentence that says what happened, and no reference to the exception it was made from."""

    kind: ErrorKind = ErrorKind.REFUSED
    outcome: Outcome = "none"
    remedy: str | None = None
    """What to do next, where more is known than the hint of the kind says."""

    def __init__(self, key: str, *, kind: ErrorKind | None = None, **values: object) -> None:
        self.sentence = Sentence(key=key, values={name: str(value) for name, value in values.items()})
        self.kind = kind or self.kind
        super().__init__(render(self.sentence, "en"))

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later without anybody changing anything."""
        return self.kind in RETRYABLE

    def explain(self) -> str:
        """To a model: what happened, what to do next, whether trying again can help, and the notes (PEP 678).

        A person is told the `sentence` alone, in their language.
        """
        return " ".join((render(self.sentence), *self._next_step(), *getattr(self, "__notes__", ())))

    def _next_step(self) -> tuple[str, ...]:
        """What to do next: of this very error where it has a text of its own, else of its kind, and about a retry."""
        own = f"next_{self.sentence.key}"
        if self.remedy is None and own in CATALOGUE:
            return (render(Sentence(key=own)),)
        again = "retry_may_help" if self.retryable else _AGAIN.get(self.kind, "retry_will_not_help")
        return (self.remedy or render(Sentence(key=f"hint_{self.kind}")), render(Sentence(key=again)))


class InputError(PaiDswError):
    """The request cannot be right as it stands; nothing was sent."""

    kind = ErrorKind.INPUT


class RefusedError(PaiDswError):
    """The request is understood and is not carried out; nothing was sent."""


class CloudError(PaiDswError):
    """The cloud, or the way to it, failed.

    Vendor text is capped and scrubbed before it gets here, and no vendor exception is ever its cause.
    """

    def __init__(
        self,
        kind: ErrorKind,
        *,
        operation: str,
        outcome: Outcome = "none",
        status: int | None = None,
        code: str | None = None,
        message: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        key: str | None = None,
        remedy: str | None = None,
        **values: object,
    ) -> None:
        self.operation = operation
        self.outcome = outcome
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after
        self.remedy = remedy
        facts = {"operation": operation, "code": code or "-", "message": message or "-", "status": status or "-"}
        super().__init__(key or f"cloud_{kind}", kind=kind, **{**facts, **values})

    @property
    def lacks_operation(self) -> bool:
        """Whether the service has no such operation, whatever its SDK says."""
        return self.code in {"InvalidAction.NotFound", "InvalidApi.NotFound"}

    @property
    def is_explicit_deny(self) -> bool:
        """Whether a policy denies it, so that granting more will hardly help."""
        return self.sentence.key == "denied_explicitly"

    @property
    def retryable(self) -> bool:
        """As the parent; an operation that is not there will not be there either."""
        return super().retryable and not self.lacks_operation

    def explain(self) -> str:
        """As the parent, with the RequestId that the vendor's support asks for."""
        text = super().explain()
        return f"{text} RequestId: {self.request_id}." if self.request_id else text


class CredentialsError(CloudError):
    """No usable credentials on this machine, or they are no longer the ones it started with."""


class ConnectionFailedError(CloudError):
    """No reply, or an incomplete one, came back."""


class ReplyError(CloudError):
    """A reply came back that cannot be trusted."""


class ServiceError(CloudError):
    """The service itself said no."""
