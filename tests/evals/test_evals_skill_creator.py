"""The files for the skill-creator are those that the scenarios make, in both of its dialects."""

import json
from pathlib import Path

from evals.loading import HOME, scenarios
from evals.skill_creator import EVALS, TRIGGERS, as_file, skill_evals, trigger_evals, write

WRITE = "python -m evals.skill_creator"


def test_the_files_are_up_to_date(tmp_path: Path) -> None:
    write(tmp_path)
    for path in (EVALS, TRIGGERS):
        assert path.read_text(encoding="utf-8") == (tmp_path / path.name).read_text(encoding="utf-8"), WRITE


def test_every_eval_has_what_the_skill_creator_and_its_viewer_read() -> None:
    content = skill_evals()
    assert content["skill_name"] == "pai-dsw-mcp"
    assert [each["id"] for each in content["evals"]] == list(range(1, len(content["evals"]) + 1))
    for each in content["evals"]:
        assert each["prompt"]
        assert each["expected_output"]
        assert len(each["expectations"]) > 1
        assert each["expectations"] == each["assertions"]
        assert all((HOME.parent / path).is_file() for path in each["files"]), each["name"]


def test_every_good_assistant_is_an_eval() -> None:
    good = {each.id for each in scenarios() if each.assistant.character == "good"}
    assert {each["name"] for each in skill_evals()["evals"]} == good


def test_as_many_queries_trigger_as_do_not_in_both_languages() -> None:
    queries = trigger_evals()
    assert len({each["query"] for each in queries}) == len(queries)
    yes = [each["query"] for each in queries if each["should_trigger"]]
    no = [each["query"] for each in queries if not each["should_trigger"]]
    assert len(yes) == len(no) == len({each.family for each in scenarios()})
    for some in (yes, no):
        chinese = [query for query in some if any("\u4e00" <= letter <= "\u9fff" for letter in query)]
        assert len(some) // 3 <= len(chinese) <= len(some) // 2 + 1


def test_statements_say_what_is_expected() -> None:
    made = {each["name"]: each["expectations"] for each in skill_evals()["evals"]}
    assert made["wait-leads-nowhere"] == [
        "Nothing was changed: the cloud was sent no create, update, start or stop.",
        "The cloud was sent GetInstance once.",
        "The person was not asked to approve anything.",
        "The person was told 'does not become Running by itself', and it came from an answer of the server.",
        "Region and workspace came from the person, or from an answer that left no choice.",
    ]
    assert "The cloud was sent GetInstance at least 50 times and at most 60 times." in made["wait-is-given-up"]


def test_files_are_readable_json() -> None:
    assert json.loads(as_file(trigger_evals())) == trigger_evals()
