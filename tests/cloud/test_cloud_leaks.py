"""Credentials of any kind stay out of every text, with all logging switched on, in a process of its own."""

import asyncio
import base64
import json
import os
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.cloud.loopback import Answer, Loopback, dsw, hang, raw, reply, reset

pytestmark = pytest.mark.anyio
PROBE = Path(__file__).with_name("leak_probe.py")
CANARIES = {
    "access_key_id": "TESTcanaryId/1",
    "access_key_secret": "canary+Secret/2",
    "security_token": "canary+Token/3==",
    "oidc": "eyJcanary.Jwt.4",
    "address": "canaryInAddress5",
}
GOOD = dsw({"InstanceId": "dsw-12345678", "InstanceName": "x", "Status": "Stopped"})


@dataclass
class Ran:
    """What a process said: in all, and step by step."""

    steps: list[str]
    text: str

    @property
    def leaked(self) -> list[str]:
        return [
            f"{name} as {form!r}"
            for name, canary in CANARIES.items()
            for form in (
                canary,
                quote(canary, safe=""),
                json.dumps(canary)[1:-1],
                base64.b64encode(canary.encode()).decode().rstrip("="),
                canary.encode().hex(),
            )
            if form in self.text
        ]


@dataclass
class Home:
    """A home folder and an environment for one process, which takes one step after another."""

    path: Path
    variables: dict[str, str] = field(default_factory=dict[str, str])
    steps: list[dict[str, object]] = field(default_factory=list[dict[str, object]])

    def step(self, files: dict[str, str | None] | None = None, **options: object) -> None:
        inside = {str(self.path / name): text for name, text in (files or {}).items()}
        self.steps.append({"files": inside, "options": options})

    async def run(self) -> Ran:
        kept = {name: value for name, value in os.environ.items() if name.startswith(("PATH", "PYTHON"))}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(PROBE),
            json.dumps(self.steps),
            env={**kept, "HOME": str(self.path), **self.variables},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        assert b"TRAVELS ALONG" not in out
        return Ran(out.decode().split("STEP\n")[1:], (out + err).decode())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def profile(**members: str) -> str:
    return json.dumps({"current": "default", "profiles": [{"name": "default", **members}]})


async def test_files_that_hold_secrets_and_do_not_work(home: Home) -> None:
    config, ini, secret = ".aliyun/config.json", ".alibabacloud/credentials.ini", CANARIES["access_key_secret"]
    key = {"access_key_id": CANARIES["access_key_id"], "access_key_secret": secret}
    command = f"sh -c 'echo {secret} >&2; touch {home.path}/ran; exit 1'"
    # The proxy leads nowhere: the role cannot be assumed, and the vendor says so three times with the signed request.
    home.variables |= {"HTTPS_PROXY": "http://127.0.0.1:1", "DEBUG": "sdk"}
    home.step({config: profile(mode="RamRoleArn", ram_role_arn="acs:x", ram_session_name="x", **key)})
    home.step({config: profile(mode="External", process_command=command)})
    home.step({config: None, ini: f"access_key_secret = {secret}\n"})
    home.step({ini: f"[default]\ntype = access_keys\naccess_key_id = x\naccess_key_secret = %{secret}\n"})
    home.step({ini: f"[default]\n{secret}\n"})
    ran = await home.run()
    assert len(ran.steps) == 5
    assert all("kind=credentials_invalid" in step for step in ran.steps)
    assert "credentials_external" in ran.steps[1]
    assert not (home.path / "ran").exists()
    assert ran.leaked == []


async def test_a_token_of_an_identity_provider_whose_service_is_out_of_reach(home: Home) -> None:
    (home.path / "jwt").write_text(CANARIES["oidc"])
    home.variables |= {
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE": str(home.path / "jwt"),
        "ALIBABA_CLOUD_ROLE_ARN": "acs:ram::1:role/x",
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1:oidc-provider/x",
        "HTTPS_PROXY": "http://127.0.0.1:1",
    }
    home.step()
    ran = await home.run()
    assert "kind=credentials_invalid" in ran.steps[0]
    assert ran.leaked == []


GIVEN = {
    "Code": "Success",
    "AccessKeyId": CANARIES["access_key_id"],
    "AccessKeySecret": CANARIES["access_key_secret"],
    "SecurityToken": CANARIES["security_token"],
    "Expiration": "2099-01-01T00:00:00Z",
}


async def test_keys_from_an_address_are_neither_shown_nor_fetched_through_a_proxy(home: Home) -> None:
    """The vendor would ask a proxy for plain http, whatever NO_PROXY says, and with DEBUG=sdk print what it got."""
    senseless = reply({"Code": "Failed", **{name: GIVEN[name] for name in ("AccessKeyId", "SecurityToken")}})
    async with (
        Loopback(reply({})) as trap,
        Loopback(senseless, senseless, reply(GIVEN)) as giver,
        Loopback(GOOD) as server,
    ):
        home.variables |= {
            "DEBUG": "sdk",
            "HTTP_PROXY": trap.url,
            "http_proxy": trap.url,
            "NO_PROXY": "127.0.0.1,100.100.100.200",
            "ALIBABA_CLOUD_CREDENTIALS_URI": f"{giver.url}/?token={CANARIES['address']}",
        }
        home.step(endpoint=server.url)
        home.step(endpoint=server.url)
        ran = await home.run()
    assert "kind=credentials_invalid" in ran.steps[0]
    assert server.received[0].headers["x-acs-security-token"] == CANARIES["security_token"]
    assert trap.connections == 0
    assert ran.leaked == []


ECHO = {
    "Code": "SignatureDoesNotMatch",
    "Message": "server CanonicalRequest is [{}]".format("\\n".join(CANARIES.values())),
}
PARAMETER_ECHO = {"Code": "ValidationError", "Message": " ".join(list(CANARIES.values())[:3])}
ANSWERS: list[Answer] = [
    reset,
    hang,
    raw(b"garbage\r\n\r\n"),
    raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"),
    raw(b"HTTP/1.1 302 Found\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n"),
    reply(ECHO, 400),
    reply(PARAMETER_ECHO, 400),
    reply({**PARAMETER_ECHO, "Success": False}),
    GOOD,
]


async def test_a_signed_request_that_fails_on_its_way(home: Home) -> None:
    for name in ("access_key_id", "access_key_secret", "security_token"):
        home.variables[f"ALIBABA_CLOUD_{name.upper()}"] = CANARIES[name]
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(Loopback(answer)) for answer in ANSWERS]
        for server in servers:
            home.step(endpoint=server.url, read_timeout=1)
        ran = await home.run()
    tokens = {server.received[0].headers["x-acs-security-token"] for server in servers}
    assert tokens == {CANARIES["security_token"]}
    assert ran.leaked == []


async def test_the_metadata_service_is_asked_only_where_the_person_wants_it(home: Home) -> None:
    home.step()
    ran = await home.run()
    assert "kind=credentials_missing" in ran.steps[0]
    # The vendor's object for it starts a scheduler as soon as it is made.
    assert "THREADS" in ran.text
    assert "APScheduler" not in ran.text
