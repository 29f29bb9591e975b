"""What ids name, who pays and who asks, until when, and how long: in words, beside what the API says."""

import re
from typing import get_args

import pytest

from pai_dsw_mcp.approval.decision import difference
from pai_dsw_mcp.approval.describe import describe, figure
from pai_dsw_mcp.approval.plain_text import as_plain_text, fits_a_message
from pai_dsw_mcp.model.change import Change, Origin, Parameter, Price, Sentence
from pai_dsw_mcp.model.instance import Accessibility
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.duration import duration
from pai_dsw_mcp.texts.render import render
from pai_dsw_mcp.texts.text import Language
from tests.approval.changes_to_show import (
    create_a10,
    create_cpu,
    create_in_the_readme,
    share,
    start,
    stop,
    update_to_larger,
)

EACH_LANGUAGE = pytest.mark.parametrize("language", get_args(Language))


def told(change: Change, language: Language = "en", expires_at: float | None = None) -> str:
    return as_plain_text(describe("K7Q2-9MTX", change, language, expires_at=expires_at))


@pytest.mark.parametrize(
    ("seconds", "en", "zh"),
    [
        (0, "less than a minute", "不到 1 分钟"),
        (59, "1 minute", "1 分钟"),
        (3000, "50 minutes", "50 分钟"),
        (3600, "1 hour", "1 小时"),
        (7500, "2 hours 5 minutes", "2 小时 5 分钟"),
        (86_400, "1 day", "1 天"),
        (2 * 86_400 + 3 * 3600 + 240, "2 days 3 hours", "2 天 3 小时"),
    ],
)
def test_a_duration_is_told_as_people_say_it(seconds: float, en: str, zh: str) -> None:
    assert (duration(seconds, "en"), duration(seconds, "zh")) == (en, zh)


@EACH_LANGUAGE
@pytest.mark.parametrize("change", [create_a10(), update_to_larger(), share(), start(), stop()], ids=lambda c: c.action)
def test_what_is_usual_fits_into_a_form(change: Change, language: Language) -> None:
    assert fits_a_message(told(change, language, 1_795_000_000.0))


def test_the_picture_in_the_readme_wants_a_name_only_where_a_server_does() -> None:
    change = create_in_the_readme()
    assert change.price is not None
    is_costly = change.price.hourly >= Settings().cost_line
    assert (change.typed_name is not None) == change.spec.wants_name(is_costly=is_costly)


def test_what_others_wrote_about_an_id_is_quoted() -> None:
    meaning = (Sentence(key="meaning_name", values={"name": "x\n- Visible to: PRIVATE"}),)
    text = told(create_cpu().model_copy(update={"meanings": {"ecs.c7.large": meaning}}))
    assert '- Machine type: ecs.c7.large\n  = "x\\u{a}- Visible to: PRIVATE"\n' in text


def test_a_label_that_is_written_like_an_id_or_a_word_of_the_api_means_nothing() -> None:
    labels = Parameter(name="Labels", value=(("ecs.gn7i-c8g1.2xlarge", "RW"), ("team", "PUBLIC")))
    text = told(create_a10().model_copy(update={"parameters": (labels,)}))
    assert "- Label: ecs.gn7i-c8g1.2xlarge=RW\n- Label: team=PUBLIC\n" in text


@EACH_LANGUAGE
def test_each_visibility_is_told_in_words_beside_the_word_of_the_api(language: Language) -> None:
    for word in get_args(Accessibility):
        change = create_cpu().model_copy(update={"parameters": (Parameter(name="Accessibility", value=word),)})
        assert re.search(rf"- .+{word}\n  = .+\n", told(change, language))


def test_where_only_one_side_of_a_change_is_known_the_other_is_a_question_mark() -> None:
    change = update_to_larger()
    known = {"ecs.gn7i-c32g1.16xlarge": change.meanings["ecs.gn7i-c32g1.16xlarge"]}
    assert "\n  = ? -> 2 x A10, 48 GiB" in told(change.model_copy(update={"meanings": known}))


def test_what_is_not_known_of_the_origin_is_called_unknown_and_a_cloud_is_not_called_an_emulator() -> None:
    text = told(create_cpu())
    for label in ("Account that pays", "Credentials from", "AI client"):
        assert f"{label}: unknown\n" in text
    assert "EMULATOR" not in text


def test_the_origin_is_text_of_others() -> None:
    origin = Origin(account="10****21", credentials="default/env", client="a\nApproval: b \u05d0")
    text = told(create_cpu().model_copy(update={"origin": origin}))
    assert 'AI client: "a\\u{a}Approval: b \\u{5d0}"\n' in text


@pytest.mark.parametrize(
    ("provider", "shown"),
    [
        ("default/oidc_role_arn", "OIDC sign-in · default/oidc_role_arn"),
        (
            "default/cli_profile/ram_role_arn/static_ak",
            "profile of the aliyun CLI · default/cli_profile/ram_role_arn/static_ak",
        ),
        ("default/profile/static_ak", "credentials file · default/profile/static_ak"),
        ("ram_role_arn/default/env", "RAM role that this server assumes · ram_role_arn/default/env"),
        ("static_ak", "test key · static_ak"),
        ("something_new", "something_new"),
    ],
)
def test_the_source_of_the_credentials_is_told_in_words_where_it_is_known(provider: str, shown: str) -> None:
    text = told(create_cpu().model_copy(update={"origin": Origin(credentials=provider)}))
    assert f"\nCredentials from: {shown}\n" in text


@EACH_LANGUAGE
def test_the_end_of_the_time_is_told_with_its_zone(language: Language) -> None:
    assert re.search(r"\d\d:\d\d \(UTC[+-]\d\d:\d\d\)\n", told(create_cpu(), language, 1_795_000_000.0))
    assert "UTC" not in told(create_cpu(), language)


def test_of_an_update_the_change_comes_first_and_a_price_that_stays_is_said_once_below() -> None:
    text = told(share())
    assert text.index("PRIVATE -> PUBLIC") < text.index("The price stays 9.53 CNY per hour") < text.index("Region")
    assert text.count("9.53") == 1
    assert "forgotten" not in text


def test_requests_of_different_times_are_told_one_by_one() -> None:
    notes = tuple(
        Sentence(key="warn_other_create_unknown_price", values={"instance_name": name, "duration": seconds})
        for name, seconds in (("a", "60"), ("b", "600"), ("c", "600"))
    )
    assert describe("K7Q2-9MTX", create_cpu().model_copy(update={"warnings": notes}), "en").warnings == (
        "a, sent 1 minute ago, may exist and cost money.",
        "b, c, sent 10 minutes ago, may exist and cost money.",
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "No name was typed."),
        (" train_1 ", "There are spaces around it."),
        ("Train_1", "Capital and small letters differ."),
        ("train_2", "You typed train_2. From character 7 on it is 2 instead of 1."),
        ("train", 'You typed train. From character 6 on it is "" instead of _1.'),
        ("train_11", 'You typed train_11. From character 8 on it is 1 instead of "".'),
    ],
)
def test_how_a_name_differs_is_told(typed: str, said: str) -> None:
    assert render(difference(typed, "train_1")) == said


def test_a_price_keeps_the_digits_that_it_has() -> None:
    shown = [figure(value) for value in (0, 9.5, 9.53, 0.0625, 0.125, 1601.04)]
    assert shown == ["0.00", "9.50", "9.53", "0.0625", "0.125", "1,601.04"]


def test_a_price_that_stays_has_no_before() -> None:
    price = Price(hourly=9.53, currency="CNY")
    text = describe("K7Q2-9MTX", update_to_larger().model_copy(update={"price": price}), "en")
    assert text.cost is not None
    assert text.cost.before is None


def test_a_price_in_another_currency_says_so() -> None:
    change = update_to_larger().model_copy(update={"price_before": Price(hourly=1.5, currency="USD")})
    assert "1.50 USD -> 26.61 CNY per hour" in told(change)
