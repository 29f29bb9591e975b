"""Nothing is loaded before it is needed, and nothing is spoiled by what is."""

import asyncio
import logging
import os
import subprocess
import sys
import threading

import pytest

from pai_dsw_mcp.cloud import environment
from tests.cloud.loopback import Loopback, dsw

GOOD = dsw({"InstanceId": "dsw-12345678", "InstanceName": "x", "Status": "Stopped"})
HEAVY = ("aiohttp", "requests", "darabonba", "Tea", "alibabacloud_credentials", "alibabacloud_tea_openapi")


def test_importing_the_cloud_loads_neither_the_sdks_nor_aiohttp() -> None:
    program = (
        "import sys, pai_dsw_mcp.cloud.client, pai_dsw_mcp.cloud.writer, pai_dsw_mcp.cloud.options\n"
        "pai_dsw_mcp.cloud.client.Cloud(pai_dsw_mcp.cloud.options.CloudOptions())\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_products_that_an_instance_does_not_need_are_loaded_later() -> None:
    program = (
        "import sys, pai_dsw_mcp.cloud.client, pai_dsw_mcp.cloud.options\n"
        "pai_dsw_mcp.cloud.client.Cloud(pai_dsw_mcp.cloud.options.CloudOptions()).warm()\n"
        "print(sorted(name for name in sys.modules if '20' in name and name.endswith('.client')))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "['alibabacloud_pai_dsw20220101.client']\n"


@pytest.mark.anyio
async def test_warming_in_a_thread_and_calling_at_once_load_everything_once() -> None:
    async with Loopback(GOOD) as server, server.cloud() as cloud:
        thread = threading.Thread(target=cloud.warm)
        thread.start()
        await asyncio.gather(*(cloud.get_instance("cn-hangzhou", "dsw-12345678") for _ in range(3)))
        thread.join()
        assert await cloud.sdk() is await cloud.sdk()


@pytest.mark.anyio
async def test_a_cloud_that_was_never_used_has_nothing_to_close() -> None:
    async with Loopback(GOOD) as server, server.cloud() as cloud:
        assert cloud.options.endpoint == server.url
    assert server.connections == 0


def test_one_cloud_serves_one_event_loop_after_another() -> None:
    async def once() -> int:
        async with Loopback(GOOD) as server, server.cloud() as cloud:
            sdk = await cloud.sdk()
            await cloud.get_instance("cn-hangzhou", "dsw-12345678")
            await sdk.caller.transport.close()
            await sdk.caller.transport.close()
            await cloud.get_instance("cn-hangzhou", "dsw-12345678")
            return server.connections

    assert asyncio.run(once()) == 2


def test_the_environment_is_made_safe_and_left_alone_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:

    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("DEBUG", "sdk")
    monkeypatch.delenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", raising=False)
    environment.prepare()
    assert "DEBUG" not in os.environ
    assert not {"HTTP_PROXY", "http_proxy"} & set(os.environ)
    assert os.environ["HTTPS_PROXY"] == "http://127.0.0.1:1"
    assert os.environ["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] == "true"
    monkeypatch.setenv("DEBUG", "1")
    monkeypatch.setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "false")
    environment.prepare()
    assert os.environ["DEBUG"] == "1"
    assert os.environ["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] == "false"


def test_the_loggers_of_the_vendor_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def hear(record: logging.LogRecord) -> None:
        heard.append(record.name)

    listener = logging.Handler()
    monkeypatch.setattr(listener, "emit", hear)
    environment.silence()
    logging.getLogger().addHandler(listener)
    for name in (
        "credentials",
        "darabonba-core",
        "alibabacloud-tea",
        "apscheduler.executors.default",
        "urllib3.connectionpool",
        "somebody.else",
    ):
        logging.getLogger(name).critical("CANARY")
    logging.getLogger().removeHandler(listener)
    assert heard == ["somebody.else"]
