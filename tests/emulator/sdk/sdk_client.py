"""The unmodified official clients, pointed at the emulator, and requests made from their own models."""

import asyncio
import json
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, TypeAlias

from alibabacloud_aiworkspace20210204 import models as aiworkspace_models
from alibabacloud_aiworkspace20210204.client import Client as AIWorkSpaceClient
from alibabacloud_pai_dsw20220101 import models as dsw_models
from alibabacloud_pai_dsw20220101.client import Client as DswClient
from alibabacloud_paistudio20220112 import models as paistudio_models
from alibabacloud_paistudio20220112.client import Client as PaiStudioClient
from alibabacloud_tea_openapi.models import Config
from darabonba.model import DaraModel

from pai_emulator.call import User
from pai_emulator.message import Disconnect, Reply, Request
from pai_emulator.serve import Emulator
from pai_emulator.types import JsonObject
from tests.emulator.service import OPERATION

Way: TypeAlias = Literal["sync", "async"]

FREE_MAP = {"key": "value"}
"""The value of every field that is a map without named fields."""


class RecordingEmulator(Emulator):
    """Keeps the body of the last reply as it was written."""

    last_body = b""

    def _answer(self, request: Request) -> Reply | Disconnect:
        answer = super()._answer(request)
        if isinstance(answer, Reply):
            self.last_body = answer.body
        return answer


class Sdk:
    """The clients of every product for one user."""

    def __init__(self, emulator: RecordingEmulator, user: User) -> None:
        self._emulator = emulator
        config: Any = Config(
            access_key_id=user.access_key_id,
            access_key_secret=user.access_key_secret,
            # Without a scheme, which would end up in Host and so in the signature.
            endpoint=emulator.url.removeprefix("http://"),
            protocol="HTTP",
            region_id="cn-hangzhou",
        )
        self._clients: dict[str, Any] = {
            "pai-dsw": DswClient(config),
            "aiworkspace": AIWorkSpaceClient(config),
            "pai": PaiStudioClient(config),
        }

    def call(
        self, operation: str, *identifiers: str, fields: JsonObject | None = None, way: Way = "sync"
    ) -> tuple[Any, JsonObject]:
        """Call an operation with a request of these wire fields; the parsed body, and what was on the wire.

        Fails where the model lost something of the wire.
        """
        model = request_model(operation)
        arguments = [*identifiers] if model is None else [*identifiers, _request(model, fields or {})]
        method = getattr(self._clients[OPERATION[operation].product], snake_case(operation) + suffix(way))
        reply = asyncio.run(method(*arguments)) if way == "async" else method(*arguments)
        wire = json.loads(self._emulator.last_body)
        assert lost(wire, reply.body.to_map()) == []
        return reply.body, wire


def _request(model: type[Any], fields: JsonObject) -> Any:
    request: Any = model().from_map(fields)
    for name, value in typing.cast("JsonObject", vars(request)).items():
        # from_map makes an empty list of what is absent, and an empty list is sent, where the constructor makes None.
        if value == []:
            setattr(request, name, None)
    return request


def suffix(way: Way) -> str:
    """The end of the names of the client's methods."""
    return "_async" if way == "async" else ""


def snake_case(operation: str) -> str:
    """The client's method for an operation."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation).removeprefix("_")


def request_model(operation: str) -> type[DaraModel] | None:
    """The request model of an operation; None for one without parameters beside its path."""
    return getattr(_models(operation), f"{operation}Request", None)


def response_model(operation: str) -> type[DaraModel]:
    """The model of an operation's reply."""
    return getattr(_models(operation), f"{operation}ResponseBody")


def _models(operation: str) -> Any:
    models = {"pai-dsw": dsw_models, "aiworkspace": aiworkspace_models, "pai": paistudio_models}
    return models[OPERATION[operation].product]


def complete(model: type[DaraModel]) -> JsonObject:
    """Every wire field of a model, lists with one item, in the model's own spelling."""
    return typing.cast("JsonObject", _filled(model).to_map())


def _filled(model: type[Any]) -> Any:
    return model(**{name: _sample(hint) for name, hint in _hints(model).items()})


@cache
def _hints(model: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(model.__init__)


def _sample(hint: Any) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is list:
        return [_sample(arguments[0])]
    if origin is dict:
        return dict(FREE_MAP)
    samples: dict[Any, Any] = {str: "1", int: 1, float: 1.0, bool: True}
    return samples[hint] if hint in samples else _filled(hint)


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every field that holds no further fields; lists leave no trace, a free map counts as one field."""
    if isinstance(value, list):
        for item in typing.cast("list[Any]", value):
            yield from leaves(item, path)
    elif isinstance(value, dict) and value != FREE_MAP:
        for name, inner in typing.cast("JsonObject", value).items():
            yield from leaves(inner, (*path, name))
    else:
        yield path


def lost(wire: Any, parsed: Any, path: str = "") -> list[str]:
    """What is on the wire and not, or otherwise, in the parsed model. Null says nothing."""
    if isinstance(wire, dict) and isinstance(parsed, dict):
        fields, known = typing.cast("JsonObject", wire), typing.cast("JsonObject", parsed)
        return [
            problem
            for name, value in fields.items()
            if value is not None
            for problem in (lost(value, known[name], f"{path}.{name}") if name in known else [f"{path}.{name}"])
        ]
    if isinstance(wire, list) and isinstance(parsed, list):
        items, others = typing.cast("list[Any]", wire), typing.cast("list[Any]", parsed)
        if len(items) != len(others):
            return [path]
        return [
            problem for item, other in zip(items, others, strict=True) for problem in lost(item, other, path + "[]")
        ]
    return [] if wire == parsed else [path]
