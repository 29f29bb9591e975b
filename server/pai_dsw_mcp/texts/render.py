"""Puts a sentence into words, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Final

from pai_dsw_mcp.model.change import Sentence
from pai_dsw_mcp.texts import (
    advanced,
    approval,
    audit,
    cards,
    changes,
    demo,
    diagnosis,
    errors,
    hints,
    journal,
    monitoring,
    prompts,
    quotas,
    reading,
    refusals,
    results,
    sources,
    verify,
    verify_report,
    workspaces,
)
from pai_dsw_mcp.texts.text import Language, Text

FILES: Final = (
    errors,
    hints,
    changes,
    approval,
    journal,
    audit,
    cards,
    results,
    sources,
    refusals,
    reading,
    quotas,
    advanced,
    demo,
    diagnosis,
    prompts,
    monitoring,
    verify,
    verify_report,
    workspaces,
)
CATALOGUE: Final[Mapping[str, Text | str]] = {key: text for file in FILES for key, text in file.TEXTS.items()}
"""Every text by its key. What only a model reads is English alone, a plain string. Keys are unique over all files."""


def render(sentence: Sentence, language: Language = "en") -> str:
    """The sentence in words.

    Raises:
        KeyError: The key or one of its values is missing: a mistake of the caller, caught by the tests.
    """
    text = CATALOGUE[sentence.key]
    words = text if isinstance(text, str) else text.zh if language == "zh" else text.en
    return words.format_map(sentence.values)


def say(key: str, language: Language = "en", /, **values: object) -> str:
    """Shorthand of `render` for a text that is put into words where it is chosen."""
    return render(Sentence(key=key, values={name: str(value) for name, value in values.items()}), language)


def paragraph(sentences: Iterable[str], language: Language) -> str:
    """The sentences one after the other; in Chinese there is no space between them."""
    return ("" if language == "zh" else " ").join(sentences)


def for_quota(key: str) -> str:
    """The key of what is said instead of an instance on a resource quota; the same key where nothing else is said."""
    other = f"{key}_on_quota"
    return other if other in CATALOGUE else key
