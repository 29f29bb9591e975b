"""`pai-dsw-mcp doctor` with the flags of a server for several people: what it says before anybody starts that."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from anyio import to_thread

from pai_dsw_mcp.commands.doctor import doctor
from pai_dsw_mcp.commands.team_checks import examine
from pai_dsw_mcp.journal.postgres_audit import Audit
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.tools._diagnosis import Found
from tests.http.provider import Provider
from tests.journal.journal_desk import private_file
from tests.support.postgres import Cluster
from tests.support.steering import Steering

pytestmark = pytest.mark.anyio

Checks: TypeAlias = dict[str, Found]


async def examined(**flags: Any) -> tuple[bool, Checks]:
    """Whether nothing has to be mended, and what is said of each."""
    found = await examine(Settings(verb="doctor", **flags))
    return all(state != "mend" for state, *_ in found.values()), found


async def test_what_is_said_of_them_stands_beside_the_rest_and_without_the_flags_nothing(
    steering: Steering, idp: Provider, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(verb="doctor", endpoint=steering.url, regions=("cn-hangzhou",), state_dir=tmp_path)
    idp.status = 500
    code = await to_thread.run_sync(doctor, replace(settings, oidc_issuer=idp.issuer, json=True), None)
    told = json.loads(capsys.readouterr().out)
    assert (code, told["note"]) == (1, "To mend: sign-in.")
    assert told["checks"][-1]["name"] == "sign_in"
    assert await examine(settings) == {}


async def test_an_identity_provider_must_answer_with_keys_that_count(idp: Provider) -> None:
    is_well, checks = await examined(oidc_issuer=idp.issuer)
    assert (is_well, checks["sign_in"][0]) == (True, "ok")
    assert "tokens: 1" in checks["sign_in"][1]
    idp.keys[0]["use"] = "enc"
    is_well, checks = await examined(oidc_issuer=idp.issuer)
    assert (is_well, checks["sign_in"][0]) == (False, "mend")
    assert checks["sign_in"][-1] == "do_signing_keys"
    idp.says_issuer = "http://127.0.0.1/other"
    is_well, checks = await examined(oidc_issuer=idp.issuer)
    assert (is_well, checks["sign_in"][0]) == (False, "mend")
    assert checks["sign_in"][-1] == "do_provider"


async def test_a_database_is_looked_at_and_nothing_is_made_in_it(postgres: Cluster, tmp_path: Path) -> None:
    place = {"database": postgres.url, "database_password_file": postgres.password_file}
    tables = "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = 'pai_dsw_mcp'"
    is_well, checks = await examined(**place)
    assert (is_well, checks["database"][0]) == (True, "ok")
    assert "version 0" in checks["database"][1]
    assert postgres.ask(tables) == [(0,)]
    postgres.journal().database.prepare()
    is_well, checks = await examined(**place)
    assert (is_well, list(checks)) == (True, ["database"])
    postgres.ask("UPDATE pai_dsw_mcp.migrations SET number = 1000 WHERE number = 5")
    is_well, checks = await examined(**place)
    assert (is_well, checks["database"][0]) == (False, "mend")
    assert "1000" in checks["database"][1]
    wrong = private_file(tmp_path / "wrong", "canary")
    is_well, checks = await examined(**{**place, "database_password_file": wrong})
    assert (is_well, checks["database"][0]) == (False, "mend")
    assert "canary" not in str(checks)


async def test_the_audit_key_must_be_that_of_the_servers(postgres: Cluster, tmp_path: Path) -> None:
    place: dict[str, Any] = {"database": postgres.url, "database_password_file": postgres.password_file}
    sealed = {
        "audit_key_file": private_file(tmp_path / "key", "k" * 32),
        "audit_checkpoint_file": tmp_path / "checkpoint",
    }
    is_well, checks = await examined(**place, **sealed)
    assert (is_well, checks["audit"]) == (True, ("unknown", say("found_audit_no_tables")))
    server = postgres.journal(audit=Audit(*sealed.values()))
    await server.time()
    is_well, checks = await examined(**place, **sealed)
    assert (is_well, checks["audit"][:2]) == (True, ("ok", say("found_audit_not_begun")))
    server.database.prepare()
    is_well, checks = await examined(**place, **sealed)
    assert (is_well, checks["audit"][:2]) == (True, ("ok", say("found_audit")))
    is_well, checks = await examined(**place)
    assert (is_well, checks["audit"][0]) == (False, "mend")
    assert "--audit-key-file" in checks["audit"][1]
    private_file(tmp_path / "key", "x" * 32)
    assert (await examined(**place, **sealed))[1]["audit"][0] == "mend"
    private_file(tmp_path / "key", "weak")
    is_well, checks = await examined(**place, **sealed)
    assert (is_well, list(checks)) == (False, ["audit"])
    assert "openssl" in checks["audit"][1]
