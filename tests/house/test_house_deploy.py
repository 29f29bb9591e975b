"""The files that put the server into containers fit the server, and ask for as little as it needs."""

import re
from fnmatch import fnmatch
from typing import Any, Final

import pytest
import yaml
from starlette.routing import Route
from uvicorn import Config, Server

from pai_dsw_mcp.http.application import BODY_CAP
from pai_dsw_mcp.http.connections import ANSWERING_SECONDS, ASKING_SECONDS, HEADERS_CAP, MOST
from pai_dsw_mcp.http.listening import admin_application
from pai_dsw_mcp.settings import Settings, read_settings
from tests.house.publishing import PROJECT, ROOT

DOCKERFILE: Final = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", "")
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
DEPLOYMENT, SERVICE = yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text("utf-8"))
POD: Final[dict[str, Any]] = DEPLOYMENT["spec"]["template"]["spec"]
(CONTAINER,) = POD["containers"]
SERVER: Final[dict[str, Any]] = COMPOSE["services"]["server"]
EXAMPLE: Final = dict(
    line.split("=", 1)
    for line in (ROOT / "deploy" / ".env.example").read_text("utf-8").splitlines()
    if not line.startswith("#")
)


def filled_in(text: str) -> str:
    return re.sub(r"\$\{(\w+):\?\}", lambda name: EXAMPLE[name[1]], text)


def instruction(name: str) -> list[str]:
    return re.findall(rf"^{name} (.*)", DOCKERFILE, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments", [[filled_in(each) for each in SERVER["command"]], CONTAINER["args"]], ids=["compose", "kubernetes"]
)
def test_the_server_takes_its_arguments_and_has_a_page_and_a_database(arguments: list[str]) -> None:
    settings = read_settings(arguments, {"HOME": "/home/dsw"})
    assert settings.approve == "auto"
    assert settings.database is not None
    assert settings.oidc_client_id is not None
    assert (settings.http, settings.admin_listen) == listening()


def listening() -> tuple[object, object]:
    """The addresses that the image names, which need more flags to be served."""
    (command,) = (yaml.safe_load(each) for each in instruction("CMD") if each.startswith('["--'))
    more = ["--allow-host=x", "--bearer-token-file=x"]
    settings: Settings = read_settings([*command, *more], {"HOME": "/home/dsw"})
    return settings.http, settings.admin_listen


async def nothing() -> None: ...


def test_probes_ask_for_what_the_admin_address_has() -> None:
    routes = admin_application(Server(Config("")), nothing, None).routes
    served = {route.path for route in routes if isinstance(route, Route)}
    probes = {CONTAINER[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    metrics = DEPLOYMENT["spec"]["template"]["metadata"]["annotations"]["prometheus.io/path"]
    checked = set(re.findall(r"127\.0\.0\.1:8001(/\w+)", DOCKERFILE))
    assert checked
    assert {*probes, metrics, *checked} <= served
    ports = {port["name"]: port["containerPort"] for port in CONTAINER["ports"]}
    assert [str(port) for port in ports.values()] == instruction("EXPOSE")[0].split()


def test_it_runs_without_rights_and_writes_nowhere() -> None:
    user = instruction("USER")[-1]
    assert int(user) > 0
    assert POD["securityContext"]["runAsNonRoot"]
    assert str(POD["securityContext"]["runAsUser"]) == user
    own = CONTAINER["securityContext"]
    assert own["readOnlyRootFilesystem"]
    assert not own["allowPrivilegeEscalation"]
    assert own["capabilities"] == {"drop": ["ALL"]}
    assert SERVER["read_only"]
    assert SERVER["cap_drop"] == ["ALL"]
    assert "ports" not in SERVER


def test_the_image_is_made_of_the_lock_alone() -> None:
    for command in re.findall(r"pip (?:install|wheel) ([^&]*)", DOCKERFILE):
        assert "--no-deps" in command
        assert any(each in command for each in ("--require-hashes", "--no-index", " . ")), command
    for lock in re.findall(r"-r (\S+)", DOCKERFILE):
        assert (ROOT / lock).is_file()


def test_images_are_pinned_to_a_version() -> None:
    others = [each["image"] for each in COMPOSE["services"].values()] + [CONTAINER["image"]]
    for image in [each.split()[0] for each in instruction("FROM")] + others:
        assert re.fullmatch(r"[\w./-]+:\d+\.\d+[\w.-]*", image), image
    own = [each for each in others if "pai-dsw-mcp" in each]
    assert {each.rpartition(":")[2] for each in own} == {PROJECT["version"]}


def test_what_is_copied_exists_and_is_not_ignored() -> None:
    allowed = [
        line.removeprefix("!").rstrip("/")
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    ]
    copied = [path for each in instruction("COPY") if "--from" not in each for path in each.split()[:-1]]
    assert copied
    for path in copied:
        assert (ROOT / path).exists(), path
        assert any(fnmatch(path, pattern) for pattern in allowed), path


def test_kubernetes_adds_no_settings_of_its_own() -> None:
    assert POD["enableServiceLinks"] is False


def test_the_certificate_of_the_database_is_checked_against_a_file() -> None:
    (database,) = (each for each in CONTAINER["args"] if each.startswith("--database="))
    assert "sslmode=verify-full&sslrootcert=/" in database


def of_the_proxy(directive: str) -> str:
    found = re.findall(rf"^ *{directive} (.*);$", (ROOT / "deploy" / "nginx.conf").read_text("utf-8"), re.MULTILINE)
    assert len(found) == 1, directive
    return found[0]


def test_the_proxy_passes_on_the_host_with_its_port() -> None:
    assert of_the_proxy("proxy_set_header Host") == "$http_host"


def test_the_proxy_has_the_limits_of_the_server() -> None:
    assert of_the_proxy("client_max_body_size") == f"{BODY_CAP // 1024}k"
    assert of_the_proxy("large_client_header_buffers").split()[1] == f"{HEADERS_CAP // 1024}k"
    assert {of_the_proxy(f"client_{each}_timeout") for each in ("header", "body")} == {f"{ASKING_SECONDS:.0f}s"}
    assert of_the_proxy("proxy_read_timeout") == f"{ANSWERING_SECONDS:.0f}s"
    assert int(of_the_proxy("worker_connections")) >= 2 * SERVER["deploy"]["replicas"] * MOST
