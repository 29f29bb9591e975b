"""Durations as people say them."""

from typing import Final

from pai_dsw_mcp.texts.text import Language, Text

_MINUTES: Final = {"day": 1440, "hour": 60, "minute": 1}
_ONE: Final = {"day": Text("1 day", "1 天"), "hour": Text("1 hour", "1 小时"), "minute": Text("1 minute", "1 分钟")}
_MORE: Final = {
    "day": Text("{} days", "{} 天"),
    "hour": Text("{} hours", "{} 小时"),
    "minute": Text("{} minutes", "{} 分钟"),
}
_NONE: Final = Text("less than a minute", "不到 1 分钟")


def duration(seconds: float, language: Language) -> str:
    """The two largest units: "50 minutes", "2 hours 5 minutes", "3 days"."""
    left, said = round(seconds / 60), list[str]()
    for unit, minutes in _MINUTES.items():
        count, rest = divmod(left, minutes)
        # Next to days nobody counts minutes.
        if count and not (unit == "minute" and seconds >= 86400):
            text = _ONE[unit] if count == 1 else _MORE[unit]
            said.append((text.zh if language == "zh" else text.en).format(count))
        left = rest
    return " ".join(said) or (_NONE.zh if language == "zh" else _NONE.en)
