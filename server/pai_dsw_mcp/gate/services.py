"""What tools and gate share for the life of a server."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import anyio
from mcp.server.mcpserver import Context

from pai_dsw_mcp.approval.card_secrets import CardSecrets
from pai_dsw_mcp.approval.page import Links
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.gate.turns import Turns
from pai_dsw_mcp.journal.records import Channel
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.model.limits import NO_RATES, Limits, Rates
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.model.second_person import SecondPerson
from pai_dsw_mcp.model.wait import Waits
from pai_dsw_mcp.private_values import PrivateValues
from pai_dsw_mcp.settings import ApproveMode
from pai_dsw_mcp.texts.text import Language

_CHANNELS: Final[dict[ApproveMode, frozenset[Channel]]] = {
    "auto": frozenset({"form", "page", "terminal"}),
    "form": frozenset({"form"}),
    "page": frozenset({"page", "terminal"}),
    "card": frozenset({"form", "page", "card", "terminal"}),
    "terminal": frozenset({"terminal"}),
    "chat": frozenset({"chat", "terminal"}),
}
_OVER_HTTP: Final[dict[ApproveMode, frozenset[Channel]]] = {
    "auto": frozenset({"form", "http_page", "second_person"}),
    "form": frozenset({"form", "second_person"}),
    "page": frozenset({"http_page", "second_person"}),
}
"""Whoever has a terminal or a chat there is not whoever asks."""


@dataclass(slots=True)
class Services:
    """The cloud, the journal, the page, and how this server was told to ask. Times are in seconds.

    `form_patience`: after which a form counts as unanswered; `patience`: the wait for another process's open write;
    `settle`: after which a create whose instance never appeared counts as lost. `approve_command` is what a person
    types to answer in a terminal. `private` are the values of the operator's files.
    `terminal_answers`: whether `pai-dsw-mcp approve` may answer what this server asks.
    `owner_claim`: the claim of a token with the cloud user id that owns what is created.
    `card_clients`: the names of the clients on whose cards a person may answer.
    `account_patience`: how long an approval waits for the name of the account.
    `accounts`: what was found of it, masked, and when it was asked for, by principal.
    `points`: the permission points of a principal in a workspace of a region, and when they were asked for.
    `turns`: equal calls in one conversation show one form after the other, and the first answer is that of all.
    """

    cloud: Cloud
    journal: Journal
    page: Links
    approve: ApproveMode = "auto"
    card_clients: frozenset[str] = frozenset()
    card_secrets: CardSecrets = field(default_factory=CardSecrets)
    language: Language = "en"
    approve_command: str = "pai-dsw-mcp approve"
    terminal_answers: bool = True
    cost_line: float = 50.0
    second_person: SecondPerson | None = None
    owner_claim: str | None = None
    private: PrivateValues = field(default_factory=PrivateValues)
    limits: Limits = field(default_factory=Limits)
    rates: Rates = NO_RATES
    form_patience: float = 50.0
    settle: float = 600.0
    write_deadline: float = 40.0
    patience: float = 5.0
    account_patience: float = 3.0
    now: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[object]] = anyio.sleep
    waits: Waits = field(default_factory=Waits)
    accounts: dict[str, tuple[str | None, float]] = field(default_factory=dict[str, tuple[str | None, float]])
    points: dict[tuple[str, str, str], tuple[frozenset[str] | None, float]] = field(
        default_factory=dict[tuple[str, str, str], tuple[frozenset[str] | None, float]]
    )
    turns: Turns = field(default_factory=Turns)
    connections: int = 0

    @property
    def page_channel(self) -> Channel:
        """What a yes on the page of this server comes through."""
        return "page" if self.terminal_answers else "http_page"

    def needs_second_person(self, change: Change) -> bool:
        """Whether only another person than who asks may approve it."""
        return self.second_person is not None and self.second_person.is_needed_for(change)

    def channels_for(self, change: Change) -> frozenset[Channel]:
        """The channels whose approvals of it this server accepts; others on the same journal may accept others."""
        if self.needs_second_person(change):
            return frozenset({"second_person"})
        if self.terminal_answers:
            return _CHANNELS[self.approve]
        return _OVER_HTTP[self.approve]


ToolContext: TypeAlias = Context[Services, Any]


def client_of(context: ToolContext) -> str | None:
    """What the client calls itself, with its version: its own words, for the person and the audit."""
    params = context.session.client_params
    return sanitize(f"{params.client_info.name} {params.client_info.version}", 120) if params else None


def services_of(context: ToolContext) -> Services:
    """The services of the server that this call belongs to."""
    return context.request_context.lifespan_context
