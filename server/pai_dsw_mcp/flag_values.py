"""Reads the values of flags. Each reader raises what argparse turns into a usage line."""

import argparse
import ipaddress
import re
import time
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pai_dsw_mcp.model.limits import Money

_UNITS: Final = {"d": 86_400.0, "h": 3_600.0}
_LONGEST: Final = 600.0
"""The upper limit of any timeout, in seconds."""
_AMOUNT: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([A-Z]{3})?")
_CURRENCIES: Final = ("CNY", "USD", "JPY")
"""What Alibaba Cloud bills in (BssOpenApi, GetOrderDetail: Currency). A limit that names none is in the first."""
_HOST: Final = re.compile(r"([a-z0-9_.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Address(NamedTuple):
    """Where a server listens."""

    host: str
    port: int
    is_loopback: bool

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def positive(text: str) -> float:
    """A number greater than 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError("give a number greater than 0")
    return value


def seconds(text: str) -> float:
    """Seconds of a timeout."""
    value = positive(text)
    if value > _LONGEST:
        raise argparse.ArgumentTypeError(f"give seconds, at most {_LONGEST:.0f}")
    return value


def names(check: Callable[[Sequence[str]], object]) -> Callable[[str], tuple[str, ...]]:
    """Reads names with commas between them; `check` raises a ValueError for one that does not exist."""

    def read(text: str) -> tuple[str, ...]:
        found = tuple(name.strip() for name in text.split(",") if name.strip())
        try:
            check(found)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
        return found

    return read


def regions(text: str) -> tuple[str, ...]:
    """Ids of regions, with commas between them."""
    from pai_dsw_mcp.model.region import regions_named  # noqa: PLC0415  # loads pydantic, which no other setting needs

    return regions_named(names(regions_named)(text))


def workspaces(text: str) -> tuple[str, ...]:
    """Ids of workspaces, with commas between them."""
    found = tuple(each.strip() for each in text.split(","))
    if not all(re.fullmatch(r"[0-9]{1,20}", each) for each in found):
        raise argparse.ArgumentTypeError("give ids of workspaces, which are numbers, with commas between them")
    return found


def moment(text: str) -> float:
    """Seconds since the epoch, of `7d` (days ago), `12h` (hours ago), or a date with or without a time."""
    try:
        if text[-1:] in _UNITS:
            return time.time() - positive(text[:-1]) * _UNITS[text[-1:]]
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError("give a time such as 7d, 12h, 2026-01-31 or 2026-01-31T08:00") from None


def path(text: str) -> Path:
    """A path, with the home in place of `~`."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise argparse.ArgumentTypeError("the home of that user is not known; give the whole path") from None


def truth(text: str) -> bool:
    """Yes or no."""
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise argparse.ArgumentTypeError("give true or false")


def whole(text: str) -> int:
    """A whole number, 0 included."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise argparse.ArgumentTypeError("give a whole number")
    return int(text)


def money(text: str) -> Money:
    """An amount with its currency."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(
            f"give an amount such as 100 or 100USD; without a currency it is {_CURRENCIES[0]}"
        )
    currency = found[2] or _CURRENCIES[0]
    if currency not in _CURRENCIES:
        raise argparse.ArgumentTypeError(f"no price is in {currency}: give one of {', '.join(_CURRENCIES)}")
    return Money(float(found[1]), currency)


def timezone(text: str) -> tzinfo:
    """A time zone by its IANA name."""
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise argparse.ArgumentTypeError("give the name of a time zone, such as Asia/Shanghai") from None


def address(text: str) -> Address:
    """An IP address or `localhost`, and a port; port 0 is one that the system chooses."""
    host, _, port = text.rpartition(":")
    try:
        found = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host.removeprefix("[").removesuffix("]"))
    except ValueError:
        found = None
    if found is None or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65_535:
        raise argparse.ArgumentTypeError("give an IP address and a port, such as 127.0.0.1:8000 or [::1]:8000")
    return Address(str(found), int(port), found.is_loopback)


def hosts(text: str) -> tuple[str, ...]:
    """Host headers, with commas between them."""
    found = tuple(each.strip().lower() for each in text.split(","))
    if not all(_HOST.fullmatch(each) for each in found):
        raise argparse.ArgumentTypeError("give names such as dsw.example.com or 10.0.0.5:8000, without wildcards")
    return found


def origins(text: str) -> tuple[str, ...]:
    """Origins of web pages, with commas between them."""
    found = tuple(each.strip().lower() for each in text.split(","))
    for each in found:
        scheme, _, host = each.partition("://")
        if scheme not in {"http", "https"} or not _HOST.fullmatch(host):
            raise argparse.ArgumentTypeError("give origins such as https://console.example.com, without wildcards")
    return found


def travels_safely(url: str) -> bool:
    """Whether nobody on the way reads or changes what comes from there: TLS, or this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = _HOST.fullmatch(parts.netloc.lower())
    return host is not None and (parts.scheme == "https" or (parts.scheme == "http" and host[1] in _LOCAL))


def database(text: str) -> str:
    """The address of a PostgreSQL database, without a password: other users of the machine see command lines."""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    # libpq gives `#` no meaning, so nothing behind one may hide from the check.
    if parts.scheme not in {"postgresql", "postgres"} or "#" in text:
        raise argparse.ArgumentTypeError("give an address such as postgresql://dsw@db.example.com/dsw")
    options = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if ":" in parts.netloc.rpartition("@")[0] or options & {"password", "sslpassword"}:
        raise argparse.ArgumentTypeError(
            "it must not hold a password: give that in --database-password-file, or in PGPASSWORD"
        )
    return text


def collector(text: str) -> str:
    """The address of a collector, to which `/v1/traces` and `/v1/metrics` are added."""
    scheme, _, rest = text.rstrip("/").partition("://")
    host, _, path = rest.partition("/")
    if scheme not in {"http", "https"} or not _HOST.fullmatch(host.lower()) or {"?", "#"} & set(path):
        raise argparse.ArgumentTypeError("give an address such as http://127.0.0.1:4318; keys go into OTEL variables")
    return f"{scheme}://{rest}"


def role_arn(text: str) -> str:
    """The ARN of a RAM role."""
    if not re.fullmatch(r"acs:ram::[0-9]{1,20}:role/[A-Za-z0-9.@_-]{1,64}", text):
        raise argparse.ArgumentTypeError("give the ARN of a role, such as acs:ram::1234567890123456:role/dsw-team")
    return text


def issuer(text: str) -> str:
    """The address of an identity provider; over plain HTTP on this machine alone."""
    if not travels_safely(text) or "?" in text or "#" in text:
        raise argparse.ArgumentTypeError("give the https:// address that the provider calls its issuer")
    return text
