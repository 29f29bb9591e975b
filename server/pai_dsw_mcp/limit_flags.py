"""The flags of what a server may spend and where it may work. Read at every start, so it imports next to nothing."""

from collections.abc import Callable

from pai_dsw_mcp import flag_values


def add_limit_flags(flag: Callable[..., None]) -> None:
    """Adds them with `flag`, as the other flags are."""

    def limit(name: str, help_text: str, read: Callable[[str], object]) -> None:
        flag(name, help_text, type=read, default=None, shown="no limit")

    limit("max-hourly", "what all that runs may cost per hour, such as 100 or 100CNY", flag_values.money)
    limit("max-running", "how many instances may run", flag_values.whole)
    limit("max-gpus", "how many GPUs all that runs may have", flag_values.whole)
    limit("daily-budget", "what may be spent from midnight to midnight, such as 500 or 500CNY", flag_values.money)
    flag(
        "budget-timezone",
        "whose midnight that is, such as Asia/Shanghai",
        type=flag_values.timezone,
        default=None,
        shown="that of the machine",
    )
    flag(
        "regions",
        "the only regions that are read or changed, with commas, or ALL; doctor checks them",
        type=flag_values.regions,
        default=(),
        shown="all; doctor: a few",
    )
    flag(
        "workspaces",
        "ids of the only workspaces that are read or changed, with commas",
        type=flag_values.workspaces,
        default=(),
        shown="all",
    )
