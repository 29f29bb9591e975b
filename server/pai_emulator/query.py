"""Reading the parameters of a query: text on the wire, typed here, and refused in the product's own words."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from pai_emulator import errors
from pai_emulator.call import Call
from pai_emulator.errors import ApiError
from pai_emulator.types import JsonObject

LARGEST_PAGE: Final = 100
"""The largest `PageSize`, larger ones are refused (assumed for both products)."""

_MOST_DIGITS: Final = 18

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; the first page is 1."""

    number: int
    size: int

    def cut(self, items: Sequence[_Item]) -> Sequence[_Item]:
        """The items of the page; nothing beyond the last."""
        return items[(self.number - 1) * self.size : self.number * self.size]


class Query:
    """The query of a call. An empty value counts as absent, and an unknown parameter is ignored (both assumed)."""

    def __init__(self, call: Call) -> None:
        self._values: Mapping[str, str] = call.query
        self._refuse: Callable[[str], ApiError] = (
            errors.validation_error if call.product == "pai-dsw" else errors.invalid_parameter
        )

    def text(self, name: str) -> str | None:
        """The value as it is."""
        return self._values.get(name) or None

    def choice(self, name: str, allowed: Collection[str], default: str | None = None) -> str | None:
        """One of `allowed`."""
        value = self.text(name)
        if value is None:
            return default
        if value not in allowed:
            raise self._refuse(f"{name} must be one of {', '.join(sorted(allowed))}, not {value}.")
        return value

    def flag(self, name: str) -> bool:
        """A boolean in any spelling: the Python SDK writes `True`, other clients `true`. Absent is false."""
        return self.choice(name, {"True", "true", "False", "false"}) in {"True", "true"}

    def csv(self, name: str) -> frozenset[str]:
        """Values that are separated by commas."""
        return frozenset(filter(None, (self.text(name) or "").split(",")))

    def number(self, name: str) -> float | None:
        """A number."""
        value = self.text(name)
        if value is None:
            return None
        try:
            return float(value)
        except ValueError:
            raise self._refuse(f"{name} must be a number, not {value}.") from None

    def moment(self, name: str) -> datetime | None:
        """A time in ISO 8601; without an offset it is UTC (assumed)."""
        value = self.text(name)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise self._refuse(f"{name} must be a time such as 2021-01-12T14:36:01Z, not {value}.") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def json(self, name: str) -> Any:
        """A JSON value; None where it is absent."""
        value = self.text(name)
        if value is None:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise self._refuse(f"{name} must be JSON, not {value}.") from None

    def sort(self, rows: list[JsonObject], fields: Collection[str]) -> list[JsonObject]:
        """The rows sorted by `SortBy` and `Order`; by creation, oldest first, where nothing else is asked for."""
        field = self.choice("SortBy", fields) or "GmtCreateTime"
        return sorted(rows, key=lambda row: row[field], reverse=self.choice("Order", {"ASC", "DESC"}) == "DESC")

    def page(self, default_size: int) -> Page:
        """`PageNumber` from 1 and `PageSize`."""
        return Page(self.whole("PageNumber", 1), self.whole("PageSize", default_size, LARGEST_PAGE))

    def whole(self, name: str, default: int, maximum: int | None = None) -> int:
        """A whole number from 1."""
        value = self.text(name)
        # Python converts no more than 4,300 digits, and nobody has as many pages.
        digits = value is not None and value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS
        number = default if value is None else int(value) if digits else 0
        if number < 1 or (maximum is not None and number > maximum):
            limit = f" to {maximum}" if maximum else ""
            raise self._refuse(f"{name} must be a whole number from 1{limit}, not {value}.")
        return number
