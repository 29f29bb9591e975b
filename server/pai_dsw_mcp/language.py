"""The language of a person's locale. Imports nothing, because it is asked for before anything is imported."""

from collections.abc import Mapping
from typing import Literal


def language_of(environ: Mapping[str, str]) -> Literal["en", "zh"]:
    """Chinese for a Chinese locale, else English."""
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"
