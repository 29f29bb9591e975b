"""Answers that say too much."""

import base64

from pai_dsw_mcp.errors import PaiDswError
from pai_dsw_mcp.texts.render import render, say
from pai_dsw_mcp.texts.text import Language
from pai_dsw_mcp.tools._projection import Shown
from pai_dsw_mcp.tools._rows import WorkspaceDetail
from pai_emulator.policy import users_from_seed


def explain_with_key(error: PaiDswError, language: Language = "en") -> str:
    """An error that repeats the credentials it failed with."""
    user = users_from_seed(0)[-1]
    return f"{render(error.sentence, language)} ({user.access_key_id}:{user.access_key_secret})"


def with_a_password(key: str, **values: object) -> str:
    """Adds what the notebook's own configuration holds."""
    coded = base64.b64encode(b"url?password=jupyter-secret-30001&x=1").decode()
    return f"{say(key, **values)} {coded}"


class Unmasked(WorkspaceDetail):
    """A workspace with the people in it."""

    creator: Shown | None = None
    owner_name: Shown | None = None
    admin_names: list[Shown] | None = None
