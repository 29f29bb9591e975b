"""--env-file and --image-auth-file: what is read, what is refused at the start, and that no value comes out."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.private_values import PrivateValues, read_private_values
from tests.gate.cases import new_notebook
from tests.process.conversation import MODERN, Conversation, yes
from tests.process.processes import RunningEmulator, ServerProcess, environment, private, run
from tests.support.steering import Steering

CANARY = "canary-of-the-file"


def written(folder: Path, text: str | bytes, mode: int = 0o600) -> Path:
    """A file that only its owner may read, unless the mode says otherwise."""
    file = folder / "private"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    file.chmod(mode)
    return file


def sign_ins(**hosts: str) -> str:
    """A `config.json` as `docker login` writes it."""
    auths = {host: {"auth": base64.b64encode(sign_in.encode()).decode()} for host, sign_in in hosts.items()}
    return json.dumps({"auths": auths, "credsStore": "desktop"})


def refused(**files: Path | None) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        read_private_values(files.get("env_file"), files.get("image_auth_file"))
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None
    return caught.value


def test_lines_are_read_as_docker_reads_them(tmp_path: Path) -> None:
    file = written(tmp_path, f'# a comment\n\nHF_HOME=/mnt/data/hf\nQUOTED="{CANARY}" $HOME = #1\n  # more\nEMPTY=\n')
    values = read_private_values(file, None)
    assert values.environment == {"HF_HOME": "/mnt/data/hf", "QUOTED": f'"{CANARY}" $HOME = #1', "EMPTY": ""}
    assert CANARY not in repr(values)


def test_sign_ins_are_known_by_the_host_of_the_registry(tmp_path: Path) -> None:
    hosts = {"https://index.docker.io/v1/": "li:secret-1", "registry.example.com": f"robot:{CANARY}"}
    values = read_private_values(None, written(tmp_path, sign_ins(**hosts)))
    assert list(values.image_auths) == ["index.docker.io", "registry.example.com"]
    assert base64.b64decode(values.image_auths["registry.example.com"]).decode() == f"robot:{CANARY}"


def test_without_files_there_is_nothing() -> None:
    assert read_private_values(None, None) == PrivateValues()


def test_everything_but_the_shortest_values_is_cut_out_of_what_comes_back(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    env_file = written(tmp_path / "a", f"LONG={CANARY}-and-more\nSHORT=1\n")
    values = read_private_values(env_file, written(tmp_path, sign_ins(host=f"robot:{CANARY}")))
    sign_in = base64.b64encode(f"robot:{CANARY}".encode()).decode()
    assert set(values.texts) == {f"{CANARY}-and-more", CANARY, f"robot:{CANARY}", sign_in}
    assert [len(each) for each in values.texts] == sorted((len(each) for each in values.texts), reverse=True)


@pytest.mark.parametrize(
    "name",
    [
        "ALIBABA_CLOUD_SECURITY_TOKEN",
        "alibaba_cloud_anything",
        "ALICLOUD_REGION",
        "OSS_ACCESS_KEY_ID",
        "OSS_ACCESSKEY",
        "CLIENT_SECRET",
        "MY_SECRETS",
        "DB_PASSWORD",
        "AWS_SESSION_TOKEN",
        "GIT_CREDENTIALS",
        "SSH_PRIVATE_KEY",
    ],
)
def test_a_variable_for_credentials_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    error = refused(env_file=written(tmp_path, f"GOOD=1\n{name}={CANARY}\n"))
    assert f"line 2: {name} is the name of a password, a secret, a private key or a credential of a cloud" in str(error)
    assert "HF_TOKEN, is. Take the line out" in str(error)


@pytest.mark.parametrize("name", ["HF_TOKEN", "WANDB_API_KEY", "GITHUB_TOKEN"])
def test_a_token_of_one_service_is_taken(tmp_path: Path, name: str) -> None:
    assert read_private_values(written(tmp_path, f"{name}={CANARY}\n"), None).environment == {name: CANARY}


@pytest.mark.parametrize("line", [CANARY, f"two words={CANARY}", f"={CANARY}", f"1A={CANARY}", f"export A={CANARY}"])
def test_a_line_of_another_form_is_refused_by_its_number(tmp_path: Path, line: str) -> None:
    assert "line 1" in str(refused(env_file=written(tmp_path, line)))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
@pytest.mark.parametrize("flag", ["env_file", "image_auth_file"])
def test_a_file_that_others_may_open_is_refused_with_the_remedy(tmp_path: Path, flag: str, mode: int) -> None:
    file = written(tmp_path, f"A={CANARY}", mode)
    assert f"chmod 600 {file}" in str(refused(**{flag: file}))


def test_a_file_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, f"A={CANARY}")
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    assert "another user" in str(refused(env_file=file))


def test_what_is_no_text_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o700)
    for file in (tmp_path / "missing", tmp_path / "closed", written(tmp_path, b"A=\xff\xfe")):
        assert "cannot be read" in str(refused(env_file=file))


def test_a_device_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # /dev/null belongs to somebody else and is open to everybody, so those rules are switched off.
    monkeypatch.setattr("os.name", "other")
    assert "cannot be read" in str(refused(env_file=Path("/dev/null")))


@pytest.mark.parametrize(
    "text",
    [
        CANARY,
        "{}",
        '{"auths": {}}',
        '{"auths": {"host": {}}}',
        '{"auths": {"host": {"auth": "%%%"}}}',
        '{"auths": {"host": {"auth": "/v8="}}}',
        json.dumps({"auths": {"host": {"auth": base64.b64encode(CANARY.encode()).decode()}}}),
    ],
)
def test_what_is_no_sign_in_of_docker_is_refused(tmp_path: Path, text: str) -> None:
    assert "docker login" in str(refused(image_auth_file=written(tmp_path, text)))


def test_a_server_does_not_start_with_a_file_that_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, f"CLIENT_SECRET={CANARY}")
    ended = run(tmp_path, f"--env-file={file}", "--lang=zh")
    assert ended.returncode == 1
    assert "CLIENT_SECRET" in ended.stderr
    assert "密码、密钥、私钥或云凭证" in ended.stderr
    assert CANARY not in ended.stderr + ended.stdout
    assert not (tmp_path / ".local").exists()


def test_a_server_sends_the_values_and_says_them_nowhere(
    cloud: RunningEmulator, steering: Steering, tmp_path: Path
) -> None:
    state = private(tmp_path / "state")
    arguments = [f"--endpoint={cloud.url}", f"--state-dir={state}", f"--env-file={written(tmp_path, f'MODE={CANARY}')}"]
    with ServerProcess(arguments, environment(tmp_path, **cloud.keys)) as server:
        client = Conversation(server, MODERN, yes)
        client.open()
        assert client.told("create_instance", **new_notebook(environment_names=["MODE"]))["status"] == "done"
        told: list[Any] = [*server.lines, *server.errors, *client.questions]
    *_, write = steering.writes()
    assert write["parameters"]["EnvironmentVariables"] == {"MODE": CANARY}
    told += [file.read_bytes() for file in state.rglob("*") if file.is_file()]
    assert CANARY not in str(told)
