"""What people see on the approval page while the database of the servers is away."""

from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread

from pai_dsw_mcp.flag_values import address
from tests.approval.changes_to_show import create_cpu
from tests.http.browser import HOST, browser, token_in
from tests.http.provider import AUDIENCE, CLIENT, Provider
from tests.http.site import ANY_PORT, serving
from tests.http.test_http_page import waiting
from tests.support.desk import make_desk
from tests.support.postgres import Cluster
from tests.support.steering import Steering

pytestmark = pytest.mark.anyio


async def test_a_database_that_is_away_is_told_in_plain_words(
    steering: Steering, tmp_path: Path, idp: Provider, postgres: Cluster
) -> None:
    signed_in: dict[str, Any] = {"oidc_issuer": idp.issuer, "oidc_audience": AUDIENCE, "oidc_client_id": CLIENT}
    desk = make_desk(
        steering, tmp_path, postgres=postgres, http=address(ANY_PORT), allow_host=(HOST,), lang="en", **signed_in
    )
    async with serving(desk) as site, browser(site) as ada:
        link = await waiting(site, idp, create_cpu())
        token = token_in((await ada.open(link))[1])
        await to_thread.run_sync(postgres.stop)
        try:
            shown = await ada.open(link)
            sent = await ada.send(link, decision="approve", token=token)
            chinese = await ada.open(f"{link}?lang=zh")
        finally:
            await to_thread.run_sync(postgres.start)
        for status, html in (shown, sent):
            assert (status, "cannot be reached at the moment" in html, "OperationalError" in html) == (503, True, False)
        assert (chinese[0], "暂时无法读取审批记录" in chinese[1]) == (503, True)
    assert postgres.ask("SELECT state FROM pai_dsw_mcp.approvals") == [("waiting",)]
