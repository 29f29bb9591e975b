"""What the faults that hit a request do to it: before the operation, and to its reply."""

from dataclasses import replace

from pai_emulator import errors
from pai_emulator.damage import damaged
from pai_emulator.exchange import Exchange
from pai_emulator.faults import DamagedReply, Delay, LostReply, Reset, ServerError, Strike, Throttle
from pai_emulator.message import Disconnect, Hold, Reply

_HTML_PAGE = b"<html><head><title>Service unavailable</title></head><body>Service unavailable</body></html>"


def prevent(exchange: Exchange, strikes: tuple[Strike, ...]) -> Reply | Disconnect | None:
    """The answer of the first fault that keeps the operation from happening; None lets it happen."""
    for strike in strikes:
        match strike:
            case Reset():
                exchange.outcome = "disconnected"
                return Disconnect(reset=True)
            case Throttle():
                return exchange.refuse(_throttling(strike))
            case ServerError(applied=False):
                return _fail(exchange, strike)
            case _:
                continue
    return None


def deliver(exchange: Exchange, strikes: tuple[Strike, ...], reply: Reply) -> Reply | Disconnect:
    """What becomes of the reply of an operation that was carried out or refused."""
    answer: Reply | Disconnect = reply
    for strike in strikes:
        match strike:
            case LostReply():
                exchange.outcome = "applied, reply lost" if exchange.outcome == "applied" else "refused, reply lost"
                exchange.status = None
                answer = Disconnect(reset=strike.reset)
                break
            case ServerError() if exchange.outcome == "applied":
                answer = _fail(exchange, strike)
                exchange.outcome = "applied, error replied"
            case DamagedReply() if exchange.status == 200:
                answer = replace(reply, body=damaged(strike.damage, exchange.body))
            case _:
                continue
    return answer


def hold(strikes: tuple[Strike, ...]) -> Hold | None:
    """How long the answer is held back: by the first delay that strikes."""
    return next((Hold(strike.seconds, strike.unit) for strike in strikes if isinstance(strike, Delay)), None)


def _throttling(strike: Throttle) -> errors.ApiError:
    headers: dict[str, str] = {}
    if strike.retry_after is not None:
        headers["retry-after"] = str(strike.retry_after)
    if strike.x_acs_retry_after is not None:
        headers["x-acs-retry-after"] = str(strike.x_acs_retry_after)
    return errors.throttling(strike.status, headers)


def _fail(exchange: Exchange, strike: ServerError) -> Reply:
    reply = exchange.refuse(errors.server_error(strike.status))
    if strike.html:
        return replace(reply, body=_HTML_PAGE, headers={"content-type": "text/html;charset=utf-8"})
    return reply
