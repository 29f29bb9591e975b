"""`pai-dsw-mcp doctor`, as a person runs it: what it prints, and with which exit code it ends."""

import json
import re
import subprocess
from pathlib import Path
from typing import Final

import pytest
from rich.cells import cell_len

from pai_dsw_mcp.commands.doctor import doctor as doctor_itself
from pai_dsw_mcp.commands.wrap import wrapped
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.render import say
from tests.process.processes import INSTALLED_SERVER, SERVER, RunningEmulator, run
from tests.process.terminal import in_a_terminal

SECRET: Final = "s3cr3tcanary"


def doctor(home: Path, *arguments: str, measured: bool = False, **variables: str) -> subprocess.CompletedProcess[str]:
    """A process to its end; whatever it prints, it shows no secret and leaves nothing behind."""
    ended = run(home, "doctor", *arguments, measured=measured, **variables)
    assert SECRET not in ended.stdout + ended.stderr
    assert list(home.iterdir()) == []
    return ended


def keys(access_key_id: str) -> dict[str, str]:
    return {"ALIBABA_CLOUD_ACCESS_KEY_ID": access_key_id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET}


def test_where_all_is_well_it_ends_with_0(cloud: RunningEmulator, tmp_path: Path) -> None:
    ended = doctor(
        tmp_path, "--endpoint", cloud.url, "--regions", "cn-hangzhou,cn-beijing", measured=True, **cloud.keys
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "reached: cn-hangzhou, cn-beijing" in ended.stdout
    *checks, last = ended.stdout.splitlines()
    assert last == "Nothing to mend."
    # One line each, for who searches them.
    assert all(each.startswith(("ok ", "mend ")) and each == each.rstrip() for each in checks)
    assert not any(secret in ended.stdout for secret in cloud.keys.values())


def test_an_emulator_of_its_own_can_be_examined_in_chinese_and_in_a_terminal(tmp_path: Path) -> None:
    code, shown = in_a_terminal([SERVER, "doctor", "--emulator", "--lang", "zh", "--regions", "cn-hangzhou"], tmp_path)
    assert code == 0
    assert "本机模拟器" in shown
    assert "没有需要处理的问题" in shown
    # Of a list that is longer than a line, each name stands whole on one.
    lines = shown.splitlines()
    assert all(cell_len(line) <= 140 and not line.strip().startswith("、") for line in lines)
    names = re.compile(r"[a-z]+:[A-Z][A-Za-z]+")
    piped = run(tmp_path, "doctor", "--emulator", "--lang", "zh", "--regions", "cn-hangzhou", measured=False)
    assert names.findall(shown) == names.findall(piped.stdout) != []


@pytest.mark.parametrize(
    ("variables", "found", "to_do"),
    [
        ({}, "No Alibaba Cloud credentials were found", "Run `aliyun configure`"),
        (
            {"ALIBABA_CLOUD_ACCESS_KEY_ID": SECRET},
            "ALIBABA_CLOUD_ACCESS_KEY_ID is set, ALIBABA_CLOUD_ACCESS_KEY_SECRET is not.",
            "Run `aliyun configure`",
        ),
        (
            {"ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET},
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET is set, ALIBABA_CLOUD_ACCESS_KEY_ID is not.",
            "Run `aliyun configure`",
        ),
        (keys("TESTsomebody"), "is a test key", "Name the emulator with --endpoint"),
    ],
    ids=["no credentials", "half a key", "the other half", "a test key and no endpoint"],
)
def test_what_has_to_be_mended_ends_with_1_and_says_what_to_do(
    variables: dict[str, str], found: str, to_do: str, tmp_path: Path
) -> None:
    ended = doctor(tmp_path, measured=True, **variables)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "the cloud, over public endpoints" in ended.stdout
    assert found in ended.stdout
    assert f"To do: {to_do}" in ended.stdout
    assert ended.stdout.splitlines()[-1].startswith("To mend: credentials.")


@pytest.mark.parametrize("verb", ["doctor", "verify-cloud"])
def test_an_emulator_wants_the_keys_that_it_printed(verb: str, cloud: RunningEmulator, tmp_path: Path) -> None:
    ended = run(tmp_path, verb, "--endpoint", cloud.url)
    told = ended.stdout + ended.stderr
    assert ended.returncode == 1
    assert say("do_emulator_keys") in told
    assert "aliyun configure" not in told


def test_chinese_sentences_follow_each_other_without_a_space(tmp_path: Path) -> None:
    doctor_said = doctor(tmp_path, "--lang", "zh").stdout
    assert doctor_said.splitlines()[-1].startswith("需要处理：凭证。未知：")
    assert "凭证。在终端运行" in run(tmp_path, "verify-cloud", "--lang", "zh").stderr


@pytest.mark.parametrize(
    ("below", "more", "code", "told"),
    [
        ("a_file", (), 1, "NotADirectoryError). Give a folder of yours with --state-dir."),
        ("new", (), 0, "can be written"),
        ("a_file", ("--read-only",), 0, ""),
    ],
    ids=["cannot be written", "can be written", "is not needed"],
)
def test_the_folder_of_the_journal_is_examined_as_a_server_opens_it_and_nothing_is_left_there(
    below: str, more: tuple[str, ...], code: int, told: str, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "a_file").touch()
    arguments = ["--json", "--emulator", "--state-dir", str(tmp_path / below / "folder"), *more]
    ended = doctor(tmp_path / "home", *arguments, "--regions", "cn-hangzhou", measured=True)
    lines = [check["found"] for check in json.loads(ended.stdout)["checks"] if check["name"] == "journal"]
    assert (ended.returncode, len(lines)) == (code, 1 if told else 0)
    assert all(told in line and str(tmp_path / below / "folder") in line and "sent" not in line for line in lines)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a_file", "home"]


def test_a_user_without_a_home_is_told_to_name_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(verb="doctor", endpoint="http://127.0.0.1:1", regions=("cn-hangzhou",), lang="zh")
    assert doctor_itself(settings, None) == 1
    assert "请用 --state-dir 指定您自己的目录" in capsys.readouterr().out


def test_json_holds_the_same_and_an_unknown_key_has_words_of_its_own(cloud: RunningEmulator, tmp_path: Path) -> None:
    ended = doctor(tmp_path, "--json", "--endpoint", cloud.url, measured=True, **keys("TESTunknown"))
    assert (ended.returncode, ended.stderr) == (1, "")
    told = json.loads(ended.stdout)
    assert told["note"].startswith("To mend: credentials.")
    (credentials,) = (check for check in told["checks"] if check["name"] == "credentials")
    assert credentials["state"] == "mend"
    assert credentials["what_to_do"].startswith("The service does not know this access key")
    assert "TESTunknown" not in ended.stdout


@pytest.mark.parametrize(
    "arguments", [["--regions", "atlantis"], ["--endpoint", "http://example.com:80"]], ids=" ".join
)
def test_wrong_use_ends_with_2_and_prints_nothing(arguments: list[str], tmp_path: Path) -> None:
    ended = doctor(tmp_path, *arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines()[0].startswith("pai-dsw-mcp: ")


@pytest.mark.parametrize(("encoding", "arguments"), [("ascii", ()), ("cp1252", ("--json",))])
def test_stdout_of_any_encoding_takes_every_text(encoding: str, arguments: tuple[str, ...], tmp_path: Path) -> None:
    given = ("doctor", "--emulator", "--lang", "zh", "--regions", "cn-hangzhou", *arguments)
    told = run(tmp_path, *given, command=INSTALLED_SERVER, PYTHONIOENCODING=encoding)
    assert (told.returncode, told.stderr) == (0, "")
    note = "没有需要处理的问题。"
    if arguments:
        assert json.loads(told.stdout)["note"] == note
    else:
        assert told.stdout.splitlines()[-1] == note.encode("ascii", "backslashreplace").decode()


def test_a_line_ends_where_a_reader_expects_it() -> None:
    def lines(text: str, width: int) -> list[str]:
        return list(wrapped(text, width))

    assert lines("可连通：cn-hangzhou、cn-beijing", 22) == ["可连通：cn-hangzhou、", "cn-beijing"]
    assert lines("没有需要处理的问题（未知）。", 12) == ["没有需要处理", "的问题（未", "知）。"]
    assert lines("one two three\nfour", 9) == ["one two", "three", "four"]
    assert lines("a" * 12, 5) == ["aaaaa", "aaaaa", "aa"]
    assert lines("", 5) == [""]
