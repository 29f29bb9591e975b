"""Only the exact word, and the exact name where it is asked for, are a yes."""

import pytest

from pai_dsw_mcp.approval.decision import Decision, judge
from tests.approval.changes_to_show import create_a10, create_cpu


def test_the_word_is_a_yes_where_a_click_is_enough() -> None:
    assert judge(create_cpu(), decision="approve", instance_name=None, feedback=None) == Decision(approve=True)


def test_the_word_and_the_name_are_a_yes_where_the_name_is_asked_for() -> None:
    yes = judge(create_a10(), decision="approve", instance_name="llm_finetune_a10", feedback="")
    assert yes == Decision(approve=True)


@pytest.mark.parametrize("name", [None, "", "llm_finetune_a1", "LLM_FINETUNE_A10", " llm_finetune_a10", "approve"])
def test_another_name_is_no_yes(name: str | None) -> None:
    answer = judge(create_a10(), decision="approve", instance_name=name, feedback="go")
    assert (answer.approve, answer.problem, answer.feedback) == (False, "wrong_name", "go")


@pytest.mark.parametrize("decision", [None, ""])
def test_an_empty_answer_is_no_yes(decision: str | None) -> None:
    answer = judge(create_cpu(), decision=decision, instance_name="notes", feedback=None)
    assert (answer.approve, answer.problem) == (False, "empty")


@pytest.mark.parametrize("decision", ["reject", "Approve", "approve ", "yes", "true", "1", "approved"])
def test_any_other_word_is_a_no(decision: str) -> None:
    assert judge(create_cpu(), decision=decision, instance_name="notes", feedback=None) == Decision(approve=False)


def test_feedback_is_one_plain_line_of_limited_length() -> None:
    answer = judge(create_cpu(), decision="reject", instance_name=None, feedback="use\n an\u202e A10 " + "x" * 2000)
    assert answer.feedback is not None
    assert answer.feedback.startswith("use an A10 xxx")
    assert len(answer.feedback) == 1000
