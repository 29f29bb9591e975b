"""`python -m tests.foreign`: programs of others, unmodified. Exit code 1 when one fails.

Those of the vendor take the emulator for the cloud, and reach their fixed hosts through its HTTPS proxy. MCP clients
start the server with an emulator of its own. The skill tool installs the skill. Each runs in an environment that
`make foreign` makes, because they want other versions than the server does, and than each other.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import certifi

from tests.support.node import NODE

_HERE: Final = Path(__file__).parent
_ROOT: Final = _HERE.parents[1]
PROGRAMS: Final = ("with_sdk_core", "with_alipai")
CLIENTS: Final = {
    "with_fastmcp.py": "foreign-clients",
    "with_pydantic_ai.py": "foreign-clients",
    "with_openai_agents.py": "foreign-clients",
    "with_langchain.py": "foreign-langchain",
    "with_typescript_1.mjs": "node",
    "with_typescript_2.mjs": "node",
}
"""The MCP clients, and the environment of each."""
INSTANCE_ID: Final = "dsw-0000000000000001"
NOTEBOOK: Final = {
    "InstanceId": INSTANCE_ID,
    "InstanceName": "notebook",
    "EcsSpec": "ecs.g6.large",
    "ImageUrl": "registry.example.com/team/mine:v1",
    "Datasets": [{"DatasetId": "d-db67c33e4453a26dc8"}],
    "DynamicMount": {"Enable": True, "MountPoints": [{"RootPath": "/mnt/dynamic/"}]},
}
"""The notebook in which the programs believe they run."""
_LABELS: Final = {"system.official": "true", "system.supported.dlc": "true", "system.chipType": "CPU"}
IMAGE: Final = {
    "ImageId": "image-000000000000000001",
    "Name": "pytorch:2.3.1-cpu-py310-ubuntu22.04",
    "ImageUri": "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.3.1-cpu-py310-ubuntu22.04",
    "Labels": [{"Key": key, "Value": value} for key, value in _LABELS.items()],
}
"""`alipai` looks for PyTorch on a CPU unless told otherwise."""


def _trusting(folder: Path, ca_file: Path) -> Path:
    """A folder for PYTHONPATH with a `certifi` that has the emulator's authority as well.

    Behind a proxy the vendor's SDK reads the roots of `certifi` alone and no variable.
    """
    shutil.copytree(Path(certifi.__file__).parent, folder / "certifi")
    with (folder / "certifi" / "cacert.pem").open("ab") as roots:
        roots.write(b"\n" + ca_file.read_bytes())
    return folder


def _environment(line: Mapping[str, Any], folder: Path) -> dict[str, str]:
    admin = next(user for user in line["users"] if user["name"] == "admin")
    return {
        **os.environ,
        "HTTPS_PROXY": line["proxy"],
        "PYTHONPATH": str(_trusting(folder, Path(line["ca_file"]))),
        # Of the older SDK, which brings its own roots.
        "ALIBABA_CLOUD_CA_BUNDLE": line["ca_file"],
        "ALIBABA_CLOUD_ACCESS_KEY_ID": admin["access_key_id"],
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": admin["access_key_secret"],
        # Else the SDK asks an address of the cloud's network who it is.
        "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
        "REGION": "cn-hangzhou",
        "DSW_INSTANCE_ID": INSTANCE_ID,
        "PAI_CONFIG_PATH": str(folder / "none.json"),
    }


def _interpreter(environment: str) -> str:
    if environment == "node":
        return str(NODE)
    return str(_ROOT / f".venv-{environment}" / "bin" / "python")


def _run(program: str, folder: Path) -> bool:
    fixture = folder / "fixture.json"
    fixture.write_text(json.dumps({"regions": {"cn-hangzhou": {"images": [IMAGE], "instances": [NOTEBOOK]}}}))
    options = ("--proxy", "--speed", "60", "--exit-with-parent", "--fixture", str(fixture))
    command = [sys.executable, "-m", "pai_emulator", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as emulator:
        assert emulator.stdout is not None
        environment = _environment(json.loads(emulator.stdout.readline()), folder)
        ran = subprocess.run(
            [_interpreter("foreign"), str(_HERE / f"{program}.py")],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        emulator.terminate()
    return _told(program, ran, "as expected")


def _run_client(program: str, environment: str) -> bool:
    command = [_interpreter(environment), str(_HERE / program), sys.executable]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return _told(program.partition(".")[0], ran, "; ".join(ran.stdout.splitlines()))


def _run_module(program: str) -> bool:
    command = [sys.executable, "-m", f"tests.foreign.{program}"]
    ran = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False, timeout=300)
    return _told(program, ran, ran.stdout.strip())


def _run_sign_in() -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-n0", str(_HERE / "with_oidc_provider.py")]
    ran = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False, timeout=300)
    return _told("with_oidc_provider", ran, ran.stdout.strip().splitlines()[-1])


def _told(program: str, ran: subprocess.CompletedProcess[str], passed: str) -> bool:
    sys.stdout.write(f"{program}: {passed if ran.returncode == 0 else ran.stdout + ran.stderr}\n")
    sys.stdout.flush()
    return ran.returncode == 0


def main() -> int:
    """Run every program, each with an emulator of its own."""
    passed: list[bool] = []
    for program in PROGRAMS:
        with TemporaryDirectory() as folder:
            passed.append(_run(program, Path(folder)))
    passed += [_run_client(program, environment) for program, environment in CLIENTS.items()]
    passed += [_run_module("with_ext_apps"), _run_module("with_skills"), _run_sign_in()]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
