"""What faults do to a request: before the operation runs, and to its reply."""

from dataclasses import replace

from pai_emulator import errors
from pai_emulator.exchange import Exchange
from pai_emulator.faults.damage import damaged
from pai_emulator.faults.model import DamagedReply, Delay, LostReply, RequestFault, Reset, ServerError, Throttle
from pai_emulator.message import Disconnect, Hold, Reply

_HTML_PAGE = b"<html><head><title>Service unavailable</title></head><body>Service unavailable</body></html>"


def prevent(exchange: Exchange, faults: tuple[RequestFault, ...]) -> Reply | Disconnect | None:
    """The answer of the first fault that keeps the operation from happening; None lets it happen."""
    for fault in faults:
        match fault:
            case Reset():
                exchange.outcome = "disconnected"
                return Disconnect(reset=True)
            case Throttle():
                return exchange.refuse(_throttling(fault))
            case ServerError(applied=False):
                return _fail(exchange, fault)
            case _:
                continue
    return None


def deliver(exchange: Exchange, faults: tuple[RequestFault, ...], reply: Reply) -> Reply | Disconnect:
    """The reply to an operation that was carried out or refused, as the faults alter it."""
    answer: Reply | Disconnect = reply
    for fault in faults:
        match fault:
            case LostReply():
                exchange.outcome = "applied, reply lost" if exchange.outcome == "applied" else "refused, reply lost"
                exchange.status = None
                answer = Disconnect(reset=fault.reset)
                break
            case ServerError() if exchange.outcome == "applied":
                answer = _fail(exchange, fault)
                exchange.outcome = "applied, error replied"
            case DamagedReply() if exchange.status == 200:
                answer = replace(reply, body=damaged(fault.damage, exchange.body))
            case _:
                continue
    return answer


def hold(faults: tuple[RequestFault, ...]) -> Hold | None:
    """How long the answer is held back: by the first delay among its faults."""
    return next((Hold(fault.seconds, fault.unit) for fault in faults if isinstance(fault, Delay)), None)


def _throttling(fault: Throttle) -> errors.ApiError:
    headers: dict[str, str] = {}
    if fault.retry_after is not None:
        headers["retry-after"] = str(fault.retry_after)
    if fault.x_acs_retry_after is not None:
        headers["x-acs-retry-after"] = str(fault.x_acs_retry_after)
    return errors.throttling(fault.status, headers)


def _fail(exchange: Exchange, fault: ServerError) -> Reply:
    reply = exchange.refuse(errors.server_error(fault.status))
    if fault.html:
        return replace(reply, body=_HTML_PAGE, headers={"content-type": "text/html;charset=utf-8"})
    return reply
