"""`pai-dsw-mcp verify-cloud`, as a person runs it: what it prints, and with which exit code it ends."""

import json
from pathlib import Path

from tests.process.processes import RunningEmulator, run


def test_a_report_of_an_emulator_agrees(cloud: RunningEmulator, tmp_path: Path) -> None:
    ended = run(tmp_path, "verify-cloud", "--endpoint", cloud.url, measured=True, **cloud.keys)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "| `unknown-instance`: DSW: no such instance, rule or snapshot | `404 InternalError` |" in ended.stdout
    assert list(tmp_path.iterdir()) == []


def test_another_alternative_ends_with_1(cloud: RunningEmulator, tmp_path: Path) -> None:
    cloud.steering.faults({"kind": "assume", "id": "system-logs", "value": "there"})
    arguments = ["--endpoint", cloud.url, "--regions", "cn-beijing", "--json", "--lang", "zh"]
    ended = run(tmp_path, "verify-cloud", *arguments, measured=True, **cloud.keys)
    report = json.loads(ended.stdout)
    assert [row["assumption"] for row in report["findings"] if row["agrees"] is False] == ["system-logs"]
    assert ended.returncode == 1


def test_an_emulator_of_its_own_can_be_verified_in_chinese(tmp_path: Path) -> None:
    ended = run(tmp_path, "verify-cloud", "--emulator", "--lang", "zh", measured=True)
    assert (ended.returncode, "观察到的行为都与模拟器一致" in ended.stdout) == (0, True)


def test_without_credentials_it_says_so_and_sends_nothing(tmp_path: Path) -> None:
    ended = run(tmp_path, "verify-cloud", measured=True)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Nothing is changed" in ended.stderr
    assert "ListInstances was not sent" in ended.stderr
