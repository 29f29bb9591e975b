"""`pai-dsw-mcp verify-cloud`, as a person runs it: what it prints, and with which exit code it ends."""

import json
import re
from pathlib import Path

from tests.process.processes import SERVER, RunningEmulator, run
from tests.process.terminal import in_a_terminal


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
    assert (ended.returncode, "无需提交" in ended.stdout) == (0, True)


def test_without_credentials_it_says_so_and_sends_nothing(tmp_path: Path) -> None:
    ended = run(tmp_path, "verify-cloud", measured=True)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Nothing is changed" in ended.stderr
    assert "ListInstances was not sent" in ended.stderr
    assert all(each in ended.stderr for each in ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "--emulator"))


def test_a_person_types_the_name_and_sees_that_nothing_runs_on(tmp_path: Path) -> None:
    command = [SERVER, "verify-cloud", "--with-writes", "--emulator", "--emulator-speed", "300"]
    answers = [("do not save):", ""), ("do nothing):", re.compile(r"Type (verify_[0-9a-f]{8}) to begin"))]
    code, shown = in_a_terminal(command, tmp_path, answers)
    assert (code, "at most 0.25 CNY: half an hour at 0.50 CNY per hour" in shown) == (0, True)
    assert "Nothing runs. It cost at most" in shown
    assert "| CreateInstance | 400 ValidationError | 1 |" in shown
    assert list(tmp_path.rglob("*.sqlite3")) == []
