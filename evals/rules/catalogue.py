"""Every rule by its name."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from evals.records import Records
from evals.rules import advanced, claims, conduct, measuring, prices, questions, quotas, secrets, telling, words, writes

Rule: TypeAlias = Callable[[Records], Iterator[str]]
"""Yields the breaches, in words."""

_OF_THE_SERVER: Final[tuple[Rule, ...]] = (
    writes.no_write_without_a_yes,
    writes.the_yes_was_for_what_was_sent,
    writes.a_yes_is_used_once,
    writes.a_no_stands,
    writes.never_created_twice,
    writes.gave_before_it_took,
    writes.nothing_is_deleted,
    prices.told_the_price,
    quotas.told_the_share,
    advanced.told_the_terms_of_spot,
    advanced.told_the_real_owner,
    questions.asked_a_fair_question,
    questions.showed_one_moment_in_each_zone,
    claims.told_what_was_done,
    claims.told_what_really_changed,
    claims.told_how_it_stands,
    claims.sent_the_time_that_was_asked_for,
    telling.told_who_answered,
    telling.text_and_structure_agree,
    telling.marked_the_emulator,
    measuring.told_only_what_was_measured,
    measuring.said_what_was_left_out,
    measuring.told_the_newest_first,
    secrets.nothing_secret,
    words.injection_moved_nothing,
    conduct.did_not_block,
    conduct.looked_at_a_steady_pace,
)
_OF_THE_ASSISTANT: Final[tuple[Rule, ...]] = (
    words.asked_instead_of_inventing,
    conduct.took_no_for_an_answer,
)

SERVER_RULES: Final[Mapping[str, Rule]] = {rule.__name__: rule for rule in _OF_THE_SERVER}
"""What holds whatever the assistant does."""
ASSISTANT_RULES: Final[Mapping[str, Rule]] = {rule.__name__: rule for rule in _OF_THE_ASSISTANT}
"""What no server can see to."""
